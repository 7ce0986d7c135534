"""The command on where units are: does the index decline from the coast to the interior."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidu.faces.analysis import Seed, Source
from tidu.faces.options import Data, Json, Language, Out, Sets, Universe, language
from tidu.faces.reading import Year

if TYPE_CHECKING:
    from tidu.core.errors import Language as Tongue
    from tidu.diagnosis.geography.convergence import Convergence
    from tidu.diagnosis.geography.gradient import Gradient

_MARKS = {True: "✓", False: "✗", None: "—"}


def gradient(
    lang: Language,
    file: Source = "city-ip-core",
    data: Data = None,
    year: Year = None,
    universe: Universe = None,
    sets: Sets = None,
    without: Annotated[
        list[str] | None,
        typer.Option(
            "--without",
            help="Leave out this node in the second round; may be repeated. Trade indicators when left out. 剔除该节点再算一遍。",
        ),
    ] = None,
    belt: Annotated[
        str | None, typer.Option("--belt", help="Attribute whose values are the belts; units.belt when left out. 板块所在的属性。")
    ] = None,
    permutations: Annotated[
        int, typer.Option("--permutations", min=99, help="Random orders behind each p-value. 置换次数。")
    ] = 999,
    seed: Seed = 0,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Does the index decline from the coast to the interior: belts, slopes, neighbours, inequality, indicators. 沿海—内陆梯度。"""
    from tidu import app as house
    from tidu.diagnosis.geography.convergence import provinces
    from tidu.diagnosis.geography.gradient import gradient as test
    from tidu.faces import show
    from tidu.publish.documents.gradient_tables import convergence_rows, gradient_tables, mobility_rows, write_gradients

    index = house.make(file, data, universe=universe, changes=sets or [])
    shown = index.periods[index.period(year)]
    wanted = index.periods if out is not None else (shown,)
    found = {period: test(index, period, without=without, belt=belt, permutations=permutations, seed=seed) for period in wanted}
    scores = [one.convergence for one in found.values() if one.convergence is not None][:1]
    series = (*scores, *(provinces() if data is None else ()))
    files = [] if out is None else write_gradients(out, list(found.values()), series)
    if as_json:
        about = {"period": shown, "seed": seed, "permutations": permutations, "belts": list(found[shown].belts)}
        told = [{"code": item.code, **item.values} for item in found[shown].left_out]
        tables = gradient_tables(found[shown])
        more = {"mobility": mobility_rows(found[shown]), "convergence": convergence_rows(series), "left_out": told}
        show.print_json({**about, **tables, **more, "written": [path.name for path in files]})
        return
    text = language(lang)
    _print_answer(found[shown], text)
    _print_means(found[shown], text)
    _print_slopes(found[shown], text)
    _print_indicators(found[shown], text)
    _print_inequality(found[shown], text)
    _print_moves(found[shown], text)
    _print_convergence(series, text)
    _print_notes(found[shown], text)
    if out is not None:
        show.print_lines(f"{show.word('written', text)} {out}/ ({show.word('files', text, count=len(files))})")


def _print_answer(found: Gradient, lang: Tongue) -> None:
    from tidu.diagnosis.geography.verdict import chance_text, verdicts
    from tidu.faces import show

    answers = verdicts(found)
    title = f"{show.word('gradient_title', lang)} · {found.index.framework.title(lang)} {show.dated(found.period, lang)}"
    show.print_lines(title, "", answers[0].text(lang))
    show.print_lines(*(f"  {_MARKS[check.holds]} {check.text(lang)}" for check in answers[0].checks))
    shape = [found.slope(found.root, sample=sample) for sample in ("between", "within")]
    if shape[0] and shape[1]:
        numbers = [f"{row.line.slope:+.2f}" for row in shape if row] + [chance_text(row.line.p) for row in shape if row]
        keys = ("between", "within", "p_between", "p_within")
        show.print_lines(show.word("gradient_shape", lang, **dict(zip(keys, numbers, strict=True))))
    names = {check.code: check.name(lang) for item in answers for check in item.checks}
    rows = []
    for code, name in names.items():
        marks = [next((_MARKS[check.holds] for check in item.checks if check.code == code), "") for item in answers]
        rows.append([name, *marks])
    rows.append([show.word("checks_held", lang), *(f"{item.held}/{len(item.checks)}" for item in answers)])
    show.print_lines("")
    show.print_table([show.word("check", lang), *(_label(found, item.node, lang) for item in answers)], rows)


