"""Is the territory specialised: location quotient and Krugman index, from counts of jobs or establishments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...errors import ArgumentError
from ..measure import NAN

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["location_quotient", "specialization"]


def location_quotient(
    local: ArrayLike | pd.Series,
    *,
    wide: ArrayLike | pd.Series,
    local_total: float | None = None,
    wide_total: float | None = None,
) -> Any:
    """Return the location quotient (E1): how much more present an activity is here than in a wider area.

    ``LQ_i = (e_ij / e_j) / (e_i / e)``, with *e* jobs (or establishments) of activity *i* in territory *j*.

    Parameters
    ----------
    local
        Jobs or establishments of each activity in the territory (``e_ij``): a number, an array or a Series on
        activities.
    wide
        The same in the wider area (``e_i``); a Series is aligned on the activities of `local`.
    local_total, wide_total
        All activities together (``e_j``, ``e``); by default the sums of the two, unknown if one of them has
        an unknown count.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        As `local`, a Series named ``location_quotient``. From 0 on; above 1 the territory is specialised. NaN
        where a count or a total is unknown, or a denominator 0.

    Raises
    ------
    ArgumentError
        A negative count; shapes that do not fit; a single number without its totals.

    Notes
    -----
    A ratio without a unit. Over a handful of establishments one more changes the figure a lot: read it with the
    counts.

    References
    ----------
    Hoover-Balassa quotient; the example is that of Farhauer and Kröll (2013), printed as 0.3847623 by the
    documentation of ``locq`` in the R package REAT.

    Examples
    --------
    >>> round(location_quotient(1714, local_total=79006, wide=879213, wide_total=15593224), 10)
    0.3847623423
    """
    here, there, index = _pair(local, wide)
    if here.ndim == 0 and (local_total is None or wide_total is None):
        raise ArgumentError(
            "of one activity alone the totals are not known: give local_total= and wide_total="
        )
    all_here = here.sum() if local_total is None else _checked(local_total, "local_total")
    # the wider area counts its activities that the territory lacks, too
    all_there = _checked(wide, "wide").sum() if wide_total is None else _checked(wide_total, "wide_total")
    found = _share(_share(here, all_here), _share(there, all_there))
    if index is not None:
        return pd.Series(found, index=index, name="location_quotient")
    return float(found) if found.ndim == 0 else found


def specialization(local: ArrayLike | pd.Series, *, wide: ArrayLike | pd.Series) -> float:
    """Return the Krugman index (E3): how far the structure of the territory is from another one.

    ``Σ_k |s_jk − s_k|``, with *s* the share of activity *k* in the jobs (or establishments) of the territory
    *j* and of the area it is compared with. Against several areas that weigh the same, give the mean of
    their shares.

    Parameters
    ----------
    local
        Jobs or establishments of each activity in the territory: an array, or a Series on activities.
    wide
        The same where it is compared with (or shares), for the same activities.

    Returns
    -------
    float
        In [0, 2]: 0 the same structure, 2 no activity in common. NaN if a count is unknown or a total is 0.

    Raises
    ------
    ArgumentError
        A negative count; not the same activities (write 0 where there is none: what is not listed is not
        known to be absent).

    References
    ----------
    The example is printed in the documentation of ``krugman.spec`` in the R package REAT, after Farhauer and
    Kröll (2013).

    Examples
    --------
    >>> specialization([20, 10, 70, 0, 0], wide=[0, 0, 0, 60, 40])
    2.0
    """
    if isinstance(local, pd.Series) and isinstance(wide, pd.Series):
        lacking = local.index.symmetric_difference(wide.index)
        if len(lacking):
            names = ", ".join(map(str, lacking[:5]))
            raise ArgumentError(f"not the same activities in both ({names}): write 0 where there is none")
    here, there, _ = _pair(local, wide)
    if here.ndim != 1:
        raise ArgumentError("a structure is a list of counts, one per activity")
    return float(np.abs(_share(here, here.sum()) - _share(there, there.sum())).sum()) if len(here) else NAN


def _pair(local: Any, wide: Any) -> tuple[np.ndarray, np.ndarray, pd.Index | None]:
    index = local.index if isinstance(local, pd.Series) else None
    if index is not None and isinstance(wide, pd.Series):
        for labels in (index, wide.index):
            if labels.has_duplicates:
                raise ArgumentError("an activity is listed twice: add its counts up first")
        wide = wide.reindex(index)
    here, there = _checked(local, "local"), _checked(wide, "wide")
    if here.shape != there.shape:
        raise ArgumentError(
            f"local has {here.size} counts and wide has {there.size}: give the same activities"
        )
    return here, there, index


def _checked(values: Any, name: str) -> np.ndarray:
    numbers = np.asarray(values, dtype=np.float64)
    if (numbers < 0).any() or np.isinf(numbers).any():
        raise ArgumentError(f"{name} has a count that is negative or infinite")
    return numbers


def _share(part: np.ndarray, whole: Any) -> np.ndarray:
    whole = np.broadcast_to(np.asarray(whole, dtype=np.float64), part.shape)
    return np.divide(part, whole, out=np.full(part.shape, NAN), where=whole > 0)
