"""The linked tables: what all loads together say, one row an application, parties as entities in cities, events as states.

A load holds documents as they came. Linking joins them: of several documents on one application the latest word stands, parties
get an entity, a group and a city, citations find their application, events become states with a beginning and an end. Measures
read these tables and nothing else. They can be made anew from the loads at any time.
"""

from __future__ import annotations

import json
from pathlib import Path

from tidu.core.errors import DataError, UsageError
from tidu.records.schema import Kind, Table, table

#: The folder of the linked tables in that of the store, the account of them in that folder, and their form.
FOLDER, ACCOUNT, FORM = "linked", "linked.json", 1

#: The day on which a state that has not ended ends: no real date is as late.
OPEN = 2_000_000

_PLACE: tuple[tuple[str, Kind, str], ...] = (
    ("city", "text", "city of the fixed vintage, six digits of GB/T 2260; empty where it could not be told"),
    ("city_then", "text", "city as it was in the year of filing"),
    (
        "method",
        "text",
        "how the city was told: printed, vendor, address, alias, credit_code, modal; abroad, or unresolved where it was not",
    ),
    ("confidence", "number", "how sure that is, from 0 to 1"),
)

#: Every linked table by name.
LINKED: dict[str, Table] = {
    one.name: one
    for one in (
        table(
            "application",
            "an application, once",
            "appno",
            ("appno", "text", "application number without prefix, dot and check digit"),
            ("authority", "text", "office, two letters of WIPO ST.3"),
            ("kind", "text", "invention, utility_model or design"),
            ("route", "text", "national, pct or international"),
            ("title", "text", "title"),
            ("filing", "date", "filing date"),
            ("earliest_priority", "date", "earliest priority date, the filing date where none is claimed"),
            ("first_publication", "date", "date of the first publication"),
            ("granted", "date", "date of the announcement of grant"),
            ("claims", "whole", "number of claims"),
            ("family", "text", "simple family: as the source numbers it, else by equal priorities, else the application itself"),
            ("family_extended", "text", "extended family: joined by any shared priority"),
            ("family_offices", "whole", "number of offices with a member of the simple family"),
            ("twin", "text", "application of the other kind that was filed for the same invention on the same day"),
            ("ended", "date", "date on which the right or the application ended, where it has"),
            ("provisional", "flag", "whether the key was made of title, applicant and filing date"),
            ("documents", "whole", "how many documents of the loads tell of it"),
        ),
        table(
            "party",
            "a person or body in a role",
            "appno role seq",
            ("appno", "text", "application"),
            ("role", "text", "applicant, assignee, inventor or agent"),
            ("seq", "whole", "place in the printed order, from 1"),
            ("name", "text", "name as printed"),
            ("entity", "text", "legal entity"),
            ("group", "text", "group that the entity belongs to; the entity itself where none is known"),
            ("type", "text", "company, university, institute, hospital, government, person or other"),
            ("country", "text", "two letters of WIPO ST.3"),
            *_PLACE,
        ),
        table(
            "class",
            "a classification symbol, once an application and scheme",
            "appno scheme symbol",
            ("appno", "text", "application"),
            ("scheme", "text", "ipc, cpc, locarno, uspc, industry or emerging"),
            ("symbol", "text", "symbol without spaces"),
            ("seq", "whole", "place in the printed order; 1 is the main one"),
        ),
        table(
            "citation",
            "a citation, its cited application found where the loads hold it",
            "appno seq",
            ("appno", "text", "citing application"),
            ("seq", "whole", "place in the printed order"),
            ("cited", "text", "cited publication as printed"),
            ("cited_appno", "text", "cited application, where the loads hold it"),
            ("literature", "text", "cited text that is no patent"),
            ("published", "date", "date on which the citing application was first published"),
        ),
        table(
            "event",
            "a legal event with its meaning",
            "appno seq",
            ("appno", "text", "application"),
            ("seq", "whole", "place in time, from 1"),
            ("code", "text", "code of the office"),
            ("meaning", "text", "transfer, licence, pledge, open_licence, lapse …; other where the code is not known"),
            ("effective", "date", "date of effect"),
            ("published", "date", "date of the gazette"),
            ("contract", "text", "registration number of the contract"),
            ("giver", "text", "who gives, as printed"),
            ("giver_entity", "text", "entity that gives"),
            ("giver_group", "text", "its group"),
            ("giver_city", "text", "its city"),
            ("taker", "text", "who takes, as printed"),
            ("taker_entity", "text", "entity that takes"),
            ("taker_group", "text", "its group"),
            ("taker_city", "text", "its city"),
            ("taker_country", "text", "its country"),
            ("amount", "number", "amount in yuan, where one is printed"),
        ),
        table(
            "state",
            "a state of an application from one day up to another that no longer counts",
            "appno state from",
            ("appno", "text", "application"),
            ("state", "text", "in_force, pledged, licensed, open_licence or preserved (in dispute)"),
            ("from", "date", "first day"),
            ("to", "date", "day on which it no longer holds; nothing while it holds"),
            ("contract", "text", "registration number of the contract it follows from"),
        ),
        table(
            "owner",
            "who owned an application from one day up to another that no longer counts",
            "appno seq from",
            ("appno", "text", "application"),
            ("seq", "whole", "place among the owners of that time, from 1"),
            ("name", "text", "name as printed"),
            ("entity", "text", "legal entity"),
            ("group", "text", "its group"),
            ("type", "text", "company, university, institute, hospital, government, person or other"),
            ("country", "text", "two letters of WIPO ST.3"),
            ("city", "text", "city of the fixed vintage; empty where it could not be told"),
            ("from", "date", "first day"),
            ("to", "date", "day on which it no longer holds; nothing while it holds"),
        ),
        table(
            "contract",
            "a registered technology contract",
            "number",
            ("number", "text", "registration number"),
            ("class", "text", "development, transfer, licence, consulting or service"),
            ("signed", "date", "date of signature"),
            ("amount", "number", "value in yuan"),
            ("technical_amount", "number", "purely technical part in yuan"),
            ("seller", "text", "who sells"),
            ("seller_entity", "text", "its entity"),
            ("seller_group", "text", "its group"),
            ("seller_city", "text", "its city"),
            ("seller_country", "text", "its country"),
            ("buyer", "text", "who buys"),
            ("buyer_entity", "text", "its entity"),
            ("buyer_group", "text", "its group"),
            ("buyer_city", "text", "its city"),
            ("buyer_country", "text", "its country"),
            ("field", "text", "technical field as printed"),
            ("right", "text", "type of intellectual property as printed"),
        ),
        table(
            "right",
            "an intellectual property right other than a patent",
            "number kind",
            ("number", "text", "registration number"),
            ("kind", "text", "trade_mark, design, geographical_indication, plant_variety, layout_design or software"),
            ("authority", "text", "office, two letters of WIPO ST.3"),
            ("name", "text", "words of the mark, name of the indication, of the variety, of the work"),
            ("owner", "text", "owner as printed"),
            ("owner_entity", "text", "its entity"),
            ("city", "text", "city of the owner or of origin; empty where it could not be told"),
            ("filed", "date", "filing date"),
            ("registered", "date", "date of registration or grant"),
            ("expiry", "date", "date on which it ends"),
            ("classes", "text", "classes, parted by semicolons"),
            ("product", "text", "goods, services or product as printed"),
        ),
        table(
            "firm",
            "a firm or agency on a list",
            "name type",
            ("name", "text", "name as printed"),
            ("entity", "text", "its entity"),
            ("city", "text", "its city; empty where it could not be told"),
            ("type", "text", "patent_agency, trade_mark_agency, high_tech, specialised …, or as printed"),
            ("since", "date", "date of its founding or recognition"),
        ),
    )
}


def folder_of(store: Path) -> Path:
    """The folder of the linked tables of a store's folder; those that an interrupted linking had moved aside are put back.

    Raises ``not_linked`` where there are none, ``linked_form`` where a version of another form made them.
    """
    folder, before = store / FOLDER, store / (FOLDER + ".before")
    if not folder.exists() and before.exists():
        before.rename(folder)
    if not (folder / ACCOUNT).exists():
        raise UsageError("not_linked", folder=str(store))
    form = json.loads((folder / ACCOUNT).read_text(encoding="utf-8")).get("form")
    if form != FORM:
        raise DataError("linked_form", file=str(folder / ACCOUNT), form=form, own=FORM)
    return folder
