"""`plan`: what is said, what is written, and what is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import one_sentence, refused, run

pytestmark = pytest.mark.long


def test_the_plan_of_an_example_is_told():
    said = run("plan", "textiles_usages", "--lang", "en")
    assert said.exit_code == 0 and said.stderr == ""
    lines = said.stdout.splitlines()
    assert lines[0].startswith("Over the years of the plan:")
    assert "2010" in lines and "Not taken:" in lines


def test_it_is_written_where_a_folder_is_given(tmp_path: Path):
    folder = tmp_path / "à voter"
    said = run("plan", "textiles_usages", "-o", folder)
    assert sorted(path.name for path in folder.iterdir()) == ["plan.docx", "plan.html", "plan.xlsx"]
    assert all(path.stat().st_size > 5000 for path in folder.iterdir())
    assert str(folder) in said.stdout and said.exit_code == 0


def test_the_same_question_has_the_same_answer(tmp_path: Path):
    first, second = (run("plan", "textiles_usages", "-o", tmp_path / name).stdout for name in ("a", "b"))
    assert first.splitlines()[:-4] == second.splitlines()[:-4]
    for name in ("plan.html", "plan.xlsx"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_years_and_objective_are_asked_for():
    one = run("plan", "textiles_usages", "--years", "2010", "--lang", "en").stdout
    assert "2010" in one.splitlines() and "2012" not in one.splitlines()
    assert run("plan", "textiles_usages", "--objective", "CLOSED_GAPS", "--lang", "en").stdout != one


@pytest.mark.parametrize("years", ["2012-2010", "hier", "10-12", "2010-"])
def test_a_wrong_span_of_years(years):
    assert f"«\u00a0{years}\u00a0»" in refused("plan", "textiles_usages", "--years", years)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_filiere_without_options_is_told_what_to_fill(lang):
    told = one_sentence(refused("plan", "textiles_france_2020", "--lang", lang), lang)
    assert "Options" in told


def test_a_rule_that_leaves_no_plan_is_named():
    told = one_sentence(refused("plan", "textiles_usages", "--years", "2013"))
    assert "Animer" in told


def test_a_file_where_a_folder_is_asked(tmp_path: Path):
    path = tmp_path / "plan"
    path.write_text("x")
    assert "plan" in one_sentence(refused("plan", "textiles_usages", "-o", path))
    assert path.read_text() == "x"
