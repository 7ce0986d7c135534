"""Applications counted: filed, granted, international, filed together."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from tidu.indicators.measures.definition import ABROAD, UNRESOLVED, Rule, measure
from tidu.indicators.measures.records import Records
from tidu.indicators.measures.shares import applicants, applications, counted

_ALL = "counting clock unit vintage kind"
#: Who counts as industry and as research.
INDUSTRY, RESEARCH = ("company",), ("university", "institute", "hospital")


@measure("filings", needs="application party", dated="application", heeds=_ALL)
def filings(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of every application, in the year that the clock says."""
    return counted(records, rule, applications(records, rule))


@measure("grants", needs="application party", dated="application", heeds="counting unit vintage kind", clock="grant")
def grants(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of every granted application, in the year in which the grant was announced."""
    return counted(records, rule, applications(records, rule))


@measure("grant_rate", needs="application party", dated="application", heeds=_ALL, over="filings", window=3)
def grant_rate(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of the applications of a year that were granted since: over all of that year, the grant rate of a cohort."""
    return counted(records, rule, applications(records, rule).filter(~nw.col("granted").is_null()))


@measure("international_filings", needs="application party", dated="application", heeds="counting clock unit vintage")
def international_filings(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of international applications under the Patent Cooperation Treaty."""
    return counted(records, rule, applications(records, rule).filter(nw.col("route") == "international"))


@measure("joint_filings", needs="application party", dated="application", heeds=_ALL)
def joint_filings(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of applications with two applicants or more who are different entities."""
    who = applicants(records, rule).filter(~nw.col("entity").is_null()).select("appno", "entity").unique()
    return counted(records, rule, applications(records, rule).join(_several(who), on="appno", how="semi"))


@measure("industry_research_filings", needs="application party", dated="application", heeds=_ALL)
def industry_research_filings(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of applications filed by a company together with a university, an institute or a hospital."""
    who = applicants(records, rule)
    firms = who.filter(nw.col("type").is_in(INDUSTRY)).select("appno")
    labs = who.filter(nw.col("type").is_in(RESEARCH)).select("appno")
    found = applications(records, rule).join(firms, on="appno", how="semi").join(labs, on="appno", how="semi")
    return counted(records, rule, found)


@measure("research_filings", needs="application party", dated="application", heeds=_ALL)
def research_filings(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of applications with a university, an institute or a hospital among the applicants."""
    labs = applicants(records, rule).filter(nw.col("type").is_in(RESEARCH)).select("appno")
    return counted(records, rule, applications(records, rule).join(labs, on="appno", how="semi"))


@measure("filings_between_cities", needs="application party", dated="application", heeds=_ALL)
def filings_between_cities(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of applications whose applicants are known to be in two cities or more."""
    cities = applicants(records, rule).filter(~nw.col("unit").is_in([UNRESOLVED, ABROAD])).select("appno", "unit").unique()
    return counted(records, rule, applications(records, rule).join(_several(cities), on="appno", how="semi"))


@measure("filings_with_abroad", needs="application party", dated="application", heeds=_ALL)
def filings_with_abroad(records: Records, rule: Rule) -> nw.LazyFrame[Any]:
    """Contributions of applications with an applicant of a known city and one from abroad."""
    who = applicants(records, rule)
    here = who.filter(~nw.col("unit").is_in([UNRESOLVED, ABROAD])).select("appno")
    there = who.filter(nw.col("unit") == ABROAD).select("appno")
    found = applications(records, rule).join(here, on="appno", how="semi").join(there, on="appno", how="semi")
    return counted(records, rule, found)


def _several(rows: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The applications with two rows or more."""
    return rows.group_by("appno").agg(nw.len().cast(nw.Int64).alias("rows")).filter(nw.col("rows") > 1).select("appno")
