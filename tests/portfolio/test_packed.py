"""Filières as bytes: nothing lost, the same bytes each time, and nothing is run by reading them."""

from __future__ import annotations

import json
import zlib

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.errors import UnreadableFileError
from chaine_valeur.portfolio import Portfolio
from chaine_valeur.portfolio.framed import frames_from, frames_to
from chaine_valeur.portfolio.packed import Packer, pack, pack_texts, unpack
from chaine_valeur.portfolio.version import schema_version

from .making import assert_same, faulty, odd, small, tiny


@pytest.fixture(scope="module")
def p() -> Portfolio:
    filieres = {
        "a": small(),
        "b": faulty(),
        "c": odd(),
        "d": small().at(2024),
        "e": tiny("é\u202f« œ » \U0001f9f5"),
    }
    return Portfolio.from_filieres(filieres, sources={"b": "b.xlsx"})


def test_unpacked_as_packed(p: Portfolio) -> None:
    again = unpack(pack(p))
    assert list(again) == list(p)
    assert again.entries.equals(p.entries)
    for code, f in p.items():
        assert_same(again[code], f)


def test_the_same_bytes_alone_and_among_others(p: Portfolio) -> None:
    assert pack(unpack(pack(p))) == pack(p)
    assert pack(p.select(["c", "b"])) == [pack(p)[2], pack(p)[1]]
    assert Packer(p).one(3) == pack(p)[3]
    assert pack_texts(p)[0].isascii()


def test_only_what_is_known_is_written(p: Portfolio) -> None:
    content = json.loads(zlib.decompress(Packer(p).one(0)))
    assert content["schema"] == schema_version()
    assert content["code"] == "a"
    assert content["tables"]["flows"]["columns"]["quantity_t_per_year"] == {"each": 12.5}
    actors = content["tables"]["actors"]
    assert actors["rows"] == 2
    assert actors["columns"]["name"] == ["Relais", "Tri"]
    assert actors["columns"]["status"] == {"each": "active"}  # what all cells say is said once
    assert actors["columns"]["_row"] == {"from": 2}
    assert "year" not in content["tables"]["flows"]["columns"]
    assert "groups" not in content["tables"]
    assert content["tables"]["actors"]["columns"]["surveyed_on"][1] is None
    assert json.loads(zlib.decompress(Packer(p).one(3)))["year"] == 2024


def test_bytes_of_another_schema_are_refused_by_name(p: Portfolio) -> None:
    content = json.loads(zlib.decompress(Packer(p).one(0)))
    other = zlib.compress(json.dumps({**content, "schema": "1-0123456789", "library": "0.0.9"}).encode())
    with pytest.raises(UnreadableFileError) as caught:
        unpack([other], lang="en")
    told = str(caught.value)
    assert "“a” was written under the schema 1-0123456789 (version 0.0.9 of the library)" in told
    assert f"this is {schema_version()}" in told
    assert "Write it anew from the workbooks or tables" in told


@pytest.mark.parametrize(
    "bad", [b"", b"abc", zlib.compress(b"{"), zlib.compress(b"[1]"), zlib.compress(b"{}")]
)
def test_bytes_that_are_none_of_ours(bad: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="no packed filière"):
        unpack([bad], lang="en")


def test_cells_of_any_kind() -> None:
    frame = pd.DataFrame(
        {
            "row": pd.array([2, 3, 4], dtype="int64"),
            "mixed": pd.Series([1, "01", None], dtype=object),
            "more": pd.Series([True, 2.5, pd.Timestamp("2024-05-06 07:08:09")], dtype=object),
            "text": pd.array(["=1+1", "é", None], dtype="str"),
        }
    )
    again = frames_from(json.loads(json.dumps(frames_to({"t": frame}))))["t"]
    pd.testing.assert_frame_equal(again, frame)
    assert type(again["mixed"].iat[0]) is int
    # what JSON has no word for is unknown, or its text
    strange = pd.DataFrame({"x": pd.Series([float("nan"), np.int64(3), b"raw", pd.NaT], dtype=object)})
    assert frames_from(frames_to({"t": strange}))["t"]["x"].tolist() == [None, 3, "b'raw'", None]


def test_nothing(p: Portfolio) -> None:
    assert unpack([]) == Portfolio.from_filieres({})
    assert pack(p.select([])) == []
