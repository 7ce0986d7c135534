"""CNIPA's legal-status records (``business:PRSRecord``, packages CN-PA-PRSS-10, -20 and -30): one event each.

Date of effect, contract and parties stand in the free text alone, one ``key:value`` a line, laid out by code. Codes that nobody
knows are kept with their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tidu.records.readers.cnipa import FILLERS, day, number
from tidu.records.readers.xml import Found, documents
from tidu.records.staging import Document

if TYPE_CHECKING:
    from lxml import etree

Row = dict[str, str | None]
_BUSINESS = "{http://www.sipo.gov.cn/XMLSchema/business}"
_BASE = "{http://www.sipo.gov.cn/XMLSchema/base}"
_REFERENCE, _PUBLISHED, _CODE, _VALUE, _INFORMATION = (
    _BUSINESS + name for name in ("ApplicationReference", "PRSPublicationDate", "PRSCode", "PRSValue", "PRSInformation")
)
_DOCUMENT, _DOC_NUMBER, _DATE_OF = (_BASE + name for name in ("DocumentID", "DocNumber", "Date"))
_CONTRACT = ("合同备案号", "备案号", "登记号")
_PRINTED = re.compile(r"\d{12}\.[\dX]")
_NAMESPACES = f'xmlns:business="{_BUSINESS[1:-1]}" xmlns:base="{_BASE[1:-1]}"'
#: The keys of the free text; where the text has no line ends, they part it.
KEYS = (
    "合同备案号",
    "备案号",
    "登记号",
    "让与人",
    "受让人",
    "许可种类",
    "备案日期",
    "备案日",
    "登记生效日",
    "生效日",
    "出质人",
    "质权人",
    "解除日",
    "变更事项",
    "变更前权利人",
    "变更后权利人",
    "变更前",
    "变更后",
    "变更日",
    "共同权利人",
    "决定号",
    "决定日",
    "终止日期",
    "发明名称",
    "实用新型名称",
    "使用外观设计的产品名称",
    "申请日",
    "申请公布日",
    "授权公告日",
    "授权公告号",
    "申请号",
    "专利号",
    "地址",
)
_KEY = re.compile(rf"(?:^|(?<=[\s;；,，]))\s*({'|'.join(sorted(KEYS, key=len, reverse=True))})\s*[:：]", re.M)
_DENSE = re.compile(rf"({'|'.join(sorted(KEYS, key=len, reverse=True))})[:：]")
#: Where each kind of event says its date of effect: two letters of the code → keys, the first that stands is taken.
_EFFECTIVE = {
    "EE": ("备案日期", "备案日"),
    "EC": ("解除日",),
    "EM": ("变更日",),
    "PE": ("登记生效日", "生效日"),
    "PC": ("解除日",),
    "PM": ("变更日",),
    "TR": ("登记生效日", "生效日"),
    "TA": ("登记生效日", "生效日"),
    "CP": ("变更日",),
    "IP": ("决定日",),
    "IW": ("决定日",),
    "CF": ("终止日期",),
}
_OWNERS = ("权利人", "专利权人", "申请人", "专利申请人", "共同权利人", "共同专利权人", "共同申请人", "")
_DATE = re.compile(r"\s*(\d{4})\s*[年.\-/]?\s*(\d{1,2})\s*[月.\-/]?\s*(\d{1,2})\s*日?")


def records(path: Path) -> Iterator[Document]:
    """The legal-status records of a file, one by one: each is one row of ``event``.

    The application number is the one that the office prints (``dataFormat="original"``), chosen by its mark. A record that the
    source withdraws (``status="D"``) comes with the fault ``withdrawn`` and is not stored.
    """
    return (_document(one) for one in documents(path, ("business:PRSRecord",), _NAMESPACES))


def _document(found: Found) -> Document:
    if found.root is None:
        return Document({}, line=found.line, byte=found.byte, fault=found.fault, text=found.text)
    if found.root.get("status", "").upper() == "D":
        text = " ".join("".join(found.root.itertext()).split())[:200]
        return Document({}, line=found.line, byte=found.byte, fault="withdrawn", text=text)
    return Document({"event": [_event(found.root)]}, line=found.line, byte=found.byte)


def _event(root: etree._Element) -> Row:
    told: dict[str, etree._Element] = {}
    for child in root:
        if child.tag not in told or child.get("dataFormat") == "original":
            told[child.tag] = child
    code = _leaf(told.get(_CODE))
    node = told.get(_INFORMATION)
    text = (node.text if node is not None else None) or ""
    values = fields(text)
    keys = _EFFECTIVE.get((code or "")[:2], ())
    giver, taker = _sides(values)
    return {
        "appno": _number(told.get(_REFERENCE)),
        "seq": "1",
        "code": code,
        "effective": iso(next((values[key][0] for key in keys if key in values), None)),
        "published": day(_leaf(_below(told.get(_PUBLISHED), _DATE_OF))),
        "contract": next((values[key][0] for key in _CONTRACT if key in values), None),
        "giver": giver,
        "taker": taker,
        "detail": text.strip() or _leaf(told.get(_VALUE)),
    }


def _below(node: etree._Element | None, tag: str) -> etree._Element | None:
    """The first child of a node with a tag."""
    return next((child for child in node if child.tag == tag), None) if node is not None else None


def _leaf(node: etree._Element | None) -> str | None:
    """The text of a node without children, blanks at its ends taken off; nothing where it lacks or holds a filler."""
    text = (node.text or "").strip() if node is not None else ""
    return None if text in FILLERS else text


def _number(reference: etree._Element | None) -> str | None:
    text = _leaf(_below(_below(reference, _DOCUMENT), _DOC_NUMBER))
    return text if text is None or _PRINTED.fullmatch(text) else number(text)[0]


def fields(text: str) -> dict[str, list[str]]:
    r"""The values of a record's free text by key, in their order; a line that begins with no key goes on with the one before.

    Keys part a text that has no line ends too.

    >>> fields("登记号:Y1\n出质人：甲公司\n质权人:乙银行")
    {'登记号': ['Y1'], '出质人': ['甲公司'], '质权人': ['乙银行']}
    """
    if ":" not in text and "：" not in text:
        return {}
    found = list((_KEY if "\n" in text.strip() else _DENSE).finditer(text))
    told: dict[str, list[str]] = {}
    for at, one in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        value = " ".join(text[one.end() : end].split())
        if value or one[1] in _PAIRED:
            told.setdefault(one[1], []).append(value)
    return told


_PAIRED = frozenset(("变更事项", "变更前", "变更后", "变更前权利人", "变更后权利人"))


def iso(text: str | None) -> str | None:
    """A date as 2017-10-01, whether printed with points, strokes, 年月日 or eight digits; what is none stays as it stands.

    >>> iso("20171001"), iso("2017年5月2日"), iso("2017.05.02"), iso("soon")
    ('2017-10-01', '2017-05-02', '2017-05-02', 'soon')
    """
    found = _DATE.fullmatch(text.strip()) if text else None
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else text


def _sides(told: dict[str, list[str]]) -> tuple[str | None, str | None]:
    """Who gives and who takes: by their own keys, else what stood before and after where the owner is what changed.

    An item stands before its two sides; of items that are no owners (an address) the sides are left to ``detail``.
    """
    if not told:
        return None, None
    for giver, taker in (("让与人", "受让人"), ("出质人", "质权人")):
        if giver in told or taker in told:
            return told.get(giver, [None])[0], told.get(taker, [None])[0]
    items = told.get("变更事项", [])
    sides = []
    for one in (("变更前权利人", "变更前"), ("变更后权利人", "变更后")):
        values = next((told[key] for key in one if key in told), [])
        owners = [value for at, value in enumerate(values) if value and (items[at] if at < len(items) else "") in _OWNERS]
        sides.append("; ".join(owners) or None)
    return sides[0], sides[1]
