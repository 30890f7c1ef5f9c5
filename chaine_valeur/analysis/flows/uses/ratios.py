"""Utilization (B7), unused resource (A8) and unmet demand (A7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....columns import columns
from ....errors import ArgumentError
from ....text import join_list
from ...measure import NAN, ratio
from ..balances.estimate import Estimate, estimate_of
from ..balances.sums import summed
from ..carrying.naming import names_at
from ..carrying.stated import Stated, demands_of
from .used import supplies_by_level, used_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....filiere import Filiere
    from ..carrying.result import Throughput

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = [
    "Load",
    "demands_served",
    "left_of",
    "load_of",
    "stated_demands",
    "unmet_demand",
    "unused_resource",
    "utilization",
]


@dataclass(frozen=True)
class Load:
    """What enters each activity and what it can take, t/year, along `Activities.frame`.

    `entering` is NaN where a flow is unknown or none enters; `known` adds up those that are known.
    """

    entering: Values
    known: Values
    sigma: Values
    capacity: Values

    @property
    def utilization(self) -> Values:
        """What enters over the capacity; NaN where either is unknown, or there is none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.capacity > 0, self.entering / self.capacity, np.nan)


def utilization(f: Filiere) -> pd.Series:
    """Return the utilization of each activity (B7): what enters over its capacity.

    ``u = Σ in / κ``, all materials together; flows as in `resolved_flows`, and what the actor passes on inside
    where its balance gives it by difference.

    Returns
    -------
    pandas.Series
        On ``activity_id`` of the activities of the year, in table order. From 0 on: above 0.9 it is nearly
        saturated, above 1 a figure is wrong, or the capacity is not what one can do in a year. NaN where the
        capacity is unknown or 0, no flow enters, one is unknown, or a flow does not say at which of the stages of
        the actor it ends.

    Notes
    -----
    The two thresholds of the reading are a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["Ménages", "Relais"]},
    ...     activities={"activity_id": ["a"], "actor_id": ["Relais"], "stage_id": ["tri"],
    ...                 "capacity_t_per_year": [200]},
    ...     flows={"source": ["Ménages"], "target": ["Relais"], "quantity_t_per_year": [150]},
    ... )
    >>> utilization(f).to_dict()
    {'a': 0.75}
    """
    ids = estimate_of(f).system.nodes.activities.ids
    return pd.Series(
        load_of(f).utilization, index=pd.Index(ids, dtype="str", name="activity_id"), name="utilization"
    )


def load_of(f: Filiere) -> Load:
    """Return what enters each activity and its capacity, made once."""
    return f.derived("flow_load", _load)


def _load(f: Filiere) -> Load:
    from scipy.sparse import coo_array

    estimate = estimate_of(f)
    arcs, nodes, size = estimate.system.arcs, estimate.system.nodes, estimate.system.nodes.size
    t = estimate.arcs
    enters = np.flatnonzero((arcs.target >= 0) & (arcs.source != arcs.target))
    place = arcs.target[enters]
    unknown = np.bincount(place[np.isnan(t[enters])], minlength=size)
    some = np.bincount(place, minlength=size) > 0
    known = np.where(some, summed(place, np.nan_to_num(t[enters]), size), np.nan)
    gather = coo_array((np.ones(len(enters)), (place, enters)), shape=(size, len(estimate.values))).tocsr()
    sigma = estimate.deviation(gather)
    at = nodes.activity_node
    alone = ~nodes.whole[at]
    known = np.where(alone, known[at], np.nan)
    entering = np.where(unknown[at] > 0, np.nan, known)
    return Load(entering, known, sigma[at], nodes.activities.values("capacity_t_per_year"))


def unused_resource(f: Filiere) -> pd.DataFrame:
    """Return, per material and level, how much of the supply has no recorded use (A8).

    ``(S − Σ used) / S``. Used: what actors send of the material beyond what they received of it, imports apart,
    known tonnes only. The same use is set against each level (raw ⊇ mobilizable ⊇ mobilized); levels are
    never added.

    Returns
    -------
    pandas.DataFrame
        A row per material and level, the firmest first: `material_id` (unknown where supplies name a stage
        alone), `level` (empty where none is stated), `supply_t_per_year`, `used_t_per_year`,
        `unused_t_per_year`, `unused_share` (in [0, 1]; 0 where more is used than stated), `n_unknown` (flows
        without a quantity, actors that may use their own supply: above 0, what is unused is an upper bound).
        Without flows nothing is known of the use: NaN.

    References
    ----------
    Levels of supply after the studies of resources of ADEME (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     materials={"name": ["papier"]},
    ...     actors={"name": ["Ménages", "Relais"]},
    ...     markets={"actor_id": ["Ménages"] * 2, "material_id": ["papier"] * 2, "kind": ["supply"] * 2,
    ...              "level": ["mobilized", "raw"], "quantity_t_per_year": [100, 400]},
    ...     flows={"source": ["Ménages"], "target": ["Relais"], "material_id": ["papier"],
    ...            "quantity_t_per_year": [80]},
    ... )
    >>> unused_resource(f)[["level", "unused_t_per_year", "unused_share"]].values.tolist()
    [['mobilized', 20.0, 0.2], ['raw', 320.0, 0.8]]
    """
    has_flows = bool(f.network.has_flows[0])
    rows = []
    for supply in supplies_by_level(f):  # a loop over materials
        for level, at in supply.levels:
            total = float(at["quantity_t_per_year"].sum())
            used = used_of(f, at)
            done = used.t if has_flows else NAN
            left = max(total - done, 0.0) if has_flows else NAN
            material = at["material_id"].iloc[0]
            rows.append((material, level, total, done, left, ratio(left, total), used.n_unknown))
    names = ["material_id", "level", "supply_t_per_year", "used_t_per_year", "unused_t_per_year",
               "unused_share", "n_unknown"]  # fmt: skip
    kinds = dict.fromkeys(names, "float64") | {"material_id": "str", "level": "str", "n_unknown": "int64"}
    return pd.DataFrame(rows, columns=names).astype(kinds)


