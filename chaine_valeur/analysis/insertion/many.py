"""The insertion figures of many filières in one pass: the same numbers as one by one (G1–G9)."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...network.activities import current_activities_of
from ...vocabulary import OutcomeKind
from ..activities import Sums, known_sums
from ..many import PERIMETERS, Many, figures, ratios
from ..measure import NAN
from ._many_agreements import ManyAgreements, agreements_of_many
from ._many_exits import exits_of_many
from ._many_results import ManyMoney, ManyResults, money_of_many, results_of_many
from .results import JOB_UNITS, SCOPES
from .tables import FTE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from ...network import Core
    from ...network.activities import CurrentActivities

    Codes = NDArray[np.int64]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Insertion", "job_totals", "of_many"]

#: Of the units of jobs, those in which a cost can be given come first: posts, then FTE.
_COSTED = 2
_PLACES = len(JOB_UNITS) * len(SCOPES)
_PERIMETER = np.array([PERIMETERS.index(scope) for scope in SCOPES], dtype=np.int8)


class Insertion:
    """The figures of insertion of the filières of a core; what several of them read is read once.

    Each method is the measure of the same indicator, along the filières.
    """

    def __init__(self, core: Core) -> None:
        self.core = core

    @cached_property
    def agreements(self) -> ManyAgreements:
        """The agreements of SIAE that count."""
        return agreements_of_many(self.core)

    @cached_property
    def results(self) -> ManyResults:
        """The results in insertion jobs."""
        return results_of_many(self.core)

    @cached_property
    def money(self) -> ManyMoney:
        """The animation money."""
        return money_of_many(self.core)

    @cached_property
    def activities(self) -> CurrentActivities:
        """The activities that count."""
        return current_activities_of(self.core)

    def _sums(self, values: Values, use: Mask | slice = slice(None)) -> Sums:
        return known_sums(self.agreements.filiere[use], values[use], self.core.n_filieres)

    def fte_done(self) -> Many:
        """Return the insertion FTE worked under agreement (G1)."""
        found, done = self.agreements, self._sums(self.agreements.done)
        hours = self._sums(found.hours, ~np.isnan(found.done)).total
        n_unknown = done.n_unknown + found.n_unknown_kind
        return figures(done.total, n_unknown, low=done.total, numerator=hours)  # the unknown only adds to it

    def agreement_use(self) -> Many:
        """Return the use of the agreements (G2)."""
        found = self.agreements
        both = ~np.isnan(found.done) & ~np.isnan(found.agreed)
        done, agreed = (self._sums(values, both).total for values in (found.done, found.agreed))
        silent = np.bincount(found.filiere[~both], minlength=self.core.n_filieres)
        n_unknown = silent + found.n_unknown_kind
        return figures(ratios(done, agreed), n_unknown, numerator=done, denominator=agreed)

    def planned_aid(self) -> Many:
        """Return the aid that the agreements plan (G3)."""
        found, aid = self.agreements, self._sums(self.agreements.aid)
        # what was funded otherwise is no unknown amount of this aid
        otherwise = np.bincount(found.filiere[found.funded_otherwise], minlength=self.core.n_filieres)
        n_unknown = aid.n_unknown - otherwise + found.n_unknown_kind
        return figures(aid.total, n_unknown, low=aid.total)  # the unknown only adds to it

    def cost_per_post(self) -> Many:
        """Return the public cost per post (G4): animation money of the perimeter of the posts."""
        results, every = self.results, np.arange(self.core.n_filieres)
        counted = results.reached[:, :_COSTED].reshape(len(every), _COSTED * len(SCOPES)) > 0
        # posts before FTE, the widest perimeter first; without any, posts of the widest of which something is known
        place = np.where(counted.any(axis=1), np.argmax(counted, axis=1), results.widest)
        unit, scope = np.divmod(place, len(SCOPES))
        reached, n_unknown = results.reached[every, unit, scope], results.n_unknown[every, unit, scope]
        money, amounts = self.money.total[every, scope], self.money.n_unknown[every, scope]
        value = ratios(money, reached)
        return Many(
            value=value,
            # an amount more raises it, a post more lowers it: with both unknown there is no bound
            low=np.where(n_unknown > 0, NAN, value),
            high=np.where(amounts > 0, NAN, value),
            numerator=money,
            denominator=reached,
            n_unknown=amounts + n_unknown,
            perimeter=_PERIMETER[scope],
        )

    def leverage(self) -> Many:
        """Return the leverage of the territorial body (G5), on animation money."""
        money, every = self.money, np.arange(self.core.n_filieres)
        at = every, money.widest
        attracted, own, n_unknown = money.attracted[at], money.own[at], money.n_unknown[at]
        found = figures(ratios(attracted, own), n_unknown, numerator=attracted, denominator=own)
        return replace(found, perimeter=_PERIMETER[money.widest])

    def positive_exits(self) -> Many:
        """Return the share of dynamic exits (G6), not shown under five exits."""
        return exits_of_many(self.core, self.agreements, OutcomeKind.POSITIVE_EXITS.value)

    def lasting_exits(self) -> Many:
        """Return the share of exits into a lasting job (G7), not shown under five exits."""
        return exits_of_many(self.core, self.agreements, OutcomeKind.LASTING_EXITS.value)

    def supervision(self) -> Many:
        """Return the supervision of insertion jobs (G8)."""
        core, rows = self.core, self.activities
        filiere, n = core.actor_filiere[rows.actor], core.n_filieres
        insertion, supervision = rows.values("insertion_fte"), rows.values("supervision_fte")
        # without insertion jobs there is nothing to supervise; of who is no SIAE, what is not said is no question
        asked = (insertion > 0) | (np.isnan(insertion) & (core.siae[rows.actor] | (supervision > 0)))
        known = asked & ~np.isnan(insertion) & ~np.isnan(supervision)
        top, bottom = (known_sums(filiere[known], part[known], n).total for part in (supervision, insertion))
        n_unknown = np.bincount(filiere[asked & ~known], minlength=n)
        return figures(ratios(top, bottom), n_unknown, numerator=top, denominator=bottom)

    def target_reached(self) -> Many:
        """Return the share of the target reached (G9), in insertion jobs."""
        results, n = self.results, self.core.n_filieres
        whole = np.reshape(~np.isnan(results.aim) & ~np.isnan(results.compared), (n, _PLACES))
        known = results.is_known.reshape(n, _PLACES)
        # a target and a result, else either; posts first
        place = np.argmax(np.where(whole.any(axis=1, keepdims=True), whole, known), axis=1)
        at = np.arange(n), *np.divmod(place, len(SCOPES))
        compared, aim, target = results.compared[at], results.aim[at], results.target[at]
        n_unknown = results.n_unknown[at]
        value = ratios(compared, aim)
        open_ = n_unknown > 0
        return Many(
            value=value,
            low=np.where(open_, ratios(compared, target), value),
            high=np.where(open_, NAN, value),
            numerator=compared,
            denominator=aim,
            n_unknown=n_unknown,
            perimeter=_PERIMETER[place % len(SCOPES)],
        )


def job_totals(core: Core) -> pd.DataFrame:
    """Return the FTE of the activities of each filière, and how many of them are unknown.

    Parameters
    ----------
    core
        Of one filière (``f.network``) or of many (``portfolio.core``).

    Returns
    -------
    pandas.DataFrame
        A row per filière, in their order: the columns of `jobs_by_stage`, over all stages. FTE are NaN where none is
        known; 0 is measured.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri"]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais", "Relais"], "stage_id": ["Collecte", "Tri"], "jobs_fte": [4, None]},
    ... )
    >>> job_totals(f.network)[["n_activities", "jobs_fte", "jobs_fte_unknown"]].values.tolist()
    [[2.0, 4.0, 1.0]]
    """
    rows, n = current_activities_of(core), core.n_filieres
    filiere = core.actor_filiere[rows.actor]
    found: dict[str, NDArray[np.generic]] = {"n_activities": np.bincount(filiere, minlength=n)}
    for column in FTE_COLUMNS:
        sums = known_sums(filiere, rows.values(column), n)
        found[column], found[f"{column}_unknown"] = sums.total, sums.n_unknown
    return pd.DataFrame(found)


def of_many(read: Callable[[Insertion], Many]) -> Callable[[Core], Many]:
    """Return the function of a core that reads one of its figures of insertion; what they share is made once."""
    return lambda core: read(core.derived("insertion", Insertion))
