"""An edition as SDMX: the observations as SDMX-CSV 2.0 and SDMX-JSON 2.0, their structure as SDMX-JSON 2.0.

Dimensions are ``FREQ``, ``REF_AREA`` (unit), ``INDICATOR`` (node), ``MEASURE`` (figure, score, rank) and ``TIME_PERIOD``;
attributes ``OBS_STATUS`` (the letter of a figure, A elsewhere), ``UNIT_MEASURE`` and, for the whole, ``VINTAGE`` (of which
edition the figures are). Codes have names in English and Chinese. The extra ``sdmx`` brings pysdmx, which writes the table and the
structure; it has no writer of SDMX-JSON data.

Source: SDMX 3.0, sections 3 (information model), SDMX-CSV 2.0 and SDMX-JSON 2.0 (SDMX Technical Working Group, https://sdmx.org).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tidu.core.errors import UsageError
from tidu.core.words import word
from tidu.indicators.panel import STATUS
from tidu.publish.city_files import json_text
from tidu.publish.columns import unit_said
from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.tables import number

AGENCY, DSD, FLOW, VERSION = "TIDU", "TIDU_INDEX", "TIDU_INDEX_DF", "1.0.0"
#: How often periods come: code → the key of its name.
FREQUENCIES = {"A": "sdmx_annual", "Q": "sdmx_quarterly", "M": "sdmx_monthly"}
#: What is measured at a node: code → the key of its name.
MEASURES = {"FIGURE": "sdmx_figure", "SCORE": "sdmx_score", "RANK": "sdmx_rank"}
#: What dimensions, the measure and attributes are called: identifier → the key of its name, in the order of a row.
CONCEPTS = {
    "FREQ": "sdmx_freq",
    "REF_AREA": "sdmx_ref_area",
    "INDICATOR": "sdmx_indicator",
    "MEASURE": "sdmx_measure",
    "TIME_PERIOD": "sdmx_time_period",
    "OBS_VALUE": "sdmx_obs_value",
    "OBS_STATUS": "sdmx_obs_status",
    "UNIT_MEASURE": "sdmx_unit_measure",
    "VINTAGE": "sdmx_vintage",
}
#: What an attribute hangs on: each observation, some dimensions, the whole.
ATTRIBUTES = {"OBS_STATUS": "O", "UNIT_MEASURE": "INDICATOR,MEASURE", "VINTAGE": "D"}
_SERIES = ("FREQ", "REF_AREA", "INDICATOR", "MEASURE")
_POINTS, _NUMBER = "POINTS", "PURE_NUMBER"
#: A message must say when it was made; a release is dated by its own day, and what has none by this one.
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
Names = Mapping[str, Mapping[str, Mapping[str, str]]]


def sdmx(edition: Edition, day: str | None = None) -> dict[str, str]:
    """Address → text: ``sdmx/data.csv``, ``sdmx/data.json``, ``sdmx/structure.json``; same edition and day, same bytes.

    Raises ``sdmx_missing`` where the extra is not installed, ``bands_only`` where an edition shows classes and no scores.
    """
    if not edition.ranked:
        raise UsageError("bands_only", name=edition.code)
    try:
        import pandas as pd  # noqa: TID251 - what pysdmx takes
        from pysdmx.io import write_sdmx
        from pysdmx.io.format import Format
        from pysdmx.io.pd import PandasDataset
        from pysdmx.model import Organisation, Schema
        from pysdmx.model.dataset import ActionType
        from pysdmx.model.message import Header
    except ImportError as error:
        raise UsageError("sdmx_missing") from error
    when = UNDATED if day is None else datetime.fromisoformat(day).replace(tzinfo=UTC)
    header = Header(id=edition.mark, test=False, prepared=when, sender=Organisation(id=AGENCY))
    names, rows = _names(edition), observations(edition)
    parts = _structure(edition, names)
    schema = Schema(context="dataflow", agency=AGENCY, id=FLOW, components=parts[-2].components, version=VERSION)
    table = pd.DataFrame(rows).astype(str)
    whole = {"VINTAGE": _vintage(edition)}
    data = PandasDataset(structure=schema, action=ActionType.Replace, data=table, attributes=whole)
    csv = write_sdmx([data], Format.DATA_SDMX_CSV_2_0_0)
    structure = write_sdmx(parts, Format.STRUCTURE_SDMX_JSON_2_0_0, header=header)
    return {
        "sdmx/data.csv": str(csv).replace("\r\n", "\n"),
        "sdmx/structure.json": json_text(_in_both(json.loads(str(structure)), edition, names)),
        "sdmx/data.json": json_text(_message(edition, rows, names, when)),
    }


def observations(edition: Edition) -> list[dict[str, str]]:
    """One row an observation of a shown unit, in the order of units, nodes, measures and periods; nothing that is missing.

    >>> from tidu import app
    >>> rows = observations(app.edition("city-ip-core", draws=0))
    >>> rows[0]["REF_AREA"], sorted({row["MEASURE"] for row in rows})
    ('110000', ['FIGURE', 'RANK', 'SCORE'])
    """
    index, framework = edition.index, edition.index.framework
    values = np.where(np.isnan(index.raw), index.imputed, index.raw)
    units = _units(edition)
    rows = []
    for u, unit in enumerate(index.units):
        if not index.shown[u]:
            continue
        for node in framework.nodes.values():
            item = framework.table.indicator.get(node.code) if node.leaf else None
            for measure in MEASURES:
                for t, period in enumerate(index.periods):
                    found, letter, of = float("nan"), "A", _POINTS
                    if measure == "FIGURE" and item is not None and index.live[t, node.place]:
                        found, letter = float(values[u, t, node.place]), str(index.status[u, t, node.place])
                        of = units[item.unit or ""]
                    elif measure == "SCORE":
                        found = float(index.scores[u, t, node.place])
                    elif measure == "RANK":
                        found, of = float(index.ranks[u, t, node.place]), _NUMBER
                    if np.isnan(found):
                        continue
                    said = str(int(found)) if measure == "RANK" else str(number(found))
                    key = {"FREQ": _frequency(period), "REF_AREA": _code(unit), "INDICATOR": _code(node.code)}
                    key |= {"MEASURE": measure, "TIME_PERIOD": period}
                    rows.append({**key, "OBS_VALUE": said, "OBS_STATUS": letter, "UNIT_MEASURE": of})
    return rows


def _frequency(period: str) -> str:
    """How often a period like this one comes.

    >>> [_frequency(period) for period in ("2023", "2023-Q1", "2023-01")]
    ['A', 'Q', 'M']
    """
    return "A" if len(period) == 4 else "Q" if "Q" in period else "M"


def _code(text: str) -> str:
    """A text as an identifier of SDMX: letters, digits, ``@ $ _ -``; others become their code points.

    >>> _code("件/万人")
    'U4EF6_U2F_U4E07_U4EBA'
    """
    parts = re.findall(r"[A-Za-z0-9@$_-]+|[^A-Za-z0-9@$_-]", text)
    return "_".join(part if re.match(r"[A-Za-z0-9@$_-]", part) else f"U{ord(part):X}" for part in parts)


def _units(edition: Edition) -> dict[str, str]:
    """Unit of measure → its code, made of its English name where that is one of letters and no other unit has it."""
    made = {"": _NUMBER}
    for item in edition.index.framework.table.indicator.values():
        unit = item.unit or ""
        plain = re.sub(r"[^A-Za-z0-9]+", "_", unit_said(unit, "en")).strip("_").upper()
        taken = plain in {_POINTS, *(code for other, code in made.items() if other != unit)}
        made.setdefault(unit, _code(unit) if taken or not re.search("[A-Z]", plain) else plain)
    return made


def _vintage(edition: Edition) -> str:
    """The code of the edition of the figures: how the edition's own hash begins."""
    return edition.mark


