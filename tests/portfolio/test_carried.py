"""Filières on their way: as bytes, as frames, as results on disk, as figures of a cluster; what is foreseen of memory."""

from __future__ import annotations

import io
import json
import sys
import zlib
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.errors import ArgumentError, UnknownNameError, UnreadableFileError
from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import (
    FIGURES_DTYPES,
    FIGURES_META,
    FIGURES_SPARK,
    Portfolio,
    figures_of_partitions,
    figures_of_tables,
    from_packed,
    heavy,
    memory,
    read_shards,
    to_packed,
    write_shards,
)
from chaine_valeur.portfolio.failures import DUPLICATE
from chaine_valeur.portfolio.framed import frames_from, frames_to
from chaine_valeur.portfolio.packed import _in_full, _shortened, own_from, pack, unpack
from chaine_valeur.portfolio.progress import telling
from chaine_valeur.portfolio.running import Runs, _name_of, _path
from chaine_valeur.portfolio.shards import shards_of

from .drawn import drawn, drawn_insertion
from .making import assert_same, faulty, small, tiny
from .tasks import count_actors, flows_of

# -- bytes ----------------------------------------------------------------------------------------------


def test_drawn_filieres_go_and_come() -> None:
    filieres = {f"d{seed}": drawn(seed) for seed in range(2, 6)} | {"money": drawn_insertion(3)}
    p = Portfolio.from_filieres(filieres)
    packed = pack(p)
    again = unpack(packed)
    assert again == p
    assert pack(again) == packed
    # in another order, each is the same bytes
    assert pack(p.select(list(filieres)[::-1])) == packed[::-1]
    assert_same(again["d4"], drawn(4))


@pytest.mark.parametrize(
    ("cells", "short"),
    [
        ([None, None], None),
        (["a", "a"], {"each": "a"}),
        ([2, 3, 4], {"from": 2}),
        ([0, 1], {"from": 0}),
        ([5], {"each": 5}),
        ([2, 4], [2, 4]),
        (["a", None], ["a", None]),
        ([0.0, 1.0], [0.0, 1.0]),  # no numbers of rows
        ([True, False], [True, False]),
        ([0.0, 0.0], {"each": 0.0}),  # measured, not unknown
    ],
)
def test_cells_in_short_and_in_full(cells: list[Any], short: Any) -> None:
    before = list(cells)
    assert _shortened(cells) == short
    assert _in_full(_shortened(cells), len(cells)) == cells == before


def test_cells_of_each_dtype_come_back() -> None:
    moments = own_from([0, None, 86_400_000_000], "datetime64[us]")
    assert pd.Series(moments).isna().tolist() == [False, True, False]
    assert moments[2] == pd.Timestamp("1970-01-02")
    np.testing.assert_array_equal(own_from([1.5, None], "float64"), [1.5, np.nan])
    assert own_from([1, 2], "int64").dtype == np.int64
    assert own_from([1, None], "Int64").isna().tolist() == [False, True]
    assert own_from([True, None], "boolean")[0] is np.True_
    assert own_from(["é", None], "str").dtype == "str"


def test_codes_and_names_with_odd_characters_travel() -> None:
    codes = [
        "a/b\\c",
        "«\u00a0é\u00a0»",
        "\U0001f9f5",
        "\u05e9\u05dc\u05d5\u05dd",
        "=1+1",
        "x" * 300,
        "a;b\tc",
    ]
    p = Portfolio.from_filieres({code: tiny(code) for code in codes})
    frame = to_packed(p)
    assert frame["filiere_code"].tolist() == codes
    assert (frame.dtypes == "str").all()
    again = from_packed(frame)
    assert again == p
    assert [again[code].name for code in codes] == [p[code].name for code in codes]
    assert len(from_packed(frame.iloc[:0])) == 0


def test_frames_of_cells_as_json_holds_them() -> None:
    frame = pd.DataFrame({"n": [1, 2], "when": pd.to_datetime(["2024-05-06", None]), "t": ["a", None]})
    before = frame.copy()
    content = json.loads(json.dumps(frames_to({"one": frame, "none": frame.head(0)})))
    pd.testing.assert_frame_equal(frame, before)
    again = frames_from(content)
    assert list(again) == ["one", "none"] and len(again) == 2
    assert again.n_rows == 2
    pd.testing.assert_frame_equal(again["one"], frame)
    assert again["none"].empty
    assert frames_to(again) == content  # without being made
    with pytest.raises(KeyError):
        again["two"]


# -- figures of a cluster -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def p() -> Portfolio:
    return Portfolio.from_filieres({"a": small(), "b": tiny(), "c": drawn(3)}, sources={"a": "a.xlsx"})


@pytest.fixture(scope="module")
def packed(p: Portfolio) -> pd.DataFrame:
    return to_packed(p)


