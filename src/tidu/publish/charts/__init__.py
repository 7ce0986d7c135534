"""Charts as Altair objects, one function a picture: in a notebook they show themselves, here they are drawn without a browser."""

from tidu.publish.charts.change import gain_curve, waterfall
from tidu.publish.charts.coast import gradient_scatter
from tidu.publish.charts.dots import dot_map
from tidu.publish.charts.figures import distribution, strip
from tidu.publish.charts.matrix import acceptability_map, correlation_map
from tidu.publish.charts.pairs import dumbbell
from tidu.publish.charts.radar import radar
from tidu.publish.charts.ranks import history, rank_ranges
from tidu.publish.charts.style import slim, svg, write_svg

__all__ = [
    "acceptability_map",
    "correlation_map",
    "distribution",
    "dot_map",
    "dumbbell",
    "gain_curve",
    "gradient_scatter",
    "history",
    "radar",
    "rank_ranges",
    "slim",
    "strip",
    "svg",
    "waterfall",
    "write_svg",
]
