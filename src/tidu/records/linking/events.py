"""Legal events with their meaning, each once, numbered in time; what codes mean stands in ``data/event_codes.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from tidu.engine import quoted
from tidu.records.rules import CHINESE

if TYPE_CHECKING:
    from tidu.records.linking.workbench import Workbench


@dataclass(frozen=True)
class Meaning:
    """What an event means: its label by language, the state that it starts or ends, whether owners or only their names change.

    ``rank`` is its place among the events of one day.
    """

    code: str
    rank: int
    label: Mapping[str, str]
    starts: str | None = None
    ends: str | None = None
    moves: bool = False
    renames: bool = False


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(resources.files("tidu.data").joinpath("event_codes.toml").read_text(encoding="utf-8"))


@cache
def meanings() -> Mapping[str, Meaning]:
    """Every meaning by its code, in the order in which events of one day count.

    >>> meanings()["pledge_ended"].ends, meanings()["transfer"].moves
    ('pledged', True)
    """
    return {
        code: Meaning(
            code,
            rank,
            {"zh": one["zh"], "en": one["en"]},
            one.get("starts"),
            one.get("ends"),
            one.get("moves", False),
            one.get("renames", False),
        )
        for rank, (code, one) in enumerate(_data()["meaning"].items())
    }


def meaning_of(office: str, code: str, text: str = "") -> str | None:
    """What a code of an office means, by its text where the code alone does not tell; nothing where it is not known.

    >>> meaning_of("CN", "PE01"), meaning_of("CN", "PLDC", "解除日：2013.05.06"), meaning_of("CN", "LICC"), meaning_of("CN", "Q")
    ('pledge', 'pledge_ended', 'licence_untold', None)
    """
    offices = _data()["office"]
    told = offices.get(office, {}).get("codes", {}).get(code) or offices["*"]["codes"].get(code)
    if told is None or isinstance(told, str):
        return told
    words = _data()["words"][told["words"]]
    plain = re.sub(words["strip"], "", text.upper())
    cases: Iterator[str] = (one["meaning"] for one in words["cases"] if re.search(one["says"], plain))
    return next(cases, str(words["otherwise"]))


def _meant(office: str, code: str, text: str) -> str:
    """The expression of a meaning, from expressions of the office, of the code without blanks and of the text."""
    whens = []
    for name, told in _data()["office"].items():
        where = "" if name == "*" else f"{office} = {quoted(name)} and "
        for mark, meaning in told["codes"].items():
            value = quoted(meaning) if isinstance(meaning, str) else _worded(meaning["words"], text)
            whens.append(f"when {where}{code} = {quoted(mark)} then {value}")
    return f"case {' '.join(whens)} end"


def _worded(name: str, text: str) -> str:
    told = _data()["words"][name]
    plain = f"regexp_replace(upper(coalesce({text}, '')), {quoted(told['strip'])}, '', 'g')"
    cases = " ".join(f"when regexp_matches({plain}, {quoted(one['says'])}) then {quoted(one['meaning'])}" for one in told["cases"])
    return f"case {cases} else {quoted(told['otherwise'])} end"


def mean(bench: Workbench) -> None:
    """Keeps ``event_meant``: every event once, with its meaning and its day (that of effect, else of the gazette).

    What two sources tell of one event is one: the same code, day, contract and parties; and a row that tells less than another of
    the same code and day.
    """
    rows = [(one.code, one.rank, one.starts, one.ends, one.moves, one.renames) for one in meanings().values()]
    columns = ("meaning varchar", "rank integer", "starts varchar", "ends varchar", "moves boolean", "renames boolean")
    bench.table("meanings", columns, rows)
    office = f"case when starts_with(appno, 'P:') or regexp_matches(appno, '{CHINESE}') then 'CN' else left(appno, 2) end"
    bench.keep("codes", f"select distinct {office} as office, trim(code) as code from told_event where appno is not null")
    # codes are few, so what they mean is looked up by code; only those that need their text are looked at one by one
    bench.keep("codes_meant", f"select office, code, {_meant('office', 'code', quoted(''))} as meaning from codes")
    texts = sorted({mark for told in _data()["office"].values() for mark, one in told["codes"].items() if not isinstance(one, str)})
    by_text = f"case when t.code in ({', '.join(map(quoted, texts))}) then {_meant('t.office', 't.code', 't.detail')} end"
    bench.keep(
        "event_told",
        f"""with t as (select {office} as office, * replace (trim(code) as code) from told_event where appno is not null)
        select t.*, coalesce({by_text}, c.meaning, 'other') as meaning, c.meaning is not null as known,
        coalesce(effective_day, published_day) as day from t left join codes_meant c using (office, code)""",
    )
    bench.keep(
        "event_once",
        """select appno, code, meaning, known, day, contract, min(effective_day) as effective_day,
        min(published_day) as published_day,
        min(giver) as giver, min(taker) as taker, min(taker_address) as taker_address, min(taker_country) as taker_country,
        max(amount) as amount from event_told
        group by appno, code, meaning, known, day, contract, folded(giver), folded(taker)""",
    )
    bench.keep(
        "event_full",
        "select distinct appno, code, day from event_once where giver is not null or taker is not null or contract is not null",
    )
    bench.keep(
        "event_effect",
        "select distinct appno, code, published_day from event_once where effective_day <> published_day",
    )
    bench.keep(
        "event_meant",
        """select e.*, m.rank, m.starts, m.ends, m.moves, m.renames from event_once e join meanings m using (meaning)
        left join event_full f on f.appno = e.appno and f.code = e.code and f.day = e.day
        left join event_effect g on g.appno = e.appno and g.code = e.code and g.published_day = e.published_day
        where not (f.appno is not null and e.giver is null and e.taker is null and e.contract is null)
        and not (g.appno is not null and e.effective_day is null)""",
    )
    bench.keep(
        "event_numbered",
        """select *, row_number() over (partition by appno order by day nulls last, rank, code, contract nulls first,
        giver nulls first, taker nulls first, published_day nulls first, effective_day nulls first) as seq from event_meant""",
    )
    told = bench.engine.execute(
        "select count(*) filter (not known), count(*) filter (meaning like '%\\_untold' escape '\\'),"
        " count(*) filter (day is null) from event_numbered"
    ).fetchall()[0]
    names = ("events_of_unknown_code", "events_untold", "events_without_day")
    bench.counts |= {name: int(count) for name, count in zip(names, told, strict=True)}
    codes = bench.engine.execute(
        "select office, code, count(*) from event_told where not known group by all order by 3 desc, 1, 2 limit 20"
    ).fetchall()
    bench.counts["unknown_codes"] = {f"{office} {code}": count for office, code, count in codes}
