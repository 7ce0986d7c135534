"""What people decided of pairs of names, kept in the store's ``parties/decisions.csv`` and held to over every later linking."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from tidu.core.errors import DataError
from tidu.records.parties.wording import worded

#: Where in the folder of a store they lie, the pairs that are open, and every name with its entity and group.
FOLDER, DECISIONS, DOUBTFUL, NAMES = "parties", "decisions.csv", "doubtful.csv", "names.parquet"
#: What may be decided, in either language.
_VERDICTS = {"same": True, "different": False, "相同": True, "不同": False, "同一主体": True, "不同主体": False}
COLUMNS = ("left", "right", "verdict", "who", "when")


class Verdict(NamedTuple):
    """What someone decided on a day: whether two names, as printed, are one legal entity."""

    left: str
    right: str
    same: bool
    who: str
    when: str

    @property
    def pair(self) -> tuple[str, str]:
        """The two names made ready, the lesser first."""
        one, other = sorted((worded(self.left).text, worded(self.right).text))
        return one, other


class Doubt(NamedTuple):
    """A pair that is open: the names, their cities, what speaks for one body and how likely it is."""

    left: str
    left_city: str
    right: str
    right_city: str
    method: str
    probability: float


def read(folder: Path) -> list[Verdict]:
    """What was decided in a store, the last word on each pair."""
    path = folder / FOLDER / DECISIONS
    return _last(_rows(path, "", "")) if path.exists() else []


def _last(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return list({one.pair: one for one in verdicts}.values())


def _rows(path: Path, who: str, when: str) -> list[Verdict]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [one for one in ("left", "right", "verdict") if one not in (reader.fieldnames or ())]
        if lacking:
            raise DataError("parties_columns", file=str(path), columns=", ".join(lacking))
        found = []
        for line, row in enumerate(reader, 2):
            said = (row["verdict"] or "").strip().lower()
            if not said:
                continue
            if said not in _VERDICTS:
                raise DataError("parties_verdict", file=str(path), line=line, said=said)
            found.append(Verdict(row["left"], row["right"], _VERDICTS[said], row.get("who") or who, row.get("when") or when))
    return found


def decide(folder: Path, sheet: Path, who: str, when: str) -> int:
    """Takes what was decided in a sheet into a store, beside what stands there; a later word on a pair replaces the former.

    Args:
        folder: the folder of the store.
        sheet: a CSV with the columns ``left``, ``right``, ``verdict`` (same or different, 相同 or 不同; empty where undecided).
        who: who decided, where the sheet does not say.
        when: the day, where the sheet does not say.

    Returns:
        How many rows of the sheet were decided.

    Raises ``parties_columns`` and ``parties_verdict``.
    """
    told = _rows(sheet, who, when)
    kept = _last([*read(folder), *told])
    path = folder / FOLDER / DECISIONS
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, COLUMNS, ((one.left, one.right, "same" if one.same else "different", one.who, one.when) for one in kept))
    return len(told)


def _write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(heads)
        writer.writerows(rows)
    fresh.replace(path)


def keep_doubts(folder: Path, doubts: Sequence[Doubt]) -> None:
    """Writes the open pairs of a linking into its store, the likeliest first."""
    path = folder / FOLDER / DOUBTFUL
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = sorted(doubts, key=lambda one: (-one.probability, one.left, one.right))
    _write(path, Doubt._fields, ordered)


def doubts(folder: Path) -> list[Doubt]:
    """The open pairs of a store's last linking on which nobody decided since; none where it was never linked so."""
    path = folder / FOLDER / DOUBTFUL
    if not path.exists():
        return []
    decided = {one.pair for one in read(folder)}
    with path.open(encoding="utf-8", newline="") as file:
        told = [Doubt(**{**row, "probability": float(row["probability"])}) for row in csv.DictReader(file)]  # type: ignore[arg-type]
    return [one for one in told if Verdict(one.left, one.right, True, "", "").pair not in decided]


def write_sheet(path: Path, told: Sequence[Doubt]) -> None:
    """Writes open pairs as a sheet to decide: a CSV that a spreadsheet opens, ``verdict``, ``who`` and ``when`` empty."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow((*Doubt._fields, "verdict", "who", "when"))
        writer.writerows((*one, "", "", "") for one in told)
