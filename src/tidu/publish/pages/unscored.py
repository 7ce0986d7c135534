"""The page of a unit that has no score in the last period: why not, what it lacks, what figures it has, its files."""

from __future__ import annotations

from typing import Any

import numpy as np

from tidu.core.words import share_text, word
from tidu.diagnosis.explanation.figures import figures
from tidu.publish.columns import unit_said
from tidu.publish.edition import Edition
from tidu.publish.pages.files import KINDS_OF_UNIT, unit_address
from tidu.publish.pages.render import Content, page, text
from tidu.publish.standing import amount


def unscored(edition: Edition, lang: str, address: str, unit: str) -> Content:
    """The page of a unit without a score in a language."""
    lines = figures(edition.index, unit, edition.last)
    rows = [
        {"code": line.code, "value": line.value, "unit": unit_said(line.unit or "", lang), "status": line.status} for line in lines
    ]
    index, u = edition.index, edition.index.units.index(unit)
    before = [period for t, period in enumerate(index.periods[:-1]) if not np.isnan(index.ranks[u, t, -1])]
    return page(
        edition,
        lang,
        address,
        "unscored.html",
        here="ranking",
        unit=unit,
        reasons=reasons(edition, unit, lang),
        lacks=lacking(edition, unit),
        rows=rows,
        before=before,
        files=[(kind, unit_address(edition, unit, kind)) for kind in KINDS_OF_UNIT],
        amount=amount,
        w=lambda key, **filled: word(key, lang, **filled),
    )


def reasons(edition: Edition, unit: str, lang: str) -> list[str]:
    """Why a unit is not scored in the last period, each reason a sentence with its numbers, from the screening of the index.

    >>> from tidu import app
    >>> reasons(app.edition("city-ip-core", draws=0), "540200", "zh")[0]
    '按指数文件，所属各项齐全才有得分；产出结构缺项，总分因此无从得出。'
    """
    index, t, u = edition.index, edition.index.period(edition.last), edition.index.units.index(unit)
    rule, seen, found = index.framework.table.screen, index.screening, list[str]()
    if unit in rule.force_out:
        return [text("unscored_forced", lang)]
    leaves = [k for k in range(len(index.framework.leaves)) if index.live[t, k]]
    given = {index.framework.leaves[k]: not np.isnan(index.raw[u, t, k]) for k in leaves}
    known: dict[str, Any] = {"asked": len(given), "seen": sum(given.values())}
    share = float(seen.availability[u, t])
    if share < rule.minimum - 1e-12:
        found.append(text("unscored_missing", lang, **known, share=share_text(share), least=share_text(rule.minimum)))
    if rule.nonzero > 0 and seen.nonzero[u, t] < rule.nonzero - 1e-12:
        nonzero = share_text(float(seen.nonzero[u, t]))
        found.append(text("unscored_zero", lang, share=nonzero, least=share_text(rule.nonzero)))
    for node in index.framework.inner if rule.minimum_pillar > 0 else ():
        under = [code for code in index.framework.leaves_under(node.code) if code in given]
        here = sum(given[code] for code in under)
        if node.code != edition.code and under and here / len(under) < rule.minimum_pillar - 1e-12:
            known = {"node": edition.label(node.code, lang), "asked": len(under), "seen": here}
            told = {"share": share_text(here / len(under)), "least": share_text(rule.minimum_pillar)}
            found.append(text("unscored_pillar", lang, **known, **told))
    if not found:
        names = ("、" if lang == "zh" else ", ").join(edition.label(code, lang) for code in holes(edition, unit))
        found.append(text("unscored_join", lang, nodes=names))
    return found


def lacking(edition: Edition, unit: str) -> list[str]:
    """The indicators of which a unit has no figure in the last period, after filling.

    >>> from tidu import app
    >>> lacking(app.edition("city-ip-core", draws=0), "540200")
    ['invention_share']
    """
    index, t, u = edition.index, edition.index.period(edition.last), edition.index.units.index(unit)
    return [code for k, code in enumerate(index.framework.leaves) if index.live[t, k] and np.isnan(index.imputed[u, t, k])]


def holes(edition: Edition, unit: str) -> list[str]:
    """The lowest nodes that have no score in the last period for want of a figure right below them."""
    framework, missing = edition.index.framework, set(lacking(edition, unit))
    u, t = edition.index.units.index(unit), edition.index.period(edition.last)
    empty = [node for node in framework.inner if np.isnan(edition.index.scores[u, t, node.place])]
    return [node.code for node in empty if missing & set(node.children)] or [edition.code]
