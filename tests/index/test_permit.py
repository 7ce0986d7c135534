"""Which indicators may be a target: what the file says, counts of filings and grants where it is silent, names of levers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidu import app
from tidu.core.errors import TiduError
from tidu.index.framework import Framework
from tidu.index.permit import Permit, kind, policy

COUNTS = (
    "专利授权量",
    "专利申请数",
    "发明专利",
    "有效发明专利拥有量",
    "每万人口高价值发明专利拥有量",
    "商标注册量",
    "注册商标",
    "授权量",
    "申请件数",
    "PCT国际专利申请量",
    "发明专利占专利授权量比重",
    "专利授权同比增速",
    "每万人专利数",
    "地理标志数量",
    "patents_granted",
    "grants",
    "filings",
    "patent_filings_per_10k",
    "trade marks",
    "trademark registrations",
    "PCT applications",
    "High-value invention patents",
    "utility models",
    "产业专利数",
    "绿色专利",
    "专利申请案件数",
    "知识产权授权",
    "集成电路布图设计登记量",
    "植物新品种权",
    "专利服务业授权量",
    "patentsPerCapita",
    "trademark_apps",
    "pat_cnt",
    "npat",
    "Patent families",
    "TMs",
    "new_patents_in_services",
)
OTHERS = (
    "专利转让数",
    "专利许可次数",
    "专利质押融资额",
    "技术合同成交额",
    "专利密集型产业增加值",
    "发明人数",
    "高新技术企业数",
    "注册企业数",
    "研发经费",
    "专利侵权纠纷案件数",
    "专利平均授权周期",
    "专利代理机构数",
    "patent_transfers",
    "patent licences",
    "pledged patents",
    "gdp_per_capita",
    "patent-intensive industries to GDP",
    "research grants",
    "loan applications",
    "grant lag",
    "inventors",
    "export share",
    "知识产权保护满意度",
    "有效专利维持年限",
    "专利被引次数",
    "专利服务机构数",
    "patent services revenue",
    "patent citations",
)


def permit(item: dict[str, object], columns: dict[str, object] | None = None, code: str = "x") -> Permit:
    spec = {"index": {"code": "d"}, "column": columns or {}, "indicator": {code: {"better": "higher", **item}}}
    return Framework.of(spec).permits[code]


@pytest.mark.parametrize("text", COUNTS)
def test_a_count_is_known_by_its_words(text: str) -> None:
    assert kind(text) in ("count", "likely")
    found = permit({"label": {"zh": text, "en": text}})
    assert found == Permit("x", False, "x", False, "x", sure=kind(text) == "count")


@pytest.mark.parametrize("text", OTHERS)
def test_the_use_of_rights_and_other_things_are_none(text: str) -> None:
    assert kind(text) not in ("count", "likely")
    assert permit({"label": {"zh": text, "en": text}}) == Permit("x", True, "x", False, None)


def test_a_count_is_known_by_its_column_whatever_it_is_called() -> None:
    found = permit({"of": "专利授权量", "per": "常住人口", "label": {"zh": "创新密度", "en": "Density"}})
    assert (found.free, found.count, found.remark) == (False, "x", "held_as_count")
    assert permit({"unit": "件/万人", "label": {"zh": "发明专利密集程度"}}).count == "x"
    assert permit({"label": {"zh": "密集程度"}, "unit": "patents per 10,000 residents"}).count == "x"


def test_a_count_is_known_through_derived_columns() -> None:
    columns = {
        "all": {"sum": ["patents_granted", "contracts"]},
        "faster": {"growth": "all"},
        "density": {"ratio": ["faster", "residents"]},
        "second": {"coalesce": ["density", "guess"]},
    }
    assert permit({"of": "second"}, columns).count == "patents_granted"
    named = {"made": {"ratio": ["a", "b"], "label": {"zh": "商标申请量之比"}}}
    assert permit({"of": "made"}, named).count == "made"


def test_what_is_divided_by_a_count_is_one_but_not_the_use_of_rights() -> None:
    assert permit({"of": "rd_spending", "per": "patents_granted"}).count == "patents_granted"
    assert permit({"of": "patent_transfers", "per": "patents_in_force"}).free
    assert permit({"of": "made"}, {"made": {"ratio": ["patent_transfers", "patents_in_force"]}}).free
    assert not permit({"of": "made"}, {"made": {"ratio": ["patents_granted", "patent_transfers"]}}).free


def test_the_file_overrules_what_is_likely_a_count_and_nothing_more() -> None:
    likely, sure = {"label": {"zh": "专利数"}}, {"label": {"zh": "专利授权量"}}
    free = permit({**likely, "lever": True})
    assert (free.free, free.name, free.count, free.remark) == (True, "x", "x", "count_let_go")
    assert permit({**likely, "lever": "conversion"}) == Permit("x", True, "conversion", True, "x")
    for lever in (True, "conversion"):
        held = permit({**sure, "lever": lever})
        assert (held.free, held.said, held.sure, held.remark) == (False, True, True, "held_all_the_same")
    denied = permit({**sure, "lever": False})
    assert (denied.free, denied.said, denied.remark) == (False, True, None)
    assert permit({"lever": False}) == Permit("x", False, "x", True, None, denied=True)
    assert permit({"lever": "deals"}).remark is None


@pytest.mark.parametrize("lever", ["Deals", "two words", "", 1, 0.5, ["x"]])
def test_a_name_is_lower_snake_case_and_nothing_else_stands_for_true(lever: object) -> None:
    with pytest.raises(TiduError):
        permit({"lever": lever})


def test_shipped_indices_say_of_every_count_that_it_is_none() -> None:
    for path in [*app.indices_folder().glob("city-ip*.toml"), *(app.indices_folder().parent / "templates").glob("*.toml")]:
        for found in Framework.load(path).permits.values():
            assert found.remark is None and (found.count is None or not found.free), (path.name, found)
    full = app.load("city-ip-full").permits
    assert full["tech_contract_turnover"].name == full["tech_contract_per_gdp"].name == "conversion"
    assert full["exports"].name == "exports"


@given(st.text(max_size=40), st.sampled_from(["before", "after"]))
def test_a_plain_count_is_never_lost_among_other_words(text: str, side: str) -> None:
    """Whatever stands beside it, 专利授权量 is a count; only letters of one word with it could hide it."""
    whole = f"{text} 专利授权量" if side == "before" else f"专利授权量 {text}"
    assert kind(whole) == "count"


def test_the_policy_is_cited_in_both_languages() -> None:
    assert "国知发保字〔2021〕1号" in policy("zh") and "2021" in policy("en")
