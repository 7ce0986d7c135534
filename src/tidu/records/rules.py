"""What is wrong with a row of records, as rules on its text: a code, how bad it is, and an expression that is true where it is.

``error`` puts the whole record into quarantine, ``warn`` and ``info`` let it pass with a remark. The sentences stand in
``data/rules.toml``, zh and en. Expressions are of the embedded engine, over the text columns of one canonical table, where a
date that could be read is written 2017-10-01.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from tidu.records.numbers import WEIGHTS

Severity = Literal["error", "warn", "info"]


@dataclass(frozen=True)
class Rule:
    """A rule on one canonical table: code, severity, expression true where a row breaks it."""

    code: str
    table: str
    severity: Severity
    broken: str


#: A Chinese application number as staged: 8 or 12 digits, and the check digit where one was printed.
CHINESE = r"^((8[5-9]|9\d|0[0-3])[12389]\d{5}|20\d\d[12389]\d{7})(\.[0-9X])?$"


def check_digit_sql(digits: str) -> str:
    """The expression of a number's check digit, ``digits`` being an expression of 8 or 12 digits.

    >>> from tidu.engine import connect
    >>> query = "select " + check_digit_sql("'200880114428'")
    >>> connect().sql(query).fetchall()
    [('1',)]
    """
    total = " + ".join(f"{weight} * (n // {10 ** (12 - at)} % 10)" for at, weight in enumerate(WEIGHTS, 1))
    # a list of one, so that the digits are read as a number once
    return f"list_transform([try_cast(rpad({digits}, 12, '0') as bigint)], lambda n: '0123456789X'[1 + ({total}) % 11])[1]"


def _unreadable(column: str) -> str:
    return f"{column} is not null and try_cast({column} as date) is null"


def _before(early: str, late: str) -> str:
    return f"try_cast({late} as date) < try_cast({early} as date)"


_CN = (
    "coalesce(authority, 'CN') = 'CN' and not coalesce(provisional = 'true', false) and appno is not null"
    " and not contains(appno, ':')"
)
_DIGITS = "split_part(appno, '.', 1)"
_NUMBER_YEAR = (
    f"case when length({_DIGITS}) = 12 then substr(appno, 1, 4)"
    " when substr(appno, 1, 1) in ('8', '9') then '19' || substr(appno, 1, 2) else '20' || substr(appno, 1, 2) end"
)
_CREDIT = r"^[0-9A-HJ-NPQRTUWXY]{18}$"

#: Every rule, in the order in which reasons are told.
RULES: tuple[Rule, ...] = (
    Rule("no_key", "patent", "error", "appno is null"),
    Rule("number_form", "patent", "error", rf"{_CN} and not regexp_matches(appno, '{CHINESE}')"),
    Rule(
        "check_digit_wrong",
        "patent",
        "error",
        rf"{_CN} and regexp_matches(appno, '{CHINESE}') and contains(appno, '.') and {_NUMBER_YEAR} >= '1989'"
        rf" and split_part(appno, '.', 2) <> {check_digit_sql(_DIGITS)}",
    ),
    Rule("filing_unreadable", "patent", "error", _unreadable("filing")),
    Rule("filing_lacking", "patent", "warn", "filing is null"),
    Rule("filing_too_early", "patent", "error", f"{_CN} and try_cast(filing as date) < date '1985-04-01'"),
    Rule("publication_unreadable", "patent", "warn", _unreadable("first_publication")),
    Rule("grant_unreadable", "patent", "warn", _unreadable("granted")),
    Rule("priority_unreadable", "patent", "warn", _unreadable("earliest_priority")),
    Rule("publication_before_filing", "patent", "warn", _before("filing", "first_publication")),
    Rule("grant_before_filing", "patent", "warn", _before("filing", "granted")),
    Rule("priority_after_filing", "patent", "warn", _before("earliest_priority", "filing")),
    Rule(
        "priority_too_early",
        "patent",
        "info",
        "date_diff('day', try_cast(earliest_priority as date), try_cast(filing as date)) > 1100",
    ),
    Rule(
        "year_differs",
        "patent",
        "warn",
        rf"{_CN} and regexp_matches(appno, '{CHINESE}') and try_cast(filing as date) is not null"
        rf" and {_NUMBER_YEAR} <> substr(filing, 1, 4)",
    ),
    Rule("kind_unknown", "patent", "warn", "kind is not null and kind not in ('invention', 'utility_model', 'design')"),
    Rule("title_lacking", "patent", "warn", "title is null"),
    Rule(
        "claims_unreadable",
        "patent",
        "warn",
        "claims is not null and (try_cast(claims as bigint) is null or try_cast(claims as bigint) < 0)",
    ),
    Rule("expiry_unreadable", "patent", "warn", _unreadable("expiry")),
    Rule("provisional_key", "patent", "info", "provisional = 'true'"),
    Rule("check_digit_lacking", "patent", "info", rf"{_CN} and regexp_matches(appno, '{CHINESE}') and not contains(appno, '.')"),
    Rule("name_lacking", "party", "warn", "name is null"),
    Rule("name_of_one_letter", "party", "info", "length(name) = 1"),
    Rule("credit_code_form", "party", "warn", rf"credit_code is not null and not regexp_matches(upper(credit_code), '{_CREDIT}')"),
    Rule("country_form", "party", "warn", "country is not null and not regexp_matches(country, '^[A-Z]{2}$')"),
    Rule("publication_number_lacking", "publication", "warn", "number is null"),
    Rule("publication_date_unreadable", "publication", "warn", _unreadable("published")),
    Rule(
        "ipc_form",
        "class",
        "warn",
        r"scheme in ('ipc', 'cpc') and not regexp_matches(symbol, '^[A-HY]\d{2}[A-Z](\d{1,4}/\d{2,6})?$')",
    ),
    Rule("event_number_lacking", "event", "error", "appno is null"),
    Rule(
        "event_number_form",
        "event",
        "error",
        rf"appno is not null and regexp_matches(appno, '^\d') and not regexp_matches(appno, '{CHINESE}')",
    ),
    Rule(
        "event_check_digit_wrong",
        "event",
        "error",
        rf"appno is not null and regexp_matches(appno, '{CHINESE}') and contains(appno, '.') and {_NUMBER_YEAR} >= '1989'"
        rf" and split_part(appno, '.', 2) <> {check_digit_sql(_DIGITS)}",
    ),
    Rule("event_code_lacking", "event", "warn", "code is null"),
    Rule("event_date_unreadable", "event", "warn", _unreadable("effective")),
    Rule("event_date_lacking", "event", "warn", "effective is null and published is null"),
    Rule("amount_unreadable", "event", "warn", "amount is not null and try_cast(amount as double) is null"),
    Rule("contract_number_lacking", "contract", "error", "number is null"),
    Rule("contract_number_form", "contract", "warn", r"number is not null and not regexp_matches(number, '^\d{14}(\d{2})?$')"),
    Rule("contract_amount_lacking", "contract", "warn", "amount is null"),
    Rule("contract_amount_unreadable", "contract", "error", "amount is not null and try_cast(amount as double) is null"),
    Rule("contract_amount_negative", "contract", "error", "try_cast(amount as double) < 0"),
    Rule(
        "technical_above_whole",
        "contract",
        "warn",
        "try_cast(technical_amount as double) > try_cast(amount as double)",
    ),
    Rule("signed_unreadable", "contract", "warn", _unreadable("signed")),
    Rule(
        "contract_class_unknown",
        "contract",
        "warn",
        "class is not null and class not in ('development', 'transfer', 'licence', 'consulting', 'service')",
    ),
    Rule(
        "class_before_civil_code",
        "contract",
        "info",
        "class = 'transfer' and try_cast(signed as date) < date '2021-01-01'",
    ),
    Rule(
        "place_code_form",
        "contract",
        "warn",
        r"regexp_matches(coalesce(seller_place, 'x'), '^\d+$') and length(seller_place) not in (2, 4, 6)"
        r" or regexp_matches(coalesce(buyer_place, 'x'), '^\d+$') and length(buyer_place) not in (2, 4, 6)",
    ),
    Rule("party_number_lacking", "party", "error", "appno is null"),
    Rule("publication_application_lacking", "publication", "error", "appno is null"),
    Rule("class_number_lacking", "class", "error", "appno is null"),
    Rule("priority_number_lacking", "priority", "error", "appno is null"),
    Rule("citation_number_lacking", "citation", "error", "appno is null"),
    Rule("alias_lacking", "alias", "error", "appno is null or other is null"),
    Rule("person_number_lacking", "person", "error", "person is null"),
    Rule("right_key_lacking", "right", "error", "number is null and name is null"),
    Rule("right_number_lacking", "right", "warn", "number is null and name is not null"),
    Rule(
        "right_kind_unknown",
        "right",
        "error",
        "kind is null or kind not in"
        " ('trade_mark', 'design', 'geographical_indication', 'plant_variety', 'layout_design', 'software')",
    ),
    Rule("right_owner_lacking", "right", "warn", "owner is null"),
    Rule("right_filed_unreadable", "right", "warn", _unreadable("filed")),
    Rule("right_registered_unreadable", "right", "warn", _unreadable("registered")),
    Rule("right_expiry_unreadable", "right", "warn", _unreadable("expiry")),
    Rule("registered_before_filed", "right", "warn", _before("filed", "registered")),
    Rule("firm_name_lacking", "firm", "error", "name is null"),
    Rule(
        "firm_credit_code_form",
        "firm",
        "warn",
        rf"credit_code is not null and not regexp_matches(upper(credit_code), '{_CREDIT}')",
    ),
    Rule("firm_since_unreadable", "firm", "warn", _unreadable("since")),
)

#: What several rules ask of a row, worked out once for all of them; longer texts before those that stand in them.
SHARED: tuple[str, ...] = (
    _NUMBER_YEAR,
    f"regexp_matches(appno, '{CHINESE}')",
    *(f"try_cast({column} as date)" for column in ("filing", "granted", "first_publication", "earliest_priority", "signed")),
)

#: What a reader itself finds in a record before any rule: code → severity.
FAULTS: dict[str, Severity] = {
    "fields": "error",
    "broken": "error",
    "too_long": "error",
    "no_text": "error",
    "withdrawn": "error",
    "template_row": "info",
}


@cache
def reasons() -> dict[str, dict[str, str]]:
    """Code of a rule or fault → language → what is wrong and what to do.

    >>> sorted(reasons()["no_key"])
    ['en', 'zh']
    """
    return tomllib.loads(resources.files("tidu.data").joinpath("rules.toml").read_text(encoding="utf-8"))


def rules_of(table: str) -> tuple[Rule, ...]:
    """The rules on a canonical table.

    >>> [rule.code for rule in rules_of("publication")]
    ['publication_number_lacking', 'publication_date_unreadable', 'publication_application_lacking']
    """
    return tuple(rule for rule in RULES if rule.table == table)


def severity(code: str) -> Severity:
    """How bad it is that a rule is broken, or that a reader found a fault.

    >>> severity("no_key"), severity("fields")
    ('error', 'error')
    """
    return next((rule.severity for rule in RULES if rule.code == code), FAULTS.get(code, "error"))
