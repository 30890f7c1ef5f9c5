"""What a reconciliation measures, with all that makes the figures traceable; the diagnosis reads these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import InfeasibleError
from ...language import enumeration, tr, trn
from .._activities import identifiers
from ..measure import NAN, Measure, ratio
from ..wording import flow_names, quoted
from .reconcile import reconcile
from .result import Reconciliation

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["SUSPECT", "checked_measure", "known_measure", "reconciliation_of", "suspects_measure"]

#: Standard deviations from which an adjustment is told (B1, B6 of the reference list).
SUSPECT = 2.0
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


def suspects_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the number of flows to be checked (B6)."""
    r = reconciliation_of(f)
    if r is None:
        note = tr("The figures cannot hold together, whatever the flows: see the findings.", lang)
        return Measure(NAN, "count", note=note).resting_on(f, _rows(f))
    checked = int((r.flows["data_class"] == "redundant").sum())
    if not checked:
        return Measure(NAN, "count", note=_nothing_checks(r, lang)).resting_on(f, _rows(f))
    found = r.suspects(threshold=SUSPECT).index.tolist()
    note = trn(
        "Among {count} flow that others check.", "Among {count} flows that others check.", checked, lang
    )
    if found:
        names = enumeration(
            [quoted(name, lang) for name in flow_names(f, found, lang=lang)], lang, limit=MOST_NAMED
        )
        note += " " + tr("First: {names}.", lang, names=names)
    count = float(len(found))
    return Measure(count, "count", count, count, n_unknown=_unknown(r), note=note).resting_on(f, _rows(f))


def known_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of flows that are declared or told by the others (B3)."""
    r = reconciliation_of(f)
    if r is None or r.flows.empty:
        return Measure(NAN, "share", note=_none(f, lang)).resting_on(f, _rows(f))
    free, told = (int((r.flows["data_class"] == name).sum()) for name in ("free", "determined"))
    whole = len(r.flows)
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
    if r is None or r.flows.empty:
        return Measure(NAN, "share", note=_none(f, lang)).resting_on(f, _rows(f))
    checked = int((r.flows["data_class"] == "redundant").sum())
    declared = checked + int((r.flows["data_class"] == "measured").sum())
    note = "" if checked else _nothing_checks(r, lang)
    value = ratio(checked, declared)
    measure = Measure(value, "share", value, value, float(checked), float(declared), note=note)
    return measure.resting_on(f, _rows(f))


def _rows(f: Filiere) -> dict[str, tuple[str, ...]]:
    return {"flows": identifiers(f.network.flow_ids)}


def _unknown(r: Reconciliation) -> int:
    return int(r.flows["declared_t_per_year"].isna().sum())


def _none(f: Filiere, lang: str) -> str:
    if f.flows.empty:
        return tr("No flow is described.", lang)
    return tr("The figures cannot hold together, whatever the flows: see the findings.", lang)


def _nothing_checks(r: Reconciliation, lang: str) -> str:
    if r.flows.empty:
        return tr("No flow is described.", lang)
    return tr(
        "Nothing checks the figures: no activity has both what enters and what leaves it, in tonnes.", lang
    )
