"""Rights in force on the last day of a year, by their owners on that day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import narwhals as nw

from tidu.indicators.measures.definition import CRITERIA, ONE, UNRESOLVED, Rule, measure
from tidu.indicators.measures.prefixes import prefixed
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import joined, placed, shares, whole
from tidu.records.linked import OPEN

_HELD = "application state owner"
#: Days before and after all others.
LOW, HIGH = -(10**6), OPEN + 1


def spans(records: Records, rule: Rule, state: str) -> nw.LazyFrame[Any]:
    """The intervals in which applications of the rule's kind are in a state (``appno``, ``from_day``, ``to_day``)."""
    found = records.table("state").filter(nw.col("state") == state).select("appno", "from_day", "to_day")
    if rule.kind is None:
        return found
    return found.join(records.table("application").filter(nw.col("kind") == rule.kind).select("appno"), on="appno", how="semi")


def standing(records: Records, rule: Rule, found: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The intervals that hold on the last day of each year, with ``period``, ``end`` (that day) and ``then`` (years before it).

    Intervals of one state of an application never overlap, so each stands once a year.
    """
    made = found.join(records.ends(rule.years, rule.years_kept), how="cross")
    return made.filter((nw.col("from_day") <= nw.col("end")) & (nw.col("to_day") > nw.col("end")))


def aged(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Each application with the day from which its years count (``appno``, ``born``)."""
    return records.table("application").select("appno", born="granted_day" if rule.age_from == "grant" else "filing_day")


def owned(records: Records, rule: Rule, found: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Contributions of applications (``appno``, ``period``, ``end``) to the cities of who owned them on that day."""
    made = found.join(holding(records, rule.counting), on="appno", how="left")
    made = made.filter(nw.col("start").is_null() | ((nw.col("start") <= nw.col("end")) & (nw.col("stop") > nw.col("end"))))
    unknown = nw.col("unit").is_null() | (nw.col("end") < nw.col("known"))
    return made.select(
        "period",
        unit=nw.when(unknown).then(nw.lit(UNRESOLVED)).otherwise(nw.col("unit")),
        key=nw.col("appno"),
        share=nw.col("share").fill_null(ONE).cast(nw.Int64),
    )


def holding(records: Records, counting: str) -> nw.LazyFrame[Any]:
    """How much of each application its owners have for which unit, at any time, worked out once.

    ``appno``, ``unit``, ``share``, from the day ``start`` up to ``stop``; before the day ``known`` the unit is not known. Rows of
    one application cover all time, and their shares at any time add up to one, except with ``whole``.
    """
    return records.once(f"holding {counting}", lambda: _holding(records, counting))


def _holding(records: Records, counting: str) -> nw.LazyFrame[Any]:
    owners = placed(records.table("owner"), "city", "country").select("appno", "seq", "unit", "from_day", "to_day")
    changing = records.engine.materialise(_changing(owners))
    alone = owners.join(changing, on="appno", how="anti").with_columns(share=whole(ONE), start=_day(LOW), stop=_day(HIGH))
    alone = alone.select("appno", "unit", "share", "start", "stop", known=nw.col("from_day").cast(nw.Int64))
    some = records.engine.materialise(owners.join(changing, on="appno", how="semi"))
    days = [some.select("appno", day=nw.col(name).cast(nw.Int64)) for name in ("from_day", "to_day")]
    ends = [changing.select("appno", day=_day(day)) for day in (LOW, HIGH)]
    points = records.engine.materialise(nw.concat([*days, *ends], how="vertical").unique())
    steps = points.join(points.select("appno", after="day"), on="appno", how="inner").filter(nw.col("after") > nw.col("day"))
    steps = records.engine.materialise(steps.group_by(["appno", "day"]).agg(nw.col("after").min().alias("stop")))
    there = some.join(steps.select("appno", start="day"), on="appno", how="inner")
    there = there.filter((nw.col("from_day") <= nw.col("start")) & (nw.col("to_day") > nw.col("start")))
    keys = ("appno", "start")
    told = joined(steps.select("appno", "stop", start="day"), shares(there, counting, keys), keys)
    return nw.concat([alone, told.select("appno", "unit", "share", "start", "stop", known=_day(LOW))], how="vertical")


def _changing(owners: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The applications whose owners are several, or end."""
    several = owners.group_by("appno").agg(nw.len().cast(nw.Int64).alias("rows"), nw.col("to_day").min())
    return several.filter((nw.col("rows") > 1) | (nw.col("to_day") != OPEN)).select("appno")


def _day(day: int) -> nw.Expr:
    return nw.lit(day).cast(nw.Int64)


@measure("in_force", needs=_HELD, dated="state", heeds="counting kind", stock=True)
def in_force(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of rights in force on 31 December."""
    return owned(records, rule, standing(records, rule, spans(records, rule, "in_force")))


@measure("maintained", needs=_HELD, dated="state", heeds="counting kind years_kept age_from", stock=True)
def maintained(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of rights in force on 31 December that have been kept for ten years, or as many as the rule says."""
    dated = spans(records, rule, "in_force").join(aged(records, rule), on="appno", how="inner")
    return owned(records, rule, standing(records, rule, dated).filter(nw.col("born") <= nw.col("then")))


@measure("pledged_stock", needs=_HELD, dated="state", heeds="counting kind", stock=True)
def pledged_stock(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of rights in force and under pledge on 31 December."""
    held = standing(records, rule, spans(records, rule, "pledged")).select("appno", "period")
    force = spans(records, rule, "in_force").join(held.select("appno").unique(), on="appno", how="semi")
    return owned(records, rule, standing(records, rule, force).join(held, on=["appno", "period"], how="semi"))


def computable(records: Records, rule: Rule) -> Rule:
    """The rule with the criteria of a high-value invention that these records and supplied tables can tell.

    Of the criteria that the rule names, or of all where it names none.
    """
    asked = rule.criteria or CRITERIA
    found = [one for one in CRITERIA if one in asked and _can(records, one)]
    return replace(rule, criteria=tuple(found))


def _can(records: Records, criterion: str) -> bool:
    if criterion in ("award", "emerging") and criterion in records.supplied:
        return True
    if criterion == "award":
        return False
    if criterion == "emerging":
        rows = records.table("class").filter(nw.col("scheme") == "emerging").select("appno")
    elif criterion == "family_abroad":
        rows = records.table("application").filter(nw.col("family_offices") > 1).select("appno")
    elif criterion == "pledged":
        rows = records.table("state").filter(nw.col("state") == "pledged").select("appno")
    else:
        rows = records.table("application").filter(~nw.col("filing_day").is_null()).select("appno")
    return bool(records.engine.collect(rows.head(1))["appno"])


@measure(
    "high_value_inventions",
    needs=_HELD,
    dated="state",
    heeds="counting criteria years_kept age_from threshold",
    may="award emerging",
    stock=True,
    settle=computable,
)
def high_value_inventions(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of inventions in force on 31 December that meet at least one of the criteria."""
    found = spans(records, replace(rule, kind="invention"), "in_force").join(aged(records, rule), on="appno", how="inner")
    own = records.table("application").select("appno", offices="family_offices")
    found = found.join(own, on="appno", how="inner").join(_marked(records, rule), on="appno", how="left")
    found = standing(records, rule, found).join(_pledged(records, rule), on=["appno", "period"], how="left")
    met = {
        "emerging": ~nw.col("marked").is_null(),
        "award": nw.col("awarded") <= nw.col("period"),
        "family_abroad": nw.col("offices") > 1,
        "maintained": nw.col("born") <= nw.col("then"),
        "pledged": ~nw.col("pledge").is_null(),
    }
    some = nw.lit(0).cast(nw.Int64)
    for one in rule.criteria:
        some = some + nw.when(met[one].fill_null(value=False)).then(whole(1)).otherwise(whole(0))
    counted = found.with_columns(met=some).filter(nw.col("met") > 0)
    return owned(records, rule, counted.select("appno", "period", "end"))


def _marked(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Applications of emerging industries (``marked``) and those that won an award (``awarded``: the year), once each."""
    symbols = records.table("class")
    emerging = symbols.filter(nw.col("scheme") == "emerging").select("appno")
    if "emerging" in records.supplied and "emerging" in rule.criteria:
        told = prefixed(records, "emerging", "industry").select("symbol").unique()
        by_symbol = symbols.filter(nw.col("scheme") == "ipc").join(told, on="symbol", how="semi").select("appno")
        emerging = nw.concat([emerging, by_symbol], how="vertical")
    marks = [emerging.unique().select("appno", marked=whole(1), awarded=nw.lit(None, nw.Int64))]
    if "award" in rule.criteria:
        won = records.given("award")
        marks.append(won.select("appno", marked=nw.lit(None, nw.Int64), awarded=nw.col("year").fill_null(0).cast(nw.Int64)))
    return nw.concat(marks, how="vertical").group_by("appno").agg(nw.col("marked").min(), nw.col("awarded").min())


def _pledged(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """The applications under pledge on the last day of each year (``appno``, ``period``, ``pledge``)."""
    held = standing(records, rule, spans(records, replace(rule, kind=None), "pledged"))
    if rule.threshold > 0:
        rich = records.table("event").filter((nw.col("meaning") == "pledge") & (nw.col("amount") >= rule.threshold))
        held = held.join(rich.select("appno"), on="appno", how="semi")
    return held.select("appno", "period").unique().with_columns(pledge=whole(1))
