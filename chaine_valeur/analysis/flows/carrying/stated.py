"""What is stated of supplies and demands, as limits that rows of the balances share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....columns import columns
from ....errors import UnknownNameError
from ....kernels import Graph, condensed, reached, strong_components
from ....network.positions import any_at
from ....vocabulary import MarketKind, MaterialKind
from ...markets import FIRMEST, market_rows, market_tonnes
from ...together import filiere_of
from .row_facts import RowFacts, rows_of, steps_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ....filiere import Filiere
    from ...system import System

    Codes = NDArray[np.integer[Any]]
    Mask = NDArray[np.bool_]

__all__ = ["LEVELS", "Stated", "demands_of", "levels_in_order", "material_codes", "stages_of", "supplies_of"]

#: What may be asked as `supply_level`.
LEVELS = ("firmest", *FIRMEST[MarketKind.SUPPLY.value])


@dataclass(frozen=True)
class Stated:
    """Quantities that limit what enters or leaves the chain.

    Attributes
    ----------
    groups
        One row a limit: ``filiere``, ``actor``, ``stage``, ``material`` (positions, −1: not stated), ``level``,
        ``t_per_year`` (NaN: stated without a quantity, or not at all: without limit), ``markets`` (identifiers).
    places
        Pairs of ``group`` and ``row`` of the balances; a group without a place has no passage.
    aside
        What was stated and is not used, with why: ``kind``, ``markets``, ``actor``, ``stage``, ``material``.
    """

    groups: pd.DataFrame
    places: pd.DataFrame
    aside: pd.DataFrame


def stages_of(stated: Stated, system: System) -> pd.Series:
    """Return the stage of each group: as stated, else the one where all of its places are, else −1."""
    node = system.row_node[stated.places["row"].to_numpy()]
    at = (
        pd.Series(system.nodes.stage[node])
        .groupby(stated.places["group"].to_numpy())
        .agg(["first", "nunique"])
    )
    single = at["first"][at["nunique"] == 1].reindex(stated.groups.index).fillna(-1)
    return stated.groups["stage"].where(stated.groups["stage"] >= 0, single).astype(np.int64)


def levels_in_order(asked: str) -> list[str]:
    """Return levels of supply, the one asked for first, then the firmest."""
    firmest = FIRMEST[MarketKind.SUPPLY.value]
    if asked not in LEVELS:
        raise UnknownNameError.of(f"no level of supply {asked!r}", asked, LEVELS)
    return firmest if asked == LEVELS[0] else [asked, *(level for level in firmest if level != asked)]


def material_codes(f: Filiere, materials: Sequence[str] | None) -> NDArray[np.int32] | None:
    """Return positions of materials, ``None`` for all of them."""
    if materials is None:
        return None
    names = [materials] if isinstance(materials, str) else list(materials)
    codes = f.network.material_ids.get_indexer(pd.Index(names))
    if len(names) and (codes < 0).any():
        wrong = names[int(np.argmin(codes))]
        raise UnknownNameError.of(f"no material {wrong!r}", wrong, f.materials.index)
    return codes.astype(np.int32)


def supplies_of(system: System, facts: RowFacts, *, level: str) -> Stated:
    """Return the supplies, each place at the level asked for, else at the firmest that is stated for it."""
    markets = _coded(system.filiere, MarketKind.SUPPLY.value)
    grouped = _summed(markets)
    use = facts.leaves | facts.taken
    covered = np.zeros(system.n_rows, dtype=bool)
    order = levels_in_order(level)
    rank = pd.Index(order).get_indexer(grouped["level"])
    rank[rank < 0] = len(order)
    shared = (grouped["actor"] < 0).to_numpy(bool)
    found = []
    for level_rank in range(len(order) + 1):  # over the few levels
        for whose in (~shared, shared):  # who has its own is not in what is shared
            at = grouped[whose & (rank == level_rank)]
            found.append(rows_of(at, facts, use & ~covered, facts.resource))
            covered[found[-1][1]] = True
    return Stated(grouped, _places(*found), _aside(grouped.iloc[:0], ""))


def demands_of(system: System, facts: RowFacts, *, materials: Sequence[str] | None) -> Stated:
    """Return the demands to serve, the largest level of each; where none is stated, every market without limit.

    An outlet that one pays for, or of a waste, is no demand. What is asked where it is passed on to others who ask
    is not counted twice: the last ones are served.
    """
    f = system.filiere
    asked = material_codes(f, materials)
    markets = _coded(f, MarketKind.DEMAND.value)
    waste = np.append(columns(f, "materials").among("kind", MaterialKind.WASTE.value), False)
    outlet = waste[markets["material"].to_numpy()] | (markets["price_eur_per_t"] < 0).to_numpy(bool)
    aside = [_aside(_summed(markets[outlet]), "outlet")]
    levels = _summed(markets[~outlet])
    key = ["filiere", "actor", "stage", "material"]
    # unknown before known: of several levels, the largest contains the others
    groups = levels.sort_values("t_per_year", kind="stable", na_position="first")
    groups = groups.drop_duplicates(key, keep="last").sort_index()
    aside.append(_aside(levels.drop(index=groups.index), "other_level"))
    use = facts.filled
    if groups.empty:
        groups = _every_market(system, facts, waste)
        places = pd.DataFrame({"group": groups.index, "row": groups["row"]})
        groups = groups.drop(columns="row")
    else:
        places = _places_of_demands(groups, facts, use)
    inner = _passed_on(system, facts, groups, places)
    aside.append(_aside(groups.loc[inner], "passed_on"))
    groups = groups.drop(index=inner)
    if asked is not None:
        groups = groups[groups["material"].isin(asked)]
    places = places[places["group"].isin(groups.index)].reset_index(drop=True)
    return Stated(groups, places, pd.concat(aside, ignore_index=True))


def _coded(f: Filiere, kind: str) -> pd.DataFrame:
    rows = market_rows(f)
    rows = rows[rows.among("kind", kind)]
    actor, stage, material = (
        f.codes("markets", name)[rows.at] for name in ("actor_id", "stage_id", "material_id")
    )
    return pd.DataFrame(
        {
            "filiere": filiere_of(f, "markets")[rows.at],
            "actor": actor,
            "stage": stage,
            "material": material,
            "level": rows.text("level"),
            "t_per_year": market_tonnes(f, rows),
            "price_eur_per_t": rows.number("price_eur_per_t"),
            "markets": rows.ids,
        }
    )


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what is stated per actor, stage, material and level; NaN as soon as one part is unknown."""
    key = ["filiere", "actor", "stage", "material", "level"]
    number = rows.groupby(key, sort=False, dropna=False).ngroup().to_numpy()
    first = rows[key].drop_duplicates().reset_index(drop=True)
    tonnes = rows["t_per_year"].to_numpy(np.float64)
    total = np.bincount(number, weights=np.nan_to_num(tonnes), minlength=len(first)).astype(np.float64)
    total[number[np.isnan(tonnes)]] = np.nan
    cells = rows["markets"].to_numpy(object)[np.argsort(number, kind="stable")]
    ends = np.cumsum(np.bincount(number, minlength=len(first)))
    names = [
        tuple(cells[end - count : end].tolist()) for end, count in zip(ends, np.bincount(number), strict=True)
    ]
    return first.assign(t_per_year=total, markets=pd.Series(names, index=first.index, dtype=object))


