"""A load: files read, every record checked, the good ones kept and the rest put aside with a reason. Nothing is lost.

For each file: read = good + quarantined + repeats + refused + blank. A load is a folder of its own, written beside the store and
moved in whole; the manifest names it last. What breaks before that leaves the store as it was.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

from tidu.core.errors import DataError, UsageError
from tidu.engine import named, quoted
from tidu.records.quarantine import mended
from tidu.records.rules import SHARED, reasons, rules_of, severity
from tidu.records.schema import TABLES, TYPES
from tidu.records.sources import Source, recognised
from tidu.records.staging import Staging
from tidu.records.store import Store

#: The version of the readers: another one reads a file again that was read before.
READER = "1"


@dataclass(frozen=True)
class Account:
    """What became of the records of one file.

    ``read`` counts every record, the heading not; ``repeats`` say what an earlier record said; ``refused`` are of defence or
    confidential patents, or rows that a template brings; ``reasons`` counts records by code of rule or fault, of good records too.
    ``mended`` is how many records that were quarantined before are good now that a sheet of them was read.
    """

    file: str
    kind: str
    sha256: str
    size: int
    read: int
    good: int
    quarantined: int
    repeats: int
    refused: int
    blank: int
    reasons: dict[str, int] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    before: bool = False
    mended: int = 0

    @property
    def balanced(self) -> bool:
        """Whether every record is accounted for."""
        return self.read == self.good + self.quarantined + self.repeats + self.refused + self.blank


Progress = Callable[[str, int], object]


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a"
    >>> _ = file.write_bytes(b"")
    >>> digest_of(file)[:8]
    'e3b0c442'
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(
    paths: Sequence[Path],
    store: Store,
    kind: str | None = None,
    *,
    memory: str = "1GB",
    progress: Progress | None = None,
    names: Mapping[Path, str] | None = None,
) -> list[Account]:
    """The accounts of files that are read into a store, one a file; a file that was read before is told from its load.

    Args:
        paths: the files.
        store: where they go; it is left whole whatever happens.
        kind: the reader, told from the file where nothing is said.
        memory: the most that the engine takes before it spills.
        progress: called with a file and how many of its records were read so far.
        names: what files are called in accounts, where not by their own names.

    Raises ``no_file``, ``unknown_records`` where no reader knows the file, ``unknown_reader``, ``store_busy``.
    """
    for path in paths:
        if not path.is_file():
            raise UsageError("no_file", path=str(path))
    accounts = []
    for path in paths:
        sha256 = digest_of(path)
        told = None if progress is None else partial(progress, str(path))
        name = (names or {}).get(path, path.name)
        with store.working() as folder:
            known = store.account(sha256, READER)
            if known is not None:
                accounts.append(Account(**{**known, "before": True}))
                continue
            account = _load(path, name, recognised(path, kind), sha256, store, folder, memory, told)
        accounts.append(account)
        if progress is not None:
            progress(str(path), account.read)
    return accounts


def _load(
    path: Path,
    name: str,
    source: Source,
    sha256: str,
    store: Store,
    folder: Path,
    memory: str,
    told: Callable[[int], object] | None,
) -> Account:
    work, out = folder / "work", folder / "load"
    work.mkdir()
    out.mkdir()
    staging = Staging(work, memory, told=told)
    try:
        headings = source.stage(path, staging)
        account = replace(_judged(path, source, sha256, staging, store, out), headings=headings, file=name)
    finally:
        staging.close()
    if not account.balanced:
        raise DataError("not_balanced", file=str(path), read=account.read, good=account.good, quarantined=account.quarantined)
    store.take(out, asdict(account) | {"reader": READER})
    shutil.rmtree(work, ignore_errors=True)
    return account


def _judged(path: Path, source: Source, sha256: str, staging: Staging, store: Store, out: Path) -> Account:
    run = staging.engine.execute
    run("create table told (record bigint, code varchar)")
    for table in staging.tables:
        _told(table, staging)
    run("insert into told select record, fault from source where fault is not null")
    run(
        "delete from told where code in ('event_number_lacking', 'event_number_form', 'event_check_digit_wrong',"
        " 'party_number_lacking', 'publication_application_lacking', 'class_number_lacking', 'priority_number_lacking',"
        " 'citation_number_lacking')"
        " and record in (select record from told where code in ('no_key', 'number_form', 'check_digit_wrong'))"
    )
    worst = ", ".join(quoted(code) for code in sorted(reasons()) if severity(code) == "error")
    run(f"create table bad as select distinct record from told where code in ({worst})")
    run(f"create table refused as {_refused(staging)}")
    run("create table firsts as select digest, min(record) as record from source group by digest")
    run("create table seen as select digest from source where false" + store.digests())
    run(
        "create table again_said as select record from source anti join firsts using (digest, record)"
        " union select record from source semi join seen using (digest)"
    )
    run(
        "create table fate as select source.*, case when record in (from refused) then 'refused' when record in (from again_said)"
        " then 'repeat' when record in (from bad) then 'quarantined' else 'good' end as fate from source"
    )
    counts = dict(run("select fate, count(*) from fate group by fate").fetchall())
    told = run(
        "select code, count(*) from told join fate using (record)"
        " where fate in ('good', 'quarantined') or code = 'template_row' group by code order by code"
    )
    account = Account(
        file=path.name,
        kind=source.code,
        sha256=sha256,
        size=path.stat().st_size,
        read=sum(counts.values()) + staging.blank,
        good=counts.get("good", 0),
        quarantined=counts.get("quarantined", 0),
        repeats=counts.get("repeat", 0),
        refused=counts.get("refused", 0),
        blank=staging.blank,
        reasons=dict(told.fetchall()),
    )
    account = replace(account, mended=mended(staging, store, out))
    _good_as_bits(staging)
    for table in staging.tables:
        _kept(table, staging, out)
    run(
        f"copy (select record, line, byte, digest, coalesce(list_sort(list(code) filter (code is not null)), []) as remarks"
        f" from fate left join told using (record) where fate = 'good' group by all order by record)"
        f" to {quoted(str(out / 'source.parquet'))} (format parquet, compression zstd)"
    )
    _put_aside(source, staging, out)
    return account


def _told(table: str, staging: Staging) -> None:
    """Adds to ``told`` the rules that rows of a table break, each once a record; they are told by the bits of one number a row."""
    rules = rules_of(table)
    if not rules:
        return
    bits = " + ".join(f"case when {rule.broken} then {1 << at} else 0 end" for at, rule in enumerate(rules))
    shared = {text: f"told_{at}" for at, text in enumerate(SHARED) if bits.count(text) > 1}
    for text, name in shared.items():
        bits = bits.replace(text, name)
    rows = f"(select *, {', '.join(f'{text} as {name}' for text, name in shared.items())} from staged_{table})"
    rows = rows if shared else f"staged_{table}"
    run = staging.engine.execute
    checked = f"select record, cast({bits} as bigint) as bits from {rows}"
    run(f"create table broken as select record, bits from ({checked}) where bits > 0")
    run("create table broken_once as select record, bit_or(bits) as bits from broken group by record")
    for at, rule in enumerate(rules):
        run(f"insert into told select record, {quoted(rule.code)} from broken_once where bits & {1 << at} > 0")
    run("drop table broken")
    run("drop table broken_once")


def _refused(staging: Staging) -> str:
    """What is not stored whatever it says: defence and confidential patents, and the rows that a template brings."""
    template = "select record from source where fault = 'template_row'"
    if "patent" not in staging.tables:
        return template
    secret = "select record from staged_patent where secrecy is not null and lower(secrecy) not in ('no', 'false', '0', '否')"
    return f"{template} union {secret}"


def _good_as_bits(staging: Staging) -> None:
    """Sets the engine's variable ``good``: a bit for each record, on where it is good, and one at either end."""
    last = int(staging.engine.execute("select coalesce(max(record), 0) from source").fetchall()[0][0]) + 1
    staging.engine.execute(
        f"set variable good = (select bitstring_agg(record, 0, {last}) from"
        f" (select record from fate where fate = 'good' union all select {last}))"
    )


