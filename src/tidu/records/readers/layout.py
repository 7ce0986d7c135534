"""What a profile says of a list, as the engine's work: which cells of its lines make which rows of the canonical tables.

``raw`` (record, c0, c1, …) and, row by row beside it, ``places`` (line, byte) become ``source``, ``lined`` (cells cleared, key,
filing date) and the staged tables.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator, Mapping, Sequence

from tidu.core.words import word
from tidu.engine import named, quoted
from tidu.records.profiles import Group, Profile
from tidu.records.schema import TABLES
from tidu.records.staging import Staging
from tidu.records.text import folded


def mapped(profile: Profile, heads: Sequence[str], staging: Staging, guarded: bool) -> None:
    """Makes ``source`` and the staged tables of a profile out of ``raw``.

    In a ``guarded`` list an apostrophe stands before cells that begin like a formula; it is taken off.
    """
    place = profile.place(heads)
    formats = _array(profile.dates)
    missing = quoted("|".join(map(re.escape, profile.missing)))
    used = sorted({place[one] for group in profile.groups for one in group.known if one in place})
    told = ", ".join(f"coalesce(c{at}, '')" for at in used)
    same = " and ".join(f"coalesce(c{at}, '') = {quoted(head)}" for at, head in enumerate(heads) if head.strip()) or "false"
    run = staging.engine.execute
    if profile.letters:
        run(f"set variable letters = map {{{', '.join(f'{quoted(name)}: {quoted(letter)}' for name, letter in _letters())}}}")
    run(f"create table again as select record from raw where {same}")
    bare = (
        ", ".join(f"regexp_replace(c{at}, '^''(''*[=+\\-@\\t\\r])', '\\1') as c{at}" for at in range(len(heads))) if guarded else ""
    )
    again, last = (
        int(count) for count in run("select (select count(*) from again), coalesce(max(record), 0) from raw").fetchall()[0]
    )
    if again:
        run(f"set variable again = (select bitstring_agg(record, 0, {last}) from again)")
    once = " where get_bit(getvariable('again'), cast(record as integer)) = 0" if again else ""
    run(f"create view every as select * replace ({', '.join(filter(None, (bare, _fault(profile, place) + ' as fault')))}) from raw")
    run(f"create view marked as from every{once}")
    digests, target = (quoted(str(staging.folder / f"{name}.parquet")) for name in ("digests", "source"))
    run(
        "copy (select record, fault,"
        f" md5_number(coalesce(fault || cast(record as varchar), '') || concat_ws(chr(31), {told})) as digest from every)"
        f" to {digests} (format parquet, compression lz4)"
    )
    run(
        f"copy (select record, line, byte, fault, digest from {digests} positional join places{once})"
        f" to {target} (format parquet, compression lz4)"
    )
    run(f"create view source as from {target}")
    staging.blank += again
    key, printed = _key(profile, place, formats, missing)
    filed = _filed(profile, place, formats, missing)
    cells = ", ".join(f"plain(c{at}, {missing}) as c{at}" for at in used)
    target = quoted(str(staging.folder / "lined.parquet"))
    run(
        f"copy (select *, {key} as key from (select *, {filed} as filed from"
        f" (select {', '.join(filter(None, ('record', cells)))} from marked where fault is null)))"
        f" to {target} (format parquet, compression lz4)"
    )
    run(f"create view lined as select * from {target}")
    made: dict[str, list[str]] = {}
    chinese = profile.numbers == "chinese"
    for group in profile.groups:
        at = _places(group, place)
        if at or group.joined:
            told_by = _told_by_publication(profile, place, formats, missing) if group.table == "patent" and chinese else {}
            query = _rows(group, at, place, formats, missing, printed, told_by, {key: "key", filed: "filed"})
            only = group.only or (("symbol",) if group.table == "class" and "symbol" in group.pattern else ())
            if only:
                query = f"select * from ({query}) where " + " and ".join(f"{named(one)} is not null" for one in only)
            made.setdefault(group.table, []).append(query)
    for table, queries in made.items():
        run(f"create view staged_{table} as " + " union all ".join(queries))
        staging.tables.append(table)


def _letters() -> Iterator[tuple[str, str]]:
    """Names of letters as they stand in text, and the letters."""
    return ((f"&{name}", letter) for name, letter in html.entities.html5.items() if name.endswith(";"))


def _text(cell: str, missing: str) -> str:
    """The expression of what a cell says; those of a line (c0, c1, …) are cleared when it is lined."""
    return cell if re.fullmatch(r"c\d+", cell) else f"plain({cell}, {missing})"


def _array(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(quoted, texts)) + "]"


def _places(group: Group, place: dict[str, int]) -> dict[str, int]:
    """Canonical column of a group → the cell that holds it, where the file has one of its headings."""
    found = {
        column: next((place[folded(one)] for one in names if folded(one) in place), None)
        for column, names in group.headings.items()
    }
    return {column: at for column, at in found.items() if at is not None}


def _key(profile: Profile, place: dict[str, int], formats: str, missing: str) -> tuple[str, bool]:
    """The expression of a record's key, and whether the file prints one.

    Where it prints none the key is a hash of title, applicants and filing date, all of which must be there.
    """
    cells: dict[str, int] = {}
    for group in profile.groups:
        at = _places(group, place)
        if group.table == "patent" and "appno" in at and (profile.numbers != "chinese" or "appno" in group.prefix):
            return _cell(group, "appno", f"c{at['appno']}", formats, missing), True
        if group.table in ("patent", "contract"):
            cells |= {name: at[name] for name in ("appno", "number", "title", "filing") if name in at}
        elif group.table == "party" and group.fixed.get("role") == "applicant" and "name" in at:
            cells["applicant"] = at["name"]
    for printed in ("appno", "number"):
        if printed in cells:
            text = f"c{cells[printed]}"
            return (f"number_of({text})" if printed == "appno" else text), True
    if not {"title", "applicant", "filing"} <= set(cells):
        return "cast(null as varchar)", False
    title, applicant, filing = (f"c{cells[name]}" for name in ("title", "applicant", "filing"))
    return f"'P:' || md5({title} || chr(31) || {applicant} || chr(31) || iso({filing}, {formats}))", False


def _filed(profile: Profile, place: dict[str, int], formats: str, missing: str) -> str:
    """The expression of a line's filing date; nothing where it has none."""
    for group in profile.groups:
        at = _places(group, place)
        if group.table == "patent" and "filing" in at:
            return _bounded(group, _cell(group, "filing", f"c{at['filing']}", formats, missing), place)
    return "cast(null as varchar)"


