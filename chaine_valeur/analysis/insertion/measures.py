"""The insertion metrics as the diagnosis runs them, the check on targets, and the sentence that sums up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ...language import clauses, quantity, tr, trn
from ...provenance import hypothesis_share
from ...vocabulary import OutcomeKind, OutcomeUnit, Scope
from ..findings import Finding
from ..measure import NAN, Measure, ratio
from .metrics import ANIMATION, scope_of_money
from .results import JOB_UNITS, SCOPES, Money, Result, money_of, result_of, widest_scope
from .tables import outcomes_by
from .wording import (
    amount_of,
    cost_words,
    excluded,
    perimeter_words,
    purpose_words,
    result_words,
    scope_label,
)

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["cost_measure", "leverage_measure", "missed_targets", "summary_sentence", "target_measure"]

#: An approximate target (« une trentaine ») is reached from this share of it on.
APPROXIMATELY = 0.9
_POST, _FTE = OutcomeUnit.POST.value, OutcomeUnit.FTE.value
_UNITS = {_POST: "post", _FTE: "FTE", OutcomeUnit.PERSON.value: "person", OutcomeUnit.SHARE.value: "share"}


def summary_sentence(f: Filiere, *, lang: str = "fr") -> str:
    """Return what was reached, expected and spent, in one sentence with its perimeter (no full stop).

    Empty if nothing is known. It speaks of insertion jobs in the widest perimeter of which something is
    known, unit by unit; then of the animation money of that perimeter per post; then, for a programme, of
    the part of this filière.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais"]},
    ...     outcomes={"scope": "filiere", "unit": "post", "target": [12], "reached": [7]},
    ... )
    >>> summary_sentence(f, lang="en")
    'This filière: 7 posts created for 12 expected'
    """
    scope = _widest(f)
    results = [result_of(f, scope=scope, unit=unit) for unit in JOB_UNITS]
    parts = [result_words(result, lang) for result in results if result.is_known]
    if not parts:
        return ""
    cost_of = next((result for result in results[:2] if result.reached > 0), None)
    if cost_of is not None:
        money = money_of(f, scope=scope, purposes=ANIMATION)
        if money.total == money.total:
            parts.append(cost_words(money, cost_of.reached, cost_of.unit, lang))
    if scope == Scope.PROGRAMME.value:
        parts.append(_part_of_filiere(f, lang))
    said = clauses(parts, lang)
    return tr("{scope}: {sentence}", lang, scope=scope_label(scope, lang), sentence=said)


def _part_of_filiere(f: Filiere, lang: str) -> str:
    own = [result_of(f, scope=Scope.FILIERE.value, unit=unit) for unit in JOB_UNITS]
    told = [result_words(result, lang) for result in own if result.reached == result.reached]
    if not told:
        return tr("share of this filière not stated", lang)
    return tr("of which this filière: {results}", lang, results=", ".join(told))


def _widest(f: Filiere) -> str:
    """Return the widest perimeter of which insertion jobs are known, in any unit."""
    known = [widest_scope(f, unit=unit) for unit in JOB_UNITS if _known_anywhere(f, unit)]
    return min(known, key=SCOPES.index) if known else SCOPES[0]


def _known_anywhere(f: Filiere, unit: str) -> bool:
    return any(result_of(f, scope=scope, unit=unit).is_known for scope in SCOPES)


def _job_result(f: Filiere, units: Iterable[str] = JOB_UNITS) -> Result:
    """Return the result in insertion jobs that says most: a target and a result, else either; posts first."""
    found = [result_of(f, scope=scope, unit=unit) for unit in units for scope in SCOPES]
    whole = [result for result in found if result.aim == result.aim and result.compared == result.compared]
    return next(iter([*whole, *[result for result in found if result.is_known], *found]))


def target_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the share of the target reached (G9), in insertion jobs."""
    result = _job_result(f)
    value = ratio(result.compared, result.aim)
    exact = not result.n_unknown
    notes = [perimeter_words(result.scope, lang)]
    words = result_words(result, lang)
    notes.append(
        tr("{sentence}.", lang, sentence=words) if words else tr("No result in jobs is known.", lang)
    )
    notes += [_years(result, lang), _left_out(result.n_unknown, lang)]
    measure = Measure(
        value=value,
        unit="share",
        low=value if exact else ratio(result.compared, result.target),
        high=value if exact else NAN,
        numerator=result.compared,
        denominator=result.aim,
        n_unknown=result.n_unknown,
        scope=result.scope,
        note=_sentences(notes),
    )
    return measure.resting_on(f, {"outcomes": result.rows})


