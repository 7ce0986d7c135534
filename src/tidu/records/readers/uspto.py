"""What every form of the USPTO's records shares: keys, numbers, dates, symbols, names and countries as they are printed there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

Row = dict[str, str | None]
Rows = dict[str, list[Row]]
#: A priority claim: office, number and date.
Claim = tuple[str | None, str | None, str | None]
#: Words that stand where nothing is said.
FILLERS = frozenset(("", "NULL", "none", "None", "unknown", "omitted", "N/A", "0001-01-01", "00000000"))
#: Who an assignee is, by the office's code; 02 and 03 are companies and corporations, universities among them, so they say no type.
ASSIGNEES = {"04": "person", "05": "person", "06": "government", "07": "government", "08": "government", "09": "government"}
#: Kinds of application by the office's words and codes; what is none of the three kinds keeps its own word.
KINDS = {"utility": "invention", "reissue": "invention", "UTL": "invention", "REI": "invention", "DES": "design", "PLT": "plant"}
#: How records of assignments and file wrappers spell the countries that they name most.
COUNTRIES = {
    "ARGENTINA": "AR",
    "AUSTRALIA": "AU",
    "AUSTRIA": "AT",
    "BARBADOS": "BB",
    "BELGIUM": "BE",
    "BERMUDA": "BM",
    "BRAZIL": "BR",
    "BRITISH VIRGIN ISLANDS": "VG",
    "VIRGIN ISLANDS, BRITISH": "VG",
    "BULGARIA": "BG",
    "CANADA": "CA",
    "CAYMAN ISLANDS": "KY",
    "CHILE": "CL",
    "CHINA": "CN",
    "CROATIA": "HR",
    "CYPRUS": "CY",
    "CZECH REPUBLIC": "CZ",
    "DENMARK": "DK",
    "ESTONIA": "EE",
    "EUROPEAN PATENT OFFICE (EPO)": "EP",
    "FINLAND": "FI",
    "FRANCE": "FR",
    "GERMANY": "DE",
    "GIBRALTAR": "GI",
    "GREECE": "GR",
    "HONG KONG": "HK",
    "HUNGARY": "HU",
    "ICELAND": "IS",
    "INDIA": "IN",
    "INDONESIA": "ID",
    "IRELAND": "IE",
    "ISRAEL": "IL",
    "ITALY": "IT",
    "JAPAN": "JP",
    "KOREA, REPUBLIC OF": "KR",
    "REPUBLIC OF KOREA": "KR",
    "LATVIA": "LV",
    "LIECHTENSTEIN": "LI",
    "LITHUANIA": "LT",
    "LUXEMBOURG": "LU",
    "MACAU": "MO",
    "MALAYSIA": "MY",
    "MALTA": "MT",
    "MEXICO": "MX",
    "MONACO": "MC",
    "NETHERLANDS": "NL",
    "NEW ZEALAND": "NZ",
    "NORWAY": "NO",
    "PANAMA": "PA",
    "PHILIPPINES": "PH",
    "POLAND": "PL",
    "PORTUGAL": "PT",
    "ROMANIA": "RO",
    "RUSSIAN FEDERATION": "RU",
    "SAUDI ARABIA": "SA",
    "SINGAPORE": "SG",
    "SLOVAKIA": "SK",
    "SLOVENIA": "SI",
    "SOUTH AFRICA": "ZA",
    "SPAIN": "ES",
    "SWEDEN": "SE",
    "SWITZERLAND": "CH",
    "TAIWAN": "TW",
    "THAILAND": "TH",
    "TURKEY": "TR",
    "UKRAINE": "UA",
    "UNITED ARAB EMIRATES": "AE",
    "UNITED KINGDOM": "GB",
    "UNITED STATES": "US",
    "USA": "US",
    "VIET NAM": "VN",
}
_NOT_WORD = re.compile(r"[^0-9A-Z]")
_PADDED = re.compile(r"([A-Z]{0,2})0*(\d+)")
_CODE = re.compile(r"[A-Z]{2}")


def bare(text: str | None) -> str | None:
    """Capitals and digits of a number alone.

    >>> bare("PCT/NO98/00107"), bare("2007/0140112")
    ('PCTNO9800107', '20070140112')
    """
    return _NOT_WORD.sub("", text.upper()) or None if text else None


def key(number: str | None) -> str | None:
    """The key of an application: ``US``, two digits of the series and six of the number; ``WO`` for an international one.

    Blanks, slashes and commas fall away, so that ``13/648,029`` and ``13648029`` meet; sources that write the year before the
    number, as DOCDB does, do not meet it.

    >>> key("09/413215"), key("13648029"), key("PCT/US15/27322")
    ('US09413215', 'US13648029', 'WOPCTUS1527322')
    """
    plain = bare(number)
    return None if plain is None else ("WO" if plain.startswith("PCT") else "US") + plain


def office(number: str | None, country: str | None) -> str | None:
    """The office of an application: WO for an international one, whatever country is printed beside it.

    >>> office("PCT/NO98/00107", "US"), office("971605", "NO")
    ('WO', 'NO')
    """
    return "WO" if number and number.startswith("PCT") else country


def publication_number(number: str | None, country: str | None = "US") -> str | None:
    """A publication's number without blanks and marks, of the US also without the noughts that fill it up.

    >>> publication_number("D0435854"), publication_number("08930553"), publication_number("96/25012", "WO")
    ('D435854', '8930553', '9625012')
    """
    plain = bare(number)
    if plain is None or country != "US":
        return plain
    found = _PADDED.fullmatch(plain)
    return found[1] + found[2] if found else plain


def cited(country: str | None, number: str | None, kind: str | None) -> str | None:
    """A cited publication: office, number and kind without blanks, the office once though it stand before the number too.

    >>> cited("US", "D. 271298", None), cited("US", "2014/0101322", "A1"), cited("WO", "WO2009/157308", None)
    ('USD271298', 'US20140101322A1', 'WO2009157308')
    """
    plain = publication_number(number.removeprefix(country or ""), country) if number else None
    return (country or "") + plain + (kind or "") if plain else None


def day(text: str | None) -> str | None:
    """A date of eight digits as 2017-10-01, of a month alone as 2017-10; what is neither stays as it stands.

    >>> day("20171001"), day("19830600"), day("2021-06-24T04:00:00Z"), day(None)
    ('2017-10-01', '1983-06', '2021-06-24', None)
    """
    if not text or text in FILLERS:
        return None
    if len(text) == 8 and text.isdigit():
        return f"{text[:4]}-{text[4:6]}" if text[6:] == "00" else f"{text[:4]}-{text[4:6]}-{text[6:]}"
    text = text[:10] if text[10:11] == "T" else text
    return None if text in FILLERS else text


def said(node: etree._Element | None, path: str = ".") -> str | None:
    """The text of a node below another with everything in it, blanks made one; nothing where it lacks or holds a filler."""
    if node is None:
        return None
    found = node if path == "." else node.find(path)
    if found is None:
        return None
    text = found.text if not len(found) else "".join(found.itertext())
    if not text:
        return None
    text = " ".join(text.split())
    return None if text in FILLERS else text


def name(family: str | None, given: str | None, *more: str | None) -> str | None:
    """A person's name, the family's first: the order in which the office files it.

    >>> name("Clark", "Lawrence", "A."), name("Ford", None)
    ('Clark, Lawrence A.', 'Ford')
    """
    first = " ".join(filter(None, (given, *more)))
    return ", ".join(filter(None, (family, first))) or None


def country(text: str | None, state: str | None = None) -> str | None:
    """A country as two letters: a code of two letters and a third mark (``JPX``), or a name; the US where a state stands alone.

    >>> country("JPX"), country("GB2"), country("KOREA, REPUBLIC OF"), country(None, "IA"), country("unknown")
    ('JP', 'GB', 'KR', 'US', None)
    """
    if not text or text in FILLERS:
        return "US" if state else None
    if len(text) <= 3:
        return text[:2] if _CODE.match(text) else None
    return COUNTRIES.get(text.strip().upper())


def place(lines: Iterable[str | None], city: str | None, state: str | None, land: str | None, post: str | None) -> Row:
    """The columns of an address: the printed lines with city and state as one text, and what the source tells apart."""
    text = ", ".join(filter(None, (*lines, city, state)))
    return {
        "country": country(land, state),
        "address": text or None,
        "postcode": post,
        "printed_province": state,
        "printed_city": city,
    }


def unspaced(text: str | None) -> str | None:
    """A symbol without blanks.

    >>> unspaced("H04L  67/1069")
    'H04L67/1069'
    """
    return "".join(text.split()) or None if text else None


def ipc(text: str | None) -> str | None:
    """An IPC symbol of fixed width, as C12Q1/68: four places of the subclass, three of the group, the rest the subgroup.

    Groups filled up with noughts (``A41D013/00``) are read too. Where blanks of the group fell away, the subgroup has two digits.

    >>> ipc("C12Q  168"), ipc("G06F 1516"), ipc("A41D013/00"), ipc("E03C 104")
    ('C12Q1/68', 'G06F15/16', 'A41D13/00', 'E03C1/04')
    """
    if not text:
        return None
    head, rest = text[:4], text[4:]
    if "/" in rest:
        group, _, sub = rest.partition("/")
    else:
        group, sub = rest[:3], rest[3:]
        if len(sub.strip()) < 2:
            group, sub = rest.strip()[:-2], rest.strip()[-2:]
    group = group.strip().lstrip("0")
    return unspaced(f"{head}{group}/{sub}" if group and sub.strip() else text)


def uspc(text: str | None) -> str | None:
    """A US class symbol of fixed width, as 24/305S: three places of the class, three of the subclass, then decimals and letters.

    Without the blanks that fill it up it cannot be parted and stays as it stands.

    >>> uspc("  2 16"), uspc(" 24 305 S"), uspc("D 1106"), uspc("600300000"), uspc("4675")
    ('2/16', '24/30.5S', 'D1/106', '600/300', '4675')
    """
    if not text:
        return None
    text = text.rstrip()
    main, whole, rest = (unspaced(part) or "" for part in (text[:3], text[3:6], text[6:]))
    if len(text) < 5 or not main or not whole or main.isalpha():
        return unspaced(text)
    decimals = rest.rstrip("0") if len(text) >= 9 and rest.isdigit() else rest
    mark = "." if decimals[:1].isdigit() else ""
    return f"{main.lstrip('0') or main}/{whole.lstrip('0') or whole}{mark}{decimals}"


def locarno(text: str | None) -> str | None:
    """A Locarno class, as 14-02.

    >>> locarno("1402"), locarno("D0604"), locarno("14-02")
    ('14-02', '06-04', '14-02')
    """
    plain = bare(text)
    if plain is None:
        return None
    digits = plain.removeprefix("D")
    return f"{digits[:2]}-{digits[2:]}" if len(digits) == 4 and digits.isdigit() else plain


def classes(appno: str | None, scheme: str, symbols: Iterable[str | None]) -> list[Row]:
    """The rows of a scheme's symbols in the printed order, each once."""
    return [
        {"appno": appno, "scheme": scheme, "symbol": symbol, "seq": str(at)}
        for at, symbol in enumerate(dict.fromkeys(filter(None, symbols)), 1)
    ]


