"""The live workbook: the values it holds are the index's, and LibreOffice finds the same, before and after a change."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import python_calamine as calamine

from tidu import app
from tidu.index.result import Index
from tidu.publish.edition import Edition
from tidu.publish.live_workbook.sheets import write_live

#: A synthetic index with two pillars, a derived column, a lower-is-better indicator and a gap.
SPEC: dict[str, Any] = {
    "index": {"code": "live", "title": {"zh": "虚构", "en": "synthetic"}},
    "column": {"people": {"ratio": ["gdp", "head"], "scale": 10.0}},
    "pillar": {"p": {"weight": 2.0}, "q": {}},
    "indicator": {
        "a": {"parent": "p", "better": "higher", "per": "people"},
        "b": {"parent": "p", "better": "lower"},
        "c": {"parent": "q", "better": "higher", "weight": 0.5},
        "d": {"parent": "q", "better": "higher"},
    },
    "aggregate": {"missing": "skip"},
}
DATA: dict[str, Any] = {
    "unit": [f"u{k}" for k in range(8)],
    "period": ["2024"] * 8,
    "gdp": [10.0, 20.0, 35.0, 41.0, 55.0, 61.0, 70.0, 84.0],
    "head": [2.0, 3.0, 5.0, 4.0, 6.0, 5.0, 8.0, 7.0],
    "a": [3.0, 9.0, 4.0, 8.0, 1.0, 7.0, 6.0, 2.0],
    "b": [5.0, 3.0, float("nan"), 8.0, 2.0, 9.0, 4.0, 6.0],
    "c": [1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0],
    "d": [7.0, 1.0, 6.0, 2.0, 5.0, 3.0, 4.0, 8.0],
}
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


def sheet(path: Path, name: str) -> list[list[Any]]:
    return calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)


def compare(path: Path, index: Index) -> None:
    """Every node's score and every rank on the sheet of scores are the index's to 1e-9."""
    rows = sheet(path, "Scores")
    codes, seen = rows[2], 0
    for row in rows[6:]:
        u = index.units.index(str(row[0]))
        for column, code in enumerate(codes):
            if code in index.framework.nodes:
                value = index.scores[u, -1, index.framework.nodes[str(code)].place]
                assert row[column] == "" if np.isnan(value) else abs(row[column] - value) < 1e-9, (row[0], code)
                seen += 1
        rank = index.ranks[u, -1, -1]
        assert row[2] == "" if np.isnan(rank) else row[2] == rank
    assert seen == len(rows[6:]) * len(index.framework.nodes)


def recomputed(path: Path, folder: Path, changes: dict[tuple[str, str], float]) -> Path:
    """The workbook with its held values taken away and cells changed, computed anew by LibreOffice."""
    bare = folder / "bare.xlsx"
    with zipfile.ZipFile(path) as found, zipfile.ZipFile(bare, "w") as kept:
        names = re.findall(r'<sheet name="([^"]+)"', found.read("xl/workbook.xml").decode())
        for entry in found.namelist():
            text = found.read(entry)
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry)
            if number:
                body = re.sub(r"</f><v>[^<]*</v>", "</f><v>0</v>", text.decode())
                for (name, cell), value in changes.items():
                    if name == names[int(number.group(1)) - 1]:
                        body, count = re.subn(rf'(<c r="{cell}"[^>]*><v>)[^<]*(</v>)', rf"\g<1>{value!r}\2", body)
                        assert count == 1
                text = body.encode()
            kept.writestr(entry, text)
    (folder / "profile" / "user").mkdir(parents=True, exist_ok=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
    made = folder / "made"
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(made), str(bare)], check=True, capture_output=True, timeout=120)
    return made / "bare.xlsx"


@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("treat.method=log",),
        ("treat.method=winsorise", "treat.when={ skew = 0.5 }", "normalise.method=z_score"),
        ("normalise.method=percentile_rank", "normalise.over=year", "aggregate.method=harmonic", "normalise.onto=[1, 100]"),
        ("aggregate.method=geometric", "normalise.onto=[1, 100]", "weighting.method=entropy"),
        ("indicator.b.impute.method=median", "normalise.method=fraction_of_max"),
    ],
)
def test_the_values_held_are_those_of_the_index(changes: tuple[str, ...], tmp_path: Path) -> None:
    index = app.make(SPEC, DATA, changes=changes)
    path = write_live(tmp_path / "a.xlsx", Edition(index, None), None, "en")
    compare(path, index)
    for name, table in (("Normalised", index.normalised), ("Indicators", index.imputed), ("Treated", index.treated)):
        if name == "Treated" and changes[:1] != ("treat.method=log",):
            continue
        rows = sheet(path, name)
        for row in rows[6:]:
            u = index.units.index(str(row[0]))
            for column, code in enumerate(rows[2]):
                if code in index.framework.leaves:
                    value = table[u, 0, index.framework.leaves.index(str(code))]
                    assert row[column] == "" if np.isnan(value) else abs(row[column] - value) <= 1e-9 * max(1.0, abs(value))


def test_the_same_edition_gives_the_same_bytes(stranger: Edition, tmp_path: Path) -> None:
    one, two = (write_live(tmp_path / name, stranger, None, "zh") for name in ("a.xlsx", "b.xlsx"))
    assert one.read_bytes() == two.read_bytes()


def test_only_functions_of_old_spreadsheets_are_used(tmp_path: Path) -> None:
    known = {"IF", "ISNUMBER", "COUNT", "COUNTIF", "MIN", "MAX", "SUM", "SUMPRODUCT", "RANK", "ROUND", "INDEX", "MATCH"}
    known |= {"IFERROR", "AVERAGE", "STDEV", "STDEVP", "LN", "EXP", "SQRT", "ABS", "SIGN"}
    for changes in ((), ("treat.method=signed_log", "aggregate.method=geometric", "normalise.onto=[1, 100]")):
        index = app.make(SPEC, DATA, changes=changes)
        path = write_live(tmp_path / "a.xlsx", Edition(index, None), None, "en")
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/sheet"):
                    for formula in set(re.findall(r"<f[^>]*>([^<]*)</f>", archive.read(name).decode())):
                        assert set(re.findall(r"([A-Z][A-Z.]*)\(", formula)) <= known, formula


@pytest.mark.slow
def test_libreoffice_finds_the_same_before_and_after_a_change(tmp_path: Path) -> None:
    index = app.make(SPEC, DATA)
    path = write_live(tmp_path / "a.xlsx", Edition(index, None), None, "en")
    compare(path, index)
    heads, units = sheet(path, "Data")[2], [row[0] for row in sheet(path, "Data")]
    cell = f"{chr(ord('A') + heads.index('gdp'))}{units.index('u4') + 1}"
    weight = f"D{[row[0] for row in sheet(path, 'Weights')].index('q') + 1}"
    changed = app.make(SPEC, DATA, changes=["data.u4.2024.gdp=90.5", "pillar.q.weight=3"])
    compare(recomputed(path, tmp_path, {("Data", cell): 90.5, ("Weights", weight): 3.0}), changed)
    assert changed.rank() != index.rank()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["city-ip-core", "city-ip-full-audited"])
def test_libreoffice_finds_the_city_index(name: str, tmp_path: Path) -> None:
    edition = app.edition(name, draws=0)
    path = write_live(tmp_path / "a.xlsx", edition, None, "en")
    compare(recomputed(path, tmp_path, {}), edition.index)
