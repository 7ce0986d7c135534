"""Lists: delimited files and workbooks of any vendor, laid out as a profile says. Ten million lines are the engine's work.

The file is read as it stands into ``raw`` (record, line, byte, c0, c1, …); the profile then says which cells make which rows.
"""

from __future__ import annotations

import codecs
import csv
import html.entities
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tidu.core.errors import DataError
from tidu.core.words import word
from tidu.engine import named, quoted
from tidu.records.profiles import Group, Profile, profiles
from tidu.records.schema import TABLES
from tidu.records.staging import Staging
from tidu.records.text import BLOCK, Records, encoding, folded, records

#: A line longer than this is no line of a list.
LONGEST = 4_000_000
#: A list with more columns than this has no row of headings.
WIDEST = 4_000
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods")


def headings(path: Path, otherwise: str = "gb18030") -> list[str]:
    """The headings of a list: the first record of a delimited file, the first row of a workbook's first sheet that has two cells.

    Raises ``list_encoding`` where a delimited file's text cannot be told.
    """
    if path.suffix.lower() in WORKBOOKS:
        return next((row for row in sheet(path) if sum(map(bool, row)) > 1), [])
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if head.startswith(UTF16):
        head = head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("utf-8", "replace")
    first = head.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", 1)[0]
    for name in ("utf-8-sig", otherwise, "latin-1"):
        try:
            text = first.decode(name)
        except UnicodeDecodeError:
            continue
        return next(csv.reader([text], delimiter=_delimiter(text)), [])
    return []


def _delimiter(heading: str) -> str:
    return max(",\t;|", key=heading.count)


def stage(path: Path, profile: Profile, staging: Staging, *, guarded: bool = False) -> list[str]:
    """Stages a list and says its headings; raises ``list_headings`` where it has none.

    In a ``guarded`` one an apostrophe stands before cells that begin like a formula; it is taken off.
    """
    found = _workbook(path, staging) if path.suffix.lower() in WORKBOOKS else _delimited(path, profile, staging)
    _mapped(profile, found, staging, guarded)
    return found


def _delimited(path: Path, profile: Profile, staging: Staging) -> list[str]:
    """The headings of a delimited file that is made ``raw``; of UTF-16 no byte is said, for its copy in UTF-8 has others."""
    name = encoding(path, profile.otherwise)
    wide = name == "utf-16"
    plain = _recoded(path, name, staging.folder) if wide else path
    found = records(plain)
    if not len(found) or found.end[0] - found.start[0] > LONGEST:
        raise DataError("list_headings", file=str(path))
    head = _cells(plain, found, 0, "utf-8" if wide else name)
    heads, mark = next(csv.reader([head], delimiter=_delimiter(head)), []), _delimiter(head)
    if len(heads) > WIDEST:
        raise DataError("list_headings", file=str(path))
    plain = plain if wide else _recoded(path, name, staging.folder)
    place = replace(found, start=np.zeros_like(found.start)) if wide else found
    if _holds_nul(plain) or not _fast(plain, heads, mark, place, staging):
        _slow(plain, heads, mark, place, staging)
    staging.blank = found.blank
    return heads


def _holds_nul(path: Path) -> bool:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if b"\0" in block:
                return True
    return False


def _cells(path: Path, found: Records, at: int, name: str) -> str:
    with path.open("rb") as file:
        file.seek(int(found.start[at]))
        return file.read(int(found.end[at] - found.start[at])).decode(name).lstrip("\ufeff").rstrip("\r\n")


def _recoded(path: Path, name: str, folder: Path) -> Path:
    """The file as UTF-8 with line feeds: itself where it is so."""
    if name == "utf-8-sig" or name == "utf-8":
        with path.open("rb") as file:
            head = file.read(BLOCK)
        if b"\n" in head or b"\r" not in head:
            return path
    made = folder / "recoded.csv"
    with path.open(encoding=name, newline="", errors="strict") as file, made.open("w", encoding="utf-8", newline="") as out:
        first = file.read(BLOCK)
        only_cr = "\r" in first and "\n" not in first
        while first:
            out.write(first.replace("\r", "\n") if only_cr else first)
            first = file.read(BLOCK)
    return made


