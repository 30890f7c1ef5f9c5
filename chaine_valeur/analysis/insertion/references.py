"""Reference values of each measure of the ASP: hours of an FTE, first day of the aid per post, base amounts.

Two small tables with their sources stand beside this module. What could be read in no source is marked
``unverified``; the figures of an agreement always come before those of a table.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

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


@cache
def _amounts() -> pd.DataFrame:
    return _read("aid_amounts.csv", _AMOUNTS).sort_values(
        ["measure", "since"], kind="stable", ignore_index=True
    )


def _read(name: str, kinds: dict[str, str]) -> pd.DataFrame:
    # joinpath alone: the package may be read from an archive
    with files(__package__).joinpath(name).open(encoding="utf-8") as stream:
        return pd.read_csv(stream, dtype="str", keep_default_na=False, na_values=[""]).astype(kinds)


def month_index(dates: pd.Series) -> Values:
    """Return the months since year 0 of some dates, NaN where unknown: 2024-03 is ``12 · 2024 + 2``."""
    years, months = dates.dt.year.to_numpy(np.float64), dates.dt.month.to_numpy(np.float64)
    return 12 * years + months - 1


def hours_at(measure: pd.Series, month: Values) -> tuple[Values, NDArray[np.object_], Values]:
    """Return the hours of one FTE, their standing, and the first month of the aid, along measures and months.

    An unknown month takes the row that holds today.
    """
    hours, standing, aid = (
        np.full(len(measure), np.nan),
        np.full(len(measure), "", object),
        np.full(len(measure), np.nan),
    )
    table = _hours()
    since, until, first = (month_index(table[column]) for column in ("since", "until", "aid_since"))
    for place, row in enumerate(table.itertuples()):  # a loop over the measures of the ASP
        here = measure.eq(row.measure).to_numpy(bool)
        later = np.isnan(until[place]) | (month <= until[place])
        begun = np.isnan(since[place]) | np.isnan(month) | (month >= since[place])
        use = here & later & begun
        hours[use], standing[use], aid[use] = row.hours_per_fte, row.standing, first[place]
    return hours, standing, aid


def amount_at(measure: pd.Series, month: Values) -> Values:
    """Return the base amount in force, or the latest known before, in €/FTE and year; NaN before the first."""
    found = np.full(len(measure), np.nan)
    table = _amounts()
    since = month_index(table["since"])
    for place, row in enumerate(table.itertuples()):  # rows go from the oldest to the newest of each measure
        use = measure.eq(row.measure).to_numpy(bool) & (month >= since[place])
        found[use] = row.amount_eur
    return found


def latest_amount_since() -> int:
    """Return the year of the latest base amount known."""
    return int(_amounts()["since"].dt.year.max())
