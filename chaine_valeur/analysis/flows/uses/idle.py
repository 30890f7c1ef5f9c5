"""Flows that do not count: in project or closed, or from or to an actor that is; how many, how much, and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....flow_stages import same_flow_groups
from ....language import N_, enumeration, quantity, tr, trn
from ....network import codes_of
from ....quantities import in_tonnes
from ....vocabulary import Status
from ...wording import tonnes

if TYPE_CHECKING:
    from ....filiere import Filiere

__all__ = ["idle_flows", "idle_text"]

_ACTOR, _FLOW = "actor", "flow"
#: From what will soon count to what no longer does; of a flow and its two ends, the furthest says why.
_FURTHER = (Status.ACTIVE.value, Status.PLANNED.value, Status.CANDIDATE.value, Status.CLOSED.value)
_REASONS = {
    (_ACTOR, Status.PLANNED.value): N_("an actor in project"),
    (_ACTOR, Status.CANDIDATE.value): N_("a candidate actor"),
    (_ACTOR, Status.CLOSED.value): N_("a closed actor"),
    (_FLOW, Status.PLANNED.value): N_("a flow in project"),
    (_FLOW, Status.CANDIDATE.value): N_("a candidate flow"),
    (_FLOW, Status.CLOSED.value): N_("a closed flow"),
}


def idle_flows(f: Filiere) -> pd.DataFrame:
    """Return the flows of the year that do not count, each once however often declared, and why.

    Returns
    -------
    pandas.DataFrame
        By ``flow_id``, in table order: ``status`` (`Status`; of the flow and its two ends, the furthest from being
        active), ``of`` (``flow`` or ``actor``: which of them says so; the flow itself where both do),
        ``quantity_t_per_year`` (NaN: unknown).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A", "B", "C"], "status": ["active", "planned", "closed"]},
    ...     flows={"source": "A", "target": ["B", "C", None], "quantity_t_per_year": [150, 40, 10]},
    ... )
    >>> idle_flows(f)[["status", "of", "quantity_t_per_year"]].values.tolist()
    [['planned', 'actor', 150.0], ['closed', 'actor', 40.0]]
    """
    net, flows = f.network, f.flows
    rows = net.idle_row
    idle = flows.iloc[rows]
    ends = np.append(_ranks(f.actors["status"]), 0)  # the outside, −1, is always there
    own = _ranks(idle["status"])
    others = [ends[codes_of(idle[end], net.actor_ids)] for end in ("source", "target")]
    furthest = np.maximum.reduce([own, *others])
    found = pd.DataFrame(
        {
            "status": np.array(_FURTHER, dtype=object)[furthest],
            "of": np.where(own == furthest, _FLOW, _ACTOR),
            "quantity_t_per_year": in_tonnes(f, "flows").to_numpy(float)[rows],
        },
        index=idle.index,
    ).astype({"status": "str", "of": "str"})
    groups = same_flow_groups(flows).to_numpy()[rows]
    silent = found["quantity_t_per_year"].isna().to_numpy()
    order = np.lexsort((rows, silent, found["status"].eq(Status.CLOSED.value).to_numpy(), groups))
    kept = np.sort(order[np.unique(groups[order], return_index=True)[1]])
    return found.iloc[kept]


def idle_text(idle: pd.DataFrame, *, lang: str) -> str:
    """Return « 2 flux, 190 t/an, ne comptent pas : un acteur en projet (150 t), un acteur fermé (40 t) ».

    Parameters
    ----------
    idle
        `idle_flows`; empty, nothing is said.
    """
    if idle.empty:
        return ""
    parts = [
        (tr(_REASONS[key], lang), idle[idle["of"].eq(key[0]) & idle["status"].eq(key[1])]) for key in _REASONS
    ]
    told = [(reason, rows) for reason, rows in parts if len(rows)]
    said = [
        tr("{reason} ({amount})", lang, reason=reason, amount=_amount(rows, lang))
        if len(told) > 1
        else reason
        for reason, rows in told
    ]
    return trn(
        "{count} flow, {amount}, does not count: {reasons}",
        "{count} flows, {amount}, do not count: {reasons}",
        len(idle),
        lang,
        amount=_known(idle, lambda total: tonnes(total, lang), lang),
        reasons=enumeration(said, lang),
    )


def _amount(rows: pd.DataFrame, lang: str) -> str:
    """Return « 150 t », « 3 flux, 150 t »; what is unknown is said."""
    amount = _known(rows, lambda total: quantity(total, "t", lang), lang)
    if len(rows) == 1:
        return amount
    counted = trn("{count} flow", "{count} flows", len(rows), lang)
    return f"{counted}, {amount}"


def _known(rows: pd.DataFrame, told: Callable[[float], str], lang: str) -> str:
    """Return the tonnage of some flows in the words of `told`; that it is unknown, or at least so much."""
    cells = rows["quantity_t_per_year"]
    total = float(cells.sum(min_count=1))
    if np.isnan(total):
        return tr("tonnage unknown", lang)
    return tr("at least {amount}", lang, amount=told(total)) if cells.isna().any() else told(total)


def _ranks(status: pd.Series) -> np.ndarray:
    """Return how far from being active each is; what is not said is as a project."""
    found = pd.Index(_FURTHER).get_indexer(status.astype(object))
    return np.where(found < 0, 1, found)
