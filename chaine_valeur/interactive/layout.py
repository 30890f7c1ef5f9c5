"""Where the cards of the map stand: stages in their order from left to right, the others in bands below.

Positions are computed here and fixed in the page: a simulation of forces takes 40 s for a thousand actors and
loses the one thing that a reader of a chain looks for, the order of its stages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["CARD_HEIGHT", "CARD_WIDTH", "COLUMN_GAP", "HEAD_HEIGHT", "Placement", "place"]

CARD_WIDTH, CARD_HEIGHT = 120, 82
#: Between two cards side by side, between two rows of cards, between two places, around the cards of a block.
GAP_X, GAP_Y, COLUMN_GAP, PADDING = 14, 24, 48, 6
PITCH_X, PITCH_Y = CARD_WIDTH + GAP_X, CARD_HEIGHT + GAP_Y
#: Above the cards of a block, for the name of its stage; between two blocks of one place.
HEAD_HEIGHT, BLOCK_GAP = 62, 12
#: Width of a place, and height of a block, in which nobody stands: enough to say so.
EMPTY_WIDTH, EMPTY_HEIGHT = 86, 72
#: Between what is above and the heading line of the bands, between that line and the cards.
BAND_ABOVE, BAND_BELOW = 42, 30
#: Width over height that the map aims at: a screen, less what stands around the map.
ASPECT = 1.75
#: The same for a small screen: gaps are not widened beyond it.
NARROW = 1.45
#: Rows move apart by at most this much where the screen leaves room: lines are then easier to follow.
STRETCH = 1.6
#: Gaps between places grow by at most this much.
WIDER = 40
SWEEPS = 8


@dataclass(frozen=True)
class Placement:
    """Positions of the nodes and the geometry drawn behind them, in the units of the page.

    Attributes
    ----------
    x, y
        Centre of each card, in the order of the nodes.
    blocks
        ``x0, x1, y0, y1`` per block (a stage), header included, in the order of the blocks.
    bands
        ``kind, x0, x1, y0``: the line on which the heading of each band stands.
    bounds
        ``x0, y0, x1, y1`` around everything.
    """

    x: np.ndarray
    y: np.ndarray
    blocks: pd.DataFrame
    bands: pd.DataFrame
    bounds: tuple[float, float, float, float]


def place(
    block: np.ndarray, band: np.ndarray, source: np.ndarray, target: np.ndarray, *, places: np.ndarray
) -> Placement:
    """Place each node in its block, or in a band below when it has none.

    Parameters
    ----------
    block
        Position of each node's block, -1 without one.
    band
        Code of the band in which a node without a block stands (0, 1), from left to right.
    source, target
        Positions of the nodes at the ends of the flows: they decide the order within the blocks.
    places
        Place of each block from left to right (0, 1, …); blocks of one place stand above one another.
        Blocks without nodes (missing stages) have their room too.

    Returns
    -------
    Placement
        The same for the same input. A block that would make the map too tall for a screen runs over several
        files of cards.
    """
    counts = np.bincount(block[block >= 0], minlength=len(places))
    loose = np.bincount(band[block < 0]) if (block < 0).any() else np.zeros(0, dtype=int)
    grid = _Grid(counts, places, loose)
    inside = np.flatnonzero(block >= 0)
    x, y = np.zeros(len(block)), np.zeros(len(block))
    ranks = _ranks(block, source, target, grid)
    x[inside], y[inside] = (part[inside] for part in grid.cards(block, ranks))
    right, bottom = grid.right, grid.height
    bands = _side_by_side(loose, _cards_per_row(loose, grid))
    line = bottom + BAND_ABOVE
    for code, first, per_row in bands:  # a loop over the bands: there are two
        members = np.flatnonzero((block < 0) & (band == code))
        order = np.arange(len(members))
        x[members] = CARD_WIDTH / 2 + (first + order % per_row) * PITCH_X
        y[members] = line + BAND_BELOW + CARD_HEIGHT / 2 + (order // per_row) * PITCH_Y
        bottom = max(bottom, float(y[members].max()) + CARD_HEIGHT / 2)
        right = max(right, float(x[members].max()) + CARD_WIDTH / 2)
    headings = pd.DataFrame(
        [(code, start * PITCH_X, (start + wide) * PITCH_X - GAP_X, line) for code, start, wide in bands],
        columns=["kind", "x0", "x1", "y0"],
    )
    bounds = (0.0, 0.0, max(right, 1.0), max(bottom, 1.0) + 12)
    return Placement(x, y, grid.blocks, headings, bounds)


class _Grid:
    """The blocks: how many files and rows of cards each has, and where it stands."""

    def __init__(self, counts: np.ndarray, places: np.ndarray, loose: np.ndarray) -> None:
        self.counts, self.places = counts, places
        n_places = int(places.max(initial=-1)) + 1
        most = max(int(np.bincount(places, np.maximum(counts, 1)).max(initial=1)), 1)
        # a few heights are tried; that which can be shown largest on a screen is taken
        limits = np.unique(np.rint(np.geomspace(1, most, 40)).astype(int))[::-1]
        tried = [self._files(limit, n_places) for limit in limits]
        shapes = [self._shape(files, n_places, loose) for files in tried]
        best = int(np.argmin([max(width / ASPECT, height) for width, height, _ in shapes]))
        files, below = tried[best], shapes[best][2]
        self.files = files[places]
        self.rows = -(-counts // self.files)
        self._lay_out(files, n_places, below=below)

    def _files(self, limit: int, n_places: int) -> np.ndarray:
        """Return the files of cards per place for no place to have more than about `limit` rows."""
        files = np.ones(n_places, dtype=int)
        for at in range(n_places):
            mine = self.counts[self.places == at]
            while np.maximum(1, -(-mine // files[at])).sum() > max(limit, len(mine)):
                files[at] += 1
        return files

    def _shape(self, files: np.ndarray, n_places: int, loose: np.ndarray) -> tuple[float, float, float]:
        """Return width, height, and the part of the height that the bands take."""
        rows = -(-self.counts // files[self.places])
        width = float((files * PITCH_X + COLUMN_GAP + 2 * PADDING - GAP_X).sum())
        heights = np.bincount(self.places, _natural_height(rows), minlength=n_places)
        per_row = max(1, int(width // PITCH_X))
        below = float(-(-loose.sum() // per_row) * PITCH_Y + (BAND_ABOVE + BAND_BELOW) * loose.any())
        return max(width, 1.0), max(float(heights.max(initial=0)) + below, 1.0), below

    def _lay_out(self, files: np.ndarray, n_places: int, *, below: float) -> None:
        filled = np.bincount(self.places, self.counts, minlength=n_places) > 0
        width = np.where(filled, files * PITCH_X - GAP_X, EMPTY_WIDTH) + 2.0 * PADDING
        # among places of many files an empty one stays wide enough to be read
        self.spare = np.maximum(0, 0.45 * width.mean() - width) / 2 if n_places else width
        width = width + 2 * self.spare
        natural = _natural_height(self.rows)
        tall = np.bincount(self.places, natural, minlength=n_places)
        tallest = float(tall.max(initial=0))
        cards = np.bincount(self.places, self.rows, minlength=n_places)[tall.argmax()] if n_places else 0
        # a map that is wider than a screen has rows further apart, one that is taller wider gaps
        room = float((width + COLUMN_GAP).sum()) / ASPECT - below
        self.height = max(tallest, min(room, tallest + (STRETCH - 1) * PITCH_Y * cards))
        slack = (self.height + below) * NARROW - float((width + COLUMN_GAP).sum())
        gap = COLUMN_GAP + min(max(0.0, slack / max(n_places - 1, 1)), WIDER)
        left = np.cumsum(width + gap) - width - gap
        # what a place has left over goes to its blocks, by their rows of cards
        weight = np.maximum(self.rows, 0.6)
        share = weight / np.bincount(self.places, weight, minlength=n_places)[self.places]
        height = natural + (self.height - tall[self.places]) * share
        order = np.argsort(self.places, kind="stable")
        above = np.cumsum(height[order]) - height[order]
        start = np.searchsorted(self.places[order], self.places[order])
        top = np.empty(len(order))
        top[order] = above - above[start] if len(order) else above
        self.left = left[self.places] + self.spare[self.places]
        self.top, self.body = top + HEAD_HEIGHT, height - HEAD_HEIGHT - BLOCK_GAP
        self.pitch = np.clip(self.body / np.maximum(self.rows, 1), PITCH_Y, STRETCH * PITCH_Y)
        x0 = left[self.places]
        self.right = float((x0 + width[self.places]).max(initial=0))
        self.blocks = pd.DataFrame(
            {"x0": x0, "x1": x0 + width[self.places], "y0": top, "y1": top + height - BLOCK_GAP}
        )

    def cards(self, block: np.ndarray, rank: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the centre of each card, given its rank in its block; nonsense where the block is -1."""
        if not len(self.places):
            return np.zeros(len(block)), np.zeros(len(block))
        rows, pitch = np.maximum(self.rows[block], 1), self.pitch[block]
        file, row = rank // rows, rank % rows
        in_file = np.minimum(self.counts[block] - file * rows, rows)
        x = self.left[block] + PADDING + CARD_WIDTH / 2 + file * PITCH_X
        y = self.top[block] + self.body[block] / 2 + (row - (in_file - 1) / 2) * pitch
        return x, y


