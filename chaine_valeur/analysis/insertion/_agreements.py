"""The agreements that count, in one year: their measure, their months, hours, FTE and aid, as arrays.

Conventions of this library, where the table leaves a choice:

- ``agreed_fte`` is the headcount of each month of the agreement (« effectif mensuel conventionné »).
- Months are whole: one that an agreement touches counts, as in the public follow-up of the agreements.
- A row that states its year gives figures of that year. One that states dates only gives figures of the whole
  agreement: hours are split by months, people who left count in the year in which it ends (people are not split).
- Without dates an agreement holds its whole year; without an end, until December of the year in which it begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...columns import Rows, columns
from ...vocabulary import StructureKind
from ..measure import NAN
from .references import hours_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Agreements", "agreements_of"]

#: Later than any month.
_AFTER = 1e7
_SIAE = frozenset(kind.value for kind in StructureKind if kind.is_siae)
#: A legal form says nothing of the measure: an association may carry a worksite.
_NO_MEASURE = frozenset(kind.value for kind in StructureKind if kind.family == "other")


@dataclass(frozen=True)
class Agreements:
    """Agreements of SIAE that count, with what follows from them; arrays run along ``rows``.

    Attributes
    ----------
    rows
        Rows of ``f.agreements``.
    kind
        Their kind, that of the structure where it was blank.
    year
        The year that the figures are of; ``None`` where no row states a year or a date.
    measure
        Measure of the ASP (``ACI_DC``…).
    months
        Months of the agreement in the year; NaN where its dates contradict its year.
    hours
        Hours worked in the year; NaN unknown.
    hours_per_fte, standing
        Hours of one FTE, and where they come from: ``agreement``, or the standing of the reference.
    done, agreed
        FTE of the year; NaN unknown.
    aid_month, aid_months
        First month that counts for the aid, and months of the year that the aid per post covers.
    leavers
        Whether the people who left count in the year.
    undated, overlapping
        Agreements without any date; those whose months of the year another one of the same structure and measure
        covers too.
    other_kind, unknown_kind
        Identifiers of the agreements left out: of structures that are not SIAE, and of unknown kind.
    """

    rows: Rows
    kind: NDArray[np.object_]
    year: int | None
    measure: NDArray[np.object_]
    months: Values
    hours: Values
    hours_per_fte: Values
    standing: NDArray[np.object_]
    done: Values
    agreed: Values
    aid_month: Values
    aid_months: Values
    leavers: Mask
    undated: Mask
    overlapping: Mask
    other_kind: tuple[str, ...]
    unknown_kind: tuple[str, ...]

    def values(self, column: str) -> Values:
        """Return a column of numbers along the rows, NaN where unknown."""
        return self.rows.number(column)


def agreements_of(f: Filiere) -> Agreements:
    """Return the agreements that count, worked out once."""
    return f.derived("insertion.agreements", _agreements)


@dataclass(frozen=True)
class _Span:
    """First and last month of agreements, and the months of them that lie in the year of the figures."""

    first: Values
    last: Values
    stated: Values
    undated: Mask
    months: Values
    window: Values
    share: Values


def _agreements(f: Filiere) -> Agreements:
    table = columns(f, "agreements")
    actor = f.codes("agreements", "actor_id")
    rows = Rows.where(table, (actor >= 0) & f.network.active[actor])
    span = _months(rows, f.year)
    year = f.year if f.year is not None else _latest(span)
    span = _in_year(span, year)
    stated = ~np.isnan(span.stated)
    use = leavers = np.ones(len(rows), dtype=bool)
    if year is not None:
        # dates that go backwards belong to no month: told as unknown in the year in which they begin
        backwards = (span.last < span.first) & (np.floor(span.first / 12) == year)
        use = np.where(stated, span.stated == year, span.undated | (span.months > 0) | backwards)
        leavers = stated | span.undated | (np.floor(span.last / 12) == year)
    kind = _kinds(f, rows)
    known = np.array([one is not None for one in kind.tolist()], dtype=bool)
    siae = np.array([one in _SIAE for one in kind.tolist()], dtype=bool)
    keep = use & siae
    kept, kind = rows[keep], kind[keep]
    months, window = span.months[keep], span.window[keep]
    measure = kind + np.where(kept.number("in_prison") == 1, "_MP", "_DC").astype(object)
    hours_reference, standing, aid_since = hours_at(measure, window)
    own = kept.number("hours_per_fte")
    hours = kept.number("hours_worked") * span.share[keep]
    per_fte = np.where(np.isnan(own), hours_reference, own)
    begins = np.fmax(window, aid_since)
    covered = np.clip(window + months - begins, 0, None)
    return Agreements(
        rows=kept,
        kind=kind,
        year=year,
        measure=measure,
        months=months,
        hours=hours,
        hours_per_fte=per_fte,
        standing=np.where(np.isnan(own), standing, "agreement").astype(object),
        done=hours / per_fte,
        agreed=kept.number("agreed_fte") * months / 12,
        aid_month=begins,
        # where nobody says when, the rule of today is taken
        aid_months=np.where(np.isnan(window), months, covered),
        leavers=leavers[keep],
        undated=span.undated[keep],
        overlapping=_overlapping(kept.text("actor_id"), measure, window, window + months - 1),
        other_kind=_names(rows, use & known & ~siae),
        unknown_kind=_names(rows, use & ~known),
    )


def _names(rows: Rows, mask: Mask) -> tuple[str, ...]:
    return tuple(rows.ids[mask].tolist())


def _kinds(f: Filiere, rows: Rows) -> NDArray[np.object_]:
    """Return the kind of each agreement: its own, else that of its structure; a legal form is none."""
    of_structure = columns(f, "actors").text("structure_kind")[f.codes("agreements", "actor_id")[rows.at]]
    own = rows.text("kind")
    return np.array(
        [
            None if kind in _NO_MEASURE else kind
            for kind in (one or other for one, other in zip(own.tolist(), of_structure.tolist(), strict=True))
        ],
        dtype=object,
    )


def _months(rows: Rows, asked: int | None) -> _Span:
    """Return the first and last month of each agreement, blank ends filled as the page says."""
    stated = rows.number("year")
    first, last = rows.months("starts_on"), rows.months("ends_on")
    undated = np.isnan(first) & np.isnan(last)
    own = np.where(np.isnan(stated), NAN if asked is None else float(asked), stated)
    of_first = np.where(undated, own, np.floor(np.where(np.isnan(first), last, first) / 12))
    ends = np.where(np.isnan(last), 12 * np.fmax(of_first, stated) + 11, last)
    begins = np.where(np.isnan(first), 12 * np.fmin(of_first, stated), first)
    nothing = np.full(len(rows), NAN)
    return _Span(begins, ends, stated, undated, nothing, nothing, nothing)


def _latest(span: _Span) -> int | None:
    """Return the latest year that a row states or, without one, in which it begins."""
    years = np.where(np.isnan(span.stated), np.floor(span.first / 12), span.stated)
    years = years[~np.isnan(years)]
    return int(years.max()) if len(years) else None


def _in_year(span: _Span, year: int | None) -> _Span:
    """Return the months in the year of the figures, its first month there, and the share of the hours."""
    own = np.where(np.isnan(span.stated), NAN if year is None else float(year), span.stated)
    first = np.where(np.isnan(span.first), 12 * own, span.first)
    last = np.where(np.isnan(span.last), 12 * own + 11, span.last)
    window = np.fmax(first, 12 * own)
    months = np.fmin(last, 12 * own + 11) - window + 1
    whole = np.where(last < first, NAN, last - first + 1)
    holds = span.undated & np.isnan(span.stated)
    months = np.where(np.isnan(months) & span.undated, 12.0, months)
    wrong = ~(months > 0)
    share = np.where(~np.isnan(span.stated) | holds, 1.0, np.where(wrong, NAN, months / whole))
    return _Span(first, last, span.stated, span.undated, np.where(wrong, NAN, months), window, share)


def _overlapping(
    actor: NDArray[np.object_], measure: NDArray[np.object_], first: Values, last: Values
) -> Mask:
    """Return the agreements that share a month with another one of the same structure and measure."""
    place: dict[tuple[str, str], int] = {}
    keys = [place.setdefault(key, len(place)) for key in zip(actor.tolist(), measure.tolist(), strict=True)]
    key = np.array(keys, dtype=np.float64)
    order = np.lexsort((last, first, key))
    order = order[~np.isnan(last[order])]  # dates that contradict themselves or the year are no months
    key, first, last = key[order], first[order], last[order]
    found = np.zeros(len(keys), dtype=bool)
    same = key[1:] == key[:-1]
    # the latest end so far of each key: those of later keys are above it, whatever their months
    until = np.maximum.accumulate(key * _AFTER + last) - key * _AFTER
    found[order[1:]] = same & (first[1:] <= until[:-1])
    found[order[:-1]] |= same & (first[1:] <= last[:-1])
    return found