def _print_means(found: Gradient, lang: Tongue) -> None:
    from tidu.diagnosis.geography.verdict import belt_name
    from tidu.faces import show

    rows: list[list[Any]] = []
    for by in found.places.groups:
        if rows:
            rows.append([""] * len(rows[0]))
        for group in found.places.values(by):
            here = {row.node: row for row in found.means if (row.by, row.group) == (by, group)}
            root = here[found.root]
            name = belt_name(found, group, lang, by)
            if by == "coastal" and group in ("0", "1"):
                name = show.word("on_the_coast" if group == "1" else "off_the_coast", lang)
            interval = "—" if root.low != root.low else f"{root.low:.1f}–{root.high:.1f}"
            means = [here[node].mean for node in found.nodes[1:]]
            rows.append([name, root.n, root.mean, interval, *means])
    keys = ("group", "count_of_units", "mean", "interval_95")
    heads = [*(show.word(key, lang) for key in keys), *(_label(found, node, lang) for node in found.nodes[1:])]
    show.print_table(heads, rows, show.word("gradient_means", lang), right=range(1, len(heads)))


def _print_slopes(found: Gradient, lang: Tongue) -> None:
    """The slope of each node on distance by sample, with its p-value, then without what is coastal by nature, and on longitude."""
    from tidu.faces import show

    samples = list(dict.fromkeys((row.sample, row.group) for row in found.slopes))
    rounds = [(found, "distance", "")] + ([(found.without, "distance", "gradient_without")] if found.without else [])
    rounds.append((found, "longitude", "gradient_longitude"))
    for one, on, key in rounds:
        if not any(row.on == on for row in one.slopes):
            continue
        rows = []
        for sample, group in samples:
            cells = []
            for node in found.nodes:
                row = one.slope(node, on, sample, group)
                cells.append("—" if row is None else f"{row.line.slope:+.2f} ({_p(row.line.p)})")
            counted = one.slope(one.root, on, sample, group)
            rows.append([_sample(found, sample, group, lang), counted.line.n if counted else None, *cells])
        join = "、" if lang == "zh" else ", "
        names = join.join(found.index.framework.label(node, lang) for node in found.removed)
        title = show.word(key or "gradient_slopes", lang, names=names)
        heads = [show.word("sample", lang), show.word("count_of_units", lang), *(_label(found, node, lang) for node in found.nodes)]
        show.print_table(heads, rows, title, right=range(1, len(heads)))


def _print_indicators(found: Gradient, lang: Tongue) -> None:
    from tidu.faces import show

    framework = found.index.framework
    samples = list(dict.fromkeys((row.sample, row.group) for row in found.forces))
    by_code = {(row.indicator, row.sample, row.group): row for row in found.forces}
    order = [row.indicator for row in found.forces if row.sample == "all"]
    rows = []
    for code in order:
        row = by_code[code, "all", ""]
        own = [f"{row.line.slope:+.2f} ({_p(row.line.p)})", row.r, f"{row.share:.0%}" if row.share == row.share else "—"]
        parts = [by_code.get((code, *sample)) for sample in samples]
        rows.append([framework.label(code, lang), *own, *("—" if one is None else f"{one.part:+.3f}" for one in parts)])
    names = [_sample(found, *sample, lang) for sample in samples]
    keys = ("indicator", "own_slope", "correlation", "share_of_slope")
    heads = [*(show.word(key, lang) for key in keys), *(show.word("part_in_slope", lang, sample=name) for name in names)]
    if not rows:
        return
    show.print_table(heads, rows, show.word("gradient_indicators", lang), right=range(1, len(heads)))
    join = "、" if lang == "zh" else ", "
    for sample, name in zip(samples, names, strict=True):
        against = [code for code in order if (code, *sample) in by_code and by_code[code, *sample].part > 0]
        listed = join.join(framework.label(code, lang) for code in against) or show.word("none", lang)
        show.print_lines(show.word("against_gradient", lang, sample=name, names=listed))
    show.print_lines("")


