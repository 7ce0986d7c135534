"""The file as nested values: reading, laying over, making ready for a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidu.core.errors import SpecError
from tidu.index.index_file import forget_options, merge, parse, read, with_defaults


def test_a_file_is_laid_over_the_one_it_extends_key_by_key(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('[index]\ncode = "a"\n[treat]\nmethod = "log"\nshift = 1.0\n', encoding="utf-8")
    (tmp_path / "over.toml").write_text('extends = "base.toml"\n[index]\ncode = "b"\n[treat]\nshift = 2.0\n', encoding="utf-8")
    assert read(tmp_path / "over.toml") == {"index": {"code": "b"}, "treat": {"method": "log", "shift": 2.0}}


def test_another_method_drops_the_old_keys_and_only_those() -> None:
    base = {"treat": {"method": "winsorise", "at_most": 5}, "pillar": {"p": {"treat": {"method": "log", "shift": 1.0}}}}
    assert merge(base, {"treat": {"method": "log"}})["treat"] == {"method": "log"}
    assert merge(base, {"pillar": {"p": {"treat": {"method": "none"}}}})["pillar"]["p"]["treat"] == {"method": "none"}
    assert merge(base, {"treat": {"at_most": 3}})["treat"] == {"method": "winsorise", "at_most": 3}


def test_a_fault_of_the_text_names_its_line() -> None:
    with pytest.raises(SpecError) as caught:
        parse('[index]\ncode = "a"\ncode = "b"\n', "x.toml")
    assert (caught.value.code, caught.value.file, caught.value.row) == ("toml_twice", "x.toml", 3)


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.toml").write_text(f'extends = "{other}.toml"\n', encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read(tmp_path / "a.toml")
    assert caught.value.code == "extends_cycle"


def test_a_change_of_method_forgets_options_and_keeps_the_keys_of_the_step() -> None:
    spec = {"normalise": {"method": "min_max", "onto": [1, 100], "over": "year"}}
    assert forget_options(spec, ("normalise",), "z_score") == {"normalise": {"method": "min_max", "over": "year"}}
    assert forget_options(spec, ("normalise",), "min_max") == spec


def test_weights_and_step_tables_are_written_out_for_an_address_to_find() -> None:
    spec = {"index": {"code": "a"}, "indicator": {"x": {"better": "higher"}}}
    assert with_defaults(spec, ("indicator", "*", "weight"))["indicator"]["x"]["weight"] == 1.0
    assert with_defaults(spec, ("treat", "method"))["treat"] == {}
    assert with_defaults(spec, ("index", "aggregate", "method"))["index"]["aggregate"] == {}
    assert spec == {"index": {"code": "a"}, "indicator": {"x": {"better": "higher"}}}