def _natural_height(rows: np.ndarray) -> np.ndarray:
    return HEAD_HEIGHT + np.where(rows > 0, rows * PITCH_Y + PADDING, EMPTY_HEIGHT) + BLOCK_GAP


def _ranks(block: np.ndarray, source: np.ndarray, target: np.ndarray, grid: _Grid) -> np.ndarray:
    """Return the rank of each node within its block: near those with which it exchanges (barycentres).

    Each sweep puts the nodes at the mean height of their neighbours; the order with the least total climb is
    kept, the first being that of the table.
    """
    ends = (block[source] >= 0) & (block[target] >= 0) & (block[source] != block[target])
    source, target = source[ends], target[ends]
    best = rank = _rank_within(block, np.arange(len(block), dtype=float))
    height = grid.cards(block, rank)[1]
    least = np.abs(height[source] - height[target]).sum()
    degree = np.bincount(source, minlength=len(block)) + np.bincount(target, minlength=len(block))
    n_places = int(grid.places.max(initial=-1)) + 1
    at_place = np.append(grid.places, -1)[block]
    for sweep in range(SWEEPS if len(source) else 0):
        order = range(n_places) if sweep % 2 == 0 else range(n_places - 1, -1, -1)
        for now in order:  # place after place: moved all at once, two neighbours would swap for ever
            pull = np.bincount(source, weights=height[target], minlength=len(block))
            pull += np.bincount(target, weights=height[source], minlength=len(block))
            # a little of its own height, so that a node between two others stays
            wanted = np.where(degree > 0, (pull + 0.1 * height) / (degree + 0.1), height)
            rank = np.where(at_place == now, _rank_within(block, wanted), rank)
            height = grid.cards(block, rank)[1]
        climb = np.abs(height[source] - height[target]).sum()
        if climb < least - 1e-9:
            best, least = rank, climb
    return best


