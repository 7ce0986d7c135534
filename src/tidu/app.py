"""Floor 8: where figures, index files and results are joined. It holds no rule of its own."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from tidu.core.address import Address, Change
from tidu.core.errors import Problems, TiduError, UsageError, listing, nearest
from tidu.diagnosis.movement.what_if import with_cells
from tidu.diagnosis.published import Comparison, compare
from tidu.diagnosis.variants import Spread, spread, variants_of
from tidu.index.bench import Progress
from tidu.index.build import Frozen, build
from tidu.index.coin import check_pair
from tidu.index.coin import panel_of as coin_panel
from tidu.index.coin import spec_of as coin_spec
from tidu.index.columns import needed
from tidu.index.framework import Framework
from tidu.index.intervals import DRAWS, Intervals, intervals
from tidu.index.result import Index
from tidu.index.structure import is_derived
from tidu.indicators import shipped
from tidu.indicators.clustering import read_clustering
from tidu.indicators.frames import panel_of
from tidu.indicators.panel import Panel
from tidu.indicators.sheet import Grid, read_grid, read_panel
from tidu.publish.basemap import basemap
from tidu.publish.edition import Edition

#: The shipped index files that are built by the main job, the published form first.
MAIN = ("city-ip-core", "city-ip-core-audited", "city-ip-full", "city-ip-full-audited")
UNIVERSES = ("all", "key36")


def indices_folder() -> Path:
    """The folder of the shipped index files."""
    with resources.as_file(resources.files("tidu.data.indices")) as folder:
        return Path(folder)


def shipped_indices() -> tuple[str, ...]:
    """Names of the shipped index files.

    >>> "city-ip-core" in shipped_indices()
    True
    """
    return tuple(sorted(path.stem for path in indices_folder().glob("*.toml") if path.stem != "variants"))


def load(source: str | Path | Mapping[str, Any] | Framework) -> Framework:
    """A framework from a file, the name of a shipped index, or plain nested values.

    Raises ``no_index`` with the nearest shipped name when it is neither a file nor a shipped index, ``city_for_index`` when it is
    the name of a city.

    >>> load("city-ip-core").code
    'city-ip-core'
    """
    if isinstance(source, Framework):
        return source
    if isinstance(source, Mapping):
        return Framework.of(source)
    if not isinstance(source, str | Path):
        raise UsageError("not_an_index", kind=type(source).__name__)
    path = Path(source)
    if path.suffix == "" and not path.exists():
        names = shipped_indices()
        if str(source) not in names:
            if _is_city(str(source)):
                raise UsageError("city_for_index", name=str(source), known=listing(names))
            raise UsageError("no_index", name=str(source), known=listing(names), did_you_mean=nearest(str(source), names))
        path = indices_folder() / f"{source}.toml"
    return Framework.load(path)


def _is_city(name: str) -> bool:
    """Whether a name is that of a shipped city, by code or in either language."""
    keys = ("adcode", "name_zh", "name_short_zh", "name_en")
    told = {row[key].casefold() for row in shipped.table("gazetteer.csv") for key in keys}
    return name.casefold() in told


def figures(framework: Framework, data: Any = None, **how: Any) -> Panel:
    """The panel for a framework: the shipped cities, a table file, a frame, or a panel as it is.

    Raises ``no_data`` when nothing is named and the framework is not one of the shipped cities and columns.
    """
    if data is None:
        cities = shipped.cities()
        derived = {code for code, item in framework.table.column.items() if is_derived(item)}
        if framework.table.units.kind != "city" or not needed(framework) - derived <= set(cities.columns):
            raise UsageError("no_data", kind=framework.table.units.kind)
        return cities
    if isinstance(data, Panel):
        return data
    if isinstance(data, str | Path):
        return read_panel(data, figures=needed(framework))
    return panel_of(data, figures=needed(framework), **how)


def make(
    source: str | Path | Mapping[str, Any] | Framework,
    data: Any = None,
    *,
    years: Sequence[str | int] | str | int | None = None,
    universe: str | None = None,
    show: str | None = None,
    changes: Sequence[str] = (),
    frozen: Frozen | None = None,
    seed: int = 0,
    without_flat: bool = False,
    **how: Any,
) -> Index:
    """The index of a framework and its figures.

    Args:
        source: an index file, the name of a shipped index, nested values, or a Framework.
        data: a table file, a pandas, Polars or PyArrow frame, a mapping of columns, a Panel; the shipped cities when left out.
        years: show this year, or these years, only; parameters are fitted on all years of the file, or of the figures where it
            lists none and they can all be built, so that scores are those of the whole (change ``index.years`` to fit on others).
        universe: fit and rank on these units.
        show: rank these, bounds as in the file.
        changes: ``ADDRESS=VALUE``, put into the framework (``spec.…``) or the figures (``data.unit.period.column``).
        frozen: parameters of another index (``Index.frozen``) to score with.
        seed: for methods that draw.
        without_flat: leave out indicators that are the same for every unit where they would stop the index, as an audit does.
        how: names of columns of a frame, as in :func:`tidu.indicators.frames.panel_of`.

    >>> index = make("city-ip-core", years=[2023])
    >>> index.panel.name(index.top(1)[0][0], "en")
    'Beijing'
    """
    if seed < 0:
        raise UsageError("bad_seed", seed=seed)
    framework, panel = prepared(source, data, years=years, universe=universe, show=show, changes=changes, **how)
    try:
        if years is not None and frozen is None:
            whole, _ = prepared(source, panel, universe=universe, show=show, changes=_of_spec(changes))
            if whole.table.index.years is not None or _builds(whole, panel, seed):
                frozen = build(whole, panel, seed=seed).frozen
        if without_flat and frozen is None:
            from tidu.diagnosis.audit.spread import auditable

            return auditable(framework, panel, seed=seed)
        return build(framework, panel, frozen=frozen, seed=seed)
    except TiduError as error:
        asked = {"index.years": years, "units.fit_on": universe, "units.show": show or universe}
        put = {str(Change.parse(text).address) for text in changes} | {key for key, value in asked.items() if value is not None}
        raise _placed(error, framework, data, put) from None


def prepared(
    source: str | Path | Mapping[str, Any] | Framework,
    data: Any = None,
    *,
    years: Sequence[str | int] | str | int | None = None,
    universe: str | None = None,
    show: str | None = None,
    changes: Sequence[str] = (),
    **how: Any,
) -> tuple[Framework, Panel]:
    """The framework and the panel that :func:`make` builds from, with everything put in that is asked for."""
    framework = load(source)
    parsed = [Change.parse(text) for text in changes]
    if years is not None:
        years = [years] if isinstance(years, str | int) else years
        listed = framework.table.index.years
        for year in map(str, years):
            if listed is not None and year not in listed:
                raise UsageError("unknown_period", address="index.years", period=year, known=listing(listed))
        parsed.append(Change(Change.parse("index.years=[]").address, [str(year) for year in years]))
    for key, value in (("fit_on", universe), ("show", show or universe)):
        if value is not None:
            parsed.append(Change(Change.parse(f"units.{key}=x").address, value))
    framework = framework.put(*[change for change in parsed if change.address.root == "spec"])
    panel = figures(framework, data, **how)
    return framework, with_cells(panel, [change for change in parsed if change.address.root == "data"])


def _builds(framework: Framework, panel: Panel, seed: int) -> bool:
    """Whether an index of all years of the figures can be built; a growth, say, has none in the first."""
    try:
        build(framework, panel, seed=seed)
    except TiduError:
        return False
    return True


def _of_spec(changes: Sequence[str]) -> list[str]:
    """Those changes that are of the index file and not of cells."""
    return [text for text in changes if Change.parse(text).address.root == "spec"]


def _placed(error: TiduError, framework: Framework, data: Any, changed: set[str]) -> TiduError:
    """The error with the file that its address is of: the data for a cell, else the index file unless it was put there."""
    for one in getattr(error, "errors", [error]):
        file = framework.file
        if (one.address or "").startswith("data."):
            file = Path(data).name if isinstance(data, str | Path) else None
        if file is not None and one.address not in changed:
            one.in_file(file)
    if isinstance(error, Problems):
        return Problems(error.errors)
    return error


def how_sure(
    index: Index, draws: int, seed: int = 0, progress: Progress | None = None
) -> tuple[Intervals | None, TiduError | None]:
    """The ranges beside an index's ranks, or the error that tells why there are none; neither where no points are asked for.

    >>> sure, refused = how_sure(make("city-ip-core"), 16)
    >>> sure.found.draws, refused
    (16, None)
    """
    if draws == 0 or index.framework.table.index.display == "bands":
        return None, None
    try:
        return intervals(index, draws=draws, seed=seed, progress=progress), None
    except TiduError as error:
        return None, error


def edition(
    source: str | Path | Mapping[str, Any] | Framework,
    data: Any = None,
    *,
    universe: str | None = None,
    changes: Sequence[str] = (),
    draws: int = DRAWS,
    map_number: str | None = None,
    clusters: Path | None = None,
) -> Edition:
    """The edition of an index: built, with how sure its ranks are, and its audited form beside it where one ships.

    With a map-review number its maps have boundaries (:func:`tidu.publish.basemap.basemap`); without one they never have.
    ``clusters`` is a file that ``tidu clusters`` wrote: its page shows them.

    >>> edition("city-ip-core", draws=16).units[0]
    '110000'
    """
    base = None if map_number is None else basemap(map_number)
    index = make(source, data, universe=universe, changes=changes)
    sure, _ = how_sure(index, draws)
    beside = f"{source}-audited"
    audited = make(beside, data, universe=universe) if not changes and beside in shipped_indices() else None
    return Edition(index, sure, audited, base, clusters=None if clusters is None else read_clustering(clusters))


# --- the shipped index ------------------------------------------------------------------------------------------------


def variants(name: str) -> Spread:
    """The scores of a shipped index and its pillars under every declared variant, on the shipped cities."""
    table = tomllib.loads((indices_folder() / "variants.toml").read_text(encoding="utf-8"))
    base = load(name)
    pillars = [node.code for node in base.inner if node.depth == 1]
    return spread(base, shipped.cities(), variants_of(table), nodes=pillars)


@dataclass(frozen=True)
class Main:
    """The main job's results: every shipped index and its intervals by (name, universe), the variants by name, the comparison."""

    indices: Mapping[tuple[str, str], Index]
    intervals: Mapping[tuple[str, str], Intervals]
    spreads: Mapping[str, Spread]
    comparison: Comparison


