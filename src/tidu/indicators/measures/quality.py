"""The quality of inventions by the OECD's set: signals compared within cohorts of one filing year and field, then averaged.

Source: Squicciarini, Dernis & Criscuolo 2013, Measuring patent quality, OECD STI Working Papers 2013/03.
"""

from __future__ import annotations

from typing import Any

import narwhals as nw

from tidu.indicators.measures import signals
from tidu.indicators.measures.definition import ONE, Rule, measure
from tidu.indicators.measures.prefixes import prefixed
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import credited, divided, joined, whole, within, year_of

Lazy = nw.LazyFrame[Any]
#: Above this quantile of its cohort a signal counts no more; the top of a cohort by citations.
CAP, TOP = 0.98, 0.99
#: Signals as they are count in these steps of one: the product with a share stays below 2⁶³ up to 92,000.
_STEPS = 10**5
#: Signals that are counts, which an application without any has as nought.
_COUNTS = ("scope", "backward", "literature", "forward_5", "forward_7")
_SHARES = ("generality", "originality", "radicalness")
#: What the indices are means of.
FOUR = ("forward_5", "family", "claims", "generality")
SIX = (*FOUR, "backward", "lag")
_NEEDS: dict[str, Any] = {"needs": "application party class citation", "dated": "application", "may": "fields"}
_DATED: dict[str, Any] = {"dated": "application", "mean": True}
_PLAIN, _HEEDS = "counting vintage", "counting vintage cohort"


def granted(records: Records, rule: Rule) -> Lazy:
    """The granted inventions filed in the years, with their cohort and signals, worked out once.

    ``appno``, ``period``, ``cohort``, then the signals: nought where a count finds nothing, nothing where a signal cannot be told.
    """
    return records.once(f"signals {rule.first} {rule.last} {rule.cohort}", lambda: _signals(records, rule))


def _signals(records: Records, rule: Rule) -> Lazy:
    own = records.table("application").filter((nw.col("kind") == "invention") & ~nw.col("granted_day").is_null())
    own = within(own.filter(~nw.col("filing").is_null()).with_columns(period=year_of("filing")), rule)
    pool = signals.Pool(records, f"{rule.first} {rule.last}", records.engine.materialise(own.select("appno")))
    made = own.select(
        "appno",
        "period",
        family=nw.col("family_offices").cast(nw.Float64),
        claims=nw.col("claims").cast(nw.Float64),
        lag=(nw.col("granted_day") - nw.col("filing_day")).cast(nw.Float64),
        kept=(_last(records) - nw.col("filing_day")).cast(nw.Float64) / signals.YEAR,
    ).join(_cohorts(records, rule), on="appno", how="left")
    made = made.with_columns(cohort=nw.col("cohort").fill_null("none"))
    told = {
        "scope": signals.scope(records),
        "backward": signals.backward(records),
        "literature": signals.literature(records),
        "forward_5": signals.forward(pool, 5),
        "forward_7": signals.forward(pool, 7),
        "generality": signals.generality(pool),
        "originality": signals.originality(pool),
        "radicalness": signals.radicalness(pool),
    }
    for name, frame in told.items():
        made = made.join(frame, on="appno", how="left")
        if name in _COUNTS:
            made = made.with_columns(nw.col(name).fill_null(0).cast(nw.Float64).alias(name))
    shares = [(nw.col(name).cast(nw.Float64) / float(ONE)).alias(name) for name in _SHARES]
    return made.with_columns(*shares)


def _last(records: Records) -> nw.Expr:
    """The day up to which a right was kept: on which it ended, else the last that the records know."""
    known = whole(records.until("state") or 0)
    ended = nw.col("ended_day").cast(nw.Int64)
    return nw.when(ended.is_null() | (ended > known)).then(known).otherwise(ended)


def _cohorts(records: Records, rule: Rule) -> Lazy:
    """The field of the main symbol of each application, or its section (``appno``, ``cohort``)."""
    main = records.table("class").filter((nw.col("scheme") == "ipc") & (nw.col("seq") == 1)).select("appno", "symbol")
    if rule.cohort == "section":
        return main.select("appno", cohort=nw.col("symbol").str.slice(0, 1))
    told = main.join(prefixed(records, "fields", "field"), on="symbol", how="inner")
    return told.group_by("appno").agg(nw.col("value").min().alias("cohort"))


def compared(records: Records, rule: Rule, signal: str) -> Lazy:
    """One signal of each granted invention between 0 and 1 (``appno``, ``period``, ``score`` as whole parts).

    It is capped at the 98th percentile of its cohort (linear between neighbours) and divided by the greatest of the capped; of the
    time to grant the complement. Those whose signal cannot be told, and cohorts that have none of it, are left out.
    """
    known = granted(records, rule).filter(~nw.col(signal).is_null())
    grouped = known.group_by(["period", "cohort"])
    caps = grouped.agg(nw.col(signal).quantile(CAP, interpolation="linear").alias("cap"), nw.col(signal).max().alias("most"))
    both = known.join(caps, on=["period", "cohort"], how="inner")
    most = nw.when(nw.col("cap") < nw.col("most")).then(nw.col("cap")).otherwise(nw.col("most"))
    both = both.with_columns(most=most).filter(nw.col("most") > 0)
    value = nw.when(nw.col(signal) > nw.col("most")).then(nw.col("most")).otherwise(nw.col(signal)) / nw.col("most")
    if signal == "lag":
        value = 1.0 - value
    return both.select("appno", "period", score=(value * float(ONE) + 0.5).floor().cast(nw.Int64))


