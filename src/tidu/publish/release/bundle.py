"""A release in a folder: figures, method, results, audit, site, where they come from, hashes of all of it.

::

    README.md               what is here, how it is checked and rerun
    datapackage.json        Data Package v2: every file with hash, size, columns, keys, sources, licence
    ro-crate-metadata.json  RO-Crate 1.2: what was made from what by which program
    config/                 the index file, its schema, the record of the run
    data/                   figures, indicators, definitions, hashes of inputs and of rows and columns
    results/                scores, ranks, ranges, weights, contributions …
    coin/                   the COINr pair
    corrections.toml        declared corrections of the shipped figures
    env/                    Python, pinned packages, bill of materials
    audit/                  the audit as Markdown, HTML, JSON
    report/                 the report as DOCX and PDF and the workbook that computes itself, as far as they can be made
    sdmx/                   the observations as SDMX, where asked for
    site.zip                the site, packed
    SHA256SUMS              every file but itself

Nothing reads the clock: the same edition, packages and arguments give the same bytes on any day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tidu.core.errors import UsageError
from tidu.core.words import word
from tidu.index.schema import json_schema
from tidu.indicators import shipped
from tidu.publish.documents.audit_report import write_audit
from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.release import environment
from tidu.publish.release.crate import CRATE, crate_text
from tidu.publish.release.lines import LINES, hashes_text
from tidu.publish.release.pack import SITE
from tidu.publish.release.package import PACKAGE, package_text
from tidu.publish.release.papers import papers
from tidu.publish.release.sdmx import sdmx
from tidu.publish.release.sums import SUMS, paths, read_sums, sha256, sums_text
from tidu.publish.release.tables import RECORD, inputs, texts
from tidu.publish.run_folder import record_text, run_record
from tidu.publish.tables import csv_text

_DAY = re.compile(r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")


def write_release(
    edition: Edition,
    folder: Path,
    *,
    raw: Mapping[str, bytes] | None = None,
    seed: int = 0,
    site: Callable[[], bytes] | None = None,
    documents: bool = True,
    day: str | None = None,
    by: str | None = None,
    licence: str | None = None,
    as_sdmx: bool = False,
) -> list[Path]:
    """The files written, the file of hashes last.

    Args:
        edition: what is released.
        folder: where to; a new or empty folder, or one that holds an earlier release, which is taken away first.
        raw: name → bytes of the files that the edition was made from; the release keeps their hashes.
        seed: of methods that draw, as the index was built with.
        site: what gives the site, packed by :func:`tidu.publish.release.pack.packed`; no site without.
        documents: whether report and workbook go with it.
        day: the day that the release bears, ``YYYY-MM-DD``; without it that of the shipped figures, for other figures none.
        by: who publishes.
        licence: a name or an SPDX identifier; without it that of the shipped figures, for other figures none.
        as_sdmx: whether the observations go with it as SDMX too (extra ``sdmx``).

    Raises ``release_folder`` where other files stand in the folder, ``release_day``, ``sdmx_missing``.
    """
    if day is not None and not _DAY.match(day):
        raise UsageError("release_day", value=day)
    day = day or edition.day
    stale = _earlier(folder)
    raw = dict(raw or {})
    made = texts(edition.index, edition.sure, seed)
    content = files(edition, raw, made, seed, day) | (papers(edition) if documents else {})
    if as_sdmx:
        content |= {address: text.encode("utf-8") for address, text in sdmx(edition, day).items()}
    if site is not None:
        content[SITE] = site()
    content[LINES] = hashes_text(content)
    content[PACKAGE] = package_text(edition, content, licence, by, day).encode("utf-8")
    content[CRATE] = crate_text(edition, content, raw, day=day, by=by, licence=licence).encode("utf-8")
    for path in stale:
        path.unlink(missing_ok=True)
    for address, body in content.items():
        path = folder / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    hashes = {address: sha256(body) for address, body in content.items()}
    (folder / SUMS).write_text(sums_text(hashes), encoding="utf-8")
    return [*(folder / address for address in content), folder / SUMS]


def files(
    edition: Edition, raw: Mapping[str, bytes], tables: Mapping[str, str], seed: int = 0, day: str | None = None
) -> dict[str, bytes]:
    """Address → bytes of the files that are neither documents nor about the release itself, ``tables`` being those of ``texts``."""
    index = edition.index
    made: dict[str, str] = {"README.md": _readme(edition, day)}
    made |= {address: text for address, text in inputs(index).items() if address.startswith("config/")}
    made["config/index-file-keys.json"] = json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"
    record = run_record(index, {name: sha256(body) for name, body in raw.items()}, seed, edition.sure)
    made[RECORD] = record_text({**record, "edition": edition.hash})
    made |= {address: text for address, text in inputs(index).items() if address.startswith("data/")}
    made["data/raw-hashes.csv"] = csv_text(raw_rows(raw, edition)) or "file,sha256,bytes,rows,in_release\n"
    made |= tables
    if edition.shipped:
        made["corrections.toml"] = shipped.folder().joinpath("corrections.toml").read_text(encoding="utf-8")
    made |= {"env/python.txt": environment.python_text(), "env/requirements.txt": environment.requirements_text()}
    made["env/sbom.cdx.json"] = environment.sbom_text(edition.hash)
    return {address: text.encode("utf-8") for address, text in made.items()} | _audit(edition)


def raw_rows(raw: Mapping[str, bytes], edition: Edition) -> list[dict[str, Any]]:
    """One row a file that the edition was made from: hash, size, lines below the first, whether the release holds it as it is."""
    same = {"corrections.toml"} if edition.shipped else set()
    return [
        {
            "file": name,
            "sha256": sha256(body),
            "bytes": len(body),
            "rows": max(len(body.splitlines()) - 1, 0) if name.lower().endswith((".csv", ".tsv")) else "",
            "in_release": int(name in same),
        }
        for name, body in raw.items()
    ]


def _audit(edition: Edition) -> dict[str, bytes]:
    """The audit's files, in memory; none where the index cannot be audited."""
    seen = edition.examined
    if seen is None:
        return {}
    with TemporaryDirectory() as folder:
        return {f"audit/{path.name}": path.read_bytes() for path in write_audit(seen, Path(folder))}


def _readme(edition: Edition, day: str | None) -> str:
    parts = []
    for lang in LANGUAGES:
        told = {"title": edition.title(lang), "periods": ", ".join(edition.index.periods), "hash": edition.hash}
        told["day"] = "" if day is None else word("release_day", lang, day=day)
        parts.append(word("release_readme", lang, units=len(edition.units), version=edition.sources["tidu"], **told))
    return "\n".join(parts)


def _earlier(folder: Path) -> list[Path]:
    """The files of an earlier release in the folder, by its own list. Raises ``release_folder`` where there are others."""
    sums = folder / SUMS
    listed = read_sums(sums.read_text(encoding="utf-8", errors="replace")).hashes if sums.is_file() else {}
    others = [path for path in paths(folder) if path not in listed] if folder.exists() else []
    if others:
        raise UsageError("release_folder", file=others[0], folder=folder.name)
    return [folder / path for path in (*listed, SUMS)]
