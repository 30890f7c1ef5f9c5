"""Runs checks and indicators: one that crashes becomes a row that says so, never a silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ..analysis import (
    accounts,
    cooperation,
    flows,
    gaps,
    insertion,
    reconciliation,
    resilience,
    territory,
)
from ..analysis.findings import PRIORITIES, Finding, findings_frame, unique_ids
from ..analysis.indicator import PROFILES, Check, Indicator
from ..analysis.measure import NAN, Measure
from ..columns import columns
from ..errors import MissingTableError, UnknownNameError
from ..language import check_language, tr
from ..vocabulary import FindingKind
from .aside import LeftOut, joined, missing_note, read_tables_note, rows_lost, year_note
from .result import Diagnosis, Measured, indicators_frame

if TYPE_CHECKING:
    import pandas as pd

    from ..filiere import Filiere

__all__ = ["available_checks", "available_indicators", "diagnose"]

#: A check as a user gives it: its name, a function, or either of them with arguments.
CheckLike = str | Check | tuple[str | Check, Mapping[str, Any]]

_ROOMS = (gaps, flows, reconciliation, resilience, territory, accounts, cooperation, insertion)


def available_checks() -> dict[str, Check]:
    """Return the checks of the library by name, in the order in which they are run.

    A check is a function ``(f, *, lang, …) -> Iterable[Finding]``; its further arguments are thresholds.

    """
    return {check_name(check): check for room in _ROOMS for check in room.CHECKS}


def available_indicators(*, profile: str = "expert") -> dict[str, Indicator]:
    """Return the indicators of a profile by identifier; those of the essential profile come first.

    Raises
    ------
    UnknownNameError
        A profile that does not exist.
    """
    if profile not in PROFILES:
        raise UnknownNameError(f"profile={profile!r} is not one of {', '.join(PROFILES)}")
    return dict(_indicators(profile))


@cache
def _indicators(profile: str) -> Mapping[str, Indicator]:
    wanted = PROFILES[: PROFILES.index(profile) + 1]
    return {
        one.indicator_id: one
        for group in wanted
        for room in _ROOMS
        for one in room.INDICATORS
        if one.profile == group
    }


def diagnose(
    f: Filiere,
    *,
    profile: str = "essential",
    lang: str = "fr",
    checks: Iterable[CheckLike] | None = None,
    indicators: Iterable[str | Indicator] | None = None,
) -> Diagnosis:
    """Return the diagnostic of a filière: what was found, the figures, and the rows behind each.

    Parameters
    ----------
    profile
        ``essential`` (about a dozen indicators) or ``expert`` (all of them).
    lang
        Language of the findings, names and notes.
    checks
        Checks to run instead of `available_checks`: names, functions, or pairs (name or function,
        arguments). A function takes ``(f, *, lang)`` and returns `Finding` rows.
    indicators
        Indicators to compute instead of those of the profile: identifiers, or `Indicator`.

    Returns
    -------
    Diagnosis
        A check that crashes is a finding of kind ``check_failed``; an indicator that crashes is NaN with
        the reason in its note, and such a finding too. Rows set aside and cells that could not be read
        are counted with whatever they would have changed.

    Raises
    ------
    UnknownNameError
        A profile, a check or an indicator that does not exist.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> from chaine_valeur.analysis.findings import Finding
    >>> f = Filiere.from_tables(actors={"name": ["Relais", "Filature"]})
    >>> def few_actors(f, *, lang, fewest=3):
    ...     if len(f.actors) < fewest:
    ...         yield Finding("few_actors", "low", f"{len(f.actors)} actors", n_unknown=0)
    >>> diagnose(f, checks=[few_actors], indicators=[], lang="en").findings["message"].tolist()
    ['2 actors']
    """
    check_language(lang)
    runs = [named_check(check) for check in (available_checks() if checks is None else checks)]
    wanted = [
        named_indicator(one, profile) for one in (_default(profile) if indicators is None else indicators)
    ]
    measured, failed = _measure_all(f, wanted, lang)
    left_out = LeftOut.of(f)
    found = [_with_left_out(f, one, left_out, lang) for name, run in runs for one in _run(f, name, run, lang)]
    by_id, findings = _framed([*found, *failed])
    return Diagnosis(
        filiere=f,
        profile=profile,
        lang=lang,
        measured=measured,
        found=by_id,
        _findings=findings,
        _indicators=indicators_frame(measured, lang=lang),
        asked={"checks": [run for _, run in runs], "indicators": wanted},
    )


def _default(profile: str) -> list[Indicator]:
    return list(available_indicators(profile=profile).values())


def check_name(check: Callable[..., Any]) -> str:
    """Return the name of a check, that of the function where some of its arguments are given."""
    inner = check.func if isinstance(check, partial) else check
    return str(getattr(inner, "__name__", type(inner).__name__))


def named_check(check: CheckLike) -> tuple[str, Check]:
    """Return the name of a check and the function that runs it with its arguments."""
    if isinstance(check, tuple):
        name, run = named_check(check[0])
        return name, partial(run, **check[1])
    if not isinstance(check, str):
        if not callable(check):
            raise UnknownNameError(f"a check is a name or a function, not {check!r}")
        return check_name(check), check
    known = available_checks()
    if check not in known:
        raise UnknownNameError.of(f"no check {check!r}", check, known)
    return check, known[check]


def named_indicator(one: str | Indicator, profile: str) -> Indicator:
    """Return an indicator by identifier, or as it was given."""
    if isinstance(one, Indicator):
        return one
    known = _indicators(PROFILES[-1])
    if one not in known:
        raise UnknownNameError.of(f"no indicator {one!r}", one, known)
    return known[one]


# -- checks -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Failure(Finding):
    """The row that stands for a check, or an indicator, that crashed."""

    about: str = ""

    @property
    def finding_id(self) -> str:
        return f"{self.kind}:{self.about}"


def _failure(name: str, error: Exception, lang: str) -> _Failure:
    message = tr(
        "The check “{name}” could not be run ({error}): what it would have found is not known.",
        lang,
        name=name,
        error=_reason(error),
    )
    return _Failure(FindingKind.CHECK_FAILED.value, "high", message, about=name)


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}{f': {said}' if said else ''}"[:200]


def _run(f: Filiere, name: str, check: Check, lang: str) -> list[Finding]:
    try:
        found = list(check(f, lang=lang))
        for one in found:
            if not isinstance(one, Finding):
                raise TypeError(f"a check returns findings, not {type(one).__name__}")
            if one.severity not in PRIORITIES:
                raise ValueError(f"severity={one.severity!r} is not one of {', '.join(PRIORITIES)}")
    except Exception as error:
        return [_failure(name, error, lang)]
    return found


def _with_left_out(f: Filiere, found: Finding, left_out: LeftOut, lang: str) -> Finding:
    """Count the rows set aside that speak of what a finding is about, and name the first ones."""
    places = left_out.about(f, found)
    if not places:
        return found
    listed = ", ".join(
        tr("{sheet}, row\u00a0{row}", lang, sheet=sheet, row=row) for _, sheet, row in places[:3]
    )
    more = "…" if len(places) > 3 else ""
    told = tr("(To be checked: rows set aside speak of it: {places}.)", lang, places=listed + more)
    return replace(found, message=f"{found.message} {told}", n_unknown=found.n_unknown + len(places))


def _framed(found: list[Finding]) -> tuple[dict[str, Finding], pd.DataFrame]:
    """Return findings by identifier, in the order of their frame."""
    frame = findings_frame(found)
    by_id = dict(zip(unique_ids(found), found, strict=True))
    return {identifier: by_id[identifier] for identifier in frame["finding_id"]}, frame


# -- indicators ---------------------------------------------------------------------------------------


def _measure_all(
    f: Filiere, wanted: Iterable[Indicator], lang: str
) -> tuple[dict[str, Measured], list[Finding]]:
    measured: dict[str, Measured] = {}
    failed: list[Finding] = []
    for indicator in wanted:
        try:
            measure = measured_by(f, indicator, lang)
        except Exception as error:
            failed.append(_failure(tr(indicator.name, lang), error, lang))
            note = tr("could not be computed ({error})", lang, error=_reason(error))
            measure = Measure(NAN, indicator.unit, note=note)
        measured[indicator.indicator_id] = _with_losses(f, indicator, measure, lang)
    return measured, failed


def measured_by(f: Filiere, indicator: Indicator, lang: str) -> Measure:
    """Return the measure of an indicator, NaN with a note where a table that it needs has no rows."""
    if indicator.tables and not len(columns(f, indicator.tables[0])):
        return Measure(NAN, indicator.unit, note=missing_note(indicator.tables[:1], lang=lang))
    try:
        measure = indicator.measure(f, lang=lang)
    except MissingTableError:
        empty = [name for name in indicator.tables if not len(columns(f, name))] or list(indicator.tables)
        return Measure(NAN, indicator.unit, note=missing_note(empty, lang=lang))
    if not isinstance(measure, Measure):
        raise TypeError(f"an indicator returns a Measure, not {type(measure).__name__}")
    return measure


def _with_losses(f: Filiere, indicator: Indicator, measure: Measure, lang: str) -> Measured:
    """Say with a figure which year it is of and what was left out of the tables that it reads."""
    year = (
        year_note(f, indicator.tables, said=measure.note, lang=lang) if measure.value == measure.value else ""
    )
    if measure.value != measure.value and not measure.note:
        measure = replace(measure, note=tr("nothing in the data tells it", lang))
    lost = read_tables_note(f, indicator.tables, lang=lang)
    note = joined([measure.note, year, *lost], lang=lang)
    unknown = measure.n_unknown + rows_lost(f, indicator.tables)
    told = measure
    if (note, unknown) != (measure.note, measure.n_unknown):
        told = replace(measure, note=note, n_unknown=unknown)
    return Measured(indicator, told, joined([measure.note, *lost], lang=lang))