def _fast(path: Path, heads: Sequence[str], mark: str, found: Records, staging: Staging) -> bool:
    """Whether the engine could read the file by itself, and found as many records as there are; then ``raw`` is made."""
    import duckdb

    columns = {f"c{at}": "VARCHAR" for at in range(len(heads))}
    struct = "{" + ", ".join(f"{quoted(name)}: {quoted(kind)}" for name, kind in columns.items()) + "}"
    bounds = {"line": found.line[1:], "byte": found.start[1:]}
    staging.engine.register("bounds", bounds)
    target = staging.folder / "raw.parquet"
    read = (
        f"read_csv({quoted(str(path))}, header = true, columns = {struct}, delim = {quoted(mark)}, quote = '\"', escape = '\"',"
        f" auto_detect = false, strict_mode = true, max_line_size = {LONGEST}, null_padding = false, nullstr = '\x01')"
    )
    try:
        staging.engine.execute(
            f"copy (select row_number() over () as record, line, byte, cells.*, cast(null as varchar) as fault"
            f" from {read} as cells positional join bounds) to {quoted(str(target))} (format parquet, compression lz4)"
        )
    except duckdb.Error:
        return False
    finally:
        staging.engine.unregister("bounds")
    count, lacking = staging.engine.execute(
        f"select count(*), count(*) filter (line is null or c0 is null) from {quoted(str(target))}"
    ).fetchall()[0]
    if count != len(found) - 1 or lacking:
        return False
    staging.engine.execute(f"create view raw as select * from {quoted(str(target))}")
    return True


def _slow(path: Path, heads: Sequence[str], mark: str, original: Records, staging: Staging) -> None:
    """``raw`` record by record, every record that is not laid out as the heading kept with what is wrong with it.

    Lines and bytes are those of the file as it was given, where it has as many records as its copy in UTF-8.
    """
    staging.engine.execute(
        "create table raw (record bigint, line bigint, byte bigint, "
        + ", ".join(f"c{at} varchar" for at in range(len(heads)))
        + ", fault varchar)"
    )
    found = records(path)
    place = original if len(original) == len(found) else found
    batch: list[tuple[int, int, int, list[str | None], str | None]] = []
    with path.open("rb") as file:
        for at in range(1, len(found)):
            start, end = int(found.start[at]), int(found.end[at])
            file.seek(start)
            text = file.read(min(end - start, LONGEST)).decode("utf-8", "replace").strip("\r\n")
            cells, fault = _parted(text, mark, len(heads), end - start)
            batch.append((at, int(place.line[at]), int(place.start[at]), cells, fault))
            if len(batch) == 10_000:
                _insert(batch, len(heads), staging)
                batch = []
    _insert(batch, len(heads), staging)


def _parted(text: str, mark: str, width: int, size: int) -> tuple[list[str | None], str | None]:
    if size > LONGEST:
        return [text[:200], *[None] * (width - 1)], "too_long"
    if "\0" in text:
        return [text.replace("\0", "\ufffd"), *[None] * (width - 1)], "broken"
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error:
        return [text, *[None] * (width - 1)], "broken"
    cells = rows[0] if len(rows) == 1 else []
    if len(cells) == width:
        return list(cells), None
    if len(cells) > width and not any(cells[width:]):
        return list(cells[:width]), None
    return [text, *[None] * (width - 1)], "fields"


def _insert(batch: Sequence[tuple[int, int, int, list[str | None], str | None]], width: int, staging: Staging) -> None:
    if not batch:
        return
    made: dict[str, object] = {
        name: np.array([row[at] for row in batch], dtype=np.int64) for at, name in enumerate(("record", "line", "byte"))
    }
    made |= {f"c{at}": np.array([row[3][at] for row in batch], dtype=object) for at in range(width)}
    made["fault"] = np.array([row[4] for row in batch], dtype=object)
    staging.engine.register("batch", made)
    staging.engine.execute("insert into raw select * from batch")
    staging.engine.unregister("batch")


