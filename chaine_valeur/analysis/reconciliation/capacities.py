"""Capacities that the reconciled tonnages exceed: reconciliation does not know them, so it is told where they clash.

A capacity is no constraint of the reconciliation: it is a figure of its own, often nominal (a shift, a year that was
not full), and as a hard bound it would move every figure around it without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...columns import columns
from ...language import tr, trn
from ...provenance import hypothesis_share
from ..activities import flows_at
from ..findings import Finding
from ..flows.balances.estimate import estimate_of
from ..flows.checks import ends_of, excess
from ..flows.measures import CHECKED
from ..flows.uses.ratios import load_of
from ..wording import flow_names, quoted, sentences, tonnes
from ._posterior import posterior_sd
from .measures import reconciliation_of
from .tables import DATA_CLASSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from .result import Reconciliation

    Rows = dict[str, tuple[str, ...]]
    Values = NDArray[np.float64]

__all__ = ["reconciled_over_capacity"]

#: Share of a capacity by which it has to be exceeded before it is told.
MARGIN = 0.05
#: Findings told one by one, the worst; the others are counted.
MOST_TOLD = 8
#: Tonnages of one total of which the uncertainty is worked out.
MOST_ADDED = 200
#: What rounding may do to an uncertainty, relative to it.
ROUNDED = 1e-9
_FREE = DATA_CLASSES.index("free")


def reconciled_over_capacity(
    f: Filiere, *, lang: str = "fr", margin: float = MARGIN, checked: float = CHECKED, most: int = MOST_TOLD
) -> Iterator[Finding]:
    """Yield the activities and passages that would carry more than their capacity once all figures are reconciled.

    Of what enters an activity, tonnages of which only a range is known are left out: what is told is a minimum. What
    the declared tonnages show already is told by ``over_capacity``, not here.

    Parameters
    ----------
    margin
        Share of the capacity by which it has to be exceeded.
    checked
        From so many uncertainties on, the priority is medium: a capacity, a tonnage or a recipe is wrong. Below, it
        is low. The uncertainties of several tonnages are added up, which is the most that their sum can have.
    most
        Findings told one by one.
    """
    r = reconciliation_of(f)
    if r is None or r.flows.empty:
        return
    worst = [*_activities(f, r, margin, checked), *_passages(f, r, margin, checked)]
    worst.sort(key=lambda one: -one.times)
    # only of those that are told: the uncertainties of what they carry take a solution of the whole
    told = worst[:most]
    for one, sure in zip(told, _beyond(r, told, checked), strict=True):
        yield _finding(f, r, one, sure, lang)
    left = len(worst) - most
    if left > 0:
        message = trn(
            "{count} further activity or passage would carry more than its capacity once all figures are reconciled.",
            "{count} further activities or passages would carry more than their capacity once all figures are "
            "reconciled.",
            left,
            lang,
        )
        yield Finding("over_capacity", "low", message, year=f.network.year)


@dataclass(frozen=True)
class _Exceeded:
    """A place that would carry more than its capacity: the flows of its total, and the activity or the flow it is."""

    times: float
    t: float
    limit: float
    added: NDArray[np.intp]
    activity: int = -1
    flow: int = -1


def _activities(f: Filiere, r: Reconciliation, margin: float, checked: float) -> Iterator[_Exceeded]:
    """Yield the activities that would take in more than they can."""
    arcs, nodes = r.model.system.arcs, r.model.system.nodes
    enters = (arcs.target >= 0) & (arcs.source != arcs.target)
    known = np.flatnonzero(enters & (r.codes[: arcs.size] != _FREE))
    total = np.bincount(arcs.target[known], weights=r.solution.x[known], minlength=nodes.size)
    at = nodes.activity_node
    entering = np.where(nodes.whole[at], np.nan, total[at])
    capacity = nodes.activities.values("capacity_t_per_year")
    load = load_of(f)
    already = excess(load.known, load.capacity, load.sigma) > checked
    above = np.flatnonzero(_above(entering, capacity, margin) & ~already)
    into = known[np.argsort(arcs.target[known], kind="stable")]
    first, last = (np.searchsorted(arcs.target[into], at[above], side=side) for side in ("left", "right"))
    for place, begin, end in zip(
        above.tolist(), first.tolist(), last.tolist(), strict=True
    ):  # those that are above
        t, limit = float(entering[place]), float(capacity[place])
        yield _Exceeded(t / limit if limit else np.inf, t, limit, into[begin:end], activity=place)


def _passages(f: Filiere, r: Reconciliation, margin: float, checked: float) -> Iterator[_Exceeded]:
    """Yield the flows that would be more than what can pass."""
    declared = estimate_of(f).declared
    size = len(declared.t)
    t = np.where(r.codes[:size] == _FREE, np.nan, r.solution.x[:size])
    already = excess(declared.t, declared.capacity, declared.sigma) > checked
    for flow in np.flatnonzero(_above(t, declared.capacity, margin) & ~already).tolist():
        limit = float(declared.capacity[flow])
        yield _Exceeded(
            float(t[flow]) / limit if limit else np.inf, float(t[flow]), limit, np.array([flow]), flow=flow
        )


def _above(t: Values, capacity: Values, margin: float) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):  # unknown is not above
        return (t > capacity * (1 + margin)) & (t - capacity > 1e-6)


def _beyond(r: Reconciliation, told: Sequence[_Exceeded], checked: float) -> list[bool]:
    """Return whether what is above each capacity is more than the uncertainties of the tonnages together.

    Reconciled, a tonnage is no more uncertain than it was declared: where that is enough, nothing is worked out.
    """
    fixed = r.settled
    most = np.where(fixed.is_measured, fixed.sigma, np.inf)
    most[fixed.is_exact] = 0.0
    above = [one.t - one.limit for one in told]
    plain = [
        over > checked * float(most[one.added].sum()) * (1 + ROUNDED)
        for one, over in zip(told, above, strict=True)
    ]
    asked = [
        one.added for one, sure in zip(told, plain, strict=True) if not sure and len(one.added) <= MOST_ADDED
    ]
    which = np.unique(np.concatenate(asked)) if asked else np.zeros(0, dtype=np.intp)
    sd = np.full(fixed.size, np.nan)
    if len(which):
        sd[which] = posterior_sd(fixed, r.solution, which)
    return [
        len(one.added) <= MOST_ADDED and (sure or bool(over > checked * float(sd[one.added].sum())))
        for one, over, sure in zip(told, above, plain, strict=True)
    ]


def _finding(f: Filiere, r: Reconciliation, one: _Exceeded, sure: bool, lang: str) -> Finding:
    who, about, rows = _passage(f, one, lang) if one.activity < 0 else _activity(f, r, one, lang)
    head = tr(
        "{who}: {t} once all figures are brought together, for a declared capacity of {capacity}.",
        lang,
        who=who,
        t=tonnes(one.t, lang),
        capacity=tonnes(one.limit, lang),
    )
    then = (
        tr("More than the uncertainties explain: the capacity, a tonnage or a recipe is to be checked.", lang)
        if sure
        else tr("Within the uncertainties of the figures: to be checked.", lang)
    )
    return Finding(
        "over_capacity", "medium" if sure else "low", sentences(head, then), **about, quantity=one.t - one.limit,
        unit="t/year", rows=rows, year=f.network.year, hypothesis_share=hypothesis_share(f, rows),
    )  # fmt: skip


def _activity(f: Filiere, r: Reconciliation, one: _Exceeded, lang: str) -> tuple[str, dict[str, Any], Rows]:
    """Return an activity by name, what the finding is about, and the rows that it rests on."""
    acts, flows = r.model.system.nodes.activities, r.model.system.arcs.flow[one.added]
    stages, actors = columns(f, "stages"), columns(f, "actors")
    stage, actor = acts.stage[one.activity], acts.actor[one.activity]
    who = tr(
        "Stage {stage}, {actor}",
        lang,
        stage=quoted(str(stages.text("name")[stage]), lang),
        actor=str(actors.text("name")[actor]),
    )
    rows = {"activities": (str(acts.ids[one.activity]),), "flows": flows_at(f, flows[flows >= 0])}
    return who, {"stage_id": str(stages.ids[stage]), "actor_id": str(actors.ids[actor])}, rows


def _passage(f: Filiere, one: _Exceeded, lang: str) -> tuple[str, dict[str, Any], Rows]:
    """Return a flow by name, its ends, and itself as the row that the finding rests on."""
    rows: Rows = {"flows": flows_at(f, np.array([one.flow]))}
    return flow_names(f, list(rows["flows"]), lang=lang)[0], ends_of(f, one.flow), rows
