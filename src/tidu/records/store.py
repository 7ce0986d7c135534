"""Where records are kept: a folder of loads, each written once and never changed, and a manifest that names them.

A load is a folder of Parquet files, one a canonical table, with ``source`` (where each record stands in its file) and
``quarantine``. A load that the manifest does not name is not there: what broke in the middle is swept away at the next one.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tidu.core.errors import DataError
from tidu.engine import quoted

MANIFEST = "manifest.json"
#: An empty SQLite file: its lock is the same on every system and never outlives a process.
LOCK = "lock"
_FORM = 1


class Store:
    """The records of an office in a folder, which is made where it lacks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.loads = folder / "loads"

    def manifest(self) -> list[dict[str, Any]]:
        """The loads in the order in which they were taken: name, file, hash, kind, counts.

        Raises ``store_manifest`` where it cannot be read, ``store_form`` where a later version wrote it.
        """
        path = self.folder / MANIFEST
        if not path.exists():
            return []
        try:
            made = json.loads(path.read_text(encoding="utf-8"))
            form, loads = made["form"], made["loads"]
        except (ValueError, KeyError, TypeError) as error:
            raise DataError("store_manifest", file=str(path)) from error
        if form != _FORM:
            raise DataError("store_form", file=str(path), form=form, own=_FORM)
        return list(loads)

    def account(self, sha256: str, reader: str) -> dict[str, Any] | None:
        """What became of a file that was read before by the same readers, or nothing."""
        for load in self.manifest():
            if load["sha256"] == sha256 and load["reader"] == reader:
                return {key: value for key, value in load.items() if key not in ("load", "reader")}
        return None

    def scratch(self) -> Path:
        """The folder for work in progress, beside the loads so that a load moves in at one stroke; leftovers are swept away."""
        folder = self.folder / "scratch"
        named = {load["load"] for load in self.manifest()}
        for left in self.loads.glob("*") if self.loads.exists() else ():
            if left.name not in named:
                shutil.rmtree(left)
        for left in folder.glob("*"):
            shutil.rmtree(left)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @contextmanager
    def working(self) -> Iterator[Path]:
        """A folder for work in progress that goes away at the end; meanwhile nobody else writes into the store.

        The system gives the store free when the process that holds it ends, however that is. Raises ``store_busy``.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.folder / LOCK, timeout=0, isolation_level=None)) as held:
            try:
                held.execute("begin exclusive")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                raise DataError("store_busy", file=str(self.folder)) from error
            with tempfile.TemporaryDirectory(dir=self.scratch(), ignore_cleanup_errors=True) as folder:
                yield Path(folder)

    def take(self, made: Path, account: Mapping[str, Any]) -> str:
        """The name of a load that is moved in whole, then named in the manifest."""
        before = self.manifest()
        name = f"{len(before) + 1:06}-{account['sha256'][:12]}"
        self.loads.mkdir(parents=True, exist_ok=True)
        target = self.loads / name
        if target.exists():
            shutil.rmtree(target)
        made.rename(target)
        whole = json.dumps({"form": _FORM, "loads": [*before, {"load": name, **account}]}, ensure_ascii=False, indent=1)
        fresh = self.folder / (MANIFEST + ".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(whole)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / MANIFEST)
        return name

    def files(self, table: str) -> list[Path]:
        """The Parquet files of a canonical table, or of ``source`` and ``quarantine``, load by load."""
        found = (self.loads / load["load"] / f"{table}.parquet" for load in self.manifest())
        return [path for path in found if path.exists()]

    def digests(self) -> str:
        """The clause that adds what records of earlier loads say to a query; empty where there are none."""
        files = self.files("source")
        return f" union all select digest from read_parquet([{', '.join(quoted(str(file)) for file in files)}])" if files else ""
