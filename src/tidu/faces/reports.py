"""What the main job and the comparison print, in Chinese or English."""

from __future__ import annotations

from tidu.app import MAIN, UNIVERSES, Main, gaps, load
from tidu.core.errors import Language
from tidu.diagnosis.published import MEASURES, Comparison
from tidu.faces.show import print_lines, print_table, rank_range, word
from tidu.index.result import Index
from tidu.publish.tables import marks


def print_main(main: Main, lang: Language, top: int = 20) -> None:
    """Prints the rankings of both forms with their specification range, the coverage, the gaps and the comparison."""
    for name in MAIN[::2]:
        for universe in UNIVERSES:
            published, audited = main.indices[name, universe], main.indices[f"{name}-audited", universe]
            for period in published.periods:
                _print_pair(published, audited, main, name, universe, period, lang, top)
    print_lines(
        "",
        word("range_note", lang, count=len(main.spreads[MAIN[0]].variants)),
        word("status_note", lang),
        word("monitoring_note", lang),
        "",
    )
    for name in MAIN[::2]:
        print_coverage(main.indices[name, "all"], lang)
    print_gaps(lang)
    print_comparison(main.comparison, main.indices["city-ip-core", "all"], lang, rows=False)


def _print_pair(
    published: Index, audited: Index, main: Main, name: str, universe: str, period: str, lang: Language, top: int
) -> None:
    first = [node for node in published.framework.nodes.values() if node.depth == 1]
    audited_rank = audited.rank(period=period)
    among = [unit for unit, shown in zip(published.units, published.shown, strict=True) if shown]
    ranges = main.spreads[name].rank_range(period, among)
    rows = []
    for unit, rank, score in published.top(top, period):
        pillars = [float(published.scores[published.units.index(unit), published.period(period), node.place]) for node in first]
        status = marks(published, published.units.index(unit), published.period(period))
        rows.append([rank, audited_rank[unit], rank_range(ranges[unit]), published.panel.name(unit, lang), score, *pillars, status])
    heads = [
        word("as_published", lang),
        word("audited", lang),
        word("range", lang),
        word("city", lang),
        word("score", lang),
        *(published.framework.label(node.code, lang) for node in first),
        word("status", lang),
    ]
    scored = published.scored(period)
    title = f"{published.framework.title(lang)} {period} · {word(f'universe_{universe}', lang)} ({scored})"
    print_lines("")
    print_table(heads, rows, title, right=[0, 1, 2, *range(4, 5 + len(first))])


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
