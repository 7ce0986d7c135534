"""What a reader may type to find a unit: code, names, official name, pinyin and its initials, the province."""

from __future__ import annotations

import re
import unicodedata
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
    own = dict.fromkeys([plain(unit), *(plain(name) for name in panel.names.get(unit, {}).values())])
    chinese = panel.names.get(unit, {}).get("zh") or panel.name(unit, "zh")
    short, official = _official().get(unit, ("", ""))
    if chinese in (short, official):
        own |= dict.fromkeys([plain(short), plain(official)])
    own |= dict.fromkeys(pinyin(chinese))
    around = [panel.groups[key][panel.units.index(unit)] for key in ("province_zh", "province_en") if key in panel.groups]
    latin = [word for word in own if word.isascii() and word != plain(unit)]
    ordered = [word for word in own if word not in latin] + latin
    return " ".join([*(word for word in ordered if word), *(AROUND + plain(text) for text in around if text)])
