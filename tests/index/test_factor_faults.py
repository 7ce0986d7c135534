from __future__ import annotations

import numpy as np
import pytest

from tidu.core.errors import TiduError
from tidu.index.framework import Framework
from tidu.indicators.panel import Panel

HEAD = """
[index]
code = "demo"
[pillar.p]
[pillar.q]
[indicator.a]
parent = "p"
better = "higher"
[indicator.b]
parent = "p"
better = "lower"
[indicator.c]
parent = "q"
better = "higher"
weight = 3
[weight_set.ann]
p = 3.0
q = 1.0
[weight_set.ben]
p = 1.0
q = 1.0
"""
PANEL = Panel.of(list("vwxyz"), ["2022", "2023"], ["a", "b", "c"], np.random.default_rng(1).lognormal(size=(5, 2, 3)))


def faults(text: str) -> list[tuple[str, str | None, str | None]]:
    with pytest.raises(TiduError) as caught:
        Framework.parse(HEAD + text)
    return [(one.code, one.address, one.did_you_mean) for one in getattr(caught.value, "errors", [caught.value])]


@pytest.mark.parametrize(
    ("text", "code", "address", "guess"),
    [
        ("", "factor_kind", "uncertain.f", None),
        ("spread = 0.2\ndrop = 'pillar.*'\n", "factor_kind", "uncertain.f", None),
        ("spread = 0.2\n", "missing_key", "uncertain.f.address", None),
        ("spread = 1.5\naddress = 'pillar.*.weight'\n", "out_of_range", "uncertain.f.spread", None),
        ("spread = 0.2\naddress = 'pillar.*.wieght'\n", "factor_nodes", "uncertain.f.address", "pillar.*.weight"),
        ("spread = 0.2\naddress = 'pillar.pp.weight'\n", "factor_address", "uncertain.f.address", "pillar.p.weight"),
        ("spread = 0.2\naddress = 'indicator.x*.weight'\n", "factor_address", "uncertain.f.address", None),
        ("spread = 0.2\naddress = 'pillar..weight'\n", "bad_address", "uncertain.f.address", None),
        ("sread = 0.2\n", "unknown_key", "uncertain.f.sread", "spread"),
        ("drop = 'pilar.*'\n", "factor_nodes", "uncertain.f.drop", "pillar.*"),
        ("drop = 'indicator.zz'\n", "factor_address", "uncertain.f.drop", None),
        ("drop = 'indicator.*'\ntogether = true\n", "factor_key", "uncertain.f.together", None),
        ("simplex = 'pp'\n", "unknown_node", "uncertain.f.simplex", "p"),
        ("simplex = 'a'\n", "unknown_node", "uncertain.f.simplex", None),
        ("simplex = 'p'\nconcentration = 0\n", "out_of_range", "uncertain.f.concentration", None),
        ("sets = ['anne']\n", "weight_set_unknown", "uncertain.f.sets[0]", "ann"),
        ("sets = []\n", "list_empty", "uncertain.f.sets", None),
        ("error = 0.01\naddress = 'pillar.p.weight'\n", "factor_cells", "uncertain.f.address", None),
        ("error = 'standart'\naddress = 'data.*.*.a'\n", "not_a_choice", "uncertain.f.error", "standard"),
        ("error = 1.0\naddress = 'data.*.*.a'\n", "out_of_range", "uncertain.f.error", None),
        ("among = [{ chnges = [] }, { changes = [] }]\n", "unknown_key", "uncertain.f.among.0.chnges", None),
        ("among = [{ label = 'x' }, { changes = [] }]\n", "missing_key", "uncertain.f.among[0].changes", None),
        ("among = ['log']\naddress = 'treat.method'\n", "factor_alternatives", "uncertain.f.among", None),
        ("among = ['log', 'none']\n", "missing_key", "uncertain.f.address", None),
        ("among = ['log', 'none']\naddress = 'traet.method'\n", "factor_address", "uncertain.f.address", "treat.method"),
        ("among = ['log', 'none']\naddress = 'data.v.2023.a'\n", "factor_address", "uncertain.f.address", None),
        ("among = [{ changes = ['treat.method'] }, { changes = [] }]\n", "bad_change", "uncertain.f.among[0]", None),
        (
            "among = [{ changes = [] }, { changes = ['indicator.aa.better=\"lower\"'] }]\n",
            "factor_address",
            "uncertain.f.among[1]",
            "indicator.a.better",
        ),
        ("imputation = true\ndraws = 1\n", "out_of_range", "uncertain.f.draws", None),
    ],
)
def test_a_faulty_factor_is_refused_at_load(text: str, code: str, address: str, guess: str | None) -> None:
    found = faults(f"[uncertain.f]\n{text}")
    assert [(one, at) for one, at, _ in found] == [(code, address)]
    if guess is not None:
        assert found[0][2] == guess


def test_all_faulty_factors_are_told_at_once() -> None:
    text = "[uncertain.f]\nspread = 0.2\n[uncertain.g]\nsimplex = 'nobody'\n"
    assert [at for _, at, _ in faults(text)] == ["uncertain.f.address", "uncertain.g.simplex"]
