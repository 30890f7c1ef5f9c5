"""Cumulated yield along paths (B9): what is left of a tonne from resource to market."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import isclose
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError, DataQualityWarning, UnknownNameError
from ....network import codes_of
from ....text import join_list
from ....vocabulary import StageKind
from ...system import recipe_rows

if TYPE_CHECKING:
    from ....filiere import Filiere

__all__ = ["PATH_YIELD_COLUMNS", "cumulated_yield", "path_yield"]

PATH_YIELD_COLUMNS = [
    "resource_id", "market_id", "stages", "material_id", "to_material_id", "path_yield", "low", "high",
    "n_without_recipe",
]  # fmt: skip


def cumulated_yield(yields: Iterable[float] = (), *, losses: Iterable[float] = ()) -> float:
    """Return the cumulated yield of steps in a row (B9): ``Π (1 − w_k) · y_k``.

    Parameters
    ----------
    yields, losses
        Shares in [0, 1] kept, or lost, at each step.

    Returns
    -------
    float
        In [0, 1]; the loss is 1 less this. 1 without a step, NaN as soon as one is unknown.

    Raises
    ------
    ArgumentError
        A share that is not in [0, 1].

    Examples
    --------
    Losing 10 %, then 20 %, loses 28 %, not 30 %.

    >>> round(1 - cumulated_yield(losses=[0.1, 0.2]), 12)
    0.28
    """
    kept, lost = (np.fromiter(map(float, part), dtype=np.float64) for part in (yields, losses))
    for name, part in (("yields", kept), ("losses", lost)):
        if (wrong := part[(part < 0) | (part > 1)]).size:
            raise ArgumentError(f"{name}: {wrong[0]} is not a share in [0, 1]")
    return float(np.prod(kept) * np.prod(1 - lost))


def path_yield(f: Filiere, *, stages: Sequence[str] | None = None, limit: int = 1000) -> pd.DataFrame:
    """Return the cumulated yield of a material along paths of stages, as the recipes have it (B9).

    ``Π y_k`` over the stages of a path: at each stage *y* is the tonnes of the material that goes on, over all the
    tonnes that its process takes (its losses are in it). In [0, 1] where recipes conserve matter. A stage without
    a recipe changes nothing. Recipes of the stage count; those of an actor where the stage has none.

    Parameters
    ----------
    stages
        One path; by default every simple path of expected passages from a resource to a market.
    limit
        Paths beyond this number are not listed (a warning says so).

    Returns
    -------
    pandas.DataFrame
        A row per path, per material that enters its first recipe and material that comes out of its last one:
        `resource_id`, `market_id` (first and last stage), `stages` (joined by ``;``), `material_id`,
        `to_material_id` (unknown where no recipe and no passage names one), `path_yield`, `low`, `high` (over
        the processes that could be meant; `path_yield` is NaN where they differ, all three where a coefficient is
        unknown), `n_without_recipe` (stages between both ends). One row with unknown materials and NaN where
        recipes do not lead from one end to the other.

    Raises
    ------
    UnknownNameError
        A stage that does not exist.

    Warns
    -----
    DataQualityWarning
        More than `limit` paths.

    References
    ----------
    Yields in a row multiply, as in EcoAnalyst (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Champ", "Teillage", "Peignage", "Vente"],
    ...             "kind": ["resource", "operation", "operation", "market"]},
    ...     stage_links={"stage_id": ["champ", "teillage", "peignage"],
    ...                  "to_stage_id": ["teillage", "peignage", "vente"]},
    ...     materials={"name": ["paille", "filasse", "ruban"]},
    ...     recipes={"stage_id": ["teillage"] * 2 + ["peignage"] * 2, "side": ["in", "out"] * 2,
    ...              "material_id": ["paille", "filasse", "filasse", "ruban"], "t_per_t": [1, 0.9, 1, 0.8]},
    ...     actors={"name": ["A"]},
    ... )
    >>> row = path_yield(f).iloc[0]
    >>> row["material_id"], row["to_material_id"], round(row["path_yield"].item(), 12)
    ('paille', 'ruban', 0.72)
    """
    if stages is None:
        paths = _paths(f)
    else:
        for name in stages:
            if name not in f.stages.index:
                raise UnknownNameError.of(f"no stage {name!r}", name, f.stages.index)
        paths = iter([f.network.stage_ids.get_indexer(list(stages)).tolist()])
    steps = _Steps.of(f)
    rows = [row for path in islice(paths, limit) for row in _rows(f, steps, path)]
    if next(paths, None) is not None:
        warnings.warn(
            f"more than {limit} paths: the first {limit} are listed", DataQualityWarning, stacklevel=2
        )
    kinds = dict.fromkeys(PATH_YIELD_COLUMNS, "str") | dict.fromkeys(["path_yield", "low", "high"], "float64")
    return pd.DataFrame(rows, columns=PATH_YIELD_COLUMNS).astype(kinds | {"n_without_recipe": "int64"})


def _paths(f: Filiere) -> Iterator[list[int]]:
    """Yield the simple paths of expected passages from a resource to a market."""
    import networkx as nx

    net, kinds = f.network, f.stages["kind"].to_numpy(object)
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(net.n_stages))
    graph.add_edges_from(zip(net.link_from.tolist(), net.link_to.tolist(), strict=True))
    ends = set(np.flatnonzero(kinds == StageKind.MARKET.value).tolist())
    for start in np.flatnonzero(kinds == StageKind.RESOURCE.value).tolist():  # over stages
        yield from nx.all_simple_paths(graph, start, ends - {start})


#: (material in, material out) → least and most kept; −1 is a material that nobody names
_Kept = dict[tuple[int, int], tuple[float, float]]


@dataclass(frozen=True)
class _Steps:
    """What each stage keeps of a material, and what the passages between two stages carry."""

    kept: dict[int, dict[int, dict[int, tuple[float, float]]]]
    carried: dict[tuple[int, int], set[int]]

    @classmethod
    def of(cls, f: Filiere) -> _Steps:
        net, rows = f.network, recipe_rows(f)
        stage, made = codes_of(rows["stage_id"], net.stage_ids), rows["side"].eq("out").to_numpy(bool)
        table = pd.DataFrame(
            {
                "stage": stage,
                "actor": codes_of(rows["actor_id"], net.actor_ids),
                "process": rows["process"].fillna("").to_numpy(object),
                "material": codes_of(rows["material_id"], net.material_ids),
                "made": made,
                "t": rows["t_per_t"].to_numpy(np.float64),
            }
        )
        shared = table["actor"] < 0
        table = table[shared | ~table["stage"].isin(table["stage"][shared])]
        kept: dict[int, dict[int, dict[int, tuple[float, float]]]] = {}
        for (place, _, _), process in table.groupby(
            ["stage", "actor", "process"]
        ):  # over processes of stages
            inputs, outputs = process[~process["made"]], process[process["made"]]
            takes = inputs["t"].sum(skipna=False) if len(inputs) else 1.0
            at = kept.setdefault(int(place), {})
            for taken in inputs["material"].tolist() or [-1]:
                for gives, amount in zip(outputs["material"].tolist(), outputs["t"].tolist(), strict=True):
                    share = amount / takes if takes else float("nan")
                    low, high = at.setdefault(taken, {}).get(gives, (share, share))
                    at[taken][gives] = (float(np.minimum(low, share)), float(np.maximum(high, share)))
        carried: dict[tuple[int, int], set[int]] = {}
        for start, end, material in zip(
            net.link_from.tolist(), net.link_to.tolist(), net.link_material.tolist(), strict=True
        ):  # over expected passages
            carried.setdefault((start, end), set()).add(material)
        return cls(kept, carried)


def _rows(f: Filiere, steps: _Steps, path: list[int]) -> list[tuple[object, ...]]:
    """Return the rows of one path."""
    net = f.network
    now: _Kept = {(-1, -1): (1.0, 1.0)}
    for start, end in pairwise(path):  # over the stages of one path
        now = _named(now, steps.carried.get((start, end), {-1}))
        if end in steps.kept and end != path[-1]:
            now = _processed(now, steps.kept[end])
    names = [*net.material_ids.tolist(), None]
    about = (net.stage_ids[path[0]], net.stage_ids[path[-1]], join_list(net.stage_ids[path].tolist()))
    silent = sum(stage not in steps.kept for stage in path[1:-1])
    found = now or {(-1, -1): (float("nan"), float("nan"))}
    return [
        (*about, names[into], names[out], low if isclose(low, high) else float("nan"), low, high, silent)
        for (into, out), (low, high) in found.items()
    ]


def _named(now: _Kept, carried: set[int]) -> _Kept:
    """Return what goes on along a passage: the materials that it names, any where it names none."""
    if -1 in carried:
        return now
    found: _Kept = {}
    for (into, out), share in now.items():
        if out >= 0 and out not in carried:
            continue
        for material in [out] if out >= 0 else sorted(carried):
            found[material if into < 0 else into, material] = share
    return found


def _processed(now: _Kept, kept: dict[int, dict[int, tuple[float, float]]]) -> _Kept:
    """Return what the processes of a stage make of each material."""
    found: _Kept = {}
    for (into, out), (low, high) in now.items():
        sources = [out] if out >= 0 and out in kept else list(kept) if out < 0 else [-1] if -1 in kept else []
        for source in sources:
            for gives, (least, most) in kept[source].items():
                key = (into if into >= 0 else source, gives)
                share = (low * least, high * most)
                had = found.get(key, share)
                found[key] = (float(np.minimum(had[0], share[0])), float(np.maximum(had[1], share[1])))
    return found
