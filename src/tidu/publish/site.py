"""A site as a folder: every page and file at its address; it opens from a disk, without a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tidu.publish.edition import LANGUAGES, Edition
from tidu.publish.pages.addresses import addresses
from tidu.publish.pages.briefs import SERVED, briefs, served

_FIRST = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>Tidu 梯度</title>
<meta http-equiv="refresh" content="0; url=zh/index.html"></head>
<body><p><a href="zh/index.html">中文</a> · <a href="en/index.html" lang="en">English</a></p></body></html>
"""


def write_site(
    edition: Edition,
    folder: Path,
    progress: Callable[[int, int], object] | None = None,
    only: Callable[[str], bool] | None = None,
    with_briefs: bool = False,
) -> list[Path]:
    """The files written: every address of the edition's table under the folder, and a first page that leads to them.

    With ``only`` those addresses that it says yes to; ``with_briefs`` each unit's brief as PDF too, which pages then link.
    Raises ``no_chinese_font`` where briefs are asked for and there is no type for them.
    """
    whole = dict(addresses(edition, LANGUAGES if with_briefs else ()))
    if with_briefs:
        whole |= {**briefs(edition, LANGUAGES), SERVED: lambda: served(LANGUAGES)}
    table = {address: maker for address, maker in whole.items() if only is None or only(address)}
    written = []
    for done, (address, maker) in enumerate(table.items(), start=1):
        path = folder / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(maker().body)
        written.append(path)
        if progress is not None:
            progress(done, len(table))
    first = folder / "index.html"
    first.write_text(_FIRST, encoding="utf-8")
    return [first, *written]
