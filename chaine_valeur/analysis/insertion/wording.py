"""The words of results and costs: « une trentaine », « encadrement compris », « hors aides aux SIAE »."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import N_, SMALL_NUMBER, enumeration, number, percent, quantity, tr, trn
from ...schema import unit_label
from ...vocabulary import FundingPurpose, OutcomeKind, OutcomeUnit, label
from .metrics import ANIMATION
from .results import JOB_UNITS

if TYPE_CHECKING:
    from .results import Money, Result

__all__ = [
    "about",
    "amount_of",
    "cost_words",
    "excluded",
    "perimeter_words",
    "purpose_words",
    "result_words",
    "scope_label",
]

#: Round numbers that have a word where they are approximate.
_ROUND = {
    10: N_("about ten"),
    12: N_("about a dozen"),
    15: N_("about fifteen"),
    20: N_("about twenty"),
    30: N_("about thirty"),
    40: N_("about forty"),
    50: N_("about fifty"),
    60: N_("about sixty"),
    100: N_("about a hundred"),
}
_PURPOSES = {
    FundingPurpose.ANIMATION.value: N_("animation"),
    FundingPurpose.INVESTMENT.value: N_("investment"),
    FundingPurpose.POST_AID.value: N_("aid to the SIAE"),
    FundingPurpose.OPERATION.value: N_("operating costs"),
    FundingPurpose.STUDY.value: N_("studies"),
    FundingPurpose.TRAINING.value: N_("training"),
    FundingPurpose.OTHER.value: N_("other funding"),
}


def about(value: float, lang: str, *, approximate: bool) -> str:
    """Return a number, « une trentaine » or « environ 35 » where it is approximate."""
    if not approximate:
        return number(value, lang)
    word = _ROUND.get(int(value)) if value == int(value) else None
    return tr(word, lang) if word else tr("about {count}", lang, count=number(value, lang))


def scope_label(scope: str, lang: str) -> str:
    """Return what a perimeter is called."""
    return label(scope, "scope", lang)


def perimeter_words(scope: str, lang: str) -> str:
    """Return « Périmètre : cette filière. »."""
    named = scope_label(scope, lang)
    return tr("Perimeter: {scope}.", lang, scope=named[:1].lower() + named[1:])


def amount_of(value: float, unit: str, lang: str) -> str:
    """Return a result with its unit: « 12 personnes », « 60 % »."""
    if unit == OutcomeUnit.SHARE.value:
        return percent(value, lang)
    if unit == OutcomeUnit.POST.value:
        return trn("{count} post", "{count} posts", value, lang)
    if unit == OutcomeUnit.FTE.value:
        return quantity(value, unit_label("FTE", lang), lang)
    if unit == OutcomeUnit.PERSON.value:
        return trn("{count} person", "{count} persons", value, lang)
    if unit == OutcomeUnit.STRUCTURE.value:
        return trn("{count} structure", "{count} structures", value, lang)
    return trn("{count} event", "{count} events", value, lang)


def result_words(result: Result, lang: str) -> str:
    """Return « 21 postes créés, encadrement compris, pour une trentaine attendus (70 %) ».

    A share is told from a target of `SMALL_NUMBER` on; below, both numbers stand there already.
    """
    if not result.is_known:
        return ""
    if result.reached != result.reached:
        amount = amount_of(result.target, result.unit, lang)
        amount = tr("about {count}", lang, count=amount) if result.approximate else amount
        return tr("expected: {amount}, result not known", lang, amount=amount)
    reached, target = _created(result, lang), _expected(result, lang)
    if not target:
        return reached
    if result.supervision is None:
        told = tr("{reached} for {expected}", lang, reached=reached, expected=target)
    else:
        told = tr("{reached}, for {expected}", lang, reached=reached, expected=target)
    comparable = (result.compared, result.aim) == (result.reached, result.target)
    if comparable and result.unit != OutcomeUnit.SHARE.value and result.aim >= SMALL_NUMBER:
        return f"{told} ({percent(result.compared / result.aim, lang)})"
    return told


def _created(result: Result, lang: str) -> str:
    if result.kind != OutcomeKind.INSERTION_JOBS.value or result.unit not in JOB_UNITS:
        kind = label(result.kind, "outcome_kind", lang)
        told = tr("{kind}, {amount}", lang, kind=kind, amount=amount_of(result.reached, result.unit, lang))
    elif result.unit == OutcomeUnit.POST.value:
        told = trn("{count} post created", "{count} posts created", result.reached, lang)
    elif result.unit == OutcomeUnit.FTE.value:
        told = trn("{count} insertion FTE", "{count} insertion FTE", result.reached, lang)
    else:
        told = trn("{count} person in insertion", "{count} persons in insertion", result.reached, lang)
    if result.n_unknown:
        told = tr("at least {amount}", lang, amount=told)
    if result.supervision is None:
        return told
    more = tr("supervision included", lang) if result.supervision else tr("supervision not included", lang)
    return f"{told}, {more}"


def _expected(result: Result, lang: str) -> str:
    if result.target != result.target:
        return ""
    if result.unit == OutcomeUnit.SHARE.value:
        return tr("{share} expected", lang, share=percent(result.target, lang))
    target = about(result.target, lang, approximate=result.approximate)
    count, fields = result.target, {"target": target}
    if result.unit == OutcomeUnit.PERSON.value:
        return trn("{target} person expected", "{target} persons expected", count, lang, **fields)
    if result.unit == OutcomeUnit.STRUCTURE.value:
        return trn("{target} structure expected", "{target} structures expected", count, lang, **fields)
    return trn("{target} expected", "{target} expected", count, lang, **fields)


def cost_words(money: Money, posts: float, unit: str, lang: str) -> str:
    """Return « 10 952 € d’animation par poste, hors aides aux SIAE »; the perimeter is always there."""
    cost = quantity(money.total / posts, "€", lang, digits=0)
    one = tr("per post", lang) if unit == OutcomeUnit.POST.value else tr("per FTE", lang)
    if money.purposes == ANIMATION:
        told = tr("{cost} of animation {per_unit}", lang, cost=cost, per_unit=one)
    else:
        named = enumeration([purpose_words(purpose, lang) for purpose in money.purposes], lang)
        told = tr("{cost} {per_unit} ({purposes})", lang, cost=cost, per_unit=one, purposes=named)
    if money.n_unknown:
        told = tr("at least {amount}", lang, amount=told)
    return f"{told}, {left}" if (left := excluded(money, lang)) else told


def excluded(money: Money, lang: str) -> str:
    """Return « hors aides aux SIAE »: what else the perimeter is known to receive; empty if nothing."""
    named = [purpose_words(purpose, lang) for purpose in money.left_out]
    return tr("excluding {purposes}", lang, purposes=enumeration(named, lang)) if named else ""


def purpose_words(purpose: str, lang: str) -> str:
    """Return what money is for, within a sentence."""
    return tr(_PURPOSES[purpose], lang)
