"""The account metrics as the diagnosis runs them: value, bounds, rows, and what is missing by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...language import clauses, enumeration, number, percent, quantity, tr, trn
from ...schema import unit_label
from ...vocabulary import Pole
from ..activities import flow_rows, identifiers
from ..measure import NAN, Measure, ratio
from ..wording import euros, sentences
from ._book import OF_NET_RESULT, OF_VALUE_ADDED, book_of
from ._tonnes import tonnes_of
from ._trace import resting_on_money
from ._trades import trades_of
from ._wording import NAMED, missing_note, stage_name
from .break_even import thresholds_of
from .checks import differing_costs
from .integration import integration_terms
from .metrics import bought_from_others, entering_from_others, fte_per_t, jobs_terms, shares_along

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]

__all__ = [
    "break_even_measure",
    "insertion_per_t_measure",
    "integration_measure",
    "jobs_per_t_measure",
    "margin_measure",
    "pole_share_measure",
    "total_value_added_measure",
    "value_added_measure",
]


def value_added_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the value added (F1) of the accounts that are known, together."""
    book = book_of(f)
    known = book.known("value_added")
    value = float(book.items["value_added"][known].sum()) if known.any() else NAN
    n_unknown = int((book.has_account & ~known).sum())
    exact = NAN if n_unknown else value
    note = sentences(
        _counted(f, known, lang),
        missing_note(f, OF_VALUE_ADDED, lang, of="value_added"),
        _estimates(f, known, lang),
        _twice(f, lang),
    )
    measure = Measure(value, "EUR/year", exact, exact, n_unknown=n_unknown, note=note)
    return resting_on_money(f, measure, known)


def total_value_added_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the value added of the filière (F2): direct, up to what its suppliers may add."""
    book = book_of(f)
    known = book.known("value_added")
    value, bought = NAN, NAN
    if known.any():
        value = float(book.items["value_added"][known].sum())
        bought = float(bought_from_others(f, known)[known].sum())
    n_unknown = int((book.has_account & ~known).sum())
    note = sentences(
        _counted(f, known, lang),
        ""
        if bought != bought
        else tr(
            "Direct value added; suppliers without a known account, paid {amount}, add a part of that which "
            "is not known.",
            lang,
            amount=euros(bought, lang),
        ),
        _see_value_added(n_unknown, lang),
    )
    low, high = (NAN, NAN) if n_unknown else (value, value + bought)
    measure = Measure(value, "EUR/year", low, high, n_unknown=n_unknown, note=note)
    return resting_on_money(f, measure, known)


def pole_share_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of value added (F3) of the college that has most, where two or more are known."""
    book, net = book_of(f), f.network
    known = book.known("value_added")
    placed = known & (net.pole >= 0)
    shares = shares_along(f, net.pole, len(Pole))
    order = np.argsort(-shares, kind="stable")  # the unknown last
    shares, poles = shares[order], [list(Pole)[place] for place in order if shares[place] == shares[place]]
    left_out = int((book.has_account & ~placed).sum())
    values = book.items["value_added"]
    if len(poles) < 2:
        note = sentences(
            tr("The value added of two colleges at least has to be known.", lang),
            _see_value_added(left_out, lang),
        )
        measure = Measure(NAN, "share", n_unknown=left_out, note=note)
        return resting_on_money(f, measure, placed)
    told = [
        tr("{name} {share}", lang, name=pole.label(lang), share=percent(float(share), lang))
        for pole, share in zip(poles, shares, strict=False)
    ]
    note = sentences(tr("{shares}.", lang, shares=enumeration(told, lang)), _counted(f, placed, lang))
    first = net.pole == order[0]
    value = float(shares[0])
    exact = NAN if left_out else value
    top, whole = float(values[placed & first].sum()), float(values[placed].sum())
    measure = Measure(value, "share", exact, exact, top, whole, n_unknown=left_out, note=note)
    return resting_on_money(f, measure, placed)


