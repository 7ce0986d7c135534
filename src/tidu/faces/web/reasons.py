"""Typed answers of the interface on why: profiles, what scores and changes are made of, what moves them, audit, gradient, SMAA."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query

from tidu.core.errors import Language as Tongue
from tidu.core.errors import UsageError, listing, nearest
from tidu.diagnosis.audit.remarks import remarks
from tidu.diagnosis.explanation import change as split
from tidu.diagnosis.explanation.contribution import Contributions, gap_parts, score_parts
from tidu.diagnosis.explanation.profile import profile
from tidu.diagnosis.geography.places import places
from tidu.diagnosis.geography.verdict import verdicts
from tidu.diagnosis.movement.counts import reminder
from tidu.diagnosis.movement.levers import alike
from tidu.diagnosis.movement.moves import moves
from tidu.faces.web import answers
from tidu.faces.web.api import Code, Year, number, period_of, plain, ranks_shown
from tidu.index.all_weights import under_all_weights
from tidu.publish.edition import Edition

Top = Annotated[str | None, Query(max_length=80, description="Code of a node; the whole index when left out.")]
Said = Annotated[Tongue, Query(description="Language of the texts.")]


def unit_profile(edition: Edition, code: Code, year: Year = None) -> answers.Profile:
    """Where a unit stands, beside the ten nearest to it in size: node by node, figures with their sources, history."""
    ranks_shown(edition)
    wanted = edition.index.panel.unit(code)
    found = profile(edition.index, wanted, year, against=alike(edition.index, wanted, year))
    return answers.Profile(
        index=edition.code,
        hash=edition.hash,
        unit=found.unit,
        period=found.period,
        peers=list(found.peers.units),
        peers_how=found.peers.how,
        peers_by=list(found.peers.by),
        nodes=[answers.Line.model_validate(_fields(line)) for line in found.nodes],
        strengths=[line.code for line in found.strengths],
        weaknesses=[line.code for line in found.weaknesses],
        figures=[answers.Figure.model_validate(_fields(figure)) for figure in found.figures],
        history={node: {t: (number(score), rank) for t, (score, rank) in series.items()} for node, series in found.history.items()},
        ranges={
            period: (row["best"], row["worst"])
            for period in edition.index.periods
            for row in edition.ranking(period)
            if row["unit"] == wanted and row.get("best") is not None
        },
    )


def contribution(
    edition: Edition,
    code: Code,
    against: Annotated[str | None, Query(max_length=80, description="Another unit; the zero of the scale when left out.")] = None,
    node: Top = None,
    year: Year = None,
) -> answers.Contribution:
    """What a score, or the gap to another unit, is made of."""
    ranks_shown(edition)
    index = edition.index
    found = score_parts(index, code, year, node) if against is None else gap_parts(index, code, against, year, node)
    return _contribution(edition, found)


def compare(
    edition: Edition,
    unit: Annotated[list[str], Query(min_length=2, max_length=5, description="Two to five units, by code or exact name.")],
    year: Year = None,
) -> answers.Compared:
    """Two to five units side by side, and what the gap of the first to each of the others is made of."""
    ranks_shown(edition)
    index, t = edition.index, edition.index.period(year)
    codes = list(dict.fromkeys(index.panel.unit(text) for text in unit))
    ranks = index.rank(None, index.periods[t])
    ranges = {
        row["unit"]: {key: row.get(key) for key in ("best", "worst", "undecided", "tie_group")} for row in edition.ranking(year)
    }
    sides = [
        answers.Side(
            **ranges.get(code, {}),
            unit=code,
            name_zh=edition.name(code, "zh"),
            name_en=edition.name(code, "en"),
            rank=ranks[code],
            scores=plain(dict(zip(index.nodes, index.scores[index.units.index(code), t].tolist(), strict=True))),
        )
        for code in codes
    ]
    gaps = {other: plain(gap_parts(index, codes[0], other, year).parts) for other in codes[1:]}
    return answers.Compared(index=edition.code, period=index.periods[t], units=sides, gaps=gaps)


def unit_moves(edition: Edition, code: Code, year: Year = None) -> answers.Moves:
    """What would move a unit: points for a step of each printed column, and what it takes to pass the next one."""
    ranks_shown(edition)
    wanted = edition.index.panel.unit(code)
    rows = [
        answers.Move.model_validate({**_fields(move), "fed": [_fields(one) for one in move.fed], "beyond": list(move.beyond)})
        for move in moves(edition.index, wanted, year)
    ]
    told = {lang: list(reminder(edition.index.framework, lang)) for lang in ("zh", "en")}
    return answers.Moves(index=edition.code, unit=wanted, period=period_of(edition, year), rows=rows, reminder=told)


def unit_change(edition: Edition, code: Code, since: Year = None, node: Top = None, year: Year = None) -> answers.Change:
    """Why a score changed since another period, the one before when left out: own figures, others', coverage, method."""
    ranks_shown(edition)
    index = edition.index
    found = split.change(index, index, code, since, year, node)
    return answers.Change.model_validate(
        {**_fields(found), "index": edition.code, "periods": list(found.periods), "parts": plain(found.parts)}
    )


