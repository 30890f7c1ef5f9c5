"""Results and money of many filières in one pass, by perimeter: see `chaine_valeur.analysis.insertion.results`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...network.positions import NO_YEAR, whole_years
from ...network.tables import filiere_of_rows
from ...vocabulary import FundingState, OutcomeKind, OutcomeUnit, Role
from ..activities import known_sums
from .metrics import ANIMATION
from .results import JOB_UNITS, SCOPES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...network import Core
    from ...network.tables import Tables

    Codes = NDArray[np.int64]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = [
    "ManyMoney",
    "ManyResults",
    "ManyShares",
    "money_of_many",
    "results_of_many",
    "stated_shares_of_many",
]

_SHAPE = (len(JOB_UNITS), len(SCOPES))


@dataclass(frozen=True)
class ManyResults:
    """Insertion jobs, filières × `JOB_UNITS` × `SCOPES`; what is not known is NaN. See `Result`."""

    reached: Values
    target: Values
    compared: Values
    aim: Values
    n_unknown: Counts

    @property
    def is_known(self) -> Mask:
        """Whether anything is known of each."""
        known: Mask = ~np.isnan(self.reached) | ~np.isnan(self.target)
        return known

    @property
    def widest(self) -> Codes:
        """Per filière, the widest perimeter of which insertion jobs are known, in any unit; the first without one."""
        return np.argmax(self.is_known.any(axis=1), axis=1)


def results_of_many(core: Core) -> ManyResults:
    """Return the results in insertion jobs of the filières of a core; of several years the latest, for each term."""
    tables = core.tables
    kind = tables.texts("outcomes", "kind").ranks(list(OutcomeKind))
    unit, scope = (
        tables.texts("outcomes", name).ranks(terms)
        for name, terms in (("unit", JOB_UNITS), ("scope", SCOPES))
    )
    # jobs of which nobody said the kind are insertion jobs
    jobs = (kind < 0) | (kind == list(OutcomeKind).index(OutcomeKind.INSERTION_JOBS))
    rows = np.flatnonzero(jobs & (unit >= 0) & (scope >= 0))
    group = filiere_of_rows(tables, "outcomes")[rows].astype(np.int64)
    group = (group * len(JOB_UNITS) + unit[rows]) * len(SCOPES) + scope[rows]
    found = _results(tables, rows, group, core.n_filieres * len(JOB_UNITS) * len(SCOPES))
    shape = (core.n_filieres, *_SHAPE)
    return ManyResults(**{name: values.reshape(shape) for name, values in found.items()})


@dataclass(frozen=True)
class ManyShares:
    """Shares that results state, filières × `SCOPES`: their sum, the rows that give one, what is unknown."""

    reached: Values
    n_given: Counts
    n_unknown: Counts


def stated_shares_of_many(core: Core, kind: str) -> ManyShares:
    """Return the shares of a kind that the results of the filières of a core state, by perimeter."""
    tables, shape = core.tables, (core.n_filieres, len(SCOPES))
    scope = tables.texts("outcomes", "scope").ranks(SCOPES)
    share = tables.texts("outcomes", "unit").among(OutcomeUnit.SHARE)
    rows = np.flatnonzero(share & tables.texts("outcomes", "kind").among(kind) & (scope >= 0))
    group = filiere_of_rows(tables, "outcomes")[rows].astype(np.int64) * len(SCOPES) + scope[rows]
    size = core.n_filieres * len(SCOPES)
    found = _results(tables, rows, group, size)
    year = whole_years(tables.column("outcomes", "year"))[rows]
    known = [
        ~np.isnan(tables.column("outcomes", name).to_numpy(np.float64)[rows])
        for name in ("reached", "target")
    ]
    read = np.logical_or.reduce([_of_latest(group, year, part, size) for part in known])
    given = np.bincount(group[read & known[0]], minlength=size)
    return ManyShares(
        found["reached"].reshape(shape), given.reshape(shape), found["n_unknown"].reshape(shape)
    )


def _results(tables: Tables, rows: Counts, group: Codes, size: int) -> dict[str, NDArray[Any]]:
    """Return, by group, what some rows of the results say: see `ManyResults`."""
    year = whole_years(tables.column("outcomes", "year"))[rows]
    reached, target = (
        tables.column("outcomes", name).to_numpy(np.float64)[rows] for name in ("reached", "target")
    )
    told = [_of_latest(group, year, ~np.isnan(values), size) for values in (reached, target)]
    both = told[0] & told[1]
    with_both = np.bincount(group[both], minlength=size) > 0

    def add(values: Values, use: Mask) -> Values:
        return known_sums(group[use], values[use], size).total

    def count(use: Mask) -> Counts:
        return np.bincount(group[use], minlength=size)

    whole = add(reached, told[0]), add(target, told[1])
    compared, aim = (
        np.where(with_both, add(values, both), alone)
        for values, alone in zip((reached, target), whole, strict=True)
    )
    blank = count(np.isnan(reached) & np.isnan(target))
    waiting = np.where(with_both, count(told[1] & ~told[0]), 0)
    unreached = np.isnan(whole[0]) & ~np.isnan(whole[1])
    n_unknown = blank + waiting + unreached
    return {"reached": whole[0], "target": whole[1], "compared": compared, "aim": aim, "n_unknown": n_unknown}


def _of_latest(group: Codes, year: NDArray[np.int32], known: Mask, size: int) -> Mask:
    """Return the known rows of the latest year of their group, and those that hold every year."""
    latest = np.full(size, NO_YEAR, dtype=np.int32)
    np.maximum.at(latest, group[known], year[known])
    return known & ((year == NO_YEAR) | (year == latest[group]))


@dataclass(frozen=True)
class ManyMoney:
    """Animation money, filières × `SCOPES` (see `Money`), and the widest perimeter of which a row speaks."""

    total: Values
    own: Values
    attracted: Values
    n_unknown: Counts
    widest: Codes


def money_of_many(core: Core) -> ManyMoney:
    """Return the animation money of the filières of a core, by perimeter."""
    tables, n = core.tables, core.n_filieres
    filiere = filiere_of_rows(tables, "funding").astype(np.int64)
    scope, purpose = (tables.texts("funding", name) for name in ("scope", "purpose"))
    place, amount = scope.ranks(SCOPES), tables.column("funding", "amount_eur").to_numpy(np.float64)
    granted = ~tables.texts("funding", "state").among(FundingState.REQUESTED)
    meant, vague_purpose = purpose.among(*ANIMATION), ~purpose.known
    nowhere = ~scope.known
    size, group = n * len(SCOPES), filiere * len(SCOPES) + place
    here = granted & (place >= 0)
    used = here & meant
    own, named = _funders(core, tables)

    def add(use: Mask) -> Values:
        return known_sums(group[use], amount[use], size).total.reshape(n, len(SCOPES))

    def count(use: Mask) -> Counts:
        return np.bincount(group[use], minlength=size).reshape(n, len(SCOPES))

    anywhere = np.bincount(filiere[granted & nowhere & (meant | vague_purpose)], minlength=n)
    spoken_of = np.bincount(group[place >= 0], minlength=size).reshape(n, len(SCOPES)) > 0
    return ManyMoney(
        total=add(used),
        own=add(used & own),
        attracted=add(used & named & ~own),
        n_unknown=count((used & np.isnan(amount)) | (here & vague_purpose)) + anywhere[:, None],
        widest=np.argmax(spoken_of, axis=1),
    )


def _funders(core: Core, tables: Tables) -> tuple[Mask, Mask]:
    """Return which money comes from a territorial body, and which from somebody named."""
    bodies = np.append(core.roles[:, list(Role).index(Role.TERRITORIAL)], False)
    named = tables.texts("funding", "funder_id").known
    return bodies[tables.codes("funding", "funder_id")], named
