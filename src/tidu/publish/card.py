"""A unit's card: one picture with its rank, how sure that is, and where its first-level nodes stand; the same in both languages."""

from __future__ import annotations

from math import sqrt
from xml.sax.saxutils import escape

import numpy as np

from tidu.core.words import percentile_text
from tidu.publish.edition import Edition
from tidu.publish.palette import with_palette

WIDTH, HEIGHT = 840, 440
#: How many first-level nodes a card has room for.
NODES = 6
_SANS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
_SERIF = "Noto Serif CJK SC, Source Han Serif SC, Songti SC, SimSun, serif"
_DEEP, _MID, _SAND, _WARM, _INK, _SOFT, _LINE = "#0b3c5d", "#2f7f86", "#c9a86a", "#b4532a", "#1b2530", "#56616c", "#dcd8cf"


def card(edition: Edition, unit: str) -> str:
    """The card of a unit in the last period as SVG text; its fonts are the reader's own."""
    index = edition.index
    u, t = index.units.index(unit), index.period(edition.last)
    row = next((row for row in edition.ranking() if row["unit"] == unit), {})
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="{_SANS}"><title>{escape(edition.name(unit, "zh"))} {escape(edition.name(unit, "en"))}</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fbfaf7"/>',
        *(f'<rect x="{k * WIDTH / 3:g}" width="{WIDTH / 3:g}" height="8" fill="{c}"/>' for k, c in enumerate((_SAND, _MID, _DEEP))),
        _text(36, 52, _fitted(f"{edition.title('zh')} {edition.last}", 48), 15, _MID, weight=600),
        _text(36, 73, _fitted(edition.title("en"), 60), 12, _SOFT),
        _text(36, 132, _fitted(edition.name(unit, "zh"), 9), 42, _DEEP, family=_SERIF, weight=600),
        _text(36, 162, _fitted(edition.name(unit, "en"), 18), 20, _SOFT),
        *_standing(edition, unit, row),
        *_nodes(edition, u, t),
        f'<line x1="36" x2="{WIDTH - 36}" y1="{HEIGHT - 46}" y2="{HEIGHT - 46}" stroke="{_LINE}"/>',
        _text(36, HEIGHT - 22, f"Tidu 梯度 · {edition.mark} · 监测评价，不作评比 for monitoring, not an award", 12, _SOFT),
        "</svg>\n",
    ]
    return "\n".join(parts)


def card_png(edition: Edition, unit: str) -> bytes:
    """The card as a PNG of 840 × 440 pixels, drawn with the fonts of this machine."""
    import vl_convert

    return with_palette(vl_convert.svg_to_png(card(edition, unit)))


def _standing(edition: Edition, unit: str, row: dict[str, object]) -> list[str]:
    """Rank (or class), range and score, and the range as a bar; ranks stand at their square root."""
    if row.get("band") is not None:
        return [_text(36, 238, f"第 {row['band']} 类", 34, _DEEP, family=_SERIF), _text(36, 264, f"class {row['band']}", 14, _SOFT)]
    rank, of = row.get("rank"), len(edition.units)
    if not isinstance(rank, int):
        return [_text(36, 238, "未计分 not scored", 24, _SOFT)]
    made = [_text(36, 236, str(rank), 52, _DEEP, family=_SERIF, weight=600)]
    made += [_text(36, 260, f"位次，共 {of} 个 rank of {of}", 13, _SOFT)]
    score = row.get("score")
    if isinstance(score, float):
        made += [_text(250, 236, f"{score:.1f}", 34, _DEEP, family=_SERIF), _text(250, 260, "得分 score", 13, _SOFT)]
    best, worst = row.get("best"), row.get("worst")
    if isinstance(best, int | float) and isinstance(worst, int | float) and edition.sure is not None:
        low, high = int(np.floor(best)), int(np.ceil(worst))

        def at(place: float) -> float:
            return round(40 + 330 * (sqrt(place) - 1) / max(sqrt(of) - 1, 1e-9), 1)

        level = f"{edition.sure.level:.0%}"
        made += [
            f'<line x1="36" x2="374" y1="306" y2="306" stroke="{_LINE}" stroke-width="2"/>',
            f'<rect x="{at(low):g}" y="300" width="{max(at(high) - at(low), 3):g}" height="12" rx="6" fill="#9db8bd"/>',
            f'<circle cx="{at(rank):g}" cy="306" r="7" fill="{_DEEP}"/>',
            _text(36, 334, "1", 12, _SOFT),
            _text(374, 334, str(of), 12, _SOFT, anchor="end"),
            _text(205, 352, f"方法区间 {low}–{high}（{level}） specification range", 14, _INK, anchor="middle"),
        ]
    return made


def _nodes(edition: Edition, u: int, t: int) -> list[str]:
    """A bar for each first-level node: the share of the other units that it stands above; heaviest nodes where room is short."""
    index, framework = edition.index, edition.index.framework
    weights = index.weights(edition.last)
    live = [code for code in edition.pillars if index.live[t, framework.node(code).place]]
    kept = set(sorted(live, key=lambda code: -weights.get(code, 0.0))[:NODES])
    made = [_text(440, 112, "百分位（100 为最好） percentile (100 = best)", 12, _SOFT)]
    for k, code in enumerate(code for code in live if code in kept):
        place, top = framework.node(code).place, 138 + k * min(82, 246 // max(len(kept), 1))
        rank, count = index.ranks[u, t, place], int(np.sum(~np.isnan(index.ranks[:, t, place])))
        zh, en = edition.label(code, "zh"), edition.label(code, "en")
        made.append(_text(440, top, _fitted(zh if zh == en else f"{zh} {en}", 20), 14, _INK))
        made.append(f'<rect x="440" y="{top + 8}" width="300" height="10" rx="5" fill="#e6e9e8"/>')
        if np.isnan(rank) or count < 2:
            made.append(_text(804, top + 18, "—", 14, _SOFT, anchor="end"))
            continue
        share = float((count - rank) / (count - 1))
        made.append(f'<rect x="440" y="{top + 8}" width="{max(300 * share, 4):.1f}" height="10" rx="5" fill="{_MID}"/>')
        made.append(_text(804, top + 18, percentile_text(100 * share), 16, _DEEP, weight=600, anchor="end"))
    return made


def _text(
    x: float, y: float, said: str, size: int, colour: str, *, family: str = "", weight: int = 400, anchor: str = "start"
) -> str:
    more = f' font-family="{family}"' if family else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{colour}"{more}>'
        f"{escape(said)}</text>"
    )


def _fitted(said: str, wide: float) -> str:
    """A text cut to a width in characters of Chinese (a Latin letter is about half of one)."""
    room, kept = wide, ""
    for letter in said:
        room -= 1.0 if ord(letter) > 0x2E7F else 0.56
        if room < 0:
            return kept.rstrip() + "…"
        kept += letter
    return kept