def break_even_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of activities that receive their break-even tonnage (F5)."""
    terms, rows = thresholds_of(f), tonnes_of(f).activities
    known = ~np.isnan(terms.threshold)
    reached = known & (terms.entering >= terms.threshold)
    unknown = terms.asked & ~known
    count, whole, open_ = int(reached.sum()), int(known.sum()), int(unknown.sum())
    if not terms.asked.any():
        note = tr("No fixed costs of an activity are known.", lang)
    else:
        note = sentences(_thresholds(f, known, lang), _not_known(f, unknown, lang))
    measure = Measure(
        value=ratio(count, whole),
        unit="share",
        low=ratio(count, whole + open_),
        high=ratio(count + open_, whole + open_),
        numerator=float(count) if whole else NAN,
        denominator=float(whole) if whole else NAN,
        n_unknown=open_,
        note=note,
    )
    actors = np.zeros(f.network.n_actors, dtype=bool)
    actors[rows.actor[known]] = True
    found = resting_on_money(f, measure, actors)
    activities = {"activities": identifiers(rows.ids[terms.asked])}
    return found.resting_on(f, {**found.rows, **activities})


def margin_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the net margin (F6) of the accounts that are known, per tonne that enters them from others."""
    book, net = book_of(f), f.network
    known = book.known("net_result")
    entering, flows = entering_from_others(f, known)
    total = float(book.items["net_result"][known].sum()) if known.any() else NAN
    n_unknown = int((book.has_account & ~known).sum()) + int(np.isnan(net.flow_t[flows]).sum())
    value = ratio(total, entering)
    exact = NAN if n_unknown else value
    note = sentences(
        _counted(f, known, lang),
        missing_note(f, OF_NET_RESULT, lang, of="net_result"),
        _lumped(f, known, lang),
        "" if value == value else tr("The tonnes that enter are not known.", lang) if known.any() else "",
    )
    measure = Measure(value, "EUR/t", exact, exact, total, entering, n_unknown=n_unknown, note=note)
    return resting_on_money(f, measure, known, lump=True)


def integration_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the territorial integration (E7): direct value added, up to what local suppliers may add."""
    terms, book = integration_terms(f), book_of(f)
    known = book.known("value_added")
    placed = not terms.unplaced
    value = ratio(terms.direct, terms.production) if placed else NAN
    least = ratio(terms.direct + min(terms.unplaced, 0.0), terms.production)
    most = terms.direct + max(terms.unplaced, 0.0) + terms.local + terms.unshared
    n_unknown = int(terms.n_unknown) + int((book.has_account & ~known).sum())
    notes = [_counted(f, known, lang)]
    if known.any():
        notes += [
            tr(
                "Direct value added alone: purchases from local suppliers ({local}) add a part of that which is "
                "not known.",
                lang,
                local=euros(terms.local, lang),
            ),
            tr("The commune or the territory of actors is not given.", lang) if not placed else "",
            tr("For {amount} of purchases the local share is not given.", lang,
               amount=euros(terms.unshared, lang)) if terms.unshared else "",
        ]  # fmt: skip
    notes.append(_see_value_added(int((book.has_account & ~known).sum()), lang))
    measure = Measure(
        value,
        "share",
        least,
        ratio(most, terms.production),
        terms.direct if placed else NAN,
        terms.production,
        n_unknown=n_unknown,
        scope="territory" if f.network.bounded[0] else "filiere",
        note=sentences(*notes),
    )
    return resting_on_money(f, measure, known)


def jobs_per_t_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the jobs of the filière per tonne that enters it (F7)."""
    return _jobs(f, "jobs_fte", fte_per_t(f, "jobs_fte"), lang)


