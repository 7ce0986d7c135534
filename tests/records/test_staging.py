"""Documents become rows of text; those that say the same have one digest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.records.staging import Document, Staging


def document(title: str, line: int = 1, **more: str | None) -> Document:
    row: dict[str, str | None] = {"appno": "1", "title": title, **more}
    return Document(
        {"patent": [row], "party": [{"appno": "1", "role": "inventor", "name": "a"}, {"appno": "1", "name": ""}]}, line=line
    )


def test_documents_are_staged_row_by_row(tmp_path: Path) -> None:
    staging = Staging(tmp_path)
    staging.documents([document("x"), document("y", 2), document("x", 3), Document({}, line=4, fault="broken", text="<a")])
    run = staging.engine.execute
    assert run("select record, line, fault, text from source order by record").fetchall() == [
        (1, 1, None, None),
        (2, 2, None, None),
        (3, 3, None, None),
        (4, 4, "broken", "<a"),
    ]
    assert run("select list(record order by record) from source group by digest order by 1").fetchall() == [
        ([1, 3],),
        ([2],),
        ([4],),
    ]
    assert run("select record, title, claims from staged_patent order by record").fetchall() == [
        (1, "x", None),
        (2, "y", None),
        (3, "x", None),
    ]
    assert run("select count(*), count(name) from staged_party").fetchall() == [(6, 3)]
    staging.close()


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("number_of('ZL 2015 1 0481495.9')", "201510481495.9"),
        ("number_of('2015104814959')", "201510481495.9"),
        ("number_of('102015000481495')", "201510481495"),
        ("number_of('ｃｎ98103456ｘ')", "98103456.X"),
        ("iso('2007-4-2', ['%Y-%m-%d'])", "2007-04-02"),
        ("iso('2007-13-02', ['%Y-%m-%d'])", "2007-13-02"),
        ("plain('\u3000 a\u00a0', '-')", "a"),
        ("plain(' - ', '-|')", None),
        ("kind_of('发明授权')", "invention"),
        ("kind_of('实用新型')", "utility_model"),
        ("symbol_of('C07K   16/18    (2006.01)')", "C07K16/18"),
    ],
)
def test_the_words_of_the_workbench(expression: str, value: str | None, tmp_path: Path) -> None:
    staging = Staging(tmp_path)
    assert staging.engine.execute(f"select {expression}").fetchall() == [(value,)]
    staging.close()
