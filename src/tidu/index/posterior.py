"""What figures with known standard errors leave open about the true ones: their posterior around an empirical-Bayes mean.

A figure with an error is the truth plus chance, so the figures of many units lie further apart than the truth does. Noise
added once more to such figures spreads them twice: where errors are large beside the differences between units, ranges made
in this way hold the true rank too seldom. Draws from the posterior do not; they take the truth to be about normal over units.
"""

from __future__ import annotations

import numpy as np

from tidu.core.errors import MethodError, listing
from tidu.core.stats import Array


def posterior(y: Array, error: Array, address: str = "uncertain", columns: tuple[str, ...] = ()) -> tuple[Array, Array]:
    """The mean (U, C) and a root (U, C, C) of the covariance of the true figures, given figures with standard errors.

    ``y`` and ``error`` are (U, C); a missing or zero error leaves a figure as it is, a missing figure stays missing. The
    truth of a unit is normal around the mean of the units, with the covariance of the full rows less their mean squared
    errors (negative variances set to zero); errors are independent. A draw is mean + root · standard normal. Raises
    ``posterior_few`` where there are fewer than C + 2 full rows. Source: Efron and Morris 1975, JASA 70:311; Laird and
    Louis 1989, J. Educational Statistics 14:29, for ranks.

    >>> y = np.array([[-3.0], [-1.0], [1.0], [3.0]])  # variance 20/3; with the error 1 the truth has 17/3, a share of 0.85
    >>> mean, root = posterior(y, np.ones((4, 1)))
    >>> mean[:, 0].round(9).tolist(), float((root[0] ** 2).round(9)[0, 0])
    ([-2.55, -0.85, 0.85, 2.55], 0.85)
    """
    size = y.shape[1]
    full = y[~np.isnan(y).any(axis=1)]
    if full.shape[0] < size + 2:
        names = listing(columns) or "–"
        raise MethodError("posterior_few", address=address, found=full.shape[0], wanted=size + 2, columns=names)
    noise = np.where(np.isnan(error), 0.0, error) ** 2
    centre, scale = full.mean(axis=0), full.std(axis=0, ddof=1)
    scale = np.where(scale > 0, scale, 1.0)
    z, noise = (y - centre) / scale, noise / scale**2
    spread = np.atleast_2d(np.cov(z[~np.isnan(y).any(axis=1)], rowvar=False))
    values, vectors = np.linalg.eigh(spread - np.diag(noise[~np.isnan(y).any(axis=1)].mean(axis=0)))
    truth = (vectors * np.maximum(values, 0.0)) @ vectors.T
    # A missing figure says nothing, as one with a boundless error; the ridge keeps exact copies of a column solvable.
    width = np.where(np.isnan(z), 1e9, noise) + 1e-12
    whole = truth + width[:, :, None] * np.eye(size)
    gain = np.swapaxes(np.linalg.solve(whole, np.broadcast_to(truth, whole.shape)), 1, 2)
    mean = np.einsum("ucd,ud->uc", gain, np.where(np.isnan(z), 0.0, z))
    left = truth - gain @ truth
    values, vectors = np.linalg.eigh((left + np.swapaxes(left, 1, 2)) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    sure = (noise == 0) | np.isnan(y)
    mean = np.where(sure, y, centre + scale * mean)
    return mean, np.where(sure[:, :, None], 0.0, scale[:, None] * root)