def _names(edition: Edition) -> Names:
    """Dimension or attribute → code → language → name."""

    def both(of: Mapping[str, str]) -> dict[str, dict[str, str]]:
        return {code: {lang: word(key, lang) for lang in LANGUAGES} for code, key in of.items()}

    index, units = edition.index, _units(edition)
    shown = [unit for u, unit in enumerate(index.units) if index.shown[u]]
    measured = {code: {lang: unit_said(unit, lang) for lang in LANGUAGES} for unit, code in units.items() if unit}
    return {
        "FREQ": both(FREQUENCIES),
        "REF_AREA": {_code(unit): {lang: edition.name(unit, lang) for lang in LANGUAGES} for unit in shown},
        "INDICATOR": {_code(code): {lang: edition.label(code, lang) for lang in LANGUAGES} for code in index.framework.nodes},
        "MEASURE": both(MEASURES),
        "OBS_STATUS": both({letter: f"status_{letter}" for letter in STATUS}),
        "UNIT_MEASURE": both({_POINTS: "sdmx_points", _NUMBER: "sdmx_number"}) | measured,
        "VINTAGE": {_vintage(edition): {lang: edition.vintage(lang) or edition.mark for lang in LANGUAGES}},
    }


def _message(edition: Edition, rows: list[dict[str, str]], names: Names, when: datetime) -> dict[str, Any]:
    """The observations as an SDMX-JSON 2.0 data message: one series a unit, node and measure, one observation a period."""
    values = {name: list(dict.fromkeys(row[name] for row in rows)) for name in (*_SERIES, "UNIT_MEASURE", "OBS_STATUS")}
    values |= {"TIME_PERIOD": list(edition.index.periods), "VINTAGE": [_vintage(edition)]}
    place = {name: {value: at for at, value in enumerate(found)} for name, found in values.items()}
    series: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = ":".join(str(place[name][row[name]]) for name in _SERIES)
        one = series.setdefault(key, {"attributes": [place["UNIT_MEASURE"][row["UNIT_MEASURE"]]], "observations": {}})
        at = str(place["TIME_PERIOD"][row["TIME_PERIOD"]])
        one["observations"][at] = [float(row["OBS_VALUE"]), place["OBS_STATUS"][row["OBS_STATUS"]]]

    def named(name: str) -> dict[str, Any]:
        return {"id": name, "name": word(CONCEPTS[name], "en"), "names": {lang: word(CONCEPTS[name], lang) for lang in LANGUAGES}}

    def listed(name: str, **more: Any) -> dict[str, Any]:
        said = {code: names.get(name, {}).get(code, {"en": code}) for code in values[name]}
        kept = [{"id": code, "name": both["en"], "names": both} for code, both in said.items()]
        return {**named(name), **more, "values": kept}

    links = [{"rel": "dataflow", "urn": f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow={AGENCY}:{FLOW}({VERSION})"}]
    structure = {
        "links": links,
        "dataSets": [0],
        "dimensions": {
            "series": [listed(name, keyPosition=at) for at, name in enumerate(_SERIES)],
            "observation": [listed("TIME_PERIOD", keyPosition=len(_SERIES))],
        },
        "measures": {"observation": [named("OBS_VALUE")]},
        "attributes": {
            "dataSet": [listed("VINTAGE", relationship={"dataflow": {}})],
            "series": [listed("UNIT_MEASURE", relationship={"dimensions": ["INDICATOR", "MEASURE"]})],
            "observation": [listed("OBS_STATUS", relationship={"observation": {}})],
        },
    }
    schema = (
        "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop/data-message/tools/schemas/2.0.0/sdmx-json-data-schema.json"
    )
    about = {"schema": schema, "id": edition.mark, "prepared": when.strftime("%Y-%m-%dT%H:%M:%SZ"), "test": False}
    about |= {"contentLanguages": [*reversed(LANGUAGES)], "sender": {"id": AGENCY}}
    found = {"structure": 0, "action": "Replace", "links": links, "attributes": [0], "series": series}
    return {"meta": about, "data": {"dataSets": [found], "structures": [structure]}}


def _structure(edition: Edition, names: Names) -> list[Any]:
    """The code lists, concepts, data structure and dataflow of an edition's observations."""
    from pysdmx.model import (
        Code,
        Codelist,
        Component,
        Components,
        Concept,
        ConceptScheme,
        Dataflow,
        DataStructureDefinition,
        DataType,
        ItemReference,
        Role,
    )

    made = {
        name: Codelist(
            id=f"CL_{name}",
            agency=AGENCY,
            version=VERSION,
            name=word(CONCEPTS[name], "en"),
            items=[Code(id=code, name=said["en"]) for code, said in codes.items()],
        )
        for name, codes in names.items()
    }
    kinds = {"TIME_PERIOD": DataType.PERIOD, "OBS_VALUE": DataType.DOUBLE}
    roles = {"OBS_VALUE": Role.MEASURE} | dict.fromkeys(ATTRIBUTES, Role.ATTRIBUTE)
    concepts = [Concept(id=name, name=word(key, "en"), dtype=kinds.get(name, DataType.STRING)) for name, key in CONCEPTS.items()]
    scheme = ConceptScheme(id="CS_TIDU", agency=AGENCY, version=VERSION, name=edition.title("en"), items=concepts)
    components = [
        Component(
            id=name,
            required=name not in roles,
            role=roles.get(name, Role.DIMENSION),
            concept=ItemReference(sdmx_type="Concept", agency=AGENCY, id="CS_TIDU", version=VERSION, item_id=name),
            local_dtype=kinds.get(name, DataType.STRING),
            local_codes=made.get(name),
            attachment_level=ATTRIBUTES.get(name),
        )
        for name in CONCEPTS
    ]
    title = edition.title("en")
    dsd = DataStructureDefinition(id=DSD, agency=AGENCY, version=VERSION, name=title, components=Components(components))
    return [*made.values(), scheme, dsd, Dataflow(id=FLOW, agency=AGENCY, version=VERSION, name=title, structure=dsd)]


def _in_both(message: dict[str, Any], edition: Edition, names: Names) -> dict[str, Any]:
    """A structure message with names in both languages, and without empty lists of groups, which the standard does not know."""
    found, title = message["data"], {lang: edition.title(lang) for lang in LANGUAGES}
    concepts = {name: {lang: word(key, lang) for lang in LANGUAGES} for name, key in CONCEPTS.items()}
    for one in found["codelists"]:
        name = one["id"].removeprefix("CL_")
        one["names"] = concepts[name]
        for code in one["codes"]:
            code["names"] = names[name][code["id"]]
    for one in found["conceptSchemes"]:
        one["names"] = title
        for concept in one["concepts"]:
            concept["names"] = concepts[concept["id"]]
    for one in (*found["dataStructures"], *found["dataflows"]):
        one["names"] = title
    for one in found["dataStructures"]:
        if not one["dataStructureComponents"].get("groups"):
            one["dataStructureComponents"].pop("groups", None)
    return message
