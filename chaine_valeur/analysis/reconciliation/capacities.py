"""Capacities that the reconciled tonnages exceed: reconciliation does not know them, so it is told where they clash.

A capacity is no constraint of the reconciliation: it is a figure of its own, often nominal (a shift, a year that was
not full), and as a hard bound it would move every figure around it without a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ...language import tr, trn
from ...provenance import hypothesis_share
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

    Values = NDArray[np.float64]

__all__ = ["reconciled_over_capacity"]

#: Share of a capacity by which it has to be exceeded before it is told.
MARGIN = 0.05
#: Findings told one by one, the worst; the others are counted.
MOST_TOLD = 8
#: Tonnages of one total of which the uncertainty is worked out.
MOST_ADDED = 200
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
    worst = [*_activities(f, r, margin, checked, lang), *_passages(f, r, margin, checked, lang)]
    worst.sort(key=lambda one: -one[0])
    yield from (finding for _, finding in worst[:most])
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


def _activities(
    f: Filiere, r: Reconciliation, margin: float, checked: float, lang: str
) -> Iterator[tuple[float, Finding]]:
    """Yield how many times its capacity each activity would take in, and its finding."""
    arcs, nodes = r.model.system.arcs, r.model.system.nodes
    enters = (arcs.target >= 0) & (arcs.source != arcs.target)
    known = np.flatnonzero(enters & (r.codes[: arcs.size] != _FREE))
    total = np.bincount(arcs.target[known], weights=r.solution.x[known], minlength=nodes.size)
    at = nodes.activity_node
    entering = np.where(nodes.whole[at], np.nan, total[at])
    capacity = nodes.activities.values("capacity_t_per_year")
    load = load_of(f)
    already = excess(load.known, load.capacity, load.sigma) > checked
    frame = nodes.activities.frame
    for place in np.flatnonzero(
        _above(entering, capacity, margin) & ~already
    ).tolist():  # those that are above
        mine = known[arcs.target[known] == at[place]]
        flows = tuple(map(str, f.network.flow_ids[arcs.flow[mine][arcs.flow[mine] >= 0]]))
        stage, actor = str(frame["stage_id"].iloc[place]), str(frame["actor_id"].iloc[place])
        who = tr(
            "Stage {stage}, {actor}",
            lang,
            stage=quoted(str(f.stages["name"].get(stage, stage)), lang),
            actor=str(f.actors["name"].get(actor, actor)),
        )
        rows = {"activities": (str(frame.index[place]),), "flows": flows}
        t, limit = float(entering[place]), float(capacity[place])
        sure = _beyond(r, mine, t - limit, checked)
        about: dict[str, Any] = {"stage_id": stage, "actor_id": actor}
        yield t / limit if limit else np.inf, _finding(f, who, t, limit, sure, rows, about, lang)


def _passages(
    f: Filiere, r: Reconciliation, margin: float, checked: float, lang: str
) -> Iterator[tuple[float, Finding]]:
    """Yield how many times its capacity each flow would be, and its finding."""
    declared = estimate_of(f).declared
    told = r.flows["reconciled_t_per_year"].to_numpy(np.float64)
    t = np.where((r.flows["data_class"] == "free").to_numpy(bool), np.nan, told)
    already = excess(declared.t, declared.capacity, declared.sigma) > checked
    for flow in np.flatnonzero(_above(t, declared.capacity, margin) & ~already).tolist():
        identifier = str(r.flows.index[flow])
        limit = float(declared.capacity[flow])
        sure = _beyond(r, np.array([flow]), float(t[flow]) - limit, checked)
        about = ends_of(f, flow)
        who = flow_names(f, [identifier], lang=lang)[0]
        finding = _finding(f, who, float(t[flow]), limit, sure, {"flows": (identifier,)}, about, lang)
        yield float(t[flow]) / limit if limit else np.inf, finding


def _above(t: Values, capacity: Values, margin: float) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):  # unknown is not above
        return (t > capacity * (1 + margin)) & (t - capacity > 1e-6)


def _beyond(r: Reconciliation, which: NDArray[np.intp], above: float, checked: float) -> bool:
    """Return whether what is above a capacity is more than the uncertainties of the tonnages together."""
    if len(which) > MOST_ADDED:
        return False
    sd = posterior_sd(r.settled, r.solution, which)
    return bool(above > checked * float(sd.sum()))


def _finding(
    f: Filiere,
    who: str,
    t: float,
    limit: float,
    sure: bool,
    rows: dict[str, tuple[str, ...]],
    about: dict[str, Any],
    lang: str,
) -> Finding:
    head = tr(
        "{who}: {t} once all figures are brought together, for a declared capacity of {capacity}.",
        lang,
        who=who,
        t=tonnes(t, lang),
        capacity=tonnes(limit, lang),
    )
    then = (
        tr("More than the uncertainties explain: the capacity, a tonnage or a recipe is to be checked.", lang)
        if sure
        else tr("Within the uncertainties of the figures: to be checked.", lang)
    )
    return Finding(
        "over_capacity", "medium" if sure else "low", sentences(head, then), **about, quantity=t - limit,
        unit="t/year", rows=rows, year=f.network.year, hypothesis_share=hypothesis_share(f, rows),
    )  # fmt: skip