def main_job() -> Main:
    """The shipped index in both forms and both universes, how sure its ranks are, the declared variants, the comparison."""
    indices = {(name, universe): make(name, universe=universe) for name in MAIN for universe in UNIVERSES}
    sure = {key: intervals(index) for key, index in indices.items()}
    spreads = {name: variants(name) for name in MAIN[::2]}
    return Main(indices, sure, spreads, comparison(indices, spreads))


def edition_of(main: Main) -> Edition:
    """The edition of the main job's core index on all cities, its audited form beside it."""
    key = (MAIN[0], UNIVERSES[0])
    return Edition(main.indices[key], main.intervals[key], main.indices[MAIN[1], UNIVERSES[0]])


def comparison(indices: Mapping[tuple[str, str], Index], spreads: Mapping[str, Spread]) -> Comparison:
    """Our ranks beside every published city rank, each universe with bounds fitted on it."""
    return compare(
        shipped.table("published_ranks.csv"),
        {universe: indices["city-ip-core", universe] for universe in UNIVERSES},
        {universe: indices["city-ip-full", universe] for universe in UNIVERSES},
        spreads["city-ip-core"],
        spreads["city-ip-full"],
    )


def published() -> Comparison:
    """The comparison of the shipped index with every published city rank."""
    names = ("city-ip-core", "city-ip-full")
    indices = {(name, universe): make(name, universe=universe) for name in names for universe in UNIVERSES}
    return comparison(indices, {name: variants(name) for name in names})