def _bounded(group: Group, day: str, place: dict[str, int]) -> str:
    """The expression of a date whose century the year under a heading tells."""
    return f"bounded({day}, c{place[folded(group.until)]})" if group.until and folded(group.until) in place else day


def _fault(profile: Profile, place: dict[str, int]) -> str:
    """The expression of what is wrong with a line; the rows that a template brings are told by their mark."""
    at = next((place[folded(one)] for one in profile.example if folded(one) in place), None)
    if at is None:
        return "fault"
    marks = [word(key, lang) for key in ("template_note", "template_example") for lang in ("zh", "en")]
    return f"coalesce(fault, case when list_contains({_array(marks)}, bared(c{at})) then 'template_row' end)"


def _told_by_publication(profile: Profile, place: dict[str, int], formats: str, missing: str) -> dict[str, str]:
    """Where a line is a publication and no heading says when it was granted: a kind of a granted patent says it by its day."""
    for group in profile.groups:
        at = _places(group, place)
        if group.table == "publication" and not group.split and {"kind", "published"} <= set(at):
            kind, day = (_cell(group, name, f"c{at[name]}", formats, missing) for name in ("kind", "published"))
            return {"granted": f"case when stage_of({kind}, {day}) = 'granted' then {day} end"}
    return {}


def _cell(
    group: Group,
    name: str,
    cell: str,
    formats: str,
    missing: str,
    factor: float = 1,
) -> str:
    """The expression of a canonical column whose text stands in a cell."""
    text = _text(cell, missing)
    if group.letters and name.startswith("name"):
        text = f"lettered({text})"
    if name == "earliest_priority" and group.numbers != "chinese":
        days = (
            f"list_transform(regexp_extract_all({text}, {quoted(group.pattern.get(name, '(.+)'))}, 1), lambda y: iso(y, {formats}))"
        )
        return f"list_min({days})"
    if name in group.form:
        whole = f"regexp_replace({text}, {quoted(group.pattern[name])}, {quoted(group.form[name])})"
        text = f"case when regexp_matches({text}, {quoted(group.pattern[name])}) then {whole} else {text} end"
    elif name in group.pattern:
        text = f"nullif(regexp_extract({text}, {quoted(group.pattern[name])}, 1), '')"
    if name in group.values:
        cases = " ".join(f"when {quoted(printed)} then {quoted(own)}" for printed, own in group.values[name].items())
        text = f"case {text} {cases} else {text} end"
    if name in group.shift:
        text = f"cast(try_cast({text} as bigint) + {group.shift[name]} as varchar)"
    if name in group.prefix:
        return f"{quoted(group.prefix[name])} || {text}"
    kind = TABLES[group.table].column(name).kind
    if name in ("appno", "other") and group.numbers != "chinese":
        return f"foreign_key({text}, filed)"
    if name == "earliest_priority":
        return f"earliest({text}, {formats})"
    if kind == "date":
        return f"iso({text}, {formats})"
    if kind == "number":
        return f"times({text}, {factor!r})"
    if name == "kind" and group.table in ("patent", "publication"):
        return f"kind_of({text})" if group.table == "patent" else f"upper({text})"
    return {"appno": "number_of({})", "symbol": "symbol_of({})", "cited": "compact({})"}.get(name, "{}").format(text)


