"""What the main job and the comparison print, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tidu.app import MAIN, UNIVERSES, Main, gaps, load
from tidu.core.errors import Language
from tidu.core.words import share_text
from tidu.diagnosis.published import MEASURES, Comparison
from tidu.faces.show import dated, print_lines, print_table, rank_range, word
from tidu.index.intervals import Intervals
from tidu.index.result import Index
from tidu.publish.tables import outside, ranking


def print_main(main: Main, lang: Language, top: int = 20) -> None:
    """Prints the rankings of both forms with their specification range, the coverage, the gaps and the comparison."""
    for name in MAIN[::2]:
        for universe in UNIVERSES:
            published, audited = main.indices[name, universe], main.indices[f"{name}-audited", universe]
            for period in published.periods:
                _print_pair(published, audited, main.intervals[name, universe], universe, period, lang, top)
    print_lines(
        "",
        range_note(main.intervals[MAIN[0], "all"], lang),
        word("reading_note", lang),
        word("status_note", lang),
        word("monitoring_note", lang),
        "",
    )
    for name in MAIN[::2]:
        print_coverage(main.indices[name, "all"], lang)
    print_gaps(lang)
    print_comparison(main.comparison, main.indices["city-ip-core", "all"], lang, rows=False)


def _print_pair(published: Index, audited: Index, sure: Intervals, universe: str, period: str, lang: Language, top: int) -> None:
    first = [node for node in published.framework.nodes.values() if node.depth == 1]
    audited_rank = audited.rank(period=period)
    rows = []
    for row in ranking(published, period, top, sure):
        pillars = [row[node.code] for node in first]
        own = [
            rank_range((row["best"], row["worst"])) + (" †" if outside(row) else ""),
            row["undecided"],
            row["tie_group"],
            share_text(row["top_ten"]),
        ]
        name = row[f"name_{lang}"]
        read = [row["reading"], row["reading_rank"]]
        rows.append([row["rank"], audited_rank[row["unit"]], *own, name, row["score"], *read, *pillars, row["status"]])
    keys = ("as_published", "audited", "range", "undecided", "tie_group", "top_ten", "city", "score", "reading", "reading_rank")
    labels = [published.framework.label(node.code, lang) for node in first]
    heads = [*(word(key, lang) for key in keys), *labels, word("status", lang)]
    scored = published.scored(period)
    title = f"{published.framework.title(lang)} {dated(period, lang)} · {word(f'universe_{universe}', lang)} ({scored})"
    print_lines("")
    print_table(heads, rows, title, right=[*range(6), *range(7, 10 + len(first))])


def ranking_table(index: Index, rows: Sequence[Mapping[str, Any]], lang: Language) -> tuple[list[str], list[list[Any]]]:
    """The headings and the cells of a ranking as it is printed: best and worst rank in one cell, P(top ten) in per cent."""
    table: list[dict[str, Any]] = []
    for row in rows:
        made = dict(row)
        first: dict[str, Any] = {key: made.pop(key) for key in ("rank", "band") if key in made}
        first |= {"unit": made.pop("unit"), "name": made.pop(f"name_{lang}")}
        made.pop("name_en" if lang == "zh" else "name_zh")
        if "best" in made:
            first["range"] = rank_range((made.pop("best"), made.pop("worst"))) + (" †" if outside(row) else "")
            first |= {key: made.pop(key) for key in ("undecided", "tie_group")}
            if "top_ten" in made:
                share = made.pop("top_ten")
                first["top_ten"] = None if share is None else share_text(share)
        table.append({**first, **made})
    heads = [index.framework.label(key, lang) if key in index.framework.nodes else word(key, lang) for key in (table or [{}])[0]]
    return heads, [list(row.values()) for row in table]


def range_note(sure: Intervals, lang: Language, rows: Sequence[Mapping[str, Any]] = ()) -> str:
    """What the ranges beside ranks are: over how many points of which factors, and whether the file names them itself.

    Where a rank of ``rows`` lies outside its range, what the mark beside it means.
    """
    join = "、" if lang == "zh" else ", "
    names = join.join(one[lang] for one in sure.factors)
    how = "points_exact" if sure.found.exact else "points_drawn"
    told = word(how, lang, draws=sure.found.draws, seed=sure.found.space.seed, level=f"{sure.level:.0%}")
    if not sure.found.exact and sure.found.draws < sure.asked:
        told += " " * (lang == "en") + word("points_fewer", lang, asked=sure.asked, draws=sure.found.draws)
    tied = word("tie_note", lang, level=f"{sure.level:.0%}")
    said = [told, tied, word("factors_assumed" if sure.assumed else "factors_named", lang, names=names)]
    labels = {one.name: one.label.get(lang, one.name) for one in sure.found.space.factors}
    if sure.overruled:
        said.append(word("factors_overruled", lang, names=join.join(labels[name] for name in sure.overruled)))
    said += [
        word("factor_refused", lang, name=name, why=error.text(lang).partition("\n")[0]) for name, error in sure.refused.items()
    ]
    said += [word("outside_note", lang)] if any(outside(row) for row in rows) else []
    return " ".join(said)


def print_coverage(index: Index, lang: Language) -> None:
    """Prints how many units are listed, seen and scored in each year."""
    print_lines(f"{word('coverage', lang)} · {index.framework.title(lang)}")
    print_lines(*("  " + word("coverage_line", lang, **row) for row in index.coverage()))


def print_gaps(lang: Language) -> None:
    """Prints the published indicators that have no open city data."""
    rows = gaps()
    print_lines("", word("gaps_title", lang, count=len(rows)))
    print_lines("  " + ("、" if lang == "zh" else ", ").join(row[f"label_{lang}"] for row in rows))


def print_comparison(found: Comparison, index: Index, lang: Language, rows: bool = True) -> None:
    """Prints what does not reproduce, then the overlaps of the first ten, then (``rows``) every rank beside ours."""
    name, none = index.panel.name, word("none", lang)
    join = "、" if lang == "zh" else ", "
    print_lines("", word("compare_title", lang), word("compare_not", lang))
    for edition, data_year, universe in dict.fromkeys((row.edition, row.data_year, row.universe) for row in found.rows):
        here = [
            row
            for row in found.rows
            if (row.edition, row.data_year, row.universe) == (edition, data_year, universe)
            and row.measure == "创造潜力"
            and row.ours is not None
        ]
        if here:
            texts = [
                join.join(f"{name(row.unit, lang)} {rank}" for row, rank in zip(here, ranks, strict=True))
                for ranks in ([row.published for row in here], [row.ours for row in here])
            ]
            print_lines(
                "  "
                + word(
                    "compare_potential",
                    lang,
                    published=texts[0],
                    ours=texts[1],
                    data_year=data_year,
                    universe=word(f"universe_{universe}", lang),
                )
            )
    print_lines("  " + word("compare_flow", lang))
    never = {unit for ranks in found.never_published.values() for unit in ranks}
    names = join.join(f"{name(unit, lang)}" for unit in sorted(never)) or none
    print_lines("  " + word("compare_never", lang, names=names))
    for item in found.overlaps:
        index_year = item.index_year or word("index_year_unstated", lang)
        values = {
            "edition": item.edition,
            "index_year": index_year,
            "data_year": item.data_year,
            "n": item.n,
            "shared": item.shared,
        }
        values["universe"] = word(f"universe_{item.universe}", lang)
        values["published"] = join.join(name(unit, lang) for unit in item.only_published) or none
        values["ours"] = join.join(name(unit, lang) for unit in item.only_ours) or none
        print_lines("  " + word("compare_overlap", lang, **values))
    for edition, data_year in dict.fromkeys((row.edition, row.data_year) for row in found.rows if row.why == "no_data_year"):
        print_lines("  " + word("compare_no_year", lang, edition=edition, data_year=data_year))
    print_lines("  " + word("compare_no_correlation", lang))
    print_lines("  " + word("compare_other_levels", lang, count=sum(found.not_comparable.values())))
    if rows:
        heads = [
            word(key, lang)
            for key in ("edition", "data_year", "universe", "city", "measure", "published", "ours", "difference", "variant_share")
        ]
        body = [
            [
                row.edition,
                row.data_year,
                word(f"universe_{row.universe}", lang),
                name(row.unit, lang) if row.unit in index.units else row.place,
                _measure(row.measure, lang),
                row.published,
                row.ours,
                None if row.difference is None else f"{row.difference:+d}",
                None if row.share is None else f"{row.share:.0%}",
            ]
            for row in found.rows
            if row.ours is not None
        ]
        print_table(heads, body, right=[5, 6, 7, 8])


def _measure(measure: str, lang: Language) -> str:
    """A published measure by the name of the node that stands for it."""
    node = MEASURES.get(measure)
    return word("measure_overall", lang) if node is None else load("city-ip-full").label(node, lang)
