"""What a release was made with: the packages at work, pinned, and the same as a bill of materials (CycloneDX 1.5)."""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import Requirement

#: The package that a release is made by.
ROOT = "tidu"


@dataclass(frozen=True)
class Part:
    """A package at work: its name and version, its licence as it states it, the packages it needs itself."""

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]


@cache
def parts() -> tuple[Part, ...]:
    """The package itself and every package that it needs on this machine, by name; packages that are not installed are left out.

    >>> [part.name for part in parts() if part.name in ("numpy", "tidu")]
    ['numpy', 'tidu']
    """
    found: dict[str, Part] = {}
    queue = [ROOT]
    while queue:
        name = queue.pop()
        if name in found:
            continue
        try:
            one = distribution(name)
        except PackageNotFoundError:
            continue
        needs = _needs(one)
        found[name] = Part(name, one.version, _licence(one), needs)
        queue += needs
    known = set(found)
    return tuple(
        Part(part.name, part.version, part.licence, tuple(need for need in part.needs if need in known))
        for part in sorted(found.values(), key=lambda part: part.name)
    )


def _needs(one: Distribution) -> tuple[str, ...]:
    """The names of what a distribution needs here: of the package itself with its extras, of others without theirs."""
    extras = ["", *(one.metadata.get_all("Provides-Extra") or [])] if _plain(one.name) == ROOT else [""]
    asked = [Requirement(text) for text in one.requires or ()]
    here = {item.name for item in asked if item.marker is None or any(item.marker.evaluate({"extra": extra}) for extra in extras)}
    return tuple(sorted(_plain(name) for name in here))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _licence(one: Distribution) -> str:
    """The licence: its SPDX expression where the package gives one, else its own words if they are short, else its class."""
    told: Any = one.metadata
    expression = told.get("License-Expression")
    if expression:
        return str(expression)
    words = str(told.get("License") or "").strip()
    if words and len(words) < 60 and "\n" not in words:
        return words
    classes = [text.rsplit(" :: ", 1)[-1] for text in told.get_all("Classifier") or [] if text.startswith("License :: ")]
    return "; ".join(classes)


def requirements_text() -> str:
    """The packages with their versions, as pip reads them; the package itself is the first line, as a comment.

    >>> requirements_text().splitlines()[0].startswith("# tidu==")
    True
    """
    own = next(part for part in parts() if part.name == ROOT)
    lines = [f"{part.name}=={part.version}" for part in parts() if part.name != ROOT]
    return "\n".join([f"# {own.name}=={own.version}", *lines]) + "\n"


def python_text() -> str:
    """The Python at work: implementation and version.

    >>> python_text().split()[0]
    'CPython'
    """
    return f"{platform.python_implementation()} {platform.python_version()}\n"


def sbom_text(edition: str) -> str:
    """The bill of materials as CycloneDX 1.5 JSON.

    Its serial number is made of the edition's hash, not of chance, and it carries no time. Source: CycloneDX 1.5 (OWASP,
    ECMA-424).
    """
    found = {part.name: part for part in parts()}
    own = found[ROOT]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'tidu:release:{edition}')}",
        "version": 1,
        "metadata": {"component": {**_component(own), "type": "application"}},
        "components": [_component(part) for part in found.values() if part is not own],
        "dependencies": [{"ref": _ref(part), "dependsOn": [_ref(found[need]) for need in part.needs]} for part in found.values()],
    }
    return json.dumps(bill, ensure_ascii=False, indent=2) + "\n"


def _ref(part: Part) -> str:
    return f"pkg:pypi/{part.name}@{part.version}"


def _component(part: Part) -> Mapping[str, Any]:
    made: dict[str, Any] = {"type": "library", "bom-ref": _ref(part), "name": part.name, "version": part.version}
    made["purl"] = _ref(part)
    if part.licence:
        made["licenses"] = [{"license": {"name": part.licence}}]
    return made
