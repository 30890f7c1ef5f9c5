"""A figure among those of random networks: what is shown of it, and the sentence that tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....errors import ArgumentError
from ....language import clauses, number, percent, tr, trn
from ...measure import NAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

__all__ = ["Question", "Significance", "judged", "significance_sentence"]

#: Sums may come in another order in a draw: what differs by less than this, relatively, is the same.
SLACK = 1e-9
#: Below this a p is told as « p < 0,001 ».
SMALLEST_P = 0.001


@dataclass(frozen=True)
class Significance:
    """A figure against random networks.

    Attributes
    ----------
    measure
        Name of the measure.
    observed
        Its value on the observed ties.
    expected, sd
        Mean and standard deviation over the draws.
    low, high
        Values between which a share `level` of the draws lies, both of them drawn.
    p
        Two-sided: twice the smaller of the next two, at most 1.
    p_lower, p_higher
        Share of draws, the observed network counted among them, that are not above (below) what is
        observed: ``(1 + count) / (1 + draws)``.
    draws
        Networks drawn.
    undefined
        Of these, those in which the measure is undefined, left out of all figures.
    seed, model, level
        As asked for.
    group
        What makes the blocks, empty if none is named.
    n_actors
        Number of actors.
    note
        Why something is NaN, what was left out, and that few actors say little.
    """

    measure: str
    observed: float
    expected: float
    sd: float
    low: float
    high: float
    p: float
    p_lower: float
    p_higher: float
    draws: int
    undefined: int
    seed: int
    model: str
    level: float
    group: str
    n_actors: int
    note: str


@dataclass(frozen=True)
class Question:
    """What was asked, alike for all measures of a call: see `Significance` and `significance`.

    ``stuck`` says why no draw can differ from what is observed, if it is known beforehand.
    """

    model: str
    draws: int
    seed: int
    level: float
    n_actors: int
    fewest: int
    show_small: bool
    lang: str
    stuck: str = ""

    def __post_init__(self) -> None:
        """Refuse a level that is no share."""
        if not 0 < self.level < 1:
            raise ArgumentError(f"level={self.level!r} is not a share between 0 and 1")


def judged(
    question: Question, measure: str, observed: float, values: Values, *, group: str = "", reason: str = ""
) -> Significance:
    """Return where `observed` stands among the `values` of the draws; `reason` says why there is none."""
    lang = question.lang
    known = values[~np.isnan(values)]
    undefined = len(values) - len(known)
    figures = {"observed": observed} | dict.fromkeys(
        ("expected", "sd", "low", "high", "p", "p_lower", "p_higher"), NAN
    )
    notes = []
    if np.isnan(observed):
        notes.append(reason or tr("the measure is undefined on the observed ties", lang))
    elif not len(known):
        notes.append(tr("the measure is undefined in every draw", lang))
    else:
        figures |= _spread(known, question.level)
        if undefined:
            notes.append(
                trn(
                    "{count} draw left out, in which the measure is undefined",
                    "{count} draws left out, in which the measure is undefined",
                    undefined,
                    lang,
                )
            )
        slack = SLACK * max(1.0, abs(observed))
        if np.abs(known - observed).max() <= slack:
            notes.append(
                question.stuck or tr("no draw differs from what is observed: nothing to compare", lang)
            )
        else:
            notes += _few(question)
            if question.show_small or question.n_actors >= question.fewest:
                figures |= _shares(observed, known, slack)
    return Significance(
        measure=measure,
        **figures,
        draws=len(values),
        undefined=undefined,
        seed=question.seed,
        model=question.model,
        level=question.level,
        group=group,
        n_actors=question.n_actors,
        note=clauses(notes, lang),
    )


def _spread(known: Values, level: float) -> dict[str, float]:
    tail = (1 - level) / 2
    return {
        "expected": float(known.mean()),
        "sd": float(known.std(ddof=1)) if len(known) > 1 else NAN,
        "low": float(np.quantile(known, tail, method="lower")),
        "high": float(np.quantile(known, 1 - tail, method="higher")),
    }


def _shares(observed: float, known: Values, slack: float) -> dict[str, float]:
    lower = (1 + int((known <= observed + slack).sum())) / (1 + len(known))
    higher = (1 + int((known >= observed - slack).sum())) / (1 + len(known))
    return {"p": min(1.0, 2 * min(lower, higher)), "p_lower": lower, "p_higher": higher}


def _few(question: Question) -> list[str]:
    if question.n_actors >= question.fewest:
        return []
    if question.show_small:
        return [
            trn(
                "on {count} actor this says little",
                "on {count} actors this says little",
                question.n_actors,
                question.lang,
            )
        ]
    return [
        trn(
            "p not shown under {count} actor: it would say little",
            "p not shown under {count} actors: it would say little",
            question.fewest,
            question.lang,
        )
    ]


def significance_sentence(result: Significance, *, what: str = "", lang: str = "fr") -> str:
    """Return a result told to people: what was observed, what chance would give, how often it goes that far.

    Parameters
    ----------
    result
        What `chaine_valeur.analysis.cooperation.chance.significance.significance` returns, its note being in
        the language asked for there.
    what
        What was measured, in the language of the reader; by default what the named measures count, and for a
        function its name.
    lang
        Language of the sentence.

    Returns
    -------
    str
        Whole sentences; the note alone where nothing was observed.

    Examples
    --------
    >>> result = Significance("ties_between", 12, 17.96, 2.1, 13, 23, 0.012, 0.006, 0.997, 1000, 0, 0,
    ...                       "labels", 0.95, "pole", 40, "")
    >>> print(significance_sentence(result, lang="en"))
    12 ties between colleges observed; with the same ties and the actors dealt out at random among the
    colleges, 18 would be expected (from 13 to 23 in 95% of draws): p = 0.012 over 1,000 draws.
    """
    told = [] if np.isnan(result.observed) else [_told(result, what, lang)]
    if result.note:
        told.append(tr("{sentence}.", lang, sentence=result.note[:1].upper() + result.note[1:]))
    return " ".join(told)


def _told(result: Significance, what: str, lang: str) -> str:
    if np.isnan(result.expected):
        return tr("{observed}.", lang, observed=_observed(result, what, lang))
    values = {
        "observed": _observed(result, what, lang),
        "expected": number(result.expected, lang),
        "low": number(result.low, lang),
        "high": number(result.high, lang),
        "level": percent(result.level, lang, digits=0 if round(100 * result.level, 9).is_integer() else 1),
    }
    if result.model == "density":
        text = tr(
            "{observed}; with as many ties placed at random, {expected} would be expected (from {low} to "
            "{high} in {level} of draws)",
            lang,
            **values,
        )
    elif result.model == "degrees":
        text = tr(
            "{observed}; with as many ties for each actor, placed at random, {expected} would be expected "
            "(from {low} to {high} in {level} of draws)",
            lang,
            **values,
        )
    elif result.group == "pole":
        text = tr(
            "{observed}; with the same ties and the actors dealt out at random among the colleges, {expected} "
            "would be expected (from {low} to {high} in {level} of draws)",
            lang,
            **values,
        )
    else:
        text = tr(
            "{observed}; with the same ties and the categories dealt out at random among the actors, "
            "{expected} would be expected (from {low} to {high} in {level} of draws)",
            lang,
            **values,
        )
    if np.isnan(result.p):
        return tr("{sentence}.", lang, sentence=text)
    known = result.draws - result.undefined
    p = number(max(result.p, SMALLEST_P), lang)
    if result.p < SMALLEST_P:
        return trn(
            "{sentence}: p < {p} over {count} draw.",
            "{sentence}: p < {p} over {count} draws.",
            known,
            lang,
            sentence=text,
            p=p,
        )
    return trn(
        "{sentence}: p = {p} over {count} draw.",
        "{sentence}: p = {p} over {count} draws.",
        known,
        lang,
        sentence=text,
        p=p,
    )


def _observed(result: Significance, what: str, lang: str) -> str:
    count = result.observed
    if what:
        return tr("{what}: {value} observed", lang, what=what, value=number(count, lang))
    if result.measure == "ties_between" and result.group == "pole":
        return trn(
            "{count} tie between colleges observed", "{count} ties between colleges observed", count, lang
        )
    if result.measure == "ties_between":
        return trn(
            "{count} tie between different categories observed",
            "{count} ties between different categories observed",
            count,
            lang,
        )
    if result.measure == "mutual_dyads":
        return trn(
            "{count} pair tied both ways observed", "{count} pairs tied both ways observed", count, lang
        )
    if result.measure == "closed_triptyques":
        return trn("{count} closed triptyque observed", "{count} closed triptyques observed", count, lang)
    names = {
        "ei_index": tr("E-I index", lang),
        "ei_index_arcs": tr("E-I index of arcs", lang),
        "block_density": tr("Density between categories", lang),
        "triptyque_closure": tr("Closure of triptyques", lang),
    }
    name = names.get(result.measure, result.measure)
    return tr("{what}: {value} observed", lang, what=name, value=number(count, lang))