def test_what_comes_out_is_always_of_one_kind() -> None:
    assert list(FIGURES_META.columns) == list(FIGURES_DTYPES) and FIGURES_META.empty
    assert FIGURES_META.dtypes.astype("str").to_dict() == FIGURES_DTYPES
    said = dict(part.split(" ") for part in FIGURES_SPARK.split(", "))
    assert list(said) == list(FIGURES_DTYPES)
    assert {said[name] for name, dtype in FIGURES_DTYPES.items() if dtype == "float64"} == {"double"}
    assert said["n_unknown"] == "bigint" and said["message"] == "string"


def test_rows_and_indicators_in_the_order_asked_for(p: Portfolio, packed: pd.DataFrame) -> None:
    found = figures_of_tables(packed.iloc[[2, 0]].set_axis([7, 7]), indicators=["A3", "A1"])
    assert found[["filiere_code", "indicator_id"]].to_numpy().tolist() == [
        ["c", "A3"], ["c", "A1"], ["a", "A3"], ["a", "A1"],
    ]  # fmt: skip
    assert found.index.equals(pd.RangeIndex(4))
    assert found.dtypes.astype("str").to_dict() == FIGURES_DTYPES
    mine = p.select(["c", "a"]).figures(["A3", "A1"])
    np.testing.assert_array_equal(found["value"], mine["value"])
    assert found[["error", "message"]].isna().all(axis=None)
    one = figures_of_tables(packed, indicators="A1")  # one identifier, not letters
    assert one["indicator_id"].tolist() == ["A1"] * 3
    with pytest.raises(UnknownNameError, match="^no indicator 'A0'"):
        figures_of_tables(packed, indicators=["A0"])


def test_what_cannot_be_read_is_a_row_in_its_place(packed: pd.DataFrame) -> None:
    before = packed.copy()
    bad = packed.assign(packed=["not base64!", packed["packed"].iat[1], None])
    found = figures_of_tables(bad, indicators=["A1"], lang="en")
    assert found["filiere_code"].tolist() == ["a", "b", "c"]
    assert found["error"].fillna("-").tolist() == ["UnreadableFileError", "-", "UnreadableFileError"]
    assert found["message"].iat[0].startswith("These bytes are no packed filière: ")
    assert found["value"].isna().tolist()[0] and found["value"].isna().tolist()[2]
    pd.testing.assert_frame_equal(packed, before)


def test_parts_of_a_frame_one_by_one(packed: pd.DataFrame) -> None:
    whole = figures_of_tables(packed, indicators=["A1"])
    parts = list(
        figures_of_partitions((packed.iloc[[at]] for at in range(3)), indicators=(one for one in ["A1"]))
    )
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)
    assert list(figures_of_partitions([])) == []


def test_frames_that_are_not_packed(packed: pd.DataFrame) -> None:
    with pytest.raises(
        ArgumentError, match=r"^a frame of packed filières has the columns .* not \['packed'\]"
    ):
        from_packed(packed.drop(columns="packed"))
    twice = from_packed(pd.concat([packed.head(1), packed.head(1)]), lang="en")
    assert twice.codes.tolist() == ["a"]
    assert twice.failures["error"].tolist() == [DUPLICATE]


# -- heavy work -----------------------------------------------------------------------------------------


def test_results_as_one_frame(p: Portfolio) -> None:
    runs = heavy(p, partial(flows_of, least=0.0))
    assert list(runs.results) == ["a", "c"]
    assert runs.failures[["filiere_code", "error", "message"]].to_numpy().tolist() == [
        ["b", "ValueError", "no flow"]
    ]
    whole = runs.frame()
    # the index of each, the identifiers of flows, is a column behind the code
    assert list(whole.columns) == ["filiere_code", "flow_id", "source", "target", "quantity_t_per_year"]
    assert whole["filiere_code"].drop_duplicates().tolist() == ["a", "c"]
    assert whole.index.equals(pd.RangeIndex(len(whole)))
    assert whole.iloc[0, 2:].tolist() == ["relais", "tri", 12.5]


def test_results_that_are_no_frames(p: Portfolio) -> None:
    runs = heavy(p.select(["b", "a"]), count_actors)
    assert dict(runs.results) == {"b": 1, "a": 2} and list(runs.results) == ["b", "a"]
    with pytest.raises(ArgumentError, match="^the result of 'b' is no frame but a int"):
        runs.frame()
    none = Runs({}, runs.failures).frame()
    assert list(none.columns) == ["filiere_code"] and none.empty
    assert "failures" not in repr(runs)


def test_of_no_filiere(tmp_path: Path) -> None:
    told: list[Any] = []
    runs = heavy(
        Portfolio.from_filieres({}),
        count_actors,
        folder=tmp_path / "new",
        progress=lambda *said: told.append(said),
    )
    assert dict(runs.results) == {} and runs.failures.empty and told == []
    assert list((tmp_path / "new").iterdir()) == []


def test_progress_counts_those_that_fail(p: Portfolio) -> None:
    told: list[Any] = []
    heavy(p, flows_of, progress=lambda *said: told.append(said))
    assert told == [(1, 3, "a"), (2, 3, "b"), (3, 3, "c")]


