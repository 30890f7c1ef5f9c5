"""The agreements of many filières, each in its own year: hours, FTE and aid of all of them in one pass.

The conventions are those of `chaine_valeur.analysis.insertion._agreements`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...kernels import max_at
from ...network.positions import NO_YEAR, whole_years
from ...network.tables import filiere_of_rows
from ...vocabulary import StructureKind
from ..measure import NAN
from .references import hours_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...network import Core
    from ...network.tables import Tables

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["ManyAgreements", "agreements_of_many"]

_KINDS = list(StructureKind)
_SIAE = np.array([*(kind.is_siae for kind in _KINDS), False])
#: Along the kinds, the last entry being none: what says something of the measure.
_TELLS = np.array([*(kind.family != "other" for kind in _KINDS), False])
_MEASURES = np.array([f"{kind.value}{where}" for kind in _KINDS for where in ("_DC", "_MP")], dtype=object)


@dataclass(frozen=True)
class ManyAgreements:
    """Along the agreements of SIAE that count: see `chaine_valeur.analysis.insertion._agreements.Agreements`.

    ``row`` are their rows, ``actor`` their structures. ``n_unknown_kind`` runs along the filières: agreements left out
    as nobody knows of which kind they are.
    """

    row: Counts
    actor: Codes
    filiere: Codes
    leavers: Mask
    hours: Values
    done: Values
    agreed: Values
    aid: Values
    funded_otherwise: Mask
    n_unknown_kind: Counts


def agreements_of_many(core: Core) -> ManyAgreements:
    """Return the agreements that count of the filières of a core."""
    tables, n = core.tables, core.n_filieres
    actor = tables.codes("agreements", "actor_id")
    rows = np.flatnonzero(np.append(core.active, False)[actor])
    filiere = filiere_of_rows(tables, "agreements")[rows]
    span = _Span.of(tables, rows, _years(tables.asked_years)[filiere])
    year = np.where(tables.asked_years == NO_YEAR, span.latest(filiere, n), tables.asked_years)[filiere]
    months, window, share = span.within(year)
    stated = ~np.isnan(span.stated)
    # dates that go backwards belong to no month: told as unknown in the year in which they begin
    backwards = (span.last < span.first) & (np.floor(span.first / 12) == year)
    use = np.where(stated, span.stated == year, span.undated | (months > 0) | backwards)
    leavers = stated | span.undated | (np.floor(span.last / 12) == year)
    kind = _kinds(tables, rows, actor[rows])
    use_siae = use & _SIAE[kind]
    rows, filiere_kept = rows[use_siae], filiere[use_siae]
    months, window, share = months[use_siae], window[use_siae], share[use_siae]
    in_prison = tables.column("agreements", "in_prison").to_numpy(bool, na_value=False)[rows]
    measure = _MEASURES[2 * kind[use_siae] + in_prison]
    reference, _, aid_since = hours_at(measure, window)
    own, worked, headcount, amount = (
        tables.column("agreements", column).to_numpy(np.float64)[rows]
        for column in ("hours_per_fte", "hours_worked", "agreed_fte", "aid_eur_per_fte")
    )
    hours = worked * share
    covered = np.clip(window + months - np.fmax(window, aid_since), 0, None)
    aid_months = np.where(np.isnan(window), months, covered)
    otherwise = aid_months == 0
    return ManyAgreements(
        row=rows,
        actor=actor[rows],
        filiere=filiere_kept,
        leavers=leavers[use_siae],
        hours=hours,
        done=hours / np.where(np.isnan(own), reference, own),
        agreed=headcount * months / 12,
        aid=np.where(otherwise, NAN, headcount * amount / 12 * aid_months),
        funded_otherwise=otherwise,
        n_unknown_kind=np.bincount(filiere[use & (kind < 0)], minlength=n),
    )


def _years(years: Codes) -> Values:
    return np.where(years == NO_YEAR, NAN, years)


def _kinds(tables: Tables, rows: Counts, actor: Codes) -> Codes:
    """Return the kind of each agreement, −1 unknown: its own, else that of its structure; a legal form is none."""
    own = tables.texts("agreements", "kind").ranks(_KINDS)[rows]
    kind = np.where(own >= 0, own, tables.texts("actors", "structure_kind").ranks(_KINDS)[actor])
    return np.where(_TELLS[kind], kind, -1)


@dataclass(frozen=True)
class _Span:
    """First and last month of agreements, blank ends filled; the year that a row states, NaN where it states none."""

    first: Values
    last: Values
    stated: Values
    undated: Mask

    @classmethod
    def of(cls, tables: Tables, rows: Counts, asked: Values) -> _Span:
        """Return the months of some agreements, `asked` being the year asked for of each."""
        stated = _years(whole_years(tables.column("agreements", "year")))[rows]
        first, last = (_months(tables, column)[rows] for column in ("starts_on", "ends_on"))
        undated = np.isnan(first) & np.isnan(last)
        own = np.where(np.isnan(stated), asked, stated)
        of_first = np.where(undated, own, np.floor(np.where(np.isnan(first), last, first) / 12))
        ends = np.where(np.isnan(last), 12 * np.fmax(of_first, stated) + 11, last)
        begins = np.where(np.isnan(first), 12 * np.fmin(of_first, stated), first)
        return cls(begins, ends, stated, undated)

    def latest(self, filiere: Codes, n: int) -> Values:
        """Return, per filière, the latest year that a row states or, without one, in which it begins; NaN without."""
        years = np.where(np.isnan(self.stated), np.floor(self.first / 12), self.stated)
        return max_at(filiere, years, size=n)

    def within(self, year: Values) -> tuple[Values, Values, Values]:
        """Return the months in the year of the figures, the first of them, and the share of the hours."""
        own = np.where(np.isnan(self.stated), year, self.stated)
        first = np.where(np.isnan(self.first), 12 * own, self.first)
        last = np.where(np.isnan(self.last), 12 * own + 11, self.last)
        window = np.fmax(first, 12 * own)
        months = np.fmin(last, 12 * own + 11) - window + 1
        whole = np.where(last < first, NAN, last - first + 1)
        months = np.where(np.isnan(months) & self.undated, 12.0, months)
        wrong = ~(months > 0)
        all_there = ~np.isnan(self.stated) | self.undated
        with np.errstate(invalid="ignore"):
            share = np.where(all_there, 1.0, np.where(wrong, NAN, months / whole))
        return np.where(wrong, NAN, months), window, share


def _months(tables: Tables, column: str) -> Values:
    dates = tables.column("agreements", column).to_numpy("datetime64[M]")
    return np.where(np.isnat(dates), NAN, dates.astype(np.int64) + 12.0 * 1970)
