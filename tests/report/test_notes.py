"""The notes of a figure: the numbers of its sources, the mark of what is mostly a hypothesis."""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur.analysis.measure import Measure
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.filiere import Filiere
from chaine_valeur.report import content
from chaine_valeur.report.blocks import Card, Cards, Grid
from chaine_valeur.report.notes import is_soft, soft_note, source_numbers, sources_note, sources_of_tables
from tests.diagnosis.builders import giving, hand, indicator


def cited(**more: Any) -> Filiere:
    """Three sources; f1 cites the third, f2 the first, f3 none; an actor cites the second."""
    tables: dict[str, Any] = {
        "sources": {"source_id": ["s1", "s2", "s3"], "name": ["Pesées", "Annuaire", "Entretien"]},
        "actors": {"name": ["A", "B"], "source_id": ["s2", None]},
        "flows": {
            "flow_id": ["f1", "f2", "f3"],
            "source": ["A", "B", "A"],
            "target": ["B", "A", "B"],
            "year": [2022, 2022, 2023],
            "quantity_t_per_year": [1, 2, 3],
            "source_id": ["s3", "s1", None],
        },
    }
    return Filiere.from_tables(**(tables | more))


def test_sources_are_numbered_as_their_table_lists_them() -> None:
    assert source_numbers(cited()) == {"s1": 1, "s2": 2, "s3": 3}


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        ({"flows": ("f1",)}, "Source 3"),
        ({"flows": ("f1", "f2")}, "Sources 1 et 3"),
        ({"flows": ("f1", "f2", "f3"), "actors": ("a",)}, "Sources 1, 2 et 3"),
        ({"flows": ("f3",)}, ""),
        ({"flows": ("gone",)}, ""),
        ({}, ""),
    ],
)
def test_the_note_of_some_rows(rows: dict[str, tuple[str, ...]], note: str) -> None:
    assert sources_note(cited(), rows, lang="fr") == note


def test_a_table_without_sources_gives_no_note() -> None:
    assert sources_note(cited(), {"sources": ("s1",)}, lang="fr") == ""
    assert (
        sources_of_tables(Filiere.from_tables(actors={"name": ["A"]}), ("actors", "flows"), lang="fr") == ""
    )


def test_of_many_sources_the_first_are_numbered_and_the_others_counted() -> None:
    names = [f"S{place}" for place in range(12)]
    f = cited(
        sources={"name": names},
        actors={"name": [f"A{place}" for place in range(12)], "source_id": names},
        flows={"source": ["A0"], "target": ["A1"]},
    )
    assert sources_of_tables(f, ("actors",), lang="en") == "Sources 1, 2, 3, 4, 5, 6, 7, 8 and 4 others"


@pytest.mark.parametrize(
    ("share", "soft"), [(0.0, False), (0.49, False), (0.5, True), (1.0, True), (float("nan"), False)]
)
def test_from_half_on_a_figure_is_marked(share: float, soft: bool) -> None:
    assert is_soft(share) is soft


def test_the_mark_says_from_which_share_on_it_is_set() -> None:
    assert "50%" in soft_note("en")
    assert "50" in soft_note("fr")


def cards(f: Filiere, measure: Measure, lang: str = "fr") -> Card:
    made = diagnose(f, checks=[], indicators=[indicator("X1", giving(measure))], lang=lang)
    (found,) = [block for block in content(made).blocks() if isinstance(block, Cards)]
    (card,) = found.cards
    return card


def test_a_card_bears_sources_and_mark() -> None:
    card = cards(cited(), Measure(3.0, "count", rows={"flows": ("f1", "f2")}, hypothesis_share=0.6))
    assert "Sources 1 et 3." in card.details
    assert card.soft
    assert card.firmness.replace("\u00a0", " ").startswith("Hypothèse : ")
    firm = cards(cited(), Measure(3.0, "count", rows={"flows": ("f1",)}, hypothesis_share=0.4))
    assert not firm.soft
    assert "Hypothèse" not in firm.firmness


def test_what_is_unknown_is_no_hypothesis() -> None:
    assert not cards(cited(), Measure(float("nan"), "count", hypothesis_share=1.0)).soft


def test_the_table_of_sources_and_the_figures_bear_the_numbers() -> None:
    told = content(diagnose(cited(), checks=[], indicators=[]))
    (sources,) = [
        one for one in told.blocks() if isinstance(one, Grid) and one.caption == "Sources des chiffres"
    ]
    assert [row[0].text for row in sources.rows] == ["1", "2", "3"]
    assert [row[1].text for row in sources.rows] == ["Pesées", "Annuaire", "Entretien"]
    notes = {picture.name: picture.note for picture in told.pictures}
    assert notes["chaine"] == "Sources 1 et 3"


def test_figures_that_cite_nothing_have_no_note() -> None:
    f = hand()
    told = content(diagnose(f, checks=[], indicators=[]))
    assert all(picture.note in ("", "Source 1") for picture in told.pictures)
