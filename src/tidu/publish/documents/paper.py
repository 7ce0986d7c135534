"""A printed document as blocks: what it is made of, whichever file it becomes, and how big its type and margins are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tidu.publish.documents.page import Heading, Table, Text

#: Numbers of headings of the first and the second level in Chinese official documents.
_CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True)
class Tiles:
    """A few figures that are read first, side by side: (figure, what it is)."""

    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Points:
    """Numbered points: (what it is about, what is said)."""

    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Drawing:
    """A picture, SVG text when it is asked for; what it says in words; how much of the line it takes."""

    drawn: Callable[[], str]
    said: str
    share: float = 1.0


@dataclass(frozen=True)
class Small:
    """A line in small type: sources, editions, caveats."""

    text: str


@dataclass(frozen=True)
class Sheet:
    """A new page begins here."""


Block = Heading | Text | Table | Drawing | Tiles | Points | Small | Sheet


@dataclass(frozen=True)
class Style:
    """Type in points, margins in millimetres (top, bottom, left, right), the distance of lines in points.

    ``table`` is the type of tables, ``small`` that of notes; ``rule`` draws the bands of the house at the head; ``tight`` is
    what is added between letters.
    """

    body: float
    pitch: float
    title: float
    heading: float
    small: float
    table: float
    margins: tuple[float, float, float, float]
    rule: bool = False
    tight: float = 0.0


#: 公文, GB/T 9704-2012: A4, body 3号 (16 pt), title 2号 (22 pt), 22 lines of 28 characters on 156 × 225 mm. Twenty-eight
#: characters of 16 pt are 448 pt wide and the line 442 pt: letters stand a quarter of a point closer.
OFFICIAL = Style(16.0, 28.95, 22.0, 16.0, 10.5, 9.0, (37.0, 35.0, 28.0, 26.0), tight=-0.25)
#: The same sheet for a report in English: Latin type is read at 11 pt.
REPORT_EN = Style(11.0, 17.0, 20.0, 13.0, 9.0, 8.5, (37.0, 35.0, 28.0, 26.0))
#: One page for a leader.
BRIEF = Style(12.0, 19.0, 22.0, 14.0, 8.5, 8.5, (20.0, 16.0, 24.0, 24.0), rule=True)
BRIEF_EN = Style(10.0, 14.5, 20.0, 12.0, 8.0, 8.0, (20.0, 16.0, 24.0, 24.0), rule=True)


@dataclass(frozen=True)
class Paper:
    """A document in one language: title, the line below it, blocks, and how it is set."""

    title: str
    below: str
    blocks: tuple[Block, ...]
    lang: str
    style: Style


def leading(blocks: Sequence[Block]) -> frozenset[int]:
    """The places of the paragraphs that lead to a table or to points and stay on one page with its beginning.

    >>> sorted(leading([Text("a"), Text("b"), Points([("c", "d")])]))
    [1]
    """
    return frozenset(
        at for at, (block, after) in enumerate(pairwise(blocks)) if isinstance(block, Text) and isinstance(after, Table | Points)
    )


def numbered(blocks: Sequence[Block], lang: str) -> tuple[Block, ...]:
    """The blocks with numbers before their headings: 一、 and （一） in Chinese, 1 and 1.1 in English.

    >>> [item.text for item in numbered([Heading("甲"), Heading("乙", 3), Heading("丙", 3), Heading("丁")], "zh")]
    ['一、甲', '（一）乙', '（二）丙', '二、丁']
    >>> [item.text for item in numbered([Heading("A"), Heading("B", 3)], "en")]
    ['1  A', '1.1  B']
    """
    made: list[Block] = []
    first = second = 0
    for block in blocks:
        if isinstance(block, Heading):
            first, second = (first + 1, 0) if block.level == 2 else (first, second + 1)
            if lang == "zh":
                number = f"{chinese(first)}、" if block.level == 2 else f"（{chinese(second)}）"
            else:
                number = f"{first}  " if block.level == 2 else f"{first}.{second}  "
            made.append(Heading(number + block.text, block.level))
        else:
            made.append(block)
    return tuple(made)


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese.

    >>> [chinese(n) for n in (1, 10, 11, 20, 35)]
    ['一', '十', '十一', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _CHINESE[tens - 1] + "十"
    return head + (_CHINESE[ones - 1] if ones else "")


def widths(table: Table, whole: float, size: float) -> list[float]:
    """Widths of a table's columns in millimetres at a size of type: what figures need, texts sharing the rest by their length.

    >>> [round(wide) for wide in widths(Table(["a", "b"], [["long text here", "1"]], right=[1]), 100.0, 9.0)]
    [93, 7]
    """
    places = range(len(table.heads))
    needs = [max([_need(row[at], size) for row in table.rows] + [_longest(table.heads[at], size)]) for at in places]
    texts = [at for at in places if at not in table.right] or [0]
    if sum(needs) <= whole:
        most = max(texts, key=lambda at: needs[at])
        return [wide + (whole - sum(needs) if at == most else 0.0) for at, wide in enumerate(needs)]
    room = whole - sum(needs[at] for at in places if at not in texts)
    if room < 0.25 * whole:  # figures alone take the line: all give way alike
        return [wide * whole / sum(needs) for wide in needs]
    short = [at for at in texts if needs[at] <= room / (2 * len(texts))]
    room -= sum(needs[at] for at in short)
    weight = {at: needs[at] ** 0.6 for at in texts if at not in short}
    return [weight[at] / sum(weight.values()) * room if at in weight else wide for at, wide in enumerate(needs)]


def _longest(head: str, size: float) -> float:
    """The millimetres that a heading takes at least: its longest word, or half of it where it has no spaces."""
    chinese_head = ord(head[:1] or " ") > 0x2E7F
    parts = head.split() if not chinese_head else [head[: (len(head) + 1) // 2]] if len(head) > 5 else [head]
    return max((_need(part, size) for part in parts), default=0.0)


def _need(text: str, size: float) -> float:
    """The millimetres that a text takes on one line of a cell."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in text) * size * 0.353 + 4.8
