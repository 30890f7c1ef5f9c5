"""The official indicators as the diagnosis runs them: G1, G2, G3, G6, G7, G8, with what a reader must know."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...language import enumeration, number, percent, quantity, tr, trn
from ...schema import unit_label
from ...vocabulary import OutcomeKind, Scope
from ..activities import identifiers
from ..measure import NAN, Measure, ratio
from ..wording import sentences
from ._agreements import agreements_of
from .agreements import aid_of, known_sum
from .exits import DYNAMIC_REFERENCE, LASTING_REFERENCE, exits_of
from .few_people import FEWEST_EXITS, share_may_be_told
from .references import latest_amount_since
from .supervision import supervision_rows
from .wording import perimeter_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere
    from ._agreements import Agreements
    from .exits import Exits

    Mask = NDArray[np.bool_]

__all__ = [
    "agreement_use_measure",
    "fte_done_measure",
    "lasting_exits_measure",
    "planned_aid_measure",
    "positive_exits_measure",
    "supervision_ratio_measure",
]


def fte_done_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the insertion FTE worked under agreement (G1)."""
    found = agreements_of(f)
    known = ~np.isnan(found.done)
    value = known_sum(found.done)
    n_unknown = int((~known).sum()) + len(found.unknown_kind)
    note = sentences(
        perimeter_words(Scope.FILIERE.value, lang),
        _counted(found, known, lang),
        _hours_taken(found, known, lang),
        _not_told(int((~known).sum()), lang),
        _left_out(found, lang),
    )
    measure = Measure(
        value, "FTE", value, NAN if n_unknown else value, known_sum(found.hours[known]), NAN,
        n_unknown=n_unknown, note=note,
    )  # fmt: skip
    return measure.resting_on(f, {"agreements": identifiers(found.rows.ids[known])})


def agreement_use_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the use of the agreements (G2)."""
    found = agreements_of(f)
    both = ~np.isnan(found.done) & ~np.isnan(found.agreed)
    done, agreed = known_sum(found.done[both]), known_sum(found.agreed[both])
    value = ratio(done, agreed)
    n_unknown = int((~both).sum()) + len(found.unknown_kind)
    exact = NAN if n_unknown else value
    fte = unit_label("FTE", lang)
    note = sentences(
        perimeter_words(Scope.FILIERE.value, lang),
        tr("{done} worked for {agreed} agreed.", lang, done=quantity(done, fte, lang), agreed=quantity(agreed, fte, lang))
        if value == value
        else tr("No agreement gives both its hours and its FTE.", lang),
        _hours_taken(found, both, lang),
        _not_told(int((~both).sum()), lang),
        _left_out(found, lang),
        _months_assumed(found, lang),
        _overlaps(found, lang),
    )  # fmt: skip
    measure = Measure(value, "share", exact, exact, done, agreed, n_unknown=n_unknown, note=note)
    return measure.resting_on(f, {"agreements": identifiers(found.rows.ids[both])})


def planned_aid_measure(f: Filiere, *, lang: str = "fr", reference_amounts: bool = False) -> Measure:
    """Return the aid that the agreements plan (G3), and what of it each payer is known to bear."""
    found, aid = agreements_of(f), aid_of(f, reference_amounts=reference_amounts)
    known = ~np.isnan(aid.total)
    value = known_sum(aid.total)
    otherwise = int((aid.reason == "funded_otherwise").sum())
    # what was funded otherwise is no unknown amount of this aid: nothing is to be asked for
    n_unknown = int((~known).sum()) - otherwise + len(found.unknown_kind)
    split = known & ~np.isnan(aid.state)
    note = sentences(
        perimeter_words(Scope.FILIERE.value, lang),
        _split(known_sum(aid.state[split]), known_sum(aid.department[split]), lang) if split.any() else "",
        trn("Who pays what is not told for {count} agreement.", "Who pays what is not told for {count} agreements.",
            int((known & ~split).sum()), lang) if (known & ~split).any() else "",
        _funded_otherwise(found, otherwise, lang),
        _not_told(n_unknown - len(found.unknown_kind), lang),
        _by_reference(int(aid.by_reference.sum()), lang),
        _left_out(found, lang),
        _months_assumed(found, lang),
        _overlaps(found, lang),
    )  # fmt: skip
    measure = Measure(
        value, "EUR", value, NAN if n_unknown else value, n_unknown=n_unknown, note=note
    ).resting_on(f, {"agreements": identifiers(found.rows.ids[known])})
    if not aid.by_reference.any():
        return measure
    # an amount that the agreement does not give is a hypothesis, whatever the confidence of its row
    return replace(
        measure,
        hypothesis_share=max(measure.hypothesis_share, float(aid.total[aid.by_reference].sum()) / value),
    )


def positive_exits_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of dynamic exits (G6), not shown under five exits."""
    return _exits_measure(f, OutcomeKind.POSITIVE_EXITS.value, DYNAMIC_REFERENCE, lang)


