"""The metrics of resilience as the diagnosis runs them: value, bounds, terms, rows, and a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...language import enumeration, number, tr, trn
from ..activities import flow_rows
from ..flows.circularity.cycling import fragility_notes, matrix_measure
from ..measure import NAN, Measure, ratio
from ._supply import single_actors, supply_of
from ._wording import stage_title
from .information import ascendency, robustness
from .paths import pairs_of
from .suppliers import suppliers_of

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = [
    "ascendency_measure",
    "availability_measure",
    "concentration_measure",
    "paths_measure",
    "robustness_measure",
]


def concentration_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the mean of C1 over the actors supplied by others; bounds from what is unknown of them.

    See `supplier_table`. Actors that are the outside do not count; the bounds are those of the actors of
    which some supply is known.
    """
    net, shares = f.network, suppliers_of(f)
    asked = (shares.n_suppliers > 0) & ~net.outside
    known = asked & ~np.isnan(shares.value)
    n_known, n_unknown = int(known.sum()), int(shares.n_unknown[asked].sum())
    notes = [tr("No flow has a known quantity.", lang)]
    if n_known:
        notes = [
            tr(
                "Actors supplied by others: {total}; with one recorded supplier only: {single}.",
                lang,
                total=number(n_known, lang),
                single=number(int((shares.n_suppliers[known] == 1).sum()), lang),
            )
        ]
    value, low, high = (
        float(each[known].mean()) if n_known else NAN for each in (shares.value, shares.low, shares.high)
    )
    note = " ".join([*notes, *fragility_notes(f, n_unknown, lang)])
    measure = Measure(value, "ratio", low, high, n_unknown=n_unknown, note=note)
    rows = (net.flow_target >= 0) & (net.flow_source != net.flow_target)
    rows &= np.append(asked, False)[net.flow_target]
    return measure.resting_on(f, {"flows": flow_rows(f, rows)})


def paths_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of the linked pairs of a resource and a market that have a plan B (from C3).

    Pairs that expected passages join (all pairs where none is expected) and that flows link; with a plan B:
    at least two ways without a common actor between.
    """
    pairs = [pair for pair in pairs_of(f, most=2) if pair.expected is not False]
    linked = [(pair, pair.paths) for pair in pairs if pair.paths]
    spared = sum(paths > 1 for _, paths in linked)
    if not supply_of(f).has_flows:
        notes = [tr("No flow is described.", lang)]
    elif not pairs:
        notes = [tr("The expected chain needs a stage of kind resource and one of kind market.", lang)]
    else:
        notes = [
            trn(
                "{count} pair of a resource and a market out of {total} is linked by recorded flows.",
                "{count} pairs of a resource and a market out of {total} are linked by recorded flows.",
                len(linked),
                lang,
                total=number(len(pairs), lang),
            )
        ]
    ends = [
        " → ".join(stage_title(f, (place,), lang) for place in (pair.resource, pair.market))
        for pair, paths in linked
        if paths == 1
    ]
    if ends:
        notes.append(tr("One way only: {pairs}.", lang, pairs=enumeration(ends, lang)))
    notes += fragility_notes(f, 0, lang)
    count = float(len(linked))
    value = ratio(spared, count)
    measure = Measure(value, "share", value, value, float(spared) if count else NAN, count or NAN,
                      note=" ".join(notes))  # fmt: skip
    return measure.resting_on(f, {"flows": flow_rows(f)})


def ascendency_measure(f: Filiere, *, by: str = "actor", lang: str = "fr") -> Measure:
    """Return C4: see `ascendency`."""
    return matrix_measure(f, ascendency(f, by=by), "ratio", by=by, lang=lang)


def robustness_measure(f: Filiere, *, by: str = "actor", lang: str = "fr") -> Measure:
    """Return C5: see `robustness`."""
    return matrix_measure(f, robustness(f, by=by), "ratio", by=by, lang=lang)


def availability_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of buyers still supplied at worst, if one single organisation stopped (from C6).

    Households, networks and the outside do not stop as one: they are not tried.
    """
    supply = supply_of(f)
    total = int(supply.supplied.sum())
    may_stop = np.zeros(supply.n_actors, dtype=bool)
    may_stop[supply.source] = True
    may_stop &= single_actors(f)
    tried = bool(may_stop.any())
    worst = int(supply.cut[may_stop].max()) if tried else 0
    if not supply.has_flows:
        notes = [tr("No flow is described.", lang)]
    elif not total:
        notes = [tr("No recorded flow supplies a buyer.", lang)]
    elif not tried:
        notes = [tr("No single organisation is recorded as supplying another actor.", lang)]
    else:
        notes = [
            trn(
                "Supplied buyers: {total}; at worst, {count} would lose all recorded supply.",
                "Supplied buyers: {total}; at worst, {count} would lose all recorded supply.",
                worst,
                lang,
                total=number(total, lang),
            )
        ]
    notes += fragility_notes(f, 0, lang)
    value = ratio(total - worst, total) if tried else NAN
    terms = (float(total - worst), float(total)) if value == value else (NAN, NAN)
    measure = Measure(value, "share", value, value, *terms, note=" ".join(notes))
    return measure.resting_on(f, {"flows": flow_rows(f)})
