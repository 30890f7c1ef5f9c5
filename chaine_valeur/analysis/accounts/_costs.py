"""The rows of costs that count, and the fixed and variable costs of the activities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...vocabulary import CostKind
from ..costs import current_costs, money_years
from ..together import holds_in
from ._tonnes import activity_at, strict_sums, tonnes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...columns import Rows
    from ...filiere import Filiere

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Places = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["CHARGES", "Costs", "costs_of", "undivided_costs"]

_KINDS = tuple(CostKind)
#: Items that are costs, in the order of the account.
CHARGES = tuple(kind for kind in _KINDS if not kind.is_income)


@dataclass(frozen=True)
class Costs:
    """Rows of ``f.costs`` that count: of active actors, of the year of the accounts, each item once.

    Attributes
    ----------
    rows
        The rows.
    actor
        Their actors, as positions.
    activity
        The activity that a row is about, as a position among those that count: of its stage, or the only one
        of its actor; −1 the actor as a whole.
    kind
        Position of the item in `CostKind`.
    amount
        €/year, an amount per tonne being multiplied by the tonnes that enter; NaN unknown.
    per_t
        €/t of the rows that are given per tonne, NaN for the others.
    local_share
        Share paid in the territory, NaN unknown.
    """

    rows: Rows
    actor: Codes
    activity: Places
    kind: Codes
    amount: Values
    per_t: Values
    local_share: Values

    def of(self, kind: CostKind) -> Mask:
        """Return which rows are of one item."""
        return self.kind == _KINDS.index(kind)

    def stated(self, kind: CostKind, n_actors: int) -> Mask:
        """Return the actors of which an item is stated, be its amount known or not."""
        return np.bincount(self.actor[self.of(kind)], minlength=n_actors) > 0

    def per_actor(self, kind: CostKind, n_actors: int) -> Values:
        """Return an item per actor: 0 where no row states it, NaN where an amount is unknown."""
        return strict_sums(self.actor[self.of(kind)], self.amount[self.of(kind)], n_actors)


def costs_of(f: Filiere) -> Costs:
    """Return the rows of costs that count, read once."""
    return f.derived("accounts.costs", _costs)


def _costs(f: Filiere) -> Costs:
    tonnes = tonnes_of(f)
    rows = current_costs(f)
    actor, stage = (f.codes("costs", name)[rows.at] for name in ("actor_id", "stage_id"))
    whole = ~rows.known("stage_id")
    activity = np.where(whole, tonnes.only_activity()[actor], activity_at(f, tonnes.activities, actor, stage))
    entering = np.where(activity >= 0, np.append(tonnes.activity, np.nan)[activity], np.nan)
    entering = np.where(whole & (activity < 0), tonnes.actor[actor], entering)
    given = rows.number("amount_eur_per_year")
    # an amount for the year and one per tonne are two statements of one thing: that of the year wins
    per_t = np.where(np.isnan(given), rows.number("amount_eur_per_t"), np.nan)
    return Costs(
        rows=rows,
        actor=actor,
        activity=activity,
        kind=rows.ranks("kind", [kind.value for kind in _KINDS]),
        amount=np.where(np.isnan(given), per_t * entering, given),
        per_t=per_t,
        local_share=rows.number("local_share"),
    )


def undivided_costs(f: Filiere) -> tuple[Values, Values, Values]:
    """Return fixed costs (€/year), variable costs (€/t entering) and their total (€/year) per activity.

    NaN where unknown, or stated for another year than that of the accounts. No tonne enters: the total is
    the fixed costs, whatever the variable ones.
    """
    return f.derived("accounts.undivided", _undivided)


def _undivided(f: Filiere) -> tuple[Values, Values, Values]:
    tonnes, rows = tonnes_of(f), tonnes_of(f).activities
    other = ~holds_in(rows.values("year"), money_years(f)[f.network.actor_filiere[rows.actor]])
    fixed = np.where(other, np.nan, rows.values("fixed_cost_eur_per_year"))
    variable = np.where(other, np.nan, rows.values("variable_cost_eur_per_t"))
    moving = np.where(tonnes.activity == 0, 0.0, variable * tonnes.activity)
    return fixed, variable, fixed + moving
