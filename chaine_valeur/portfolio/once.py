"""Counting each thing once: of the rows that say it, the firmest of the latest year, and what the others leave open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ._stacked import numbered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._stacked import Codes, Mask
    from .keys import Keys

__all__ = ["Counted", "Once", "least", "once"]

#: Two amounts that differ by less than this share of the larger are one amount, written with other decimals.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Once:
    """What is said of each thing, along the numbers 0, 1, 2…

    ``value`` is that of the row chosen, NaN where no row knows it; ``low`` and ``high`` the least and most that rows of
    its year say; ``row`` the row chosen; ``n_rows`` how many say it; ``conflict`` whether they contradict one another.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    row: Codes
    n_rows: Codes
    conflict: Mask


def once(
    number: Codes, value: NDArray[np.float64], *, year: NDArray[np.float64], rank: NDArray[np.float64]
) -> Once:
    """Return what is said of each thing.

    Parameters
    ----------
    number
        Of the thing that each row speaks of, dense from 0.
    value
        What each row says, NaN unknown.
    year
        Its year, NaN if none: the latest counts, as quantities of two years are never added nor compared.
    rank
        How firm it is, the smaller the firmer; then the order of the rows decides.
    """
    size = int(number.max(initial=-1)) + 1
    known = ~np.isnan(value)
    dated = np.where(np.isnan(year), -np.inf, year)
    order = np.lexsort((np.arange(len(number)), rank, -dated, ~known, number))
    starts = np.searchsorted(number[order], np.arange(size))
    row = order[starts] if size else order
    compared = known & ((dated == dated[row][number]) if size else known)
    low, high = np.full(size, np.nan), np.full(size, np.nan)
    np.fmin.at(low, number[compared], value[compared])
    np.fmax.at(high, number[compared], value[compared])
    return Once(
        value=value[row],
        low=low,
        high=high,
        row=row,
        n_rows=np.bincount(number, minlength=size),
        conflict=high - low > ROUNDING * np.maximum(np.abs(high), np.abs(low)),
    )


def least(low: NDArray[np.float64], pool: Codes, free: Mask) -> NDArray[np.float64]:
    """Return what each thing adds when those that may be any other of their pool are the one that leaves least.

    Of a free thing and the one that it is, the smaller amount stands: the sum over a pool is least where the smallest
    free amounts meet the largest of the others, as ``Σ max(0, p_i − u_i)``, what is saved, is largest there.

    Parameters
    ----------
    low
        The least that is said of each thing, NaN unknown.
    pool
        Of each thing, dense from 0.
    free
        Things that may be any other of their pool; the others are apart.

    Examples
    --------
    Two establishments of 10 and 3, and one of 2 of which only the name is known: it is the first.

    >>> least(np.array([10.0, 3.0, 2.0]), np.array([0, 0, 0]), np.array([False, False, True])).tolist()
    [2.0, 3.0, 0.0]
    """
    found, known = low.copy(), ~np.isnan(low)
    placed, loose = _ranked(pool, -low, known & ~free), _ranked(pool, low, known & free)
    size = len(low) + 1
    _, here, there = np.intersect1d(
        pool[placed[0]] * size + placed[1], pool[loose[0]] * size + loose[1], return_indices=True
    )
    found[placed[0][here]] = np.minimum(low[placed[0][here]], low[loose[0][there]])
    homeless = ~np.isin(pool[loose[0]], pool[placed[0]])  # with nobody to be, they are one another
    found[loose[0][~(homeless & (loose[1] == 0))]] = 0.0
    return found


def _ranked(pool: Codes, value: NDArray[np.float64], asked: Mask) -> tuple[Codes, Codes]:
    """Return things by pool and value, and the place of each in its pool."""
    rows = np.flatnonzero(asked)
    rows = rows[np.lexsort((value[rows], pool[rows]))]
    first = np.searchsorted(pool[rows], pool[rows])
    return rows, np.arange(len(rows)) - first


