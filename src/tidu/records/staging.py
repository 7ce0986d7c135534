"""The workbench of a load: the records of one file as canonical rows of text, whatever format they came in.

A source fills two things: ``source`` (one row a record: where it stands, its digest, what the reader found wrong with it) and
``staged_T`` for each canonical table T it speaks of (``record`` and the text columns of T).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tidu.engine import connect, named
from tidu.records.foreign_numbers import MACROS as FOREIGN
from tidu.records.numbers import KINDS
from tidu.records.profiles import NOTHING
from tidu.records.rules import CHINESE
from tidu.records.schema import TABLES

if TYPE_CHECKING:
    import duckdb

#: So many records of documents are handed to the engine at a time.
BATCH = 2_000


def _stages() -> str:
    """The cases of :func:`tidu.records.numbers.stage`, the latest days first; days that are written 2017-10-01 compare as text."""
    return " ".join(
        f"when day >= '{first}' then case substr(kind, 1, 1) "
        + " ".join(f"when '{code}' then '{meaning}'" for code, meaning in known.items())
        + " end"
        for first, known in reversed(KINDS)
    )


_MACROS = (
    # a text without blanks at its ends: most have none, which is told by the letters there
    """create macro bared(x) as case when unicode(x) > 32 and unicode(x) <> 160 and unicode(x) <> 12288
    and unicode(x[-1]) > 32 and unicode(x[-1]) <> 160 and unicode(x[-1]) <> 12288 then x
    else trim(x, ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)) end""",
    # nothing where a text says nothing; ``missing`` is a pattern, for the engine makes a join of a list of constants, and
    # matches no long text (``profiles.NOTHING``)
    f"""create macro plain(x, missing) as case when strlen(bared(x)) > {NOTHING} then bared(x)
    when not regexp_full_match(bared(x), missing) then bared(x) end""",
    # a date as 2017-10-01, or the text as it stands where it is none
    "create macro iso(x, formats) as coalesce(strftime(try_strptime(x, formats), '%Y-%m-%d'), x)",
    # a Chinese application number without prefix, blanks and wide digits, its check digit behind a dot
    "create macro narrow(x) as translate(x, '０１２３４５６７８９ＸｘＺｚＬｌＣｃＮｎ．', '0123456789XXZZLLCCNN.')",
    r"""create macro bare(x) as regexp_replace(regexp_replace(
    upper(case when regexp_full_match(x, '[ -~]*') then x else narrow(x) end), '\s', '', 'g'), '^(ZL|CN)+', '')""",
    # as most are written; else a list of one, so that the number is made bare once
    r"""create macro number_of(x) as case when regexp_full_match(x, '(\d{12}|\d{8})\.[0-9X]') then x
    when regexp_full_match(x, '(CN|ZL)(\d{12}|\d{8})\.[0-9X]') then substr(x, 3) else list_transform([bare(x)], lambda y: case
    when regexp_full_match(y, '(\d{12}|\d{8})[0-9X]') then left(y, length(y) - 1) || '.' || right(y, 1)
    when regexp_full_match(y, '[123]0(19|20)\d{11}') then substr(y, 3, 4) || substr(y, 1, 1) || substr(y, 9, 7)
    when regexp_matches(y, '^[A-Z]{2}.*[0-9]') then regexp_replace(y, '[^A-Z0-9]', '', 'g')
    else y end)[1] end""",
    # the earliest of several dates in one cell, the cell as it stands where one of them is none
    r"""create macro earliest(x, formats) as case
    when len(list_filter(regexp_split_to_array(x, '\s*[;；|]\s*'), lambda y: try_strptime(bared(y), formats) is null)) > 0 then x
    else list_min(list_transform(regexp_split_to_array(x, '\s*[;；|]\s*'), lambda y: iso(bared(y), formats))) end""",
    # a number with its thousands parted by commas, times a factor; the text as it stands where it is none
    r"""create macro times(x, factor) as coalesce(cast(cast(try_cast(
    case when regexp_matches(x, '^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$') then replace(x, ',', '') else x end
    as decimal(30, 6)) * cast(factor as decimal(12, 2)) as double) as varchar), x)""",
    # a cited publication without blanks and the brackets around its kind
    r"create macro compact(x) as regexp_replace(x, '[\s()]', '', 'g')",
    # a date after the year that bounds it is one of the century before, where the source writes two digits of the year
    """create macro bounded(day, year) as case when try_cast(left(day, 4) as integer) > try_cast(year as integer) + 1
    then cast(try_cast(left(day, 4) as integer) - 100 as varchar) || substr(day, 5) else day end""",
    # names of letters as the letters that they stand for
    """create macro lettered(x) as list_reduce(list_prepend(x, regexp_extract_all(x, '&[A-Za-z]+[0-9]*;')),
    lambda text, name: replace(text, name, coalesce(getvariable('letters')[name], name)))""",
    # what the digit of the kind in a Chinese number says
    f"""create macro digit_of(x) as case when regexp_matches(x, '{CHINESE}')
    then case when length(split_part(x, '.', 1)) = 12 then substr(x, 5, 1) else substr(x, 3, 1) end end""",
    """create macro kind_by_number(x) as case digit_of(x) when '1' then 'invention' when '8' then 'invention'
    when '2' then 'utility_model' when '9' then 'utility_model' when '3' then 'design' end""",
    "create macro route_by_number(x) as"
    " case when digit_of(x) in ('8', '9') then 'pct' when digit_of(x) is not null then 'national' end",
    # what a Chinese kind code means on its day, as numbers.stage says it
    f"create macro stage_of(kind, day) as case when try_cast(day as date) is not null then case {_stages()} end end",
    r"""create macro kind_of(x) as case
    when contains(x, '实用') or lower(x) in ('utility_model', 'utility model') then 'utility_model'
    when contains(x, '外观') or lower(x) = 'design' then 'design'
    when contains(x, '发明') or lower(x) in ('invention', 'utility') then 'invention'
    else x end""",
    r"""create macro symbol_of(x) as case when regexp_full_match(x, '[A-H]\d{2}[A-Z]\d{1,4}/\d{2,6}') then x
    else regexp_replace(regexp_replace(upper(x), '\(.*?\)', '', 'g'), '\s', '', 'g') end""",
)


class Staging:
    """A workbench for one file, with an engine of its own; ``folder`` takes what does not fit into memory.

    ``told`` is called with the number of documents that were staged so far.
    """

    def __init__(
        self,
        folder: Path,
        memory: str = "1GB",
        threads: int | None = None,
        told: Callable[[int], object] | None = None,
    ) -> None:
        self.folder = folder
        self.told = told
        self.engine: duckdb.DuckDBPyConnection = connect(memory, threads, folder)
        self.tables: list[str] = []
        self.blank = 0
        for macro in (*_MACROS, *FOREIGN):
            self.engine.execute(macro)

    def documents(self, found: Iterable[Document]) -> None:
        """Stages documents that a reader took apart, some thousands at a time."""
        self.engine.execute(
            "create table source (record bigint, line bigint, byte bigint, digest uhugeint, fault varchar, text varchar)"
        )
        for name, table in TABLES.items():
            columns = ", ".join(f"{named(column)} varchar" for column in table.names)
            self.engine.execute(f"create table staged_{name} (record bigint, {columns})")
        self.tables = list(TABLES)
        batch: list[Document] = []
        count = 0
        for one in found:
            batch.append(one)
            if len(batch) == BATCH:
                self._put(batch, count)
                count, batch = count + len(batch), []
                if self.told is not None:
                    self.told(count)
        if batch:
            self._put(batch, count)

    def _put(self, batch: list[Document], first: int) -> None:
        source = {
            "record": np.arange(first + 1, first + 1 + len(batch)),
            "line": np.array([one.line for one in batch], dtype=np.int64),
            "byte": np.array([one.byte for one in batch], dtype=np.int64),
            "told": _column([one.told() for one in batch]),
            "fault": _column([one.fault for one in batch]),
            "text": _column([one.text for one in batch]),
        }
        self.engine.register("batch", source)
        self.engine.execute("insert into source select record, line, byte, md5_number(told), fault, text from batch")
        for name, table in TABLES.items():
            rows = [(first + 1 + at, row) for at, one in enumerate(batch) for row in one.rows.get(name, ())]
            if not rows:
                continue
            made: dict[str, object] = {"record": np.array([record for record, _ in rows], dtype=np.int64)}
            made |= {column: _column([row.get(column) for _, row in rows]) for column in table.names}
            self.engine.register("batch", made)
            self.engine.execute(f"insert into staged_{name} select * from batch")
        self.engine.unregister("batch")

    def close(self) -> None:
        """Lets go of the engine."""
        self.engine.close()


def _column(values: list[str | None]) -> np.ndarray:
    return np.array([value or None for value in values], dtype=object)


class Document:
    """A record that a reader took apart: where it begins, its rows by canonical table, what the reader found wrong with it."""

    __slots__ = ("byte", "fault", "line", "rows", "text")

    def __init__(
        self,
        rows: Mapping[str, list[dict[str, str | None]]],
        *,
        line: int = 0,
        byte: int = 0,
        fault: str | None = None,
        text: str | None = None,
    ) -> None:
        self.rows, self.line, self.byte, self.fault, self.text = rows, line, byte, fault, text

    def told(self) -> str:
        """Everything that it says, as one text: two documents that say the same are repeats."""
        if self.fault is not None:
            return f"{self.line} {self.byte} {self.text}"
        return "\x1e".join(
            f"{name}\x1f" + "\x1f".join(f"{key}={value}" for key, value in row.items() if value)
            for name, rows in self.rows.items()
            for row in rows
        )