def scored(records: Records, rule: Rule, *of: str) -> Lazy:
    """The mean of compared signals of each granted invention (``appno``, ``period``, ``score``), those with all of them alone.

    A signal that a whole cohort lacks counts as nought, and so does the generality of what nobody cites.
    """
    made = granted(records, rule).select("appno", "period", *(nw.col(one).is_null().alias(f"no_{one}") for one in of))
    total = whole(0)
    for one in of:
        part = compared(records, rule, one).select("appno", nw.col("score").alias(one))
        made = made.join(part, on="appno", how="left")
        if one != "generality":
            made = made.filter(~nw.col(f"no_{one}"))
        total = total + nw.col(one).fill_null(0).cast(nw.Int64)
    return made.select("appno", "period", score=divided(total, whole(len(of))))


def _credit(records: Records, rule: Rule, rows: Lazy) -> Lazy:
    """Contributions of scores (``appno``, ``period``, ``score`` in parts of one): the city's share of each times its score."""
    told = rows.select("appno", "period", "score", key=nw.col("appno"))
    made = joined(told, credited(records, rule))
    share = divided(nw.col("share") * nw.col("score"), whole(ONE))
    return made.select("unit", "period", "key", weight=nw.col("share"), share=share)


def _plain(records: Records, rule: Rule, signal: str) -> Lazy:
    """Contributions of a signal as it is."""
    known = granted(records, rule).filter(~nw.col(signal).is_null())
    count = (nw.col(signal) * float(_STEPS) + 0.5).floor().cast(nw.Int64)
    made = joined(known.select("appno", "period", key=nw.col("appno"), count=count), credited(records, rule))
    share = divided(nw.col("share") * nw.col("count"), whole(_STEPS))
    return made.select("unit", "period", "key", weight=nw.col("share"), share=share)


def _enter(code: str, signal: str, more: str, window: int) -> None:
    """Enters the mean of a signal as a measure, which needs more tables than applications and parties."""

    def make(records: Records, rule: Rule) -> Lazy:
        return _plain(records, rule, signal)

    make.__module__ = __name__
    measure(code, heeds=_PLAIN, needs=f"application party {more}", window=window, **_DATED)(make)


for _code, _signal, _more, _window in (
    ("mean_scope", "scope", "class", 3),
    ("mean_family_offices", "family", "", 3),
    ("mean_claims", "claims", "", 3),
    ("mean_grant_days", "lag", "", 3),
    ("mean_backward_citations", "backward", "citation", 3),
    ("mean_literature_citations", "literature", "citation", 3),
    ("mean_forward_citations_5", "forward_5", "citation", 5),
    ("mean_forward_citations_7", "forward_7", "citation", 7),
    ("mean_generality", "generality", "citation class", 5),
    ("mean_originality", "originality", "citation class", 3),
    ("mean_radicalness", "radicalness", "citation class", 3),
    ("mean_years_kept", "kept", "", 10),
):
    _enter(_code, _signal, _more, _window)


@measure("breakthrough_share", heeds=_HEEDS, mean=True, window=5, **_NEEDS)
def breakthrough_share(records: Records, rule: Rule) -> Lazy:
    """Contributions of granted inventions, one where it is among the top 1 % of its cohort by citations in five years."""
    known = granted(records, rule)
    caps = known.group_by(["period", "cohort"]).agg(nw.col("forward_5").quantile(TOP, interpolation="linear").alias("top"))
    both = known.join(caps, on=["period", "cohort"], how="inner")
    among = (nw.col("forward_5") >= nw.col("top")) & (nw.col("forward_5") > 0)
    score = nw.when(among).then(whole(ONE)).otherwise(whole(0))
    return _credit(records, rule, both.select("appno", "period", score=score))


@measure("quality_index_4", heeds=_HEEDS, mean=True, window=5, **_NEEDS)
def quality_index_4(records: Records, rule: Rule) -> Lazy:
    """Contributions of granted inventions: the mean of forward citations, family, claims and generality, each compared."""
    return _credit(records, rule, scored(records, rule, *FOUR))


@measure("quality_index_6", heeds=_HEEDS, mean=True, window=5, **_NEEDS)
def quality_index_6(records: Records, rule: Rule) -> Lazy:
    """Contributions of granted inventions: the four and backward citations and the time to grant, each compared."""
    return _credit(records, rule, scored(records, rule, *SIX))
