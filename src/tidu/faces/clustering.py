"""The command on where people stand close together: clusters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tidu.faces.options import Json, Language

#: How many clusters are printed.
TOP = 20


def clusters(
    points: Annotated[Path, typer.Argument(help="Points: .csv or .parquet with lon, lat. 点位表（经度、纬度）。")],
    lang: Language,
    radius: Annotated[float, typer.Option("--radius", help="Kilometres within which neighbours count. 邻域半径（公里）。")],
    least: Annotated[float, typer.Option("--least", help="Weight within the radius that makes a core. 核心点的最小权重。")],
    people: Annotated[
        str, typer.Option("--people", help="Whom points stand for: inventors, authors, both, applicants. 点位代表谁。")
    ],
    within: Annotated[
        float | None, typer.Option("--within", help="Kilometres between clusters that may be merged. 可合并集群的间距（公里）。")
    ] = None,
    share: Annotated[float, typer.Option("--share", help="Least share of common work to merge. 合并所需的共同成果占比。")] = 0.1,
    source: Annotated[str, typer.Option("--source", help="Where the points come from, in words. 点位来源说明。")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="File for `--clusters` of the site. 供网站使用。")] = None,
    as_json: Json = False,
) -> None:
    """Rank science and technology clusters from geocoded people, blind to borders. 科技集群。"""
    from dataclasses import asdict

    from tidu.faces import show
    from tidu.indicators.clustering import clustering, read_points

    made = clustering(
        read_points(points), radius=radius, least=least, people=people, within=within, share=share, source=source or points.name
    )
    if out is not None:
        made.write(out)
    if as_json:
        show.print_json({**asdict(made), "written": None if out is None else str(out)})
        return
    text = lang.value
    told = {"points": made.points, "clustered": made.clustered, "merges": made.merges}
    show.print_lines(
        show.word(
            "clusters_found",
            text,
            count=len(made.clusters),
            people=show.word(f"people_{people}", text),
            radius=f"{radius:g}",
            least=f"{least:g}",
            **told,
        )
    )
    heads = [show.word(key, text) for key in ("rank", "cluster", "points")] + [*made.metrics, show.word("sum_of_shares", text)]
    body = []
    for one, name in list(zip(made.clusters, made.names, strict=True))[:TOP]:
        shares = [f"{one.counts[metric]:,.6g} ({one.shares[metric]:.2%})" for metric in made.metrics]
        body.append([one.rank, name["zh" if text == "zh" else "en"], one.points, *shares, f"{one.total:.4f}"])
    show.print_table(heads, body, right=[0, *range(2, len(heads))])
    if len(made.clusters) > TOP:
        show.print_lines(show.word("more_rows", text, count=len(made.clusters) - TOP))
    show.print_lines(show.word("clusters_note", text))
    if out is not None:
        show.print_lines(f"{show.word('written', text)} {out}")
