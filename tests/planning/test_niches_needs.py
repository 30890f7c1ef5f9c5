"""Recruitment needs by stage, occupation and qualification, and beside the niches; the sentences; the three examples."""

from __future__ import annotations

import math
from functools import cache

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.planning.niches import niches, recruitment_table

from .niches_valley import valley

NEEDS = pd.DataFrame(
    {
        "need_id": ["n1", "n2", "n3", "n4", "n5"],
        "actor_id": ["mill", "mill", "shop", "shop", "club"],
        "stage_id": ["wash", "wash", "felt", None, "card"],
        "label": ["Washing", "Drying", "Selling", "Washing of rugs", "Carding"],
        "rome": ["H2406", "H2406", "D1211", "H2406", None],
        "posts": [3, None, 1, 2, 4],
        "qualification": ["no_diploma", "no_diploma", "bac", None, "cap_bep"],
        "cause": ["hard_to_fill", "growth", "growth", "hard_to_fill", None],
        "open_to_insertion": [True, True, False, None, None],
    }
)


@cache
def hiring() -> cv.Filiere:
    return valley(recruitment_needs=NEEDS)


@cache
def example(name: str) -> cv.Filiere:
    return cv.datasets.load(name)


# -- the table --------------------------------------------------------------------------------------


def test_by_stage_in_the_order_of_the_chain() -> None:
    found = recruitment_table(hiring(), lang="en")
    assert found.index.tolist() == ["wash", "card", "felt", ""]
    assert found.index.name == "stage_id"
    assert found["label"].tolist() == ["Wash", "Card", "Felt", ""]
    assert found["posts"].tolist() == [3, 4, 1, 2]
    # of the wash, a need of unknown size is open too: at least 3
    assert found["open_posts"].tolist() == [3, 0, 0, 0]
    assert found["hard_to_fill_posts"].tolist() == [3, 0, 0, 2]
    assert found["no_diploma_posts"].tolist() == [3, 0, 0, 0]
    assert found["n_needs"].tolist() == [2, 1, 1, 1]
    assert found["n_unknown_posts"].tolist() == [1, 0, 0, 0]
    assert found["n_not_asked"].tolist() == [0, 1, 0, 1]
    assert found["n_actors"].tolist() == [1, 1, 1, 1]


def test_by_occupation_and_by_qualification() -> None:
    rome = recruitment_table(hiring(), by="rome")
    assert rome["posts"].to_dict() == {"D1211": 1, "H2406": 5, "": 4}
    assert rome.loc["H2406", ["label", "n_actors"]].tolist() == ["Washing, Drying, Washing of rugs", 2]
    diploma = recruitment_table(hiring(), by="qualification", lang="en")
    assert diploma["label"].to_dict() == {
        "no_diploma": "No diploma", "cap_bep": "Vocational certificate", "bac": "Baccalauréat", "": "",
    }  # fmt: skip
    assert diploma["posts"].tolist() == [3, 4, 1, 2]
    with pytest.raises(
        UnknownNameError, match="by='stages' is no way of grouping needs; did you mean: stage"
    ):
        recruitment_table(hiring(), by="stages")


def test_posts_that_nobody_counts_are_unknown_and_no_need_is_none() -> None:
    only = valley(recruitment_needs=NEEDS.iloc[[1]])
    row = recruitment_table(only).loc["wash"]
    assert math.isnan(row["posts"])
    assert math.isnan(row["open_posts"])
    assert row["hard_to_fill_posts"] == 0
    empty = recruitment_table(valley())
    assert empty.empty
    pd.testing.assert_series_equal(empty.dtypes, recruitment_table(only).dtypes)


def test_who_is_closed_or_elsewhere_and_other_years_do_not_count() -> None:
    needs = {
        "actor_id": ["here", "away", "gone", "here"],
        "posts": [1, 10, 100, 1000],
        "year": [2024, 2024, 2024, 2023],
    }
    f = cv.Filiere.from_tables(
        filiere={"name": ["F"], "territory_id": ["t"]},
        territories={"territory_id": ["t"], "name": ["T"], "commune_code": ["76384"]},
        actors={"name": ["Here", "Away", "Gone"], "commune_code": ["76384", "75056", "76384"],
                "status": ["active", "active", "closed"]},
        recruitment_needs=needs,
    )  # fmt: skip
    assert recruitment_table(f)["posts"].tolist() == [1]
    assert recruitment_table(f.at(2023))["posts"].tolist() == [1000]


# -- beside the niches ------------------------------------------------------------------------------


def test_needs_at_the_stage_or_for_the_same_occupation() -> None:
    found = niches(hiring())
    # the wash: its own 3, and the 2 of the shop for the same code; the felt and the card their own
    assert found["posts"].to_dict() == {"wash": 5, "card": 4, "felt": 1, "soap": 0}
    assert found.loc["wash", ["open_posts", "hard_to_fill_posts", "n_unknown_posts", "n_needs"]].tolist() == [
        3,
        5,
        1,
        3,
    ]
    named = niches(
        hiring(), rome={"soap": ["D1211"]}, ideas=pd.DataFrame({"name": ["Rugs"], "rome": ["H2406"]})
    )
    assert named["posts"].to_dict() == {"wash": 5, "card": 4, "felt": 1, "soap": 1, "rugs": 5}


