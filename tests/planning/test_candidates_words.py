"""The words: reasons, what to ask, warnings, notes, in both languages; nothing is said of what is unknown."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from chaine_valeur.planning.candidates import SCORE_LABELS, candidates, candidates_for_gaps, shown
from chaine_valeur.planning.candidates.columns import COLUMNS, typed
from chaine_valeur.planning.candidates.wording import missing_text, name_text, reasons_text, warning_text

from .candidates_hand import NEW, OTHER, hand, listing, siret, stock

HAND = hand()
NAN = float("nan")


def row(**known: Any) -> dict[str, Any]:
    """A candidate of which only these things are known, as the words are made from it."""
    columns = {name: dtype for name, dtype in COLUMNS.items() if name != "rank"} | {"matched_in": "str"}
    frame = typed(pd.DataFrame([{"candidate_id": "x"} | known]), columns)
    return frame.to_dict("records")[0]


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, ""),
        ({"naf": "13.10Z", "match": "naf"}, "NAF 13.10Z"),
        (
            {"naf": "88.99B", "naf_2025": "13.10Y", "match": "naf", "matched_in": "naf_2025"},
            "NAF 2025 13.10Y",
        ),
        ({"naf_2025": "13.10Y"}, "NAF 2025 13.10Y"),
        ({"naf": "13.12Z", "match": "group", "matched": "13.10Z"}, "NAF 13.12Z (near 13.10Z)"),
        ({"naf": "22.21Z", "match": "near_naf", "matched": "22.2"}, "NAF 22.21Z (a near activity)"),
        ({"match": "sector", "matched": "Couture"}, "sector “Couture”"),
        ({"match": "beside", "stages_held": "t;f", "naf": "1"}, "holds “Maillon T” and “Maillon F”"),
        ({"match": "beside", "stages_held": "t", "status": "planned"}, "foreseen at “Maillon T”"),
        ({"actor_id": "trieur"}, "already met"),
        ({"actor_id": "trieur", "recognised_by": "siren"}, "same enterprise as an actor of the filière"),
        ({"actor_id": "fabricant"}, ""),
        ({"match": "stage", "at_stage": True}, "already at this stage"),
        ({"match": "stage", "naf": "13.10Z"}, "foreseen at this stage, NAF 13.10Z"),
        ({"distance_km": 0.0}, "on the spot"),
        ({"distance_km": 0.4}, "less than 1\u00a0km"),
        ({"distance_km": 33.5}, "34\u00a0km"),
        ({"size_low": 20.0, "size_high": 49.0}, "20 to 49 employees"),
        ({"size_low": 12.0, "size_high": 12.0}, "12 employees"),
        ({"size_low": 1.0, "size_high": 1.0}, "1 employee"),
        ({"size_low": 12.0}, "at least 12 employees"),
        ({"size_low": 10_000.0, "size_high": float("inf")}, "at least 10,000 employees"),
        ({"capacity_t_per_year": 80.0}, "capacity of 80\u00a0t/year"),
        ({"kind": "ACI;EI", "ess": True}, "ACI/EI"),
        ({"kind": "cooperative", "ess": True}, "social economy"),
        ({"kind": "company", "ess": False}, ""),
        ({"ties": 1.0}, "already works with a neighbouring stage"),
        ({"ties": 0.75}, "already works with the filière"),
        ({"ties": 0.5}, "sits in a group of the filière"),
        ({"ties": 0.25}, "already in the tables"),
        ({"ties": 0.25, "recognised_by": "siren"}, "same enterprise as an actor of the filière"),
        ({"workshops": "A;B"}, "workshops “A” and “B”"),
        ({"workshops": "A"}, ""),
    ],
)
def test_reasons(known: dict[str, Any], words: str) -> None:
    met = HAND.actors["surveyed_on"].mask(HAND.actors.index == "trieur", pd.Timestamp("2024-03-12"))
    f = HAND.with_table("actors", HAND.actors.assign(surveyed_on=met))
    assert reasons_text(row(**known), f, "en") == words


#: All that can be asked is known.
WHOLE = {
    "name": "A", "siret": NEW, "activity": 1.0, "distance_km": 1.0, "size_low": 3.0, "insertion": 1.0, "ties": 0.5,
    "economic_dependency": 0.1, "kind": "ACI",
}  # fmt: skip


def asked(amount: float = 1.0, **changed: Any) -> str:
    return missing_text(row(**(WHOLE | changed)), HAND, amount=amount, lang="en")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ""),
        ({"name": None}, "its name"),
        ({"name": None, "natural_person": True}, ""),  # not unknown: not published
        ({"siret": None}, "its SIRET"),
        ({"activity": NAN}, "its activity"),
        ({"distance_km": NAN}, "where it is"),
        ({"distance_km": NAN, "commune_name": "Bois"}, "the INSEE code of its commune"),
        (
            {"distance_km": NAN, "commune_name": "Bois", "commune_code": "76002"},
            "",
        ),  # it is the filière that is nowhere
        ({"distance_km": NAN, "latitude": 49.5, "longitude": 0.5}, ""),
        ({"size_low": NAN}, "how many employees it has"),
        ({"size_low": NAN, "capacity_t_per_year": 4.0}, ""),
        ({"insertion": NAN}, "whether it is an insertion structure or of the social economy"),
        ({"ties": NAN}, "whom it already works with"),
        ({"economic_dependency": NAN}, "its turnover"),
        ({"economic_dependency": NAN, "insertion": 0.5}, ""),  # it is no SIAE
        ({"kind": "ETTI"}, "who would carry the activity, as it places people"),
        ({"kind": "ETTI;ACI"}, ""),
        ({"to_check": "projet;trieur"}, "whether it is “Projet E” and “Le Trieur”"),
        ({"siret": None, "ties": NAN}, "its SIRET and whom it already works with"),
    ],
)
def test_what_to_ask(changed: dict[str, Any], words: str) -> None:
    assert asked(**changed) == words


def test_turnover_is_asked_for_only_where_an_amount_is_known() -> None:
    assert asked(amount=NAN, economic_dependency=NAN) == ""


def test_names() -> None:
    assert name_text(row(name="A"), "en") == "A"
    assert name_text(row(name="A", natural_person=True), "en") == "sole trader, name not published"
    assert name_text(row(siret=NEW), "en") == f"name not known (SIRET {NEW})"
    assert name_text(row(), "en") == "name not known"


def test_warnings() -> None:
    assert warning_text(0.30, "en") == ""
    assert warning_text(NAN, "en") == ""
    assert "45\u00a0%" in warning_text(0.45, "fr") and "30\u00a0%" in warning_text(0.45, "fr")


def test_notes_say_what_was_looked_for_and_left_out() -> None:
    files = stock(
        siret=[siret(700 + n) for n in range(3)],
        active=[True, False, True],
        naf=["13.10Z", "13.10Z", "62.01Z"],
    )
    found = candidates(HAND, "e", establishments=files, siae=listing(), amount_eur=1000, most=2, lang="en")
    assert found.notes == (
        "Stage “Maillon E”, looked for in: SIRENE stock, listing of insertion structures and tables of the filière.",
        "Activities looked for: NAF 13.10Z; NAF 2025 13.10Y; SIAE sectors “Recyclage textiles”.",
        "Distances: from the territory.",
        "Size: compared with 60\u00a0t/year, that is about 3 FTE at the ratio of planned and candidate actors.",
        "Order: by activity, nearness, size, insertion and ties, in quarters, the unknown last; then the nearest, then "
        "the SIRET.",
        # the project, Camille, the open establishment, the workshop, the sorter, the maker: six, two of them shown
        "Left out: 1 closed down; 1 of another activity; 4 beyond the number asked for.",
        "Economic dependency of insertion structures: a contract of 1,000\u00a0€/year against their turnover, where it "
        "is known.",
        "To be asked of all: their interest in this stage, their means and the time they need.",
    )


def test_notes_say_what_is_not_known() -> None:
    told = candidates(HAND, "f", lang="en").notes
    assert "Size not compared with a capacity: the minimum viable tonnage of the stage is unknown." in told
    f = hand(activities=None, stages={"stage_id": ["e"], "name": ["Maillon E"], "naf": ["13.10Z"],
                                      "minimum_viable_t_per_year": [60.0]}, stage_links=None)  # fmt: skip
    told = candidates(f, "e", lang="en").notes
    assert "Size not compared with employees: the jobs per tonne of the stage are unknown." in told


@pytest.mark.parametrize(
    ("near", "words"),
    [
        ("neighbours", "Distances: from those who hold the stages before and after."),
        ((49.5, 0.5), "Distances: from the place given."),
    ],
)
def test_notes_say_from_where(near: Any, words: str) -> None:
    assert words in candidates(HAND, "e", near=near, most_km=10, lang="en").notes


def test_notes_say_that_nothing_is_placed() -> None:
    f = hand(filiere={"name": ["Main"]}, territories=None)
    assert any(note.startswith("Distances unknown") for note in candidates(f, "e", lang="en").notes)
    told = candidates(f, "e", establishments=stock(distance_km=[4.0]), lang="en")
    assert any(note.startswith("Distances: as the file gives them") for note in told.notes)
    assert told.frame.set_index("candidate_id").loc[NEW, "distance_km"] == 4.0


def test_hypotheses_of_the_codes_are_told() -> None:
    stages = {"stage_id": ["e"], "name": ["Maillon E"], "naf": ["13.10Z"], "confidence": ["hypothesis"]}
    f = hand(stages=stages, stage_links=None, activities=None)
    told = candidates(f, "e", lang="en").notes
    assert any(
        re.search(r"of the \d codes (is a hypothesis|are hypotheses), to be discussed\.$", note)
        for note in told
    )


def test_every_word_is_there_in_french() -> None:
    files = stock(
        siret=[NEW, siret(103, 1), siret(102, 2)],
        name=["Projets E", "F", None],
        commune_code=["76002", "76500", "76500"],
        latitude=[None, 49.8, 49.8],
        size_low=[None, 3.0, 3.0],
        size_high=[None, None, 5.0],
        ess=[None, True, False],
    )
    structures = listing(siret=[OTHER, None], kind=["ETTI", "ACI"])
    found = candidates(
        HAND,
        "e",
        establishments=files,
        siae=structures,
        amount_eur=90_000,
        most_km=60,
        weights={"activity": 1},
    )
    said = "\n".join(
        [
            *found.notes,
            found.frame[["name", "reasons", "missing", "warning"]].to_csv(),
            *shown(found.frame, HAND),
        ]
    )
    english = re.findall(
        r"\b(?:the|of|its|and|where|whether|employees?|already|name not|closed|asked|from|at least)\b", said
    )
    assert not english
    assert "’" in said and "'" not in said.replace("d'", "")


def test_as_a_reader_sees_it() -> None:
    found = candidates_for_gaps(HAND, establishments=stock())
    table = shown(found.frame, HAND)
    assert table.columns.tolist() == [
        "Maillon", "Rang", "Acteur pressenti", "Pourquoi", "Activité", "Proximité", "Taille", "Insertion", "Liens",
        "À demander", "À surveiller",
    ]  # fmt: skip
    assert len(table) == len(found)
    assert set(table["Maillon"]) <= set(HAND.stages["name"])
    assert table["Activité"].tolist() == pytest.approx(found.frame["activity"].tolist(), nan_ok=True)
    english = shown(found.frame, HAND, lang="en")
    assert english.columns.tolist()[:5] == ["Stage", "Rank", "Candidate actor", "Why", "Activity"]
    weighted = candidates(HAND, "e", weights={"size": 1})
    assert shown(weighted.frame, HAND, lang="en").columns.tolist()[9:11] == [
        "Score, at least",
        "Score, at most",
    ]
    assert shown(found.frame.iloc[:0], HAND).columns.tolist() == table.columns.tolist()
    assert list(SCORE_LABELS) == ["activity", "nearness", "size", "insertion", "ties"]
