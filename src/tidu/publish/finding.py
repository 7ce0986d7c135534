"""What a reader may type to find a unit: code, names, official name, pinyin and its initials, the province."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from tidu.indicators import shipped
from tidu.indicators.panel import Panel

#: A word that begins with this is of the place around a unit, and comes after what is of the unit itself.
AROUND = "@"


def plain(text: str) -> str:
    """A text as it is compared: full width, case, accents, spaces, apostrophes and hyphens make no difference.

    ``static/find.js`` does the same to what is typed.

    >>> plain("Lü liang"), plain("Xi'an"), plain("ＨＡＮＧＺＨＯＵ　市"), plain("Ya’an")
    ('luliang', 'xian', 'hangzhou市', 'yaan')
    """
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).lower())
    return re.sub(r"[\s'’‘`´ʼ·.,()（）\-]|[\u0300-\u036f]", "", parts)


def pinyin(name: str) -> list[str]:
    """A Chinese name in pinyin without tones, ü as u and as v, then its initials; nothing where there is no Chinese letter.

    >>> pinyin("吕梁"), pinyin("杭州"), pinyin("Paris")
    (['luliang', 'lvliang', 'll'], ['hangzhou', 'hz'], [])
    """
    if not re.search(r"[\u4e00-\u9fff]", name):
        return []
    from pypinyin import lazy_pinyin

    parts = lazy_pinyin(name)
    whole = "".join(parts).lower()
    return list(dict.fromkeys([plain(whole.replace("v", "u")), plain(whole), "".join(part[:1] for part in parts).lower()]))


@cache
def _official() -> dict[str, tuple[str, str]]:
    """Code of the gazetteer → short and official Chinese name."""
    return {row["adcode"]: (row["name_short_zh"], row["name_zh"]) for row in shipped.table("gazetteer.csv")}


def find_words(panel: Panel, unit: str) -> str:
    """The words by which a unit is found, parted by spaces; those of its province begin with :data:`AROUND`.

    >>> from tidu.indicators.shipped import cities
    >>> find_words(cities(), "330100")
    '330100 杭州 杭州市 hangzhou hz @浙江省 @zhejiang'
    """
    printed = (panel.name(unit, "zh"), panel.name(unit, "en"))
    own = dict.fromkeys([plain(unit), *(plain(name) for name in (*panel.names.get(unit, {}).values(), *printed))])
    chinese = panel.names.get(unit, {}).get("zh") or panel.name(unit, "zh")
    short, official = _official().get(unit, ("", ""))
    if chinese in (short, official):
        own |= dict.fromkeys([plain(short), plain(official)])
    own |= dict.fromkeys(pinyin(chinese))
    around = [panel.groups[key][panel.units.index(unit)] for key in ("province_zh", "province_en") if key in panel.groups]
    latin = [word for word in own if word.isascii() and word != plain(unit)]
    ordered = [word for word in own if word not in latin] + latin
    return " ".join([*(word for word in ordered if word), *(AROUND + plain(text) for text in around if text)])


def fits(find: str, typed: str) -> int:
    """How well the words of a unit fit what was typed, made :func:`plain`: 3 a word is the same, 2 one begins so, 1 its province.

    Chinese letters may stand inside a word. ``static/find.js`` does the same.

    >>> fits("330100 杭州 杭州市 hangzhou hz @浙江省", "hz"), fits("330100 杭州 @浙江省", "浙江"), fits("330100 杭州", "州")
    (3, 1, 2)
    """
    best, inside = 0, not typed.isascii()
    for word in find.split(" "):
        at = word.find(typed)
        if word.startswith(AROUND):
            best = max(best, 1 if at == 1 else 0)
        else:
            best = max(best, 3 if word == typed else 2 if at == 0 or (at > 0 and inside) else 0)
    return best


def among(words: Sequence[str], text: str) -> list[int]:
    """The places of the units whose words fit best what was typed; without any, those that fit without a suffix such as 市.

    >>> among(["330100 杭州 hangzhou @浙江省", "330200 宁波 ningbo @浙江省"], "Ning bo"), among(["330100 杭州"], "杭州市")
    ([1], [0])
    """

    def best(typed: str) -> list[int]:
        marks = [fits(find, typed) if typed else 0 for find in words]
        most = max(marks, default=0)
        return [at for at, mark in enumerate(marks) if most and mark == most]

    typed = plain(text)
    shorter = re.sub("(省|市|自治区|地区|自治州|州|盟|县|区|shi|city)$", "", typed)
    return best(typed) or (best(shorter) if shorter != typed else [])


def alike(words: Sequence[str], text: str) -> list[int]:
    """The places of the units whose Latin words are spelt most nearly like what was typed: one slip, two from seven letters on.

    Names that differ in a letter are other names, so what comes back is to be offered, not taken. ``static/find.js`` does the same.

    >>> alike(["330800 衢州 quzhou @浙江省", "320500 苏州 suzhou @江苏省"], "Quzhuo"), alike(["330800 衢州 quzhou"], "qz")
    ([0], [])
    """
    typed = plain(text)
    if len(typed) < 4 or not typed.isascii() or typed.isdigit():
        return []
    marks = [
        min((slips(typed, word) for word in find.split(" ") if len(word) >= 4 and word.isascii() and word[0] != AROUND), default=9)
        for find in words
    ]
    least = min(marks, default=9)
    return [at for at, mark in enumerate(marks) if mark == least] if least <= (1 if len(typed) < 7 else 2) else []


def slips(one: str, other: str) -> int:
    """How many letters are left out, put in, changed or swapped with the next between two words (optimal string alignment).

    Source: Damerau 1964, Communications of the ACM 7(3):171.

    >>> slips("quzhuo", "quzhou"), slips("ningpo", "ningbo"), slips("wuxi", "wuxi")
    (1, 1, 0)
    """
    before, here = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, letter in enumerate(one):
        last, before, here = before, here, [i + 1]
        for j, wanted in enumerate(other):
            cost = min(before[j + 1] + 1, here[j] + 1, before[j] + (letter != wanted))
            if i and j and letter == other[j - 1] and one[i - 1] == wanted:
                cost = min(cost, last[j - 1] + 1)
            here.append(cost)
    return here[-1]