def _kept(table: str, staging: Staging, out: Path) -> None:
    """Writes the rows of good records as typed columns, a date with its day number beside it, in the order of the file.

    Whether a record is good is looked up row by row: a join would lose the order, and sorting would take longer than all else.
    """
    columns, days = [], []
    for column in TABLES[table].columns:
        cast = f"try_cast({named(column.name)} as {TYPES[column.kind]})"
        if column.name == "appno":
            cast = "split_part(appno, '.', 1)"
        columns.append(f"{cast} as {named(column.name)}")
        days.append(named(column.name))
        if column.kind == "date":
            days.append(f"cast({named(column.name)} - date '1970-01-01' as integer) as {named(column.name + '_day')}")
    target = out / f"{table}.parquet"
    staging.engine.execute(
        f"copy (select record, {', '.join(days)} from (select record, {', '.join(columns)} from staged_{table}"
        f" where get_bit(getvariable('good'), cast(record as integer)) = 1))"
        f" to {quoted(str(target))} (format parquet, compression zstd)"
    )


def _put_aside(source: Source, staging: Staging, out: Path) -> None:
    """Writes quarantined records with their reasons, as they stood in the file."""
    staging.engine.execute(
        f"copy (select record, line, byte, coalesce(list_sort(list(code) filter (code is not null)), []) as reasons,"
        f" any_value(cells) as cells from fate join ({source.printed(staging)}) using (record) left join told using (record)"
        f" where fate = 'quarantined' group by record, line, byte order by record)"
        f" to {quoted(str(out / 'quarantine.parquet'))} (format parquet, compression zstd)"
    )
