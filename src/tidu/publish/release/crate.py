"""Where a release comes from, as an RO-Crate: which program made what from what, in schema.org terms.

Source: RO-Crate Metadata Specification 1.2 (Soiland-Reyes, Sefton et al.), https://w3id.org/ro/crate/1.2.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from tidu.publish.edition import Edition
from tidu.publish.release.package import licences_of, media_type
from tidu.publish.release.sums import sha256

#: The file of the crate at a release's root.
CRATE = "ro-crate-metadata.json"
_VERSION = "https://w3id.org/ro/crate/1.2"


def crate_text(
    edition: Edition,
    files: Mapping[str, bytes],
    raw: Mapping[str, bytes],
    *,
    day: str | None = None,
    by: str | None = None,
    licence: str | None = None,
) -> str:
    """The crate as JSON-LD text.

    Args:
        edition: what is released.
        files: address → bytes of the files described one by one.
        raw: name → bytes of the files that the edition was made from; they are named with their hash.
        day: the day of publication, ``YYYY-MM-DD``; without it the crate carries no date.
        by: who publishes.
        licence: a name or an SPDX identifier, as for the Data Package.
    """
    software = f"#tidu-{edition.sources['tidu']}"
    inputs = [address for address in files if address.startswith(("config/", "data/data", "data/frozen", "corrections"))]
    results = [address for address in files if address not in inputs and not address.startswith("env/")]
    publisher: list[dict[str, Any]] = [{"@id": "#publisher", "@type": "Organization", "name": by}] if by else []
    licences = licences_of(edition, licence)
    root: dict[str, Any] = {"@id": "./", "@type": "Dataset", "name": edition.title("en"), "alternateName": edition.title("zh")}
    root["description"] = f"Figures, method and results of the index {edition.code}."
    root |= {"identifier": _ref("#edition"), "version": edition.mark, "temporalCoverage": _span(edition)}
    if day:
        root["datePublished"] = day
    if licences:
        root["license"] = {"@id": "#licence"}
    if by:
        root["publisher"] = {"@id": "#publisher"}
    root["hasPart"] = [_ref(address) for address in files]
    root["mentions"] = _ref("#build")
    made = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": _ref(_VERSION),
            "about": _ref("./"),
        },
        root,
        {"@id": "#edition", "@type": "PropertyValue", "name": "SHA-256 of index file, figures and version", "value": edition.hash},
        _action(edition, software, inputs, results, raw, by),
        {
            "@id": software,
            "@type": "SoftwareApplication",
            "name": "Tidu",
            "version": edition.sources["tidu"],
            "url": f"pkg:pypi/tidu@{edition.sources['tidu']}",
            "softwareRequirements": _ref("env/requirements.txt"),
        },
        *publisher,
        *(
            [{"@id": "#licence", "@type": "CreativeWork", "name": licences[0].get("title", licences[0]["name"])}]
            if licences
            else []
        ),
        *[_file(address, content) for address, content in files.items()],
        *[_raw(name, content) for name, content in raw.items()],
    ]
    whole = {"@context": f"{_VERSION}/context", "@graph": made}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _ref(address: str) -> dict[str, str]:
    return {"@id": address}


def _anchor(name: str) -> str:
    return f"#{quote(name)}"


def _span(edition: Edition) -> str:
    """The periods as a span of years."""
    first, last = edition.index.periods[0], edition.index.periods[-1]
    return first if first == last else f"{first}/{last}"


def _action(
    edition: Edition,
    software: str,
    inputs: list[str],
    results: list[str],
    raw: Mapping[str, bytes],
    by: str | None,
) -> dict[str, Any]:
    made: dict[str, Any] = {"@id": "#build", "@type": "CreateAction", "name": f"Building the index {edition.code}"}
    made["instrument"] = _ref(software)
    made["object"] = [_ref(address) for address in inputs] + [_ref(_anchor(name)) for name in raw]
    made["result"] = [_ref(address) for address in results]
    if by:
        made["agent"] = _ref("#publisher")
    return made


def _file(address: str, content: bytes) -> dict[str, Any]:
    made: dict[str, Any] = {"@id": address, "@type": "File", "name": address.rsplit("/", 1)[-1]}
    return {**made, "encodingFormat": media_type(address), "contentSize": str(len(content)), "sha256": sha256(content)}


def _raw(name: str, content: bytes) -> dict[str, Any]:
    """A file that the edition was made from; it is named by its hash and stands in the release in another form."""
    made = {"@id": _anchor(name), "@type": "CreativeWork", "name": name}
    return {**made, "identifier": f"sha256:{sha256(content)}", "size": str(len(content))}
