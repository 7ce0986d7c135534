"""The engine keeps its limit of memory and says texts and names as SQL does."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tidu.engine import connect, named, quoted


def test_memory_threads_and_spill_are_set(tmp_path: Path) -> None:
    run = connect("256MB", 1, tmp_path / "spill").execute
    assert run("select current_setting('threads')").fetchall() == [(1,)]
    assert run("select current_setting('temp_directory')").fetchall() == [(str(tmp_path / "spill"),)]
    assert "244" in run("select current_setting('memory_limit')").fetchall()[0][0]  # MiB


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_and_name_comes_back(text: str) -> None:
    engine = connect()
    assert engine.sql(f"select {quoted(text)}").fetchall() == [(text,)]
    if text.strip():
        assert engine.sql(f"select 1 as {named(text)}").columns == [text]