def cost_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the public cost per post (G4): animation money of the perimeter of the posts."""
    result = next((each for each in _reached(f)), result_of(f, scope=_widest(f), unit=_POST))
    money = money_of(f, scope=result.scope, purposes=ANIMATION)
    value = ratio(money.total, result.reached)
    notes = [perimeter_words(result.scope, lang), _purposes(money, lang)]
    if value == value:
        notes.append(
            tr(
                "{money} for {posts}.",
                lang,
                money=quantity(money.total, "€", lang),
                posts=amount_of(result.reached, result.unit, lang),
            )
        )
    notes += [
        _years(result, lang),
        _amounts_left_out(money.n_unknown, lang),
        _left_out(result.n_unknown, lang),
    ]
    measure = Measure(
        value=value,
        unit="EUR/FTE" if result.unit == _FTE else "EUR/post",
        # an amount more raises it, a post more lowers it: with both unknown there is no bound
        low=value if not result.n_unknown else NAN,
        high=value if not money.n_unknown else NAN,
        numerator=money.total,
        denominator=result.reached,
        n_unknown=money.n_unknown + result.n_unknown,
        scope=result.scope,
        note=_sentences(notes),
    )
    return measure.resting_on(f, {"funding": money.rows, "outcomes": result.rows})


def _reached(f: Filiere) -> Iterator[Result]:
    for unit in (_POST, _FTE):
        for scope in SCOPES:
            result = result_of(f, scope=scope, unit=unit)
            if result.reached > 0:
                yield result


def leverage_measure(f: Filiere, *, lang: str = "fr") -> Measure:
    """Return the leverage of the territorial body (G5), on animation money."""
    money = money_of(f, scope=scope_of_money(f, None), purposes=ANIMATION)
    value = ratio(money.attracted, money.own)
    exact = value if not money.n_unknown else NAN
    notes = [
        perimeter_words(money.scope, lang),
        _purposes(money, lang),
        _amounts_left_out(money.n_unknown, lang),
    ]
    measure = Measure(
        value, "ratio", exact, exact, money.attracted, money.own, n_unknown=money.n_unknown,
        scope=money.scope, note=_sentences(notes),
    )  # fmt: skip
    return measure.resting_on(f, {"funding": money.rows})


def missed_targets(
    f: Filiere, *, lang: str = "fr", approximately: float = APPROXIMATELY
) -> Iterator[Finding]:
    """Yield the targets that were not reached: at most one finding per perimeter and unit.

    Told of the first kind of result that is short of its target, insertion jobs before the others. An
    approximate target counts as reached from `approximately` of it on.
    """
    told: set[tuple[str, str]] = set()
    for row in outcomes_by(f).itertuples():  # a loop over perimeters, kinds and units
        scope, unit, kind = str(row.scope), str(row.unit), str(row.kind)
        if (scope, unit) in told or not row.share < 1:
            continue
        result = result_of(f, scope=scope, unit=unit, kind=kind)
        if result.approximate and row.share >= approximately:
            continue
        told.add((scope, unit))
        yield _missed(f, result, lang)


def _missed(f: Filiere, result: Result, lang: str) -> Finding:
    gap = result.aim - result.compared
    words, where = result_words(result, lang), scope_label(result.scope, lang)
    head = tr("{sentence}.", lang, sentence=tr("{scope}: {sentence}", lang, scope=where, sentence=words))
    rest = _still_to_find(gap, result, lang)
    rows = {"outcomes": result.rows}
    return Finding(
        kind="target_missed",
        severity="medium" if result.kind == OutcomeKind.INSERTION_JOBS.value else "low",
        message=_sentences([head, rest, _left_out(result.n_unknown, lang)]),
        quantity=gap,
        unit=_UNITS.get(result.unit, "count"),
        year=max(result.years, default=None),
        jobs_at_stake_fte=gap if result.unit == _FTE else NAN,
        n_unknown=result.n_unknown,
        hypothesis_share=hypothesis_share(f, rows),
        rows=rows,
    )


def _still_to_find(gap: float, result: Result, lang: str) -> str:
    if result.unit == OutcomeUnit.SHARE.value:  # between two percentages lie points
        return trn("{count} point short.", "{count} points short.", round(100 * gap, 1), lang)
    left = amount_of(gap, result.unit, lang)
    left = tr("about {count}", lang, count=left) if result.approximate else left
    return tr("Still to be found: {amount}.", lang, amount=left)


# -- words ------------------------------------------------------------------------------------------


def _purposes(money: Money, lang: str) -> str:
    named = [purpose_words(purpose, lang) for purpose in money.purposes]
    named += [left] if (left := excluded(money, lang)) else []
    return tr("Money counted: {purposes}.", lang, purposes=", ".join(named))


def _years(result: Result, lang: str) -> str:
    return tr("Years: {years}.", lang, years=", ".join(map(str, result.years))) if result.years else ""


def _left_out(count: int, lang: str) -> str:
    if not count:
        return ""
    return trn("{count} unknown result is left out.", "{count} unknown results are left out.", count, lang)


def _amounts_left_out(count: int, lang: str) -> str:
    if not count:
        return ""
    return trn("{count} unknown amount is left out.", "{count} unknown amounts are left out.", count, lang)


def _sentences(parts: Iterable[str]) -> str:
    return " ".join(part for part in parts if part)
