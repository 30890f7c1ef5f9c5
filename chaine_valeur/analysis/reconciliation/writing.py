"""The filière with reconciled tonnages, and the recipes that go with them, in place of what was declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...language import number, quantity, tr
from ...schema import unit_label
from ...vocabulary import Confidence
from ..system import recipe_rows

if TYPE_CHECKING:
    from ...filiere import Filiere
    from .tables import ReconciledTables

__all__ = ["reconciled_filiere"]

#: Below this share of its tonnage, an adjustment is none.
UNMOVED = 1e-6
#: Least relative uncertainty that is written: one that balances leave next to nothing of would count as exact.
FIRMEST = 1e-4


def reconciled_filiere(r: ReconciledTables, *, lang: str = "fr") -> Filiere:
    """Return the filière with reconciled tonnages in place of those declared.

    Flows that count and that the equations determine get their reconciled tonnage and uncertainty, in every
    declaration; what was written stands in the hypothesis of the row, which becomes an estimate. A free flow
    keeps its blank tonnage, and gets the range that is left to it as minimum and maximum. A recipe that bent
    becomes one of its actor, with the coefficients found. Other rows stay.

    ``quantity = x̂`` (t/year) and ``uncertainty_share = σ̂ / x̂``, between 0.0001 and 5; 0 for what was exact.

    Parameters
    ----------
    lang
        Language of what is noted in the rows.

    Returns
    -------
    Filiere
        Its flows and recipes satisfy the balances: reconciled again, nothing moves. Tonnages are 0 or more; NaN
        stays where a flow is free. Nothing is raised: what was reconciled holds.

    Notes
    -----
    What is written where is a convention of this library.

    Examples
    --------
    100 t in and 90 t out, all ± 10 %: the 10 t that are missing are shared out by variance.

    >>> from chaine_valeur import Filiere, reconcile
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Gisement", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
    ...     actors={"name": ["Ménages", "Relais", "Boutique"]},
    ...     activities={"actor_id": ["Ménages", "Relais", "Boutique"], "stage_id": ["Gisement", "Tri", "Vente"]},
    ...     flows={"flow_id": ["in", "a", "b"], "source": ["Ménages", "Relais", "Relais"],
    ...            "target": ["Relais", "Boutique", "Boutique"], "quantity_t_per_year": [100, 60, 30],
    ...            "uncertainty_share": [0.1, 0.1, 0.1]},
    ... )
    >>> flows = reconciled_filiere(reconcile(f), lang="en").flows
    >>> flows["quantity_t_per_year"].round(1).tolist()
    [93.1, 62.5, 30.6]
    >>> flows.loc["in", "hypothesis"].replace("\\u00a0", " ")
    'Reconciled; declared: 100 t/year.'
    """
    found = r.filiere.with_table("flows", _flows(r, lang), strict=False)
    bent = _recipes(r, lang)
    return found if bent.empty else found.with_rows("recipes", bent, strict=False)


def _flows(r: ReconciledTables, lang: str) -> pd.DataFrame:
    f, net, found = r.filiere, r.filiere.network, r.details()
    flows, rows = f.flows, net.declared_row
    mine = found.iloc[net.declared_flow]
    free = (mine["data_class"] == "free").to_numpy(bool)
    value = mine["reconciled_t_per_year"].to_numpy(np.float64)
    written = flows["quantity_t_per_year"].to_numpy(np.float64)[rows]
    moved = ~free & ~(np.abs(value - written) <= UNMOVED * np.maximum(np.abs(value), 1.0))
    settled = rows[~free]
    sd = mine["reconciled_sd_t"].to_numpy(np.float64)
    relative = np.divide(sd, value, out=np.full(len(sd), np.nan), where=value > 0)
    exact = (mine["declared_sd_t"] == 0).to_numpy(bool)
    relative = np.where(exact, 0.0, np.clip(relative, FIRMEST, 5.0))
    changed = flows.copy()
    _set(changed, "quantity_t_per_year", settled, value[~free])
    _set(changed, "uncertainty_share", settled, relative[~free])
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
    return changed


def _recipes(r: ReconciledTables, lang: str) -> pd.DataFrame:
    """Return the rows of recipes of the activities of which a process bent, as rows of their actor."""
    table = r.processes
    off = (table["reconciled_t_per_t"] - table["stated_t_per_t"]).abs() > UNMOVED
    bent = table[off.to_numpy(bool)][["actor_id", "stage_id"]].drop_duplicates().astype("str")
    if bent.empty:
        return pd.DataFrame()
    rows = recipe_rows(r.filiere).reset_index()
    own = rows.merge(bent, on=["actor_id", "stage_id"])
    rest = bent.merge(own[["actor_id", "stage_id"]].drop_duplicates(), how="left", indicator=True)
    rest = rest[rest["_merge"] == "left_only"][["actor_id", "stage_id"]]
    shared = rows[rows["actor_id"].isna()].drop(columns="actor_id").merge(rest, on="stage_id")
    taken = pd.concat([part for part in (own, shared) if len(part)], ignore_index=True)
    key = ["recipe_id", "actor_id"]
    names = ["reconciled_t_per_t", "stated_t_per_t"]
    found = taken[key].merge(table[[*key, *names]].astype(dict.fromkeys(key, "str")), on=key, how="left")
    value, stated = (found[name].to_numpy(np.float64) for name in names)
    moved = np.abs(value - stated) > UNMOVED
    notes = [
        tr("Reconciled; stated: {share}.", lang, share=number(old, lang, digits=3)) for old in stated[moved]
    ]
    taken.loc[moved, "t_per_t"] = value[moved]
    taken.loc[moved, "confidence"] = Confidence.ESTIMATED.value
    taken.loc[moved, "hypothesis"] = np.array(notes, dtype=object)
    is_own = taken["recipe_id"].isin(own["recipe_id"])
    taken["recipe_id"] = taken["recipe_id"].where(is_own, taken["recipe_id"] + "@" + taken["actor_id"])
    return taken


def _set(frame: pd.DataFrame, column: str, rows: np.ndarray, values: object) -> None:
    frame.iloc[rows, frame.columns.get_loc(column)] = values
