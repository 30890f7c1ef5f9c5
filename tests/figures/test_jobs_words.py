"""What stands beside the bars of the figure of jobs, cell by cell, in both languages."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from chaine_valeur.figures import JobsData, jobs_alt_text
from chaine_valeur.figures._jobs_words import (
    heading_of,
    jobs_words,
    notes_of,
    nothing_known,
    result_label,
    result_sentence,
    result_words,
)

NAN = float("nan")
NN = "\u202f"


def stage(jobs: float, insertion: float, *, unknown: int = 0, insertion_unknown: int = 0) -> dict[str, Any]:
    return {
        "stage_id": "tri", "stage_label": "Tri", "n_activities": 2,
        "jobs_fte": jobs, "jobs_fte_unknown": unknown,
        "insertion_fte": insertion, "insertion_fte_unknown": insertion_unknown,
        "supervision_fte": NAN, "supervision_fte_unknown": 0,
    }  # fmt: skip


def result(reached: float, target: float, **more: Any) -> dict[str, Any]:
    plain = {
        "scope": "filiere", "stage_id": None, "stage_label": None, "unit": "post", "reached": reached,
        "target": target, "n_rows": 1, "n_unknown": 0, "n_no_target": 0, "is_approximate": False, "is_masked": False,
        "years": "",
    }  # fmt: skip
    return plain | more


def frames(stages: list[dict[str, Any]], results: list[dict[str, Any]], **more: Any) -> JobsData:
    kinds = {name: "float64" for name in ("jobs_fte", "insertion_fte", "supervision_fte")}
    told = pd.DataFrame(stages, columns=list(stage(0, 0))).astype(kinds)
    return JobsData(told, pd.DataFrame(results, columns=list(result(0, 0))), **more)


@pytest.mark.parametrize(
    ("row", "english", "french"),
    [
        (stage(9.5, 6), "9.5, of which insertion 6", "9,5, dont insertion 6"),
        (stage(9.5, 0), "9.5, of which insertion 0", "9,5, dont insertion 0"),
        (stage(9.5, NAN), "9.5", "9,5"),
        (stage(9.5, NAN, insertion_unknown=1), "9.5, of which insertion ?", "9,5, dont insertion ?"),
        # « at least 0 » would say nothing
        (stage(9.5, 0, insertion_unknown=1), "9.5, of which insertion ?", "9,5, dont insertion ?"),
        (
            stage(9.5, 2, insertion_unknown=1),
            f"9.5, of which insertion ≥{NN}2",
            f"9,5, dont insertion ≥{NN}2",
        ),
        (stage(9.5, 6, unknown=1), f"≥{NN}9.5, of which insertion 6", f"≥{NN}9,5, dont insertion 6"),
        (stage(NAN, 6, unknown=2), "?, of which insertion 6", "?, dont insertion 6"),
        (stage(NAN, NAN, unknown=2, insertion_unknown=2), "unknown", "inconnu"),
        (stage(0, 0), "0, of which insertion 0", "0, dont insertion 0"),
    ],
)
def test_the_jobs_of_a_stage(row: dict[str, Any], english: str, french: str) -> None:
    assert jobs_words(row, "en") == english
    assert jobs_words(row, "fr") == french


@pytest.mark.parametrize(
    ("row", "shown", "told"),
    [
        (result(21, 30), "21 / 30", "21, for 30 expected"),
        (result(21, 30, is_approximate=True), f"21 / ≈{NN}30", "21, for about thirty expected"),
        (result(6, 12, n_unknown=1), f"≥{NN}6 / 12", "at least 6, for 12 expected"),
        (result(NAN, 4, n_unknown=1), "? / 4", "reached: unknown, for 4 expected"),
        (result(13, NAN), "13 / –", "13, no target stated"),
        (result(0, 3), "0 / 3", "0, for 3 expected"),
        (result(NAN, NAN, n_unknown=1), "? / –", "reached: unknown, no target stated"),
        (result(NAN, 5, is_masked=True), "… / 5", "reached: hidden, for 5 expected"),
    ],
)
def test_a_result_and_its_target(row: dict[str, Any], shown: str, told: str) -> None:
    assert result_words(row, "en") == shown
    assert result_sentence(row, "en") == told


def test_a_hidden_result_never_says_whether_it_was_small() -> None:
    # hidden because it is small, or because it would give another back: the same sign
    words = {result_words(result(NAN, 5, is_masked=True, n_unknown=unknown), "fr") for unknown in (0, 1)}
    assert words == {"… / 5"}


def test_a_result_is_named_after_its_perimeter_or_stage() -> None:
    assert result_label(result(1, 1), "en") == "This filière"
    assert result_label(result(1, 1, scope="programme"), "fr") == "Programme, toutes filières"
    assert result_label(result(1, 1, scope="structure", stage_label="Tri"), "en") == "Structures: Tri"
    assert result_label(result(1, 1, scope="structure"), "en") == "Structures without a stated stage"


def test_each_unit_has_a_heading() -> None:
    assert [heading_of(unit, "fr") for unit in ("post", "fte", "person")] == [
        "Postes d’insertion", "ETP d’insertion", "Personnes en insertion"
    ]  # fmt: skip


def test_notes_say_what_is_left_out_and_only_that() -> None:
    assert notes_of(frames([stage(1, 1)], [result(1, 2)]), "en") == []
    data = frames(
        [stage(1, 1)],
        [result(NAN, 2, scope="structure", unit="person", is_masked=True)],
        n_left_out=2,
        n_empty=1,
    )
    assert notes_of(data, "en") == [
        "2 other stages are not shown.",
        "1 expected stage has no known active actor.",
        "What a structure reached counts at its main stage.",
        "“…”: hidden, so that no count under 5 persons can be read.",
    ]


def test_what_is_to_be_asked_where_nothing_is_known() -> None:
    assert nothing_known(frames([], []), "en").startswith("No activity is described")
    silent = frames([stage(NAN, NAN, unknown=1)] * 2, [], n_left_out=1)
    assert "at the 3 stages that somebody holds" in nothing_known(silent, "en")
    assert jobs_alt_text(silent, "en") == nothing_known(silent, "en")


def test_the_whole_in_words() -> None:
    data = frames(
        [stage(9, 6, unknown=1), stage(NAN, NAN, unknown=1) | {"stage_label": "Filature"}], [result(21, 30)]
    )
    assert jobs_alt_text(data, "en").replace("\u00a0", " ") == (
        "Jobs by stage, in FTE: Tri: at least 9 FTE, of which insertion 6; unknown at Filature. "
        "Insertion posts: This filière: 21, for 30 expected."
    )
