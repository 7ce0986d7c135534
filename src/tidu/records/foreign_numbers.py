"""Application numbers of any office as the world's sources write them, made one key where the numbers allow.

The key of an application is its office and the letters and digits of its number (``EP95810560``); of China the bare number. Three
forms are told apart: the office's own (``original``), DOCDB's (number and kind) and epodoc's (year and number). They meet where
one can be made from another: for the US where the two digits of the series stand (``US 201213657122 A`` is ``US13657122``), for
the EPO, for China and for international applications. A US number without its series keeps year and serial
(``US19710174394``); numbers of other offices stay as the source writes them, so DOCDB's and epodoc's do not meet there.
"""

from __future__ import annotations

import re

from tidu.records.rules import CHINESE

_PARTS = re.compile(r"([A-Z]{2})\s*([A-Z0-9/.,\- ]*?[0-9][A-Z0-9/.,\-]*?)(?:\s+([A-Z])[0-9]?)?")
_NOT_WORD = re.compile(r"[^A-Z0-9]")
_CHINESE = re.compile(CHINESE)
_CHINESE_EPODOC = re.compile(r"(19|20)(\d\d)([12389])(\d{1,7})")

#: What the engine does with a number and the filing date beside it: ``foreign_key(text, filing)``.
MACROS = (
    r"""create macro number_parts(x) as regexp_extract(upper(trim(x)),
    '^([A-Z]{2})\s*([A-Z0-9/.,\- ]*?[0-9][A-Z0-9/.,\-]*?)(?:\s+([A-Z])[0-9]?)?$', ['office', 'number', 'kind'])""",
    "create macro only_words(x) as regexp_replace(upper(x), '[^A-Z0-9]', '', 'g')",
    "create macro letter_of(kind) as case when kind in ('A', 'W') then '' else kind end",
    """create macro near_year(short, year) as
    year - year % 100 + short + case when year % 100 - short > 50 then 100 when short - year % 100 > 50 then -100 else 0 end""",
    r"""create macro international_key(number) as 'WOPCT' || substr(number, 5, 2) || case when left(number, 4) >= '2004'
    then left(number, 4) || lpad(substr(number, 7), cast(greatest(6, length(number) - 6) as integer), '0')
    else substr(number, 3, 2) || lpad(substr(number, 7), cast(greatest(5, length(number) - 6) as integer), '0') end""",
    r"""create macro american_key(number, kind, filing) as case
    when regexp_matches(number, '^\d{12}[A-Z]?$') then 'US' || substr(number, 5, 8)
    when kind <> '' and regexp_matches(number, '^\d{3,8}$') then coalesce('US'
    || cast(near_year(try_cast(right(number, 2) as integer), try_cast(left(filing, 4) as integer)) as varchar)
    || lpad(left(number, length(number) - 2), 7, '0') || letter_of(kind), 'US' || number || kind)
    else 'US' || number || letter_of(kind) end""",
    rf"""create macro chinese_key(printed, number) as case when regexp_matches(printed, '{CHINESE}') then printed
    when regexp_matches(number, '{CHINESE}') then number
    when regexp_matches(number, '^(19|20)\d\d[12389]\d{{1,7}}$')
    and (left(number, 4) > '2003' or (left(number, 4) = '2003' and length(number) > 10))
    then left(number, 5) || lpad(substr(number, 6), 7, '0')
    when regexp_matches(number, '^(19|20)\d\d[12389]\d{{1,5}}$') then substr(number, 3, 3) || lpad(substr(number, 6), 5, '0')
    else 'CN' || number end""",
    r"""create macro key_of_parts(p, filing) as case
    when p.number is null or p.number = '' then null
    when p.office = 'WO' and regexp_matches(only_words(p.number), '^\d{4}[A-Z]{2}\d+$') then international_key(only_words(p.number))
    when p.office = 'WO' and p.kind = 'W' and regexp_matches(only_words(p.number), '^[A-Z]{2}\d{7,}$')
    then 'WOPCT' || only_words(p.number)
    when p.kind = 'W' then 'WOPCT' || p.office || only_words(p.number)
    when p.office = 'US' then american_key(only_words(p.number), p.kind, filing)
    when p.office = 'EP' and regexp_matches(only_words(p.number), '^(19|20)\d\d0\d{6}$')
    then 'EP' || substr(only_words(p.number), 3, 2) || substr(only_words(p.number), 6)
    when p.office = 'EP' then 'EP' || only_words(regexp_replace(p.number, '\.\d$', ''))
    when p.office = 'CN' then chinese_key(p.number, regexp_replace(only_words(p.number), '[A-Z]$', ''))
    else p.office || only_words(p.number) || letter_of(p.kind) end""",
    # the number is parted once, behind a lambda, or the expression grows beyond measure
    r"""create macro foreign_key(x, filing) as list_transform([x], lambda y:
    case when regexp_matches(only_words(y), '^PCT[A-Z]{2}\d+$') then 'WO' || only_words(y)
    else coalesce(list_transform([number_parts(y)], lambda p: key_of_parts(p, filing))[1], y) end)[1]""",
    rf"""create macro office_of(key) as case when regexp_matches(key, '{CHINESE}') then 'CN'
    else regexp_extract(key, '^([A-Z]{{2}})', 1) end""",
)