def _print_inequality(found: Gradient, lang: Tongue) -> None:
    from tidu.faces import show

    likeness = {row.node: row.moran for row in found.likeness if row.weights == "nearest"}
    split = {row.node: row for row in found.inequality}
    rows = []
    for node in found.nodes:
        one, alike = split.get(node), likeness.get(node)
        gini = one.gini if one else None
        parts = [None] * 4 if gini is None else [f"{x:.3f}" for x in (gini.total, gini.within, gini.between, gini.transvariation)]
        theil = (
            [None, None]
            if one is None
            else [f"{one.theil_t.total:.3f}", f"{one.theil_t.share_between:.0%}" if found.belts[1:] else None]
        )
        rows.append([_label(found, node, lang), *theil, *parts, f"{alike.value:.2f} ({_p(alike.p)})" if alike else None])
    keys = ("node", "theil", "share_between", "gini", "gini_within", "gini_between", "gini_overlap", "moran")
    if split or likeness:
        heads = [show.word(key, lang) for key in keys]
        show.print_table(heads, rows, show.word("gradient_inequality", lang), right=range(1, len(heads)))


def _print_moves(found: Gradient, lang: Tongue) -> None:
    from tidu.faces import show

    one = next((item for item in found.mobility if item.node == found.root), None)
    if one is None:
        return
    counts = one.whole.counts
    rows = []
    for start in range(counts.shape[0]):
        cells = [
            f"{share:.2f} ({count})" if count else "0"
            for share, count in zip(one.whole.shares[start].tolist(), counts[start].tolist(), strict=True)
        ]
        stay = [
            f"{moves.shares[start, start]:.2f} ({int(moves.counts[start].sum())})" if moves.counts[start].sum() else "—"
            for moves in one.by_neighbours
        ]
        rows.append([f"Q{start + 1}", *cells, *stay])
    heads = [show.word("from_quartile", lang), *(show.word("to_quartile", lang, place=k + 1) for k in range(4))]
    heads += [show.word("stays_beside", lang, place=k + 1) for k in range(len(one.by_neighbours))]
    kind = found.index.framework.table.units.kind
    cities = show.word("called_city" if kind == "city" else "called_unit", lang)
    title = show.word("gradient_moves", lang, first=one.periods[0], last=one.periods[-1], units=one.units, cities=cities)
    show.print_table(heads, rows, title, right=range(1, len(heads)))
    if one.test is not None:
        chi2, free, p = one.test
        show.print_lines(show.word("moves_alike", lang, chi2=f"{chi2:.1f}", free=free, p=_p(p)))
    show.print_lines("")


def _print_convergence(series: Sequence[Convergence], lang: Tongue) -> None:
    from tidu.diagnosis.geography.places import choices
    from tidu.faces import show
    from tidu.publish.documents.gradient_tables import convergence_title

    rows: list[list[Any]] = []
    for item in series:
        fit = item.growth
        known = choices()["series"]
        name = known[item.code]["label"][lang] if item.code in known else show.word("score", lang)
        sure = fit.high < 0 and item.half_life == item.half_life
        beta = [f"{fit.slope:+.4f}", f"{fit.low:+.4f} … {fit.high:+.4f}", f"{item.half_life:.1f}" if sure else None]
        spread = [f"{item.spread[0]:.2f}", f"{item.spread[-1]:.2f}"]
        rows.append([name, f"{item.years[0]}–{item.years[-1]}", len(item.units), len(item.left_out), *spread, *beta])
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
        heads = [show.word(key, lang) for key in keys]
        show.print_table(heads, rows, convergence_title(series, lang), right=range(2, 9))


def _print_notes(found: Gradient, lang: Tongue) -> None:
    from tidu.diagnosis.geography.places import choices
    from tidu.faces import show

    lines = [choices()["left_out"][item.code][lang].format(**item.values) for item in found.left_out]
    lines.append(show.word("gradient_note_p", lang, permutations=found.permutations, seed=found.seed))
    lines.append(show.word("gradient_note_scale", lang))
    show.print_lines("", *lines)


def _label(found: Gradient, node: str, lang: Tongue) -> str:
    """A node's heading; the index itself is short."""
    from tidu.faces import show
    from tidu.publish.documents.gradient_tables import label

    return show.word("measure_overall", lang) if node == found.root else label(found, node, lang)


def _sample(found: Gradient, sample: str, group: str, lang: Tongue) -> str:
    from tidu.diagnosis.geography.verdict import sample_name

    return sample_name(found, sample, group, lang)


def _p(p: float) -> str:
    """A p-value in brackets: three decimals, below them as such."""
    return "—" if p != p else "<.001" if p < 0.0005 else f"{p:.3f}".removeprefix("0")
