"""The table of addresses: what stands where, for the server and the folder alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from importlib import resources

from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.pages.audit import audit
from tidu.publish.pages.bench import bench, bench_data, bench_live
from tidu.publish.pages.city import city, city_live
from tidu.publish.pages.clusters import clusters, clusters_file
from tidu.publish.pages.compare import comparable_units, compare, compare_data, compare_live
from tidu.publish.pages.data import data
from tidu.publish.pages.files import csv, files
from tidu.publish.pages.gradient import gradient, gradient_live
from tidu.publish.pages.home import home
from tidu.publish.pages.indicator import file_rows, indicator, indicator_live, indicators
from tidu.publish.pages.map import drawing, drawing_address, map_address, map_live, map_page, nodes
from tidu.publish.pages.ranking import change_script, changes, ranking, ranking_address
from tidu.publish.pages.render import SCRIPT, STYLE, Content, live_address
from tidu.publish.pages.unscored import unscored

Maker = Callable[[], Content]

_KINDS = {".css": STYLE, ".js": SCRIPT, ".svg": "image/svg+xml"}


def addresses(edition: Edition, printed: Collection[str] = ()) -> Mapping[str, Maker]:
    """Address under the site's root → what makes its content, in the order of a walk through the site.

    ``printed`` are the languages in which every unit's brief stands beside its page.
    """
    found: dict[str, Maker] = {}
    for lang in LANGUAGES:
        found |= _pages(edition, lang, lang in printed)
    found |= files(edition)
    if edition.ranked and len(edition.index.periods) > 1:
        found["data/score-change.js"] = partial(change_script, edition)
        found["data/score-change.csv"] = lambda: csv(changes(edition))
    if edition.clusters is not None:
        found["data/clusters.csv"] = partial(clusters_file, edition)
    for code in edition.index.framework.leaves:
        found[f"data/indicator/{code}.csv"] = partial(_indicator_file, edition, code)
    for file in sorted(resources.files("tidu.publish").joinpath("static").iterdir(), key=lambda file: file.name):
        kind = _KINDS.get(file.name[file.name.rindex(".") :])
        if kind is not None:
            found[f"static/{file.name}"] = partial(_static, kind, file.name)
    found["static/vega.js"] = vega
    return found


def _pages(edition: Edition, lang: str, printed: bool) -> dict[str, Maker]:
    found: dict[str, Maker] = {f"{lang}/index.html": partial(home, edition, lang, f"{lang}/index.html")}
    found[f"{lang}/data.html"] = partial(data, edition, lang, f"{lang}/data.html")
    found[f"{lang}/audit.html"] = partial(audit, edition, lang, f"{lang}/audit.html")
    if edition.mapped:
        for node in nodes(edition):
            address = map_address(edition, lang, node)
            found[address] = partial(map_page, edition, lang, address, node)
            found[live_address(address)] = partial(map_live, edition, lang, node)
            found[drawing_address(address)] = partial(drawing, edition, lang, node)
    if edition.placed:
        found[f"{lang}/gradient.html"] = partial(gradient, edition, lang, f"{lang}/gradient.html")
        found[f"{lang}/gradient.live.js"] = partial(gradient_live, edition, lang)
    if edition.clustered:
        found[f"{lang}/clusters.html"] = partial(clusters, edition, lang, f"{lang}/clusters.html")
    if edition.ranked:
        found[f"{lang}/bench.html"] = partial(bench, edition, lang, f"{lang}/bench.html")
        found[f"{lang}/bench.js"] = partial(bench_data, edition, lang)
        found[f"{lang}/bench.live.js"] = partial(bench_live, edition, lang)
    for period in edition.index.periods:
        address = ranking_address(edition, lang, period)
        found[address] = partial(ranking, edition, lang, address, period)
    found[f"{lang}/indicators.html"] = partial(indicators, edition, lang, f"{lang}/indicators.html")
    for code in edition.index.framework.leaves:
        address = f"{lang}/indicator/{code}.html"
        found[address] = partial(indicator, edition, lang, address, code)
        found[live_address(address)] = partial(indicator_live, edition, lang, code)
        if edition.mapped:
            found[drawing_address(address)] = partial(drawing, edition, lang, code)
    if comparable_units(edition):
        found[f"{lang}/compare.html"] = partial(compare, edition, lang, f"{lang}/compare.html")
        found[f"{lang}/compare.js"] = partial(compare_data, edition, lang)
        found[f"{lang}/compare.live.js"] = partial(compare_live, edition, lang)
    for unit in edition.units:
        address = f"{lang}/city/{edition.slugs[unit]}.html"
        found[address] = partial(city, edition, lang, address, unit, printed)
        if edition.ranked and len(edition.index.periods) > 1:
            found[live_address(address)] = partial(city_live, edition, lang, unit)
    for unit in edition.unscored:
        address = f"{lang}/city/{edition.slugs[unit]}.html"
        found[address] = partial(unscored, edition, lang, address, unit)
    return found


def _indicator_file(edition: Edition, code: str) -> Content:
    return csv(file_rows(edition, code))


def _static(kind: str, name: str) -> Content:
    return Content(kind, resources.files("tidu.publish").joinpath("static", name).read_bytes())


@cache
def vega() -> Content:
    """The classic script that draws live charts: Vega, Vega-Lite and Vega-Embed out of ``vl-convert``; never in the tree."""
    import vl_convert

    return Content.text(SCRIPT, vl_convert.javascript_bundle())  # type: ignore[call-arg]  # the stub asks for what may be left out