def lasting_exits_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of exits into a lasting job (G7), not shown under five exits."""
    return _exits_measure(f, OutcomeKind.LASTING_EXITS.value, LASTING_REFERENCE, lang)


def supervision_ratio_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the supervision of insertion jobs (G8)."""
    rows, use, unknown = supervision_rows(f)
    supervision, insertion = (
        known_sum(rows.values(name)[use]) for name in ("supervision_fte", "insertion_fte")
    )
    value = ratio(supervision, insertion)
    exact = NAN if unknown.any() else value
    fte = unit_label("FTE", lang)
    note = sentences(
        perimeter_words(Scope.FILIERE.value, lang),
        tr("{supervision} of supervision for {insertion} in insertion.", lang,
           supervision=quantity(supervision, fte, lang), insertion=quantity(insertion, fte, lang))
        if value == value
        else tr("No activity gives both its insertion jobs and its supervision.", lang),
        trn("Supervision or insertion is not known for {count} activity.",
            "Supervision or insertion is not known for {count} activities.", int(unknown.sum()), lang)
        if unknown.any() else "",
    )  # fmt: skip
    measure = Measure(
        value, "ratio", exact, exact, supervision, insertion, n_unknown=int(unknown.sum()), note=note
    )
    return measure.resting_on(f, {"activities": identifiers(rows.ids[use])})


# -- exits --------------------------------------------------------------------------------------------


def _exits_measure(f: Filiere, kind: str, reference: float, lang: str) -> Measure:
    found = exits_of(f, kind)
    few = found.source == "agreements" and (found.whole < FEWEST_EXITS or not share_may_be_told(f, kind))
    value = NAN if few else found.value
    note = sentences(
        perimeter_words(found.scope, lang),
        _source_words(found, few=few, lang=lang),
        _not_told(found.n_unknown - found.n_contradicted, lang) if found.source != "outcomes" else "",
        _contradicted(found.n_contradicted, lang),
        tr("Reference of the State (circular DGEFP 2008-21): {share} and more; to be read with the people whom the "
            "structures serve, never alone.", lang, share=percent(reference, lang)),
    )  # fmt: skip
    hidden = few or value != value
    measure = Measure(
        value,
        "share",
        NAN if hidden else found.low,
        NAN if hidden else found.high,
        NAN if hidden else found.part,
        NAN if hidden else found.whole,
        n_unknown=found.n_unknown,
        scope=found.scope,
        note=note,
    )
    return measure if hidden else measure.resting_on(f, {found.source: found.rows})


def _source_words(found: Exits, *, few: bool, lang: str) -> str:
    if few and found.whole >= FEWEST_EXITS:
        return tr("Not shown: beside what is told of structures it would tell of fewer than {count} people.", lang,
                  count=number(FEWEST_EXITS, lang))  # fmt: skip
    if few and found.whole > 0:
        return tr("Fewer than {count} people left: not shown.", lang, count=number(FEWEST_EXITS, lang))
    if found.source == "agreements":
        if found.whole == 0:
            return tr("Nobody left in the year.", lang)
        return tr("From the agreements; what the results state beside is not added.", lang)
    if found.several:
        return tr("Several structures state a share: without the number of exits they cannot be added.", lang)
    if found.source == "outcomes":
        return tr("A share stated among the results: how many people left is not known.", lang)
    return tr("No exits are known.", lang)


# -- remarks on agreements ----------------------------------------------------------------------------


def _counted(found: Agreements, known: Mask, lang: str) -> str:
    if not len(known):
        return tr("No agreement of a SIAE is known.", lang)
    fields = {"known": number(int(known.sum()), lang)}
    if found.year is None:
        return trn("Known for {known} of {count} agreement.", "Known for {known} of {count} agreements.", len(known),
                   lang, **fields)  # fmt: skip
    return trn("Known for {known} of {count} agreement in {year}.", "Known for {known} of {count} agreements in {year}.",
               len(known), lang, year=found.year, **fields)  # fmt: skip


