"""The relations between flows that the table of constraints states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...columns import columns
from ...vocabulary import ConstraintRelation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from ._rows import RowBuilder

    Codes = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["stated_rows"]


def stated_rows(build: RowBuilder, f: Filiere) -> tuple[str, ...]:
    """Add the relations of the table of constraints between flows that count, in the year of the flows.

    Returns
    -------
    tuple of str
        Terms that could not be used: of a relation with a flow that does not count, or an unknown number.
    """
    relations, lost = f.derived("stated_relations", _stated)
    for relation in relations:  # over the few kinds of relations
        terms = [(relation.row, relation.arc, relation.coefficient)]
        build.rows("constraint", relation.names, terms, relation.right, equal=relation.equal)
    return lost


@dataclass(frozen=True)
class _Relations:
    """Relations of one kind: what they are called, their right sides, and along their terms what each is about."""

    names: list[str]
    right: Values
    row: Codes
    arc: Codes
    coefficient: Values
    equal: bool


def _stated(f: Filiere) -> tuple[list[_Relations], tuple[str, ...]]:
    """Return the relations that can be used, and the terms that cannot."""
    if not len(columns(f, "constraints")):
        return [], ()
    net, rows = f.network, f.constraints
    current = rows[(rows["year"].isna() | (rows["year"] == (net.year or -1))).to_numpy(bool)]
    place = pd.Series(net.declared_flow, index=f.flows.index[net.declared_row])
    table = current.assign(
        arc=current["flow_id"].map(place).astype("float64"),
        name=current.groupby(["constraint_id", "year"], dropna=False, sort=False).ngroup(),
    )
    broken = table["arc"].isna() | table["coefficient"].isna() | table["right_side_t_per_year"].isna()
    spoiled = table["name"].isin(table["name"][broken])
    usable = table[~spoiled]
    found = []
    for relation in (ConstraintRelation.EQUAL, ConstraintRelation.AT_MOST, ConstraintRelation.AT_LEAST):
        mine = usable[(usable["relation"] == relation.value).to_numpy(bool)]
        if mine.empty:
            continue
        sign = -1.0 if relation is ConstraintRelation.AT_LEAST else 1.0
        first = mine.drop_duplicates("name")
        found.append(
            _Relations(
                names=first["constraint_id"].astype(str).tolist(),
                right=sign * first["right_side_t_per_year"].to_numpy(np.float64),
                row=pd.factorize(mine["name"])[0].astype(np.int64),
                arc=mine["arc"].to_numpy(np.int64),
                coefficient=sign * mine["coefficient"].to_numpy(np.float64),
                equal=relation is ConstraintRelation.EQUAL,
            )
        )
    return found, tuple(table.index[spoiled].tolist())
