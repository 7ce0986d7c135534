"""What a table of cities by fields tells, on arrays: advantage, concentration, relatedness, complexity."""

from __future__ import annotations

import numpy as np

from tidu.core.stats import Array


def revealed_advantage(table: Array) -> Array:
    """The share of each field in a city over its share in all cities; nothing for a city or field without anything.

    Args:
        table: non-negative figures (cities, fields).

    Source: Balassa 1965, Trade liberalisation and "revealed" comparative advantage, The Manchester School 33.

    >>> revealed_advantage(np.array([[3.0, 1.0], [1.0, 3.0]])).tolist()
    [[1.5, 0.5], [0.5, 1.5]]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        own = table / table.sum(axis=1, keepdims=True)
        whole = table.sum(axis=0, keepdims=True) / table.sum()
        made: Array = np.where(whole > 0, own / whole, np.nan)
    return made


def specialisation(table: Array) -> Array:
    """One where a city has a revealed advantage of at least one in a field, else nought.

    >>> specialisation(np.array([[3.0, 1.0], [1.0, 3.0]])).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    return (np.nan_to_num(revealed_advantage(table)) >= 1 - 1e-12).astype(float)


def concentration(table: Array) -> Array:
    """The sum of squared shares of the fields of each city (Herfindahl); nothing for a city without anything.

    >>> concentration(np.array([[2.0, 2.0], [4.0, 0.0]])).tolist()
    [0.5, 1.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = table / table.sum(axis=1, keepdims=True)
    made: Array = (shares**2).sum(axis=1)
    return made


def proximity(own: Array) -> Array:
    """How often cities that have one field have another too: the lesser of both conditional shares (fields, fields).

    Args:
        own: one where a city has the field, else nought (cities, fields).

    Fields that no city has are near to none; the diagonal is nought.
    Source: Hidalgo, Klinger, Barabási & Hausmann 2007, The product space conditions the development of nations, Science 317.

    >>> proximity(np.array([[1.0, 1.0], [1.0, 0.0]])).tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    both = own.T @ own
    most = np.maximum(np.diag(both)[:, None], np.diag(both)[None, :])
    made: Array = np.where(most > 0, both / np.where(most > 0, most, 1), 0.0)
    np.fill_diagonal(made, 0.0)
    return made


def density(own: Array) -> Array:
    """Of the proximity of each field to all others, the share to those that the city has (cities, fields).

    A field that is near to none has no density: nought.
    Source: Hidalgo et al. 2007; for cities Boschma, Balland & Kogler 2015, Industrial and Corporate Change 24.

    >>> density(np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]])).round(6).tolist()
    [[0.5, 1.0, 1.0], [0.5, 1.0, 1.0]]
    """
    near = proximity(own)
    total = near.sum(axis=0)
    made: Array = np.where(total > 0, (own @ near) / np.where(total > 0, total, 1), 0.0)
    return made


def complexity(own: Array) -> Array:
    """The complexity of each city: the second eigenvector of the cities' likeness, mean 0, deviation 1, high where fields are rare.

    Cities without a field, and all of them where cities fall apart into groups without a field in common, have none (NaN). The sign
    is such that cities of many fields stand high.
    Source: Hidalgo & Hausmann 2009, The building blocks of economic complexity, PNAS 106; the limit of their reflections.

    >>> (complexity(np.array([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0]])).round(4) + 0.0).tolist()
    [1.2247, 0.0, -1.2247]
    """
    made = np.full(len(own), np.nan)
    cities = own.sum(axis=1) > 0
    table = own[np.ix_(cities, own.sum(axis=0) > 0)]
    if table.shape[0] < 3 or table.shape[1] < 2:
        return made
    many, rare = table.sum(axis=1), table.sum(axis=0)
    scaled = table / np.sqrt(many)[:, None] / np.sqrt(rare)[None, :]
    values, vectors = np.linalg.eigh(scaled @ scaled.T)  # similar to the likeness matrix, but symmetric
    if values[-2] > 1 - 1e-9 or values[-2] < 1e-12 or (len(values) > 2 and values[-2] - values[-3] < 1e-9):
        return made
    second = vectors[:, -2] / np.sqrt(many)
    spread = second.std()
    if spread < 1e-12:
        return made
    second = (second - second.mean()) / spread
    lean = float((second * (many - many.mean())).sum())
    made[cities] = second if lean >= 0 else -second
    return made
