"""A measure as it is told: « 7 sur 12 » for few cases, a percentage for many, bounds and units in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..language import SMALL_NUMBER, interval, number, out_of, percent, quantity, tr, trn
from ..schema import unit_label

if TYPE_CHECKING:
    from ..analysis.measure import Measure
    from .measured import Measured

__all__ = [
    "bounds_text",
    "cases_of_bounds",
    "firmness_text",
    "sentence_of",
    "shown_value",
    "terms_text",
    "value_text",
]


def value_text(measure: Measure, *, lang: str) -> str:
    """Return the value of a measure as a reader writes it; « inconnu » where it is NaN."""
    if _nan(measure.value):
        return tr("unknown", lang)
    if measure.unit == "share":
        return _cases_text(measure, lang) if _of_few_cases(measure) else percent(measure.value, lang)
    digits = 0 if measure.unit.startswith("EUR") and abs(measure.value) >= 10 else None
    return quantity(measure.value, _unit_word(measure.unit, lang), lang, digits=digits)


def shown_value(one: Measured, *, lang: str) -> str:
    """Return the value of an indicator as a reader writes it; « non diffusé » where it is not for the audience."""
    return value_text(one.measure, lang=lang) if one.told else tr("not told", lang)


def terms_text(measure: Measure, *, lang: str) -> str:
    """Return the two numbers of a share of many cases, « 14 sur 300 »; empty where they say nothing more."""
    part, whole = measure.numerator, measure.denominator
    counts = measure.unit == "share" and float(part).is_integer() and float(whole).is_integer()
    if not counts or _nan(measure.value) or _of_few_cases(measure):
        return ""
    return tr("{part} out of {whole}", lang, part=number(part, lang), whole=number(whole, lang))


def bounds_text(measure: Measure, *, lang: str) -> str:
    """Return between which values the unknown leaves a figure; empty if it leaves no doubt, or all."""
    low, high = measure.low, measure.high
    if _nan(low) or _nan(high) or low == high:
        return ""
    if measure.unit != "share":
        bounds = interval(low, high, lang, unit=_unit_word(measure.unit, lang))
    elif low <= 0 and high >= 1:
        return ""
    elif whole := cases_of_bounds(measure):
        least, most = number(round(low * whole), lang), out_of(round(high * whole), whole, lang)
        bounds = tr("from {low} to {high}", lang, low=least, high=most)
    else:
        bounds = tr("from {low} to {high}", lang, low=percent(low, lang), high=percent(high, lang))
    return tr("{bounds} depending on what is unknown", lang, bounds=bounds)


def firmness_text(hypothesis_share: float, *, lang: str) -> str:
    """Return how much of a figure rests on estimates or hypotheses; empty if none of it does."""
    if _nan(hypothesis_share) or hypothesis_share <= 0:
        return ""
    if hypothesis_share >= 0.995:
        return tr("Rests on estimates or hypotheses only.", lang)
    share = percent(max(hypothesis_share, 0.01), lang)
    return tr("{share} of it rests on estimates or hypotheses.", lang, share=share)


def sentence_of(text: str) -> str:
    """Return a remark with a capital and a full stop."""
    begun = text[:1].upper() + text[1:]
    return begun if begun.rstrip(")»”\u00a0").endswith((".", "!", "?", "…")) else f"{begun}."


def _of_few_cases(measure: Measure) -> bool:
    """Whether a share is one of cases that can be counted on the hands; a share of tonnes is not."""
    part, whole = measure.numerator, measure.denominator
    if measure.weighed or _nan(part) or _nan(whole) or not 0 < whole < SMALL_NUMBER:
        return False
    return float(part).is_integer() and float(whole).is_integer()


def _cases_text(measure: Measure, lang: str) -> str:
    """Return « 7 sur 12 », or « 1 sur 3, 2 inconnus » where cases of which nobody knows were left out."""
    whole = cases_of_bounds(measure)
    unknown = whole - int(measure.denominator)
    if unknown <= 0:
        return out_of(measure.numerator, measure.denominator, lang)
    known = out_of(measure.numerator, whole, lang)
    return trn("{known}, {count} unknown", "{known}, {count} unknown", unknown, lang, known=known)


def _unit_word(unit: str, lang: str) -> str:
    """Return the word that follows a number; a ratio and a count are bare numbers."""
    return "" if unit in ("ratio", "count") else unit_label(unit, lang)


def cases_of_bounds(measure: Measure) -> int:
    """Return over how many cases the bounds of a share are, some of the unknown among them; 0 if many."""
    if _nan(measure.low) or _nan(measure.high):
        return 0
    if not (_of_few_cases(measure) or measure.denominator == 0):
        return 0
    first = int(measure.denominator)
    most = min(first + measure.n_unknown, SMALL_NUMBER - 1)
    fitting = [
        whole
        for whole in range(max(first, 1), most + 1)
        if all(abs(end * whole - round(end * whole)) < 1e-6 for end in (measure.low, measure.high))
    ]
    # 4 to 8 out of 12 is also 3 to 6 out of 9: what is known to be so is not told as less, and the cases
    # added are those that may be so
    part = measure.numerator
    exact = [
        whole for whole in fitting
        if round(measure.low * whole) == part and round(measure.high * whole) == part + whole - first
    ]  # fmt: skip
    # else the unknown is among the cases of the denominator already
    return next(iter(exact or [whole for whole in fitting if whole == first or not first]), 0)


def _nan(value: float) -> bool:
    return value != value
