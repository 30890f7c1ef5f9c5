"""What is wrong with a card: its formula, its letters, its function, its range. Each fault is a sentence."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from latex2mathml.converter import convert

import chaine_valeur
from chaine_valeur.analysis.accounts.break_even import thresholds_of
from chaine_valeur.analysis.card import Card
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.measure import NAN, Measure, ratio
from chaine_valeur.analysis.resilience._supply import single_actors, supply_of
from chaine_valeur.diagnosis.run import available_indicators, measured_by
from chaine_valeur.errors import InfeasibleError
from chaine_valeur.filiere import Filiere

#: Shares that are no part of a whole: over a capacity, an agreement, a target, or with losses among the terms.
NOT_PARTS = {
    "B7": "more than its capacity enters an activity",
    "B12": "more leaves the sorting than is said to enter it",
    "E7": "somebody loses value",
    "F3": "another college loses value",
    "G2": "more was worked than was agreed",
    "G9": "more was reached than was aimed at",
}
#: Of any sign: money, and what is made of it.
SIGNED = ("F1", "F2", "F6", "E7", "D3")


def faults_of(name: str, card: Card, indicator: Indicator) -> list[str]:
    """Return what is wrong with the card of an indicator, whatever it is measured on."""
    return [
        *formula_faults(card.math),
        *letter_faults(card),
        *function_faults(card),
        *text_faults(card),
        *unit_faults(name, card, indicator.unit),
    ]


def formula_faults(math: str) -> Iterator[str]:
    """Yield what a formula in LaTeX has that does not come out as MathML.

    The converter lets pass what it does not know: a command is then written as it is.
    """
    if "$" in math:
        yield f"dollar signs in {math}"
    bare = math.replace(r"\{", "").replace(r"\}", "")
    if bare.count("{") != bare.count("}"):
        yield f"braces do not close in {math}"
        return
    if math.count(r"\left") != math.count(r"\right"):
        yield f"left and right do not pair in {math}"
        return
    drawn = convert(math)
    if not drawn.startswith("<math"):
        yield f"no formula: {drawn}"
    yield from (f"not known to the converter: {command}" for command in re.findall(r"\\\w+", drawn))


def _bare(math: str) -> str:
    """Return a formula without blanks, and without the names of functions."""
    named = re.sub(r"\\operatorname\{\w+\}", "", math)
    return re.sub(r"\s|\\[ ,]", "", re.sub(r"\\(max|min|log|ln|quad|frac|sum|sqrt|left|right)", "", named))


def letter_faults(card: Card) -> Iterator[str]:
    """Yield the letters that are told and not in the formula, and the capitals in it that nobody tells."""
    formula = _bare(card.math)
    parts = [part for letters, _ in card.symbols for part in letters.split(r",\ ")]
    told = [_bare(part) for part in parts]
    for part, letter in zip(parts, told, strict=True):
        yield from formula_faults(part)
        if letter not in formula:
            yield f"{letter} is told and stands in no place of {formula}"
    defined = set(re.findall(r"([A-Z])(?:_\w|_\{[^}]*\})?=", formula))
    for letter in sorted(set(re.findall(r"\\Pi|\\Delta|(?<!\\)[A-Z]", formula)) - defined):
        if not any(letter in one for one in told):
            yield f"nobody tells what {letter} is in {formula}"


def function_faults(card: Card) -> Iterator[str]:
    """Yield why the function of a card cannot be called by a user."""
    root, *path, name = card.function.split(".")
    place: Any = chaine_valeur
    for part in path:
        place = getattr(place, part, None)
    if root != "chaine_valeur" or name not in getattr(place, "__all__", ()):
        yield f"{card.function} is not public"
        return
    function = getattr(place, name)
    try:
        inspect.signature(function).bind(None, **card.arguments)
    except TypeError as error:
        yield f"{card.function}: {error}"


def text_faults(card: Card) -> Iterator[str]:
    """Yield the sentences that do not end as one, the phrases that do, and what a catalogue could not hold."""
    for text in (card.n_actors_why, card.beyond):
        if not text.endswith("."):
            yield f"no sentence: {text}"
    phrases = [*(meaning for _, meaning in card.symbols), *([card.taken] if card.taken else [])]
    yield from (f"a sentence: {text}" for text in phrases if text.endswith("."))
    texts = [card.n_actors_why, card.beyond, *phrases, *(one.text for one in card.references)]
    yield from (
        f"a field, or a straight apostrophe: {text}" for text in texts if re.search(r"[{}']|\.\.\.", text)
    )


def unit_faults(name: str, card: Card, unit: str) -> Iterator[str]:
    """Yield where the range is not one that the unit allows."""
    if (card.low < 0) != (name in SIGNED):
        yield f"{card.low} is no lower end of {name}"
    if unit == "share" and (card.high > 1) != (name in NOT_PARTS):
        yield f"{card.high} is no upper end of a share, {name}"
    if unit == "count" and card.high < float("inf"):
        yield f"{name} counts, and ends at {card.high}"


def range_faults(card: Card, measure: Measure) -> list[str]:
    """Return which of the value and its two bounds lie outside the range of the card."""
    found = {part: getattr(measure, part) for part in ("value", "low", "high")}
    return [f"{part} {value}" for part, value in found.items() if not card.contains(value)]


def measured(f: Filiere, indicators: Iterable[Indicator]) -> dict[str, Measure]:
    """Return the measure of each indicator of a filière, as the diagnosis makes it."""
    return {one.indicator_id: measured_by(f, one, "en") for one in indicators}


# -- what the function of a card returns, and the figure that follows from it ---------------------------


def public(card: Card) -> Callable[..., Any]:
    """Return the function of a card."""
    found: Any = chaine_valeur
    for part in card.function.split(".")[1:]:
        found = getattr(found, part)
    return found  # type: ignore[no-any-return]


def figure_of(name: str, card: Card, f: Filiere) -> float:
    """Return the figure as the card says that it follows from its function."""
    try:
        found = public(card)(f, **card.arguments)
    except InfeasibleError:
        return NAN
    return float(TAKEN[name](found, f)) if card.taken else float(found)


def _unmet(frame: pd.DataFrame, f: Filiere) -> float:
    asked = frame[frame["demand_t_per_year"] > 0]
    return ratio(asked["unmet_t_per_year"].sum(skipna=False), asked["demand_t_per_year"].sum())


def _unused(frame: pd.DataFrame, f: Filiere) -> float:
    first = frame[~frame["material_id"].fillna("").duplicated()]
    return ratio(first["unused_t_per_year"].sum(skipna=False), first["supply_t_per_year"].sum())


def _in_class(r: Any, asked: str, among: tuple[str, ...]) -> float:
    classes = r.flows["data_class"]
    return ratio(float((classes == asked).sum()), float(classes.isin(among).sum()))


def _suspects(r: Any, f: Filiere) -> float:
    return float(len(r.suspects())) if (r.flows["data_class"] == "redundant").any() else NAN


def _second_way(frame: pd.DataFrame, f: Filiere) -> float:
    linked = frame[(frame["paths"] > 0).fillna(False) & frame["expected"].fillna(True)]
    return ratio(float((linked["paths"] >= 2).sum()), len(linked))


def _still_supplied(cut: pd.Series, f: Filiere) -> float:
    supply = supply_of(f)
    sends = np.isin(np.arange(supply.n_actors), supply.source) & single_actors(f)
    if not sends.any() or cut.isna().all():
        return NAN
    return 1 - ratio(float(cut[sends].max()), int(supply.supplied.sum()))


def _reached(threshold: pd.Series, f: Filiere) -> float:
    known = threshold.notna().to_numpy()
    return ratio(float((thresholds_of(f).entering >= threshold.to_numpy())[known].sum()), int(known.sum()))


def _between(frame: pd.DataFrame, f: Filiere) -> float:
    found = frame[(frame["group"] == "enterprise") & (frame["to_group"] == "ess")]["density"]
    return float(found.iloc[0]) if len(found) else NAN


#: Indicator → the figure from what its function returns. Not here: B1, F6, F7 and A12, which put together in another way.
TAKEN: dict[str, Callable[[Any, Filiere], float]] = {
    "A6": lambda found, f: NAN if found.isna().any() else found.sum(),
    "A7": _unmet,
    "A8": _unused,
    "B3": lambda r, f: 1 - _in_class(r, "free", ("free", "measured", "redundant", "determined")),
    "B3-checked": lambda r, f: _in_class(r, "redundant", ("redundant", "measured")),
    "B6": _suspects,
    "B7": lambda found, f: found.max(),
    "B8": lambda found, f: found.served_t_per_year,
    "B12": lambda found, f: found.loc["sorted", "share"],
    "C1": lambda found, f: found[~f.network.outside].mean(),
    "C3": _second_way,
    "C6": _still_supplied,
    "D2": _between,
    "D7": lambda found, f: found["share"].mean(),
    "D8": lambda found, f: found["iqv"].mean(),
    "D12": lambda found, f: found.fit,
    "F1": lambda found, f: found.sum(min_count=1),
    "F3": lambda found, f: found.max() if found.notna().sum() > 1 else NAN,
    "F5": _reached,
}
#: Put together in another way than row by row.
APART = {"A12", "B1", "F6", "F7"}
#: Hidden though the function gives it: few people, few actors. Taken in the unit of which something is known.
HIDDEN, OTHER_UNIT = {"G6", "G7", "D12"}, {"G4", "G9"}


def function_disagrees(name: str, card: Card, f: Filiere, measure: Measure) -> list[str]:
    """Return where the function of a card gives another figure than the diagnosis.

    Without a row in the first table that it reads the diagnosis measures nothing, whatever the function makes of it.
    """
    if name in APART or not len(f.table(available_indicators()[name].tables[0])):
        return []
    if name in HIDDEN and measure.value != measure.value:
        return []
    figure = figure_of(name, card, f)
    if name in OTHER_UNIT and figure != figure:
        return []
    same = np.isclose(figure, measure.value, rtol=1e-9, atol=1e-12, equal_nan=True)
    return [] if same else [f"{card.function} gives {figure}, the diagnosis {measure.value}"]
