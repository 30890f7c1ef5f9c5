"""Results and money of one perimeter: what is known, what is not, which rows say it.

Posts, FTE and persons are never added together, nor are perimeters: what a programme reached is not what one
filière reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...columns import Rows, columns
from ...errors import UnknownNameError
from ...provenance import said_of, soft_mask
from ...vocabulary import FundingState, OutcomeKind, OutcomeUnit, Role, Scope, labels
from ..activities import identifiers, latest_of
from ..measure import NAN

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ...filiere import Filiere

__all__ = [
    "JOB_UNITS",
    "SCOPES",
    "Money",
    "Result",
    "check_term",
    "kinds_of",
    "money_of",
    "result_of",
    "widest_scope",
]

#: The widest perimeter first.
SCOPES = (Scope.PROGRAMME.value, Scope.FILIERE.value, Scope.STRUCTURE.value)
#: Units in which jobs are counted, in the order in which they are looked for.
JOB_UNITS = (OutcomeUnit.POST.value, OutcomeUnit.FTE.value, OutcomeUnit.PERSON.value)


@dataclass(frozen=True)
class Result:
    """A result of one perimeter, kind and unit.

    Attributes
    ----------
    reached, target
        Known sums over all rows, NaN where nothing is known.
    compared, aim
        The two terms of the ratio: what was reached where there is a target, and that target. Rows that give
        both are compared row by row; where none does, all that was reached with all that was expected.
    n_unknown
        Results that would count and are unknown.
    supervision
        Whether supervision is in what was reached, unknown if no row says.
    approximate
        The target is an estimate, or taken from words (« une trentaine »).
    rows
        Identifiers of the outcomes read.
    """

    scope: str
    kind: str
    unit: str
    reached: float
    target: float
    compared: float
    aim: float
    n_unknown: int
    supervision: bool | None
    approximate: bool
    years: tuple[int, ...]
    rows: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return self.reached == self.reached or self.target == self.target


def check_term(value: str, name: str) -> str:
    """Return a stored value of a vocabulary; others raise `UnknownNameError` with the close ones."""
    known = labels(name)
    if value not in known:
        raise UnknownNameError.of(f"no {name} {value!r}", value, known)
    return str(value)


def kinds_of(outcomes: pd.DataFrame) -> pd.Series:
    """Return what each result is about, empty where nobody says.

    Jobs of which nobody said the kind are insertion jobs: that is what the table is for.
    """
    kinds = outcomes["kind"]
    jobs = kinds.isna() & outcomes["unit"].isin(JOB_UNITS)
    return kinds.mask(jobs, OutcomeKind.INSERTION_JOBS.value).fillna("")


def result_of(f: Filiere, *, scope: str, unit: str, kind: str = OutcomeKind.INSERTION_JOBS.value) -> Result:
    """Return the result of one perimeter, kind and unit; of several years the latest, for each term."""
    return f.derived(("result", scope, unit, kind), lambda f: _result_of(f, scope, unit, kind))


def _result_of(f: Filiere, scope: str, unit: str, kind: str) -> Result:
    outcomes = columns(f, "outcomes")
    use = outcomes.among("scope", scope) & outcomes.among("unit", unit) & (_kinds(f) == kind)
    if not use.any():  # most perimeters, kinds and units of most filières
        return Result(scope, kind, unit, NAN, NAN, NAN, NAN, 0, None, False, (), ())
    rows = Rows.where(outcomes, use)
    reached, target = _latest(rows, "reached"), _latest(rows, "target")
    blank = rows[~rows.known("reached") & ~rows.known("target")]
    both = Rows(outcomes, np.intersect1d(reached.at, target.at))
    waiting = np.setdiff1d(target.at, reached.at) if len(both) else target.at[:0]
    compared, aim = (both, both) if len(both) else (reached, target)
    said = reached.number("supervision_included")
    said = said[~np.isnan(said)]
    unclear = soft_mask(f, "outcomes", column="target") | _assumed(f)
    read = np.union1d(np.union1d(reached.at, target.at), blank.at)
    years = np.concatenate([reached.number("year"), target.number("year")])
    return Result(
        scope=scope,
        kind=kind,
        unit=unit,
        reached=_sum(reached.number("reached")),
        target=_sum(target.number("target")),
        compared=_sum(compared.number("reached")),
        aim=_sum(aim.number("target")),
        n_unknown=len(blank) + len(waiting) + (len(reached) == 0 and len(target) > 0),
        supervision=bool(said.any()) if len(said) else None,
        approximate=bool(unclear[target.at].any()),
        years=tuple(np.unique(years[~np.isnan(years)]).astype(int).tolist()),
        rows=identifiers(outcomes.ids[read]),
    )


def _kinds(f: Filiere) -> NDArray[np.object_]:
    """Return `kinds_of` the results of a filière."""

    def build(f: Filiere) -> NDArray[np.object_]:
        outcomes = columns(f, "outcomes")
        silent, jobs = ~outcomes.known("kind"), outcomes.among("unit", *JOB_UNITS)
        return np.where(silent, np.where(jobs, OutcomeKind.INSERTION_JOBS.value, ""), outcomes.text("kind"))

    return f.derived("outcome_kinds", build)


def _assumed(f: Filiere) -> NDArray[np.bool_]:
    """Return the results of which the target rests on a hypothesis in words."""
    words = said_of(f, "outcomes", "hypothesis", column="target")
    return np.array([word is not None for word in words.tolist()], dtype=bool)


def widest_scope(f: Filiere, *, unit: str, kind: str = OutcomeKind.INSERTION_JOBS.value) -> str:
    """Return the widest perimeter of which a result is known; the programme if there is none."""
    for scope in SCOPES:
        if result_of(f, scope=scope, unit=unit, kind=kind).is_known:
            return scope
    return SCOPES[0]


@dataclass(frozen=True)
class Money:
    """Money granted or paid in one perimeter for some purposes; requests do not count.

    ``own`` comes from territorial bodies, ``attracted`` from other named funders; NaN where no amount is
    known. ``n_unknown`` counts the amounts that are unknown, and the rows whose perimeter or purpose is not
    stated. ``left_out`` are the other purposes of the perimeter.
    """

    scope: str
    purposes: tuple[str, ...]
    total: float
    own: float
    attracted: float
    n_unknown: int
    left_out: tuple[str, ...]
    rows: tuple[str, ...]


def money_of(f: Filiere, *, scope: str, purposes: Iterable[str]) -> Money:
    """Return the money of one perimeter for some purposes."""
    wanted = tuple(check_term(purpose, "funding_purpose") for purpose in purposes)
    funding = columns(f, "funding")
    granted = ~funding.among("state", FundingState.REQUESTED.value)
    here, meant = granted & funding.among("scope", scope), funding.among("purpose", *wanted)
    vague_scope, vague_purpose = granted & ~funding.known("scope"), ~funding.known("purpose")
    used = here & meant
    vague = (vague_scope & (meant | vague_purpose)) | (here & vague_purpose)
    amount, named = funding.number("amount_eur"), funding.known("funder_id")
    territorial = f.network.roles[:, list(Role).index(Role.TERRITORIAL)]
    own = np.append(territorial, False)[f.codes("funding", "funder_id")]
    others = set(funding.text("purpose")[here & ~meant & ~vague_purpose].tolist())
    return Money(
        scope=scope,
        purposes=wanted,
        total=_sum(amount[used]),
        own=_sum(amount[used & own]),
        attracted=_sum(amount[used & named & ~own]),
        n_unknown=int(np.isnan(amount[used]).sum() + vague.sum()),
        left_out=tuple(purpose for purpose in labels("funding_purpose") if purpose in others),
        rows=identifiers(funding.ids[used | vague]),
    )


def _latest(rows: Rows, column: str) -> Rows:
    """Return the rows that give a column, of the latest year that does, and those without a year."""
    known = rows[rows.known(column)]
    years = known.number("year")
    latest = latest_of(years)
    return known if latest is None else known[np.isnan(years) | (years == latest)]


def _sum(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.sum()) if len(known) else NAN
