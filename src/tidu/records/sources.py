"""Which reader a file wants: every kind by name, and the kind of a file told from its first bytes and headings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tidu.core.errors import DataError, listing, nearest
from tidu.records.profiles import Profile, profile_of, profiles
from tidu.records.readers import cnipa, lists
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
    for one in DOCUMENTS:
        if any(mark in head for mark in one.marks):
            return one
    heads = lists.headings(path)
    fit = profile_of(heads)
    if fit is None:
        raise DataError("unknown_records", file=str(path), headings=listing([one for one in heads if one], 8) or "–")
    return ListSource(fit)
