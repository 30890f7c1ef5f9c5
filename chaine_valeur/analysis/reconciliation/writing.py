"""The filière with reconciled tonnages in place of those declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...language import quantity, tr
from ...schema import unit_label
from ...vocabulary import Confidence

if TYPE_CHECKING:
    import pandas as pd

    from ...filiere import Filiere
    from .tables import ReconciledTables

__all__ = ["reconciled_filiere"]

#: Below this share of its tonnage, an adjustment is none.
UNMOVED = 1e-6


def reconciled_filiere(r: ReconciledTables, *, lang: str = "fr") -> Filiere:
    """Return the filière with reconciled tonnages in place of those declared.

    Flows that count and that the equations determine get their reconciled tonnage and uncertainty, in every
    declaration; what was written stands in the hypothesis of the row, which becomes an estimate. A free flow
    keeps its blank tonnage, and gets the range that is left to it as minimum and maximum. Other rows stay.

    Parameters
    ----------
    lang
        Language of what is noted in the rows.

    Returns
    -------
    Filiere
        Its flows satisfy the balances. Recipes stay as stated: reconciled again, what they pull moves a
        little further.
    """
    f, net = r.filiere, r.filiere.network
    found = r.details()
    flows = f.flows
    rows = net.declared_row
    mine = found.iloc[net.declared_flow]
    free = (mine["data_class"] == "free").to_numpy(bool)
    value = mine["reconciled_t_per_year"].to_numpy(np.float64)
    written = flows["quantity_t_per_year"].to_numpy(np.float64)[rows]
    moved = ~free & ~(np.abs(value - written) <= UNMOVED * np.maximum(np.abs(value), 1.0))
    settled = rows[~free]
    sd = mine["reconciled_sd_t"].to_numpy(np.float64)
    relative = np.divide(sd, value, out=np.full(len(sd), np.nan), where=value > 0)
    changed = flows.copy()
    _set(changed, "quantity_t_per_year", settled, value[~free])
    _set(changed, "uncertainty_share", settled, np.minimum(relative[~free], 5.0))
    _set(changed, "share", settled, np.nan)
    _set(changed, "natural_quantity_per_year", settled, np.nan)
    for name, side in (("min_t_per_year", "low_t_per_year"), ("max_t_per_year", "high_t_per_year")):
        bound = mine[side].to_numpy(np.float64)[free]
        _set(changed, name, rows[free], np.where(np.isfinite(bound), bound, np.nan))
    unit = unit_label("t/year", lang)
    notes = [
        tr("Reconciled; declared: {quantity}.", lang, quantity=quantity(old, unit, lang))
        if old == old
        else tr("Reconciled; not declared.", lang)
        for old in written[moved]
    ]
    _set(changed, "hypothesis", rows[moved], np.array(notes, dtype=object))
    _set(changed, "confidence", rows[moved], Confidence.ESTIMATED.value)
    return f.with_table("flows", changed, strict=False)


def _set(frame: pd.DataFrame, column: str, rows: np.ndarray, values: object) -> None:
    frame.iloc[rows, frame.columns.get_loc(column)] = values
