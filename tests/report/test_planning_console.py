"""What the console says of candidates, niches and a plan, line by line."""

from __future__ import annotations

import pandas as pd

from chaine_valeur import Filiere
from chaine_valeur.planning import candidates, niches, plan
from chaine_valeur.report.console import candidate_lines, niche_lines, plan_lines
from tests.report.readers import plain

CHAIN = {
    "actors": {"name": ["A", "P"], "status": ["active", "candidate"]},
    "stages": {"stage_id": ["tri", "filature"], "name": ["Tri", "Filature"], "rank": [1, 2],
               "minimum_viable_t_per_year": [100, None]},
    "stage_links": {"stage_id": ["tri"], "to_stage_id": ["filature"]},
    "activities": {"actor_id": ["A", "P"], "stage_id": ["tri", "filature"], "insertion_fte": [2, None],
                   "capacity_t_per_year": [200, None]},
}  # fmt: skip


def test_candidates_are_numbered_under_their_stage():
    f = Filiere.from_tables(**CHAIN)
    lines = [plain(line) for line in candidate_lines(candidates(f, "filature", lang="en"), f, lang="en")]
    assert lines[:2] == ["Filature", "1. P"]
    assert any(line.startswith("To be asked: ") for line in lines)


def test_nobody_is_said_to_be_nobody():
    f = Filiere.from_tables(actors={"name": ["A"]}, stages={"stage_id": ["tri"], "name": ["Tri"]})
    lines = list(candidate_lines(candidates(f, "tri", lang="en"), f, lang="en"))
    assert lines[0] == "Nobody was found." and len(lines) > 1  # and where one looked


def test_each_niche_takes_three_lines_and_the_unknown_is_a_question_mark():
    lines = [plain(line) for line in niche_lines(niches(Filiere.from_tables(**CHAIN), lang="en"), lang="en")]
    assert lines[0] == "Tri"
    # 2 FTE for 200 t of capacity: the only known one, so the highest; nobody offers or asks, nothing is counted
    assert lines[1] == "Resource ? · Outlet ? · Skills ? · Insertion 1.00"
    assert lines[3] == "Filature" and lines[4] == "Resource ? · Outlet ? · Skills ? · Insertion ?"
    assert lines[-1].startswith("“?” is not known.")


def test_no_niche_is_still_a_sentence():
    empty = niches(Filiere.from_tables(**CHAIN), lang="en").iloc[:0]
    assert isinstance(empty, pd.DataFrame) and empty.empty
    assert len(list(niche_lines(empty, lang="en"))) == 2


def test_a_plan_is_told_year_by_year_then_what_is_not_taken():
    f = Filiere.from_tables(
        actors={"name": ["A"]},
        options={"name": ["Un", "Deux", "Trois"], "kind": "posts", "insertion_fte": [1, 1, 1], "units_max": [2, 1, 1],
                 "investment_eur": [1_000, 5_000, 90_000], "running_cost_eur_per_year": 0,
                 "earliest_year": [2025, 2026, 2025]},
        budgets={"name": ["B"], "amount_eur": [8_000], "first_year": [2025], "last_year": [2026]},
    )  # fmt: skip
    lines = [plain(line) for line in plan_lines(plan(f, lang="en"), lang="en")]
    at = lines.index("2025")
    assert (
        lines[at + 1] == "Un × 2"
    )  # 2 000 €, and 5 000 € of the 6 000 € left in the year in which it may be decided
    assert lines[lines.index("2026") + 1] == "Deux"
    assert lines[lines.index("Not taken:") + 1] == "Trois"  # 90 000 € are more than there is
    assert at < lines.index("2026") < lines.index("Not taken:")
