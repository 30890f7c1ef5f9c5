"""What stops, and who is still supplied: one actor at a time (C2), or more and more of them (C6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from ...network import codes_of
from ...vocabulary import Status
from ..measure import ratio
from ._supply import Supply, supply_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Places = NDArray[np.int64]

__all__ = ["AVAILABILITY_COLUMNS", "criticality", "supply_availability"]

AVAILABILITY_COLUMNS = ["removal", "n_removed", "removed_share", "supplied_share", "low", "high"]
#: Numbers held at once while draws are computed together (passages × draws).
_AT_ONCE = 20_000_000


def supply_availability(
    f: Filiere, *, draws: int = 100, seed: int = 0, points: int = 101, coverage: float = 0.9
) -> pd.DataFrame:
    """Return how many buyers are still supplied as actors stop, at random and from the largest on (C6).

    ``buyers still supplied after / before``: a buyer is supplied as long as one path of flows from an
    origin reaches it (definitions of `cut_actors`), and no more once it has stopped itself. Those who may
    stop are the actors that send something to another one. *Random*: `draws` orders in which they stop,
    each as likely as the next. *Targeted*: those that send most known tonnes first (at equal tonnes, to
    most actors; then table order).

    Parameters
    ----------
    draws
        Number of random orders.
    seed
        Of the random numbers: the same seed gives the same curve.
    points
        At most so many points of each curve, evenly spread, both ends included.
    coverage
        Share of the draws between ``low`` and ``high``.

    Returns
    -------
    pandas.DataFrame
        Two curves, one after the other: ``removal`` (``random``, ``targeted``), ``n_removed``,
        ``removed_share`` (of those who may stop, 0 to 1), ``supplied_share`` (mean of the draws, 0 to 1,
        never rising), ``low`` and ``high`` (quantiles of the draws; the value itself for the targeted
        curve). Never NaN: flows of unknown quantity count as others do. Empty where no buyer is supplied to begin
        with.

    Raises
    ------
    ArgumentError
        Fewer than one draw or two points, or a coverage that is not between 0 and 1.

    References
    ----------
    Supply availability rate, as in the package supplynet for R (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Ménages", "Tri", "Usine"], "roles": ["supplier", None, "buyer"]},
    ...     flows={"source": ["Ménages", "Tri"], "target": ["Tri", "Usine"]},
    ... )
    >>> supply_availability(f, draws=2)[["removal", "n_removed", "supplied_share"]].values.tolist()
    [['random', 0, 1.0], ['random', 1, 0.0], ['random', 2, 0.0], ['targeted', 0, 1.0], ['targeted', 1, 0.0],
     ['targeted', 2, 0.0]]
    """
    if draws < 1 or points < 2 or not 0 < coverage < 1:
        raise ArgumentError(
            f"draws={draws}, points={points}, coverage={coverage}: they have to be at least 1, at least 2, and "
            "between 0 and 1"
        )
    supply, net = supply_of(f), f.network
    buyers, size = np.flatnonzero(supply.supplied), supply.n_actors
    if not len(buyers):
        return _availability([])
    partners = np.bincount(supply.source, minlength=size)
    may_stop = np.flatnonzero(partners)
    inside = (net.flow_source >= 0) & (net.flow_target != net.flow_source) & ~np.isnan(net.flow_t)
    sent = np.bincount(net.flow_source[inside], weights=net.flow_t[inside], minlength=size)
    largest = may_stop[np.lexsort((may_stop, -partners[may_stop], -sent[may_stop]))]
    steps = np.unique(np.linspace(0, len(may_stop), min(points, len(may_stop) + 1)).round().astype(np.int64))
    random = np.random.default_rng(seed)
    block = max(1, _AT_ONCE // max(len(supply.edges[0]), 1))
    left: list[NDArray[np.float64]] = []
    for start in range(0, draws, block):  # over blocks of draws
        orders = np.stack([random.permutation(may_stop) for _ in range(min(block, draws - start))], axis=1)
        left.append(_still_supplied(supply, orders, buyers, steps))
    drawn = np.concatenate(left, axis=1)
    tail = (1 - coverage) / 2
    targeted = _still_supplied(supply, largest[:, None], buyers, steps)[:, 0]
    curves = [
        ("random", drawn.mean(axis=1), *np.quantile(drawn, [tail, 1 - tail], axis=1)),
        ("targeted", targeted, targeted, targeted),
    ]
    return _availability(
        [
            pd.DataFrame(
                {
                    "removal": name,
                    "n_removed": steps,
                    "removed_share": steps / max(len(may_stop), 1),
                    "supplied_share": value,
                    "low": low,
                    "high": high,
                }
            )
            for name, value, low, high in curves
        ]
    )


def _availability(curves: list[pd.DataFrame]) -> pd.DataFrame:
    kinds = {"removal": "str", "n_removed": "int64"}
    kinds |= dict.fromkeys(AVAILABILITY_COLUMNS[2:], "float64")
    found = pd.concat(curves, ignore_index=True) if curves else pd.DataFrame(columns=AVAILABILITY_COLUMNS)
    return found.astype(kinds)


def _still_supplied(supply: Supply, orders: Places, buyers: Places, steps: Places) -> NDArray[np.float64]:
    """Return steps × draws, the share of some buyers still supplied once so many actors have stopped.

    One computation for all steps: when a buyer is cut off is, over all paths to it, the latest moment at
    which the first actor of the path stops: a widest path, found for all draws at once by handing the
    moment on from actor to actor until nothing changes.
    """
    size, (count, draws) = supply.n_actors, orders.shape
    never = count + 1
    # an actor that stops as the k-th is gone from step k on
    moment = np.full((size + 1, draws), never, dtype=np.int32)
    moment[orders, np.arange(draws)] = np.arange(1, count + 1)[:, None]
    source, target = supply.edges
    order = np.argsort(target, kind="stable")
    source, target = source[order], target[order]
    starts = np.flatnonzero(np.append(True, target[1:] != target[:-1]))
    nodes = target[starts]
    until = np.zeros((size + 1, draws), dtype=np.int32)
    until[supply.root] = never
    while True:  # over the steps of the longest way
        reached = np.minimum(np.maximum.reduceat(until[source], starts, axis=0), moment[nodes])
        if (reached == until[nodes]).all():
            break
        until[nodes] = reached
    # a buyer is still supplied at step k if it is cut off later
    return (until[buyers][None] > steps[:, None, None]).mean(axis=1)


def criticality(
    f: Filiere,
    *,
    served: Callable[[Filiere], float] | None = None,
    actors: Iterable[str] | None = None,
) -> pd.Series:
    """Return the share of the served demand that would be lost if an actor stopped (C2).

    ``1 − F*(G ∖ v) / F*(G)``, *F** being what the chain can serve. One computation per actor: ask for those
    of interest in a large filière.

    Parameters
    ----------
    served
        ``served(f)`` → *F** in t/year; by default the throughput of the filière
        (`chaine_valeur.flows.throughput`).
    actors
        Identifiers of the actors asked about; by default all.

    Returns
    -------
    pandas.Series
        In [0, 1] on ``actor_id``, in table order: 0 if all would still be served (and for an actor that
        exchanges nothing), 1 if nothing would. A buyer takes its own demand with it. NaN if nothing is
        served, or without limit, to begin with, and for actors that are not asked about.

    Raises
    ------
    UnknownNameError
        An actor that does not exist.

    References
    ----------
    A vitality index: what a network loses without a node (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B", "C"]},
    ...     flows={"source": ["A", "B"], "target": ["C", "C"], "quantity_t_per_year": [30.0, 10.0]},
    ... )
    >>> criticality(f, served=lambda g: g.network.flow_t.sum()).tolist()
    [0.75, 0.25, 1.0]
    """
    net = f.network
    asked = net.actor_ids if actors is None else pd.Index(list(actors))
    unknown = asked[~asked.isin(net.actor_ids)]
    if len(unknown):
        raise UnknownNameError.of(f"no actor {unknown[0]!r}", unknown[0], net.actor_ids)
    found = pd.Series(np.nan, index=net.actor_ids, name="criticality")
    whole, left = _served_by(f, served)
    if not 0 < whole < np.inf:
        return found
    ends = np.concatenate([net.flow_source, net.flow_target])
    exchanging = np.zeros(net.n_actors, dtype=bool)
    exchanging[ends[ends >= 0]] = True
    places = codes_of(asked.to_series(), net.actor_ids)
    found.iloc[places[~exchanging[places]]] = 0.0
    for place in places[exchanging[places]].tolist():  # over the actors asked about
        lost = 1 - ratio(left(place), whole)
        found.iloc[place] = min(max(lost, 0.0), 1.0)
    return found


def _served_by(f: Filiere, served: Callable[[Filiere], float] | None) -> tuple[float, Callable[[int], float]]:
    """Return what is served, and the function that says what is left of it without one actor."""
    if served is not None:
        return float(served(f)), lambda place: float(served(_stopped(f, place)))
    from ..flows.carrying.result import served_t

    names = f.network.actor_ids
    return served_t(f), lambda place: served_t(f, without=[names[place]])


def _stopped(f: Filiere, place: int) -> Filiere:
    """Return the filière in which an actor is closed; its rows stay, none of them counts."""
    frame = f.actors
    status = frame["status"].copy()
    status.iloc[place] = Status.CLOSED.value
    return f.with_table("actors", frame.assign(status=status))
