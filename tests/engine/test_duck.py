from __future__ import annotations

from pathlib import Path

import pytest

from tidu.engine.duck import Duck


def test_memory_has_a_limit_and_values_are_not_read_as_sql() -> None:
    duck = Duck("128MB", 1)
    assert "122" in duck.connection.execute("select current_setting('memory_limit')").fetchall()[0][0]  # MiB
    assert duck.collect(duck.small({"odd 'name'": ["it's"]}, {"odd 'name'": "VARCHAR"})) == {"odd 'name'": ["it's"]}
    duck.close()


def test_what_is_large_is_kept_as_a_file_that_goes_with_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidu.engine.duck.SMALL", 2)
    duck = Duck(threads=1)
    made = [duck.materialise(duck.small({"a": cells}, {"a": "BIGINT"})) for cells in ([1, 2], [1, 2, 3])]
    assert [sorted(duck.collect(one)["a"]) for one in made] == [[1, 2], [1, 2, 3]]
    folder = Path(duck._folder)
    assert len(list(folder.iterdir())) == 2
    duck.close()
    assert not folder.exists()
