"""Citations: earlier applications alone, mostly of the same field, few of them cited by very many."""

from __future__ import annotations

import numpy as np
import pytest

from tidu.records.synth.citing import citations
from tidu.records.synth.draws import Drawn, drawn
from tidu.records.synth.nation import Nation


def test_only_earlier_applications_that_are_no_designs_are_cited(nation: Nation, facts: Drawn) -> None:
    found = citations(nation, facts, 0)
    known = found["cited"] >= 0
    assert (found["cited"] < facts["number"][found["citing"]])[known].all()
    assert not np.isin(nation.type(found["cited"][known]), 3).any()
    assert not (facts["type"][found["citing"]] == 3).any()
    pairs = set(zip(found["citing"].tolist(), found["cited"].tolist(), strict=True))
    assert len(pairs) == len(found["cited"])


@pytest.mark.slow
def test_about_four_a_patent_and_a_tail_that_falls_by_a_power() -> None:
    nation = Nation(200_000, 3, 2012, 2022)
    made = drawn(nation, 0)
    found = citations(nation, made, 0)
    assert len(found["cited"]) / 200_000 == pytest.approx(4, abs=0.5)
    known = found["cited"][found["cited"] >= 0]
    degree = np.bincount(known, minlength=200_000)
    # by chance alone with this mean no application would have thirty citations
    assert degree.max() > 30 * degree.mean()
    over = [np.sum(degree >= least) for least in (4, 16, 64)]
    assert over[0] > 4 * over[1] > 16 * over[2] > 0
    same = nation.fields[known % 97] == made["field"][found["citing"][found["cited"] >= 0]]
    assert 0.7 < same.mean() < 0.95


def test_the_same_chunk_cites_the_same(nation: Nation, facts: Drawn) -> None:
    one, two = citations(nation, facts, 0), citations(nation, facts, 0)
    assert (one["cited"] == two["cited"]).all()
    assert len(citations(nation, facts, 1)["cited"]) != len(one["cited"])
