"""The processes that run at each node, with what one tonne of their level takes and makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from ...columns import Rows, columns
from ...kernels import max_at
from ...network.positions import NO_YEAR
from ...rules import CREATED
from ...vocabulary import Side
from .._joins import first_seen, matches
from ..together import filiere_of, holds_in
from ..uncertainty import relative_uncertainties

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from .nodes import Nodes

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Places = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["Processes", "current_recipes", "processes_of", "recipe_rows"]


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
    return current_recipes(f).frame


def current_recipes(f: Filiere) -> Rows:
    """Return `recipe_rows` column by column, found once."""
    return f.derived("current_recipes", _current)


def _current(f: Filiere) -> Rows:
    net, recipes, of = f.network, columns(f, "recipes"), filiere_of(f, "recipes")
    years = recipes.number("year")
    latest = max_at(of, years, size=net.n_filieres)
    year = np.where(net.years != NO_YEAR, net.years, np.where(np.isnan(latest), NO_YEAR, latest))
    rows = Rows.where(recipes, holds_in(years, year[of]))
    line = [f.codes("recipes", name)[rows.at] for name in ("stage_id", "actor_id", "material_id")]
    line += [rows.ranks("side", list(Side)), net.tables.texts("recipes", "process").numbers[rows.at]]
    order = np.lexsort((np.isnan(years[rows.at]), *line))  # of one line, dated ones first
    again = np.zeros(len(rows), dtype=bool)
    again[order[1:]] = np.logical_and.reduce([part[order[1:]] == part[order[:-1]] for part in line])
    return rows[~again | (year == NO_YEAR)[of[rows.at]]]


def processes_of(f: Filiere, nodes: Nodes, *, changed: Mapping[str, float] | None = None) -> Processes:
    """Return the processes of every activity: those of its actor where it has its own, else of its stage."""
    rows, acts = current_recipes(f), nodes.activities
    of_stage, of_actor, material = (
        f.codes("recipes", name)[rows.at] for name in ("stage_id", "actor_id", "material_id")
    )
    activity, row = matches(acts.stage, of_stage)
    own = of_actor[row] == acts.actor[activity]
    has_own = np.bincount(activity[own], minlength=len(acts.actor)) > 0
    use = np.where(has_own[activity], own, of_actor[row] < 0)
    activity, row = activity[use], row[use]
    called = f.network.tables.texts("recipes", "process").numbers[rows.at[row]]
    number, first = first_seen(activity * (int(called.max(initial=-1)) + 2) + called + 1)
    made = rows.among("side", "out")[row]
    amount = rows.number("t_per_t")[row]
    count = len(first)
    takes, makes = (_per_process(number[side], amount[side], count) for side in (~made, made))
    any_input = np.bincount(number[~made], minlength=count) == 0
    takes[any_input] = 1.0
    found = Processes(
        node=nodes.activity_node[activity[first]],
        stage=acts.stage[activity[first]],
        name=np.where(called[first] < 0, "", rows.text("process")[row[first]]),
        process=number,
        material=material[row],
        made=made,
        t_per_t=amount,
        uncertainty=relative_uncertainties(f, "recipes", "t_per_t", changed=changed)[rows.at[row]],
        recipe=rows.ids[row],
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


def _per_process(number: Codes, amount: Values, count: int) -> Values:
    """Return the sum of coefficients per process; NaN as soon as one is unknown."""
    total = np.bincount(number, weights=np.nan_to_num(amount), minlength=count).astype(np.float64)
    total[np.bincount(number[np.isnan(amount)], minlength=count) > 0] = np.nan
    return total