def stated_demands(f: Filiere) -> Stated:
    """Return the demands of a filière with the rows of the balances that they are about, made once."""

    def build(f: Filiere) -> Stated:
        estimate = estimate_of(f)
        return demands_of(estimate.system, estimate.facts, materials=None)

    return f.derived("flow_demands", build)


def unmet_demand(f: Filiere, *, served: Throughput | None = None) -> pd.DataFrame:
    """Return, per demand, how much of it is not served (A7).

    ``max(0, D − F) / D``: F is what arrives today of the material asked for, as `resolved_flows` has it, or what the
    chain could serve at most. A demand is the largest level stated by a buyer for a material; an outlet that
    one pays for, or of a waste, is none, nor is what is asked where it is passed on to others who ask.

    Parameters
    ----------
    served
        Result of `throughput` on the same filière: F is then what it serves.

    Returns
    -------
    pandas.DataFrame
        A row per demand: `actor_id`, `stage_id`, `material_id`, `level`, `demand_t_per_year` (NaN: stated without
        a quantity), `served_t_per_year` (known tonnes), `unmet_t_per_year` and `unmet_share` (in [0, 1]; NaN
        where the demand is unknown or 0, or a flow is, unless what is known serves it all), `n_unknown` (flows
        without a quantity). Without flows what is served is unknown: NaN.

    Raises
    ------
    ArgumentError
        A `served` that is not about the same demands: of another filière, or of some materials.

    Notes
    -----
    Which levels and outlets count as demands is a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     materials={"name": ["ouate"]},
    ...     stages={"name": ["Fabrication", "Pose"], "kind": ["operation", "market"]},
    ...     actors={"name": ["Usine", "Artisan"]},
    ...     activities={"actor_id": ["Usine", "Artisan"], "stage_id": ["fabrication", "pose"]},
    ...     markets={"actor_id": ["Artisan"], "material_id": ["ouate"], "kind": ["demand"],
    ...              "quantity_t_per_year": [80]},
    ...     flows={"source": ["Usine"], "target": ["Artisan"], "material_id": ["ouate"],
    ...            "quantity_t_per_year": [60]},
    ... )
    >>> unmet_demand(f)["unmet_share"].tolist()
    [0.25]
    """
    groups, amount, unknown = demands_served(f)
    names = names_at(f, *(groups[name].to_numpy() for name in ("actor", "stage", "material")))
    frame = names.assign(
        level=pd.Series(groups["level"].to_numpy(object), dtype="str"),
        demand_t_per_year=groups["t_per_year"].to_numpy(np.float64),
    )
    if served is not None:
        amount, unknown = _could_arrive(served, groups), np.zeros(len(groups), dtype=np.int64)
    asked = frame["demand_t_per_year"].to_numpy()
    left = left_of(asked, amount, unknown)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(asked > 0, left / asked, np.nan)
    return frame.assign(served_t_per_year=amount, unmet_t_per_year=left, unmet_share=share, n_unknown=unknown)


def demands_served(f: Filiere) -> tuple[pd.DataFrame, Values, NDArray[np.int64]]:
    """Return the stated demands of one filière or many (`as_one`), the tonnes that arrive, and the unknown flows."""
    stated = stated_demands(f)
    by_somebody = np.fromiter(map(bool, stated.groups["markets"]), bool, len(stated.groups))
    groups = stated.groups[by_somebody]
    return groups, *_arriving(estimate_of(f), groups.index, stated.places)


def left_of(asked: Values, amount: Values, unknown: NDArray[np.int64]) -> Values:
    """Return what is not served of some demands; NaN where an unknown flow may serve what is left."""
    left = np.maximum(asked - amount, 0)
    left[(unknown > 0) & (left > 0)] = np.nan
    return left


def _arriving(estimate: Estimate, groups: pd.Index, places: pd.DataFrame) -> tuple[Values, NDArray[np.int64]]:
    """Return what arrives at the places of each demand today, and how many of these flows are unknown."""
    system, t, size = estimate.system, estimate.arcs, len(groups)
    if not len(columns(estimate.system.filiere, "flows")):
        return np.full(size, np.nan), np.zeros(size, dtype=np.int64)
    crossing = np.flatnonzero((system.arcs.source != system.arcs.target) & (system.arc_in >= 0))
    arrivals = pd.DataFrame({"row": system.arc_in[crossing], "t": t[crossing]})
    found = places[places["group"].isin(groups)].merge(arrivals, on="row")
    place = groups.get_indexer(found["group"])
    tonnes = found["t"].to_numpy(np.float64)
    missing = np.isnan(tonnes)
    amount = summed(place[~missing], tonnes[~missing], size)
    return amount, np.bincount(place[missing], minlength=size)


def _could_arrive(served: Throughput, groups: pd.DataFrame) -> Values:
    """Return what a throughput serves of each demand."""
    done = served.served.set_index("market_id")["served_t_per_year"]
    asked = pd.Index([join_list(names) for names in groups["markets"]], dtype="str")
    if not asked.isin(done.index).all():
        raise ArgumentError("served: the throughput of another filière, or of some materials; leave them out")
    return done.reindex(asked).to_numpy(np.float64)
