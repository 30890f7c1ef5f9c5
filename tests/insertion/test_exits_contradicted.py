"""Exits by kind that are more than the exits in all: contradictory, and not taken for masked ones."""

from __future__ import annotations

import chaine_valeur as cv
from chaine_valeur.analysis.insertion import contradicted_exits, exits_table
from chaine_valeur.analysis.insertion.agreement_measures import positive_exits_measure
from chaine_valeur.report.insertion_agreements import agreement_blocks


def filiere(exits, lasting):
    return cv.Filiere.from_tables(
        actors={"name": ["Chantier", "Relais"], "structure_kind": "ACI"},
        agreements={"actor_id": ["Chantier", "Relais"], "year": 2024, "exits": exits, "lasting_exits": lasting,
                    "transition_exits": 1, "positive_exits": 1},
    )  # fmt: skip


def texts(blocks):
    return [block.text for block in blocks if hasattr(block, "text")]


def test_the_row_is_named_and_no_number_of_people():
    f = filiere([10, 5], [2, 4])  # Relais: 4 + 1 + 1 = 6 of 5
    assert contradicted_exits(f).tolist() == ["relais"]
    assert exits_table(f)["exits"].fillna(-1).tolist() == [10, -1]
    [line] = [text for text in texts(agreement_blocks(f, "en")) if "Relais" in text]
    assert line == (
        "Relais (Conventionnements, row 3): more exits by kind than in all. They are not counted; correct one of the "
        "figures."
    )


def test_it_is_told_where_nothing_else_is_left_to_show():
    f = filiere([3, 5], [9, 4])
    lines = texts(agreement_blocks(f, "en"))
    assert sum("more exits by kind" in line for line in lines) == 2
    note = positive_exits_measure(f, lang="en").note
    assert "2 agreements tell more exits by kind than in all" in note
    assert "Fewer than" not in note


def test_the_measure_counts_it_apart_from_what_says_too_little():
    note = positive_exits_measure(filiere([10, 5], [None, 4]), lang="en").note
    assert "1 agreement does not say enough" in note and "1 agreement tells more exits" in note
    assert not contradicted_exits(filiere([10, 6], [2, 4])).tolist()  # 6 of 6 is no contradiction
