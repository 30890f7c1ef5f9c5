"""Quantiles of many groups at once, weighted or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["grouped_quantiles"]

#: Sums of weights that differ by less than this share are the same.
_ROUNDING = 1e-12


def grouped_quantiles(
    group: NDArray[np.int64],
    value: NDArray[np.float64],
    weight: NDArray[np.float64],
    *,
    size: int,
    at: tuple[float, ...],
) -> NDArray[np.float64]:
    """Return quantiles of the values of each group, by the inverse of the distribution, averaged where it jumps.

    ``Q(p)`` is the least value up to which the weights sum up to ``p`` of all of them; where they do so exactly, the
    mean of that value and the next (definition 2 of Hyndman and Fan; `numpy.quantile` calls it
    ``averaged_inverted_cdf``).

    Parameters
    ----------
    group
        Of each value, from 0 to `size` − 1.
    value, weight
        Known values, and their positive weights.
    at
        Probabilities in [0, 1].

    Returns
    -------
    numpy.ndarray
        ``size × len(at)``, NaN where a group has no value.
    """
    found = np.full((size, len(at)), np.nan)
    if not len(value):
        return found
    order = np.lexsort((value, group))
    group, value, weight = group[order], value[order], weight[order]
    there, first = np.unique(group, return_index=True)
    last = np.append(first[1:], len(group)) - 1
    total = np.cumsum(weight)
    before = np.where(first > 0, total[first - 1], 0.0)
    whole = total[last] - before
    for column, share in enumerate(at):  # over the few quantiles
        aim = before + share * whole
        slack = _ROUNDING * np.maximum(total[last], 1.0)
        place = np.clip(np.searchsorted(total, aim - slack), first, last)
        onward = np.minimum(place + (np.abs(total[place] - aim) <= slack), last)
        found[there, column] = (value[place] + value[onward]) / 2
    return found
