"""Obstacles and levers by stage and kind, as they were heard."""

from __future__ import annotations

from typing import Any

import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report.barriers import barriers_section
from chaine_valeur.report.blocks import Grid, Section
from tests.report.builders import HOSTILE, grid, paragraphs
from tests.report.readers import plain

HEARD = "What was noted, stage by stage"
COUNTS = "Obstacles and levers, number by stage"


def heard(**changes: Any) -> Filiere:
    observations: dict[str, Any] = {
        "text": ["Pas de place.", "Un local libre.", "Le prix.", "On verra.", "Une loi."],
        "kind": ["lever", "brake", "brake", None, "brake"],
        "stage_id": ["Filature", "Tri", "Filature", "Tri", None],
        "actor_id": [None, "Relais", None, None, None],
        "source_id": ["Entretien", None, None, None, None],
        "confidence": ["declared", None, "hypothesis", None, None],
        "hypothesis": [None, None, "entendu une fois", None, None],
    }
    tables: dict[str, Any] = {
        "stages": {"name": ["Filature", "Tri"], "rank": [2, 1]},
        "actors": {"name": ["Relais"]},
        "sources": {"name": ["Entretien"]},
        "observations": observations,
    }
    return Filiere.from_tables(**(tables | changes))


def of(f: Filiere, lang: str = "en") -> Section | None:
    return barriers_section(diagnose(f, lang=lang, checks=[], indicators=[]))


@pytest.fixture(scope="module")
def section() -> Section:
    found = of(heard())
    assert found is not None
    return found


def test_they_stand_by_stage_in_the_order_of_the_chain_obstacles_first(section: Section) -> None:
    # Tri is first in the chain; what has no stage is last; what has no kind comes after those that have one
    assert grid(section, HEARD) == [
        ["Tri", "Obstacle", "Un local libre.", "Relais", "", ""],
        ["Tri", "Not stated", "On verra.", "", "", ""],
        ["Filature", "Obstacle", "Le prix.", "", "", "Hypothesis: entendu une fois"],
        ["Filature", "Lever", "Pas de place.", "", "Entretien", "Declared"],
        ["Whole filière, or stage not stated", "Obstacle", "Une loi.", "", "", ""],
    ]


def test_they_are_counted_and_none_is_lost(section: Section) -> None:
    assert grid(section, COUNTS) == [
        ["Tri", "1", "0", "1"],
        ["Filature", "1", "1", ""],
        ["Whole filière, or stage not stated", "1", "0", ""],
    ]
    lead = paragraphs(section)[0]
    assert lead.startswith("3 obstacles, 1 lever and 1 observation of another kind were noted at 2 stages.")
    assert "1 of them is a hypothesis." in lead


def test_the_example_loses_none_of_its_observations() -> None:
    f = datasets.load("textiles_usages")
    found = of(f, "fr")
    assert found is not None and found.title == "Freins et leviers"
    texts = [row[2] for row in grid(found, "Ce qui a été relevé, maillon par maillon")]
    assert sorted(texts) == sorted(map(plain, f.observations["text"]))
    assert paragraphs(found)[0].startswith("5 freins et 4 leviers ont été relevés à 3 maillons.")


def test_one_stage_needs_no_counts_and_nothing_heard_no_section() -> None:
    alone = of(heard(observations={"text": ["Le prix."], "kind": ["brake"]}))
    assert alone is not None
    assert [block.caption for block in alone.blocks if isinstance(block, Grid)] == [HEARD]
    assert of(heard(observations=None)) is None


def test_hostile_words_stay_as_they_were_said() -> None:
    found = of(heard(observations={"text": list(HOSTILE)}))
    assert found is not None
    assert [row[2] for row in grid(found, HEARD)] == list(HOSTILE)
