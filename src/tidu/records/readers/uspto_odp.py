"""The USPTO's Open Data Portal: file wrappers as JSON, in the present form and in the one before it (``patentBag``)."""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tidu.records.readers.uspto import (
    KINDS,
    Claim,
    Row,
    Rows,
    agents,
    bare,
    classes,
    country,
    day,
    key,
    name,
    patent,
    place,
    priorities,
    publication_number,
    unspaced,
)
from tidu.records.readers.uspto_assignment import event, reel_frame
from tidu.records.readers.xml import LONGEST
from tidu.records.staging import Document

_BAG = re.compile(rb'"(?:patentFileWrapperDataBag|patentBag)"\s*:\s*\[')
_MARK = re.compile(rb'[{}\]]|"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_PUBLICATION = re.compile(r"([A-Z]{2})\s*([\d-]+)\s*([A-Z]\d?)?")


def wrappers(path: Path) -> Iterator[Document]:
    """The file wrappers of a file, one by one, however many answers stand in it.

    The key is ``US`` and the eight digits of the application. Recorded conveyances become events with their class, each step of
    the examination an event with the office's code. A wrapper that is no JSON comes with its fault.
    """
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at, line, counted = 0, 1, 0
        while (bag := _BAG.search(data, at)) is not None:
            at = bag.end()
            for start, end in _objects(data, at):
                at = end
                line, counted = line + data[counted:start].count(b"\n"), start
                yield _document(data, start, end, line)


def _objects(data: mmap.mmap, at: int) -> Iterator[tuple[int, int]]:
    """Where each object of a list begins and ends; one that is not closed ends with the file."""
    deep, start = 0, -1
    for found in _MARK.finditer(data, at):
        mark = data[found.start()]
        if mark == 0x7B:
            if deep == 0:
                start = found.start()
            deep += 1
        elif mark == 0x7D:
            deep -= 1
            if deep == 0:
                yield start, found.end()
        elif mark == 0x5D and deep <= 0:
            return
    if deep > 0:
        yield start, len(data)


def _document(data: mmap.mmap, start: int, end: int, line: int) -> Document:
    if end - start > LONGEST:
        return Document({}, line=line, byte=start, fault="too_long", text=data[start : start + 200].decode("utf-8", "replace"))
    text = data[start:end]
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return Document(
            {}, line=line, byte=start, fault="broken", text=text[:200].decode("utf-8", "replace").replace("\0", "\ufffd")
        )
    return Document(_rows(whole), line=line, byte=start)


def _said(one: dict[str, Any], *names: str) -> str | None:
    """The first text or number among several fields, blanks made one."""
    for field in names:
        value = one.get(field)
        if isinstance(value, str | int) and not isinstance(value, bool):
            text = " ".join(str(value).replace("\0", " ").split())
            if text:
                return text
    return None


def _bag(one: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    """The objects of the first list among several fields."""
    value: list[Any] = next((one[field] for field in names if isinstance(one.get(field), list)), [])
    return [part for part in value if isinstance(part, dict)]


def _inner(one: dict[str, Any], field: str) -> dict[str, Any]:
    value = one.get(field)
    return value if isinstance(value, dict) else {}


def _rows(whole: dict[str, Any]) -> Rows:
    meta = _inner(whole, "applicationMetaData") or whole
    appno = key(_said(whole, "applicationNumberText"))
    published = _publications(meta, appno)
    claimed = priorities(appno, _claims(whole, appno))
    code = _said(meta, "applicationTypeCode") or ""
    word = (_said(meta, "applicationTypeLabelName") or code).lower()
    symbols = meta.get("cpcClassificationBag")
    cpc = [unspaced(one) for one in symbols if isinstance(one, str)] if isinstance(symbols, list) else []
    return {
        "patent": [
            patent(
                appno,
                published,
                claimed,
                day(_said(meta, "filingDate")),
                kind=KINDS.get(code) or KINDS.get(word, word or None),
                route=_route(meta, appno),
                title=_said(meta, "inventionTitle"),
                granted=day(_said(meta, "grantDate")),
                status=_said(meta, "applicationStatusDescriptionText"),
            )
        ],
        "publication": published,
        "party": [
            *_parties(meta, appno, "applicant", "applicantBag", "applicantNameText", "applicant"),
            *_parties(meta, appno, "inventor", "inventorBag", "inventorNameText"),
            *agents(appno, _firms(whole)),
        ],
        "class": [*classes(appno, "cpc", cpc), *classes(appno, "uspc", [unspaced(_said(meta, "class/subclass"))])],
        "priority": claimed,
        "event": _events(whole, appno),
    }


def _route(meta: dict[str, Any], appno: str | None) -> str:
    if appno and appno.startswith("WO"):
        return "international"
    return "pct" if meta.get("nationalStageIndicator") is True else "national"


def _publications(meta: dict[str, Any], appno: str | None) -> list[Row]:
    found: list[Row] = []
    printed = _PUBLICATION.fullmatch(_said(meta, "earliestPublicationNumber") or "")
    if printed:
        found.append(
            {
                "appno": appno,
                "authority": printed[1],
                "number": bare(printed[2]),
                "kind": printed[3],
                "published": day(_said(meta, "earliestPublicationDate")),
            }
        )
    number = publication_number(_said(meta, "patentNumber"))
    if number:
        found.append({"appno": appno, "authority": "US", "number": number, "published": day(_said(meta, "grantDate"))})
    return found


def _claims(whole: dict[str, Any], appno: str | None) -> Iterator[Claim]:
    for one in _bag(whole, "foreignPriorityBag"):
        yield country(_said(one, "ipOfficeName", "countryName")), _said(one, "applicationNumberText"), day(_said(one, "filingDate"))
    for one in _bag(_inner(whole, "continuityBag") or whole, "parentContinuityBag"):
        if _said(one, "claimParentageTypeCode") in ("NST", "REI", "REX") and key(_said(one, "childApplicationNumberText")) == appno:
            continue
        yield "US", _said(one, "parentApplicationNumberText"), day(_said(one, "parentApplicationFilingDate", "filingDate"))


def _parties(meta: dict[str, Any], appno: str | None, role: str, bag: str, *names: str) -> Iterator[Row]:
    for at, one in enumerate(_bag(meta, bag), 1):
        homes = _bag(one, "correspondenceAddressBag")
        home = next((home for home in homes if home.get("postalAddressCategory") == "postal"), homes[0] if homes else {})
        state = _said(home, "geographicRegionCode")
        person = name(_said(one, "lastName"), _said(one, "firstName"), _said(one, "middleName"), _said(one, "nameSuffix"))
        yield {
            "appno": appno,
            "role": role,
            "seq": str(at),
            "name": person or _said(one, *names),
            **_place(home, state),
        }


def _place(home: dict[str, Any], state: str | None) -> Row:
    lines = [_said(home, f"addressLine{which}Text") for which in ("One", "Two", "Three", "Four")]
    land = _said(home, "countryCode", "countryName")
    return place(lines, _said(home, "cityName"), state, land, _said(home, "postalCode"))


def _firms(whole: dict[str, Any]) -> Iterator[str | None]:
    """The firm that holds the power of attorney; where none is named, the firms of the attorneys of record, or themselves."""
    record = _inner(whole, "recordAttorney")
    customers = _bag(record, "customerNumber") or [_inner(record, "customerNumber")]
    named = [_said(home, "nameLineOneText") for one in customers for home in _bag(one, "powerOfAttorneyAddressBag")]
    if any(named):
        yield from named
        return
    for one in _bag(record, "attorneyBag"):
        homes = _bag(one, "attorneyAddressBag")
        yield (_said(homes[0], "nameLineOneText") if homes else None) or name(_said(one, "lastName"), _said(one, "firstName"))


def _events(whole: dict[str, Any], appno: str | None) -> list[Row]:
    found: list[Row] = []
    for one in _bag(whole, "assignmentBag"):
        takers: list[Row] = []
        for taker in _bag(one, "assigneeBag"):
            home = _inner(taker, "assigneeAddress")
            state = _said(home, "geographicRegionCode", "geographicRegionName")
            takers.append({"name": _said(taker, "assigneeNameText"), **_place(home, state)})
        givers = ((_said(giver, "assignorName"), day(_said(giver, "executionDate"))) for giver in _bag(one, "assignorBag"))
        record = reel_frame(_said(one, "reelNumber"), _said(one, "frameNumber"))
        found.append(event(record, _said(one, "conveyanceText"), day(_said(one, "assignmentRecordedDate")), givers, takers))
    found += [
        {
            "code": _said(one, "eventCode", "caseActionCode"),
            "effective": day(_said(one, "eventDate", "recordedDate")),
            "detail": _said(one, "eventDescriptionText", "caseActionDescriptionText"),
        }
        for one in _bag(whole, "eventDataBag", "transactionContentBag")
    ]
    return [{"appno": appno, "seq": str(at), **row} for at, row in enumerate(found, 1)]
