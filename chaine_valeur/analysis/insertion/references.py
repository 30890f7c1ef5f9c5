"""Reference values of each measure of the ASP: hours of an FTE, first day of the aid per post, base amounts.

Two small tables with their sources stand beside this module. What could be read in no source is marked
``unverified``; the figures of an agreement always come before those of a table.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ...columns import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

__all__ = ["aid_amounts", "amount_at", "hours_at", "hours_reference", "latest_amount_since"]

_HOURS = {
    "measure": "str", "since": "datetime64[us]", "until": "datetime64[us]", "hours_per_fte": "float64",
    "hours_basis": "str", "aid_since": "datetime64[us]", "standing": "str", "source": "str", "url": "str",
}  # fmt: skip
_AMOUNTS = {
    "measure": "str", "since": "datetime64[us]", "amount_eur": "float64", "source": "str", "url": "str",
}  # fmt: skip


def hours_reference() -> pd.DataFrame:
    """Return the hours of one FTE by measure of the ASP, with the first day of its aid per post.

    Returns
    -------
    pandas.DataFrame
        A row per measure and period: `measure` (``ACI_DC``, ``EI_MP``…; DC outside, MP in prison), `since` and
        `until` (blank: open), `hours_per_fte` (h/FTE), `hours_basis` (``paid``, ``worked``, ``made available``),
        `aid_since` (first day of the aid per post; blank: not known), `standing` (``official``, ``secondary``,
        ``unverified``), `source`, `url`.

    Notes
    -----
    The table that the ASP pays by is not published: these are the values that its networks gave when the aid was
    reformed in 2014. An agreement that states its own hours is computed by these.

    Examples
    --------
    >>> table = hours_reference().set_index("measure")
    >>> table.loc[["ACI_DC", "EI_DC"], "hours_per_fte"].tolist()
    [1820.0, 1505.0]
    """
    return _hours().copy()


def aid_amounts() -> pd.DataFrame:
    """Return the base amounts of the aid per post that are known, by measure and first day.

    Returns
    -------
    pandas.DataFrame
        `measure`, `since`, `amount_eur` (€/FTE and year, without the modulated part), `source`, `url`.

    Notes
    -----
    Used only on request (`planned_aid`), and then as a hypothesis: an amount holds until the next one that is known.

    Examples
    --------
    >>> table = aid_amounts()
    >>> table.loc[table["measure"] == "ACI_DC", "amount_eur"].tolist()[:2]
    [19200.0, 19897.0]
    """
    return _amounts().copy()


@cache
def _hours() -> pd.DataFrame:
    return _read("measures.csv", _HOURS)


class _Period(NamedTuple):
    """The hours of one FTE of a measure from one month to another, and the first month of its aid; NaN is open."""

    measure: str
    since: float
    until: float
    aid_since: float
    hours_per_fte: float
    standing: str


@cache
def _periods() -> tuple[_Period, ...]:
    table = _hours()
    months = [Columns(table).months(name).tolist() for name in ("since", "until", "aid_since")]
    rest = [table[name].tolist() for name in ("hours_per_fte", "standing")]
    return tuple(map(_Period, table["measure"].tolist(), *months, *rest))


@cache
def _amounts() -> pd.DataFrame:
    return _read("aid_amounts.csv", _AMOUNTS).sort_values(
        ["measure", "since"], kind="stable", ignore_index=True
    )


def _read(name: str, kinds: dict[str, str]) -> pd.DataFrame:
    # joinpath alone: the package may be read from an archive
    with files(__package__).joinpath(name).open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype="str", keep_default_na=False, na_values=[""]).astype(kinds)


def hours_at(measure: NDArray[np.object_], month: Values) -> tuple[Values, NDArray[np.object_], Values]:
    """Return the hours of one FTE, their standing, and the first month of the aid, along measures and months.

    An unknown month takes the row that holds today.
    """
    hours, standing, aid = (
        np.full(len(measure), np.nan),
        np.full(len(measure), "", object),
        np.full(len(measure), np.nan),
    )
    for row in _periods():  # a loop over the measures of the ASP
        here = measure == row.measure
        later = np.isnan(row.until) | (month <= row.until)
        begun = np.isnan(row.since) | np.isnan(month) | (month >= row.since)
        use = here & later & begun
        hours[use], standing[use], aid[use] = row.hours_per_fte, row.standing, row.aid_since
    return hours, standing, aid


def amount_at(measure: NDArray[np.object_], month: Values) -> Values:
    """Return the base amount in force, or the latest known before, in €/FTE and year; NaN before the first."""
    found = np.full(len(measure), np.nan)
    table = _amounts()
    since = Columns(table).months("since")
    for place, row in enumerate(table.itertuples()):  # rows go from the oldest to the newest of each measure
        use = (measure == row.measure) & (month >= since[place])
        found[use] = row.amount_eur
    return found


def latest_amount_since() -> int:
    """Return the year of the latest base amount known."""
    return int(_amounts()["since"].dt.year.max())
