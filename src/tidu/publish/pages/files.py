"""The data files of an edition, each at its address: rankings, tables of every step, the index file, one unit's own files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tidu.core.address import quoted
from tidu.index.result import STEP_TABLES
from tidu.index.schema import json_schema
from tidu.indicators import shipped
from tidu.publish import tables
from tidu.publish.card import card, card_png
from tidu.publish.city_files import json_text, notes, unit_record, unit_rows, unit_workbook, workbook_bytes
from tidu.publish.documents.audit_report import record
from tidu.publish.documents.gradient_tables import convergence_rows, gradient_tables, mobility_rows
from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.pages.gradient import gradient_files, series
from tidu.publish.pages.render import CSV, JSON, SVG, Content
from tidu.publish.run_folder import data_rows, spec_text
from tidu.publish.tables import Rows, csv_text
from tidu.publish.workbook import write_results

Maker = Callable[[], Content]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOML, PNG = "text/plain; charset=utf-8", "image/png"
_NONE = {"note": "没有内容 nothing to list"}
#: How one unit's files end, in the order in which a page offers them.
KINDS_OF_UNIT = ("csv", "json", "xlsx", "svg", "png")


def files(edition: Edition) -> dict[str, Maker]:
    """Address → what makes the file: what is of the whole edition first, then unit by unit."""
    found = whole(edition)
    for unit in (*edition.units, *edition.unscored):
        for kind in KINDS_OF_UNIT:
            found[unit_address(edition, unit, kind)] = partial(_unit, edition, unit, kind)
    return found


def unit_address(edition: Edition, unit: str, kind: str) -> str:
    """Where one unit's file of a kind stands.

    >>> from tidu.app import edition
    >>> unit_address(edition("city-ip-core", draws=0), "330800", "csv")
    'city/330800.csv'
    """
    return f"city/{edition.slugs[unit]}.{kind}"


def whole(edition: Edition) -> dict[str, Maker]:
    """Address → what makes the file, for the files that are of the whole edition."""
    found: dict[str, Maker] = {}
    for period in edition.index.periods:
        found[f"data/ranking-{period}.csv"] = partial(_ranking, edition, period, "csv")
        found[f"data/ranking-{period}.json"] = partial(_ranking, edition, period, "json")
        found[f"data/ranking-{period}.xlsx"] = partial(_ranking, edition, period, "xlsx")
    found["data/results.xlsx"] = partial(_results, edition)
    if edition.sure is not None:
        found["data/intervals.csv"] = lambda: csv(tables.interval_rows(edition.index, edition.sure)) if edition.sure else csv([])
    for what in ("scores", "ranks", "status", *STEP_TABLES):
        found[f"data/{what}.csv"] = partial(_table, edition, what)
    found["data/weights.csv"] = lambda: csv(tables.weights(edition.index))
    found["data/changes.csv"] = lambda: csv(tables.changes(edition.index))
    found["data/screening.csv"] = lambda: csv(tables.screening(edition.index))
    found["data/indicators.csv"] = lambda: csv(indicator_rows(edition))
    found["data/denominators.csv"] = lambda: csv(tables.denominators(edition.index))
    if edition.shipped:
        found["data/corrections.csv"] = lambda: csv(correction_rows())
    found["data/index.toml"] = lambda: Content.text(TOML, spec_text(edition.index.framework, edition.index.panel))
    found["data/index-file.schema.json"] = lambda: Content.text(JSON, json_text(json_schema()))
    found["data/data.csv"] = lambda: csv(data_rows(edition.index.framework, edition.index.panel))
    if edition.placed:
        for address in gradient_files(edition):
            found[address] = partial(_gradient, edition, address.removeprefix("data/gradient-").removesuffix(".csv"))
    found["data/audit.json"] = partial(_audit, edition)
    return found


def indicator_rows(edition: Edition) -> Rows:
    """One row an indicator: what it is of and per, its unit, which way is better, whether it is a lever, its source."""
    framework, rows = edition.index.framework, []
    for code in framework.leaves:
        item = framework.table.indicator[code]
        row: dict[str, Any] = {"code": code, **{f"label_{lang}": edition.label(code, lang) for lang in ("zh", "en")}}
        row |= {"parent": framework.node(code).parent or "", "of": item.of or code, "per": item.per or "", "scale": item.scale}
        row |= {
            "unit": item.unit or "",
            "better": item.better,
            "lever": int(framework.permits[code].free),
            "source": item.source or "",
        }
        rows.append(row)
    return rows


def correction_rows() -> Rows:
    """One row a declared correction of the shipped figures: its cell, what was printed, what was done and why."""
    return [
        {
            "address": f"data.{quoted(one.city)}.{one.year}.{quoted(one.column)}",
            "name": one.name,
            "printed": one.printed,
            "action": one.action,
            "value": one.value,
            "factor": one.factor,
            "with": one.other,
            "status": one.status,
            "test": one.test,
            "reason_zh": one.reason["zh"],
            "reason_en": one.reason["en"],
            "evidence": one.evidence,
            "evidence_zh": shipped.evidence(one.evidence, "zh"),
        }
        for one in shipped.corrections()
    ]


def csv(rows: Rows) -> Content:
    """Rows as a CSV file with a byte-order mark, as desks open it; missing figures are empty, no rows a line that says so."""
    clean = [
        {key: None if isinstance(value, float) and value != value else value for key, value in row.items()}
        for row in rows or [_NONE]
    ]
    return Content(CSV, csv_text(clean).encode("utf-8-sig"))


def _unit(edition: Edition, unit: str, kind: str) -> Content:
    if kind == "csv":
        return csv(unit_rows(edition, unit))
    if kind == "json":
        return Content.text(JSON, json_text(unit_record(edition, unit)))
    if kind == "xlsx":
        return Content(XLSX, unit_workbook(edition, unit))
    return Content.text(SVG, card(edition, unit)) if kind == "svg" else Content(PNG, card_png(edition, unit))


def _table(edition: Edition, what: str) -> Content:
    return csv(tables.by_unit(edition.index, what))


def _ranking(edition: Edition, period: str, kind: str) -> Content:
    if kind == "csv":
        return csv(edition.ranking(period))
    if kind == "json":
        return Content.text(JSON, json_text(ranking_record(edition, period)))
    return Content(XLSX, workbook_bytes({f"ranking {period}": edition.ranking(period)}, notes(edition)))


def ranking_record(edition: Edition, period: str) -> dict[str, Any]:
    """A period's ranking with what it is of: index, title, period, edition and its day, the licences of its figures, rows."""
    return {
        "index": edition.code,
        "title": {lang: edition.title(lang) for lang in LANGUAGES},
        "period": period,
        "edition": edition.hash,
        "released": edition.day,
        "vintage": edition.sources["vintage"],
        "licences": edition.licences,
        "rows": edition.ranking(period),
    }


def _results(edition: Edition) -> Content:
    with TemporaryDirectory() as folder:
        return Content(XLSX, write_results(Path(folder) / "results.xlsx", edition.index).read_bytes())


def _gradient(edition: Edition, kind: str) -> Content:
    if kind == "mobility":
        return csv(mobility_rows(edition.gradients[edition.last]))
    if kind == "convergence":
        return csv(convergence_rows(series(edition)))
    return csv([row for one in edition.gradients.values() for row in gradient_tables(one)[kind]])


def _audit(edition: Edition) -> Content:
    seen = edition.examined
    return Content.text(JSON, json_text(record(seen) if seen is not None else {}))
