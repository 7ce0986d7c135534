"""A starting index: an index file and an XLSX template that a person fills without programming; a COINr pair as files."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import tomli_w

from tidu.core.errors import UsageError, listing, nearest
from tidu.index.columns import needed
from tidu.index.framework import Framework, is_derived
from tidu.index.spec import CODE
from tidu.indicators.panel import Panel
from tidu.publish.workbook import write_workbook

TEMPLATES = ("start", "cnipa-frame", "plan-targets")


def write_template(folder: Path, units: str = "city", template: str = "start") -> tuple[Path, Path]:
    """The two files written: ``index.toml`` and ``data.xlsx``, made for the units that are ranked.

    Raises ``unknown_template``, ``folder_not_empty`` when a file would be overwritten, ``bad_unit_kind``.
    """
    import re

    if template not in TEMPLATES:
        raise UsageError("unknown_template", name=template, known=listing(TEMPLATES), did_you_mean=nearest(template, TEMPLATES))
    if not re.match(CODE, units):
        raise UsageError("bad_unit_kind", kind=units)
    spec, data = folder / "index.toml", folder / "data.xlsx"
    for path in (spec, data):
        if path.exists():
            raise UsageError("folder_not_empty", file=path.name, folder=str(folder))
    text = resources.files("tidu.data.templates").joinpath(f"{template}.toml").read_text(encoding="utf-8")
    text = text.replace('kind = "unit"', f'kind = "{units}"')
    framework = Framework.parse(text, f"{template}.toml")
    folder.mkdir(parents=True, exist_ok=True)
    spec.write_text(text, encoding="utf-8")
    write_workbook(data, {"data": _example_rows(framework, units)}, _guide(framework))
    return spec, data


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
            row: dict[str, Any] = {
                "unit": f"{units}-{letter}",
                "name_zh": f"示例{letter}（虚构）",
                "name_en": f"Example {letter} (synthetic)",
                "year": int(year),
            }
            for k, column in enumerate(_columns(framework)):
                row[column] = float((u + 2) * 10 + 7 * ((u * 3 + k * 5) % 4) + 2 * t + k)
            rows.append(row)
    return rows


def _guide(framework: Framework) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = [
        ("列 column", "含义", "meaning", "单位 unit"),
        ("unit", "单位代码，不可重复", "code of the unit, each once a year", ""),
        ("name_zh / name_en", "中文、英文名称", "name in Chinese and English", ""),
        ("year", "年份，如 2023", "year, such as 2023", ""),
    ]
    label: dict[str, tuple[str, str, str]] = {}
    for code in framework.leaves:
        item = framework.table.indicator[code]
        texts = (framework.label(code, "zh"), framework.label(code, "en"), item.unit or "")
        label.setdefault(item.of or code, texts if item.per is None else (f"用于“{texts[0]}”", f"for “{texts[1]}”", ""))
        if item.per:
            label.setdefault(item.per, (f"“{texts[0]}”的分母", f"denominator of “{texts[1]}”", ""))
    lines += [(column, *label.get(column, ("", "", ""))) for column in _columns(framework)]
    lines += [
        ("列名.status", "可选：状态字母（A 正常，E 估计，P 初步，O 缺失…）", "optional: status letter of the column's cells", ""),
        (
            "",
            "示例行均为虚构，请替换为真实数据；缺失的单元格留空，不要写 0",
            "the example rows are synthetic: replace them; leave missing cells empty, never 0",
            "",
        ),
    ]
    return lines


def write_pair(spec: Mapping[str, Any], panel: Panel, folder: Path) -> tuple[Path, Path]:
    """The two files written: an index file and its figures as CSV, from a definition and a panel that were imported."""
    from tidu.publish.run_folder import data_rows
    from tidu.publish.tables import write_csv

    framework = Framework.of(spec)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.toml").write_text(tomli_w.dumps(dict(spec)), encoding="utf-8")
    return folder / "index.toml", write_csv(folder / "data.csv", data_rows(framework, panel))
