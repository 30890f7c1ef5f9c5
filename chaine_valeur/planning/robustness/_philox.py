"""Random numbers that depend on what they are for, not on when they are drawn: Philox 4×32, ten rounds.

A generator with a counter has no state: the number is a function of a key and a counter. The key is the seed, the
table and the column, the counter the identifier of the row and the number of the draw; so neither the order of
rows, nor the other rows, nor how many processes share the work changes any of them.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]
    Values = NDArray[np.float64]

__all__ = ["philox", "row_keys", "stream_key", "uniforms"]

#: Multipliers and key increments of Philox 4×32 (Salmon, Moraes, Dror & Shaw 2011; Random123).
_MULTIPLY = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (np.uint64(0x9E3779B9), np.uint64(0xBB67AE85))
_ROUNDS = 10
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


def philox(counter: tuple[Words, Words, Words, Words], key: tuple[Words, Words]) -> tuple[Words, ...]:
    """Return four random words of 32 bits for each counter and key, words of 32 bits held in 64.

    References
    ----------
    Salmon, Moraes, Dror & Shaw, « Parallel random numbers: as easy as 1, 2, 3 », SC 2011 (unverified); the known
    answers of their library Random123 are tests.
    """
    a, b, c, d = counter
    first, second = key
    for number in range(_ROUNDS):
        if number:
            first, second = (first + _WEYL[0]) & _LOW, (second + _WEYL[1]) & _LOW
        left, right = a * _MULTIPLY[0], c * _MULTIPLY[1]
        a, b, c, d = (right >> _HALF) ^ b ^ first, right & _LOW, (left >> _HALF) ^ d ^ second, left & _LOW
    return a, b, c, d


def stream_key(*parts: object) -> np.uint64:
    """Return 64 bits that stand for a seed, a table, a column."""
    text = "\x1f".join(str(part) for part in parts)
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little"))


def row_keys(identifiers: pd.Index) -> Words:
    """Return 64 bits that stand for each identifier, wherever its row is."""
    names = identifiers.to_numpy(object)
    return pd.util.hash_array(names, categorize=False).astype(np.uint64)


def uniforms(streams: Words, rows: Words, draw: int) -> Values:
    """Return a number strictly between 0 and 1 for each pair of stream and row, in one draw."""
    number = np.full(len(rows), draw, dtype=np.uint64)
    counter = (rows & _LOW, rows >> _HALF, number & _LOW, number >> _HALF)
    high, low, *_ = philox(counter, (streams & _LOW, streams >> _HALF))
    bits = (high << np.uint64(20)) | (
        low >> np.uint64(12)
    )  # 52 bits, so that the middle of each step is exact
    middle: Values = (bits.astype(np.float64) + 0.5) * 2.0**-52
    return middle
