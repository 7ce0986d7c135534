"""Plain sheets that an office fills: headings, a row of notes, one synthetic example; read back by the profile of the same name.

The profile ``template_K`` in ``data/readers`` holds it all: the first heading of a column is Chinese, the second English, and
``[notes]`` says of each what to write and what the example row shows.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

from tidu.core.errors import UsageError, listing, nearest
from tidu.core.words import word
from tidu.records.profiles import profiles

PREFIX = "template_"


def templates() -> tuple[str, ...]:
    """The names of the plain templates.

    >>> "events" in templates()
    True
    """
    return tuple(code.removeprefix(PREFIX) for code in profiles() if code.startswith(PREFIX))


@cache
def _notes(name: str) -> Mapping[str, Mapping[str, str]]:
    text = resources.files("tidu.data").joinpath("readers", f"{PREFIX}{name}.toml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = tomllib.loads(text)["notes"]
    return found


def rows(name: str, lang: Literal["zh", "en"] = "zh") -> list[list[str]]:
    """The rows of a template: headings, notes, the synthetic example; the last column says that the two are skipped.

    Raises ``unknown_record_template`` with the nearest.

    >>> [row[-1] for row in rows("firms", "en")]
    ['remark', 'notes: skipped when read', 'synthetic example: skipped when read']
    """
    known = templates()
    if name not in known:
        raise UsageError("unknown_record_template", name=name, known=listing(known), did_you_mean=nearest(name, known))
    profile, at = profiles()[PREFIX + name], 0 if lang == "zh" else 1
    columns = [names for group in profile.groups for names in group.headings.values()]
    notes = _notes(name)
    return [
        [*(names[at] for names in columns), profile.example[at]],
        [*(notes[names[0]][lang] for names in columns), word("template_note", lang)],
        [*(notes[names[0]]["example"] for names in columns), word("template_example", lang)],
    ]


def write(name: str, out: Path, lang: Literal["zh", "en"] = "zh") -> Path:
    """The template written as a workbook or CSV, as the suffix of ``out`` says.

    Raises ``unknown_record_template``, ``sheet_suffix`` where the suffix is neither .xlsx nor .csv.
    """
    made = rows(name, lang)
    if out.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError("sheet_suffix", path=str(out), suffix=out.suffix or "–")
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() == ".csv":
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(made)
        return out
    import xlsxwriter

    with xlsxwriter.Workbook(str(out), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        sheet = book.add_worksheet()
        head, note = book.add_format({"bold": True, "bg_color": "#F2F2F2"}), book.add_format({"italic": True, "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(made[0]) - 1, 22, text)
        sheet.freeze_panes(1, 0)
        for row, form in zip(range(3), (head, note, book.add_format({"font_color": "#7F7F7F", "num_format": "@"})), strict=True):
            for at, cell in enumerate(made[row]):
                sheet.write_string(row, at, cell, form)
    return out
