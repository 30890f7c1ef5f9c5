"""Tonnages of the flows that both have: what changes, the largest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..analysis.wording import passage_name, tonnes
from ..language import clauses, number, tr, trn
from .wording import is_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..filiere import Filiere
    from .compared import Compared

__all__ = ["tonnage_changes", "tonnage_sentences"]

#: Flows of which the change is told; the others are counted.
MOST_FLOWS = 5


def tonnage_changes(before: Filiere, after: Filiere) -> pd.DataFrame:
    """Return the tonnages of what passes from one actor to another, of one material, where both know them.

    Flows that count are added up by ends and material: one of them of unknown tonnage makes the sum unknown.

    Returns
    -------
    pandas.DataFrame
        A row per ``source``, ``target`` and ``material_id`` (missing: outside, not stated) of which the tonnage is
        not the same: ``before``, ``after`` (t/year), those that change most first.
    """
    both = pd.concat(
        {"before": _by_ends(before), "after": _by_ends(after)}, axis=1, join="inner", names=["side"]
    ).dropna()
    size = (both["after"] - both["before"]).abs()
    order = size[size > 0].sort_values(ascending=False, kind="stable").index
    found = both.loc[order].reset_index()
    for name in ("source", "target", "material_id"):
        found[name] = found[name].where(found[name].ne(""), None)
    return found


def _by_ends(f: Filiere) -> pd.Series:
    net = f.network
    ends = {"source": (net.flow_source, net.actor_ids), "target": (net.flow_target, net.actor_ids),
            "material_id": (net.flow_material, net.material_ids)}  # fmt: skip
    rows = pd.DataFrame(
        {name: np.append(ids.to_numpy(object), "")[code] for name, (code, ids) in ends.items()}, dtype=object
    ).assign(t=net.flow_t)
    # NaN is unknown, and what it is added to as well
    return rows.groupby(list(ends), sort=False)["t"].agg(lambda column: column.sum(skipna=False))


def tonnage_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield the tonnages that change, the largest by name, the others counted; nothing of two filières or territories."""
    if is_elsewhere(found):
        return
    f = found.after.filiere
    told = []
    for row in tonnage_changes(found.before.filiere, f).itertuples():  # over flows of both
        amounts = [tonnes(float(one), lang) for one in (row.before, row.after)]
        if amounts[0] != amounts[1]:
            name = passage_name(f, row.source, row.target, row.material_id, lang=lang)
            before = number(float(row.before), lang)
            told.append(tr("{name} ({before} → {after})", lang, name=name, before=before, after=amounts[1]))
    if not told:
        return
    named, others = told[:MOST_FLOWS], len(told) - MOST_FLOWS
    if others > 0:
        named.append(trn("{count} other", "{count} others", others, lang))
    yield tr("Tonnages that change: {flows}.", lang, flows=clauses(named, lang))
