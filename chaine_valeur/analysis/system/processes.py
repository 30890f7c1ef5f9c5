"""The processes that run at each node, with what one tonne of their level takes and makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
import pandas as pd

from ...network import codes_of, latest_year
from ...rules import CREATED
from ..uncertainty import relative_uncertainty

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...filiere import Filiere
    from .nodes import Nodes

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Processes", "processes_of", "recipe_rows"]


@dataclass(frozen=True)
class Processes:
    """Processes, and their coefficients as arrays.

    Attributes
    ----------
    node, stage
        Node and stage of each process.
    name
        Its name in the table, an empty text where a stage has one only.
    process, material, made, t_per_t, uncertainty, recipe
        Along the coefficients: their process, the material, whether it is made (else taken), tonnes per tonne
        of level (NaN: unknown), relative uncertainty, identifier of the row.
    takes, makes
        Per process, tonnes taken and made per tonne of level; a process whose inputs nobody states takes one.
    any_input
        Processes whose inputs nobody states: whatever enters is taken.
    creating
        Identifiers of recipe rows of the processes that were left out because they make more than they take.
    """

    node: Codes
    stage: Codes
    name: NDArray[np.object_]
    process: Codes
    material: Codes
    made: Mask
    t_per_t: Values
    uncertainty: Values
    recipe: NDArray[np.object_]
    takes: Values
    makes: Values
    any_input: Mask
    creating: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of processes."""
        return len(self.node)

    def without(self, idle: Mask) -> Self:
        """Return the processes without some of them."""
        kept = np.flatnonzero(~idle)
        place = np.full(self.size, -1, dtype=np.int32)
        place[kept] = np.arange(len(kept), dtype=np.int32)
        use = ~idle[self.process]
        return type(self)(
            self.node[kept], self.stage[kept], self.name[kept], place[self.process[use]], self.material[use],
            self.made[use], self.t_per_t[use], self.uncertainty[use], self.recipe[use], self.takes[kept],
            self.makes[kept], self.any_input[kept], self.creating,
        )  # fmt: skip


def recipe_rows(f: Filiere) -> pd.DataFrame:
    """Return the rows of recipes of the year of the flows; one of that year hides one of every year."""
    rows = f.recipes
    dated = rows["year"].notna()
    year = f.network.year or latest_year(rows)
    if year is None:
        return rows
    current = rows[(~dated | (rows["year"] == year)).to_numpy(bool)]
    current = current.sort_values("year", kind="stable", na_position="last", ascending=False)
    same = ["stage_id", "actor_id", "process", "side", "material_id"]
    kept = current[~current.duplicated(same)]
    return rows.loc[rows.index.isin(kept.index)]


def processes_of(f: Filiere, nodes: Nodes, *, changed: Mapping[str, float] | None = None) -> Processes:
    """Return the processes of every activity: those of its actor where it has its own, else of its stage."""
    net, rows, acts = f.network, recipe_rows(f), nodes.activities
    table = pd.DataFrame(
        {
            "stage": codes_of(rows["stage_id"], net.stage_ids),
            "actor": codes_of(rows["actor_id"], net.actor_ids),
            "name": rows["process"].fillna("").to_numpy(object),
            "material": codes_of(rows["material_id"], net.material_ids),
            "made": (rows["side"] == "out").to_numpy(bool),
            "t_per_t": rows["t_per_t"].to_numpy(np.float64),
            "uncertainty": relative_uncertainty(f, "recipes", "t_per_t", changed=changed)
            .loc[rows.index]
            .to_numpy(),
            "recipe": rows.index.to_numpy(object),
        }
    )
    held = pd.DataFrame(
        {
            "activity": np.arange(len(acts.actor)),
            "node": nodes.activity_node,
            "stage": acts.stage,
            "actor": acts.actor,
        }
    )
    own = held.merge(table[table["actor"] >= 0], on=["stage", "actor"])
    rest = held[~held["activity"].isin(own["activity"])]
    shared = rest.merge(table[table["actor"] < 0].drop(columns="actor"), on="stage")
    joined = pd.concat([own, shared], ignore_index=True).sort_values("activity", kind="stable")
    number, first = _numbered(joined)
    made = joined["made"].to_numpy(bool)
    amount = joined["t_per_t"].to_numpy(np.float64)
    count = len(first)
    takes, makes = (_per_process(number[side], amount[side], count) for side in (~made, made))
    any_input = np.bincount(number[~made], minlength=count) == 0
    takes[any_input] = 1.0
    found = Processes(
        node=joined["node"].to_numpy(np.int32)[first],
        stage=joined["stage"].to_numpy(np.int32)[first],
        name=joined["name"].to_numpy(object)[first],
        process=number,
        material=joined["material"].to_numpy(np.int32),
        made=made,
        t_per_t=amount,
        uncertainty=joined["uncertainty"].to_numpy(np.float64),
        recipe=joined["recipe"].to_numpy(object),
        takes=takes,
        makes=makes,
        any_input=any_input,
        creating=(),
    )
    creating = makes > takes * (1 + CREATED)
    if not creating.any():
        return found
    wrong = tuple(dict.fromkeys(found.recipe[creating[found.process]].tolist()))
    kept = found.without(creating)
    return Processes(**{**vars(kept), "creating": wrong})


def _numbered(joined: pd.DataFrame) -> tuple[Codes, NDArray[np.intp]]:
    """Return the process of each coefficient, and the first coefficient of each process."""
    pairs = pd.MultiIndex.from_arrays([joined["activity"], joined["name"]])
    number, _ = pd.factorize(pairs)
    _, first = np.unique(number, return_index=True)
    return number.astype(np.int32), first


def _per_process(number: Codes, amount: Values, count: int) -> Values:
    """Return the sum of coefficients per process; NaN as soon as one is unknown."""
    total = np.bincount(number, weights=np.nan_to_num(amount), minlength=count).astype(np.float64)
    total[np.bincount(number[np.isnan(amount)], minlength=count) > 0] = np.nan
    return total
