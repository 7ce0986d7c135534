from __future__ import annotations

from tidu.indicators.measures.catalogue import measure_of, measures
from tidu.indicators.measures.definition import Rule, texts


def test_every_measure_has_its_texts_in_both_languages() -> None:
    assert set(texts()) == set(measures())
    for code, one in texts().items():
        assert set(one) == {"label", "unit", "definition", "formula", "source", "traps"}, code
        for key, said in one.items():
            assert said["zh"].strip() and said["en"].strip(), (code, key)
            assert all(ord(letter) < 0x2E80 for letter in said["en"]), (code, key)
    labels = [one["label"][lang] for lang in ("zh", "en") for one in texts().values()]
    assert len(set(labels)) == len(labels)


def test_a_rule_tells_what_a_measure_heeds() -> None:
    rule = Rule(2020, 2021, kind="invention", internal="exclude", criteria=("award", "pledged"))
    assert rule.told(frozenset({"kind", "counting"})) == {"counting": "first_applicant", "kind": "invention"}
    assert rule.told(frozenset({"criteria"})) == {"criteria": "award+pledged"}
    assert Rule(2020, 2021).told(frozenset({"kind"})) == {"kind": "all"}
    assert list(rule.years) == [2020, 2021]


def test_a_clock_that_is_fixed_is_told_too() -> None:
    own = measure_of("grants")
    assert "clock" not in own.heeds and own.told(Rule(2020, 2021, clock=own.clock))["clock"] == "grant"
