"""The relations between flows that the table of constraints states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...vocabulary import ConstraintRelation

if TYPE_CHECKING:
    from ...filiere import Filiere
    from ._rows import RowBuilder

__all__ = ["stated_rows"]


def stated_rows(build: RowBuilder, f: Filiere) -> tuple[str, ...]:
    """Add the relations of the table of constraints between flows that count, in the year of the flows.

    Returns
    -------
    tuple of str
        Terms that could not be used: of a relation with a flow that does not count, or an unknown number.
    """
    net, rows = f.network, f.constraints
    if rows.empty:
        return ()
    current = rows[(rows["year"].isna() | (rows["year"] == (net.year or -1))).to_numpy(bool)]
    place = pd.Series(net.declared_flow, index=f.flows.index[net.declared_row])
    table = current.assign(
        arc=current["flow_id"].map(place).astype("float64"),
        name=current.groupby(["constraint_id", "year"], dropna=False, sort=False).ngroup(),
    )
    broken = table["arc"].isna() | table["coefficient"].isna() | table["right_side_t_per_year"].isna()
    spoiled = table["name"].isin(table["name"][broken])
    usable = table[~spoiled]
    for relation in (ConstraintRelation.EQUAL, ConstraintRelation.AT_MOST, ConstraintRelation.AT_LEAST):
        mine = usable[(usable["relation"] == relation.value).to_numpy(bool)]
        if mine.empty:
            continue
        sign = -1.0 if relation is ConstraintRelation.AT_LEAST else 1.0
        number, _ = pd.factorize(mine["name"])
        first = mine.drop_duplicates("name")
        right = sign * first["right_side_t_per_year"].to_numpy(np.float64)
        terms = [
            (
                number.astype(np.int64),
                mine["arc"].to_numpy(np.int64),
                sign * mine["coefficient"].to_numpy(np.float64),
            )
        ]
        equal = relation is ConstraintRelation.EQUAL
        build.rows("constraint", first["constraint_id"].astype(str).tolist(), terms, right, equal=equal)
    return tuple(table.index[spoiled].tolist())