def _rows(
    group: Group,
    at: dict[str, int],
    place: dict[str, int],
    formats: str,
    missing: str,
    printed: bool,
    told_by: dict[str, str],
    known: Mapping[str, str],
) -> str:
    """The rows of a group as a query over ``lined``, cells that hold several values parted side by side.

    ``known`` says which expressions a line has already worked out. Parallel lists of events that are not of one length are not
    parted: which belongs to which is not said.
    """
    parted = {at[name] for name in group.each if name in at} if group.each else set(at.values())
    parted = parted if group.split else set()
    factors = {
        name: next((group.scale[folded(one)] for one in group.headings[name] if _stands(one, at[name], place, group)), 1.0)
        for name in at
    }
    chosen = []
    for column in TABLES[group.table].columns:
        name = column.name
        if name == "appno" and group.table == "patent" and (group.numbers != "chinese" or name in group.prefix):
            text = "key"
        elif name == "authority" and group.table == "patent" and group.numbers != "chinese" and "appno" not in group.prefix:
            cell = _cell(group, name, f"c{at[name]}", formats, missing) if name in at else "cast(null as varchar)"
            text = f"coalesce(nullif(office_of(key), ''), {cell})"
        elif name in at:
            text = _cell(group, name, f"{'p' if at[name] in parted else 'c'}{at[name]}", formats, missing, factors[name])
            if name == "earliest_priority" and "filing" in at:
                filing = _cell(group, "filing", f"c{at['filing']}", formats, missing)
                text = f"coalesce({text}, {filing})"
            text = _bounded(group, text, place) if column.kind == "date" else text
        elif name in group.joined:
            text = _together(group, name, place, formats, missing)
        elif name in group.together:
            text = _lines(group.together[name], place, missing)
        elif name in group.fixed:
            text = quoted(group.fixed[name])
        elif name == "seq":
            text = "cast(seq as varchar)" if group.split else "'1'"
        elif name == "appno":
            text = "key"
        elif name == "provisional":
            text = "'false'" if printed else "'true'"
        elif group.table == "patent" and name in ("kind", "route") and printed:
            text = f"{name}_by_number(key)"
        else:
            text = told_by.get(name, "cast(null as varchar)")
        chosen.append(f"{known.get(text, text)} as {named(name)}")
    columns = ", ".join(chosen)
    if not at:
        return f"select record, {columns} from lined"
    if not parted:
        said = " or ".join(f"c{k} is not null" for k in sorted(set(at.values())))
        return f"select record, {columns} from lined" + ("" if group.table in ("patent", "contract") else f" where {said}")
    cells = sorted(parted)
    split = quoted(group.split or "")
    lists = {k: f"regexp_split_to_array(coalesce(c{k}, ''), {split})" for k in cells}
    if group.table == "event" and not group.each:
        lengths = ", ".join(f"case when c{k} is not null then len({lists[k]}) end" for k in cells)
        lists = {k: f"case when len(list_distinct([{lengths}])) > 1 then [c{k}] else {one} end" for k, one in lists.items()}
    longest = f"greatest({', '.join(f'len(l{k})' for k in cells)})" if len(cells) > 1 else f"len(l{cells[0]})"
    said = " or ".join(f"plain(p{k}, {missing}) is not null" for k in cells)
    inner = ", ".join(f"{one} as l{k}" for k, one in lists.items())
    return (
        f"select record, {columns} from (select *, {', '.join(f'l{k}[seq] as p{k}' for k in cells)}"
        f" from (select *, unnest(range(1, {longest} + 1)) as seq from (select *, {inner} from lined))) where {said}"
    )


def _together(group: Group, name: str, place: dict[str, int], formats: str, missing: str) -> str:
    """The expression of a column that several cells make, one behind the other, with fixed text between.

    A name is made of the cells that are there; any other column is empty where one of them lacks.
    """
    cells: list[str] = []
    between = ""
    for part in group.joined[name]:
        if part.startswith("'"):
            between = part[1:]
            continue
        at = next((place[folded(one)] for one in part.split("|") if folded(one) in place), None)
        cells.append("cast(null as varchar)" if at is None else f"c{at}")
        if between and not name.startswith("name"):
            cells[-1], between = f"{quoted(between)} || {cells[-1]}", ""
    text = f"nullif(concat_ws({quoted(between)}, {', '.join(cells)}), '')" if name.startswith("name") else f"({' || '.join(cells)})"
    return _cell(group, name, text, formats, missing)


def _stands(heading: str, cell: int, place: dict[str, int], group: Group) -> bool:
    """Whether a cell stands under a heading whose numbers are to be multiplied."""
    return folded(heading) in group.scale and place.get(folded(heading)) == cell


def _lines(headings: Sequence[str], place: dict[str, int], missing: str) -> str:
    """The expression of several cells as lines of ``heading: cell``."""
    texts = ((one, f"c{place[folded(one)]}") for one in headings if folded(one) in place)
    lines = ", ".join(f"{quoted(one + ': ')} || {text}" for one, text in texts)
    return f"nullif(concat_ws(chr(10), {lines}), '')" if lines else "cast(null as varchar)"
