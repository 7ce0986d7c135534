"""A synthetic nation written into a folder chunk by chunk: as lists to read, as workbooks, or as loads of a store.

Beside it stand ``synthetic.txt``, which says that all of it is made up, and ``truth.csv``: how many applications of each city and
kind were filed and granted in which year, and how many members of their families abroad, as they were drawn: what is measured can
be set beside it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tidu.core.errors import UsageError, listing, nearest
from tidu.core.words import both, word
from tidu.engine import connect, quoted
from tidu.records.load import READER
from tidu.records.store import Store
from tidu.records.synth import citing, deeds, loads, sheets, texts
from tidu.records.synth.draws import Drawn, day, drawn
from tidu.records.synth.nation import Ints, Nation, cities

Form = Literal["list", "workbook", "loads"]
FORMS: tuple[Form, ...] = ("list", "workbook", "loads")
#: How a load and its file are called, which tells a store of synthetic records from any other.
KIND = "synthetic"
#: The rows of a workbook's sheet beside its heading.
LONGEST = 1_048_575
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
_KINDS = {1: "invention", 8: "invention", 2: "utility_model", 3: "design"}
_YEARS = 40


@dataclass
class Made:
    """What was written: the folder, the files or loads, how many applications and technology contracts."""

    folder: Path
    form: Form
    files: list[str] = field(default_factory=list)
    applications: int = 0
    contracts: int = 0


def synthesise(
    nation: Nation,
    out: Path,
    form: str = "list",
    *,
    encoding: str = "utf-8",
    memory: str = "1GB",
    progress: Callable[[int], object] | None = None,
) -> Made:
    """What was written of a nation: the same bytes for the same nation, however much memory there is.

    Args:
        nation: what is made.
        out: the folder; for loads the folder of a store.
        form: ``list``, ``workbook`` or ``loads``.
        encoding: of lists, ``utf-8`` or ``gb18030``.
        memory: the most that the engine takes before it spills.
        progress: called with how many applications were written so far.

    Raises ``synth_form``, ``synth_encoding``, ``folder_not_empty`` where lists would stand beside something else,
    ``synth_store`` where the store holds any other load, ``synth_workbook`` where a year has more rows than a sheet.

    >>> import tempfile
    >>> made = synthesise(Nation(50, 1, 2020, 2021, "330000"), Path(tempfile.mkdtemp()) / "new")
    >>> made.files[:2], made.applications
    (['export/synthetic-patents-2020.csv', 'export/synthetic-patents-2021.csv'], 50)
    """
    if form not in FORMS:
        raise UsageError("synth_form", name=form, known=listing(FORMS), did_you_mean=nearest(form, FORMS))
    if encoding not in ENCODINGS:
        raise UsageError("synth_encoding", name=encoding, known=listing(ENCODINGS), did_you_mean=nearest(encoding, ENCODINGS))
    if form == "workbook" and int(np.diff(nation.starts).max()) * 1.02 > LONGEST:
        raise UsageError("synth_workbook", rows=int(np.diff(nation.starts).max()), most=LONGEST)
    if form == "loads":
        _alone(Store(out), nation)
    elif out.exists() and any(out.iterdir()):
        raise UsageError("folder_not_empty", folder=str(out), file=sorted(one.name for one in out.iterdir())[0])
    out.mkdir(parents=True, exist_ok=True)
    made = Made(out, next(one for one in FORMS if one == form))
    filed = np.zeros((3, len(cities()) + 1, _YEARS + nation.years, 4), dtype=np.int64)
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        engine = connect(memory, spill=Path(scratch) / "spill")
        try:
            texts.prepare(engine)
            take = _loads(engine, nation, made) if form == "loads" else _lists(engine, nation, made, encoding, Path(scratch))
            with take as put:
                for chunk in range(nation.chunks):
                    facts = drawn(nation, chunk)
                    _count(filed, facts, nation, spoilt=form != "loads")
                    put(chunk, facts)
                    made.applications += len(facts["number"])
                    if progress is not None:
                        progress(made.applications)
        finally:
            engine.close()
    _truth(out / "truth.csv", filed, nation)
    (out / "synthetic.txt").write_text(_about(nation), encoding="utf-8")
    return made


def _names(nation: Nation) -> list[str]:
    """The name under which each chunk of a nation goes as a load."""
    own = f"{nation.rows}-{nation.seed}-{nation.first}-{nation.last}-{nation.province or 'nation'}-{nation.chunk}"
    return [f"synthetic-{own}-{chunk + 1}" for chunk in range(nation.chunks)]


def _alone(store: Store, nation: Nation) -> None:
    """Raises ``synth_store`` where a store holds any load that is not of this nation."""
    mine = set(_names(nation))
    other = next((one["file"] for one in store.manifest() if one["kind"] != KIND or one["file"] not in mine), None)
    if other is not None:
        raise UsageError("synth_store", folder=str(store.folder), file=other)


@contextmanager
def _loads(engine: Any, nation: Nation, made: Made) -> Iterator[Callable[[int, Drawn], None]]:
    """Takes chunks as loads of the store, one each; what is there already is left."""
    store, names = Store(made.folder), _names(nation)

    def put(chunk: int, facts: Drawn) -> None:
        name = names[chunk]
        sha256 = hashlib.sha256(json.dumps([name, READER]).encode()).hexdigest()
        signed = deeds.contracts(nation, chunk)
        rows, size = len(facts["number"]), len(signed["serial"])
        made.contracts += size
        made.files.append(name)
        if store.account(sha256, READER) is not None:
            return
        _composed(engine, nation, chunk, facts, signed)
        with store.working() as scratch:
            folder = scratch / "load"
            folder.mkdir()
            loads.written(engine, folder, day(nation.until))
            counts = {"read": rows + size, "good": rows + size, "quarantined": 0, "repeats": 0, "refused": 0, "blank": 0}
            told = {"file": name, "kind": KIND, "sha256": sha256, "size": 0, **counts, "reasons": {}, "headings": []}
            store.take(folder, {**told, "before": False, "mended": 0, "reader": READER})

    yield put


def _composed(engine: Any, nation: Nation, chunk: int, facts: Drawn, signed: Drawn) -> None:
    texts.compose(engine, facts)
    loads.cited(engine, nation, facts, citing.citations(nation, facts, chunk))
    deeds.compose(engine, signed)


@contextmanager
def _lists(engine: Any, nation: Nation, made: Made, encoding: str, scratch: Path) -> Iterator[Callable[[int, Drawn], None]]:
    """Takes chunks as lists, or as workbooks, each year's and each sort of notice in a file of its own."""
    folder = made.folder / "export"
    folder.mkdir()
    sheet = _Book if made.form == "workbook" else _Text
    heads = {f"patents-{year}": tuple(sheets.PATENTS) for year in range(nation.first, nation.last + 1)}
    heads |= {name: columns for name, (columns, _) in sheets.notices().items()}
    files = {
        name: sheet(folder / f"synthetic-{name}{sheet.suffix}", columns, ENCODINGS[encoding], scratch)
        for name, columns in heads.items()
    }

    def put(chunk: int, facts: Drawn) -> None:
        signed = deeds.contracts(nation, chunk)
        made.contracts += len(signed["serial"])
        _composed(engine, nation, chunk, facts, signed)
        sheets.compose(engine)
        for year in np.unique(facts["year"]).tolist():
            files[f"patents-{year}"].add(engine, sheets.patents(year))
        for name, (_, query) in sheets.notices().items():
            files[name].add(engine, query)

    yield put
    for file in files.values():
        file.close()
        made.files.append(str(file.path.relative_to(made.folder)))