def _aside(groups: pd.DataFrame, kind: str) -> pd.DataFrame:
    return groups[["actor", "stage", "material", "level", "markets"]].assign(kind=kind)


def _places_of_demands(groups: pd.DataFrame, facts: RowFacts, use: Mask) -> pd.DataFrame:
    """Return the rows of each demand; one without an actor is shared by those who state none of their own."""
    own = (groups["actor"] >= 0).to_numpy(bool)
    first = rows_of(groups[own], facts, use, facts.market)
    free = use.copy()
    free[first[1]] = False
    return _places(first, rows_of(groups[~own], facts, free, facts.market))


def _places(*found: tuple[Codes, Codes]) -> pd.DataFrame:
    group, row = (np.concatenate(part) for part in zip(*found, strict=True))
    return pd.DataFrame({"group": group, "row": row})


def _every_market(system: System, facts: RowFacts, waste: Mask) -> pd.DataFrame:
    """Return a demand without limit for each material that reaches a market, waste apart."""
    rows = np.flatnonzero(facts.market & facts.arrives & ~waste[system.row_material])
    node, blank = system.row_node[rows], np.full(len(rows), np.nan)
    actor = system.nodes.actor[node]
    return pd.DataFrame(
        {
            "filiere": system.filiere.network.actor_filiere[actor],
            "actor": actor,
            "stage": system.nodes.stage[node],
            "material": system.row_material[rows],
            "level": np.full(len(rows), None, dtype=object),
            "t_per_year": blank,
            "markets": pd.Series([()] * len(rows), dtype=object),
            "row": rows,
        }
    )


def _passed_on(system: System, facts: RowFacts, groups: pd.DataFrame, places: pd.DataFrame) -> pd.Index:
    """Return the demands of those who pass on what they ask for, towards others who ask."""
    market = facts.market[places["row"].to_numpy()]
    inner = places[~market]
    if inner.empty:
        return groups.index[:0]
    steps = steps_between(system).tocoo()
    graph = Graph.of(steps.row, steps.col, size=system.n_rows)
    loops = strong_components(graph)
    between = condensed(graph, loops)
    asking = any_at(loops.label[places["row"].to_numpy()], loops.count)
    leads = reached(between, asking, backward=True)
    onwards = any_at(
        between.rows()[leads[between.indices]], loops.count
    )  # some other loop ahead asks, or leads there
    found = inner["group"].to_numpy()[onwards[loops.label[inner["row"].to_numpy()]]]
    return pd.Index(np.unique(found), dtype=groups.index.dtype)
