"""What is declared of each flow as arrays, all its declarations combined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....columns import Rows, columns
from ....quantities import tonnes_of_rows
from ....vocabulary import ShareBase
from ...uncertainty import relative_uncertainties
from .sums import summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....filiere import Filiere

    Values = NDArray[np.float64]
    Places = NDArray[np.int64]

__all__ = ["Declared", "declared_of"]


@dataclass(frozen=True)
class Declared:
    """What is declared of each flow that counts, along the ``flow_*`` arrays of the network.

    Attributes
    ----------
    t, sigma
        Combined quantity and its standard uncertainty, t/year; NaN where no declaration has a tonnage.
        A `sigma` of 0 is an exact figure.
    low, high, capacity
        Tightest of what the declarations say, NaN where none does. `low` may exceed `high` where two
        declarations contradict each other.
    n
        Number of declarations, with or without a tonnage.
    chi2, dof
        ``Σ ((x_i − x̄) / σ_i)²`` over the declarations with a tonnage, and their number less one.
    lowest, highest
        Position in ``f.flows`` of the declarations of the lowest and of the highest tonnage, −1 without one.
    spread
        ``(highest − lowest) / √(σ_highest² + σ_lowest²)``, NaN where there are not two tonnages.
    share, share_sigma
        Share that a declaration gives, and its standard uncertainty; NaN without one.
    share_of
        What it is a share of (`ShareBase`).
    """

    t: Values
    sigma: Values
    low: Values
    high: Values
    capacity: Values
    n: Places
    chi2: Values
    dof: Places
    lowest: Places
    highest: Places
    spread: Values
    share: Values
    share_sigma: Values
    share_of: NDArray[np.object_]


def declared_of(f: Filiere, *, changed: Mapping[str, float] | None = None) -> Declared:
    """Return what is declared of each flow as arrays, made once per table of uncertainties."""
    key = ("declared_flows", tuple(sorted((changed or {}).items())))
    return f.derived(key, lambda f: _declared(f, changed))


def _declared(f: Filiere, changed: Mapping[str, float] | None) -> Declared:
    net, size = f.network, len(f.network.flow_row)
    row, flow = net.declared_row, net.declared_flow
    rows, tonnes = Rows(columns(f, "flows"), row), tonnes_of_rows(f, "flows")[row]
    relative = {
        name: relative_uncertainties(f, "flows", name, changed=changed)[row]
        for name in ("quantity_t_per_year", "share")
    }
    known = np.flatnonzero(~np.isnan(tonnes))
    x = tonnes[known]
    at, spoken = flow[known], row[known]
    largest = np.zeros(size)
    np.maximum.at(largest, at, x)
    sigma = relative["quantity_t_per_year"][known] * np.where(x > 0, x, largest[at])
    t, combined, chi2, dof = _combined(x, sigma, at, size)
    lowest, highest, spread = _spread(x, sigma, at, spoken, size)
    share, share_sigma, share_of = _shares(rows, relative["share"], row == net.flow_row[flow], flow, size)
    low, high, capacity = (np.full(size, np.nan) for _ in range(3))
    np.fmax.at(low, flow, rows.number("min_t_per_year"))
    np.fmin.at(high, flow, rows.number("max_t_per_year"))
    np.fmin.at(capacity, flow, rows.number("capacity_t_per_year"))
    n = np.bincount(flow, minlength=size)
    return Declared(
        t, combined, low, high, capacity, n, chi2, dof, lowest, highest, spread, share, share_sigma, share_of
    )


def _combined(x: Values, sigma: Values, at: Places, size: int) -> tuple[Values, Values, Values, Places]:
    """Return weighted means, their uncertainty, chi² and degrees of freedom."""
    exact = sigma == 0
    decided = np.bincount(at[exact], minlength=size) > 0
    least = np.full(size, np.inf)
    np.minimum.at(least, at[~exact], sigma[~exact])
    # relative to the smallest uncertainty, so that no square overflows
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(exact, 1.0, np.where(decided[at], 0.0, (least[at] / sigma) ** 2))
    total = summed(at, weight, size)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = summed(at, weight * x, size) / total
        combined = np.where(decided, 0.0, least / np.sqrt(total))
    count = np.bincount(at, minlength=size)
    mean[count == 0] = combined[count == 0] = np.nan
    away = np.abs(x - mean[at])
    away[away <= 1e-12 * x] = 0.0  # a mean of equal figures, rounded
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        part = np.where(away == 0, 0.0, (away / sigma) ** 2)
    chi2 = summed(at, part, size)
    chi2[count == 0] = np.nan
    return mean, combined, chi2, np.maximum(count - 1, 0)


def _spread(x: Values, sigma: Values, at: Places, spoken: Places, size: int) -> tuple[Places, Places, Values]:
    """Return which declarations say least and most of each flow, and their distance in uncertainties."""
    lowest, highest, spread = np.full(size, -1), np.full(size, -1), np.full(size, np.nan)
    lowest[at] = highest[at] = spoken
    several = np.flatnonzero((np.bincount(at, minlength=size) > 1)[at])
    if not len(several):
        return lowest, highest, spread
    order = several[np.lexsort((x[several], at[several]))]
    sorted_at = at[order]
    starts = np.flatnonzero(np.append(True, sorted_at[1:] != sorted_at[:-1]))
    ends = np.append(starts[1:], len(order)) - 1
    first, last = order[starts], order[ends]
    flows = sorted_at[starts]
    lowest[flows], highest[flows] = spoken[first], spoken[last]
    gap, both = x[last] - x[first], np.hypot(sigma[first], sigma[last])
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(gap == 0, 0.0, gap / both)
    spread[flows] = z
    return lowest, highest, spread


def _shares(
    rows: Rows, relative: Values, kept: NDArray[np.bool_], flow: Places, size: int
) -> tuple[Values, Values, NDArray[np.object_]]:
    """Return the share of each flow: of the declaration that counts, else of the first that gives one."""
    values = rows.number("share")
    given = np.flatnonzero(~np.isnan(values))
    order = given[np.lexsort((given, ~kept[given], flow[given]))][::-1]  # backwards: the first one wins
    share, sigma = np.full(size, np.nan), np.full(size, np.nan)
    of = np.full(size, None, dtype=object)
    share[flow[order]] = values[order]
    sigma[flow[order]] = values[order] * relative[order]
    of[flow[order]] = [base or ShareBase.SENT.value for base in rows.text("share_of")[order].tolist()]
    return share, sigma, of
