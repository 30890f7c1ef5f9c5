"""Utilization (B7), recovery rate (B12), unused resource (A8) and unmet demand (A7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError, UnknownNameError
from ....text import fold, join_list
from ....vocabulary import MaterialKind
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
    "load_of",
    "recovery_rate",
    "sorting_stages",
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
    load = load_of(f)
    index = estimate_of(f).system.nodes.activities.frame.index
    with np.errstate(divide="ignore", invalid="ignore"):
        used = np.where(load.capacity > 0, load.entering / load.capacity, np.nan)
    return pd.Series(used, index=index, name="utilization")


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
    has_flows = len(f.flows) > 0
    rows = []
    for supply in supplies_by_level(f):  # a loop over materials
        for level, at in supply.levels:
            total = float(at["quantity_t_per_year"].sum())
            used = used_of(f, at)
            done = used.t if has_flows else NAN
            left = max(total - done, 0.0) if has_flows else NAN
            material = at["material_id"].iloc[0]
            rows.append((material, level, total, done, left, ratio(left, total), used.n_unknown))
    columns = ["material_id", "level", "supply_t_per_year", "used_t_per_year", "unused_t_per_year",
               "unused_share", "n_unknown"]  # fmt: skip
    kinds = dict.fromkeys(columns, "float64") | {"material_id": "str", "level": "str", "n_unknown": "int64"}
    return pd.DataFrame(rows, columns=columns).astype(kinds)


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
    estimate = estimate_of(f)
    stated = stated_demands(f)
    stated_by = np.array([len(markets) > 0 for markets in stated.groups["markets"]], dtype=bool)
    groups = stated.groups[stated_by]
    names = names_at(f, *(groups[name].to_numpy() for name in ("actor", "stage", "material")))
    frame = names.assign(
        level=pd.Series(groups["level"].to_numpy(object), dtype="str"),
        demand_t_per_year=groups["t_per_year"].to_numpy(np.float64),
    )
    if served is None:
        amount, unknown = _arriving(estimate, groups.index, stated.places)
    else:
        amount, unknown = _could_arrive(served, groups), np.zeros(len(groups), dtype=np.int64)
    asked = frame["demand_t_per_year"].to_numpy()
    left = np.maximum(asked - amount, 0)
    left[(unknown > 0) & (left > 0)] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(asked > 0, left / asked, np.nan)
    return frame.assign(served_t_per_year=amount, unmet_t_per_year=left, unmet_share=share, n_unknown=unknown)


def _arriving(estimate: Estimate, groups: pd.Index, places: pd.DataFrame) -> tuple[Values, NDArray[np.int64]]:
    """Return what arrives at the places of each demand today, and how many of these flows are unknown."""
    system, t, size = estimate.system, estimate.arcs, len(groups)
    if not len(estimate.system.filiere.flows):
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


def recovery_rate(
    f: Filiere,
    *,
    sorted_at: str | Sequence[str] | None = None,
    collected_at: str | Sequence[str] | None = None,
    recovered: str | Sequence[str] | None = None,
    put_on_market_t: float | None = None,
) -> pd.DataFrame:
    """Return the recovery rate over each denominator by name (B12): what is sorted, collected, put on market.

    ``(reuse + recycling) / sorted`` and ``(reuse + recycling) / collected``: tonnes that leave the sorting stages as
    a material that counts, over what enters these stages, and over what enters the collecting stages.
    Mixing the two is the commonest error in the press.

    Parameters
    ----------
    sorted_at
        Stages that sort; by default those with a recipe that makes several materials out of one, and that are
        of waste by their NAF code (38), their sector of insertion (recycling) or their name (tri, sorting).
    collected_at
        Stages that collect; by default operations with an expected passage to those that sort.
    recovered
        Materials, or stages that receive them, that count as reuse or recycling; by default every material
        that is no waste.
    put_on_market_t
        Tonnes put on the market in the year, if known; NaN otherwise.

    Returns
    -------
    pandas.DataFrame
        On `denominator` (``sorted``, ``collected``, ``put_on_market``): `recovered_t_per_year`,
        `denominator_t_per_year` (known tonnes), `share`, `low`, `high`, `n_unknown`. Shares are in [0, 1] where
        figures agree. Where a sorting activity receives tonnes and nothing says what becomes of them, `share` is NaN
        and the bounds count them out and in; where a flow is unknown, it is NaN without bounds. NaN over 0, or where
        no such stage exists.

    Raises
    ------
    UnknownNameError
        A stage or a material that does not exist.

    References
    ----------
    The three denominators after the yearly reports of Refashion (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     materials={"name": ["usagé", "trié", "refus"], "kind": ["product", "product", "waste"]},
    ...     stages={"name": ["Collecte", "Tri"]},
    ...     stage_links={"stage_id": ["collecte"], "to_stage_id": ["tri"]},
    ...     recipes={"stage_id": ["tri"] * 3, "side": ["in", "out", "out"],
    ...              "material_id": ["usagé", "trié", "refus"], "t_per_t": [1, 0.7, 0.3]},
    ...     actors={"name": ["Ménages", "Relais", "Trieur", "Filature"]},
    ...     activities={"actor_id": ["Relais", "Trieur"], "stage_id": ["collecte", "tri"]},
    ...     flows={"source": ["Ménages", "Relais", "Trieur", "Trieur"],
    ...            "target": ["Relais", "Trieur", "Filature", None],
    ...            "material_id": ["usagé", "usagé", "trié", "refus"], "quantity_t_per_year": [100, 80, 60, 20]},
    ... )
    >>> recovery_rate(f)["share"].tolist()
    [0.75, 0.6, nan]
    """
    estimate = estimate_of(f)
    sorting, collecting = _stages(f, sorted_at, collected_at)
    arcs, nodes, t = estimate.system.arcs, estimate.system.nodes, estimate.arcs
    stage = np.append(nodes.stage, -1)
    start, end = stage[arcs.source], stage[arcs.target]
    counts = _counting(f, recovered)(arcs.material, end)
    between = arcs.source != arcs.target
    leaves = between & np.isin(start, sorting) & (start >= 0) & ~np.isin(end, sorting)
    silent = np.isin(nodes.stage, sorting) & ~_some(arcs.source[leaves], nodes.size)
    untold = np.append(silent, False)[arcs.target] & between
    gained = leaves & counts
    rows = {}
    for name, stages in (("sorted", sorting), ("collected", collecting)):  # over two denominators
        enters = between & np.isin(end, stages) & (end >= 0) & ~np.isin(start, stages)
        rows[name] = _rate(t[gained], t[enters], t[untold & np.isin(end, sorting)])
    whole = np.array([]) if put_on_market_t is None else np.array([put_on_market_t], dtype=np.float64)
    rows["put_on_market"] = _rate(t[gained], whole, t[untold & np.isin(end, sorting)])
    columns = ["recovered_t_per_year", "denominator_t_per_year", "share", "low", "high", "n_unknown"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns).astype({"n_unknown": "int64"})
    return frame.rename_axis("denominator")


def _rate(gained: Values, whole: Values, untold: Values) -> tuple[float, float, float, float, float, int]:
    """Return numerator, denominator, share, bounds and what is unknown of one rate."""
    unknown = int(sum(np.isnan(part).sum() for part in (gained, whole, untold)))
    top = float(np.nansum(gained)) if len(gained) else NAN if not len(untold) else 0.0
    bottom = float(np.nansum(whole)) if len(whole) and not np.isnan(whole).all() else NAN
    if unknown:
        return top, bottom, NAN, NAN, NAN, unknown
    low, high = ratio(top, bottom), ratio(top + float(untold.sum()), bottom)
    return top, bottom, low if low == high else NAN, low, high, len(untold)


def sorting_stages(f: Filiere) -> NDArray[np.int64]:
    """Return the stages that sort, as positions: a recipe makes several materials out of one, and they are of waste."""
    rows, stages = f.recipes, f.stages
    side = rows.groupby(["stage_id", "actor_id", "process", "side"], dropna=False)["material_id"].nunique()
    wide = side.unstack("side").reindex(columns=["in", "out"])
    sorts = wide[(wide["in"] == 1) & (wide["out"] > 1)]
    several = stages.index.isin(sorts.index.get_level_values("stage_id"))
    spelled = {name: stages[name].fillna("").map(fold).astype("str") for name in ("name", "siae_sectors")}
    cues = (
        stages["naf"].fillna("").astype("str").str.contains(r"(?:^|;)\s*38", regex=True)
        | spelled["siae_sectors"].str.contains("recycl", regex=False)
        | spelled["name"].str.contains(r"\b(?:tri|sorting)\b", regex=True)
    )
    return np.flatnonzero(several & cues.to_numpy(bool)).astype(np.int64)


def _stages(
    f: Filiere, sorted_at: str | Sequence[str] | None, collected_at: str | Sequence[str] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    net = f.network
    sorting = sorting_stages(f) if sorted_at is None else _positions(f, sorted_at, "stages")
    if collected_at is not None:
        return sorting, _positions(f, collected_at, "stages")
    before = np.unique(net.link_from[np.isin(net.link_to, sorting) & ~np.isin(net.link_from, sorting)])
    operation = f.stages["kind"].eq("operation").to_numpy(bool)
    return sorting, before[operation[before]].astype(np.int64)


def _counting(f: Filiere, recovered: str | Sequence[str] | None) -> Callable[[Codes, Codes], Mask]:
    """Return which flows count as recovered, by their material and the stage that they reach."""
    if recovered is None:
        waste = np.append(f.materials["kind"].eq(MaterialKind.WASTE.value).to_numpy(bool), False)
        return lambda material, end: ~waste[material]
    names = [recovered] if isinstance(recovered, str) else list(recovered)
    known = {**dict.fromkeys(f.materials.index), **dict.fromkeys(f.stages.index)}
    for name in names:
        if name not in known:
            raise UnknownNameError.of(f"no material or stage {name!r}", name, known)
    materials, stages = f.materials.index.get_indexer(names), f.stages.index.get_indexer(names)
    return lambda material, end: (
        np.isin(material, materials[materials >= 0]) | np.isin(end, stages[stages >= 0])
    )


def _positions(f: Filiere, names: str | Sequence[str], table: str) -> NDArray[np.int64]:
    index = f.table(table).index
    asked = [names] if isinstance(names, str) else list(names)
    for name in asked:
        if name not in index:
            raise UnknownNameError.of(f"no {name!r} in {table!r}", name, index)
    return index.get_indexer(asked).astype(np.int64)


def _some(places: NDArray[np.int32], size: int) -> Mask:
    return np.bincount(places[places >= 0], minlength=size).astype(bool)
