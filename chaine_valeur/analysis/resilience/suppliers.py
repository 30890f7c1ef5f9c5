"""How far the supply of an actor rests on few suppliers (C1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import UnknownNameError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Places = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = [
    "SUPPLIER_COLUMNS",
    "Shares",
    "shares_of_suppliers",
    "supplier_concentration",
    "supplier_table",
    "suppliers_of",
]

SUPPLIER_COLUMNS = ["n_suppliers", "known_t_per_year", "concentration", "low", "high", "n_unknown"]


def supplier_concentration(f: Filiere, *, material: str | None = None) -> pd.Series:
    """Return how far the supply of each actor rests on few suppliers (C1).

    ``Σ_u s_u²`` (Herfindahl), *s_u* the share of supplier *u* in the known tonnes that the actor receives
    from others, all flows from one supplier together. The outside without a name is one supplier; what an
    actor passes on to itself is no supply.

    Parameters
    ----------
    material
        Identifier of the material of which the supply is asked about; by default all together, by weight.

    Returns
    -------
    pandas.Series
        In [1/n, 1] on ``actor_id``, in table order; 1: a single supplier. NaN if no tonnes received are
        known. Bounds are in `supplier_table`.

    Raises
    ------
    UnknownNameError
        A material that does not exist.

    References
    ----------
    Herfindahl's index, the sum of squared shares (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B", "C"]},
    ...     flows={"source": ["A", "B"], "target": ["C", "C"], "quantity_t_per_year": [30.0, 10.0]},
    ... )
    >>> supplier_concentration(f).tolist()
    [nan, nan, 0.625]
    """
    return supplier_table(f, material=material)["concentration"].rename("supplier_concentration")


def supplier_table(f: Filiere, *, material: str | None = None) -> pd.DataFrame:
    """Return the suppliers of each actor: how many, how concentrated (C1), and what is not known of it.

    Parameters
    ----------
    material
        As for `supplier_concentration`.

    Returns
    -------
    pandas.DataFrame
        On ``actor_id``, in table order: ``n_suppliers`` (named ones, and the outside as one),
        ``known_t_per_year``, ``concentration`` (`supplier_concentration`), its bounds ``low`` and ``high``,
        ``n_unknown`` (flows received of unknown quantity). The bounds hold whatever the unknown quantities
        are, and whoever stands behind the outside: *low* is ``1 / (1/K + m)`` with *K* the sum of squared
        shares of the named suppliers and *m* the suppliers of unknown quantity, *high* is 1 where one of
        these could be nearly all. Concentration and bounds are in [0, 1]; NaN without a supplier.

    Raises
    ------
    UnknownNameError
        A material that does not exist.

    Notes
    -----
    The bounds are a convention of this library, derived from the definition.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B"]},
    ...     flows={"source": ["A", None], "target": ["B", "B"], "quantity_t_per_year": [30.0, None]},
    ... )
    >>> supplier_table(f).loc["b"].tolist()
    [2.0, 30.0, 1.0, 0.0, 1.0, 1.0]
    """
    shares = suppliers_of(f, material=material)
    columns = (shares.n_suppliers, shares.known_t, shares.value, shares.low, shares.high, shares.n_unknown)
    return pd.DataFrame(dict(zip(SUPPLIER_COLUMNS, columns, strict=True)), index=f.network.actor_ids)


def suppliers_of(f: Filiere, *, material: str | None = None) -> Shares:
    """Return the suppliers of each actor, along the actors: see `supplier_table`."""
    net = f.network
    use = (net.flow_target >= 0) & (net.flow_source != net.flow_target)
    if material is not None:
        if material not in net.material_ids:
            raise UnknownNameError.of(f"no material {material!r}", material, net.material_ids)
        use &= net.flow_material == net.material_ids.get_loc(material)
    return shares_of_suppliers(
        net.flow_source[use].astype(np.int64),
        net.flow_target[use],
        net.flow_t[use],
        net.n_actors,
        net.n_actors,
    )


@dataclass(frozen=True)
class Shares:
    """Suppliers of each receiver: number, known tonnes, concentration and bounds, the largest one.

    ``largest`` is the named supplier of most known tonnes (−1: none), ``largest_t`` what it brings;
    ``named`` is the concentration if the outside stood for any number of suppliers.
    """

    n_suppliers: NDArray[np.int64]
    known_t: Values
    value: Values
    named: Values
    low: Values
    high: Values
    n_unknown: NDArray[np.int64]
    largest: Places
    largest_t: Values


def shares_of_suppliers(
    supplier: Places, receiver: NDArray[np.integer], t: Values, n_suppliers: int, n_receivers: int
) -> Shares:
    """Return the concentration of the suppliers of each receiver; a supplier of −1 is the outside."""
    n_unknown = np.bincount(receiver[np.isnan(t)], minlength=n_receivers)
    anything = np.bincount(receiver[~np.isnan(t)], minlength=n_receivers) > 0
    kept = ~(t == 0)  # whoever is known to bring nothing is no supplier
    supplier, receiver, t = supplier[kept], receiver[kept], t[kept]
    width = n_suppliers + 1
    pairs, at = np.unique(receiver.astype(np.int64) * width + supplier + 1, return_inverse=True)
    who, where = pairs % width - 1, pairs // width
    known = ~np.isnan(t)
    brought = np.bincount(at[known], weights=t[known], minlength=len(pairs))
    open_ = np.bincount(at[~known], minlength=len(pairs)) > 0
    has_known = np.bincount(at[known], minlength=len(pairs)) > 0

    def per_receiver(values: NDArray[np.generic]) -> Values:
        return np.bincount(where, weights=values, minlength=n_receivers).astype(np.float64)

    total, named = per_receiver(brought), who >= 0
    # squares of shares, not of tonnes: the squares of very small or large tonnes would be lost
    share = np.divide(brought, total[where], out=np.zeros(len(pairs)), where=total[where] > 0)
    squares, of_named = per_receiver(share**2), per_receiver(np.where(named, share, 0) ** 2)
    count, n_open = per_receiver(np.ones(len(pairs))), per_receiver(open_ & named)
    any_open, any_outside = per_receiver(open_) > 0, per_receiver(~named) > 0
    sure = (count == 1) & ~any_outside
    value = np.where(total > 0, squares, np.nan)
    with np.errstate(divide="ignore"):
        low = 1 / (1 / of_named + n_open)
    # without a known quantity, shares between the suppliers are anything
    low = np.where(total > 0, low, np.where(n_open > 0, 1 / np.maximum(n_open, 1), 0.0))
    # any number may stand behind an outside of which the quantity is unknown
    low = np.where(per_receiver(open_ & ~named) > 0, 0.0, low)
    low = np.where(sure, 1.0, low)
    high = np.where(any_open | sure, 1.0, squares)
    no_supplier = (count == 0) | ((total == 0) & ~any_open)
    order = np.lexsort((who, -brought, where))
    order = order[named[order] & has_known[order]]
    largest, largest_t = np.full(n_receivers, -1), np.full(n_receivers, np.nan)
    # written backwards: the first of a receiver, its largest, wins
    largest[where[order][::-1]] = who[order][::-1]
    largest_t[where[order][::-1]] = brought[order][::-1]
    return Shares(
        n_suppliers=count.astype(np.int64),
        known_t=np.where(anything, total, np.nan),
        value=value,
        named=np.where(total > 0, of_named, np.nan),
        low=np.where(no_supplier, np.nan, low),
        high=np.where(no_supplier, np.nan, high),
        n_unknown=n_unknown,
        largest=largest,
        largest_t=largest_t,
    )
