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


def table(name: str, holds: str, key: str, *columns: tuple[str, Kind, str]) -> Table:
    """A table of its columns, each a name, a kind and what it holds; ``key`` names its key columns, parted by spaces.

    >>> table("person", "a person", "number", ("number", "text", "number of the person")).names
    ('number',)
    """
    return Table(name, holds, tuple(key.split()), tuple(Column(*one) for one in columns))


#: Every canonical table by name. ``patent`` stands first: the others hang on its ``appno``.
TABLES: dict[str, Table] = {
    one.name: one
    for one in (
        table(
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
            ("expiry", "date", "date on which the right ended or ends, as the source says"),
            ("status", "text", "legal status as printed, as of the day of the export"),
            ("secrecy", "text", "defence or confidential, where the document says so"),
            ("provisional", "flag", "whether the key was made of title, applicant and filing date"),
        ),
        table(
            "publication",
            "a published document of an application",
            "appno number kind",
            ("appno", "text", "application that it belongs to"),
            ("authority", "text", "publishing office"),
            ("number", "text", "number without kind"),
            ("kind", "text", "kind code as printed"),
            ("published", "date", "publication date"),
        ),
        table(
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
            ("person", "text", "number of the person in a source that tells persons apart, with the source's mark before it"),
        ),
        table(
            "class",
            "a classification symbol",
            "appno scheme symbol",
            ("appno", "text", "application"),
            ("scheme", "text", "ipc, cpc, locarno, uspc, industry or emerging (strategic emerging industries)"),
            ("symbol", "text", "symbol without spaces, such as C07K16/18"),
            ("seq", "whole", "place in the printed order; 1 is the main one"),
        ),
        table(
            "priority",
            "a priority claim",
            "appno number",
            ("appno", "text", "application"),
            ("authority", "text", "office of the earlier application"),
            ("number", "text", "number as printed"),
            ("claimed", "date", "date"),
        ),
        table(
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
        table(
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
            ("taker_address", "text", "address of who takes, as printed; several are parted by semicolons"),
            ("taker_country", "text", "country of who takes, two letters of WIPO ST.3, where all have one"),
            ("amount", "number", "amount in yuan, where one is printed"),
            ("detail", "text", "free text as printed"),
        ),
        table(
            "contract",
            "a registered technology contract",
            "number",
            ("number", "text", "registration number"),
            ("title", "text", "name of the project"),
            ("class", "text", "development, transfer, licence, consulting or service; up to 2020 transfer holds licences too"),
            ("signed", "date", "date of signature"),
            ("amount", "number", "value in yuan (成交额)"),
            ("technical_amount", "number", "purely technical part in yuan (技术交易额)"),
            ("seller", "text", "who sells"),
            ("seller_place", "text", "its place: division code of GB/T 2260, or text"),
            ("seller_country", "text", "its country as printed"),
            ("seller_type", "text", "its legal form as printed"),
            ("buyer", "text", "who buys"),
            ("buyer_place", "text", "its place"),
            ("buyer_country", "text", "its country as printed"),
            ("buyer_type", "text", "its legal form as printed"),
            ("field", "text", "technical field as printed"),
            ("right", "text", "type of intellectual property as printed"),
        ),
        table(
            "right",
            "an intellectual property right other than a patent, or a design as its own register tells it",
            "number kind",
            (
                "number",
                "text",
                "registration number, the application number where none is printed, behind its office where not of China",
            ),
            (
                "kind",
                "text",
                "trade_mark, design, geographical_indication, plant_variety, layout_design or software",
            ),
            ("authority", "text", "office, two letters of WIPO ST.3"),
            ("application", "text", "application number as printed"),
            ("name", "text", "words of the mark, name of the design, of the indication, of the variety, of the work"),
            ("owner", "text", "owner as printed; several are parted by semicolons"),
            ("filed", "date", "filing date"),
            ("registered", "date", "date of registration or grant"),
            ("expiry", "date", "date on which it ends, as the source says"),
            ("classes", "text", "classes (Nice, Locarno or as printed), parted by semicolons"),
            ("place", "text", "place of the owner or of origin: division code of GB/T 2260, a country's two letters, or text"),
            ("product", "text", "goods, services or product as printed"),
            ("status", "text", "status as printed"),
        ),
        table(
            "alias",
            "another key of the same application, where a source numbers applications or publications by itself",
            "appno other",
            ("appno", "text", "key that stands in the other tables"),
            ("other", "text", "key by which other sources know the application"),
        ),
        table(
            "person",
            "a person or body that a source tells apart by a number; party rows name it",
            "person",
            ("person", "text", "number of the person, with the source's mark before it"),
            ("name", "text", "name as printed"),
            ("name_standard", "text", "name as the source standardised it"),
            ("type", "text", "sector as printed"),
            ("country", "text", "two letters of WIPO ST.3"),
            ("address", "text", "address as printed"),
            ("postcode", "text", "postal code as printed"),
            ("city", "text", "city as printed"),
            ("region", "text", "region as the source codes it (NUTS or TL3)"),
        ),
        table(
            "firm",
            "a firm or agency on a list: an agency of patents or trade marks, or a firm that was recognised as something",
            "name type",
            ("name", "text", "name as printed"),
            ("credit_code", "text", "unified social credit code"),
            ("place", "text", "its place: division code of GB/T 2260, or text"),
            (
                "type",
                "text",
                "patent_agency, trade_mark_agency, high_tech, specialised, ip_demonstration, ip_advantage, or as printed",
            ),
            ("since", "date", "date of its founding or recognition"),
        ),
    )
}
