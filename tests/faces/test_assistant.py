"""An assistant asks over the protocol itself and gets typed answers; what is wrong is told with the mend."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError

from tidu import app
from tidu.core.errors import ReplayError, UsageError
from tidu.faces import assistant
from tidu.faces.questions import Asked
from tidu.publish.edition import Edition
from tidu.publish.release.bundle import write_release

SPEC = '[index]\ncode = "demo"\n[indicator.a]\nbetter = "higher"\n[indicator.b]\nbetter = "lower"\n'
ROWS = "unit,name_zh,name_en,year,a,b\nx,甲,One,2023,1,9\ny,乙,Two,2023,2,5\nz,丙,Three,2023,3,1\n"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return app.edition("city-ip-core", draws=64)


def talk(made: Any, tool: str, **arguments: Any) -> Any:
    """What comes back over the protocol: the typed answer, or the text of the error."""

    async def asked() -> Any:
        async with Client(made) as client:
            return await client.call_tool(tool, arguments)

    found = anyio.run(asked)
    return found.content[0].text if found.is_error else found.structured_content


@pytest.fixture(scope="module")
def ask(edition: Edition) -> Callable[..., Any]:
    made = assistant.server(Asked(edition), "en")
    return lambda tool, **arguments: talk(made, tool, **arguments)


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Path]:
    """A made-up index and its figures."""
    (tmp_path / "i.toml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "d.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path / "i.toml", tmp_path / "d.csv"


def test_every_tool_is_read_only_and_typed(edition: Edition) -> None:
    async def listed() -> Any:
        async with Client(assistant.server(Asked(edition))) as client:
            tools, resources = (await client.list_tools()).tools, (await client.list_resources()).resources
            return tools, [(await client.read_resource(one.uri)).contents[0].text for one in resources], client.instructions

    tools, texts, instructions = anyio.run(listed)
    named = {tool.name for tool in tools}
    assert {
        "about",
        "find_city",
        "ranking",
        "city",
        "profile",
        "contribution",
        "compare",
        "indicator",
        "audit",
        "gradient",
    } <= named
    for tool in tools:
        assert tool.annotations is not None and tool.annotations.read_only_hint and not tool.annotations.destructive_hint
        assert tool.description and tool.output_schema and tool.output_schema["properties"]
        assert all(one.get("description") for name, one in tool.input_schema["properties"].items()), tool.name
        assert "lang" in tool.input_schema["properties"]
    assert edition.hash[:12] in texts[0] and 'code = "city-ip-core"' in texts[1]
    assert "方法区间" in instructions and "不得建议提高" in instructions


def test_a_ranking_says_what_the_edition_says(ask: Callable[..., Any], edition: Edition) -> None:
    found = ask("ranking", top=5, year=2022)
    keys = ("unit", "rank", "best", "worst", "tie_group", "score")
    assert [[row[key] for key in keys] for row in found["rows"]] == [
        [row[key] for key in keys] for row in edition.ranking("2022")[:5]
    ]
    assert found["hash"] == edition.hash and found["ranked"] == edition.index.scored("2022")


@pytest.mark.parametrize("text", ["330800", 330800, "衢州", "Quzhou", "quzhou"])
def test_a_city_is_found_however_it_is_written(text: str | int, ask: Callable[..., Any]) -> None:
    found = ask("city", city=text)
    assert found["unit"] == "330800" and found["best"] <= found["rank"] <= found["worst"] and found["period"] == "2023"


def test_a_gap_adds_up_and_both_ranks_have_their_range(ask: Callable[..., Any], edition: Edition) -> None:
    found, beside = ask("contribution", city="衢州", against="杭州"), ask("compare", cities=["衢州", "杭州"])
    assert found["parts"] == beside["gaps"]["330100"]
    assert sum(found["parts"][leaf] for leaf in edition.index.framework.leaves) == pytest.approx(found["total"])
    assert found["score"] - found["baseline"] == pytest.approx(found["total"])
    assert all(side["best"] <= side["rank"] <= side["worst"] for side in beside["units"])


def test_a_profile_has_the_range_of_every_year(ask: Callable[..., Any], edition: Edition) -> None:
    found = ask("profile", city="衢州")
    for period, (best, worst) in found["ranges"].items():
        assert best <= found["history"]["city-ip-core"][period][1] <= worst
    assert list(found["ranges"]) == list(edition.index.periods)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("city", {"city": "Atlantis"}, ("Atlantis", "Mend:")),
        ("city", {"city": "330800", "year": "1999"}, ("1999", "2021, 2022, 2023")),
        ("city", {"city": "zhou"}, ("Hangzhou", "Suzhou")),
        ("city", {"city": "zhou", "lang": "zh"}, ("杭州", "改法：")),
        ("ranking", {"group": "浙江"}, ("浙江省",)),
        ("indicator", {"code": "none"}, ("invention_share",)),
        ("ranking", {"top": 0}, ("greater than or equal to 1",)),
        ("compare", {"cities": ["衢州"]}, ("at least 2",)),
    ],
)
def test_what_is_wrong_is_told_with_the_mend(
    tool: str, arguments: dict[str, Any], said: tuple[str, ...], ask: Callable[..., Any]
) -> None:
    told = ask(tool, **arguments)
    assert isinstance(told, str) and all(text in told for text in said), told


def test_a_question_may_ask_for_another_language(ask: Callable[..., Any]) -> None:
    zh, en = (ask("gradient", year="2023", lang=lang) for lang in ("zh", None))
    assert zh["answer"] == en["answer"] and "部分" in zh["said"] and "Partly" in en["said"]


def test_a_tool_that_does_not_exist_is_refused(edition: Edition) -> None:
    try:
        told = talk(assistant.server(Asked(edition)), "delete_everything")
    except MCPError as error:
        told = str(error)
    assert "delete_everything" in told


@pytest.mark.parametrize("gone", ["mcp", "fastapi"])
def test_without_the_extra_the_mend_is_told(gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == gone:
            raise ModuleNotFoundError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError) as caught:
        assistant.ask("city-ip-core")
    assert caught.value.code == "mcp_missing" and "tidu[mcp]" in caught.value.text("en")


def test_own_figures_are_asked(own: tuple[Path, Path]) -> None:
    asked = assistant.ask(*own)
    made = assistant.server(asked, "en")
    assert [row["unit"] for row in talk(made, "ranking", top=2)["rows"]] == ["z", "y"]
    assert "distance_to_coast_km" in talk(made, "gradient")
    about = talk(made, "about")
    assert about["licence"] == [] and about["release"] is None and about["hash"] == asked.edition.hash


def test_a_release_is_asked_under_its_own_hash_and_only_as_it_is(own: tuple[Path, Path], tmp_path: Path) -> None:
    made, folder = app.edition(own[0], own[1]), tmp_path / "release"
    write_release(made, folder, documents=False, licence="CC-BY-4.0", by="An office")
    asked = assistant.ask(folder)
    assert asked.edition.hash == made.hash and asked.edition.ranking() == made.ranking()
    about = talk(assistant.server(asked), "about")
    assert about["licence"] == ["CC-BY-4.0"] and len(about["release"]) == 64 and made.hash[:12] in about["citation"]
    with pytest.raises(UsageError) as refused:
        assistant.ask(folder, own[1])
    assert refused.value.code == "release_as_it_is"
    scores = folder / "results" / "scores.csv"
    scores.write_text(scores.read_text(encoding="utf-8").replace("One", "Won", 1), encoding="utf-8")
    with pytest.raises(ReplayError) as caught:
        assistant.ask(folder)
    assert "scores.csv" in caught.value.text("en")


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReplayError) as caught:
        assistant.ask(tmp_path)
    assert caught.value.code == "release_none"
