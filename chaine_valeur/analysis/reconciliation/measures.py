"""What a reconciliation measures, with all that makes the figures traceable; the diagnosis reads these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...columns import Rows
from ...errors import InfeasibleError
from ...language import enumeration, tr, trn
from ..activities import flow_rows
from ..measure import NAN, Measure, ratio
from ..wording import flow_names, quoted
from .reconcile import reconcile
from .result import Reconciliation

if TYPE_CHECKING:
    import pandas as pd

    from ...filiere import Filiere

__all__ = [
    "SUSPECT",
    "Suspects",
    "checked_measure",
    "known_measure",
    "reconciliation_of",
    "suspects_measure",
    "suspects_of",
]

#: Standard deviations from which an adjustment is told (B1, B6 of the reference list).
SUSPECT = 2.0
#: Least adjustment, over its own uncertainty, of a flow to be checked: as for `Reconciliation.suspects`.
MOVED = 0.5
#: Flows worked out by the diagnostic times flows of the filière, at most: under a second.
WORKED_OUT = 1_000_000
#: Flows that a note names.
MOST_NAMED = 3


def reconciliation_of(f: Filiere) -> Reconciliation | None:
    """Return the reconciliation of a filière with the usual uncertainties, made once; none if it has no solution."""
    return f.derived("reconciliation", _reconciled)


def _reconciled(f: Filiere) -> Reconciliation | None:
    try:
        return reconcile(f)
    except InfeasibleError:
        return None


@dataclass(frozen=True)
class Suspects:
    """The flows to be checked, and how many they are.

    Attributes
    ----------
    table
        As `Reconciliation.suspects`. Of too many flows, the columns of `Reconciliation.flows`, and as
        ``standardised_adjustment`` the adjustment over the own uncertainty of the flow, which is at most that.
    count, possible
        How many are to be checked, at least and at most; the same unless they are too many to be worked out.
    adjustment_t
        Sum of the sizes of their adjustments, those counted.
    """

    table: pd.DataFrame
    count: int
    possible: int
    adjustment_t: float


def suspects_of(f: Filiere, r: Reconciliation, *, threshold: float = SUSPECT) -> Suspects:
    """Return the flows to be checked, made once; of too many (`WORKED_OUT`), those that are so beyond doubt.

    What an adjustment is over its own uncertainty is at most what it is over the one it should have: a flow of
    which the first is beyond the threshold is to be checked, without more ado.
    """
    return f.derived(("suspects", threshold), lambda _: _suspects(r, threshold))


def _suspects(r: Reconciliation, threshold: float) -> Suspects:
    own = r.own_adjustments
    possible = int((own >= MOVED).sum())
    if possible * r.model.problem.size <= WORKED_OUT:
        table = r.suspects(threshold=threshold, moved=MOVED)
        return Suspects(table, len(table), len(table), float(table["adjustment_t"].abs().sum()))
    sure = np.flatnonzero(own >= threshold)
    sure = sure[np.argsort(-own[sure], kind="stable")]
    table = r.flows.iloc[sure]
    table = table.assign(standardised_adjustment=np.sign(table["adjustment_t"]) * own[sure])
    return Suspects(table, len(sure), possible, float(table["adjustment_t"].abs().sum()))


def suspects_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the number of flows to be checked (B6)."""
    r = reconciliation_of(f)
    if r is None:
        note = tr("The figures cannot hold together, whatever the flows: see the findings.", lang)
        return Measure(NAN, "count", note=note).resting_on(f, _rows(f))
    checked = r.of_class["redundant"]
    if not checked:
        return Measure(NAN, "count", note=_nothing_checks(r, lang)).resting_on(f, _rows(f))
    suspects = suspects_of(f, r)
    note = trn(
        "Among {count} flow that others check.", "Among {count} flows that others check.", checked, lang
    )
    if suspects.count:
        first = flow_names(f, suspects.table.index[:MOST_NAMED].tolist(), lang=lang)
        others = [""] * (suspects.count - len(first))  # counted, not named
        names = enumeration([*(quoted(name, lang) for name in first), *others], lang, limit=MOST_NAMED)
        note += " " + tr("First: {names}.", lang, names=names)
    if suspects.possible > suspects.count:
        note += " " + tr(
            "At least: of so many flows, only those that are so beyond doubt were counted; "
            "“Reconciliation.suspects” goes through all.",
            lang,
        )
    low, high = float(suspects.count), float(suspects.possible)
    return Measure(low, "count", low, high, n_unknown=_unknown(r), note=note).resting_on(f, _rows(f))


def known_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of flows that are declared or told by the others (B3)."""
    r = reconciliation_of(f)
    if r is None or not r.model.n_flows:
        return Measure(NAN, "share", note=_none(f, lang)).resting_on(f, _rows(f))
    free, told = (r.of_class[name] for name in ("free", "determined"))
    whole = r.model.n_flows
    note = trn("{count} flow is told by the others.", "{count} flows are told by the others.", told, lang)
    if free:
        note += " " + trn(
            "Of {count} flow only a range is known.", "Of {count} flows only a range is known.", free, lang
        )
    value = ratio(whole - free, whole)
    measure = Measure(
        value, "share", value, value, float(whole - free), float(whole), n_unknown=free, note=note
    )
    return measure.resting_on(f, _rows(f))


def checked_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of the declared flows that others check (B3, class redundant)."""
    r = reconciliation_of(f)
    if r is None or not r.model.n_flows:
        return Measure(NAN, "share", note=_none(f, lang)).resting_on(f, _rows(f))
    checked = r.of_class["redundant"]
    declared = checked + r.of_class["measured"]
    note = "" if checked else _nothing_checks(r, lang)
    value = ratio(checked, declared)
    measure = Measure(value, "share", value, value, float(checked), float(declared), note=note)
    return measure.resting_on(f, _rows(f))


def _rows(f: Filiere) -> dict[str, Rows]:
    return {"flows": flow_rows(f)}


def _unknown(r: Reconciliation) -> int:
    return int(np.isnan(r.model.said.t).sum())


def _none(f: Filiere, lang: str) -> str:
    if not f.network.has_flows[0]:
        return tr("No flow is described.", lang)
    return tr("The figures cannot hold together, whatever the flows: see the findings.", lang)


def _nothing_checks(r: Reconciliation, lang: str) -> str:
    if not r.model.n_flows:
        return tr("No flow is described.", lang)
    return tr(
        "Nothing checks the figures: no activity has both what enters and what leaves it, in tonnes.", lang
    )
