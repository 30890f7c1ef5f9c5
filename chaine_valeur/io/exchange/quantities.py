"""Flows as the programs that add up rows need them: each passage once a year, in tonnes, nothing that does not count.

Such a program (floweaver, OpenSankey) adds up the rows that it is given. So another declaration of a flow
(``same_flow_as``), of which one counts, and a flow that is planned or over are not among them: which rows count is what
`chaine_valeur.network` decides, in each year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...filiere import Filiere
from ...language import N_

__all__ = ["NOT_COUNTED", "UNKNOWN", "Counting", "counting_flows"]

NOT_COUNTED = N_(
    "Not counted (planned, over, or another declaration of a flow that is written): it would be added to the others."
)
UNKNOWN = N_("The tonnage is unknown, and the program would take a blank for zero.")


@dataclass(frozen=True)
class Counting:
    """The flows that count, in their order, their tonnes (natural quantities converted), and how many do not."""

    flows: pd.DataFrame
    tonnes: pd.Series
    left_out: list[tuple[str, str, int, str]]


def counting_flows(f: Filiere, *, known: bool) -> Counting:
    """Return the flows that a program may add up.

    Parameters
    ----------
    known
        Leave out those of unknown tonnage too.

    Examples
    --------
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais", "Filature"]},
    ...     flows={
    ...         "flow_id": ["dit", "redit", "prévu"],
    ...         "source": ["Relais"] * 3,
    ...         "target": ["Filature"] * 3,
    ...         "quantity_t_per_year": [12, 13, 50],
    ...         "same_flow_as": [None, "dit", None],
    ...         "status": ["active", "active", "planned"],
    ...     },
    ... )
    >>> counting_flows(f, known=True).tonnes.to_dict()
    {'dit': 12.0}
    """
    flows = f.flows
    tonnes = pd.Series(np.nan, index=flows.index)
    counts = np.zeros(len(flows), dtype=bool)
    years = flows["year"].dropna().unique()
    # a loop over years: of two declarations of one flow another one may count in another year
    for part in [f] if len(years) < 2 else [f.at(int(year)) for year in sorted(years)]:
        core = part.network
        rows = flows.index.get_indexer(part.flows.index[core.flow_row])
        counts[rows] = True
        tonnes.iloc[rows] = core.flow_t
    unknown = counts & tonnes.isna().to_numpy()
    kept = counts & ~unknown if known else counts
    lost = [
        ("flows", "", int((~counts).sum()), NOT_COUNTED),
        ("flows", "", int(unknown.sum()) if known else 0, UNKNOWN),
    ]
    return Counting(flows[kept], tonnes[kept], lost)
