from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from tidu import app
from tidu.publish.edition import Edition
from tidu.publish.release.bundle import write_release
from tidu.publish.release.pack import packed
from tidu.publish.site import write_site

#: Two pillars of which one has a single child, a figure per head, one that is better low, a source (synthetic).
SPEC = {
    "index": {"code": "small.1", "title": {"zh": "小城（虚构）", "en": "Small (synthetic)"}},
    "impute": {"on": "indicator", "method": "linear_or_constant", "limit": 1},
    "treat": {"method": "none"},
    "normalise": {"method": "min_max", "over": "year", "onto": [0, 100]},
    "aggregate": {"method": "arithmetic"},
    "pillar": {"p": {"weight": 3}, "q": {"label": {"zh": "乙柱", "en": "Second"}}},
    "indicator": {
        "a": {"parent": "p", "better": "higher", "per": "heads", "scale": 10, "unit": "piece", "source": "a yearbook (synthetic)"},
        "b": {"parent": "p", "better": "lower"},
        "c": {"parent": "q", "better": "higher"},
    },
}
#: Unit codes that are no file names, a name that begins like a formula, a gap in each year.
FIGURES = {
    "unit": ["x/1", "y 2", "z", "x/1", "y 2", "z"],
    "name": ["=甲（虚构）", "乙（虚构）", "丙（虚构）"] * 2,
    "period": ["2022"] * 3 + ["2023"] * 3,
    "region": ["east", "east", "west"] * 2,
    "a": [2.0, 8.0, 6.0, 4.0, 9.0, 6.0],
    "heads": [2.0, 2.0, 3.0, 2.0, 3.0, 3.0],
    "b": [9.0, 5.0, 1.0, 8.0, 4.0, None],
    "c": [1.0, 2.0, 4.0, 1.0, 3.0, 5.0],
}


@pytest.fixture(scope="session")
def make_small() -> Callable[[], Edition]:
    """What makes an index of somebody's own with pillars, a denominator, a gap and two periods (synthetic)."""

    def made() -> Edition:
        index = app.make(SPEC, FIGURES, groups=["region"], name="name")
        return Edition(index, app.how_sure(index, 16)[0])

    return made


@pytest.fixture(scope="session")
def small(make_small: Callable[[], Edition]) -> Edition:
    """That index."""
    return make_small()


@pytest.fixture(scope="session")
def written(small: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of it, without site and documents."""
    folder = tmp_path_factory.mktemp("release") / "r"
    write_release(small, folder, raw={"index.toml": b"x", "d.csv": b"a,b\n1,2\n"}, documents=False)
    return folder


@pytest.fixture(scope="session")
def full(small: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of it with SDMX and with the data files of the site."""
    site, folder = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("full") / "r"
    kinds = (".csv", ".json", ".toml", ".svg", "city/z.png", "en/index.html")
    pages = write_site(small, site, only=lambda address: address.endswith(kinds) and not address.startswith(("zh/", "static/")))
    write_release(small, folder, raw={"d.csv": b"a,b\n1,2\n"}, documents=False, as_sdmx=True, site=lambda: packed(pages, site))
    return folder


@pytest.fixture
def release(written: Path, tmp_path: Path) -> Path:
    """A copy of that release to be spoilt."""
    return Path(copytree(written, tmp_path / "r"))
