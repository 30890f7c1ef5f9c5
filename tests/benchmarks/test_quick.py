"""The command runs, small: every side computes the same numbers, and the table is printed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from benchmarks import __main__ as command
from benchmarks import batch, processes, reading, structure
from benchmarks.aims import AIMS

pytestmark = pytest.mark.long


def test_a_quick_run_prints_and_keeps_what_it_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(["--quick", "--only", "structure", "batch", "flows", "--into", str(tmp_path)])
    told = capsys.readouterr()
    assert "chain of 200 actors" in told.err
    for aim in AIMS:
        assert aim.work.strip() in told.out
    assert "yes" not in told.out.split("reached")[-1]  # a small run is not judged
    kept = pd.read_csv(tmp_path / "results.csv")
    assert set(kept["part"]) == {"structure", "batch", "flows"}
    assert (kept.loc[kept["quantity"] == "seconds", "value"] > 0).all()
    seconds = kept[(kept["what"] == "diagnostic") & (kept["size"] == 200)].set_index("by")["value"]
    assert {"plain", "networkx"} <= set(seconds.index)
    assert ("compiled" in seconds.index) == (find_spec("numba") is not None)
    assert (kept["what"] == "reconciliation, uncertainties over six orders").sum() >= 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "diagnostic.png",
        "diagnostic.svg",
        "results.csv",
    ]


def test_parquet_becomes_a_filiere_or_is_left_out() -> None:
    found = reading.parquet(60, runs=1)
    structure.checked.cache_clear()
    if find_spec("pyarrow") is None or find_spec("chaine_valeur.io.parquet") is None:
        assert found == []
        return
    assert {one.by for one in found} == {"ours", "pyarrow and joins"}
    assert all(one.value > 0 for one in found)


def test_a_portfolio_of_repeated_filieres_holds_each_again() -> None:
    import chaine_valeur as cv
    from chaine_valeur.portfolio import Portfolio

    two = Portfolio.from_filieres(
        {
            name: cv.Filiere.from_tables(actors={"name": list("ABC"[:size])})
            for name, size in (("a", 2), ("b", 3))
        }
    )
    p = batch.repeated(two, 5)
    assert [len(f.actors) for _, f in p.items()] == [2, 3, 2, 3, 2]
    assert p.codes.is_unique


def test_numbers_that_differ_stop_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "numbers", lambda made: {"density": 2.0})
    with pytest.raises(AssertionError, match="density: .* by networkx"):
        structure.figures([30], runs=1)
    structure.checked.cache_clear()


def test_beyond_what_networkx_is_asked_for_it_is_extrapolated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "MOST_NETWORKX", 100)
    sizes = [10, 100, 1_000]
    measured = [structure._seconds("diagnostic", size, "networkx", 0.001 * size) for size in sizes[:2]]
    (beyond,) = structure._extrapolated(measured, sizes)
    assert (beyond.size, beyond.by) == (1_000, structure.EXTRAPOLATED)
    assert beyond.value == pytest.approx(1.0)  # proportional, as between the two that were measured
    assert structure._extrapolated(measured[:1], sizes) == []


def test_the_tasks_of_the_pool_give_the_same_again() -> None:
    (code, f), *_ = processes._portfolio(1, 20).items()
    assert code == "f0"
    assert processes.reconciled(f) == processes.reconciled(f) > 0


def test_only_known_parts_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.arguments(["--only", "gardening"])
    assert "gardening" in capsys.readouterr().err
    asked = command.arguments([])
    assert asked.runs == 3
    assert asked.sizes == list(structure.SIZES)
    assert asked.into == command.HERE
    quick = command.arguments(["--quick"])
    assert (quick.runs, quick.into, max(quick.sizes)) == (1, None, 200)
    assert set(command.parts(asked)) == {*command.PARTS, *command.MORE}