def _rank_within(block: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Rank (0, 1, …) of each node among those of its block by `key`, then by position."""
    order = np.lexsort((np.arange(len(block)), key, block))
    ranks = np.empty(len(block), dtype=int)
    starts = np.searchsorted(block[order], block[order])
    ranks[order] = np.arange(len(block)) - starts
    return ranks


def _cards_per_row(loose: np.ndarray, grid: _Grid) -> int:
    """Return how many cards of the bands stand in a row: as wide as the blocks, or wider under a tall map."""
    count = int(loose.sum())
    per_row = max(2, int((grid.right + GAP_X) // PITCH_X))
    while per_row < count and per_row * PITCH_X < NARROW * (grid.height + -(-count // per_row) * PITCH_Y):
        per_row += 1
    return per_row


def _side_by_side(loose: np.ndarray, per_row: int) -> list[tuple[int, int, int]]:
    """Return code, first place and places per row of each band: beside one another, in as few rows as fit."""
    present = [int(code) for code in np.flatnonzero(loose)]
    if len(present) < 2:
        return [(code, 0, per_row) for code in present]
    first, second = present
    shares = np.arange(1, per_row)  # places of the second band; the first has the rest
    rows = np.maximum(-(-loose[first] // (per_row - shares)), -(-loose[second] // shares))
    share = int(shares[np.argmin(rows)])
    return [(first, 0, per_row - share), (second, per_row - share, share)]
