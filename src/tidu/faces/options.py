"""The options that several commands share: language, JSON, figures, changes, universes."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer


class Lang(StrEnum):
    """Language of what is printed."""

    zh = "zh"
    en = "en"


def default_lang() -> str:
    """Chinese where the machine's locale is Chinese, else English."""
    return "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).lower().startswith("zh") else "en"


Language = Annotated[
    Lang, typer.Option("--lang", help="Language of the output: zh or en. 输出语言。", default_factory=default_lang)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text. 输出 JSON。")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the results. 结果文件夹。")]
Data = Annotated[Path | None, typer.Option("--data", help="Table of figures: .csv, .xlsx or .parquet. 数据表。")]
Sets = Annotated[list[str] | None, typer.Option("--set", help="ADDRESS=VALUE, as often as wanted. 在地址处改值。")]
Universe = Annotated[
    str | None, typer.Option("--universe", help="Units that set the bounds and are ranked: all, key36, a province … 城市范围。")
]
Show = Annotated[str | None, typer.Option("--show", help="Units that are ranked; bounds as in the file. 只排名、不改上下限。")]

MapNumber = Annotated[
    str | None,
    typer.Option("--map-review-number", help="Draw boundaries under maps, under this number (extra maps). 审图号：有号方画界线。"),
]
Clusters = Annotated[Path | None, typer.Option("--clusters", help="Clusters that `tidu clusters` wrote. 集群结果文件。")]
Day = Annotated[
    str | None,
    typer.Option("--date", help="Day of the release, YYYY-MM-DD; else that of the shipped figures. 发布日期，默认为内置数据日期。"),
]


def language(lang: Lang) -> Literal["zh", "en"]:
    """The language as the library names it.

    >>> language(Lang.zh)
    'zh'
    """
    return "zh" if lang is Lang.zh else "en"
