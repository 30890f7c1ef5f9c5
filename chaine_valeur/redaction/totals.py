"""Whether a total may be told: nobody may work out from it, and from those told before, what one gave in confidence.

A total of figures that may not be read is told if at least `fewest` contributed to it, none of them more than a share
`largest`, and if the same holds of all that follows from the totals told together. That is checked in two ways: no
contributor's part follows exactly from them, not even for another contributor, who knows its own; and the most that a
contributor's part could be (a linear program: the totals told, no part negative, classes where they are told) is at
least its part over `largest`. What cannot be proved safe is not told.

Who supplied and who received are each taken for the contributor in turn: both know what passed. Balances of material
do not count: what others state of their own flows is theirs to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..schema import tables
from .levels import Guarded, actor_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..analysis.measure import Measure
    from ..filiere import Filiere

    Values = NDArray[np.float64]

__all__ = ["FEWEST", "LARGEST", "Ledger", "secrets"]

#: Contributors that a total needs, and the share of it beyond which one of them is too well known.
FEWEST, LARGEST = 3, 0.85
#: Contributors beyond which a proof is not sought: the total is not told.
_MOST = 500
_CLOSE = 1e-9


def secrets(f: Filiere, masks: Mapping[str, Guarded], classes: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that may not be read, one row each.

    Returns
    -------
    pandas.DataFrame
        ``table``, ``row``, ``column``, ``value``, ``giver`` and ``taker`` (who knows it; the row itself where no
        actor does), ``low`` and ``high`` (between what its class says it is).
    """
    parts = []
    for name, mask in masks.items():
        hidden = mask.cells
        if not hidden.to_numpy(bool).any():
            continue
        frame, actors = f.table(name), actor_columns(tables()[name])
        rows = pd.Series([f"{name}:{one}" for one in frame.index], index=frame.index, dtype="object")
        ends = [frame[column].astype("object") for column in actors if column != "part_of"] or [rows]
        giver = ends[0].where(ends[0].notna(), ends[-1]).fillna(rows)
        taker = ends[-1].where(ends[-1].notna(), ends[0]).fillna(rows)
        for column in hidden:
            at = hidden.index[hidden[column].to_numpy(bool)]
            if len(at):
                value = frame.loc[at, column].astype("float64")
                parts.append(
                    pd.DataFrame({"table": name, "row": at, "column": column, "value": value.to_numpy(),
                                  "giver": giver.loc[at].to_numpy(), "taker": taker.loc[at].to_numpy()})
                )  # fmt: skip
    columns = ["table", "row", "column", "value", "giver", "taker"]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    keys = ["table", "row", "column"]
    found = found.merge(classes[[*keys, "low", "high"]], on=keys, how="left")
    return found.assign(low=found["low"].fillna(0.0), high=found["high"].fillna(np.inf))


@dataclass
class Ledger:
    """The totals told so far, over the figures that may not be read; see the module."""

    secrets: pd.DataFrame
    fewest: int = FEWEST
    largest: float = LARGEST
    _told: list[Values] = field(default_factory=list)

    def tells(self, full: Measure, shown: Measure) -> bool:
        """Return whether a figure computed on all data may be told beside what all may read; if so it is entered.

        Parameters
        ----------
        full
            Computed on all data.
        shown
            Computed on what the audience may read.

        Returns
        -------
        bool
            False too for a figure that is no total of figures, nor the ratio of two.
        """
        whole = (full.numerator, shown.numerator), (full.denominator, shown.denominator)
        terms = whole if _ratio(full) else ((full.value, shown.value),)
        sums = [self._parts(full, *term) for term in terms]
        if any(one is None for one in sums):
            return False
        new = [one for one in sums if one is not None and one.any()]
        new = [one for one in new if not any(np.array_equal(one, old) for old in self._told)]
        if not self._safe([*self._told, *new]):
            return False
        self._told += new
        return True

    def _parts(self, full: Measure, value: float, shown: float) -> Values | None:
        """Return which secrets a term adds up, zeros if none; None if it is no sum of them."""
        missing = value - (0.0 if shown != shown else shown)
        if missing != missing:
            return None
        parts = np.zeros(len(self.secrets))
        if abs(missing) <= _CLOSE * max(abs(value), 1.0):
            return parts
        at = {name: set(rows) for name, rows in full.rows.items()}
        in_rows = np.array(
            [
                row in at.get(name, ())
                for name, row in zip(self.secrets["table"], self.secrets["row"], strict=True)
            ]
        )
        for column in dict.fromkeys(self.secrets.loc[in_rows, "column"]):  # a loop over columns
            chosen = in_rows & (self.secrets["column"] == column).to_numpy(bool)
            if np.isclose(self.secrets["value"].to_numpy(np.float64)[chosen].sum(), missing, rtol=_CLOSE):
                parts[chosen] = 1.0
                return parts
        return None

    def _safe(self, told: list[Values]) -> bool:
        if not told:
            return True
        totals = np.vstack(told)
        used = totals.any(axis=0)
        totals = totals[:, used]
        secret = self.secrets[used]
        value = secret["value"].to_numpy(np.float64)
        if (value < 0).any():
            return False
        bounds = secret[["low", "high"]].to_numpy(np.float64)
        return all(
            self._safe_of(totals, value, bounds, pd.factorize(secret[end])[0]) for end in ("giver", "taker")
        )

    def _safe_of(self, totals: Values, value: Values, bounds: Values, who: NDArray[np.intp]) -> bool:
        """Return whether totals may be told together, `who` contributed each secret."""
        number = int(who.max()) + 1
        if number > _MOST:
            return False
        for total in totals:
            if len(np.unique(who[total != 0])) < self.fewest:
                return False
        own = np.zeros((number, len(value)))
        own[who, np.arange(len(value))] = 1.0
        if _follows(totals, own):
            return False
        for one in own:  # a loop over contributors
            part, agreed = float(one @ value), float(bounds[one > 0, 1].sum())
            most = _most(totals, value, bounds, one)
            if most <= part or most < min(part / self.largest, agreed) * (1 - _CLOSE):
                return False
        return True


def _ratio(measure: Measure) -> bool:
    return measure.numerator == measure.numerator and measure.denominator == measure.denominator


def _follows(totals: Values, own: Values) -> bool:
    """Return whether a contributor's part follows from the totals, or from them and the part of another.

    It does where it is the same, or moves in step with that of the other, whatever leaves the totals as they are.
    """
    from scipy.linalg import null_space

    free = own @ null_space(totals)
    size = np.linalg.norm(free, axis=1)
    if (size < 1e-8).any():
        return True
    way = free / size[:, None]
    steps = np.abs(way @ way.T)
    np.fill_diagonal(steps, 0.0)
    return bool((steps > 1 - 1e-8).any())


def _most(totals: Values, value: Values, bounds: Values, one: Values) -> float:
    """Return the most that the part of a contributor can be, as far as who reads the totals can tell."""
    from scipy.optimize import linprog

    found = linprog(-one, A_eq=totals, b_eq=totals @ value, bounds=bounds, method="highs")
    if found.status == 3:  # nothing bounds it
        return float("inf")
    return -float(found.fun) if found.status == 0 else float("-inf")
