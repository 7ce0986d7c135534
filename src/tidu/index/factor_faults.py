"""What is wrong in an uncertain factor as far as the file alone tells: its kind, its keys, every address it names."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from tidu.core.address import Address, Change, quoted
from tidu.core.errors import SpecError, TiduError, UsageError, listing, nearest
from tidu.index.spec import FileTables, UncertainTable
from tidu.index.spec_faults import shown

#: What makes an uncertain factor; a table names exactly one.
FACTOR_KINDS = ("among", "spread", "simplex", "sets", "drop", "error", "imputation")
_KEYS_OF_FACTORS = {
    "address": ("among", "spread", "error"),
    "together": ("spread",),
    "absolute": ("error",),
    "concentration": ("simplex",),
    "draws": ("spread", "simplex", "error", "imputation"),
    "keep": ("among", "sets", "drop"),
}


def factor_kind(item: UncertainTable) -> list[str]:
    """The kinds that a factor's table names; exactly one when it is sound.

    >>> factor_kind(UncertainTable(spread=0.25, address="pillar.*.weight"))
    ['spread']
    """
    return [kind for kind in FACTOR_KINDS if getattr(item, kind) not in (None, False)]


def uncertain_faults(file: FileTables, name: str, item: UncertainTable) -> Iterator[TiduError]:
    """What is wrong in an uncertain factor as far as the file alone tells: its kind, its keys, and every address it names."""
    here = f"uncertain.{quoted(name)}"
    kinds = factor_kind(item)
    if len(kinds) != 1:
        yield SpecError("factor_kind", address=here, found=listing(kinds) or "–", known=listing(FACTOR_KINDS))
        return
    kind = kinds[0]
    for key, allowed in _KEYS_OF_FACTORS.items():
        if key in item.model_fields_set and kind not in allowed:
            yield SpecError("factor_key", address=f"{here}.{key}", key=key, kind=kind, allowed=listing(allowed))
    if kind == "among":
        yield from _among_faults(file, here, item)
    elif kind in ("spread", "error"):
        if item.address is None:
            yield SpecError("missing_key", address=f"{here}.address", key="address", parent=here)
        elif kind == "spread":
            yield from _weight_faults(file, f"{here}.address", item.address, "weight")
        else:
            yield from _cell_faults(f"{here}.address", item.address)
        if isinstance(item.error, float) and not (item.error > 0 and (item.absolute or item.error < 1)):
            limit = "> 0" if item.absolute else "> 0, < 1"
            yield SpecError("out_of_range", address=f"{here}.error", value=shown(item.error), limit=limit)
    elif kind == "simplex":
        nodes = [file.index.code, *file.pillar]
        if item.simplex not in nodes:
            guess = nearest(str(item.simplex), nodes)
            yield SpecError("unknown_node", address=f"{here}.simplex", name=item.simplex, known=listing(nodes), did_you_mean=guess)
    elif kind == "sets":
        for at, one in enumerate(item.sets or ()):
            if one not in file.weight_set:
                guess, known = nearest(one, file.weight_set), listing(file.weight_set) or "–"
                yield SpecError("weight_set_unknown", address=f"{here}.sets[{at}]", set=one, known=known, did_you_mean=guess)
        if not item.sets:
            yield SpecError("list_empty", address=f"{here}.sets")
    elif kind == "drop":
        yield from _weight_faults(file, f"{here}.drop", str(item.drop), None)


def _among_faults(file: FileTables, here: str, item: UncertainTable) -> Iterator[TiduError]:
    options = item.among or ()
    if len(options) + (item.keep is True) < 2:
        yield SpecError("factor_alternatives", address=f"{here}.among", found=len(options))
    for at, option in enumerate(options):
        if option.value is not None:
            if item.address is None:
                yield SpecError("missing_key", address=f"{here}.address", key="address", parent=here)
                return
            continue
        if "changes" not in option.model_fields_set:
            yield SpecError("missing_key", address=f"{here}.among[{at}].changes", key="changes", parent=f"{here}.among[{at}]")
        for text in option.changes:
            try:
                yield from _place_faults(file, f"{here}.among[{at}]", Change.parse(text).address)
            except UsageError as error:
                error.address = f"{here}.among[{at}]"
                yield error
    if item.address is not None:
        address = _parsed(item.address)
        if isinstance(address, TiduError):
            address.address = f"{here}.address"
            yield address
        else:
            yield from _place_faults(file, f"{here}.address", address)


def _parsed(text: str) -> Address | TiduError:
    try:
        return Address.parse(text)
    except UsageError as error:
        return error


def _place_faults(file: FileTables, at: str, address: Address) -> Iterator[TiduError]:
    """One fault when an address of a change leads nowhere in the file: its table, its entry."""
    head, *rest = address.parts
    tables = [key for key in type(file).model_fields if key not in ("extends", "uncertain")]
    if address.root != "spec":
        yield SpecError("factor_address", address=at, named=str(address), known=listing(tables, 20))
        return
    if head not in tables:
        guess = nearest(head, tables)
        whole = None if guess is None else ".".join(quoted(part) for part in (guess, *rest))
        yield SpecError("factor_address", address=at, named=str(address), known=listing(tables, 20), did_you_mean=whole)
        return
    entries = getattr(file, head)
    if isinstance(entries, dict) and rest and not any(fnmatchcase(code, rest[0]) for code in entries):
        guess = nearest(rest[0], entries)
        whole = None if guess is None else ".".join(quoted(part) for part in (head, guess, *rest[1:]))
        yield SpecError("factor_address", address=at, named=str(address), known=listing(entries) or "–", did_you_mean=whole)


def _weight_faults(file: FileTables, at: str, text: str, last: str | None) -> Iterator[TiduError]:
    """One fault unless a text names nodes (``pillar.*``), with ``.weight`` behind it where that is asked for."""
    address = _parsed(text)
    if isinstance(address, TiduError):
        address.address = at
        yield address
        return
    parts = address.parts
    if parts[0] not in ("pillar", "indicator") or len(parts) != (2 if last is None else 3) or (last and parts[-1] != last):
        wanted = "pillar.NAME, indicator.*" if last is None else "pillar.NAME.weight, indicator.*.weight"
        guess = nearest(text, [f"{kind}.*" + (f".{last}" if last else "") for kind in ("pillar", "indicator")])
        yield SpecError("factor_nodes", address=at, named=text, wanted=wanted, did_you_mean=guess)
    else:
        yield from _place_faults(file, at, address)


def _cell_faults(at: str, text: str) -> Iterator[TiduError]:
    address = _parsed(text)
    if isinstance(address, TiduError):
        address.address = at
        yield address
    elif address.root != "data":
        yield SpecError("factor_cells", address=at, named=text)