def test_other_needs_may_be_given() -> None:
    f = hiring()
    found = niches(f, recruitment=pd.DataFrame({"actor_id": ["Shop"], "stage_id": ["soap"], "posts": [7]}))
    assert found["posts"].to_dict() == {"wash": 0, "card": 0, "felt": 0, "soap": 7}
    assert len(f.recruitment_needs) == 5


# -- sentences --------------------------------------------------------------------------------------


def test_the_sentence_says_what_is_known_and_what_is_not() -> None:
    f = valley(
        ("supply", "mobilized", "wool", "flock", 425), ("demand", "expressed", "grease", "soap", 40, "club"),
        recruitment_needs=NEEDS,
        activities={"actor_id": ["mill"], "stage_id": ["wash"], "capacity_t_per_year": [500], "insertion_fte": [6]},
    )  # fmt: skip
    counts = pd.DataFrame({"territory": ["T", "U"], "naf": ["13.10Z", "47.11A"], "establishments": [3, 9]})
    asked = {"counts": counts, "territory_code": "T"}
    assert niches(f, **asked).loc["wash", "sentence"] == (
        "425\xa0t/an mobilisées, pour un seuil de 100\xa0t/an\u202f; débouché exprimé de 40\xa0t/an, soit 400\xa0t/an "
        "à l’entrée du maillon\u202f; savoir-faire proches\xa0: 1,00 (3 établissements ici)\u202f; "
        "12 ETP d’insertion pour 1\u202f000\xa0t/an\u202f; 5 postes à pourvoir."
    )
    assert niches(f, lang="en", **asked).loc["wash", "sentence"] == (
        "425\xa0t/year mobilized for a minimum of 100\xa0t/year; expressed demand of 40\xa0t/year, that is 400\xa0t/year "
        "entering here; nearness of skills: 1.00 (3 establishments here); 12 insertion FTE for 1,000\xa0t/year; "
        "5 posts to fill nearby."
    )
    assert niches(f, lang="en").loc["card", "sentence"] == (
        "425\xa0t/year mobilized, that is 319\xa0t/year entering here, what is bought besides included (Binder) for a "
        "minimum of 40\xa0t/year; demand unknown (no demand is stated that it would serve); nearness of skills unknown "
        "(no counts of establishments); insertion jobs unknown; 4 posts to fill nearby."
    )


def test_no_sentence_names_an_actor_or_lacks_a_language() -> None:
    for name in ("exemple_complet", "textiles_usages", "lin_composite"):
        f = example(name)
        french, english = niches(f), niches(f, lang="en")
        assert french.index.equals(english.index)
        assert (french["sentence"] != english["sentence"]).all()
        told = " ".join(french["sentence"])
        assert not any(actor in told for actor in f.actors["name"])


# -- the three examples -----------------------------------------------------------------------------


def test_the_invented_example() -> None:
    f = example("exemple_complet")
    found = niches(f)
    # papers 305 + 120 t and cottons 60 t mobilized
    assert found.loc["tri", "resource_t_per_year"] == pytest.approx(485)
    assert found.loc["effilochage", "resource_t_per_year"] == pytest.approx(60 * 0.63)
    # the wadding of 70 t contracted, the mixed recipe takes most cotton: 70 / 0.93 · 0.18 / 0.9
    assert found.loc["effilochage", "demand_t_per_year"] == pytest.approx(70 / 0.93 * 0.18 / 0.9)
    assert found.loc["effilochage", ["n_holders", "insertion_basis"]].tolist() == [0, "planned"]
    # what one pays to burn is no demand
    assert math.isnan(found.loc["energie", "demand_t_per_year"])
    assert niches(f, demand_level="expressed").loc["pose", "demand_t_per_year"] == 400 + 220 + 70


def test_the_polymer_is_sized_by_the_synthetics_and_not_by_all_textiles() -> None:
    found = niches(example("textiles_usages"))
    assert found.loc["granulation", "resource_t_per_year"] == pytest.approx(9)
    assert found.loc["granulation", "resource_mobilizable_t_per_year"] == pytest.approx(24)
    # raw: 739 t of all textiles, of which 0.083 at the sorting
    assert found.loc["granulation", "resource_raw_t_per_year"] == pytest.approx(739 * 0.083)
    assert found.loc["tri", "resource_t_per_year"] == pytest.approx(107)
    assert found["demand"].isna().all()
    assert "débouché indiqué sans quantité" in found.loc["granulation", "sentence"]


def test_flax_with_a_polymer_that_is_bought() -> None:
    found = niches(example("lin_composite"), lang="en")
    row = found.loc["compoundage"]
    # 29 400 t of tow that could be mobilized, 0.3 of the composite
    assert row["resource_t_per_year"] == pytest.approx(29400 / 0.3)
    assert row["resource_level"] == "mobilizable"
    assert "bought besides included (Polymère vierge)" in row["sentence"]
    assert math.isnan(row["resource_mobilized_t_per_year"])
    assert found["n_known"].eq(0).all()
