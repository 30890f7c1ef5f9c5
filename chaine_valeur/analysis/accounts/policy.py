"""Protection and domestic resource cost (F4), where reference prices are given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import UnknownNameError
from ...vocabulary import CostKind
from ..measure import NAN
from ._book import book_of
from ._tonnes import strict_sums
from ._trades import priced, trades_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Values = NDArray[np.float64]

__all__ = ["POLICY_COLUMNS", "policy_ratios"]

#: Columns of `policy_ratios`.
POLICY_COLUMNS = [
    "revenue",
    "tradable_inputs",
    "reference_revenue",
    "reference_inputs",
    "reference_factors",
    "npc",
    "epc",
    "drc",
]
#: What domestic factors are paid: labour, land, capital.
_FACTORS = (CostKind.WAGES, CostKind.RENT, CostKind.INTEREST, CostKind.DEPRECIATION)


def policy_ratios(
    f: Filiere, *, reference_prices: Mapping[str, float], factor_ratio: float = 1.0
) -> pd.DataFrame:
    """Return the protection and the domestic resource cost of each actor (F4), against reference prices.

    Nominal protection ``NPC = A / E``, effective protection ``EPC = (A − B) / (E − F)``, domestic resource cost
    ``DRC = G / (E − F)``: A revenue and B tradable inputs at the prices paid, E and F the same at reference
    prices, G domestic factors (wages, rent, interest, depreciation) at their reference cost. Sales and purchases
    of ``costs`` have no tonnes: they stand at what is paid on both sides.

    Parameters
    ----------
    reference_prices
        Material (identifier) → €/t that it would cost without the policy: a border or a virgin price.
    factor_ratio
        Reference cost of domestic factors over what they are paid; 1: they are paid their worth.

    Returns
    -------
    pandas.DataFrame
        On ``actor_id``, in table order: A, B, E, F, G in €/year (`revenue`, `tradable_inputs`,
        `reference_revenue`, `reference_inputs`, `reference_factors`), then `npc`, `epc`, `drc`. An NPC or EPC
        above 1: protected; a DRC below 1: what it earns is worth more than the domestic factors that it uses.
        NaN without an account, where a price, a reference price, tonnes or a cost is unknown, or over zero.

    Raises
    ------
    UnknownNameError
        A material that the filière does not have.

    Notes
    -----
    Policy analysis matrix (Monke and Pearson 1989; FAO EASYPol 129, (unverified)).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     materials={"name": ["Grume", "Planche"]},
    ...     actors={"name": ["Scierie"]},
    ...     flows={"source": [None, "Scierie"], "target": ["Scierie", None], "material_id": ["Grume", "Planche"],
    ...            "quantity_t_per_year": [10, 5], "amount_eur_per_year": [400, 1500]},
    ...     costs={"actor_id": ["Scierie"], "kind": ["purchases"], "amount_eur_per_year": [100]},
    ... )  # fmt: skip
    >>> found = policy_ratios(f, reference_prices={"grume": 50, "planche": 250})
    >>> found.loc["scierie", ["npc", "epc"]].round(4).tolist()
    [1.2, 1.5385]
    """
    unknown = [name for name in reference_prices if name not in f.materials.index]
    if unknown:
        raise UnknownNameError.of(f"no material {unknown[0]!r}", unknown[0], f.materials.index)
    book, size = book_of(f), f.network.n_actors
    revenue, inputs = book.items["output"], book.items["intermediate_consumption"]
    prices = pd.Series(dict(reference_prices), dtype="float64")
    sold, bought = _at_reference(f, prices)
    paid_sold, paid_bought = _at_paid(f)
    reference_revenue = revenue - paid_sold + sold
    reference_inputs = inputs - paid_bought + bought
    factors = sum((book.items[kind.value] for kind in _FACTORS), np.zeros(size)) * factor_ratio
    earned = reference_revenue - reference_inputs
    frame = {
        "revenue": revenue,
        "tradable_inputs": inputs,
        "reference_revenue": reference_revenue,
        "reference_inputs": reference_inputs,
        "reference_factors": factors,
        "npc": _ratio(revenue, reference_revenue),
        "epc": _ratio(revenue - inputs, earned),
        "drc": _ratio(factors, earned),
    }
    return pd.DataFrame(frame, index=f.network.actor_ids, columns=POLICY_COLUMNS)


def _at_paid(f: Filiere) -> tuple[Values, Values]:
    """Return what the flows bring and cost each actor."""
    trades, size = trades_of(f), f.network.n_actors
    use = ~trades.inside
    return (
        strict_sums(trades.seller[use], trades.value[use], size),
        strict_sums(trades.buyer[use], trades.value[use], size),
    )


def _at_reference(f: Filiere, prices: pd.Series) -> tuple[Values, Values]:
    """Return the same at reference prices, the source paying where the price is negative."""
    net, trades, size = f.network, trades_of(f), f.network.n_actors
    amount = priced(f, prices)
    amount = np.where(np.isnan(amount) & (net.flow_t == 0), 0.0, amount)
    # without a reference price, who sells is who sells at the price paid
    forward = np.where(np.isnan(amount), trades.seller_at_source, ~(amount < 0))
    seller = np.where(forward, net.flow_source, net.flow_target)
    buyer = np.where(forward, net.flow_target, net.flow_source)
    use = ~trades.inside
    return (
        strict_sums(seller[use], np.abs(amount)[use], size),
        strict_sums(buyer[use], np.abs(amount)[use], size),
    )


def _ratio(top: Values, bottom: Values) -> Values:
    found = np.full(len(top), NAN)
    np.divide(top, bottom, out=found, where=~np.isnan(bottom) & (bottom != 0))
    return found
