from __future__ import annotations

from tidu.engine.duck import Duck


def test_memory_has_a_limit_and_values_are_not_read_as_sql() -> None:
    duck = Duck("128MB", 1)
    assert "122" in duck.connection.execute("select current_setting('memory_limit')").fetchall()[0][0]  # MiB
    assert duck.collect(duck.small({"odd 'name'": ["it's"]}, {"odd 'name'": "VARCHAR"})) == {"odd 'name'": ["it's"]}
    duck.close()
