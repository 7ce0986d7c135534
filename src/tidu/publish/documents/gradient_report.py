"""The test of the gradient as a document: the answer, means by belt, slopes, indicators, inequality, moves, convergence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tidu.core.errors import Language
from tidu.core.words import word
from tidu.diagnosis.geography.convergence import Convergence
from tidu.diagnosis.geography.gradient import Gradient, Slope
from tidu.diagnosis.geography.places import COAST, choices
from tidu.diagnosis.geography.verdict import belt_name, chance_text, sample_name, verdicts
from tidu.publish.charts import slim, svg
from tidu.publish.documents.gradient_charts import belt_means, densities, node_label, parts, slopes
from tidu.publish.documents.gradient_tables import convergence_title
from tidu.publish.documents.page import Block, Heading, Picture, Table, Text

MARKS = {True: "✓", False: "✗", None: "—"}


def blocks(found: Gradient, series: Sequence[Convergence], lang: Language) -> list[Block]:
    """The document's blocks in one language, in the order of a reader's questions; what was not measured is said last."""
    made: list[Block] = [*_checks(found, lang), *_means(found, lang), *_slopes(found, lang), *_indicators(found, lang)]
    return [*made, *_inequality(found, lang), *_moves(found, lang), *_convergence(series, lang), *_notes(found, lang)]


def probability(p: float) -> str:
    """A p-value as it stands in a cell.

    >>> probability(0.0301), probability(0.0001), probability(float("nan"))
    ('0.030', '< 0.001', '—')
    """
    return "—" if p != p else "< 0.001" if p < 0.0005 else f"{p:.3f}"


def _heads(keys: Sequence[str], lang: Language) -> list[str]:
    return [word(key, lang) for key in keys]


def _nodes(found: Gradient, lang: Language) -> list[str]:
    return [node_label(found, node, lang) for node in found.nodes]


def _listed(found: Gradient, codes: Sequence[str], lang: Language) -> str:
    return ("、" if lang == "zh" else ", ").join(found.index.framework.label(code, lang) for code in codes)


def _checks(found: Gradient, lang: Language) -> Iterator[Block]:
    answers = verdicts(found)
    names = {check.code: check.name(lang) for item in answers for check in item.checks}
    rows = []
    for code, name in names.items():
        rows.append([name, *(next((MARKS[one.holds] for one in item.checks if one.code == code), "") for item in answers)])
    rows.append([word("checks_held", lang), *(f"{item.held}/{len(item.checks)}" for item in answers)])
    yield Table([word("check", lang), *_nodes(found, lang)], rows, caption=word("gradient_checks", lang))


def _means(found: Gradient, lang: Language) -> Iterator[Block]:
    if not found.means:
        return
    yield Heading(word("gradient_means", lang))
    if len(found.belts) > 1:
        yield Picture(lambda: svg(belt_means(found, lang)), word("belts_said", lang), lambda: slim(belt_means(found, lang)))
    rows = []
    for by in found.places.groups:
        for group in found.places.values(by):
            here = {row.node: row for row in found.means if (row.by, row.group) == (by, group)}
            one = here[found.root]
            name = belt_name(found, group, lang, by)
            if by == COAST and group in ("0", "1"):
                name = word("on_the_coast" if group == "1" else "off_the_coast", lang)
            interval = "—" if one.low != one.low else f"{one.low:.1f}–{one.high:.1f}"
            rows.append([name, str(one.n), _figure(one.mean), interval, *(_figure(here[node].mean) for node in found.nodes[1:])])
    heads = [*_heads(("group", "count_of_units", "mean", "interval_95"), lang), *_nodes(found, lang)[1:]]
    if rows:
        yield Table(heads, rows, right=range(1, len(heads)), caption=word("gradient_means", lang))
    if len(found.belts) > 1 and found.curves:
        yield Picture(lambda: svg(densities(found, lang)), word("densities_said", lang), lambda: slim(densities(found, lang)))


def _figure(value: float) -> str:
    return "—" if value != value else f"{value:.2f}"


def _slopes(found: Gradient, lang: Language) -> Iterator[Block]:
    if not found.slopes:
        return
    yield Heading(word("gradient_slopes", lang))
    shape = [found.slope(found.root, sample=sample) for sample in ("between", "within")]
    if shape[0] and shape[1]:
        values = {"between": f"{shape[0].line.slope:+.2f}", "within": f"{shape[1].line.slope:+.2f}"}
        chances = {"p_between": chance_text(shape[0].line.p), "p_within": chance_text(shape[1].line.p)}
        yield Text(word("gradient_shape", lang, **values, **chances))
    yield Picture(lambda: svg(slopes(found, lang)), word("slopes_said", lang), lambda: slim(slopes(found, lang)))
    rounds = [(found, "distance", "gradient_slopes")]
    rounds += [(found.without, "distance", "gradient_without")] if found.without else []
    rounds.append((found, "longitude", "gradient_longitude"))
    for one, on, key in rounds:
        samples = list(dict.fromkeys((row.sample, row.group) for row in one.slopes if row.on == on))
        rows = []
        for sample, group in samples:
            lines = [one.slope(node, on, sample, group) for node in found.nodes]
            count = next((str(row.line.n) for row in lines if row), "—")
            rows.append([sample_name(found, sample, group, lang), count, *(_slope(row) for row in lines)])
        heads = [*_heads(("sample", "count_of_units"), lang), *_nodes(found, lang)]
        caption = word(key, lang, names=_listed(found, found.removed, lang))
        if rows:
            yield Table(heads, rows, right=range(1, len(heads)), caption=caption)


def _slope(row: Slope | None) -> str:
    return "—" if row is None else f"{row.line.slope:+.2f} ({probability(row.line.p)})"


def _indicators(found: Gradient, lang: Language) -> Iterator[Block]:
    order = [row.indicator for row in found.forces if row.sample == "all"]
    if not order:
        return
    yield Heading(word("gradient_indicators_short", lang))
    samples = list(dict.fromkeys((row.sample, row.group) for row in found.forces))
    at = {(row.indicator, row.sample, row.group): row for row in found.forces}
    if any(row.part == row.part for row in found.forces):
        yield Picture(lambda: svg(parts(found, lang)), word("parts_said", lang), lambda: slim(parts(found, lang)))
    for sample, group in samples[:1]:
        against = [code for code in order if (code, sample, group) in at and at[code, sample, group].part > 0]
        names = _listed(found, against, lang) or word("none", lang)
        yield Text(word("against_gradient", lang, sample=sample_name(found, sample, group, lang), names=names))
    rows = []
    for code in order:
        row = at[code, "all", ""]
        share = f"{row.share:.0%}" if row.share == row.share else "—"
        cells = [at.get((code, *sample)) for sample in samples]
        shown = [f"{one.part:+.3f}" if one is not None and one.part == one.part else "—" for one in cells]
        own = f"{row.line.slope:+.2f} ({probability(row.line.p)})"
        rows.append([found.index.framework.label(code, lang), own, _figure(row.r), share, *shown])
    heads = _heads(("indicator", "own_slope", "correlation", "share_of_slope"), lang)
    heads += [word("part_in_slope", lang, sample=sample_name(found, *sample, lang)) for sample in samples]
    yield Table(heads, rows, right=range(1, len(heads)), caption=word("gradient_indicators", lang))


def _inequality(found: Gradient, lang: Language) -> Iterator[Block]:
    alike = {row.node: row.moran for row in found.likeness if row.weights == "nearest"}
    rows = []
    for split in found.inequality:
        gini, theil, moran = split.gini, split.theil_t, alike.get(split.node)
        between = f"{theil.share_between:.0%}" if len(found.belts) > 1 and theil.share_between == theil.share_between else "—"
        cells = [f"{value:.3f}" for value in (gini.total, gini.within, gini.between, gini.transvariation)]
        said = "—" if moran is None else f"{moran.value:.2f} ({probability(moran.p)})"
        rows.append([node_label(found, split.node, lang), f"{theil.total:.3f}", between, *cells, said])
    if rows:
        yield Heading(word("gradient_inequality", lang))
        keys = ("node", "theil", "share_between", "gini", "gini_within", "gini_between", "gini_overlap", "moran")
        yield Table(_heads(keys, lang), rows, right=range(1, 8), caption=word("gradient_inequality", lang))


def _moves(found: Gradient, lang: Language) -> Iterator[Block]:
    one = next((item for item in found.mobility if item.node == found.root), None)
    if one is None:
        return
    cities = word("called_city" if found.index.framework.table.units.kind == "city" else "called_unit", lang)
    title = word("gradient_moves", lang, first=one.periods[0], last=one.periods[-1], units=one.units, cities=cities)
    yield Heading(title)
    counts, shares = one.whole.counts.tolist(), one.whole.shares.tolist()
    rows = []
    for start, (n, share) in enumerate(zip(counts, shares, strict=True)):
        cells = [f"{part:.2f} ({count})" if count else "0" for part, count in zip(share, n, strict=True)]
        for moves in one.by_neighbours:
            here = int(moves.counts[start].sum())
            cells.append(f"{moves.shares[start, start]:.2f} ({here})" if here else "—")
        rows.append([f"Q{start + 1}", *cells])
    heads = [word("from_quartile", lang), *(word("to_quartile", lang, place=k + 1) for k in range(len(counts)))]
    heads += [word("stays_beside", lang, place=k + 1) for k in range(len(one.by_neighbours))]
    yield Table(heads, rows, right=range(1, len(heads)), caption=title)
    if one.test is not None:
        chi2, free, p = one.test
        yield Text(word("moves_alike", lang, chi2=f"{chi2:.1f}", free=free, p=probability(p)))


def _convergence(series: Sequence[Convergence], lang: Language) -> Iterator[Block]:
    known, rows = choices()["series"], []
    for item in series:
        fit = item.growth
        name = known[item.code]["label"][lang] if item.code in known else word("score", lang)
        half = f"{item.half_life:.1f}" if fit.high < 0 and item.half_life == item.half_life else "—"
        years, spread = f"{item.years[0]}–{item.years[-1]}", [f"{item.spread[0]:.2f}", f"{item.spread[-1]:.2f}"]
        interval = f"{fit.low:+.4f} … {fit.high:+.4f}"
        rows.append([name, years, str(len(item.units)), str(len(item.left_out)), *spread, f"{fit.slope:+.4f}", interval, half])
    if rows:
        keys = (
            "series",
            "years",
            "count_of_units",
            "count_left_out",
            "sigma_first",
            "sigma_last",
            "beta",
            "interval_95",
            "half_life",
        )
        yield Heading(word("convergence_short", lang))
        yield Table(_heads(keys, lang), rows, right=range(2, 9), caption=convergence_title(series, lang))


def _notes(found: Gradient, lang: Language) -> Iterator[Block]:
    yield Heading(word("notes", lang))
    for item in found.left_out:
        yield Text(choices()["left_out"][item.code][lang].format(**item.values))
    yield Text(word("gradient_note_p", lang, permutations=found.permutations, seed=found.seed))
    yield Text(word("gradient_note_scale", lang))
