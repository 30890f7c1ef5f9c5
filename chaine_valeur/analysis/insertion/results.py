"""Results and money of one perimeter: what is known, what is not, which rows say it.

Posts, FTE and persons are never added together, nor are perimeters: what a programme reached is not what one
filière reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import UnknownNameError
from ...provenance import SOFT_CONFIDENCE, provenance
from ...vocabulary import FundingState, OutcomeKind, OutcomeUnit, Role, Scope, labels
from ..activities import identifiers
from ..measure import NAN

if TYPE_CHECKING:
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
    rows, kinds = f.outcomes, kinds_of(f.outcomes)
    rows = rows[((rows["scope"] == scope) & (rows["unit"] == unit) & (kinds == kind)).to_numpy(bool)]
    if rows.empty:  # most perimeters, kinds and units of most filières
        return Result(scope, kind, unit, NAN, NAN, NAN, NAN, 0, None, False, (), ())
    reached, target = _latest(rows, "reached"), _latest(rows, "target")
    blank = rows[(rows["reached"].isna() & rows["target"].isna()).to_numpy(bool)]
    both = reached.index.intersection(target.index)
    waiting = target.index.difference(reached.index) if len(both) else target.index[:0]
    compared, aim = (reached, target) if both.empty else (reached.loc[both], target.loc[both])
    said = reached["supervision_included"].dropna()
    about = provenance(f, "outcomes", column="target").loc[target.index]
    unclear = about["confidence"].isin(SOFT_CONFIDENCE) | about["hypothesis"].notna()
    used = reached.index.union(target.index).union(blank.index)
    read = rows.index[rows.index.isin(used)]
    years = pd.concat([reached["year"], target["year"]]).dropna().unique()
    return Result(
        scope=scope,
        kind=kind,
        unit=unit,
        reached=_sum(reached["reached"]),
        target=_sum(target["target"]),
        compared=_sum(compared["reached"]),
        aim=_sum(aim["target"]),
        n_unknown=len(blank) + len(waiting) + (len(reached) == 0 and len(target) > 0),
        supervision=bool(said.any()) if len(said) else None,
        approximate=bool(unclear.any()),
        years=tuple(sorted(int(year) for year in years)),
        rows=identifiers(read),
    )


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
    rows = f.funding
    rows = rows[~rows["state"].eq(FundingState.REQUESTED.value).to_numpy(bool)]
    here, meant = rows["scope"].eq(scope).to_numpy(bool), rows["purpose"].isin(wanted).to_numpy(bool)
    vague_scope, vague_purpose = rows["scope"].isna().to_numpy(bool), rows["purpose"].isna().to_numpy(bool)
    used = rows[here & meant]
    vague = (vague_scope & (meant | vague_purpose)) | (here & vague_purpose)
    bodies = f.network.actor_ids[f.network.roles[:, list(Role).index(Role.TERRITORIAL)]]
    own = used["funder_id"].isin(bodies).to_numpy(bool)
    named = used["funder_id"].notna().to_numpy(bool)
    others = rows.loc[here & ~meant & ~vague_purpose, "purpose"]
    return Money(
        scope=scope,
        purposes=wanted,
        total=_sum(used["amount_eur"]),
        own=_sum(used.loc[own, "amount_eur"]),
        attracted=_sum(used.loc[named & ~own, "amount_eur"]),
        n_unknown=int(used["amount_eur"].isna().sum() + vague.sum()),
        left_out=tuple(purpose for purpose in labels("funding_purpose") if purpose in set(others)),
        rows=identifiers(rows.index[(here & meant) | vague]),
    )


def _latest(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows that give a column, of the latest year that does, and those without a year."""
    known = rows[rows[column].notna().to_numpy(bool)]
    year = known["year"].max()
    if pd.isna(year):
        return known
    return known[(known["year"].isna() | (known["year"] == year)).to_numpy(bool)]


def _sum(values: pd.Series) -> float:
    known = values.dropna().to_numpy(np.float64)
    return float(known.sum()) if len(known) else NAN