def test_tasks_have_names_that_tell_them_apart(p: Portfolio, tmp_path: Path) -> None:
    assert _name_of(count_actors) == "tests.portfolio.tasks.count_actors"
    assert _name_of(partial(flows_of, least=2.0)) == "tests.portfolio.tasks.flows_of()[('least', 2.0)]"
    assert _name_of(partial(partial(flows_of), 1)).startswith("tests.portfolio.tasks.flows_of")
    with pytest.raises(ArgumentError, match="^give name=: in a folder of results one lambda"):
        heavy(p, lambda f: 1, folder=tmp_path)
    one, other = (_path(tmp_path, "a/b", name) for name in ("x", "y"))
    assert one != other and one.parent == tmp_path and one.name.startswith("a-b-") and one.suffix == ".json"
    assert len(_path(tmp_path, "é" * 400, "x").name) < 80


def test_a_result_that_was_kept_is_not_that_of_another_filiere(tmp_path: Path) -> None:
    done: list[str] = []

    def task(f: Filiere) -> int:
        done.append(f.name)
        return len(f.actors)

    heavy(Portfolio.from_filieres({"a": tiny("Un")}), task, folder=tmp_path, name="t")
    heavy(Portfolio.from_filieres({"a": tiny("Deux")}), task, folder=tmp_path, name="t")
    again = heavy(Portfolio.from_filieres({"a": tiny("Deux")}), task, folder=tmp_path, name="t")
    assert done == ["Un", "Deux"]
    assert dict(again.results) == {"a": 1}
    said = json.loads(next(iter(tmp_path.glob("*.json"))).read_text(encoding="utf-8"))
    assert sorted(said) == ["code", "mark", "task", "value"]


def test_the_last_line_ends_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    stream.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    with telling(True) as tell:
        tell(0, 0, "")
    assert stream.getvalue() == "\r0 / 0\n"


# -- shards ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("each", "sizes"),
    [
        (1, [1, 1, 1, 1, 1]),
        (2, [2, 3]),  # 5 // 2 shards of at least 2
        (3, [5]),
        (1000, [5]),
    ],
)
def test_filieres_are_shared_out_evenly(tmp_path: Path, each: int, sizes: list[int]) -> None:
    pytest.importorskip("pyarrow")
    p = Portfolio.from_filieres({code: tiny(code) for code in "edcba"})
    written = write_shards(p, tmp_path, filieres_per_shard=each)
    assert [path.name for path in written] == [f"shard-{number:05d}" for number in range(len(sizes))]
    assert shards_of(tmp_path) == written
    parts = [read_shards(path) for path in written]
    assert [len(part) for part in parts] == sizes
    whole = read_shards(tmp_path)
    assert whole.codes.tolist() == list("edcba")  # the order of the portfolio, not of the letters
    assert whole == p


def test_shards_written_over_others_leave_none_behind(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    p = Portfolio.from_filieres({"a": tiny("Un"), "b": faulty(), "c": tiny("Trois")})
    write_shards(p, tmp_path, filieres_per_shard=1)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ArgumentError, match="^“.*” holds shards already: give another folder"):
        write_shards(p, tmp_path, lang="en")
    write_shards(p.select(["b"]), tmp_path, overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "shard-00000"]
    assert_same(read_shards(tmp_path)["b"], faulty())
    with pytest.raises(ArgumentError, match="^filieres_per_shard=0 is not a positive number"):
        write_shards(p, tmp_path / "new", filieres_per_shard=0)
    assert not (tmp_path / "new").exists()
    with pytest.raises(UnreadableFileError, match="^“.*” holds no shard: a folder “shard-00000”"):
        shards_of(tmp_path / "new", lang="en")


# -- memory ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "english", "french"),
    [
        (0, "0\u00a0MB", "0\u00a0Mo"),
        (1_500_000, "1.5\u00a0MB", "1,5\u00a0Mo"),
        (999_000_000, "999\u00a0MB", "999\u00a0Mo"),
        (1_000_000_000, "1\u00a0GB", "1\u00a0Go"),
        (12_340_000_000, "12.3\u00a0GB", "12,3\u00a0Go"),
    ],
)
def test_bytes_as_a_reader_takes_them_in(size: int, english: str, french: str) -> None:
    assert (memory.size_told(size, "en"), memory.size_told(size, "fr")) == (english, french)


def test_texts_held_by_python_take_more() -> None:
    pytest.importorskip("pyarrow")
    with pd.option_context("mode.string_storage", "python"):
        plain = memory.text_factor()
    with pd.option_context("mode.string_storage", "pyarrow"):
        assert memory.text_factor() < plain


def test_bytes_that_are_none_of_ours_are_told_in_both_languages() -> None:
    for lang, first in (("en", "^These bytes are no packed filière: "), ("fr", "^Ces octets ne sont pas ")):
        with pytest.raises(UnreadableFileError, match=first):
            unpack([zlib.compress(b"null")], lang=lang)
