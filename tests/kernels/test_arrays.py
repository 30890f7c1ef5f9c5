from __future__ import annotations

import numpy as np
import pytest

from chaine_valeur.errors import ArgumentError
from chaine_valeur.kernels import _arrays
from chaine_valeur.kernels._arrays import as_codes, as_mask, as_values, chunks, entries_of, same_length


def test_codes_that_are_ready_are_not_copied() -> None:
    codes = np.array([0, -1, 2], dtype=np.int32)
    assert as_codes(codes, size=3, name="c") is codes
    strided = np.arange(6, dtype=np.int32)[::2]
    assert as_codes(strided, size=5, name="c").flags.c_contiguous


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int16, np.uint32, np.int64, np.uint64])
def test_codes_of_any_integer(dtype: type) -> None:
    found = as_codes(np.array([0, 5], dtype=dtype), size=6, name="c")
    assert (found.dtype, found.tolist()) == (np.int32, [0, 5])
    with pytest.raises(ArgumentError, match=r"c\[1\] is 5: codes go from 0 to 4, and -1 stands for none"):
        as_codes(np.array([0, 5], dtype=dtype), size=5, name="c")


def test_no_code_at_all() -> None:
    assert as_codes([], size=0, name="c").dtype == np.int32
    assert as_codes([-1], size=0, name="c").tolist() == [-1]


def test_what_does_not_fit_32_bits_is_refused_and_not_cut() -> None:
    with pytest.raises(ArgumentError, match=r"c\[0\] is 4294967296"):
        as_codes(np.array([2**32]), size=3, name="c")


@pytest.mark.parametrize("values", [[0.5], [True], ["0"], [[0]]])
def test_what_are_no_codes(values: list) -> None:
    with pytest.raises(ArgumentError, match="whole numbers in one dimension"):
        as_codes(values, size=3, name="c")


def test_masks() -> None:
    assert as_mask([2, -1, 2], size=3, name="m").tolist() == [False, False, True]
    given = np.array([True, False])
    assert as_mask(given, size=2, name="m") is given
    assert as_mask([], size=2, name="m").tolist() == [False, False]
    with pytest.raises(ArgumentError, match=r"m is a mask of \(2,\), and there are 3 nodes"):
        as_mask(given, size=3, name="m")


def test_values() -> None:
    assert as_values([1, 2], name="v").dtype == np.float64
    with pytest.raises(ArgumentError, match="v has to be of one dimension"):
        as_values([[1.0]], name="v")


def test_lengths() -> None:
    one, two = np.zeros(1), np.zeros(2)
    assert same_length(a=two, b=two) == 2
    with pytest.raises(ArgumentError, match="these have to be of one length: a 1, b 2"):
        same_length(a=one, b=two)


@pytest.mark.parametrize(("length", "expected"), [(0, []), (3, [3]), (4, [4]), (9, [4, 4, 1])])
def test_chunks_cover_a_length_once(
    length: int, expected: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_arrays, "CHUNK", 4)
    rows = np.arange(length)
    parts = [rows[part] for part in chunks(length)]
    assert [len(part) for part in parts] == expected
    assert [row for part in parts for row in part.tolist()] == rows.tolist()


def test_entries_of_rows() -> None:
    # rows of 2, 0, 3 and 1 entries: of the rows 2, 1, 0 the entries 2-4, none, 0-1
    indptr = np.array([0, 2, 2, 5, 6], dtype=np.int32)
    places, counts = entries_of(indptr, np.array([2, 1, 0], dtype=np.int32))
    assert places.tolist() == [2, 3, 4, 0, 1]
    assert counts.tolist() == [3, 0, 2]
    assert places.dtype == np.int32
    assert entries_of(indptr, np.zeros(0, dtype=np.int32))[0].tolist() == []
