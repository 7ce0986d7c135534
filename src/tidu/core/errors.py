"""What can go wrong, as one tree; the words stand in ``data/messages.toml``, Chinese and English side by side.

::

    TiduError                 code · address · file · row · column · values · did_you_mean
    ├── SpecError             the index file: its keys, its tree, its methods
    ├── DataError             a table: a file, a row, a column, a cell
    ├── MethodError           numbers that a method cannot take
    ├── UsageError            a command or a call with arguments that do not fit
    ├── ReplayError           a run that does not come out the same again
    └── Problems              several of the above, found in one pass

An error carries a code and named values, never a sentence; a face renders it in ``zh`` or ``en``.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any, Literal

from tidu.core.words import said

Language = Literal["zh", "en"]


@cache
def messages() -> dict[str, dict[str, dict[str, str]]]:
    """The catalogue of messages: code → ``what`` and ``mend`` → language → sentence.

    >>> messages()["unknown_key"]["what"]["zh"]
    '没有名为 {key} 的键。'
    """
    text = resources.files("tidu.data").joinpath("messages.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def nearest(name: str, among: Iterable[str]) -> str | None:
    """The known name closest to a misspelt one, or nothing when none is close.

    >>> nearest("geometrc", ["arithmetic", "geometric"])
    'geometric'
    """
    found = difflib.get_close_matches(str(name), [str(item) for item in among], n=1, cutoff=0.6)
    return found[0] if found else None


def listing(names: Iterable[object], limit: int = 12) -> str:
    """Names joined by commas, cut after ``limit`` with the count of the rest.

    >>> listing(range(20), limit=3)
    '0, 1, 2 … (+17)'
    """
    items = [str(name) for name in names]
    shown = ", ".join(items[:limit])
    return shown if len(items) <= limit else f"{shown} … (+{len(items) - limit})"


class _Gaps(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class TiduError(Exception):
    """A failure that says what, where, why and the mend.

    Args:
        code: key of the message catalogue.
        address: key path in the index file, such as ``indicator.x.parent``.
        file: name of the file that holds the fault.
        row: row of a table, 1 = the heading line.
        column: column of a table, by its heading.
        did_you_mean: the known name nearest to an unknown one.
        values: what the message's sentence names.

    >>> print(SpecError("unknown_key", address="index.tittle", key="tittle", known="title", did_you_mean="title"))
    index.tittle: There is no key called tittle. Did you mean `title`?
      Mend: Use one of: title.
    """

    def __init__(
        self,
        code: str,
        *,
        address: str | None = None,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
        did_you_mean: str | None = None,
        **values: object,
    ) -> None:
        self.code = code
        self.address = address
        self.file = file
        self.row = row
        self.column = column
        self.did_you_mean = did_you_mean
        self.values = values
        super().__init__(code)

    def where(self, lang: Language = "en") -> str:
        """The place of the fault: file, address, row and column, as far as they are known."""
        row = {"en": "row", "zh": "第"}[lang]
        parts = [self.file, self.address]
        if self.row is not None:
            parts.append(f"{row} {self.row}" if lang == "en" else f"第 {self.row} 行")
        if self.column is not None:
            parts.append(f"column {self.column}" if lang == "en" else f"“{self.column}”列")
        return ", ".join(part for part in parts if part)

    def text(self, lang: Language = "en") -> str:
        """The whole message in one language: where, what, the guess, the mend."""
        entry = messages().get(self.code, {})
        place = {"address": self.address, "file": self.file, "row": self.row, "column": self.column}
        given = {key: value for key, value in place.items() if value is not None} | self.values
        values = _Gaps(said(given, lang))
        what = entry.get("what", {}).get(lang, self.code).format_map(values)
        mend = entry.get("mend", {}).get(lang, "").format_map(values)
        where = self.where(lang)
        guess = ""
        if self.did_you_mean:
            guess = f" Did you mean `{self.did_you_mean}`?" if lang == "en" else f"是否想写 `{self.did_you_mean}`？"
        head = (f"{where}: " if lang == "en" else f"{where}：") if where else ""
        tail = f"\n  {'Mend: ' if lang == 'en' else '改法：'}{mend}" if mend else ""
        return f"{head}{what}{guess}{tail}"

    def record(self) -> dict[str, object]:
        """The error as plain values, for ``--json`` and for tests."""
        known = {
            "code": self.code,
            "address": self.address,
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "did_you_mean": self.did_you_mean,
        }
        said = {key: value if isinstance(value, str | int | float | bool) else str(value) for key, value in self.values.items()}
        return {key: value for key, value in known.items() if value is not None} | {
            "values": said,
            "message": {"zh": self.text("zh"), "en": self.text("en")},
        }

    def in_file(self, file: str) -> TiduError:
        """The same error, with the file named where none was."""
        if self.file is None:
            self.file = file
        return self

    def __str__(self) -> str:
        return self.text("en")


class SpecError(TiduError):
    """A fault in the index file."""


class DataError(TiduError):
    """A fault in a table of figures."""


class MethodError(TiduError):
    """Numbers that the chosen method cannot take."""


class UsageError(TiduError):
    """A command or a call whose arguments do not fit."""


class ReplayError(TiduError):
    """A run that does not come out the same again."""


class Problems(TiduError):
    """Several faults found in one pass, so that a file is mended in one go.

    >>> both = Problems([SpecError("unknown_key", key="a", known="b"), SpecError("unknown_key", key="c", known="b")])
    >>> len(both.errors), both.code
    (2, 'unknown_key')
    """

    def __init__(self, errors: Sequence[TiduError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        super().__init__(
            first.code,
            address=first.address,
            file=first.file,
            row=first.row,
            column=first.column,
            did_you_mean=first.did_you_mean,
            **first.values,
        )

    def text(self, lang: Language = "en") -> str:
        """All messages, one under the other."""
        return "\n".join(error.text(lang) for error in self.errors)

    def record(self) -> dict[str, object]:
        """All errors as plain values."""
        return {"code": self.code, "errors": [error.record() for error in self.errors]}

    def in_file(self, file: str) -> TiduError:
        """The same errors, with the file named where none was."""
        for error in self.errors:
            error.in_file(file)
        return super().in_file(file)


def raise_all(errors: Sequence[TiduError]) -> None:
    """Nothing when the list is empty; otherwise raises its one error, or all of them as :class:`Problems`.

    >>> raise_all([])
    """
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise Problems(errors)
