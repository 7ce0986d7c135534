"""Weights sought so that each child is as important in the result as it should be, and weights joined from others."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from tidu.core.errors import MethodError, SpecError, listing
from tidu.core.stats import Array
from tidu.index.context import Context
from tidu.index.weight import WEIGHTINGS, Weights, complete_rows, constant_columns, settle

Measure = Literal["r2", "correlation_ratio"]


def importance_forms(x: Array, measure: Measure = "r2") -> tuple[Array, Array]:
    """Matrices A (C, C, C) and S (C, C) such that w'A_j w / w'S w is the importance of child j in the mean x·w.

    ``x`` is complete rows (N, C). ``r2`` is the squared correlation of child and mean; ``correlation_ratio`` the share
    of the mean's variance that a cubic in the child explains.

    >>> forms, total = importance_forms(np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]]))
    >>> w = np.array([0.5, 0.5])
    >>> [round(float(w @ form @ w / (w @ total @ w)), 6) for form in forms]
    [0.75, 0.75]
    """
    centred = x - x.mean(axis=0)
    total = centred.T @ centred
    spread = np.sqrt(np.diag(total))
    forms = np.zeros((x.shape[1], *total.shape))
    for j in range(x.shape[1]):
        one = centred[:, j] / spread[j]
        if measure == "r2":
            basis = one[:, None]
        else:
            one = one * np.sqrt(x.shape[0])
            powers = np.column_stack([one, one**2, one**3])
            left, size, _ = np.linalg.svd(powers - powers.mean(axis=0), full_matrices=False)
            basis = left[:, size > 1e-9 * size[0]]
        part = basis.T @ centred
        forms[j] = part.T @ part
    return forms, total


def _aim(target: Any, context: Context) -> Array:
    """The shares of importance aimed at, one per child, summing to 1."""
    if target == "equal":
        raw = np.ones(len(context.codes))
    elif target == "given":
        raw = np.broadcast_to(np.asarray(context.given, dtype=float), len(context.codes))
    else:
        lacking = [code for code in context.codes if code not in target]
        if lacking:
            raise SpecError("weight_set_incomplete", address=context.address, set="target", lacking=listing(lacking))
        raw = np.array([target[code] for code in context.codes], dtype=float)
    return settle(raw, context=context, method="balance", facts={}).values


def _seek(forms: Array, total: Array, aim: Array, most: int) -> Array:
    """The best of several descents on the simplex from fixed starting points."""
    from scipy.optimize import minimize

    def miss(w: Array) -> tuple[float, Array]:
        bent = forms @ w
        raw = bent @ w
        whole = raw.sum()
        gap = raw / whole - aim
        slope = 2 * bent / whole - np.outer(raw, 2 * bent.sum(axis=0)) / whole**2
        return float(gap @ gap), 2 * gap @ slope

    size = aim.size
    alone = aim / np.sqrt(np.diag(total))
    starts = [np.full(size, 1 / size), alone / alone.sum()]
    if size <= 12:
        starts += [np.where(np.arange(size) == j, 0.6, 0.4 / max(1, size - 1)) for j in range(size)]
    best: Array = starts[0]
    least = np.inf
    for start in starts:
        found = minimize(
            miss,
            start,
            jac=True,
            method="SLSQP",
            bounds=[(0.0, 1.0)] * size,
            constraints=[{"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like}],
            options={"maxiter": most, "ftol": 1e-18},
        )
        w: Array = np.maximum(found.x, 0.0)
        w = w / w.sum()
        value = miss(w)[0]
        if value < least * (1 - 1e-6):
            best, least = w, value
        if least < 1e-20:
            break
    return best


@WEIGHTINGS.method(
    "balance", source="Becker et al. 2017, Ecological Indicators 80:12; Paruolo, Saisana and Saltelli 2013, JRSS A 176:609"
)
def balance(
    x: Array,
    *,
    context: Context,
    target: Literal["equal", "given"] | dict[str, float] = "equal",
    measure: Measure = "r2",
    tolerance: Annotated[float, Field(gt=0)] = 1e-4,
    most: Annotated[int, Field(ge=10)] = 500,
) -> Weights:
    """Weights, none negative, under which each child's share of importance in the weighted mean meets a target.

    ``x`` is (N, C); rows with a hole are left out. ``target`` are the shares aimed at: equal, the given weights, or
    numbers by child. Facts: ``reached`` (every share within ``tolerance`` of its target and every child positively
    linked with the mean), ``importance`` by child, ``share`` and ``target``, ``distance`` (the widest gap in shares),
    ``against`` (children negatively linked with the mean) and ``at_zero``. An unreachable target is no error: the
    nearest weights come back and ``reached`` is false. Raises ``weight_few_rows``, ``weight_constant_child`` or, for
    ``target``, ``weight_set_incomplete``.

    >>> x = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 3.0]]) * np.array([1.0, 4.0])
    >>> found = balance(x, context=Context(codes=("a", "b")))
    >>> found.values.round(6).tolist(), found.facts["reached"]
    ([0.8, 0.2], True)
    """
    rows = complete_rows(x, context=context, method="balance", needed=3)
    flat = [context.codes[position] for position in np.flatnonzero(constant_columns(rows.min(axis=0), rows.max(axis=0)))]
    if flat:
        raise MethodError("weight_constant_child", address=context.address, method="balance", children=listing(flat))
    aim = _aim(target, context)
    scale = rows.std(axis=0)
    unit = (rows - rows.mean(axis=0)) / scale
    forms, total = importance_forms(unit, measure)
    found = _seek(forms, total, aim, most) if aim.size > 1 else np.ones(1)
    values = found / scale
    values = np.where(values < 1e-12 * values.max(), 0.0, values)
    mean = unit @ (values * scale)
    strength = np.array([(values * scale) @ form @ (values * scale) for form in forms]) / (mean @ mean)
    share = strength / strength.sum()
    link = unit.T @ mean / np.sqrt(mean @ mean * rows.shape[0])
    against = tuple(context.codes[position] for position in np.flatnonzero(link < -1e-9))
    distance = float(np.abs(share - aim).max())
    facts = {
        "reached": bool(distance <= tolerance and not against),
        "distance": distance,
        "measure": measure,
        "importance": dict(zip(context.codes, strength.tolist(), strict=True)),
        "share": dict(zip(context.codes, share.tolist(), strict=True)),
        "target": dict(zip(context.codes, aim.tolist(), strict=True)),
        "against": against,
        "at_zero": tuple(code for code, value in zip(context.codes, values, strict=True) if value == 0),
    }
    return settle(values, context=context, method="balance", facts=facts)


def _part(entry: Any, x: Array, context: Context) -> tuple[str, Weights]:
    """One of the weightings to be joined: a name, or a table with ``method`` and that method's own keys."""
    options = {"method": entry} if isinstance(entry, str) else dict(entry)
    name = options.pop("method", None)
    if not isinstance(name, str) or name == "combined":
        raise SpecError("combined_part", address=context.address, part=str(entry))
    try:
        method = WEIGHTINGS[name]
    except SpecError as error:
        error.address = context.address
        raise
    unknown = [key for key in options if key not in method.parameters]
    if unknown:
        known = listing(method.parameters) or "–"
        raise SpecError("combined_key", address=context.address, method=name, keys=listing(unknown), known=known)
    from pydantic import ValidationError

    try:
        checked = method.model(**options)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(item) for item in first["loc"])
        raise SpecError("combined_value", address=context.address, method=name, key=place, why=first["msg"]) from error
    values = {key: getattr(checked, key) for key in method.parameters}
    result: Weights = method.apply(x, {}, values, context)
    return name, result


