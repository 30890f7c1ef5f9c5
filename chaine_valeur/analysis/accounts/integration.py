"""How much of the value of the production stays in the territory (E7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...vocabulary import CostKind
from ..measure import NAN, ratio
from ._book import book_of
from ._costs import costs_of
from ._trades import trades_of
from .metrics import bought_from_others, checked_ratio, sold_to_others

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]

__all__ = ["Integration", "integration_terms", "territorial_integration"]


@dataclass(frozen=True)
class Integration:
    """The terms of the integration, in €/year, over the accounts that are known.

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

    production: float = NAN
    direct: float = NAN
    unplaced: float = 0.0
    local: float = 0.0
    unshared: float = 0.0
    n_unknown: int = 0


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


def integration_terms(f: Filiere) -> Integration:
    """Return the terms of the integration."""
    book, net = book_of(f), f.network
    known = book.known("value_added")
    if not known.any():
        return Integration()
    values = book.items["value_added"]
    somewhere = known & (net.local < 0)
    others = float(bought_from_others(f, known)[known].sum())
    local, far = _bought(f, known)
    unshared = max(others - local - far, 0.0)
    no_share = costs_of(f).of(CostKind.PURCHASES) & known[costs_of(f).actor]
    n_rows = int((no_share & np.isnan(costs_of(f).local_share)).sum())
    return Integration(
        production=float(sold_to_others(f, known)[known].sum()),
        direct=float(values[known & (net.local == 1)].sum()),
        unplaced=float(values[somewhere].sum()),
        local=local,
        unshared=unshared if unshared > 1e-9 * max(others, 1.0) else 0.0,
        n_unknown=int(somewhere.sum()) + n_rows,
    )


def _bought(f: Filiere, known: Mask) -> tuple[float, float]:
    """Return what known accounts buy, from others, that is known to be local and known not to be."""
    net, costs, trades = f.network, costs_of(f), trades_of(f)
    buys = costs.of(CostKind.PURCHASES) & known[costs.actor] & ~np.isnan(costs.local_share)
    amount, share = costs.amount[buys], costs.local_share[buys]
    from_others = np.append(known, False)[trades.buyer] & ~np.append(known, False)[trades.seller]
    from_others &= ~trades.inside
    # a blank end is not local; the last entry stands for it
    place = np.append(net.local, 0)[trades.seller]
    here, away = from_others & (place == 1), from_others & (place == 0)
    total = [float(np.nansum(trades.value[use])) for use in (here, away)]
    return total[0] + float((amount * share).sum()), total[1] + float((amount * (1 - share)).sum())
