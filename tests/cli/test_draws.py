"""``--draws``: robustness of a plan and of a report, on request only."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from chaine_valeur import Filiere
from chaine_valeur.cli import commands, planning
from chaine_valeur.io.csv import write_csv
from tests.cli.running import refused, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sorting of 9 000 €, as an estimate, of a budget of 10 000 €, as CSV files."""
    f = Filiere.from_tables(
        actors={"name": ["Atelier"]},
        options={"name": ["Tri"], "kind": ["posts"], "insertion_fte": [2], "investment_eur": [9_000],
                 "running_cost_eur_per_year": [0], "confidence": ["estimated"]},
        budgets={"name": ["Enveloppe"], "amount_eur": [10_000], "first_year": [2025], "last_year": [2025]},
    )  # fmt: skip
    write_csv(f, tmp_path / "tables")
    return tmp_path / "tables"


def test_a_plan_is_drawn_again_where_it_is_asked_for(folder: Path, tmp_path: Path):
    told = run("plan", folder, "--draws", "3", "-o", tmp_path / "out")
    assert told.exit_code == 0 and "Robustesse" in told.stdout.splitlines()
    assert "3 tirages, graine 0." in told.stdout and told.stderr == ""
    assert "Robustesse" in openpyxl.load_workbook(tmp_path / "out" / "plan.xlsx").sheetnames
    bare = run("plan", folder).stdout
    said, hint = bare.rstrip("\n").rsplit("\n", 1)
    assert "--draws 100" in hint and "--draws" not in told.stdout
    assert "Robustesse" not in bare and told.stdout.startswith(said)


def test_a_report_is_drawn_again_where_it_is_asked_for(folder: Path, tmp_path: Path):
    run("diagnose", folder, "--draws", "2", "-o", tmp_path / "out", "--lang", "en")
    page = (tmp_path / "out" / "rapport.html").read_text(encoding="utf-8")
    assert "2 draws, seed 0." in page and "--draws 100" not in page


@pytest.mark.parametrize(("command", "home"), [("plan", planning), ("diagnose", commands)])
def test_the_number_is_given_on_and_there_is_none_by_default(command, home, monkeypatch):
    seen = {}
    monkeypatch.setattr(home, f"run_{command}", lambda **values: seen.update(values) or 0)
    run(command, "f.xlsx", "-o", "x", "--draws", "100")
    assert seen["draws"] == 100
    run(command, "f.xlsx", "-o", "x")
    assert seen["draws"] is None
    for wrong in ("0", "beaucoup", "1.5"):
        assert f"«\u00a0{wrong}\u00a0»" in refused(command, "f.xlsx", "-o", "x", "--draws", wrong)
