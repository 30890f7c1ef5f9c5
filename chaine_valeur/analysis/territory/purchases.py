"""What local actors buy, and where from: local share and leakage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...columns import columns
from ...errors import UnknownNameError
from ...network.positions import first_of
from ..measure import NAN, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Values = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = [
    "SOURCING_COLUMNS",
    "Amounts",
    "Purchases",
    "amounts_of",
    "leakage",
    "local_share",
    "local_sourcing",
    "purchases_of",
    "whole_sourcing",
]

SOURCING_COLUMNS = [
    "local", "outside", "unplaced", "local_share", "low", "high", "n_purchases", "n_unknown",
]  # fmt: skip
WEIGHTS = ("eur", "t")


@dataclass(frozen=True)
class Amounts:
    """What the receiver of each flow that counts pays, in EUR/year, and the row that says it.

    Attributes
    ----------
    value
        EUR/year, negative where the source pays, NaN where no declaration of the flow states it.
    row
        Position in ``f.flows`` of that declaration; of the flow itself where there is none.
    """

    value: Values
    row: NDArray[np.int64]


def amounts_of(f: Filiere) -> Amounts:
    """Return the amount of each flow of one filière or many (`as_one`), of whichever declaration states it.

    The tonnage may come from the receiver and the amount from the supplier. The declaration that counts is
    believed first, then the others in row order.
    """
    return f.derived("territory.amounts", _amounts)


def _amounts(f: Filiere) -> Amounts:
    net = f.network
    every = columns(f, "flows").number("amount_eur_per_year")
    rows, flow = net.declared_row, net.declared_flow
    said = ~np.isnan(every[rows]) & np.isnan(every[net.flow_row])[flow]
    other = first_of(flow[said], rows[said], len(net.flow_row))  # declarations ascend
    row = np.where(other >= 0, other, net.flow_row)
    return Amounts(every[row], row)


@dataclass(frozen=True)
class Purchases:
    """The flows by which actors buy, as masks along the flows that count.

    Attributes
    ----------
    weight
        EUR/year or t/year of each; NaN where unknown.
    ours, perhaps
        Bought by a local actor; by one of whom nobody knows where it is.
    local, outside, unplaced
        Where it comes from: the territory, elsewhere, nobody knows.
    row
        Position in ``f.flows`` of the row that states the weight.
    """

    weight: Values
    ours: Mask
    perhaps: Mask
    local: Mask
    outside: Mask
    unplaced: Mask
    row: NDArray[np.int64]


def purchases_of(f: Filiere, *, weight: str = "eur") -> Purchases:
    """Return the purchases of a filière, weighed by amount (``eur``) or by tonnage (``t``).

    A purchase is a flow to an actor from another one, or from outside. Where the source pays (a negative
    amount), the receiver buys nothing: it sells a treatment.

    Raises
    ------
    UnknownNameError
        Another weight.
    """
    if weight not in WEIGHTS:
        raise UnknownNameError.of(f"weight={weight!r} is no way to weigh purchases", weight, WEIGHTS)
    return f.derived(("territory.purchases", weight), lambda f: _purchases(f, weight))


def _purchases(f: Filiere, weight: str) -> Purchases:
    net, amounts = f.network, amounts_of(f)
    source, target = net.flow_source, net.flow_target
    # a blank end (−1) looks at the entry that is appended: a blank source is elsewhere, by definition
    from_, to = np.append(net.local, 0)[source], np.append(net.local, 0)[target]
    bought = (target >= 0) & (source != target) & ~(amounts.value < 0)
    return Purchases(
        weight=amounts.value if weight == "eur" else net.flow_t,
        ours=bought & (to == 1),
        perhaps=bought & (to == -1),
        local=from_ == 1,
        outside=from_ == 0,
        unplaced=from_ == -1,
        row=amounts.row if weight == "eur" else net.flow_row,
    )


def local_share(f: Filiere, *, weight: str = "eur") -> float:
    """Return the local share of purchases (E5): what local actors buy in the territory, over all they buy.

    ``purchases in T / purchases``. What comes from a blank source (an import) or from an actor elsewhere is
    bought outside; flows where the source pays (negative amounts) and flows from an actor to itself are no
    purchases. Where the place of the supplier is unknown a purchase is in neither term: `local_sourcing`
    gives the bounds.

    Parameters
    ----------
    weight
        ``eur``: amounts paid; ``t``: tonnes received.

    Returns
    -------
    float
        In [0, 1]; NaN without a territory, or without a purchase of known weight from a known place.

    Raises
    ------
    UnknownNameError
        Another weight.

    Notes
    -----
    What counts as a purchase is a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     filiere={"name": ["Laine"], "territory_id": ["val"]},
    ...     territories={"territory_id": ["val"], "commune_code": ["76384"]},
    ...     actors={"name": ["Tri", "Filature"], "commune_code": "76384"},
    ...     flows={
    ...         "source": ["Tri", None],
    ...         "target": "Filature",
    ...         "quantity_t_per_year": [4, 1],
    ...         "amount_eur_per_year": [1000, 3000],
    ...     },
    ... )
    >>> local_share(f), local_share(f, weight="t")
    (0.25, 0.8)
    """
    return float(_shares(f, weight, None)["local_share"].iloc[0])


def leakage(f: Filiere, *, weight: str = "eur") -> float:
    """Return the leakage rate (A10): what local actors buy outside the territory, over all they buy.

    ``Λ = purchases outside T / purchases = 1 − local share``; see `local_share`, whose conventions hold.

    Parameters
    ----------
    weight
        ``eur``: amounts paid; ``t``: tonnes received.

    Returns
    -------
    float
        In [0, 1]; NaN where `local_share` is.

    Raises
    ------
    UnknownNameError
        Another weight.

    References
    ----------
    Leakage (fuite économique) as in LOCAL SHIFT of Utopies (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     filiere={"name": ["Laine"], "territory_id": ["val"]},
    ...     territories={"territory_id": ["val"], "commune_code": ["76384"]},
    ...     actors={"name": ["Filature"], "commune_code": "76384"},
    ...     flows={"source": [None], "target": ["Filature"], "amount_eur_per_year": [3000]},
    ... )
    >>> leakage(f)
    1.0
    """
    row = _shares(f, weight, None)
    return ratio(float(row["outside"].iloc[0]), float((row["local"] + row["outside"]).iloc[0]))


def local_sourcing(f: Filiere, *, by: str | None = None, weight: str = "eur") -> pd.DataFrame:
    """Return where purchases come from, with the local share (E5) and its bounds.

    ``local / (local + outside)``, the unplaced in neither term; ``low`` counts them outside, ``high`` here.

    Parameters
    ----------
    by
        ``actor`` (who buys), ``stage`` (where it arrives) or ``material``: a row each, in table order; by
        default one row for the filière.
    weight
        ``eur``: amounts paid; ``t``: tonnes received.

    Returns
    -------
    pandas.DataFrame
        On ``actor_id``, ``stage_id`` or ``material_id``, or one row ``filiere``: `local`, `outside`, `unplaced`
        (EUR/year or t/year bought by local actors, by the place of the supplier), `local_share` (0 to 1), its
        bounds `low` and `high` when suppliers of unknown place are all elsewhere or all here, and buyers of
        unknown place are local or not; `n_purchases`; `n_unknown`, those of unknown weight, which are left out.
        Shares are NaN where nothing is known.

    Raises
    ------
    UnknownNameError
        Another `by`, another weight.

    Notes
    -----
    As for `local_share`: a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     filiere={"name": ["Laine"], "territory_id": ["val"]},
    ...     territories={"territory_id": ["val"], "commune_code": ["76384"]},
    ...     actors={"name": ["Tri", "Lavage", "Filature"], "commune_code": ["76384", None, "76384"]},
    ...     flows={"source": ["Tri", "Lavage"], "target": "Filature", "amount_eur_per_year": [1000, 3000]},
    ... )
    >>> local_sourcing(f)[["local_share", "low", "high"]].iloc[0].tolist()
    [1.0, 0.25, 1.0]
    """
    return _shares(f, weight, by)


def _shares(f: Filiere, weight: str, by: str | None) -> pd.DataFrame:
    net, bought = f.network, purchases_of(f, weight=weight)
    groups: dict[str | None, tuple[NDArray[np.int32], pd.Index]] = {
        None: (np.zeros(len(net.flow_row), dtype=np.int32), pd.Index(["filiere"])),
        "actor": (net.flow_target, net.actor_ids),
        "stage": (net.flow_target_stage, net.stage_ids),
        "material": (net.flow_material, net.material_ids),
    }
    if by not in groups:
        raise UnknownNameError.of(f"by={by!r} is no way to group purchases", by, groups)
    place, index = groups[by]
    return pd.DataFrame(_sums(bought, place, len(index)), index=index, columns=SOURCING_COLUMNS)


def whole_sourcing(f: Filiere, *, weight: str = "eur") -> dict[str, float]:
    """Return the row of `local_sourcing` of a whole filière."""

    def build(f: Filiere) -> dict[str, float]:
        bought = purchases_of(f, weight=weight)
        found = _sums(bought, np.zeros(len(bought.row), dtype=np.int32), 1)
        return {name: values.item() for name, values in found.items()}

    return f.derived(("territory.sourcing", weight), build)


def _sums(bought: Purchases, place: NDArray[np.int32], size: int) -> dict[str, NDArray[Any]]:
    """Return the columns of `local_sourcing`, by the group of each flow."""
    stated, known = place >= 0, ~np.isnan(bought.weight)

    def total(use: Mask) -> Values:
        use = use & stated & known
        return np.bincount(place[use], weights=bought.weight[use], minlength=size).astype(np.float64)

    def count(use: Mask) -> NDArray[np.int64]:
        return np.bincount(place[use & stated], minlength=size)

    local, outside, unplaced = (
        total(bought.ours & m) for m in (bought.local, bought.outside, bought.unplaced)
    )
    maybe = [total(bought.perhaps & m) for m in (bought.local, bought.outside, bought.unplaced)]
    here = count(bought.ours & known) > 0
    return {
        "local": np.where(here, local, NAN),
        "outside": np.where(here, outside, NAN),
        "unplaced": np.where(here, unplaced, NAN),
        "local_share": _over(local, local + outside),
        "low": _over(local, local + outside + unplaced + maybe[1] + maybe[2]),
        "high": _over(
            local + unplaced + maybe[0] + maybe[2], local + outside + unplaced + maybe[0] + maybe[2]
        ),
        "n_purchases": count(bought.ours),
        "n_unknown": count(bought.ours & ~known),
    }


def _over(part: Values, whole: Values) -> Values:
    return np.divide(part, whole, out=np.full(len(part), NAN), where=whole > 0)