def _game(parts: Array, names: list[str], context: Context) -> Array:
    """Coefficients a with sum 1 that solve (P P') a = diag(P P'): the joint weights nearest to every part."""
    product = parts @ parts.T
    solved, *_ = np.linalg.lstsq(product, np.diag(product), rcond=None)
    if (solved < -1e-9 * np.abs(solved).max()).any():
        shown = listing(f"{name} {value:.4f}" for name, value in zip(names, solved, strict=True))
        raise MethodError("combined_game_negative", address=context.address, coefficients=shown)
    kept = np.maximum(solved, 0.0)
    result: Array = kept / kept.sum()
    return result


@WEIGHTINGS.method(
    "combined",
    source="郭亚军 2007, 综合评价理论、方法及应用 (linear, product); 陈加良 2003, 基于博弈论的组合赋权评价方法研究 (game)",
)
def combined(
    x: Array,
    *,
    context: Context,
    of: Annotated[list[str | dict[str, Any]], Field(min_length=2)],
    by: Literal["linear", "product", "game"] = "linear",
    coefficients: list[Annotated[float, Field(ge=0)]] | None = None,
) -> Weights:
    """Weights joined from two weightings or more, such as experts' and data's.

    ``x`` is (N, C). ``of`` lists methods by name, or as tables ``{method = ..., key = ...}``. ``linear`` takes the mean
    with ``coefficients`` (equal unless written), ``product`` the products of the parts, ``game`` the mean whose
    coefficients lie nearest to all parts at once. Facts: ``parts`` and ``coefficients``, the parts' own facts. Raises
    ``combined_part``, ``combined_key``, ``combined_value``, ``combined_count``, ``combined_nothing_left``,
    ``combined_game_negative``, and what the parts raise.

    >>> around = Context(codes=("a", "b"), given=np.array([3.0, 1.0]))
    >>> combined(np.zeros((2, 2)), context=around, of=["given", "equal"], coefficients=[0.5, 0.5]).values.tolist()
    [0.625, 0.375]
    """
    names: list[str] = []
    found: list[Weights] = []
    for entry in of:
        name, weights = _part(entry, x, context)
        names.append(name)
        found.append(weights)
    parts = np.array([weights.values for weights in found])
    if coefficients is not None and (by != "linear" or len(coefficients) != len(found) or sum(coefficients) <= 0):
        raise SpecError("combined_count", address=context.address, found=len(coefficients), needed=len(found), by=by)
    facts: dict[str, object] = {
        "parts": tuple((name, tuple(weights.values.tolist())) for name, weights in zip(names, found, strict=True)),
        "facts": tuple(dict(weights.facts) for weights in found),
    }
    if by == "product":
        joint = np.prod(parts / parts.max(axis=1, keepdims=True), axis=0)
        if not (joint > 0).any():
            raise MethodError("combined_nothing_left", address=context.address, parts=listing(names))
        return settle(joint, context=context, method="combined", facts=facts)
    share = np.full(len(found), 1 / len(found)) if coefficients is None else np.array(coefficients, dtype=float)
    share = _game(parts, names, context) if by == "game" else share / share.sum()
    facts["coefficients"] = tuple(share.tolist())
    return settle(share @ parts, context=context, method="combined", facts=facts)
