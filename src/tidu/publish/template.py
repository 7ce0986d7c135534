"""A starting index: an index file and an XLSX template that a person fills without programming; a COINr pair as files."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import tomli_w

from tidu.core.errors import UsageError, listing, nearest
from tidu.core.words import both, word
from tidu.index.columns import needed
from tidu.index.framework import Framework
from tidu.index.spec import CODE
from tidu.index.structure import is_derived
from tidu.indicators.panel import Panel
from tidu.publish.workbook import write_workbook

TEMPLATES = ("start", "cnipa-frame", "plan-targets")


def write_template(folder: Path, units: str = "city", template: str = "start") -> tuple[Path, Path, Path]:
    """The files written: ``index.toml``, ``data.xlsx`` for the units that are ranked, and the schema that an editor reads.

    Raises ``unknown_template``, ``folder_not_empty`` when a file would be overwritten, ``bad_unit_kind``.
    """
    import re

    if template not in TEMPLATES:
        raise UsageError("unknown_template", name=template, known=listing(TEMPLATES), did_you_mean=nearest(template, TEMPLATES))
    if not re.match(CODE, units):
        raise UsageError("bad_unit_kind", kind=units)
    spec, data, schema = folder / "index.toml", folder / "data.xlsx", folder / "index-file.schema.json"
    for path in (spec, data, schema):
        if path.exists():
            raise UsageError("folder_not_empty", file=path.name, folder=str(folder))
    text = resources.files("tidu.data.templates").joinpath(f"{template}.toml").read_text(encoding="utf-8")
    text = text.replace('kind = "unit"', f'kind = "{units}"')
    framework = Framework.parse(text, f"{template}.toml")
    folder.mkdir(parents=True, exist_ok=True)
    spec.write_text(text, encoding="utf-8")
    schema.write_text(resources.files("tidu.data").joinpath("index-file.schema.json").read_text(encoding="utf-8"), encoding="utf-8")
    write_workbook(data, {"data": _example_rows(framework, units)}, _guide(framework))
    return spec, data, schema


def _columns(framework: Framework) -> list[str]:
    """The columns that a person fills: those used and not derived, in the order in which the file first names them."""
    derived = {code for code, item in framework.table.column.items() if is_derived(item)}
    wanted = needed(framework) - derived
    order = [
        name
        for code in framework.leaves
        for name in (framework.table.indicator[code].of or code, framework.table.indicator[code].per)
        if name
    ]
    return [name for name in dict.fromkeys([*order, *sorted(wanted)]) if name in wanted]


def _example_rows(framework: Framework, units: str) -> list[dict[str, Any]]:
    """Four made-up units, named as synthetic in both languages, so that the file builds at once."""
    rows = []
    years = framework.table.index.years or ("2023",)
    for u, letter in enumerate("ABCD"):
        for t, year in enumerate(years):
            row: dict[str, Any] = {"unit": f"{units}-{letter}"}
            row |= {f"name_{lang}": word("example", lang, letter=letter) for lang in ("zh", "en")}
            row["year"] = int(year)
            for k, column in enumerate(_columns(framework)):
                row[column] = _example(framework, column, u, t, k)
            rows.append(row)
    return rows


def _example(framework: Framework, column: str, u: int, t: int, k: int) -> float:
    """A made-up figure: some way towards the target where the file states one, else any plain number."""
    options = framework.choice("normalise", column).options if column in framework.nodes else {}
    if "target" in options:
        base, target = options.get("baseline", 0.0), options["target"]
        return round(float(base + (target - base) * (0.35 + 0.2 * ((u + k) % 4))), 2)
    return float((u + 2) * 10 + 7 * ((u * 3 + k * 5) % 4) + 2 * t + k)


def _guide(framework: Framework) -> list[tuple[str, ...]]:
    """The lines of the sheet that explains the columns."""

    def told(key: str, lang_values: Mapping[str, str] | None = None) -> tuple[str, str]:
        values = lang_values or {"zh": "", "en": ""}
        return word(key, "zh", label=values["zh"]), word(key, "en", label=values["en"])

    lines: list[tuple[str, ...]] = [
        (both("guide_column"), *told("guide_meaning"), both("guide_unit_of_measure")),
        ("unit", *told("guide_unit"), ""),
        ("name_zh / name_en", *told("guide_name"), ""),
        ("year", *told("guide_year"), ""),
    ]
    meaning: dict[str, tuple[str, str, str]] = {}
    for code in framework.leaves:
        item = framework.table.indicator[code]
        label = {lang: framework.label(code, lang) for lang in ("zh", "en")}
        own = (label["zh"], label["en"], item.unit or "") if item.per is None else (*told("guide_for", label), "")
        meaning.setdefault(item.of or code, own)
        if item.per:
            meaning.setdefault(item.per, (*told("guide_per", label), ""))
    lines += [(column, *meaning.get(column, ("", "", ""))) for column in _columns(framework)]
    lines += [("….status", *told("guide_status"), ""), ("", *told("guide_synthetic"), "")]
    return lines


def write_pair(spec: Mapping[str, Any], panel: Panel, folder: Path) -> tuple[Path, Path]:
    """The two files written: an index file and its figures as CSV, from a definition and a panel that were imported."""
    from tidu.publish.run_folder import data_rows
    from tidu.publish.tables import write_csv

    framework = Framework.of(spec)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.toml").write_text(tomli_w.dumps(dict(spec)), encoding="utf-8")
    return folder / "index.toml", write_csv(folder / "data.csv", data_rows(framework, panel))