def insertion_per_t_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the insertion FTE of the filière per tonne that enters it (G11)."""
    return _jobs(f, "insertion_fte", fte_per_t(f, "insertion_fte"), lang)


def _jobs(f: Filiere, column: str, by_stage: NDArray[np.float64], lang: str) -> Measure:
    net, rows = f.network, tonnes_of(f).activities
    fte, entering, use, flows = jobs_terms(f, column)
    unknown_t = int(np.isnan(net.flow_t[flows]).sum())
    asked = book_of(f).has_account[rows.actor] & np.isnan(rows.values(column))
    n_unknown = unknown_t + int(asked.sum())
    value = ratio(fte, entering)
    told = [
        tr("{stage} {count}", lang, stage=stage_name(f, int(stage), lang), count=number(by_stage[stage] * 1000, lang))
        for stage in np.flatnonzero(~np.isnan(by_stage))
    ]  # fmt: skip
    notes = [
        trn("{count} FTE for {amount} entering.", "{count} FTE for {amount} entering.", fte, lang,
            amount=quantity(entering, unit_label("t/year", lang), lang))
        if value == value
        else tr("Neither the jobs nor the tonnes of one actor are known together.", lang),
        tr("Per thousand tonnes entering the stage: {stages}.", lang, stages=enumeration(told, lang))
        if told
        else "",
        trn("The jobs of {count} activity are not known.", "The jobs of {count} activities are not known.",
            int(asked.sum()), lang) if asked.any() else "",
        trn("{count} flow of unknown quantity is left out.", "{count} flows of unknown quantity are left out.",
            unknown_t, lang) if unknown_t else "",
    ]  # fmt: skip
    exact = NAN if n_unknown else value
    measure = Measure(
        value, "FTE/t", exact, exact, fte, entering, n_unknown=n_unknown, note=sentences(*notes)
    )
    known = flows[~np.isnan(net.flow_t[flows])]
    return measure.resting_on(f, {"activities": rows.rows[use], "flows": flow_rows(f, known)})


# -- remarks ------------------------------------------------------------------------------------------


def _counted(f: Filiere, known: Mask, lang: str) -> str:
    """Return over how many of the accounts a figure is."""
    whole = int(book_of(f).has_account.sum())
    if not whole:
        return tr("No actor works on the material, and no costs are stated.", lang)
    return trn(
        "Known for {known} of {count} account.",
        "Known for {known} of {count} accounts.",
        whole,
        lang,
        known=number(int(known.sum()), lang),
    )


def _see_value_added(n_unknown: int, lang: str) -> str:
    """Return where what is missing is named: once, not with each figure that is made of value added."""
    return tr("What is missing is named with the direct value added.", lang) if n_unknown else ""


def _estimates(f: Filiere, known: Mask, lang: str) -> str:
    """Return how many flows were valued by a price."""
    trades, among = trades_of(f), np.append(known, False)
    count = int((trades.estimated & (among[trades.seller] | among[trades.buyer])).sum())
    return (
        trn(
            "{count} flow is valued at the price of a demand or a supply.",
            "{count} flows are valued at the price of a demand or a supply.",
            count,
            lang,
        )
        if count
        else ""
    )


def _twice(f: Filiere, lang: str) -> str:
    count = int(differing_costs(f)[0].sum())
    return (
        trn(
            "Costs stated twice differ by more than a tenth for {count} activity: the items are taken.",
            "Costs stated twice differ by more than a tenth for {count} activities: the items are taken.",
            count,
            lang,
        )
        if count
        else ""
    )


def _lumped(f: Filiere, known: Mask, lang: str) -> str:
    count = int((known & (book_of(f).basis == 2)).sum())
    return (
        trn(
            "For {count} of them only fixed and variable costs are known: the margin is, not how it is made up.",
            "For {count} of them only fixed and variable costs are known: the margin is, not how it is made up.",
            count,
            lang,
        )
        if count
        else ""
    )


def _thresholds(f: Filiere, known: Mask, lang: str) -> str:
    """Return the tonnages of the first activities beside their thresholds, by stage."""
    terms, rows = thresholds_of(f), tonnes_of(f).activities
    told = []
    for place in np.flatnonzero(known)[:NAMED]:  # a loop over the few that are told
        fields = {
            "stage": stage_name(f, int(rows.stage[place]), lang),
            "amount": quantity(terms.entering[place], unit_label("t/year", lang), lang),
        }
        if np.isinf(terms.threshold[place]):
            told.append(tr("{stage} {amount}, no threshold at these prices", lang, **fields))
        else:
            threshold = quantity(terms.threshold[place], unit_label("t/year", lang), lang)
            told.append(
                tr("{stage} {amount} for a threshold of {threshold}", lang, threshold=threshold, **fields)
            )
    more = int(known.sum()) - len(told)
    if more > 0:
        told.append(trn("{count} other", "{count} others", more, lang))
    return tr("{shares}.", lang, shares=clauses(told, lang)) if told else ""


def _not_known(f: Filiere, unknown: Mask, lang: str) -> str:
    count = int(unknown.sum())
    if not count:
        return ""
    told = trn(
        "For {count} activity with fixed costs the threshold is not known: a price, the tonnes, the variable "
        "cost or the subsidies are missing.",
        "For {count} activities with fixed costs the threshold is not known: a price, the tonnes, the variable "
        "cost or the subsidies are missing.",
        count,
        lang,
    )
    rows = tonnes_of(f).activities
    stages = list(dict.fromkeys(rows.stage[unknown].tolist()))
    names = [stage_name(f, stage, lang) for stage in stages]
    return sentences(told, tr("Stages: {names}.", lang, names=enumeration(names, lang, limit=NAMED)))
