"""Findings about accounts: activities to consolidate, costs that are stated twice and differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from ...language import tr
from ...provenance import hypothesis_share
from ..activities import identifiers
from ..costs import money_year
from ..findings import Finding
from ..wording import euros
from ..wording import tonnes as in_tonnes
from ._book import book_of
from ._costs import CHARGES, costs_of, undivided_costs
from ._tonnes import strict_sums, tonnes_of
from ._trace import money_rows, money_softness
from ._wording import stage_name
from .break_even import thresholds_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]

__all__ = ["CHECKS", "DIFFERENCE", "costs_disagree", "differing_costs", "under_break_even"]

#: Share by which two statements of the same costs may differ before it is told.
DIFFERENCE = 0.1


def under_break_even(f: Filiere, *, lang: str = "fr") -> Iterator[Finding]:
    """Yield the activities that receive less than the tonnage from which they cover their fixed costs (F5).

    At stake: the tonnes that they lack (NaN where no tonnage would do at these prices), and their insertion
    FTE.
    """
    terms, tonnes, net = thresholds_of(f), tonnes_of(f), f.network
    rows = tonnes.activities
    insertion = rows.values("insertion_fte")
    under = terms.entering < terms.threshold  # NaN compares as no
    for place in np.flatnonzero(under):  # a loop over the activities found, few
        threshold, entering = float(terms.threshold[place]), float(terms.entering[place])
        stage, actor = int(rows.stage[place]), int(rows.actor[place])
        fields = {"stage": stage_name(f, stage, lang), "amount": in_tonnes(entering, lang)}
        if np.isinf(threshold):
            message = tr(
                "Stage {stage}: an activity to be consolidated; at {amount}, and at these prices, a tonne "
                "more does not yet help to cover its fixed costs.",
                lang,
                **fields,
            )
        else:
            message = tr(
                "Stage {stage}: an activity to be consolidated, {amount} for a threshold of {threshold}.",
                lang,
                threshold=in_tonnes(threshold, lang),
                **fields,
            )
        alone = np.arange(net.n_actors) == actor
        yield Finding(
            kind="under_break_even",
            severity="medium",
            message=message,
            stage_id=net.stage_ids[stage],
            actor_id=net.actor_ids[actor],
            year=money_year(f),
            quantity=threshold - entering if np.isfinite(threshold) else np.nan,
            unit="t/year",
            jobs_at_stake_fte=float(insertion[place]),
            n_unknown=int(np.isnan(insertion[place])),
            hypothesis_share=money_softness(f, alone),
            rows={**money_rows(f, alone), "activities": identifiers(rows.ids[[place]])},
        )


def costs_disagree(f: Filiere, *, lang: str = "fr", difference: float = DIFFERENCE) -> Iterator[Finding]:
    """Yield the activities whose costs are stated twice, item by item and as fixed and variable, and differ.

    Compared where the six cost items of the activity are known, or where those that are known already exceed
    the other statement. Told from `difference` on, as a share of the fixed and variable costs.
    """
    rows, net, costs = tonnes_of(f).activities, f.network, costs_of(f)
    differs, detailed, lump = differing_costs(f, difference=difference)
    for place in np.flatnonzero(differs):  # a loop over the activities found, few
        items = costs.rows.ids[(costs.activity == place) & _charges(f)]
        stated = {"costs": identifiers(items), "activities": identifiers(rows.ids[[place]])}
        message = tr(
            "Stage {stage}: the costs given item by item come to {detailed}, fixed and variable costs to "
            "{lump}. The same costs stated twice are not added: to be brought together.",
            lang,
            stage=stage_name(f, int(rows.stage[place]), lang),
            detailed=euros(float(detailed[place]), lang),
            lump=euros(float(lump[place]), lang),
        )
        yield Finding(
            kind="figures_disagree",
            severity="low",
            message=message,
            stage_id=net.stage_ids[rows.stage[place]],
            actor_id=net.actor_ids[rows.actor[place]],
            year=money_year(f),
            quantity=abs(float(detailed[place] - lump[place])),
            unit="EUR/year",
            hypothesis_share=hypothesis_share(f, stated),
            rows=stated,
        )


def differing_costs(
    f: Filiere, *, difference: float = DIFFERENCE
) -> tuple[Mask, NDArray[np.float64], NDArray[np.float64]]:
    """Return which activities have costs stated twice that differ, and both statements in €/year."""
    costs, size = costs_of(f), len(tonnes_of(f).activities.actor)
    use = _charges(f) & (costs.activity >= 0) & ~np.isnan(costs.amount)
    detailed = strict_sums(costs.activity[use], costs.amount[use], size)
    complete = np.ones(size, dtype=bool)
    for kind in CHARGES:  # a loop over items
        complete &= np.bincount(costs.activity[use & costs.of(kind)], minlength=size) > 0
    lump = undivided_costs(f)[2]
    over = detailed - lump > difference * lump
    under = complete & (lump - detailed > difference * lump)
    kept = book_of(f).has_account[tonnes_of(f).activities.actor]
    return (over | under) & kept, detailed, lump


def _charges(f: Filiere) -> Mask:
    costs = costs_of(f)
    return np.any([costs.of(kind) for kind in CHARGES], axis=0)


#: ``(f, *, lang) -> findings``; thresholds have defaults.
CHECKS: tuple[Callable[..., Iterable[Finding]], ...] = (under_break_even, costs_disagree)
