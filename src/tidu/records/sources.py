"""Which reader a file wants: every kind by name, and the kind of a file told from its first bytes and headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tidu.core.errors import DataError, listing, nearest
from tidu.records import quarantine
from tidu.records.profiles import Profile, profile_of, profiles
from tidu.records.readers import (
    bigquery,
    cnipa,
    docdb,
    legal_status,
    lens,
    lists,
    ops,
    st36,
    st96,
    uspto_assignment,
    uspto_greenbook,
    uspto_odp,
    uspto_pap,
    uspto_patdoc,
    uspto_redbook,
)
from tidu.records.staging import Document, Staging


class Source(Protocol):
    """A reader of one kind of file."""

    @property
    def code(self) -> str:
        """Its name, such as ``incopat``."""

    @property
    def title(self) -> Mapping[str, str]:
        """What it is called, language → text."""

    @property
    def proven(self) -> bool:
        """Whether it was tried on real files, and not on synthetic ones alone."""

    def stage(self, path: Path, staging: Staging) -> tuple[str, ...]:
        """Stages a file and says its headings, where it has any."""

    def printed(self, staging: Staging) -> str:
        """The query of each record as it stands in the file: ``record`` and ``cells``, a list of text."""


@dataclass(frozen=True)
class ListSource:
    """A list that is laid out as a profile says."""

    profile: Profile

    @property
    def code(self) -> str:
        """The profile's name."""
        return self.profile.code

    @property
    def title(self) -> Mapping[str, str]:
        """What the profile is called."""
        return self.profile.title

    @property
    def proven(self) -> bool:
        """Whether it was tried on real files."""
        return self.profile.proven

    def stage(self, path: Path, staging: Staging) -> tuple[str, ...]:
        """Stages a list and says its headings."""
        return tuple(lists.stage(path, self.profile, staging))

    def printed(self, staging: Staging) -> str:
        """The cells of each line."""
        names = [row[0] for row in staging.engine.execute("describe raw").fetchall()]
        return f"select record, [{', '.join(name for name in names if name[0] == 'c' and name[1:].isdigit())}] as cells from raw"


@dataclass(frozen=True)
class DocumentSource:
    """A file of documents, each taken apart by a function; ``marks`` are what the first bytes of such a file hold, any of them."""

    code: str
    title: Mapping[str, str]
    marks: tuple[bytes, ...]
    documents: Callable[[Path], Iterator[Document]]
    proven: bool = False

    def stage(self, path: Path, staging: Staging) -> tuple[str, ...]:
        """Stages every document of a file."""
        staging.documents(self.documents(path))
        return ()

    def printed(self, staging: Staging) -> str:
        """The text of each document that could not be taken apart."""
        return "select record, [text] as cells from source"


