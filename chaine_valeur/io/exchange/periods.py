"""Periods of years, as files write them: a day, a year, a number; and flows that hold over several years."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...problems import Problems
from ...table_state import RawTable
from .found import Found
from .objects import blank_column, known, objects

if TYPE_CHECKING:
    from .objects import Mask

__all__ = ["by_year", "year_of"]

_YEAR = re.compile(r"\s*(\d{4})(?:\.\d+)?(?:-\d\d?(?:-\d\d?)?)?(?:[T ].*)?\s*")
#: A flow that holds longer is read without a year: such a period says how long the file reaches, not what was weighed.
_LONGEST = 30


def year_of(text: str | None) -> int | None:
    """Return the year of a moment: a day, a day and hour, a year, a number that is one.

    Examples
    --------
    >>> year_of("2021-06-30"), year_of("2021.0"), year_of("2021-01-01T00:00:00+02:00"), year_of("-Infinity")
    (2021, 2021, 2021, None)
    """
    found = _YEAR.fullmatch(text) if text else None
    return int(found[1]) if found else None


def by_year(raw: RawTable, edges: Found, rows: Mask, problems: Problems) -> RawTable:
    """Return the flows of a file with their years: one that holds over several years is one row a year.

    What a flow says itself of its year comes first. An open period gives no year, and is said.
    """
    frame = raw.frame
    at = np.flatnonzero(rows)
    start, end = (objects(years)[at] for years in (edges.start, edges.end))
    said = frame["year"].to_numpy(object) if "year" in frame else blank_column(len(at))
    asked = ~known(said) & (known(start) | known(end))
    dated = asked & known(start) & known(end)
    first, last = (np.where(dated, years, 0).astype(np.int64) for years in (start, end))
    count = np.where(dated, last - first + 1, 1)
    unclear = asked & (~dated | (count > _LONGEST) | (count < 1))
    for place in np.flatnonzero(unclear).tolist():
        ends = f"{edges.sources[at[place]]} → {edges.targets[at[place]]}"
        sheet, line = str(raw.sheets.iat[place]), int(raw.rows.iat[place])
        value = edges.ids[at[place]] or ends
        problems.add("no_period_of_flow", table="flows", sheet=sheet, row=line, value=value)
    given = dated & ~unclear
    if not given.any():
        return raw
    count[~given] = 1
    again = np.repeat(np.arange(len(at)), count)
    step = np.arange(len(again)) - np.repeat(np.cumsum(count) - count, count)
    years = said[again]
    years[given[again]] = (first[again] + step)[given[again]]
    longer = frame.iloc[again].reset_index(drop=True)
    longer["year"] = years
    if "flow_id" in longer:
        ids = longer["flow_id"].to_numpy(object, copy=True)
        several = (count[again] > 1) & known(ids)
        ids[several] = [f"{one}-{year}" for one, year in zip(ids[several], years[several], strict=True)]
        longer["flow_id"] = ids
    sheets, lines = (part.iloc[again].reset_index(drop=True) for part in (raw.sheets, raw.rows))
    return replace(raw, frame=longer, sheets=sheets, rows=lines)
