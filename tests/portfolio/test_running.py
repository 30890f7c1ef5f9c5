"""Work that takes long for each filière: in the order of the codes, failures as rows, nothing done twice."""

from __future__ import annotations

import json
import signal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.errors import ArgumentError
from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio, heavy

from .making import assert_same, faulty, odd, small, tiny
from .tasks import count_actors, flows_of, killed_on_two, unkept


@pytest.fixture(scope="module")
def p() -> Portfolio:
    return Portfolio.from_filieres(
        {"z": small(), "a/../é": faulty(), "d": odd(), "c": tiny()}, sources={"d": "d.xlsx"}
    )


def test_results_in_the_order_of_the_codes(p: Portfolio) -> None:
    told: list[tuple[int, int, str]] = []
    runs = heavy(p, count_actors, progress=lambda *said: told.append(said))
    assert list(runs.results.items()) == [("z", 2), ("a/../é", 2), ("d", 1), ("c", 1)]
    assert len(runs.failures) == 0
    assert told == [(1, 4, "z"), (2, 4, "a/../é"), (3, 4, "d"), (4, 4, "c")]


def test_the_task_gets_the_whole_filiere(p: Portfolio) -> None:
    for code, found in heavy(p, lambda f: f).results.items():
        assert_same(found, p[code])


def test_failures_are_rows(p: Portfolio) -> None:
    runs = heavy(p, flows_of)
    assert list(runs.results) == ["z", "a/../é"]
    assert runs.failures.fillna("").to_numpy().tolist() == [
        ["d", "d.xlsx", "ValueError", "no flow"], ["c", "", "ValueError", "no flow"],
    ]  # fmt: skip
    frame = runs.frame()
    assert list(frame) == ["filiere_code", "flow_id", "source", "target", "quantity_t_per_year"]
    assert frame["filiere_code"].tolist() == ["z", "a/../é"]
    assert frame["quantity_t_per_year"].tolist() == [12.5, 1.5]
    assert frame.index.equals(pd.RangeIndex(2))


def test_results_that_are_no_frames(p: Portfolio) -> None:
    with pytest.raises(ArgumentError, match="'z' is no frame but a int"):
        heavy(p, count_actors).frame()
    assert list(heavy(p.select([]), flows_of).frame()) == ["filiere_code"]


def test_with_threads_of_the_user(p: Portfolio) -> None:
    joblib = pytest.importorskip("joblib")
    with joblib.parallel_config(backend="threading", n_jobs=3):
        assert dict(heavy(p, count_actors).results) == dict(heavy(p, count_actors, jobs=1).results)


def test_what_was_done_is_not_done_again(p: Portfolio, tmp_path: Path) -> None:
    done: list[str] = []

    def task(f: Filiere) -> int:
        done.append(f.name)
        if f.name == "Verre" and len(done) < 5:
            raise ValueError("not yet")
        return len(f.actors)

    first = heavy(p, task, folder=tmp_path)
    assert first.failures["filiere_code"].tolist() == ["c"]
    assert len(done) == 4
    again = heavy(p, task, folder=tmp_path)
    assert done[4:] == ["Verre"]  # what failed
    assert list(again.results.items()) == [("z", 2), ("a/../é", 2), ("d", 1), ("c", 1)]
    changed = Portfolio.from_filieres({**dict(p.items()), "d": tiny("Nouveau")})
    heavy(changed, task, folder=tmp_path)
    assert done[5:] == ["Nouveau"]  # what changed
    heavy(p.select(["c", "z"]), task, folder=tmp_path, name="another")
    assert done[6:] == ["Verre", "Textiles"]  # another task


def test_files_have_names_that_any_system_takes(p: Portfolio, tmp_path: Path) -> None:
    heavy(p, count_actors, folder=tmp_path / "new")
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert len(names) == 4
    assert names[0].startswith("a-e-") and names[0].isascii()
    said = json.loads((tmp_path / "new" / names[0]).read_text(encoding="utf-8"))
    assert (said["code"], said["task"]) == ("a/../é", "tests.portfolio.tasks.count_actors")