#: Every reader of documents, the narrower mark first.
DOCUMENTS: tuple[DocumentSource, ...] = (
    DocumentSource(
        "cnipa_xml",
        {"zh": "国家知识产权局专利公开 XML（2022 年前后的新格式）", "en": "CNIPA publication XML, new form"},
        (b"business:PatentDocumentAndRelated",),
        cnipa.new_documents,
        proven=True,
    ),
    DocumentSource(
        "cnipa_xml_2006",
        {"zh": "国家知识产权局专利公开 XML（2006 年旧格式）", "en": "CNIPA publication XML, form of 2006"},
        (b"<cn-patent-document",),
        cnipa.old_documents,
        proven=True,
    ),
    DocumentSource(
        "cnipa_legal_status",
        {"zh": "国家知识产权局法律状态 XML（CN-PA-PRSS）", "en": "CNIPA legal-status XML (CN-PA-PRSS)"},
        (b"business:PRSRecord",),
        legal_status.records,
    ),
    DocumentSource(
        "uspto_xml",
        {
            "zh": "美国专利商标局授权与公开 XML（v4.0–4.6，2005 年起）",
            "en": "USPTO grants and applications, XML v4.0 to v4.6 (from 2005)",
        },
        (b"<us-patent-grant ", b"<us-patent-application ", b"<us-patent-grant>", b"<us-patent-application>"),
        uspto_redbook.redbook,
        proven=True,
    ),
    DocumentSource(
        "uspto_patdoc",
        {"zh": "美国专利商标局授权 XML（v2.4–2.5，2001–2004 年）", "en": "USPTO grants, XML v2.4 and v2.5 (2001 to 2004)"},
        (b"<PATDOC",),
        uspto_patdoc.patdoc,
        proven=True,
    ),
    DocumentSource(
        "uspto_pap",
        {"zh": "美国专利商标局公开 XML（v1.5–1.6，2001–2004 年）", "en": "USPTO applications, XML v1.5 and v1.6 (2001 to 2004)"},
        (b"<patent-application-publication",),
        uspto_pap.applications,
        proven=True,
    ),
    DocumentSource(
        "uspto_greenbook",
        {"zh": "美国专利商标局授权文本 Green Book（APS，1976–2001 年）", "en": "USPTO grants, Green Book text (APS, 1976 to 2001)"},
        (b"\nWKU  ",),
        uspto_greenbook.greenbook,
        proven=True,
    ),
    DocumentSource(
        "uspto_assignment",
        {"zh": "美国专利商标局专利转让登记 XML", "en": "USPTO patent assignments, XML"},
        (b"<us-patent-assignments", b"<patent-assignment>"),
        uspto_assignment.assignments,
        proven=True,
    ),
    DocumentSource(
        "uspto_assignment_search",
        {"zh": "美国专利商标局转让检索结果 XML", "en": "USPTO assignment search, answers in XML"},
        (b'name="patAssignorName"', b'name="reelNo"'),
        uspto_assignment.answers,
        proven=True,
    ),
    DocumentSource(
        "uspto_odp",
        {"zh": "美国专利商标局开放数据门户 JSON", "en": "USPTO Open Data Portal, JSON"},
        (b'"patentFileWrapperDataBag"', b'"patentBag"'),
        uspto_odp.wrappers,
        proven=True,
    ),
    DocumentSource(
        "epo_ops",
        {
            "zh": "欧洲专利局 OPS 应答 XML（著录项目、同族与法律事件）",
            "en": "EPO OPS answers, XML (bibliographic data, families, legal events)",
        },
        (b'"http://ops.epo.org"',),
        ops.ops,
        proven=True,
    ),
    DocumentSource(
        "epo_docdb",
        {"zh": "欧洲专利局 DOCDB 交换 XML", "en": "EPO DOCDB exchange XML"},
        (b"<exch:exchange-document", b"<exchange-document "),
        docdb.docdb,
        proven=True,
    ),
    DocumentSource(
        "wipo_st36",
        {"zh": "WIPO ST.36 XML（欧洲专利文献）", "en": "WIPO ST.36 XML (European patent documents)"},
        (b"<ep-patent-document",),
        st36.st36,
        proven=True,
    ),
    DocumentSource(
        "wipo_st96_patent",
        {"zh": "WIPO ST.96 专利公布 XML", "en": "WIPO ST.96 patent publications, XML"},
        (b"<pat:PatentPublication",),
        st96.patents,
        proven=True,
    ),
    DocumentSource(
        "wipo_st96_trade_mark",
        {"zh": "WIPO ST.96 商标 XML", "en": "WIPO ST.96 trade marks, XML"},
        (b"ST96/Trademark",),
        st96.rights,
        proven=True,
    ),
    DocumentSource(
        "wipo_st96_register",
        {"zh": "WIPO ST.96 外观设计与地理标志 XML", "en": "WIPO ST.96 designs and geographical indications, XML"},
        (b"ST96/Design", b"ST96/GeographicalIndication"),
        st96.rights,
    ),
    DocumentSource(
        "lens_jsonl",
        {"zh": "The Lens 专利记录 JSON 行", "en": "The Lens patent records, JSON lines"},
        (b'"lens_id"',),
        lens.lens,
    ),
    DocumentSource(
        "bigquery_jsonl",
        {"zh": "谷歌 BigQuery 专利公开表 JSON 行", "en": "Google BigQuery publications, JSON lines"},
        (b'"application_number_formatted"', b'"title_localized"'),
        bigquery.bigquery,
    ),
)


def sources() -> dict[str, Source]:
    """Every reader by name.

    >>> {"cn_list", "cnipa_xml", "incopat"} <= set(sources())
    True
    """
    found: dict[str, Source] = {one.code: one for one in DOCUMENTS}
    return found | {code: ListSource(one) for code, one in profiles().items()}


def recognised(path: Path, kind: str | None = None) -> Source:
    """The reader of a file: the one that is named, else the one whose marks or headings the file has.

    Raises ``unknown_reader`` with the nearest name; ``unknown_records`` with the file's headings where none fits.
    """
    known = sources()
    if kind is not None:
        if kind not in known:
            raise DataError("unknown_reader", address=kind, name=kind, known=listing(known, 40), did_you_mean=nearest(kind, known))
        return known[kind]
    with path.open("rb") as file:
        head = file.read(1 << 16)
    mended = quarantine.source(path)
    if mended is not None:
        return mended
    for one in DOCUMENTS:
        if any(mark in head for mark in one.marks):
            return one
    heads = lists.headings(path)
    fit = profile_of(heads)
    if fit is None:
        raise DataError("unknown_records", file=str(path), headings=listing([one for one in heads if one], 8) or "–")
    return ListSource(fit)
