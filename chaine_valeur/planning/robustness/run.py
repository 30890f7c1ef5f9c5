"""The findings, the figures and the plan of a filière when its figures are drawn again within their uncertainty."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ...analysis import cooperation, reconciliation
from ...diagnosis import available_checks, available_indicators
from ...diagnosis.run import CheckLike, named_check, named_indicator
from ...errors import ArgumentError, UnknownNameError
from ...language import check_language
from ._trace import Traced
from .drawing import Draws, doubt_table
from .frames import drawn_frame, failures_frame, findings_frame, indicators_frame, plan_frame
from .outcome import Outcome, Work, chosen_options
from .result import Robustness

if TYPE_CHECKING:
    from ...analysis.indicator import Check, Indicator
    from ...filiere import Filiere

__all__ = ["ABOUT_FIGURES", "can_be_drawn", "default_checks", "default_indicators", "robustness"]

WHAT = ("findings", "indicators")
#: Checks that set two statements of one thing against each other, within their uncertainties. Drawn again, each
#: statement would carry its error twice, and they would disagree more than they do.
ABOUT_FIGURES = frozenset({"figures_disagree", "flow_imbalance", "costs_disagree"}) | {
    check.__name__ for check in reconciliation.CHECKS
}
#: Checks that rest on who cooperates with whom, which is no figure.
_ABOUT_TIES = frozenset(check.__name__ for check in cooperation.CHECKS)
#: Draws that one process takes at a time, at most.
_MOST_AT_A_TIME = 25

Progress = Callable[[int, int], object]


def robustness(
    f: Filiere,
    *,
    draws: int = 200,
    seed: int = 0,
    what: Iterable[str] = WHAT,
    checks: Iterable[CheckLike] | None = None,
    indicators: Iterable[str | Indicator] | None = None,
    plan: Callable[[Filiere], Any] | None = None,
    uncertainty: Mapping[str, float] | None = None,
    drawn: Mapping[str, Iterable[str]] | None = None,
    doubt: float | Mapping[str, float] = 0.0,
    appearing: float = 0.05,
    n_jobs: int | None = 1,
    progress: bool | Progress | None = None,
    year: int | None = None,
    lang: str = "fr",
) -> Robustness:
    """Return what stays true of a filière when its figures are drawn again within their uncertainty.

    Each draw takes every uncertain figure from its distribution (`Cells`: log-normal, of mean what is stated and of
    the relative standard uncertainty of its row, else of its confidence), and computes the findings, the
    indicators and the plan again. What is unknown stays unknown, 0 stays 0, shares stay between 0 and 1.

    Parameters
    ----------
    draws
        Number of draws, 1 or more.
    seed
        The same seed gives the same draws. A figure of a draw depends on the seed, the number of the draw, the
        table, the identifier of the row and the column, and on nothing else: not on the order of rows, nor on
        `n_jobs`, nor on the other rows.
    what
        Among ``findings`` and ``indicators``.
    checks
        As for `chaine_valeur.diagnose`; by default all but those on cooperation, which rest on no figure, and
        those that set two statements of one thing against each other (`ABOUT_FIGURES`): drawn again, each would
        carry its error twice.
    indicators
        As for `chaine_valeur.diagnose`; by default the essential ones, except those that count figures to check.
    plan
        ``plan(f)`` returns something with a frame ``chosen``, of which a column or the index is ``option_id``.
        What it raises for the filière as stated is raised.
    uncertainty
        Confidence → relative standard uncertainty, where it should differ from `CONFIDENCE_UNCERTAINTY`.
    drawn
        Table → columns to draw, in place of `DRAWN`.
    doubt
        Probability that a flow, an activity or an expected passage is not there at all: of those of confidence
        ``hypothesis``, or confidence → probability. 0 by default: nothing measures how often a hypothesis turns
        out to be wrong, so a number here is the analyst's, and is told with the result.
    appearing
        Findings of draws alone are told from this share of the draws on.
    n_jobs
        Processes, by joblib: 1 needs none, −1 is one per core, None what ``joblib.parallel_config`` says; the
        backend is left to it.
    progress
        Called with the number of draws done and to do; True writes them on the error stream.
    year
        The filière `Filiere.at` that year.
    lang
        Language of messages and names.

    Returns
    -------
    Robustness
        Shares of draws with their interval (Wilson, 95 %), quantiles over the draws. A computation that fails in a
        draw is a row of its ``failures``, and that draw is left out of the shares that it concerns.

    Raises
    ------
    ArgumentError
        A number of draws below 1, a probability outside 0 to 1, a column that is no quantity, a plan without
        ``chosen``.
    UnknownNameError
        A check, an indicator, a table, a column, a confidence that does not exist.

    Notes
    -----
    *Recipes.* The inputs of a process keep their total, and so do the outputs of one that loses nothing: drawn
    coefficients are scaled to it. Those of others are drawn so that none exceeds what enters, and scaled down
    where they do together. *Parts.* The jobs of a row and those among them (insertion, supervision, no diploma)
    move together. *Declarations* of one flow are two measurements, drawn each on its own; so are the tonnage, the
    price and the amount of a row, and every two rows: what they have in common is not known. *Bounds.* A flow stays
    between the minimum and the maximum that are known of it.

    What reads no table that is drawn is computed once: it is the same in every draw (``varies`` is false).

    References
    ----------
    Propagation of distributions by a Monte Carlo method: supplement 1 to the GUM, JCGM 101:2008 (unverified).

    Examples
    --------
    A demand of 100 t against 90 t: is it larger, if both are known within 10 %?

    >>> from chaine_valeur import Filiere
    >>> from chaine_valeur.analysis.findings import Finding
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["A"]},
    ...     materials={"name": ["Papier"]},
    ...     markets={"market_id": ["s", "d"], "kind": ["supply", "demand"], "material_id": ["Papier", "Papier"],
    ...              "quantity_t_per_year": [90, 100], "confidence": ["declared", "declared"]},
    ... )
    >>> def short_of(f, *, lang):
    ...     missing = f.markets["quantity_t_per_year"]["d"] - f.markets["quantity_t_per_year"]["s"]
    ...     if missing > 0:
    ...         yield Finding("short_of", "high", "more is asked for", quantity=missing, unit="t/year")
    >>> found = robustness(f, checks=[short_of], indicators=[], lang="en").findings
    >>> found["share"].round(1).tolist(), found["in_base"].tolist()
    ([0.8], [True])
    """
    check_language(lang)
    asked = _asked_for(what, draws, appearing)
    f = f if year is None else f.at(year)
    runs = _told_apart(named_check(one) for one in (default_checks() if checks is None else checks))
    wanted = [named_indicator(one, "expert") for one in _or_default(indicators)]
    runs, wanted = runs if "findings" in asked else [], wanted if "indicators" in asked else []
    made = Draws.of(f, seed=seed, uncertainty=uncertainty, drawn=drawn, doubt=doubt)
    work = Work(made, tuple(runs), tuple(wanted), plan, lang)
    base, constant = _base(work)
    varying = work.without(*constant)
    outcomes = list(_outcomes(varying, draws, n_jobs, progress))
    return Robustness(
        filiere=f,
        draws=draws,
        seed=seed,
        doubt=doubt_table(doubt),
        uncertainty=made.cells.by_confidence,
        appearing=appearing,
        lang=lang,
        _findings=findings_frame(base, outcomes, constant=constant[0], appearing=appearing),
        _indicators=indicators_frame(wanted, base, outcomes, constant=constant[1], lang=lang),
        _plan=plan_frame(f, base, outcomes),
        _failures=failures_frame([base, *outcomes]),
        _drawn=drawn_frame(made.cells),
        _called={one.indicator_id: one.name for one in wanted},
    )


def default_checks() -> list[Check]:
    """Return the checks of which it is asked whether they hold: all but `ABOUT_FIGURES` and those on cooperation."""
    return [check for name, check in available_checks().items() if can_be_drawn(name)]


def can_be_drawn(check: CheckLike) -> bool:
    """Return whether it makes sense to ask of a check whether its findings hold: see `default_checks`."""
    return named_check(check)[0] not in ABOUT_FIGURES | _ABOUT_TIES


def default_indicators() -> list[Indicator]:
    """Return the essential indicators, except those that count figures to check."""
    about = {one.indicator_id for one in reconciliation.INDICATORS}
    return [one for name, one in available_indicators(profile="essential").items() if name not in about]


def _or_default(indicators: Iterable[str | Indicator] | None) -> Iterable[str | Indicator]:
    return default_indicators() if indicators is None else indicators


def _told_apart(runs: Iterable[tuple[str, Check]]) -> list[tuple[str, Check]]:
    """Return checks by name; one that is run again with other thresholds is numbered."""
    named: dict[str, Check] = {}
    for name, check in runs:
        again = sum(one == name or one.startswith(f"{name}:") for one in named)
        named[f"{name}:{again + 1}" if again else name] = check
    return list(named.items())


def _asked_for(what: Iterable[str], draws: int, appearing: float) -> set[str]:
    asked = [what] if isinstance(what, str) else list(what)
    for one in asked:
        if one not in WHAT:
            raise UnknownNameError.of(f"what={one!r}: nothing that can be asked for", one, WHAT)
    if isinstance(draws, bool) or draws != int(draws) or draws < 1:
        raise ArgumentError(f"draws={draws!r} is no whole number from 1 on")
    if not 0 <= appearing <= 1:
        raise ArgumentError(f"appearing={appearing!r} is no share from 0 to 1")
    return set(asked)


def _base(work: Work) -> tuple[Outcome, tuple[set[str], set[str]]]:
    """Return what the filière as stated gives, and the checks and indicators that read nothing that is drawn."""
    f, may_vary = work.draws.filiere, work.draws.tables
    taken = None if work.plan is None else chosen_options(work.plan(f))
    found, constant = [], (set[str](), set[str]())
    for part in work.single():
        traced = Traced.of(f, rows_vary=bool(work.draws.rows_vary))
        found.append(part.of(traced, -1))
        if traced.read.isdisjoint(may_vary):
            constant[0].update(name for name, _ in part.checks)
            constant[1].update(one.indicator_id for one in part.indicators)
    return Outcome.joined(-1, found, taken=taken), constant


def _outcomes(
    work: Work, draws: int, n_jobs: int | None, progress: bool | Progress | None
) -> Iterator[Outcome]:
    """Yield what each draw gives, in order."""
    tell = _printed if progress is True else progress or None
    done = 0
    for part in _parts(work, draws, n_jobs):
        yield from part
        done += len(part)
        if callable(tell):
            tell(done, draws)


def _parts(work: Work, draws: int, n_jobs: int | None) -> Iterator[list[Outcome]]:
    if n_jobs == 1:
        yield from (work.of_draws([number]) for number in range(draws))
        return
    from joblib import Parallel, delayed, effective_n_jobs

    jobs = max(1, effective_n_jobs(n_jobs))
    size = min(_MOST_AT_A_TIME, -(-draws // (4 * jobs)))
    starts = range(0, draws, size)
    parts = (delayed(work.of_draws)(range(at, min(at + size, draws))) for at in starts)
    yield from Parallel(n_jobs=n_jobs, return_as="generator")(parts)


def _printed(done: int, total: int) -> None:
    end = "\n" if done >= total else ""
    sys.stderr.write(f"\r{done} / {total}{end}")
    sys.stderr.flush()
