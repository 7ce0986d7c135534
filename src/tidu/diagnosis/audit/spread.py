"""An index that figures without spread would stop, made without them, so that an audit can name them and judge the rest."""

from __future__ import annotations

from tidu.core.errors import MethodError
from tidu.index.build import build
from tidu.index.framework import Framework
from tidu.index.result import Index
from tidu.indicators.panel import Panel

#: The largest share of one value under which no column is without spread.
SAME = 1.0 - 1e-9


def auditable(framework: Framework, panel: Panel, *, seed: int = 0) -> Index:
    r"""The index of a framework and its figures; where an indicator is the same for every unit, without such indicators.

    They stand in ``screening.dropped``, as if the file said ``screen.same``. Raises what ``build`` raises for other reasons,
    and ``constant_column`` where leaving them out does not help, as for one that is the same in one of several years.

    >>> framework = Framework.parse('[index]\ncode="d"\n[indicator.a]\nbetter="higher"\n[indicator.k]\nbetter="higher"')
    >>> auditable(framework, Panel.of(["x", "y"], ["2023"], ["a", "k"], [[[1, 5]], [[2, 5]]])).screening.dropped
    {'k': 'same'}
    """
    try:
        return build(framework, panel, seed=seed)
    except MethodError as error:
        if error.code != "constant_column" or framework.table.screen.same < 1:
            raise
        try:
            return build(framework.put(f"screen.same={SAME!r}"), panel, seed=seed)
        except MethodError:
            raise error from None