def sheet(path: Path) -> Iterator[list[str]]:
    """The rows of a workbook as text: of the sheet that a profile names, else of the first."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
        known = {one.sheet for one in profiles().values()}
        name = next((one for one in book.sheet_names if one in known), book.sheet_names[0])
        for row in book.get_sheet_by_name(name).iter_rows():
            yield [_said(cell) for cell in row]
    except (CalamineError, IndexError) as error:
        raise DataError("workbook_unreadable", file=str(path), reason=str(error) or "–") from error


def _said(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _workbook(path: Path, staging: Staging) -> list[str]:
    heads: list[str] = []
    batch: list[tuple[int, int, int, list[str | None], str | None]] = []
    record = 0
    for line, row in enumerate(sheet(path), 1):
        if not heads:
            if sum(map(bool, row)) > 1:
                heads = row
                staging.engine.execute(
                    "create table raw (record bigint, line bigint, byte bigint, "
                    + ", ".join(f"c{at} varchar" for at in range(len(heads)))
                    + ", fault varchar)"
                )
            continue
        if not any(cell.strip() for cell in row):
            staging.blank += 1
            continue
        record += 1
        cells: list[str | None] = [*row[: len(heads)], *[None] * (len(heads) - len(row))]
        batch.append((record, line, 0, cells, None))
        if len(batch) == 10_000:
            _insert(batch, len(heads), staging)
            batch = []
    if not heads:
        raise DataError("list_headings", file=str(path))
    _insert(batch, len(heads), staging)
    return heads


def _mapped(profile: Profile, heads: Sequence[str], staging: Staging, guarded: bool) -> None:
    """Makes ``source`` and the staged tables of a profile as views over ``raw``."""
    place = profile.place(heads)
    formats, missing = _array(profile.dates), _array(profile.missing)
    used = sorted({place[one] for group in profile.groups for one in group.known if one in place})
    told = ", ".join(f"coalesce(c{at}, '')" for at in used)
    same = " and ".join(f"coalesce(c{at}, '') = {quoted(head)}" for at, head in enumerate(heads) if head.strip()) or "false"
    run = staging.engine.execute
    if profile.letters:
        run(f"set variable letters = map {{{', '.join(f'{quoted(name)}: {quoted(letter)}' for name, letter in _letters())}}}")
    run(f"create view again as select record from raw where {same}")
    bare = (
        ", ".join(f"regexp_replace(c{at}, '^''(''*[=+\\-@\\t\\r])', '\\1') as c{at}" for at in range(len(heads))) if guarded else ""
    )
    run(
        f"create view marked as select * replace ({', '.join(filter(None, (bare, _fault(profile, place) + ' as fault')))})"
        " from raw where record not in (from again)"
    )
    run(
        "create view source as select record, line, byte, fault,"
        f" md5_number(coalesce(fault || cast(record as varchar), '') || concat_ws(chr(31), {told})) as digest from marked"
    )
    staging.blank += int(run("select count(*) from again").fetchall()[0][0])
    key, printed = _key(profile, place, formats, missing)
    filed = _filed(profile, place, formats, missing)
    run(f"create view lined as select *, {key} as key from (select *, {filed} as filed from marked where fault is null)")
    made: dict[str, list[str]] = {}
    chinese = profile.numbers == "chinese"
    for group in profile.groups:
        at = _places(group, place)
        if at or group.joined:
            told_by = _told_by_publication(profile, place, formats, missing) if group.table == "patent" and chinese else {}
            query = _rows(group, at, place, formats, missing, printed, told_by)
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
            text = f"plain(c{cells[printed]}, {missing})"
            return (f"number_of({text})" if printed == "appno" else text), True
    if not {"title", "applicant", "filing"} <= set(cells):
        return "cast(null as varchar)", False
    title, applicant, filing = (f"plain(c{cells[name]}, {missing})" for name in ("title", "applicant", "filing"))
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
    text = f"plain({cell}, {missing})"
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
) -> str:
    """The rows of a group as a query over ``lined``, cells that hold several values parted side by side.

    Parallel lists of events that are not of one length are not parted: which belongs to which is not said.
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
        chosen.append(f"{text} as {named(name)}")
    columns = ", ".join(chosen)
    if not at:
        return f"select record, {columns} from lined"
    if not parted:
        said = " or ".join(f"plain(c{k}, {missing}) is not null" for k in sorted(set(at.values())))
        return f"select record, {columns} from lined" + ("" if group.table in ("patent", "contract") else f" where {said}")
    cells = sorted(parted)
    split = quoted(group.split or "")
    lists = {k: f"regexp_split_to_array(coalesce(c{k}, ''), {split})" for k in cells}
    if group.table == "event" and not group.each:
        lengths = ", ".join(f"case when plain(c{k}, {missing}) is not null then len({lists[k]}) end" for k in cells)
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
        cells.append("cast(null as varchar)" if at is None else f"plain(c{at}, {missing})")
        if between and not name.startswith("name"):
            cells[-1], between = f"{quoted(between)} || {cells[-1]}", ""
    text = f"nullif(concat_ws({quoted(between)}, {', '.join(cells)}), '')" if name.startswith("name") else f"({' || '.join(cells)})"
    return _cell(group, name, text, formats, missing)


def _stands(heading: str, cell: int, place: dict[str, int], group: Group) -> bool:
    """Whether a cell stands under a heading whose numbers are to be multiplied."""
    return folded(heading) in group.scale and place.get(folded(heading)) == cell


def _lines(headings: Sequence[str], place: dict[str, int], missing: str) -> str:
    """The expression of several cells as lines of ``heading: cell``."""
    texts = ((one, f"plain(c{place[folded(one)]}, {missing})") for one in headings if folded(one) in place)
    lines = ", ".join(f"{quoted(one + ': ')} || {text}" for one, text in texts)
    return f"nullif(concat_ws(chr(10), {lines}), '')" if lines else "cast(null as varchar)"