def agents(appno: str | None, names: Iterable[str | None]) -> list[Row]:
    """Each agent once, in the printed order."""
    return [
        {"appno": appno, "role": "agent", "seq": str(at), "name": one}
        for at, one in enumerate(dict.fromkeys(filter(None, names)), 1)
    ]


def priorities(appno: str | None, claims: Iterable[Claim]) -> list[Row]:
    """The rows of priority claims, each once: of foreign and provisional applications, and of parents whose date is claimed."""
    return [
        {"appno": appno, "authority": office(number, land), "number": number, "claimed": when}
        for land, number, when in dict.fromkeys(claims)
        if number
    ]


def counted(claims: etree._Element) -> int:
    """How many claims stand in a group, those that were cancelled not."""
    return sum("(cancel" not in "".join(islice(one.itertext(), 8)).lower() for one in claims.iterfind("claim"))


def patent(appno: str | None, published: list[Row], claimed: list[Row], filing: str | None, **more: str | None) -> Row:
    """The row of an application: its first publication and earliest priority are the first of those that are told."""
    return {
        "appno": appno,
        "authority": appno[:2] if appno else "US",
        "filing": filing,
        "earliest_priority": min((one["claimed"] for one in claimed if one["claimed"]), default=filing),
        "first_publication": min((one["published"] for one in published if one["published"]), default=None),
        "provisional": "false",
        **more,
    }
