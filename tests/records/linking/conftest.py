"""Little stores of synthetic loads, written as a load writes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tidu.engine import named, quoted
from tidu.records.linked import folder_of
from tidu.records.linking.link import link
from tidu.records.schema import TABLES, TYPES
from tidu.records.store import Store

#: A row of a canonical table; ``record`` says of which record it is, 1 unless said.
Row = Mapping[str, Any]
#: A load: the kind of its reader, and its rows by table.
Load = tuple[str, Mapping[str, Sequence[Row]]]


def day(text: str) -> int:
    """The day number of a date."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def written(folder: Path, loads: Sequence[Load]) -> Store:
    """A store that holds loads in their order."""
    engine = duckdb.connect()
    manifest = []
    for at, (kind, tables) in enumerate(loads, 1):
        text = json.dumps([kind, tables], default=str, sort_keys=True)
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        name = f"{at:06}-{sha256[:12]}"
        (folder / "loads" / name).mkdir(parents=True)
        for table, rows in tables.items():
            columns = TABLES[table].columns
            engine.execute(
                f"create or replace table t (record bigint, {', '.join(f'{named(one.name)} {TYPES[one.kind]}' for one in columns)})"
            )
            for row in rows:
                unknown = set(row) - {"record", *(one.name for one in columns)}
                assert not unknown, unknown
                values = [row.get("record", 1), *(row.get(one.name) for one in columns)]
                engine.execute(f"insert into t values ({', '.join('?' * len(values))})", values)
            chosen = ["record"]
            for one in columns:
                chosen.append(named(one.name))
                if one.kind == "date":
                    span = f"cast(date_diff('day', date '1970-01-01', {named(one.name)}) as integer)"
                    chosen.append(f"{span} as {named(one.name + '_day')}")
            path = folder / "loads" / name / f"{table}.parquet"
            engine.execute(f"copy (select {', '.join(chosen)} from t) to {quoted(str(path))} (format parquet)")
        manifest.append({"load": name, "sha256": sha256, "reader": "1", "file": f"{kind}.csv", "kind": kind})
    (folder / "manifest.json").write_text(json.dumps({"form": 1, "loads": manifest}), encoding="utf-8")
    return Store(folder)


class Tables:
    """The linked tables of a store, asked by SQL; ``counts`` is their account."""

    def __init__(self, store: Store, **options: Any) -> None:
        self.store = store
        self.counts = link(store, threads=1, **options).counts
        self.engine = duckdb.connect()
        for path in sorted(folder_of(store.folder).glob("*.parquet")):
            self.engine.execute(f"create view {named(path.stem)} as select * from read_parquet({quoted(str(path))})")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query answers, dates as text."""
        found = self.engine.execute(query).fetchall()
        return [tuple(str(one) if isinstance(one, date) else one for one in row) for row in found]

    def dicts(self, table: str) -> dict[str, dict[str, Any]]:
        """The rows of a table by application."""
        cursor = self.engine.execute(f"select * from {named(table)}")
        names = [one[0] for one in cursor.description or ()]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}


Linking = Callable[..., Tables]


@pytest.fixture
def linking(tmp_path: Path) -> Linking:
    """Links synthetic loads, each in a store of its own."""

    def made(*loads: Load, **options: Any) -> Tables:
        folder = tmp_path / f"store{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return Tables(written(folder, loads), **options)

    return made


@pytest.fixture
def storing(tmp_path: Path) -> Callable[..., Store]:
    """Writes synthetic loads into a store of their own."""

    def made(*loads: Load) -> Store:
        folder = tmp_path / f"store{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        return written(folder, loads)

    return made