def _hours_taken(found: Agreements, known: Mask, lang: str) -> str:
    """Return the hours that were taken from the reference, by measure, and which of them no source gives."""
    by_reference = known & (found.standing != "agreement")
    told, unverified = {}, False
    pairs = zip(
        found.measure[by_reference],
        found.hours_per_fte[by_reference],
        found.standing[by_reference],
        strict=True,
    )
    for measure, hours, standing in sorted(set(pairs)):  # a few measures of the ASP
        told[measure, hours] = tr("{measure} {hours}", lang, measure=str(measure).replace("_", "\u00a0"),
                                  hours=quantity(hours, unit_label("hour", lang), lang))  # fmt: skip
        unverified |= standing == "unverified"
    if not told:
        return ""
    listed = tr("Hours of one FTE taken from the table of references: {measures}.", lang,
                measures=enumeration(list(told.values()), lang))  # fmt: skip
    doubt = tr("Those in prison (MP) are not verified.", lang) if unverified else ""
    return sentences(listed, doubt)


def _not_told(count: int, lang: str) -> str:
    if not count:
        return ""
    return trn("{count} agreement does not say enough and is left out.",
               "{count} agreements do not say enough and are left out.", count, lang)  # fmt: skip


def _contradicted(count: int, lang: str) -> str:
    if not count:
        return ""
    return trn("{count} agreement tells more exits by kind than in all and is left out: to be corrected.",
               "{count} agreements tell more exits by kind than in all and are left out: to be corrected.", count,
               lang)  # fmt: skip


def _left_out(found: Agreements, lang: str) -> str:
    other, unknown = len(found.other_kind), len(found.unknown_kind)
    return sentences(
        trn("{count} agreement of a structure that is no SIAE (EA, ESAT, GEIQ…) is left out.",
            "{count} agreements of structures that are no SIAE (EA, ESAT, GEIQ…) are left out.", other, lang)
        if other else "",
        trn("The kind of {count} agreement is not known: it is left out.",
            "The kind of {count} agreements is not known: they are left out.", unknown, lang) if unknown else "",
    )  # fmt: skip


def _months_assumed(found: Agreements, lang: str) -> str:
    count = int(found.undated.sum())
    if not count:
        return ""
    return trn("{count} agreement without dates is taken over the whole year.",
               "{count} agreements without dates are taken over the whole year.", count, lang)  # fmt: skip


def _overlaps(found: Agreements, lang: str) -> str:
    count = int(found.overlapping.sum())
    if not count:
        return ""
    return trn(
        "{count} agreement shares months with another one of the same structure: right for two worksites, otherwise "
        "counted twice.",
        "{count} agreements share months with another one of the same structure: right for two worksites, otherwise "
        "counted twice.",
        count,
        lang,
    )


def _split(state: float, department: float, lang: str) -> str:
    return tr("State {state}, département {department}.", lang, state=quantity(state, "€", lang, digits=0),
              department=quantity(department, "€", lang, digits=0))  # fmt: skip


def _funded_otherwise(found: Agreements, otherwise: int, lang: str) -> str:
    """Return why months are not counted: before its aid per post, a measure was funded in another way."""
    short = (found.aid_months < found.months) & (found.aid_months > 0)
    return sentences(
        trn("{count} agreement is of a time when its measure had no aid per post (an ACI before July 2014): funded "
            "otherwise, not counted.",
            "{count} agreements are of a time when their measure had no aid per post (an ACI before July 2014): funded "
            "otherwise, not counted.", otherwise, lang) if otherwise else "",
        trn("{count} agreement began before the aid per post of its measure: only the months since count.",
            "{count} agreements began before the aid per post of their measure: only the months since count.",
            int(short.sum()), lang) if short.any() else "",
    )  # fmt: skip


def _by_reference(count: int, lang: str) -> str:
    if not count:
        return ""
    return trn(
        "Hypothesis: {count} agreement without an amount is taken at the base amount of its measure (the latest known "
        "is of {year}).",
        "Hypothesis: {count} agreements without an amount are taken at the base amount of their measure (the latest "
        "known is of {year}).",
        count,
        lang,
        year=latest_amount_since(),
    )
