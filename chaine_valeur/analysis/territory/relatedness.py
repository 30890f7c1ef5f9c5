"""Is the territory near an activity: proximity of activities and relatedness, from counts by territory and activity.

Two activities are near if the same territories hold both; a territory is near an activity if it holds much of what
is near it. What is read from a register that lists who is there (SIRENE) may leave zeros out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import ArgumentError
from ._grid import grid_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["location_quotients", "proximity", "relatedness"]

#: Location quotient from which an activity is there, as Hidalgo et al. have it for countries and products.
THRESHOLD = 1.0


def location_quotients(
    counts: pd.DataFrame,
    *,
    territory: str | None = None,
    activity: str = "naf",
    value: str = "establishments",
) -> pd.DataFrame:
    """Return the location quotient (E1) of every activity in every territory, with the counts behind it.

    ``LQ_cp = (e_cp / e_c) / (e_p / e)``, with *e* establishments (or jobs) of activity *p* in territory *c*; the
    wider area is all the territories of `counts` together.

    Parameters
    ----------
    counts
        A row per territory and activity: `territory`, the activity, the count. A pair without a row is 0, as in a
        register that lists what exists; a blank count is unknown. Rows without a territory or an activity are left out.
    territory
        The rows of one territory; by default all of them.
    activity, value
        Columns of the activity and of the count.

    Returns
    -------
    pandas.DataFrame
        A row per territory and activity, in their order: `territory`, the activity, `count`, `territory_count` (all
        activities of the territory), `area_count` (the activity everywhere), `location_quotient` (from 0 on; above 1
        the territory is specialised; NaN where the count is unknown, the activity is nowhere, or the territory has
        nothing), `low` and `high` (the same with one establishment fewer, and one more: far apart, the quotient says
        little). Unknown counts are left out of the sums.

    Raises
    ------
    ArgumentError
        A negative or infinite count, a pair listed twice.
    UnknownNameError
        A column that `counts` lacks, a territory of which it has no row.

    References
    ----------
    Hoover-Balassa quotient, as in `location_quotient`.

    Examples
    --------
    >>> counts = pd.DataFrame({"territory": ["A", "A", "B"], "naf": ["13.10Z", "16.10A", "16.10A"],
    ...                        "establishments": [1, 9, 90]})
    >>> location_quotients(counts, territory="A")[["naf", "count", "location_quotient", "low"]].values.tolist()
    [['13.10Z', 1.0, 10.0, 0.0], ['16.10A', 9.0, 0.9090909090909091, 0.8979591836734694]]
    """
    grid = grid_of(counts, activity, value)
    rows = grid.rows(territory)
    found, low, high = (part.ravel() for part in grid.quotients(rows))
    counted = grid.counts[rows]
    return pd.DataFrame(
        {
            "territory": np.repeat(grid.territories[rows].to_numpy(object), len(grid.activities)),
            activity: np.tile(grid.activities.to_numpy(object), len(rows)),
            "count": counted.ravel(),
            "territory_count": np.repeat(np.nansum(counted, axis=1), len(grid.activities)),
            "area_count": np.tile(np.nansum(grid.counts, axis=0), len(rows)),
            "location_quotient": found,
            "low": low,
            "high": high,
        }
    ).astype({"territory": "str", activity: "str"})


def proximity(
    counts: pd.DataFrame,
    *,
    activity: str = "naf",
    value: str = "establishments",
    threshold: float = THRESHOLD,
) -> pd.DataFrame:
    """Return the proximity of activities (E2): how often the territories that hold one hold the other.

    ``φ_pq = min(P(x_p | x_q), P(x_q | x_p))``, over territories; ``x_p`` says that the location quotient of *p* is
    at least `threshold` there.

    Parameters
    ----------
    counts, activity, value
        As in `location_quotients`.
    threshold
        Location quotient from which an activity is there.

    Returns
    -------
    pandas.DataFrame
        Activities × activities, both in their order; symmetric, in [0, 1], 1 on the diagonal. NaN for an activity that
        is there in no territory. A pair of which a territory has an unknown count is read from the others.

    Raises
    ------
    ArgumentError, UnknownNameError
        As in `location_quotients`; a threshold that is not above 0.

    Notes
    -----
    Activities that are there in one or two territories have proximities of 0 and 1 that say little: read them with
    `n_territories` of `relatedness`.

    References
    ----------
    Hidalgo, Klinger, Barabási and Hausmann (2007), doi 10.1126/science.1144581 (unverified); the same figures as
    ``calc_discrete_proximity`` of py-ecomplexity, of which the code was read.

    Examples
    --------
    >>> counts = pd.DataFrame({"territory": ["A", "A", "B", "B", "C"], "naf": ["x", "y", "x", "y", "z"],
    ...                        "establishments": [5, 5, 5, 5, 10]})
    >>> proximity(counts).loc["x"].tolist()
    [1.0, 1.0, 0.0]
    """
    grid = grid_of(counts, activity, value)
    found = _proximity(grid.present(_checked(threshold)).astype(np.float64), grid.known)
    labels = grid.activities.rename(activity)
    return pd.DataFrame(found, index=labels, columns=labels)


def relatedness(
    counts: pd.DataFrame,
    *,
    territory: str | None = None,
    activity: str = "naf",
    value: str = "establishments",
    threshold: float = THRESHOLD,
    itself: bool = True,
) -> pd.DataFrame:
    """Return the relatedness density (E2): how near each territory is to each activity.

    ``ω_cp = Σ_q φ_pq M_cq / Σ_q φ_pq``, with φ the `proximity` and ``M_cq`` 1 where the location quotient of *q* in
    *c* is at least `threshold`, else 0.

    Parameters
    ----------
    counts, territory, activity, value
        As in `location_quotients`. Give every activity of the territories, not those of a filière alone.
    threshold
        Location quotient from which an activity is there.
    itself
        Whether the activity counts among those that are near it (``φ_pp = 1``). py-ecomplexity has it in, and so has
        this by default; without it the figure says what else there is.

    Returns
    -------
    pandas.DataFrame
        A row per territory and activity, in their order: `territory`, the activity, `count`, `location_quotient`,
        `is_present` (unknown where the count is), `relatedness` (in [0, 1]: 1, all that is near the activity is here;
        NaN where the activity is there nowhere, the territory has nothing, or no other activity is near),
        `n_territories` (those that hold the activity: under ten or so, its proximities rest on little), `n_near`
        (activities of positive proximity that the territory holds).

    Raises
    ------
    ArgumentError, UnknownNameError
        As in `location_quotients` and `proximity`.

    Notes
    -----
    It compares: a figure is high or low beside that of other territories, or of other activities, not by itself. The
    territory itself counts among those from which proximities are read.

    References
    ----------
    Hidalgo et al. (2007), doi 10.1126/science.1144581 (unverified); ``calc_density`` of py-ecomplexity, of which the
    code was read: the diagonal is in both sums there.

    Examples
    --------
    >>> counts = pd.DataFrame({"territory": ["A", "A", "B", "B", "C"], "naf": ["x", "y", "x", "y", "z"],
    ...                        "establishments": [5, 5, 5, 5, 10]})
    >>> relatedness(counts, territory="A").set_index("naf")["relatedness"].to_dict()
    {'x': 1.0, 'y': 1.0, 'z': 0.0}
    """
    grid = grid_of(counts, activity, value)
    rows = grid.rows(territory)
    present, known = grid.present(_checked(threshold)), grid.known
    phi = np.nan_to_num(_proximity(present.astype(np.float64), known))
    if not itself:
        np.fill_diagonal(phi, 0.0)
    mine = present[rows].astype(np.float64)
    near, all_near = mine @ phi, known[rows].astype(np.float64) @ phi
    silent = (np.nansum(grid.counts[rows], axis=1) <= 0)[:, None] | (all_near <= 0)
    density = np.divide(near, all_near, out=np.full(near.shape, np.nan), where=~silent)
    is_present = pd.array(present[rows].ravel(), dtype="boolean")
    is_present[~known[rows].ravel()] = pd.NA
    return pd.DataFrame(
        {
            "territory": np.repeat(grid.territories[rows].to_numpy(object), len(grid.activities)),
            activity: np.tile(grid.activities.to_numpy(object), len(rows)),
            "count": grid.counts[rows].ravel(),
            "location_quotient": grid.quotients(rows)[0].ravel(),
            "is_present": is_present,
            # sums in another order may differ in the last digit
            "relatedness": np.minimum(density, 1.0).ravel(),
            "n_territories": np.tile(present.sum(axis=0), len(rows)),
            "n_near": np.rint(mine @ (phi > 0)).astype(np.int64).ravel(),
        }
    ).astype({"territory": "str", activity: "str"})


def _proximity(present: Values, known: Mask) -> Values:
    """Return the proximities; the larger of two conditions divides, each over the territories where both are known."""
    together = present.T @ present
    if known.all():
        held = np.broadcast_to(present.sum(axis=0)[:, None], together.shape)
    else:
        held = present.T @ known.astype(np.float64)
    most = np.maximum(held, held.T)
    found = np.divide(together, most, out=np.zeros(most.shape), where=most > 0)
    nowhere = present.sum(axis=0) == 0
    found[nowhere, :] = np.nan
    found[:, nowhere] = np.nan
    return found


def _checked(threshold: float) -> float:
    if not 0 < threshold < np.inf:
        raise ArgumentError(f"threshold={threshold}: give a location quotient above 0; 1 is the usual one")
    return float(threshold)
