"""The canonical tables of records: columns, types, what they mean. Every reader makes them, every measure reads them.

A reader gives text; :mod:`tidu.records.rules` says what text will do, and a load casts what passed. Dates have a twin of whole
days since 1970-01-01 (``filing_day``), so that measures do arithmetic on integers alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "date", "whole", "number", "flag"]
#: The type of a kind of column on the engine.
TYPES: dict[Kind, str] = {"text": "VARCHAR", "date": "DATE", "whole": "BIGINT", "number": "DOUBLE", "flag": "BOOLEAN"}


@dataclass(frozen=True)
class Column:
    """A column of a canonical table: its name, kind and what it holds."""

    name: str
    kind: Kind
    holds: str


@dataclass(frozen=True)
class Table:
    """A canonical table: its columns; ``key`` names those that tell a row from others of the same record."""

    name: str
    holds: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """A column by name."""
        return next(one for one in self.columns if one.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(one.name for one in self.columns)


def _table(name: str, holds: str, key: str, *columns: tuple[str, Kind, str]) -> Table:
    return Table(name, holds, tuple(key.split()), tuple(Column(*one) for one in columns))


#: Every canonical table by name. ``patent`` stands first: the others hang on its ``appno``.
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table(
            "patent",
            "an application: one row for each document that tells of it",
            "appno",
            ("appno", "text", "application number without prefix, dot and check digit; P: and a hash where none is printed"),
            ("authority", "text", "office of the application, two letters of WIPO ST.3"),
            ("kind", "text", "invention, utility_model or design"),
            ("route", "text", "national, pct (entered from the international phase) or international (the PCT application itself)"),
            ("title", "text", "title in the language of the document"),
            ("filing", "date", "filing date"),
            ("earliest_priority", "date", "earliest priority date, the filing date where none is claimed"),
            ("first_publication", "date", "date of the first publication that the document tells of"),
            ("granted", "date", "date of the announcement of grant"),
            ("claims", "whole", "number of claims"),
            ("family", "text", "simple family as the source numbers it"),
            ("family_extended", "text", "extended (INPADOC) family as the source numbers it"),
            ("secrecy", "text", "defence or confidential, where the document says so"),
            ("provisional", "flag", "whether the key was made of title, applicant and filing date"),
        ),
        _table(
            "publication",
            "a published document of an application",
            "appno number kind",
            ("appno", "text", "application that it belongs to"),
            ("authority", "text", "publishing office"),
            ("number", "text", "number without kind"),
            ("kind", "text", "kind code as printed"),
            ("published", "date", "publication date"),
        ),
        _table(
            "party",
            "a person or body in a role",
            "appno role seq",
            ("appno", "text", "application"),
            ("role", "text", "applicant, assignee, inventor or agent"),
            ("seq", "whole", "place in the printed order, from 1"),
            ("name", "text", "name as printed"),
            ("name_standard", "text", "name as the vendor or office standardised it"),
            ("type", "text", "company, university, institute, hospital, government, person or other, as the source says"),
            ("credit_code", "text", "unified social credit code"),
            ("country", "text", "two letters of WIPO ST.3"),
            ("address", "text", "address as printed"),
            ("postcode", "text", "postal code as printed"),
            ("printed_province", "text", "province as the source parsed it"),
            ("printed_city", "text", "city as the source parsed it"),
            ("printed_county", "text", "county as the source parsed it"),
        ),
        _table(
            "class",
            "a classification symbol",
            "appno scheme symbol",
            ("appno", "text", "application"),
            ("scheme", "text", "ipc, cpc, locarno, uspc or industry"),
            ("symbol", "text", "symbol without spaces, such as C07K16/18"),
            ("seq", "whole", "place in the printed order; 1 is the main one"),
        ),
        _table(
            "priority",
            "a priority claim",
            "appno number",
            ("appno", "text", "application"),
            ("authority", "text", "office of the earlier application"),
            ("number", "text", "number as printed"),
            ("claimed", "date", "date"),
        ),
        _table(
            "citation",
            "a document that is cited",
            "appno seq",
            ("appno", "text", "citing application"),
            ("seq", "whole", "place in the printed order"),
            ("cited", "text", "cited publication: office, number, kind without spaces"),
            ("literature", "text", "cited text that is no patent"),
            ("published", "date", "date of the cited document as printed"),
            ("category", "text", "category or phase as printed"),
        ),
        _table(
            "event",
            "a legal event",
            "appno code effective seq",
            ("appno", "text", "application"),
            ("seq", "whole", "place in the source"),
            ("code", "text", "code of the office, such as PE01"),
            ("effective", "date", "date of effect"),
            ("published", "date", "date of the gazette"),
            ("contract", "text", "registration number of the contract"),
            ("giver", "text", "who gives: assignor, licensor, pledgor"),
            ("taker", "text", "who takes: assignee, licensee, pledgee"),
            ("amount", "number", "amount in yuan, where one is printed"),
            ("detail", "text", "free text as printed"),
        ),
        _table(
            "contract",
            "a registered technology contract",
            "number",
            ("number", "text", "registration number"),
            ("class", "text", "development, transfer, licence, consulting or service"),
            ("signed", "date", "date of signature"),
            ("amount", "number", "value in yuan (成交额)"),
            ("technical_amount", "number", "purely technical part in yuan (技术交易额)"),
            ("seller", "text", "who sells"),
            ("seller_place", "text", "its place: division code of GB/T 2260, or text"),
            ("buyer", "text", "who buys"),
            ("buyer_place", "text", "its place"),
            ("field", "text", "technical field as printed"),
            ("right", "text", "type of intellectual property as printed"),
        ),
    )
}