class _Text:
    """A delimited file that is added to."""

    suffix = ".csv"

    def __init__(self, path: Path, columns: Sequence[str], encoding: str, scratch: Path) -> None:
        self.path, self.encoding, self.scratch = path, encoding, scratch / "part.csv"
        head = io.StringIO(newline="")
        csv.writer(head, lineterminator="\n").writerow(columns)
        path.write_bytes(head.getvalue().encode(encoding))

    def add(self, engine: Any, query: str) -> None:
        """Adds the rows of a query."""
        engine.execute(f"copy ({query}) to {quoted(str(self.scratch))} (format csv, header false)")
        with self.path.open("ab") as file:
            if self.encoding == "gb18030":
                with self.scratch.open(encoding="utf-8", newline="") as part:
                    while text := part.read(1 << 22):
                        file.write(text.encode("gb18030"))
            else:
                with self.scratch.open("rb") as plain:
                    shutil.copyfileobj(plain, file, 1 << 22)

    def close(self) -> None:
        """Nothing is left to be done."""


class _Book:
    """A workbook whose one sheet is added to."""

    suffix = ".xlsx"

    def __init__(self, path: Path, columns: Sequence[str], encoding: str, scratch: Path) -> None:
        import xlsxwriter

        del encoding
        options = {"constant_memory": True, "tmpdir": str(scratch), "strings_to_formulas": False, "strings_to_urls": False}
        self.path, self.row = path, 0
        self.book = xlsxwriter.Workbook(str(path), options)
        self.book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC), "comments": both("synth_label")})
        self.sheet = self.book.add_worksheet("synthetic 虚构")
        self._write(columns)

    def _write(self, cells: Sequence[object]) -> None:
        for at, cell in enumerate(cells):
            if cell is not None:
                self.sheet.write_string(self.row, at, str(cell))
        self.row += 1

    def add(self, engine: Any, query: str) -> None:
        """Adds the rows of a query."""
        answer = engine.execute(query)
        while rows := answer.fetchmany(10_000):
            for row in rows:
                self._write(row)

    def close(self) -> None:
        """Writes the workbook."""
        self.book.close()


