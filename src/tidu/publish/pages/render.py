"""Pages from templates: what every page shares, in Chinese or English, under a strict content policy."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tidu.core.words import dated, filled, percentile_text, share_text
from tidu.publish.charts.style import quiet
from tidu.publish.edition import LANGUAGES, Edition

#: Nothing but the site's own files; no inline script, no inline style, no frame around it.
POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
#: As a meta tag, where ``frame-ancestors`` is not heard.
META_POLICY = POLICY.partition("; frame-ancestors")[0]

#: What the menu leads to: text key and address under the language.
MENU = (
    ("home", "index.html"),
    ("ranking", "ranking.html"),
    ("compare", "compare.html"),
    ("indicators", "indicators.html"),
    ("map", "map.html"),
    ("gradient", "gradient.html"),
    ("clusters", "clusters.html"),
    ("bench", "bench.html"),
    ("audit", "audit.html"),
    ("data", "data.html"),
)

HTML, SCRIPT, STYLE, CSV, JSON, SVG = (
    "text/html; charset=utf-8",
    "text/javascript; charset=utf-8",
    "text/css; charset=utf-8",
    "text/csv; charset=utf-8",
    "application/json; charset=utf-8",
    "image/svg+xml",
)


@dataclass(frozen=True)
class Content:
    """What stands at an address: its bytes and their kind."""

    kind: str
    body: bytes

    @classmethod
    def text(cls, kind: str, text: str) -> Content:
        """Content from a text, in UTF-8."""
        return cls(kind, text.encode("utf-8"))


@cache
def texts() -> dict[str, dict[str, str]]:
    """The texts of the pages: key → language → text, from ``data/site.toml``.

    >>> texts()["ranking"]["en"]
    'Ranking'
    """
    return tomllib.loads(resources.files("tidu.data").joinpath("site.toml").read_text(encoding="utf-8"))


def text(key: str, lang: str, **values: object) -> str:
    """One text of the pages in one language, its places filled."""
    return filled(texts()[key][lang], lang, values)


def called(edition: Edition, lang: str) -> dict[str, str]:
    """What texts call the units: ``city`` and ``cities``, or a plain unit where the index is not of cities.

    >>> from tidu import app
    >>> called(app.edition("city-ip-core", draws=0), "zh")["city"]
    '城市'
    """
    kind = "city" if edition.index.framework.table.units.kind == "city" else "unit"
    return {"city": text("one_" + kind, lang), "cities": text("many_" + kind, lang)}


@cache
def environment() -> Environment:
    """The templates: everything escaped, an unknown name is an error."""
    made = Environment(
        loader=PackageLoader("tidu.publish", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["number"] = number
    made.filters["dated"] = dated
    made.filters["percent"] = share_text
    made.filters["percentile"] = percentile_text
    made.filters["signed"] = signed
    return made


def number(value: float | None, digits: int = 2) -> str:
    """A figure as it stands on a page: thousands parted, a missing one as a dash.

    >>> number(1234.5), number(None), number(float("nan"))
    ('1,234.50', '—', '—')
    """
    if value is None or value != value:
        return "—"
    return f"{value:,.{digits}f}" if isinstance(value, float) else f"{value:,}"


def signed(value: float | None, digits: int = 2) -> str:
    """A difference with its sign; a missing one as a dash.

    >>> signed(1.5), signed(-0.25, 1), signed(-0.001), signed(None)
    ('+1.50', '-0.2', '+0.00', '—')
    """
    return "—" if value is None or value != value else f"{float(f'{value:.{digits}f}') + 0.0:+,.{digits}f}"


def menu(edition: Edition) -> list[tuple[str, str]]:
    """What the menu of an edition leads to: pages that it cannot have are left out."""
    several = edition.ranked and len(edition.units) > 1
    able = {
        "map": edition.mapped,
        "gradient": edition.placed,
        "bench": edition.ranked,
        "compare": several,
        "clusters": edition.clustered,
    }
    return [entry for entry in MENU if able.get(entry[0], True)]


def page(edition: Edition, lang: str, address: str, template: str, root: str | None = None, **values: Any) -> Content:
    """A page: its template filled with the edition, the texts in a language, and ``values``.

    ``address`` is the page's place under the site's root, such as ``zh/city/330800.html``; links are relative to it, so that
    the same page works from a server and from a folder; or begin with ``root``, where that is given.
    """
    own = address.split("/")
    other = LANGUAGES[1 - LANGUAGES.index(lang)]
    body = (
        environment()
        .get_template(template)
        .render(
            edition=edition,
            lang=lang,
            html_lang="zh-CN" if lang == "zh" else "en",
            address=address,
            other="/".join([other, *own[1:]]),
            other_lang=other,
            root="../" * (len(own) - 1) if root is None else root,
            policy=META_POLICY,
            t=lambda key, **filled: text(key, lang, **{**called(edition, lang), **filled}),
            name=lambda unit: edition.name(unit, lang),
            label=lambda node: edition.label(node, lang),
            slug=edition.slugs,
            menu=menu(edition),
            picture=picture,
            **values,
        )
    )
    return Content.text(HTML, body)


def script(values: Any, name: str = "tidu") -> Content:
    r"""A classic script that sets one global to the values: a page's data, without a fetch.

    >>> script({"a": 1}).body
    b'window.tidu = {"a":1};\n'
    """
    body = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Content.text(SCRIPT, f"window.{name} = {body};\n".replace("</", "<\\/"))


def live_address(address: str) -> str:
    """Where the live charts of a page stand.

    >>> live_address("zh/city/330800.html")
    'zh/city/330800.live.js'
    """
    return address.removesuffix(".html") + ".live.js"


def specs(charts: Mapping[str, Any]) -> Content:
    """The script of a page's live charts: one global, ``tiduCharts``, each chart's Vega-Lite by the figure's id.

    A figure becomes live by ``data-chart="ID"``, ``data-spec="ADDRESS"`` and ``static/live.js`` (see ``templates/live.html``),
    which fetches neither script before the picture is touched.

    >>> from tidu.publish.charts.style import rows_of
    >>> import altair as alt
    >>> specs({"one": alt.Chart(rows_of([{"a": 1}])).mark_point().encode(x="a:Q")}).body[:28]
    b'window.tiduCharts = {"one":{'
    """
    made = {name: quiet(chart if isinstance(chart, dict) else chart.to_dict(validate=False)) for name, chart in charts.items()}
    return script(made, "tiduCharts")


def picture(svg: str, name: str = "") -> Markup:
    """A picture drawn here, to stand in a page: without its XML heading, and without style attributes, which the policy bars.

    Roles and labels of its parts are taken away too, as the page says what it shows.
    With a ``name`` its own names begin with it, so that two pictures of a page do not share a clip.

    >>> picture('<svg><clipPath id="a"/><g style="x" clip-path="url(#a)"/></svg>', "p1")
    Markup('<svg><clipPath id="p1-a"/><g clip-path="url(#p1-a)"/></svg>')
    """
    drawn = re.sub(r'\s(?:style|role|aria-[a-z]+)="[^"]*"', "", svg[svg.index("<svg") :])
    if name:
        drawn = re.sub(r'\bid="([\w-]+)"', rf'id="{name}-\1"', drawn)
        drawn = re.sub(r"url\(#([\w-]+)\)", rf"url(#{name}-\1)", drawn)
    return Markup(drawn)