def audit(edition: Edition, lang: Said = "zh") -> answers.Remarks:
    """What a statistical auditor would remark on, the gravest first; nothing where an edition cannot be audited."""
    rows = []
    for item in remarks(edition.examined) if edition.examined is not None else ():
        about, said, mend = item.parts(lang)
        rows.append(answers.Remark(code=item.code, severity=item.severity, address=item.address, about=about, said=said, mend=mend))
    return answers.Remarks(index=edition.code, period=edition.last, hash=edition.hash, rows=rows)


def gradient(edition: Edition, node: Top = None, year: Year = None, lang: Said = "zh") -> answers.Decline:
    """Whether scores decline from the coast to the interior: the answer, each check of it with its numbers.

    Raises ``bands_only`` where scores are not shown, ``no_places`` where nobody knows where the units are, ``unknown_node``
    where the node has no test: the index and its first level have one.
    """
    ranks_shown(edition)
    places(edition.index.panel)
    period, wanted = period_of(edition, year), node or edition.code
    found = {item.node: item for item in verdicts(edition.gradients[period])}
    if wanted not in found:
        raise UsageError("unknown_node", name=wanted, known=listing(found), did_you_mean=nearest(wanted, list(found)))
    answer, about = found[wanted], {"index": edition.code, "period": period, "hash": edition.hash, "node": wanted}
    checks = [answers.Check(name=check.name(lang), holds=check.holds, said=check.beside(lang)) for check in answer.checks]
    return answers.Decline(**about, answer=answer.answer, said=answer.text(lang), checks=checks)


def acceptability(edition: Edition, node: Top = None, year: Year = None) -> answers.Acceptabilities:
    """Ranks under all weights of a node's children (SMAA), 10,000 drawn evenly: shares of each rank, central weights."""
    ranks_shown(edition)
    found = under_all_weights(edition.index, node, year)
    rows = []
    for u, row in enumerate(found.rows()):
        own = {key: row[key] for key in ("unit", "expected_rank", "top_10", "best", "worst", "holistic")}
        first = row["rank_1"] > 0
        weights = plain({child: row[f"weight_{child}"] for child in found.children})
        rows.append(
            answers.Acceptable(
                **own,
                first=row["rank_1"],
                confidence=row["confidence"] if first else None,
                central=weights if first else None,
                shares=found.acceptability[u].tolist(),
            )
        )
    rows.sort(key=lambda row: (row.expected_rank, row.unit))
    return answers.Acceptabilities(
        index=edition.code,
        period=period_of(edition, year),
        hash=edition.hash,
        node=node or edition.code,
        draws=found.draws,
        children=list(found.children),
        rows=rows,
    )


def _fields(found: object) -> dict[str, Any]:
    """The fields of a thing as they stand in JSON."""
    return {key: number(value) if isinstance(value, float) else value for key, value in vars(found).items()}


def _contribution(edition: Edition, found: Contributions) -> answers.Contribution:
    return answers.Contribution(
        index=edition.code,
        unit=found.unit,
        others=list(found.others),
        period=found.period,
        node=found.node,
        score=number(found.score),
        baseline=number(found.baseline),
        total=number(found.total),
        parts=plain(found.parts),
        place=number(found.place),
    )
