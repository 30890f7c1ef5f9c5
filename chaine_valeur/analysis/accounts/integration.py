"""How much of the value of the production stays in the territory (E7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from ...vocabulary import CostKind
from ..many import sums_of
from ..measure import NAN, ratio
from ._book import book_of
from ._costs import costs_of
from ._trades import trades_of
from .metrics import bought_from_others, checked_ratio, sold_to_others

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

V = TypeVar("V")

__all__ = ["Integration", "integration_along", "integration_terms", "territorial_integration"]


@dataclass(frozen=True)
class Integration(Generic[V]):
    """The terms of the integration, in €/year, over the accounts that are known: of one filière, or along many.

    Attributes
    ----------
    production
        What these accounts sell to all others.
    direct, unplaced
        Value added of local actors, and of those of which nobody knows whether they are local.
    local, unshared
        Purchases from others that are local, and those of which nobody knows.
    n_unknown
        Actors that could not be placed, and purchases of unknown local share.
    """

    production: V
    direct: V
    unplaced: V
    local: V
    unshared: V
    n_unknown: V


def territorial_integration(f: Filiere, *, indirect_ratio: float | None = None) -> float:
    """Return the territorial integration (E7): the share of the production that is value added here.

    ``(Σ_{a local} VA_a + ρ · local purchases) / production``. *Production* is what the known accounts sell to
    all others (a sale between two of them is not counted again), so that without losses the whole value added
    and the purchases from others make it up. Local purchases are those from local suppliers without a known
    account, and the local share of the purchases in ``costs``.

    Parameters
    ----------
    indirect_ratio
        ρ, the share of value added in a euro bought from local suppliers, in [0, 1]. By default nothing is taken
        for it: direct value added alone, which is a lower bound.

    Returns
    -------
    float
        In [0, 1] where nobody loses value. NaN without a known account or without production; where the place
        of an actor is unknown; with ρ, where the local share of a purchase is unknown (the bounds are in the
        indicator).

    Raises
    ------
    ArgumentError
        A ratio outside [0, 1].

    Notes
    -----
    After the rate of integration of the effects method, as in VCA4D ((unverified)), with the territory in place
    of the national economy.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     filiere={"name": ["Bois"], "territory_id": ["pays"]},
    ...     territories={"territory_id": ["pays"], "commune_code": ["76384"]},
    ...     actors={"name": ["Scierie"], "commune_code": ["76384"]},
    ...     flows={"source": [None, "Scierie"], "target": ["Scierie", None], "amount_eur_per_year": [40, 100]},
    ...     costs={"actor_id": ["Scierie"], "kind": ["purchases"], "amount_eur_per_year": [20],
    ...            "local_share": [0.5]},
    ... )  # fmt: skip
    >>> territorial_integration(f), territorial_integration(f, indirect_ratio=0.5)
    (0.4, 0.45)
    """
    rho, terms = checked_ratio(indirect_ratio), integration_terms(f)
    if terms.unplaced or (rho and terms.unshared):
        return NAN
    return ratio(terms.direct + rho * terms.local, terms.production)


def integration_terms(f: Filiere) -> Integration[float]:
    """Return the terms of the integration of a filière."""
    along = integration_along(f)
    return Integration(**{name: terms[0].item() for name, terms in vars(along).items()})


def integration_along(f: Filiere) -> Integration[Values]:
    """Return the terms of the integration along filières, one or many (`as_one`); NaN where no account is known."""
    book, net, costs = book_of(f), f.network, costs_of(f)
    known, n, of_actor = book.known("value_added"), f.network.n_filieres, f.network.actor_filiere
    values = book.items["value_added"]

    def total(amounts: Values, use: Mask) -> Values:
        return sums_of(of_actor[use], amounts[use], n)

    somewhere = known & (net.local < 0)
    others = total(bought_from_others(f, known), known)
    local, far = _bought(f, known)
    unshared = np.maximum(others - local - far, 0.0)
    unsaid = costs.of(CostKind.PURCHASES) & known[costs.actor] & np.isnan(costs.local_share)
    some = np.bincount(of_actor[known], minlength=n) > 0
    return Integration(
        production=np.where(some, total(sold_to_others(f, known), known), NAN),
        direct=np.where(some, total(values, known & (net.local == 1)), NAN),
        unplaced=total(values, somewhere),
        local=local,
        unshared=np.where(unshared > 1e-9 * np.maximum(others, 1.0), unshared, 0.0),
        n_unknown=np.bincount(of_actor[somewhere], minlength=n)
        + np.bincount(of_actor[costs.actor[unsaid]], minlength=n),
    )


def _bought(f: Filiere, known: Mask) -> tuple[Values, Values]:
    """Return what known accounts buy, from others, that is known to be local and known not to be, along filières."""
    net, costs, trades = f.network, costs_of(f), trades_of(f)
    buys = costs.of(CostKind.PURCHASES) & known[costs.actor] & ~np.isnan(costs.local_share)
    amount, share = costs.amount[buys], costs.local_share[buys]
    among = np.append(known, False)
    from_others = among[trades.buyer] & ~among[trades.seller] & ~trades.inside & ~np.isnan(trades.value)
    # a blank end is not local; the last entry stands for it
    place = np.append(net.local, 0)[trades.seller]
    found = []
    for where, part in ((1, share), (0, 1 - share)):
        use = from_others & (place == where)
        flows = sums_of(net.flow_filiere[use], trades.value[use], net.n_filieres)
        found.append(flows + sums_of(net.actor_filiere[costs.actor[buys]], amount * part, net.n_filieres))
    return found[0], found[1]
