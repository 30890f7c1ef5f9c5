"""What the command line says: problems by sheet, counts, what was set aside, what could not be run."""

from __future__ import annotations

import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report.console import aside_lines, counts_line, failures, findings_line, problem_lines
from tests.core.hand import TABLES
from tests.diagnosis.builders import broken, extended, finding_always, hand, lenient


@pytest.fixture(scope="module")
def holed() -> Filiere:
    lost = extended("activities", actor_id=["Collecte SA", "Fantôme"], stage_id=["inconnu", "tri"])
    flows = extended("flows", source=["Tri"], target=["Atelier"], quantity_t_per_year=["beaucoup"])
    return lenient(**{**TABLES, **lost, **flows})


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_each_problem_is_told_under_its_sheet(holed: Filiere, lang: str) -> None:
    lines = list(problem_lines(holed, lang=lang))
    problems = holed.problems
    for message in problems["message"]:
        assert f"    {message}" in lines
    heads = [line for line in lines if line in set(problems["sheet"])]
    assert len(set(heads)) == len(heads) == problems["sheet"].nunique()
    # rows go up inside a sheet: row 8 then row 9 of the activities
    assert [line for line in lines if " 8" in line or " 9" in line][:2] == sorted(
        [line for line in lines if " 8" in line or " 9" in line][:2]
    )
    assert lines[-1] == counts_line(holed, lang=lang)
    assert lines[-3] == "À la main"


def test_the_last_line_counts_by_severity_and_what_it_cost(holed: Filiere) -> None:
    said = counts_line(holed, lang="en")
    counts = holed.problems["severity"].value_counts()
    assert said.startswith(f"{counts['error']} error")
    assert "2 rows set aside" in said
    assert "1 cell unreadable" in said
    assert said.endswith(".")
    whole = lenient(
        actors={"name": ["Relais", "Filature"]},
        stages={"name": ["Tri", "Fil"]},
        stage_links={"stage_id": ["Tri"], "to_stage_id": ["Fil"]},
        activities={"actor_id": ["Relais", "Filature"], "stage_id": ["Tri", "Fil"]},
    )
    assert counts_line(whole, lang="en") == "Nothing to correct."


def test_tables_are_counted_by_their_names() -> None:
    lines = list(problem_lines(hand(), lang="en"))
    first = lines.index("À la main")  # behind what is to be looked at: a flow of an actor that has closed
    assert "Actors: 8 rows" in lines[first + 1]
    nameless = lenient(actors={"name": [None]})
    assert any("no row" in line for line in problem_lines(nameless, lang="en"))
    assert any("without a name" in line for line in problem_lines(nameless, lang="en"))


def test_findings_are_counted_by_priority() -> None:
    found = [Finding("a", "low", "x"), Finding("b", "low", "y"), Finding("c", "high", "z")]
    made = diagnose(hand(), checks=[finding_always(*found)], indicators=[], lang="en")
    said = findings_line(made, lang="en")
    assert said.startswith("À la main: 3 findings (")
    assert said.index("high priority: 1") < said.index("low priority: 2")
    nothing = diagnose(hand(), checks=[], indicators=[])
    assert findings_line(nothing, lang="en") == "À la main: 0 findings."
    assert "(" not in findings_line(nothing, lang="fr")


def test_checks_that_crashed_are_told() -> None:
    made = diagnose(hand(), checks=[broken, finding_always(Finding("a", "low", "x"))], indicators=[])
    (said,) = failures(made)
    assert "ZeroDivisionError" in said
    assert failures(diagnose(hand(), checks=[], indicators=[])) == []


def test_what_was_set_aside_is_told_up_to_a_number(holed: Filiere) -> None:
    lines = list(aside_lines(holed, lang="en", most=1))
    assert lines[1].startswith("2 rows were set aside")
    assert "Activités, row\u00a08" in lines[2]
    assert lines[3].strip() == "… and 1 other"
    assert "1 cell of Flows" in lines[4]
    assert len(lines) == 6
    every = list(aside_lines(holed, lang="en", most=10))
    assert any("Activités, row\u00a09" in line for line in every)
    assert not any("…" in line for line in every)
    assert list(aside_lines(hand(), lang="en", most=10)) == []


def test_a_cell_alone_is_told_without_rows() -> None:
    flows = extended("flows", source=["Tri"], target=["Atelier"], quantity_t_per_year=["beaucoup"])
    lines = list(aside_lines(lenient(**{**TABLES, **flows}), lang="fr", most=10))
    assert len(lines) == 2
    assert lines[0].startswith("1 ")


def test_every_reason_to_set_a_row_aside_is_told_in_words():
    """« option_circle » is a code, and no reason that a reader understands."""
    import re
    from pathlib import Path

    from chaine_valeur import problems
    from chaine_valeur.report.quality import REASONS

    package = Path(problems.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in package.glob("*.py"))
    text += "".join(path.read_text(encoding="utf-8") for path in (package / "io").rglob("*.py"))
    given = set(re.findall(r'set_aside(?:_at)?\([^()]*(?:\([^()]*\))?[^()]*"(\w+)"\)', text))
    assert {"option_circle", "self_tie"} <= given
    assert given <= set(REASONS)
