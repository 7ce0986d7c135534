"""The description of a release as a Data Package (version 2): every file with its hash, size, columns, keys and sources.

Source: Data Package Standard v2.0 (Open Knowledge Foundation, 2024), https://datapackage.org.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tidu.indicators import shipped
from tidu.indicators.panel import PERIOD, STATUS
from tidu.publish.edition import Edition
from tidu.publish.release.sums import sha256

#: The file of the description at a release's root.
PACKAGE = "datapackage.json"
_PROFILE = "https://datapackage.org/profiles/2.0/"
_KINDS = {
    "csv": "text/csv",
    "toml": "application/toml",
    "json": "application/json",
    "md": "text/markdown",
    "html": "text/html",
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}
#: Columns that name a row, by table.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "data/data.csv": ("unit", "period"),
    "data/frozen.csv": ("unit", "period"),
    "data/indicators.csv": ("unit", "period", "indicator"),
    "data/definitions.csv": ("indicator",),
    "data/sources.csv": ("source",),
    "data/raw-hashes.csv": ("file",),
    "data/line-hashes.csv": ("file", "kind", "first"),
    "results/scores.csv": ("unit", "period"),
    "results/ranks.csv": ("unit", "period"),
    "results/status.csv": ("unit", "period"),
    "results/screening.csv": ("unit", "period"),
    "results/intervals.csv": ("unit", "period"),
    "results/weights.csv": ("period", "code"),
    "results/coverage.csv": ("period",),
    "results/factors.csv": ("factor",),
    "results/contributions.csv": ("period", "unit", "code"),
    "coin/iMeta.csv": ("iCode",),
    "coin/iData.csv": ("uCode", "Time"),
}
#: Column → the table and column that its values are of, by table.
_LINKS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "data/indicators.csv": (("indicator", "definitions", "indicator"),),
}
#: Columns that are texts though their cells may look like numbers: codes, names and hashes.
_TEXTS = {column for key in _KEYS.values() for column in key} - {"period", "Time", "first"}
_TEXTS |= {"parent", "of", "per", "denominator", "code", "Parent", "Type", "Unit", "hashes", "sha256"}
_FLAGS = frozenset({"imputed", "lever", "leaf", "assumed", "included", "in_release"})


def package_text(
    edition: Edition, files: Mapping[str, bytes], licence: str | None = None, by: str | None = None, day: str | None = None
) -> str:
    """The description as JSON text, of an edition and its files (address → bytes).

    Args:
        edition: what is released.
        files: every file that is described, by its address.
        licence: the licence of the release, a name or an SPDX identifier; that of the shipped figures where they are used.
        by: who publishes.
        day: the day that the release bears, ``YYYY-MM-DD``.
    """
    made: dict[str, Any] = {"$schema": f"{_PROFILE}datapackage.json", "name": slug(edition.code)}
    made |= {"title": edition.title("en"), "title_zh": edition.title("zh"), "version": edition.mark}
    made["description"] = f"Figures, method and results of the index {edition.code}, periods {', '.join(edition.index.periods)}."
    if day:
        made["created"] = f"{day}T00:00:00Z"
    licences = licences_of(edition, licence)
    if licences:
        made["licenses"] = licences
    makers = contributors(edition, by)
    if makers:
        made["contributors"] = makers
    sources = sources_of(edition)
    if sources:
        made["sources"] = sources
    made["tidu"] = {"version": edition.sources["tidu"], "edition": edition.hash}
    made["resources"] = [resource(address, content, edition) for address, content in files.items()]
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def slug(text: str) -> str:
    """A name as a Data Package takes it: small letters, digits, points and hyphens.

    >>> slug("results/scores.csv"), slug("市")
    ('results-scores.csv', 'u5e02')
    """
    plain = "".join(letter if letter.isascii() else f"u{ord(letter):04x}" for letter in text)
    return re.sub(r"[^a-z0-9._-]+", "-", plain.lower()).strip("-") or "tidu"


def licences_of(edition: Edition, licence: str | None) -> list[dict[str, str]]:
    """The licences of a release: the one named, else that of the shipped figures, else none."""
    if licence:
        return [{"name": slug(licence), "title": licence}] if " " in licence else [{"name": licence}]
    return edition.licences


def contributors(edition: Edition, by: str | None) -> list[dict[str, Any]]:
    """Who made the edition and who publishes it, as far as it is known."""
    made = [{"title": "The Tidu authors", "roles": ["creator"]}] if edition.shipped else []
    return [*made, *([{"title": by, "roles": ["publisher"]}] if by else [])]


def sources_of(edition: Edition) -> list[dict[str, str]]:
    """What the figures were printed in, with the edition as version; of other figures what the index file says."""
    if not edition.shipped:
        items = edition.index.framework.table.indicator.values()
        return [{"title": title} for title in dict.fromkeys(item.source for item in items if item.source)]
    found: dict[str, str] = {}
    for item in shipped.package()["resources"]:
        for field in item.get("schema", {}).get("fields", []) if item["name"] == "cities" else []:
            for source in field.get("sources", []):
                found[str(source["title"])] = str(source.get("edition", ""))
    return [{"title": title, **({"version": version} if version else {})} for title, version in sorted(found.items())]


def resource(address: str, content: bytes, edition: Edition) -> dict[str, Any]:
    """One file: its path, hash and size; of a table the columns with their types and the key as well."""
    ending = address.rsplit(".", 1)[-1]
    name = address.removeprefix("data/").removeprefix("results/").removesuffix(".csv")
    form = "workbook" if ending == "xlsx" else ending  # a reader takes `xlsx` for one table
    made: dict[str, Any] = {"name": slug(name), "path": address, "format": form, "mediatype": media_type(address)}
    made |= {"bytes": len(content), "hash": f"sha256:{sha256(content)}"}
    if ending == "csv":
        made |= {"type": "table", "encoding": "utf-8", "schema": schema(address, content.decode("utf-8"), edition)}
    return made


def media_type(address: str) -> str:
    """The media type of a file by its ending.

    >>> media_type("results/scores.csv")
    'text/csv'
    """
    return _KINDS.get(address.rsplit(".", 1)[-1], "application/octet-stream")


def schema(address: str, text: str, edition: Edition) -> dict[str, Any]:
    """The columns of a table with type, title and constraints, its key, and what its values are of.

    Types follow from what a column is called and, where that says nothing, from its cells: numbers where every cell that
    is not empty is one, texts otherwise.
    """
    heads, *rows = list(csv.reader(io.StringIO(text, newline="")))
    columns = list(zip(*rows, strict=True)) or [()] * len(heads)
    key = _KEYS.get(address, ())
    fields = [_field(head, column, edition) for head, column in zip(heads, columns, strict=True)]
    for field in fields:
        if field["name"] in key:
            field.setdefault("constraints", {})["required"] = True
    made: dict[str, Any] = {"$schema": f"{_PROFILE}tableschema.json", "fields": fields}
    if key:
        made["primaryKey"] = list(key)
    if address in _LINKS:
        made["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": table, "fields": [other]}} for column, table, other in _LINKS[address]
        ]
    return made


def _field(name: str, cells: Sequence[str], edition: Edition) -> dict[str, Any]:
    made: dict[str, Any] = {"name": name, "type": "string"}
    seen = [cell for cell in cells if cell]
    letters = name == "status" or name.endswith(".status")
    if name in _FLAGS:
        made |= {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]}
    elif letters:
        made["constraints"] = {"enum": list(STATUS)}
    elif name in ("period", "Time"):
        made |= {"type": "year"} if all(len(cell) == 4 for cell in seen) else {"constraints": {"pattern": PERIOD.pattern}}
    elif name not in _TEXTS and not name.startswith(("name_", "label_", "uName", "iName")) and seen:
        if all(re.fullmatch(r"[+-]?[0-9]{1,15}", cell) for cell in seen):
            made["type"] = "integer"
        elif all(_is_number(cell) for cell in seen):
            made["type"] = "number"
    node = name.removesuffix(".status")
    if node in edition.index.framework.nodes:
        both = dict.fromkeys(edition.label(node, lang) for lang in ("zh", "en"))
        made["title"] = " · ".join(both) + (" · status" if letters else "")
    return made


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", cell) is not None
