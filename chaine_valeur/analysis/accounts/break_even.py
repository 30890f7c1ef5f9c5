"""The tonnage from which an activity covers its fixed costs (F5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...vocabulary import CostKind
from ..measure import NAN
from ._book import book_of
from ._costs import costs_of, undivided_costs
from ._tonnes import strict_sums, tonnes_of
from ._trades import trades_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Thresholds", "break_even", "thresholds_of"]


@dataclass(frozen=True)
class Thresholds:
    """Along the activities that count: fixed costs left to cover (€/year), margin (€/t), both tonnages."""

    fixed: Values
    margin: Values
    entering: Values
    threshold: Values

    @property
    def asked(self) -> Mask:
        """Activities of which fixed costs are known."""
        return ~np.isnan(self.fixed)


def break_even(f: Filiere) -> pd.Series:
    """Return the break-even tonnage of each activity (F5): the t/year at which margins equal fixed costs.

    ``t* = (fixed costs − yearly subsidies and other sales) / margin per tonne``, with ``margin per tonne =
    (sales − purchases) / t − variable cost + subsidies and other sales per tonne``. Sales, purchases and *t*
    (tonnes entering) are those of the flows at the stage, at this year's prices and mix. Subsidies and other
    sales are the rows of ``costs`` of that activity.

    Returns
    -------
    pandas.Series
        t/year on ``activity_id`` (the activities that count, in table order), 0 or more: 0 where subsidies alone
        cover the fixed costs; infinite where the margin per tonne is zero or negative (never at these prices).
        NaN without an account (`operating_account`); where fixed or variable costs, a price, or the tonnes are
        unknown, or no tonne enters; where the actor passes material on to itself at no stated price; where its
        subsidies are not said to be of which of its activities; for an SIAE, where no subsidy is stated.

    References
    ----------
    Fixed costs over unit margin: textbooks of management accounting (unverified); what counts as one and as the other
    is a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["Trieuse"]},
    ...     activities={"actor_id": ["Trieuse"], "stage_id": ["Tri"], "fixed_cost_eur_per_year": [8000],
    ...                 "variable_cost_eur_per_t": [50]},
    ...     flows={"source": [None, "Trieuse"], "target": ["Trieuse", None],
    ...            "quantity_t_per_year": [100, 90], "amount_eur_per_year": [0, 15_000]},
    ... )  # fmt: skip
    >>> break_even(f).tolist()
    [80.0]
    """
    ids = pd.Index(tonnes_of(f).activities.ids, dtype="str", name="activity_id")
    return pd.Series(thresholds_of(f).threshold, index=ids, name="break_even")


def thresholds_of(f: Filiere) -> Thresholds:
    """Return the break-even of each activity with its terms, computed once."""
    return f.derived("accounts.thresholds", _thresholds)


def _thresholds(f: Filiere) -> Thresholds:
    tonnes, costs, trades = tonnes_of(f), costs_of(f), trades_of(f)
    rows = tonnes.activities
    size = len(rows.actor)
    moves = tonnes.source != tonnes.target
    seller = np.where(trades.seller_at_source, tonnes.source, tonnes.target)[moves]
    buyer = np.where(trades.seller_at_source, tonnes.target, tonnes.source)[moves]
    value = trades.value[moves]
    sold = np.bincount(seller[seller >= 0], minlength=size) > 0
    sales = np.where(sold, strict_sums(seller, value, size), np.nan)
    fixed_cost, variable, _ = undivided_costs(f)
    fixed_cost = np.where(book_of(f).has_account[rows.actor], fixed_cost, np.nan)
    yearly, per_t, unplaced = _incomes(f)
    entering = tonnes.activity
    margin = np.full(size, NAN)
    moving = entering > 0
    np.divide(sales - strict_sums(buyer, value, size), entering, out=margin, where=moving)
    aided = f.network.siae & ~costs.stated(CostKind.SUBSIDY, f.network.n_actors)
    vague = tonnes.unpriced | (tonnes.vague | unplaced | aided)[rows.actor]
    margin = np.where(vague, np.nan, margin - variable + per_t)
    fixed = np.where(np.isnan(fixed_cost), np.nan, fixed_cost - yearly)
    return Thresholds(fixed_cost, margin, entering, _threshold(fixed, margin))


def _threshold(fixed: Values, margin: Values) -> Values:
    known = ~np.isnan(fixed) & ~np.isnan(margin)
    found = np.full(len(fixed), NAN)
    found[known] = np.inf  # a margin that is zero or negative never covers anything
    np.divide(fixed, margin, out=found, where=known & (margin > 0))
    found[known & (fixed <= 0)] = 0.0
    return found


def _incomes(f: Filiere) -> tuple[Values, Values, Mask]:
    """Return subsidies and other sales of each activity (€/year, €/t), and whose nobody can place."""
    costs, size = costs_of(f), len(tonnes_of(f).activities.actor)
    income = costs.of(CostKind.SALES) | costs.of(CostKind.SUBSIDY)
    by_tonne = income & ~np.isnan(costs.per_t)
    by_year = income & ~by_tonne
    unplaced = np.zeros(f.network.n_actors, dtype=bool)
    unplaced[costs.actor[income & (costs.activity < 0)]] = True
    yearly = strict_sums(costs.activity[by_year], costs.amount[by_year], size)
    per_t = strict_sums(costs.activity[by_tonne], costs.per_t[by_tonne], size)
    return yearly, per_t, unplaced
