"""Figures as a function from tables to tables: the same whoever deals out the rows, and whoever is killed."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from chaine_valeur.diagnosis import available_indicators, diagnose
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.portfolio import (
    FIGURES_DTYPES,
    FIGURES_META,
    FIGURES_SPARK,
    Portfolio,
    figures_of_partitions,
    figures_of_tables,
    from_packed,
    heavy,
    to_packed,
    write_shards,
)
from chaine_valeur.portfolio.many import in_one_pass

from .making import faulty, odd, small, tiny
from .tasks import count_actors, figures_unless_killed

COLUMNS = ["indicator_id", "value", "low", "high", "numerator", "denominator", "n_unknown"]


@pytest.fixture(scope="module")
def p() -> Portfolio:
    filieres = {"a": small(), "b": faulty(), "c": tiny(), "d": odd(), "e": small("Laine", tonnes=2.0)}
    return Portfolio.from_filieres(filieres)


@pytest.fixture(scope="module")
def packed(p: Portfolio) -> pd.DataFrame:
    return to_packed(p)


@pytest.fixture(scope="module")
def serial(packed: pd.DataFrame) -> pd.DataFrame:
    return figures_of_tables(packed)


def test_packed_and_back(p: Portfolio, packed: pd.DataFrame) -> None:
    assert {name: str(dtype) for name, dtype in packed.dtypes.items()} == {
        "filiere_code": "str",
        "packed": "str",
    }
    assert packed["filiere_code"].tolist() == list(p)
    assert from_packed(packed) == p
    assert len(to_packed(p.select([]))) == 0


def test_the_figures_are_those_of_the_portfolio(p: Portfolio, serial: pd.DataFrame) -> None:
    assert {name: str(dtype) for name, dtype in serial.dtypes.items()} == FIGURES_DTYPES
    assert serial["filiere_code"].unique().tolist() == list(p)
    assert serial["error"].isna().all() and serial["message"].isna().all()
    expected = p.figures().astype(
        {"filiere_code": "str", "indicator_id": "str", "scope": "str", "n_unknown": "Int64"}
    )
    pd.testing.assert_frame_equal(serial[expected.columns], expected)


def test_others_than_those_of_one_pass_are_those_of_each_diagnosis(
    p: Portfolio, packed: pd.DataFrame
) -> None:
    alone = next(name for name in available_indicators() if name not in in_one_pass())
    both = [alone, "A1"]
    found = figures_of_tables(packed.iloc[[0, 2]], indicators=both)
    assert found[["filiere_code", "indicator_id"]].to_numpy().tolist() == [
        ["a", alone], ["a", "A1"], ["c", alone], ["c", "A1"],
    ]  # fmt: skip
    for code in ("a", "c"):
        told = diagnose(p[code], checks=[], indicators=both).indicators[COLUMNS]
        own = found.loc[found["filiere_code"] == code, COLUMNS].reset_index(drop=True)
        pd.testing.assert_frame_equal(own, told.astype({"n_unknown": "Int64"}))
    with pytest.raises(UnknownNameError, match="no indicator 'A1x'"):
        figures_of_tables(packed, indicators="A1x")


def test_nothing_of_one_row_depends_on_another(packed: pd.DataFrame, serial: pd.DataFrame) -> None:
    before = packed.copy(deep=True)
    shuffled = packed.iloc[[3, 0]].set_axis([9, 9])
    found = figures_of_tables(shuffled)
    expected = pd.concat([serial[serial["filiere_code"] == code] for code in ("d", "a")], ignore_index=True)
    pd.testing.assert_frame_equal(found, expected)
    pd.testing.assert_frame_equal(packed, before)


def test_no_row_gives_no_figure_of_the_same_dtypes(packed: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(figures_of_tables(packed.head(0)), FIGURES_META)
    assert {name: str(dtype) for name, dtype in FIGURES_META.dtypes.items()} == FIGURES_DTYPES


def test_failures_are_rows_in_their_place(packed: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Portfolio.figures

    def stumbles(portfolio: Portfolio, indicators: Any) -> pd.DataFrame:
        if "e" in portfolio:
            raise ZeroDivisionError("a bug")
        return whole(portfolio, indicators)

    monkeypatch.setattr(Portfolio, "figures", stumbles)
    rows = packed.iloc[[2, 4, 3, 3, 0]].copy()
    rows["packed"] = [*rows["packed"].head(2), "no packed filière", None, rows["packed"].iat[4]]
    rows["filiere_code"] = ["c", "e", "x", "y", "a"]
    found = figures_of_tables(rows, indicators=["A3", "A1"], lang="en")
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == FIGURES_DTYPES
    assert found["filiere_code"].tolist() == ["c", "c", "e", "x", "y", "a", "a"]
    assert found["indicator_id"].fillna("").tolist() == ["A3", "A1", "", "", "", "A3", "A1"]
    failed = found[found["error"].notna()]
    assert failed[["filiere_code", "error"]].to_numpy().tolist() == [
        ["e", "ZeroDivisionError"], ["x", "UnreadableFileError"], ["y", "UnreadableFileError"],
    ]  # fmt: skip
    assert failed[["indicator_id", "value", "n_unknown"]].isna().all(axis=None)
    assert "no packed filière" in failed["message"].iat[1]


def test_two_rows_with_one_code(packed: pd.DataFrame) -> None:
    twice = from_packed(packed.iloc[[2, 2]], lang="en")
    assert list(twice) == ["c"]
    assert twice.failures["error"].tolist() == ["duplicate_code"]


def test_a_frame_without_the_columns(packed: pd.DataFrame) -> None:
    with pytest.raises(ArgumentError, match="'packed'"):
        figures_of_tables(packed.drop(columns="packed"))


def test_as_spark_calls_it(packed: pd.DataFrame, serial: pd.DataFrame) -> None:
    """`mapInPandas` hands over an iterator of frames and iterates over what comes back, one batch at a time."""
    handed: list[int] = []

    def batches() -> Iterator[pd.DataFrame]:
        for start in (0, 2, 4):
            handed.append(start)
            yield packed.iloc[start : start + 2]

    made = figures_of_partitions(batches())
    assert inspect.isgenerator(made)
    first = next(made)
    assert handed == [0]  # nothing is asked for before it is needed
    found = pd.concat([first, *made], ignore_index=True)
    pd.testing.assert_frame_equal(found, serial)
    assert list(figures_of_partitions(iter(()))) == []
    # the schema names each column with its type, in the order of what comes out
    assert FIGURES_SPARK == (
        "filiere_code string, indicator_id string, value double, low double, high double, numerator double, "
        "denominator double, n_unknown bigint, scope string, error string, message string"
    )


# -- a cluster of two processes -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as connected,
    ):
        yield connected


def plain(found: pd.DataFrame) -> pd.DataFrame:
    return found.reset_index(drop=True).astype(FIGURES_DTYPES)


@pytest.mark.long
def test_dask_gives_the_same(client: Any, packed: pd.DataFrame, serial: pd.DataFrame) -> None:
    dd = pytest.importorskip("dask.dataframe")
    dealt = dd.from_pandas(packed, npartitions=3, sort=False)
    found = dealt.map_partitions(figures_of_tables, meta=FIGURES_META).compute()
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == FIGURES_DTYPES
    pd.testing.assert_frame_equal(plain(found), serial)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore:The inplace keyword:pandas.errors.Pandas4Warning")  # Dask's own
def test_dask_reads_the_shards_as_they_are(
    client: Any, p: Portfolio, serial: pd.DataFrame, tmp_path: Path
) -> None:
    dd = pytest.importorskip("dask.dataframe")
    write_shards(p, tmp_path, filieres_per_shard=2)
    read = dd.read_parquet(f"{tmp_path}/*/filieres.parquet", columns=["filiere_code", "packed"])
    assert read.npartitions == 2
    found = read.map_partitions(figures_of_tables, meta=FIGURES_META).compute()
    pd.testing.assert_frame_equal(plain(found), serial)
    # a table of all shards is one dataset
    flows = dd.read_parquet(f"{tmp_path}/*/flows.parquet")
    tonnes = flows.groupby("filiere_code")["quantity_t_per_year"].sum().compute()
    assert tonnes.sort_index().to_dict() == {"a": 12.5, "b": 1.5, "e": 2.0}


@pytest.mark.long
def test_a_killed_worker_is_survived(
    client: Any, packed: pd.DataFrame, serial: pd.DataFrame, tmp_path: Path
) -> None:
    dd = pytest.importorskip("dask.dataframe")
    before = {info["pid"] for info in client.run(_process).values()}
    marker = tmp_path / "killed"
    work = partial(figures_unless_killed, marker=str(marker), code="c")
    dealt = dd.from_pandas(packed, npartitions=5, sort=False)
    found = dealt.map_partitions(work, meta=FIGURES_META).compute()
    assert marker.exists()
    pd.testing.assert_frame_equal(plain(found), serial)
    client.wait_for_workers(2, timeout=30)
    after = {info["pid"] for info in client.run(_process).values()}
    assert len(before - after) == 1  # one process is gone, another took its place


def _process() -> dict[str, int]:
    import os

    return {"pid": os.getpid()}


@pytest.mark.long
def test_heavy_work_through_the_backend_of_the_user(client: Any, p: Portfolio) -> None:
    joblib = pytest.importorskip("joblib")
    with joblib.parallel_config(backend="dask"):
        runs = heavy(p, count_actors)
    assert dict(runs.results) == {"a": 2, "b": 2, "c": 1, "d": 1, "e": 2}
    assert list(runs.results) == list(p)
