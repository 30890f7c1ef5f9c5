"""Value added (F1–F3), margins and jobs per tonne (F6): plain functions of a filière.

Sums are those of the accounts that are known; `operating_account` names what the others lack, and `measures`
say how many they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from ...vocabulary import Pole
from ..activities import known_sums
from ..measure import NAN
from ._book import book_of
from ._tonnes import strict_sums, tonnes_of
from ._trades import trades_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = [
    "bought_from_others",
    "checked_ratio",
    "entering_from_others",
    "fte_per_t",
    "insertion_fte_per_t",
    "jobs_per_t",
    "jobs_terms",
    "margin_per_t",
    "shares_along",
    "sold_to_others",
    "total_value_added",
    "value_added",
    "value_added_gini",
    "value_added_per_t",
    "value_added_shares",
]


def value_added(f: Filiere) -> pd.Series:
    """Return the value added (F1) of each actor: ``output − intermediate consumption``.

    It pays wages, taxes, rent and interest; the rest is surplus. Operating subsidies are not part of it.

    Returns
    -------
    pandas.Series
        €/year on ``actor_id``, in table order; any sign. NaN without an account, or if a price, a purchase or
        a sale is unknown: see `operating_account`, which names it.

    Notes
    -----
    FAO value chain analysis: value added by agent (Bellù, EASYPol 074, (unverified)).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Scierie"]},
    ...     flows={"source": [None, "Scierie"], "target": ["Scierie", None], "amount_eur_per_year": [40, 100]},
    ...     costs={"actor_id": ["Scierie"], "kind": ["purchases"], "amount_eur_per_year": [15]},
    ... )
    >>> value_added(f).tolist()
    [45.0]
    """
    found = book_of(f).items["value_added"]
    return pd.Series(found, index=f.network.actor_ids, name="value_added")


def total_value_added(f: Filiere, *, indirect_ratio: float | None = None) -> float:
    """Return the value added of the filière (F2): direct, and with a ratio what its suppliers add.

    ``Σ_a VA_a + ρ · Σ purchases from those without a known account``. A purchase from an actor of the filière
    brings nothing: the value that it pays for is already in the account of the seller.

    Parameters
    ----------
    indirect_ratio
        ρ, the share of value added in a euro bought from suppliers whose accounts are unknown (outside, diffuse
        actors, services), of all their own suppliers together; in [0, 1]. By default nothing is taken for it:
        the direct value added alone.

    Returns
    -------
    float
        €/year, any sign, the known accounts only; NaN if none is known, or ρ is given and such a purchase is
        unknown.

    Raises
    ------
    ArgumentError
        A ratio outside [0, 1].

    Notes
    -----
    The walk up the suppliers of the effects method (Chervel and Le Gall 1976, (unverified)), stopped at the edge
    of the table.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Scierie"]},
    ...     flows={"source": [None, "Scierie"], "target": ["Scierie", None], "amount_eur_per_year": [40, 100]},
    ...     costs={"actor_id": ["Scierie"], "kind": ["purchases"], "amount_eur_per_year": [15]},
    ... )
    >>> total_value_added(f), total_value_added(f, indirect_ratio=0.4)
    (45.0, 67.0)
    """
    rho = checked_ratio(indirect_ratio)
    book = book_of(f)
    known = book.known("value_added")
    if not known.any():
        return NAN
    direct = float(book.items["value_added"][known].sum())
    return direct if not rho else direct + rho * float(bought_from_others(f, known)[known].sum())


def checked_ratio(value: float | None) -> float:
    """Return a share of value added in purchases, 0 where none is given."""
    if value is None:
        return 0.0
    if not 0 <= value <= 1:
        raise ArgumentError(f"indirect_ratio={value!r}: a share of value added in purchases lies in 0 to 1")
    return float(value)


def bought_from_others(f: Filiere, known: Mask) -> Values:
    """Return what each actor buys from whoever is not among some actors, those of ``costs`` included."""
    trades = trades_of(f)
    within = np.append(known, False)[trades.seller] & np.append(known, False)[trades.buyer] & ~trades.inside
    inner = strict_sums(trades.buyer[within], trades.value[within], f.network.n_actors)
    return book_of(f).items["intermediate_consumption"] - inner


def sold_to_others(f: Filiere, known: Mask) -> Values:
    """Return what each actor sells to whoever is not among some actors: the final output of these."""
    trades = trades_of(f)
    within = np.append(known, False)[trades.seller] & np.append(known, False)[trades.buyer] & ~trades.inside
    inner = strict_sums(trades.seller[within], trades.value[within], f.network.n_actors)
    return book_of(f).items["output"] - inner


def value_added_shares(f: Filiere, *, by: Literal["actor", "pole", "stage"] = "actor") -> pd.Series:
    """Return how the value added is shared out (F3): ``VA_a / Σ VA``, who captures value.

    Parameters
    ----------
    by
        ``actor``; ``pole``: the college that an actor declares; ``stage``: its first stage. Actors of unknown
        value added, pole or stage are left out of both terms.

    Returns
    -------
    pandas.Series
        Shares that sum to 1, on ``actor_id`` or ``stage_id`` in table order, or on the terms of `Pole`. In
        [0, 1] where nobody loses value, otherwise of any sign. NaN for whom nothing is known; NaN all over if
        the sum is not positive.

    Raises
    ------
    UnknownNameError
        A grouping that does not exist.

    Notes
    -----
    Sharing out by who captures it, as in VCA4D (unverified); by pole, a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B"], "pole": ["ess", "enterprise"]},
    ...     costs={"actor_id": ["A", "A", "B", "B"], "kind": ["sales", "purchases"] * 2,
    ...            "amount_eur_per_year": [400, 100, 110, 10]},
    ... )  # fmt: skip
    >>> value_added_shares(f, by="pole")[["ess", "enterprise"]].tolist()
    [0.75, 0.25]
    """
    index, place = _groups(f, by)
    return pd.Series(shares_along(f, place, len(index)), index=index, name="value_added_share")


def shares_along(f: Filiere, place: NDArray[np.int32], size: int) -> Values:
    """Return `value_added_shares` by the group of each actor, −1 none."""
    values = book_of(f).items["value_added"]
    sums = known_sums(place, np.where(place >= 0, values, np.nan), size)
    whole = float(np.nansum(sums.total))
    return sums.total / whole if whole > 0 else np.full(size, NAN)


def _groups(f: Filiere, by: str) -> tuple[pd.Index, NDArray[np.int32]]:
    net = f.network
    if by == "actor":
        return net.actor_ids, np.arange(net.n_actors, dtype=np.int32)
    if by == "stage":
        return net.stage_ids, net.stage
    if by == "pole":
        return pd.Index([pole.value for pole in Pole], name="pole", dtype="str"), net.pole
    raise UnknownNameError.of(f"by={by!r} is no way to share out value added", by, ("actor", "pole", "stage"))


def value_added_gini(f: Filiere) -> float:
    """Return how unevenly value added falls on jobs: the Gini index of value added per FTE.

    ``G = 1 − Σ_k (x_k − x_{k−1})(y_k + y_{k−1})``, *x* and *y* being the cumulated shares of FTE and of value
    added, actors in ascending order of value added per FTE: each job counts for the mean of its actor.

    Returns
    -------
    float
        In [0, 1), without a unit: 0 where each job brings the same. NaN with fewer than two actors of which both are
        known and the jobs positive, if one of them loses value, or without any value added.

    References
    ----------
    Gini's index by Brown's formula, on classes of one mean each (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["A", "B"]},
    ...     activities={"actor_id": ["A", "B"], "stage_id": "Tri", "jobs_fte": [1, 1]},
    ...     flows={"source": [None, None], "target": ["A", "B"], "amount_eur_per_year": [0, 0]},
    ...     costs={"actor_id": ["A", "A", "B", "B"], "kind": ["sales", "purchases"] * 2,
    ...            "amount_eur_per_year": [10, 0, 30, 0]},
    ... )  # fmt: skip
    >>> value_added_gini(f)
    0.25
    """
    rows = tonnes_of(f).activities
    some = np.bincount(rows.actor, minlength=f.network.n_actors) > 0
    jobs = np.where(some, strict_sums(rows.actor, rows.values("jobs_fte"), f.network.n_actors), np.nan)
    values = book_of(f).items["value_added"]
    use = ~np.isnan(values) & (jobs > 0)
    values, jobs = values[use], jobs[use]
    if len(values) < 2 or (values < 0).any() or not values.sum() > 0:
        return NAN
    order = np.argsort(values / jobs, kind="stable")
    x = np.append(0.0, np.cumsum(jobs[order]) / jobs.sum())
    y = np.append(0.0, np.cumsum(values[order]) / values.sum())
    return float(1 - np.sum(np.diff(x) * (y[1:] + y[:-1])))


def value_added_per_t(f: Filiere) -> pd.Series:
    """Return the value added per tonne at each stage: ``Σ VA / Σ tonnes entering``.

    Over the actors whose first stage it is and of which both terms are known. Tonnes entering an actor come
    from others; what it passes between its own stages does not count again.

    Returns
    -------
    pandas.Series
        €/t on ``stage_id``, in table order; any sign. NaN where nothing is known or no tonne enters (resources).

    Notes
    -----
    An actor counts at its first stage alone: a convention of this library.

    Examples
    --------
    10 t enter, for 40 €, and 15 € are bought elsewhere; what is sold brings 100 €.

    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Sciage"]},
    ...     actors={"name": ["Scierie"]},
    ...     activities={"actor_id": ["Scierie"], "stage_id": ["Sciage"]},
    ...     flows={"source": [None, "Scierie"], "target": ["Scierie", None], "quantity_t_per_year": [10, 5],
    ...            "amount_eur_per_year": [40, 100]},
    ...     costs={"actor_id": ["Scierie"], "kind": ["purchases"], "amount_eur_per_year": [15]},
    ... )  # fmt: skip
    >>> value_added_per_t(f).tolist()
    [4.5]
    """
    net = f.network
    values, entering = book_of(f).items["value_added"], tonnes_of(f).actor
    both = ~np.isnan(values) & ~np.isnan(entering) & (net.stage >= 0)
    found = _over(net.stage[both], values[both], entering[both], net.n_stages)
    return pd.Series(found, index=net.stage_ids, name="value_added_per_t")


def margin_per_t(f: Filiere) -> pd.Series:
    """Return the net margin of each actor per tonne that enters it (F6).

    ``(sales + subsidies − purchases − costs) / t``: its net result over the tonnes that it receives from
    others, whether its costs are known item by item or as fixed and variable costs. To be compared with the
    support that is paid per tonne sorted.

    Returns
    -------
    pandas.Series
        €/t on ``actor_id``, in table order; any sign: below 0 each tonne costs more than it brings. NaN where either
        term is unknown, or no tonne enters.

    Notes
    -----
    Per tonne that enters, as the support is paid per tonne sorted: a convention of this library.

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
    >>> margin_per_t(f).tolist()
    [20.0]
    """
    entering, net_result = tonnes_of(f).actor, book_of(f).items["net_result"]
    found = np.full(len(entering), NAN)
    np.divide(net_result, entering, out=found, where=entering > 0)
    return pd.Series(found, index=f.network.actor_ids, name="margin_per_t")


def jobs_per_t(f: Filiere) -> pd.Series:
    """Return the jobs per tonne entering each stage: ``Σ FTE / Σ tonnes``.

    Over the activities of which both are known; jobs are FTE of the year. What an actor receives upstream and is
    not seen to send out passes on to its next stage, where one only is expected.

    Returns
    -------
    pandas.Series
        FTE/t on ``stage_id``, in table order; 0 or more. NaN where nothing is known or no tonne enters.

    Notes
    -----
    How tonnes are placed at the stages of one actor is a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Tri"], "jobs_fte": [8]},
    ...     flows={"source": [None], "target": ["Relais"], "quantity_t_per_year": [400]},
    ... )
    >>> jobs_per_t(f).tolist()
    [0.02]
    """
    return pd.Series(fte_per_t(f, "jobs_fte"), index=f.network.stage_ids, name="jobs_per_t")


def insertion_fte_per_t(f: Filiere) -> pd.Series:
    """Return the insertion FTE per tonne entering each stage (G11): ``Σ insertion FTE / Σ tonnes``.

    As `jobs_per_t`, of the employees in insertion alone.

    Returns
    -------
    pandas.Series
        FTE/t on ``stage_id``, in table order; 0 or more. NaN where nothing is known or no tonne enters.

    Notes
    -----
    As for `jobs_per_t`: a convention of this library.

    Examples
    --------
    Two actors of one stage, 8 FTE in insertion for 400 t.

    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["Relais", "Trieur"]},
    ...     activities={"actor_id": ["Relais", "Trieur"], "stage_id": "Tri", "insertion_fte": [2, 6]},
    ...     flows={"source": [None, None], "target": ["Relais", "Trieur"], "quantity_t_per_year": [100, 300]},
    ... )
    >>> insertion_fte_per_t(f).tolist()
    [0.02]
    """
    return pd.Series(fte_per_t(f, "insertion_fte"), index=f.network.stage_ids, name="insertion_fte_per_t")


def fte_per_t(f: Filiere, column: str) -> Values:
    """Return FTE of a column of the activities per tonne entering, along the stages: see `jobs_per_t`."""
    tonnes = tonnes_of(f)
    rows = tonnes.activities
    fte = rows.values(column)
    both = ~np.isnan(fte) & ~np.isnan(tonnes.activity)
    return _over(rows.stage[both], fte[both], tonnes.activity[both], f.network.n_stages)


def _over(places: NDArray[np.int32], top: Values, bottom: Values, size: int) -> Values:
    """Return sum over sum at each place; NaN over nothing."""
    above = np.bincount(places, weights=top, minlength=size)
    below = np.bincount(places, weights=bottom, minlength=size)
    found = np.full(size, NAN)
    np.divide(above, below, out=found, where=below > 0)
    return found


def entering_from_others(f: Filiere, actors: Mask) -> tuple[float, NDArray[np.int64]]:
    """Return the known tonnes that some actors receive from whoever is not among them, and those flows."""
    net = f.network
    among = np.append(actors, False)
    use = among[net.flow_target] & ~among[net.flow_source]
    known = use & ~np.isnan(net.flow_t)
    return (float(net.flow_t[known].sum()) if known.any() else NAN), np.flatnonzero(use)


def jobs_terms(f: Filiere, column: str) -> tuple[float, float, Mask, NDArray[np.int64]]:
    """Return FTE, tonnes, activities and flows of the jobs per tonne of the filière as a whole.

    The actors of which an account is kept and of which all FTE are known; the tonnes that reach them from
    others, so that a tonne which passes several of them counts once.
    """
    rows, size = tonnes_of(f).activities, f.network.n_actors
    fte = strict_sums(rows.actor, rows.values(column), size)
    some = np.bincount(rows.actor, minlength=size) > 0
    actors = book_of(f).has_account & some & ~np.isnan(fte)
    entering, flows = entering_from_others(f, actors)
    total = float(fte[actors].sum()) if actors.any() else NAN
    return total, entering, actors[rows.actor], flows
