"""A store names a load only when it is whole; leftovers are swept away; a manifest that cannot be read is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tidu.core.errors import DataError
from tidu.records.store import MANIFEST, Store

ACCOUNT = {"sha256": "ab" * 32, "reader": "1", "file": "a.csv", "good": 1}


def made(folder: Path, text: str = "x") -> Path:
    folder.mkdir(parents=True)
    (folder / "patent.parquet").write_text(text, encoding="utf-8")
    return folder


def test_a_load_is_moved_in_and_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    name = store.take(made(store.scratch() / "one"), ACCOUNT)
    assert name == "000001-abababababab"
    assert (
        store.account("ab" * 32, "1") == {"sha256": "ab" * 32, "file": "a.csv", "good": 1} and store.account("ab" * 32, "2") is None
    )
    assert [path.read_text(encoding="utf-8") for path in store.files("patent")] == ["x"] and store.files("party") == []


def test_what_the_manifest_does_not_name_is_swept_away(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    name = store.take(made(store.scratch() / "one"), ACCOUNT)
    made(store.loads / "000002-broken")
    store.scratch()
    assert [path.name for path in store.loads.iterdir()] == [name]


@pytest.mark.parametrize(
    ("text", "code"), [("{", "store_manifest"), ("[]", "store_manifest"), ('{"form": 9, "loads": []}', "store_form")]
)
def test_a_manifest_that_is_none_is_told(text: str, code: str, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        Store(tmp_path).manifest()
    assert caught.value.code == code


HOLD = """
import sys
from pathlib import Path
from tidu.records.store import Store
with Store(Path(sys.argv[1])).working():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_store_that_is_written_into_is_busy_until_the_writer_ends(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    with store.working() as folder:
        with pytest.raises(DataError) as caught, Store(tmp_path / "s").working():
            pass
        assert caught.value.code == "store_busy" and folder.is_dir()
    assert not folder.exists()
    call = [sys.executable, "-c", HOLD, str(tmp_path / "s")]
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with pytest.raises(DataError), store.working():
            pass
        other.kill()
    with store.working() as folder:
        assert folder.is_dir()
