"""Where the cards of the map stand: stages as columns in their order, the others in bands below.

Positions are computed here and fixed in the page: a simulation of forces takes 40 s for a thousand actors and
loses the one thing that a reader of a chain looks for, the order of its stages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["CARD_HEIGHT", "CARD_WIDTH", "Placement", "place"]

CARD_WIDTH, CARD_HEIGHT = 120, 82
#: Between two cards of one column, between two columns, around the cards of a column.
GAP_X, GAP_Y, COLUMN_GAP, PADDING = 14, 24, 48, 6
#: Width of a column in which nobody stands: enough for its header.
EMPTY_WIDTH = 86
#: Between what is above and the heading line of the bands, between that line and the cards.
BAND_ABOVE, BAND_BELOW = 42, 30
PITCH_X, PITCH_Y = CARD_WIDTH + GAP_X, CARD_HEIGHT + GAP_Y
#: Width over height that the map aims at: a screen, less what stands around the map.
ASPECT = 1.75
SWEEPS = 12


@dataclass(frozen=True)
class Placement:
    """Positions of the nodes and the geometry drawn behind them, in the units of the page.

    Attributes
    ----------
    x, y
        Centre of each card, in the order of the nodes.
    columns
        ``x0, x1, y0, y1`` per column, in the order of the columns.
    bands
        ``kind, x0, x1, y0``: the line on which the heading of each band stands.
    bounds
        ``x0, y0, x1, y1`` around everything.
    """

    x: np.ndarray
    y: np.ndarray
    columns: pd.DataFrame
    bands: pd.DataFrame
    bounds: tuple[float, float, float, float]


def place(column: np.ndarray, band: np.ndarray, source: np.ndarray, target: np.ndarray, *, n_columns: int) -> Placement:
    """Place each node in its column, or in a band below when it has none.

    Parameters
    ----------
    column
        Position of each node's column, -1 without one.
    band
        Code of the band in which a node without a column stands (0, 1, …), from top to bottom.
    source, target
        Positions of the nodes at the ends of the flows: they decide the order within the columns.
    n_columns
        Number of columns, empty ones (missing stages) included.

    Returns
    -------
    Placement
        The same for the same input. Columns that would make the map too tall for a screen run over
        several files of cards.
    """
    counts = np.bincount(column[column >= 0], minlength=n_columns)
    loose = np.bincount(band[column < 0]) if (column < 0).any() else np.zeros(0, dtype=int)
    rows = _rows_per_file(counts, loose)
    files = np.maximum(1, -(-counts // rows))
    width = np.where(counts > 0, files * PITCH_X - GAP_X, EMPTY_WIDTH) + 2.0 * PADDING
    # among columns of many files an empty one stays wide enough to be read
    spare = np.maximum(0, 0.45 * width.mean() - width) / 2 if n_columns else 0.0
    width = width + 2 * spare
    left = np.concatenate([[0], np.cumsum(width + COLUMN_GAP)[:-1]]) if n_columns else np.zeros(0)
    x, y = np.zeros(len(column)), np.zeros(len(column))

    tall = -(-counts // files)  # files of one column are about equally tall
    pitch = PITCH_Y * _stretch(float(width.sum()) + COLUMN_GAP * n_columns, int(tall.max(initial=1)), loose)
    placed = np.flatnonzero(column >= 0)
    rank = _ranks(column, source, target, counts)[placed]
    at = column[placed]
    file, row = rank // tall[at], rank % tall[at]
    in_file = np.minimum(counts[at] - file * tall[at], tall[at])
    x[placed] = (left + spare)[at] + PADDING + CARD_WIDTH / 2 + file * PITCH_X
    y[placed] = (row - (in_file - 1) / 2) * pitch

    half = (int(tall.max(initial=1)) * pitch - GAP_Y) / 2 + PADDING + 6
    geometry = pd.DataFrame({"x0": left, "x1": left + width, "y0": -half, "y1": half})
    right = float(geometry["x1"].max()) if n_columns else _band_width(loose)
    top, bottom = (-half, half) if n_columns else (0.0, -BAND_ABOVE + 30)
    bands = _side_by_side(loose, max(2, int((right + GAP_X) // PITCH_X)))
    line = bottom + BAND_ABOVE
    for code, first, per_row in bands:  # a loop over the bands: there are two
        members = np.flatnonzero((column < 0) & (band == code))
        order = np.arange(len(members))
        x[members] = CARD_WIDTH / 2 + (first + order % per_row) * PITCH_X
        y[members] = line + BAND_BELOW + CARD_HEIGHT / 2 + (order // per_row) * PITCH_Y
        bottom = max(bottom, float(y[members].max()) + CARD_HEIGHT / 2)
        right = max(right, float(x[members].max()) + CARD_WIDTH / 2)
    headings = pd.DataFrame(
        [(code, first * PITCH_X, (first + per_row) * PITCH_X - GAP_X, line) for code, first, per_row in bands],
        columns=["kind", "x0", "x1", "y0"],
    )
    return Placement(x, y, geometry, headings, (0.0, top, max(right, 1.0), bottom + 12))


def _side_by_side(loose: np.ndarray, per_row: int) -> list[tuple[int, int, int]]:
    """Return code, first place and places per row of each band: beside one another, as few rows as possible."""
    present = [int(code) for code in np.flatnonzero(loose)]
    if len(present) < 2:
        return [(code, 0, per_row) for code in present]
    first, second = present
    shares = np.arange(1, per_row)  # places of the second band; the first has the rest
    rows = np.maximum(-(-loose[first] // (per_row - shares)), -(-loose[second] // shares))
    share = int(shares[np.argmin(rows)])
    return [(first, 0, per_row - share), (second, per_row - share, share)]


def _band_width(loose: np.ndarray) -> float:
    """Width of bands that no column sets: the whole then has about the shape of a screen."""
    return max(2.0, round(float(np.sqrt(loose.sum() * ASPECT * PITCH_Y / PITCH_X)))) * PITCH_X


def _rows_per_file(counts: np.ndarray, loose: np.ndarray) -> int:
    """Return how many cards stand above one another at most, for the map to have the shape of a screen."""
    rows = np.arange(1, int(counts.max(initial=1)) + 1)
    files = np.maximum(1, -(-counts[None, :] // rows[:, None])).sum(axis=1)
    width = files * PITCH_X + len(counts) * (COLUMN_GAP + 2 * PADDING - GAP_X)
    below = -(-loose.sum() // np.maximum(1, width // PITCH_X)) * PITCH_Y + (BAND_ABOVE + BAND_BELOW) * loose.any()
    return int(rows[np.argmin(np.abs(np.log(width / (rows * PITCH_Y + below) / ASPECT)))])


def _stretch(width: float, tall: int, loose: np.ndarray) -> float:
    """Return by how much rows move apart where the screen leaves room: lines are then easier to follow."""
    per_row = max(1, int(width // PITCH_X))
    below = -(-int(loose.sum()) // per_row) * PITCH_Y + (BAND_ABOVE + BAND_BELOW) * bool(loose.any())
    return float(np.clip((width / ASPECT - below) / (tall * PITCH_Y), 1.0, 1.6))


def _ranks(column: np.ndarray, source: np.ndarray, target: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the rank of each node within its column: near those with which it exchanges (barycentres).

    Each sweep puts a node at the mean height of its neighbours; the order with the least total climb is kept,
    the first being that of the table.
    """
    ends = (column[source] >= 0) & (column[target] >= 0) & (column[source] != column[target])
    source, target = source[ends], target[ends]
    rank = _rank_within(column, np.arange(len(column), dtype=float))
    size = np.maximum(counts, 1)[column] if len(counts) else np.ones(len(column))
    height = (rank + 0.5) / size
    best, least = rank, np.abs(height[source] - height[target]).sum()
    degree = np.bincount(source, minlength=len(column)) + np.bincount(target, minlength=len(column))
    for _ in range(SWEEPS if len(source) else 0):
        pull = np.bincount(source, weights=height[target], minlength=len(column))
        pull += np.bincount(target, weights=height[source], minlength=len(column))
        # a little of its own height keeps two neighbours from changing places for ever
        wanted = np.where(degree > 0, (pull + 0.5 * height) / (degree + 0.5), height)
        rank = _rank_within(column, wanted)
        height = (rank + 0.5) / size
        climb = np.abs(height[source] - height[target]).sum()
        if climb < least - 1e-12:
            best, least = rank, climb
    return best


def _rank_within(column: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Rank (0, 1, …) of each node among those of its column by `key`, then by position."""
    order = np.lexsort((np.arange(len(column)), key, column))
    ranks = np.empty(len(column), dtype=int)
    starts = np.searchsorted(column[order], column[order])
    ranks[order] = np.arange(len(column)) - starts
    return ranks