def _count(filed: Ints, facts: Drawn, nation: Nation, *, spoilt: bool) -> None:
    """Adds a chunk to what was filed and granted by city, year and kind; rows that a reader puts aside are left out."""
    kept = ~np.isin(texts.fault_of(facts), (2, 3)) if spoilt else np.ones(len(facts["number"]), dtype=bool)
    city = np.where(facts["abroad"] >= 0, filed.shape[1] - 1, facts["city"])
    kind = np.where(facts["type"] == 8, 1, facts["type"])
    np.add.at(filed[0], (city[kept], facts["year"][kept] - nation.first, kind[kept]), 1)
    kept &= facts["granted"] >= 0
    np.add.at(filed[1], (city[kept], _year(facts["granted"][kept]) - nation.first, kind[kept]), 1)
    later = facts["filing"] + loads.MEMBER_FILED
    kept = (facts["members"] > 0) & (later + loads.MEMBER_OPEN <= day(nation.until)) & (not spoilt)
    np.add.at(filed[2], (city[kept], _year(later[kept]) - nation.first, kind[kept]), facts["members"][kept])


def _year(days: Ints) -> Ints:
    """The years of day numbers."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def _truth(path: Path, filed: Ints, nation: Nation) -> None:
    """Writes what was drawn: one row a city, year and kind in which anything was filed or granted."""
    units = [*(city.code for city in cities()), "abroad"]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["unit", "period", "kind", "filed", "granted", "members", "note"])
        for unit, year, kind in zip(*np.nonzero(filed.sum(axis=0)), strict=True):
            cells = filed[:, unit, year, kind].tolist()
            rows.writerow([units[unit], nation.first + int(year), _KINDS[int(kind)], *cells, both("synth_label")])


def _about(nation: Nation) -> str:
    values = {
        "rows": f"{nation.rows:,}",
        "seed": nation.seed,
        "first": nation.first,
        "last": nation.last,
        "until": nation.until.isoformat(),
        "province": nation.province or "—",
    }
    return "\n\n".join(word("synth_about", lang, **values) for lang in ("zh", "en")) + "\n"