@dataclass(frozen=True, eq=False)
class Counted:
    """The rows behind one total.

    Attributes
    ----------
    filiere
        Place of the filière of each row.
    value
        What it adds; NaN unknown.
    keys
        Which rows are the same thing.
    year, rank, soft
        The year of each row (NaN: none), how firm it is (the smaller the firmer), whether it is an estimate or a guess.
    is_count
        Whether things are counted rather than amounts added.
    of_year
        Rows that are of the latest year of what is added; the others are of years that are left out.
    """

    filiere: Codes
    value: NDArray[np.float64]
    keys: Keys
    year: NDArray[np.float64]
    rank: NDArray[np.float64]
    soft: Mask
    is_count: bool
    of_year: Mask

    def by_group(self, group: Codes, size: int) -> pd.DataFrame:
        """Return the totals of groups of filières, each thing once in each; −1 is no group.

        Parameters
        ----------
        group
            Of each row.
        size
            How many groups there are.

        Returns
        -------
        pandas.DataFrame
            On 0…size − 1, in the columns that `chaine_valeur.portfolio.totals` explains.
        """
        asked = group >= 0
        rows = np.flatnonzero(asked & self.of_year)
        same, sure = (self._once(numbers, group, rows) for numbers in (self.keys.same, self.keys.sure))
        known = ~np.isnan(same.value)
        of = {one: group[rows][one.row] for one in (same, sure)}
        soft = self.soft[rows][same.row] & known

        def count(where: Codes) -> Codes:
            return np.bincount(where, minlength=size)

        def add(where: Codes, values: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.bincount(where, weights=np.nan_to_num(values), minlength=size).astype(np.float64)

        value, weight = add(of[same], same.value), add(of[same], np.abs(same.value))
        unknown, things = count(of[same][~known]), count(of[same])
        some = np.full(size, self.is_count) | (count(of[same][known]) > 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = add(of[same][soft], np.abs(same.value[soft])) / weight
        low = np.minimum(add(of[same], self._lowered(same, group, rows)), value)
        high = np.maximum(add(of[sure], sure.high), value)
        return pd.DataFrame(
            {
                "value": np.where(some, value, np.nan),
                "low": np.where(some, low, np.nan),
                "high": np.where(some & (unknown == 0), high, np.nan),
                "single_sum": np.where(some, add(group[asked], self.value[asked]), np.nan),
                "n_counted": things,
                "n_duplicates": count(group[rows]) - things,
                "n_by_hypothesis": count(of[sure]) - things,
                "n_conflicts": count(of[same][same.conflict]),
                "n_unknown": unknown,
                "n_other_years": count(group[asked & ~self.of_year]),
                "hypothesis_share": np.where(weight > 0, share, np.nan),
            }
        )

    def _lowered(self, same: Once, group: Codes, rows: Codes) -> NDArray[np.float64]:
        """Return what each thing adds to the least that the total may be: all that may be the same is."""
        at = rows[same.row]
        pool = numbered(group[at], self.keys.loose[at])
        # a filière tells apart what it names twice: one whose filière names all the others is none of them
        told = pd.DataFrame({"thing": numbered(group[rows], self.keys.same[rows]), "by": self.filiere[rows]})
        told = told.drop_duplicates()
        told["pool"] = pool[told["thing"]]
        own = told.groupby(["pool", "by"])["thing"].transform("size").to_numpy()
        apart = np.zeros(len(at), dtype=bool)
        apart[told["thing"].to_numpy()[own == np.bincount(pool)[told["pool"]]]] = True
        return least(same.low, pool, self.keys.unplaced[at] & ~apart)

    def _once(self, numbers: Codes, group: Codes, rows: Codes) -> Once:
        dense = numbered(group[rows], numbers[rows])
        return once(dense, self.value[rows], year=self.year[rows], rank=self.rank[rows])