def input_files(source: str | Path, data: str | Path | None) -> dict[str, bytes]:
    """Name → bytes of what a run is made from: the index file, the data file or the shipped figures and corrections.

    >>> list(input_files("city-ip-core", None))
    ['city-ip-core.toml', 'cities.csv', 'corrections.toml', 'gazetteer.csv']
    """
    path = Path(source)
    path = path if path.exists() else indices_folder() / f"{source}.toml"
    found = {path.name: path.read_bytes()}
    if data is not None:
        return {**found, Path(data).name: Path(data).read_bytes()}
    names = ("cities.csv", "corrections.toml", "gazetteer.csv")
    return {**found, **{name: shipped.folder().joinpath(name).read_bytes() for name in names}}


def input_hashes(source: str | Path, data: str | Path | None) -> dict[str, str]:
    """SHA-256 of what a run is made from, by the name of its file."""
    return {name: hashlib.sha256(body).hexdigest() for name, body in input_files(source, data).items()}


def gaps() -> tuple[dict[str, str], ...]:
    """Published indicators that no open city column carries."""
    return shipped.table("gaps.csv")


# --- a COINr pair -----------------------------------------------------------------------------------------------------


def from_coin(meta: str | Path, data: str | Path) -> tuple[dict[str, Any], Panel]:
    """The content of an index file and the panel that a COINr iMeta/iData pair of table files makes."""
    grids = {"iMeta": read_grid(Path(meta)), "iData": read_grid(Path(data))}
    first, second = ([dict(zip(grid.headings, map(_cell, row), strict=True)) for _, row in grid.rows] for grid in grids.values())
    try:
        spec = coin_spec(first)
        spec["units"] = {"kind": "unit"}
        framework = Framework.of(spec, file="iMeta")
        panel = coin_panel(second, first)
        check_pair(framework, panel)
    except TiduError as error:
        for one in getattr(error, "errors", [error]):
            _in_pair(one, grids, [row.get("iCode", "") for row in first])
        raise (Problems(error.errors) if isinstance(error, Problems) else error) from None
    return spec, panel


def _in_pair(error: TiduError, grids: Mapping[str, Grid], codes: Sequence[str]) -> None:
    """The error with the pair's own file names and row numbers; a fault of a node is at the row of its code."""
    grid = grids[error.file or "iMeta"]
    at = None if error.row is None else error.row - 2
    if at is None and error.address and error.address.startswith(("indicator.", "pillar.")):
        code = Address.parse(error.address).parts[1]
        at = codes.index(code) if code in codes else None
    error.file = grid.file
    if at is not None:
        error.row = grid.rows[at][0]
    elif error.code == "coin_column":
        error.row = grid.top


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