def test_a_file_that_was_cut_is_made_anew(p: Portfolio, tmp_path: Path) -> None:
    heavy(p, count_actors, folder=tmp_path)
    for path in tmp_path.iterdir():
        path.write_text(path.read_text(encoding="utf-8")[:20], encoding="utf-8")
    assert len(heavy(p, count_actors, folder=tmp_path).results) == 4


FRAME = pd.DataFrame(
    {
        "x": [1.5, np.nan],
        "n": pd.array([1, None], dtype="Int64"),
        "t": pd.array(["é", None], dtype="str"),
        "b": pd.array([True, None], dtype="boolean"),
        "d": pd.to_datetime(["2024-01-02", None]).astype("datetime64[us]"),
    }
)


@pytest.mark.parametrize(
    "value",
    [
        3, 2.5, True, None, "é", [1, "a", None], {"a": {"b": [1.5]}}, Path("out") / "a.html", FRAME, FRAME.head(0),
        FRAME.set_axis(pd.Index(["a", "b"], name="actor_id", dtype="str")), FRAME["n"],
        FRAME["x"].rename("value").set_axis(pd.Index(["a", "b"], dtype="str")),
        FRAME.set_index(["t", "x"]),
    ],
)  # fmt: skip
def test_results_that_can_be_kept_come_back_as_they_were(value: Any, tmp_path: Path) -> None:
    p = Portfolio.from_filieres({"c": tiny()})
    heavy(p, lambda f: value, folder=tmp_path, name="one")
    runs = heavy(p, lambda f: "computed again", folder=tmp_path, name="one")
    found = runs.results["c"]
    assert type(found) is type(value) or isinstance(value, Path)
    if isinstance(value, pd.DataFrame):
        pd.testing.assert_frame_equal(found, value)
    elif isinstance(value, pd.Series):
        pd.testing.assert_series_equal(found, value)
    else:
        assert found == value


@pytest.mark.parametrize(
    "value", [{1, 2}, (1, 2), {1: 2}, object(), FRAME.astype({"t": "category"}).assign(s=[{1}, 2])]
)
def test_results_that_would_not_come_back_are_told(value: Any, tmp_path: Path) -> None:
    p = Portfolio.from_filieres({"c": tiny()})
    runs = heavy(p, lambda f: value, folder=tmp_path, name="one")
    assert runs.failures["error"].tolist() == ["ArgumentError"]
    assert "cannot be kept in a folder" in runs.failures["message"].item()
    assert len(heavy(p, unkept).results) == 1  # without a folder anything goes


def test_tasks_are_told_apart_by_their_arguments(p: Portfolio, tmp_path: Path) -> None:
    some = p.select(["z"])
    few = heavy(some, partial(flows_of, least=100.0), folder=tmp_path).results["z"]
    all_of = heavy(some, partial(flows_of, least=1.0), folder=tmp_path).results["z"]
    assert (len(few), len(all_of)) == (0, 1)
    with pytest.raises(ArgumentError, match="give name="):
        heavy(some, lambda f: 1, folder=tmp_path)


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
def test_a_process_that_is_lost_costs_its_own_filieres_only(p: Portfolio, tmp_path: Path) -> None:
    runs = heavy(p.select(["d", "c", "z"]), killed_on_two, jobs=2, folder=tmp_path, lang="en")
    assert "z" not in runs.results
    lost = runs.failures.set_index("filiere_code")
    assert lost.loc["z", "error"] == "WorkerLost"
    assert "a process was lost" in lost.loc["z", "message"]
    assert set(runs.results) | set(lost.index) == {"d", "c", "z"}
    # what was done is kept; the rest is done by those who live
    assert dict(heavy(p.select(["d", "c"]), killed_on_two, folder=tmp_path).results) == {"d": 1, "c": 1}