def foreign_key(text: str | None, filing: str | None = None) -> str | None:
    """The key of an application whose number stands behind its office, with a kind behind a blank or without.

    ``filing`` (2013-03-12) tells the century of a US number that ends in two digits of the year; without it such a number keeps
    its kind, so that it is not taken for one of the office's own. A text that is no such number stays as it stands.

    >>> [foreign_key(one) for one in ("US 201213657122 A", "EP19950810560", "EP 95810560 A", "WO2007US14287", "IB 2014002701 W")]
    ['US13657122', 'EP95810560', 'EP95810560', 'WOPCTUS2007014287', 'WOPCTIB2014002701']
    >>> foreign_key("US 17439471 A", "1971-08-24"), foreign_key("US 22309605 F", "2005-02-09"), foreign_key("US20010982377")
    ('US19710174394', 'US20050223096F', 'US20010982377')
    >>> foreign_key("CN20122289808U"), foreign_key("CN2008195168"), foreign_key("CN2001275883U"), foreign_key("CN 200880114428.1 A")
    ('201220289808', '200810095168', '01275883', '200880114428.1')
    """
    if not text:
        return None
    plain = _NOT_WORD.sub("", text.upper())
    if re.fullmatch(r"PCT[A-Z]{2}\d+", plain, re.ASCII):
        return "WO" + plain
    found = _PARTS.fullmatch(text.strip().upper())
    if found is None:
        return text
    return key(found[1], found[2], found[3], filing)


def key(office: str, printed: str, kind: str | None = None, filing: str | None = None) -> str:
    """The key of an application from its office, number and the letter of its kind, as :func:`foreign_key` makes it.

    >>> key("IB", "2022055385", "W"), key("US", "11023667"), key("AT", "4342002", "U"), key("EP", "05255002.7")
    ('WOPCTIB2022055385', 'US11023667', 'AT4342002U', 'EP05255002')
    """
    number, letter = _NOT_WORD.sub("", printed), "" if kind in (None, "A", "W") else str(kind)
    if office == "WO" and re.fullmatch(r"\d{4}[A-Z]{2}\d+", number):
        year, land, serial = number[:4], number[4:6], number[6:]
        return f"WOPCT{land}{year}{serial:0>6}" if year >= "2004" else f"WOPCT{land}{year[2:]}{serial:0>5}"
    if office == "WO" and kind == "W" and re.fullmatch(r"[A-Z]{2}\d{7,}", number):
        return f"WOPCT{number}"
    if kind == "W":
        return f"WOPCT{office}{number}"
    if office == "US":
        return _american(number, kind, letter, filing)
    if office == "EP":
        if re.fullmatch(r"(19|20)\d\d0\d{6}", number):
            return f"EP{number[2:4]}{number[5:]}"
        return "EP" + _NOT_WORD.sub("", re.sub(r"\.\d$", "", printed))
    if office == "CN":
        return _chinese(printed, re.sub(r"[A-Z]$", "", number))
    return office + number + letter


def _american(number: str, kind: str | None, letter: str, filing: str | None) -> str:
    if re.fullmatch(r"\d{12}[A-Z]?", number):
        return f"US{number[4:12]}"
    if kind and re.fullmatch(r"\d{3,8}", number):
        if not filing or not re.match(r"\d{4}", filing):
            return f"US{number}{kind}"
        year, short = int(filing[:4]), int(number[-2:])
        near = year - year % 100 + short + (100 if year % 100 - short > 50 else -100 if short - year % 100 > 50 else 0)
        return f"US{near}{number[:-2]:0>7}{letter}"
    return f"US{number}{letter}"


def _chinese(printed: str, number: str) -> str:
    """A Chinese number: epodoc leaves out the noughts before its serial number, which has seven digits since October 2003."""
    if _CHINESE.match(printed):
        return printed
    if _CHINESE.match(number):
        return number
    found = _CHINESE_EPODOC.fullmatch(number)
    if found is None:
        return "CN" + number
    year, serial = found[1] + found[2], found[4]
    if year > "2003" or (year == "2003" and len(serial) > 5):
        return f"{year}{found[3]}{serial:0>7}"
    return f"{found[2]}{found[3]}{serial:0>5}" if len(serial) <= 5 else "CN" + number


def office_of(key: str) -> str:
    """The office of an application by its key.

    >>> office_of("EP95810560"), office_of("200880114428.1"), office_of("WOPCTUS9816128")
    ('EP', 'CN', 'WO')
    """
    return "CN" if _CHINESE.match(key) else key[:2]
