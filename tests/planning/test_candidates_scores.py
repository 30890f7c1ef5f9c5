"""The five sub-scores by hand, where each is unknown, how they rank, how they are merged when asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.planning.candidates import SCORES, economic_dependency
from chaine_valeur.planning.candidates.columns import typed
from chaine_valeur.planning.candidates.own import OWN, in_social_economy, own_candidates, ties_of_actors
from chaine_valeur.planning.candidates.placing import distances, nearness, reference_of
from chaine_valeur.planning.candidates.scoring import (
    activity,
    checked_weights,
    insertion,
    ranked,
    size,
    weighted,
)
from chaine_valeur.planning.candidates.sought import (
    Need,
    Sought,
    amount_at,
    need_at,
    neighbours_of,
    sought_at,
    stage_place,
)
from chaine_valeur.planning.correspondence import for_stage

from .candidates_hand import KM_PER_DEGREE, hand, siret

NAN = float("nan")


def table(**columns: list[Any]) -> pd.DataFrame:
    """Candidates of which only these columns are known."""
    return typed(pd.DataFrame(columns), OWN)


# -- activity ------------------------------------------------------------------------------------------

SOUGHT = Sought(
    naf=("13.10Z",), naf_2025=("13.10Y",), sectors=("Recyclage textiles",), near_naf=("22.2",),
    near_naf_2025=("20.16Y",), near_sectors=("Textiles",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "match", "matched", "score"),
    [
        ({"naf": "13.10Z"}, "naf", "13.10Z", 1.0),
        ({"naf": "88.99B", "naf_2025": "13.10Y"}, "naf", "13.10Y", 1.0),
        ({"naf": "13.10A"}, "class", "13.10Z", 0.75),
        ({"naf": "13.12Z"}, "group", "13.10Z", 0.5),
        ({"naf": "13.96Z"}, "division", "13.10Z", 0.25),
        ({"naf": "22.21Z"}, "near_naf", "22.2", 0.75),
        ({"naf_2025": "20.16Y"}, "near_naf", "20.16Y", 0.75),
        ({"naf": "88.99B", "sectors": "Couture;RECYCLAGE  TEXTILES"}, "sector", "Recyclage textiles", 0.75),
        ({"sectors": "Textiles"}, "near_sector", "Textiles", 0.5),
        ({"sectors": "Textile, couture"}, "near_sector", "Textiles", 0.5),  # a part of what is listed
        # in words of its own: nothing in it that the sector does not say, or the reverse
        ({"sectors": "recyclage"}, "like_sector", "Recyclage textiles", 0.5),
        ({"sectors": "Textiles techniques"}, "like_near_sector", "Textiles", 0.25),
        ({"sectors": "Recyclage de papiers"}, "none", None, 0.0),  # each says what the other does not
        ({"sectors": "Recyclage du verre"}, "none", None, 0.0),  # an official name is a whole name
        ({"naf": "88.99B"}, "none", None, 0.0),
        ({"naf": "13.96Z", "sectors": "Textiles"}, "near_sector", "Textiles", 0.5),  # the nearest of the two
        ({"naf": "13.10A", "sectors": "Recyclage textiles"}, "class", "13.10Z", 0.75),
        ({"beside": True, "stages_held": "t"}, "beside", None, 0.5),
        ({"stages_held": "x"}, "none", None, 0.0),
        ({"naf": "99.99Z", "meant": True}, "stage", None, 1.0),
        ({"at_stage": True}, "stage", None, 1.0),
        ({}, None, None, NAN),
    ],
)
def test_activity(row: dict[str, Any], match: str | None, matched: str | None, score: float) -> None:
    found = activity(
        table(candidate_id=["x"], **{name: [value] for name, value in row.items()}), SOUGHT
    ).iloc[0]
    assert (None if pd.isna(found["match"]) else found["match"]) == match
    assert (None if pd.isna(found["matched"]) else found["matched"]) == matched
    assert found["activity"] == pytest.approx(score, nan_ok=True)


def test_a_beginning_of_a_code_is_as_good_as_a_code_and_has_no_class() -> None:
    rows = table(naf=["38.32Z", "38.21Z", "39.00Z"])
    found = activity(rows, Sought(naf=("38.3",)))
    assert found["match"].tolist() == ["naf", "division", "none"]


def test_with_nothing_to_look_for_nothing_is_known() -> None:
    found = activity(table(naf=["13.10Z"], beside=[False]), Sought())
    assert np.isnan(found["activity"].iloc[0])
    assert activity(table(naf=["13.10Z"], beside=[True]), Sought())["activity"].tolist() == [0.5]


# -- what is looked for --------------------------------------------------------------------------------


def test_a_stage_says_what_to_look_for() -> None:
    f = hand()
    found = sought_at(f, "e", None, lang="fr")
    assert found.naf == ("13.10Z",)
    assert found.sectors == ("Recyclage textiles",)
    assert found.naf_2025 == ("13.10Y",)  # what 13.10Z becomes, by the table of INSEE
    assert found == sought_at(f, "e", for_stage(f, "e"), lang="fr")
    assert not found.reason


def test_a_stage_that_says_nothing_says_why() -> None:
    found = sought_at(hand(), "g", None, lang="en")
    assert not found
    assert found.reason.startswith("Nothing says what to look for at “Maillon G”")


def test_an_answer_about_another_stage_is_refused() -> None:
    f = hand()
    with pytest.raises(ArgumentError, match="at 't', the stage is 'e'"):
        sought_at(f, "e", for_stage(f, "t"), lang="fr")


def test_an_unknown_stage_comes_with_the_close_ones() -> None:
    with pytest.raises(UnknownNameError, match="did you mean: Maillon E"):
        stage_place(hand(), "maillon e")


def test_stages_beside() -> None:
    f = hand()
    assert [neighbours_of(f, place).tolist() for place in range(4)] == [[1], [0, 2], [1, 3], [2]]
    f = hand(stage_links=None)
    assert neighbours_of(f, 1).tolist() == []


# -- size ----------------------------------------------------------------------------------------------


def test_what_a_stage_needs() -> None:
    f = hand()
    # T: the sorter has 4 jobs for 200 t; E: nobody is there, the project counts on 4 jobs for 80 t
    assert need_at(f, "t") == Need(100.0, 4 / 200, "active")
    assert need_at(f, "e") == Need(60.0, 4 / 80, "planned")
    assert need_at(f, "e").jobs == pytest.approx(3.0)
    nothing = need_at(f, "f")
    assert np.isnan([nothing.tonnes, nothing.jobs_per_t, nothing.jobs]).all()
    assert nothing.basis == ""


def test_options_say_what_a_stage_needs_where_nobody_else_does() -> None:
    options = {
        "name": ["Créer", "Étudier"], "kind": ["activity", "other"], "stage_id": ["f", None],
        "capacity_t_per_year": [50.0, None], "jobs_fte": [5.0, None], "investment_eur": [1.0, 1.0],
    }  # fmt: skip
    assert need_at(hand(options=options), "f").basis == "options"
    assert need_at(hand(options=options), "f").jobs_per_t == pytest.approx(0.1)
    assert need_at(hand(options=options), "e").basis == "planned"


def test_a_zero_capacity_says_nothing_of_jobs_per_tonne() -> None:
    f = hand(
        activities={
            "actor_id": ["trieur"],
            "stage_id": ["t"],
            "capacity_t_per_year": [0.0],
            "jobs_fte": [4.0],
        }
    )
    assert np.isnan(need_at(f, "t").jobs_per_t)


def test_size_by_hand() -> None:
    rows = table(
        size_low=[1.5, 3.0, 20.0, NAN, 0.0, 1.0], capacity_t_per_year=[NAN, NAN, NAN, NAN, NAN, 45.0]
    )
    # 3 jobs are needed; the last has a capacity of 45 t of the 60 t
    assert size(rows, Need(60.0, 0.05, "active")) == pytest.approx(
        [0.5, 1.0, 1.0, NAN, 0.0, 0.75], nan_ok=True
    )
    # jobs per tonne unknown: the capacity alone tells
    assert size(rows, Need(60.0, NAN, "")) == pytest.approx([NAN] * 5 + [0.75], nan_ok=True)
    for need in (Need(NAN, 0.05, "active"), Need(0.0, 0.05, "active")):
        assert np.isnan(size(rows, need)).all()


# -- insertion -----------------------------------------------------------------------------------------


def test_insertion_by_hand() -> None:
    rows = table(
        kind=["ACI", "EA;EI", "ESAT", "GEIQ", None, None, None, "company", "association"],
        ess=[None, None, False, None, True, False, None, False, True],
    )
    unknown = [1.0, 1.0, 0.75, 0.75, 0.5, NAN, NAN, 0.0, 0.5]
    assert insertion(rows, listed=False) == pytest.approx(unknown, nan_ok=True)
    # with a listing, who is not in it is no structure of insertion: not of the social economy either, it is none
    assert insertion(rows, listed=True) == pytest.approx([*unknown[:5], 0.0, *unknown[6:]], nan_ok=True)


def test_the_social_economy_of_actors() -> None:
    actors = pd.DataFrame(
        {"structure_kind": ["cooperative", "company", "company", None, "association", "company"],
         "pole": [None, None, "enterprise", "ess", "enterprise", "ess"]}, dtype="str"
    )  # fmt: skip
    found = in_social_economy(actors)
    assert [None if pd.isna(one) else bool(one) for one in found] == [True, None, False, True, True, True]


# -- nearness ------------------------------------------------------------------------------------------


def test_from_the_territory() -> None:
    f = hand()
    reference = reference_of(f, 2, None)
    assert reference.kind == "territory"
    rows = table(
        commune_code=["76001", "76500", "76003", "76500", None],
        latitude=[NAN, 49.8, NAN, NAN, 49.7],
        longitude=[NAN, 0.5, NAN, NAN, NAN],
    )
    # inside: 0, also where the centre is unknown; 0.2° north of Bois; nobody knows where; half a place is none
    assert distances(f, rows, reference) == pytest.approx(
        [0.0, 0.2 * KM_PER_DEGREE, 0.0, NAN, NAN], nan_ok=True
    )


def test_from_the_neighbours() -> None:
    f = hand()
    reference = reference_of(f, 2, "neighbours")
    # the sorter at Aval and the maker at Bois stand at the centres of their communes
    assert sorted(reference.latitude) == [49.5, 49.6]
    rows = table(commune_code=["76001", "76500"], latitude=[NAN, 49.4], longitude=[NAN, 0.5])
    assert distances(f, rows, reference) == pytest.approx([0.0, 0.1 * KM_PER_DEGREE])


def test_neighbours_stand_in_for_a_territory_that_is_not_placed() -> None:
    f = hand(
        filiere={"name": ["Main"]},
        territories=None,
        actors={
            "name": ["A", "B"],
            "siret": [None, None],
            "latitude": [49.5, None],
            "longitude": [0.5, None],
        },
        activities={"actor_id": ["A"], "stage_id": ["t"]},
        cooperations=None,
    )
    assert reference_of(f, 2, None).kind == "neighbours"
    rows = table(given_km=[3.0, NAN], latitude=[49.6, 49.6], longitude=[0.5, 0.5])
    assert distances(f, rows, reference_of(f, 2, None)) == pytest.approx([0.1 * KM_PER_DEGREE] * 2)
    # nobody is beside G: only the file knows of distances
    assert reference_of(f, 3, None).kind == "given"
    assert distances(f, rows, reference_of(f, 3, None)) == pytest.approx([3.0, NAN], nan_ok=True)
    assert np.isnan(distances(f, rows, reference_of(f, 3, "territory"))).all()


def test_from_a_place() -> None:
    f = hand()
    rows = table(commune_code=["76002", "76001"])
    assert distances(f, rows, reference_of(f, 2, (49.6, 0.5))) == pytest.approx([0.0, 0.1 * KM_PER_DEGREE])
    assert distances(f, rows, reference_of(f, 2, "76002")) == pytest.approx([0.0, 0.1 * KM_PER_DEGREE])


@pytest.mark.parametrize(
    ("near", "error", "words"),
    [
        ("neighbour", UnknownNameError, "Did you mean: neighbours"),
        ("76003", UnknownNameError, "no commune whose centre"),
        ((49.5,), ArgumentError, "give \\(latitude, longitude\\)"),
        (3, ArgumentError, "give \\(latitude, longitude\\)"),
        (("a", "b"), ArgumentError, "give \\(latitude, longitude\\)"),
        ((NAN, 0.5), ArgumentError, "a coordinate is not known"),
        ((149.0, 0.5), ArgumentError, "beyond 90 degrees"),
    ],
)
def test_a_place_that_is_none(near: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        reference_of(hand(), 2, near, lang="en")


def test_nearness_by_hand() -> None:
    assert nearness(np.array([0.0, 30.0, 90.0, NAN])) == pytest.approx([1.0, 0.5, 0.25, NAN], nan_ok=True)


POINTS = st.tuples(st.floats(-80, 80), st.floats(-180, 180))


@settings(max_examples=25)
@given(st.lists(POINTS, min_size=1, max_size=4), st.lists(POINTS, min_size=1, max_size=4))
def test_the_nearest_point_is_that_of_a_plain_loop(
    centres: list[tuple[float, float]], places: list[tuple[float, float]]
) -> None:
    from chaine_valeur.earth import distance_km
    from chaine_valeur.planning.candidates.placing import Reference

    reference = Reference("territory", *map(np.array, zip(*centres, strict=True)))
    rows = table(latitude=[one[0] for one in places], longitude=[one[1] for one in places])
    expected = [min(distance_km(*one, *centre) for centre in centres) for one in places]
    # near the antipodes the straight line tells distances apart less finely
    assert distances(hand_once(), rows, reference) == pytest.approx(expected, abs=1e-3)


HAND = hand()


def hand_once() -> Any:
    return HAND


# -- ties ----------------------------------------------------------------------------------------------


def test_ties_by_hand() -> None:
    f = hand(
        groups={"name": ["COPIL"]},
        memberships={"group_id": ["copil", "copil"], "actor_id": ["fabricant", "trieur"]},
        flows={"source": ["trieur"], "source_stage": ["t"], "target": ["fabricant"], "target_stage": ["f"]},
    )
    ties = ties_of_actors(f, 2)
    assert ties.index.tolist() == f.actors.index.tolist()
    # beside E are the sorter and the maker: they trade with each other, the expert with the sorter
    assert ties.to_dict() == {
        "menages": 0.25, "trieur": 1.0, "projet": 0.25, "fabricant": 1.0, "ferme": 0.25, "expert": 1.0, "camille": 0.25,
    }  # fmt: skip
    # beside F is E, where nobody is: ties with others
    assert ties_of_actors(f, 3).to_dict() == ties.to_dict() | {
        "trieur": 0.75,
        "fabricant": 0.75,
        "expert": 0.75,
    }


def test_a_group_is_less_than_a_tie_and_an_absent_tie_is_none() -> None:
    f = hand(
        groups={"name": ["COPIL"]},
        memberships={"group_id": ["copil"], "actor_id": ["expert"]},
        cooperations={
            "actor_id": ["expert"],
            "to_actor_id": ["trieur"],
            "kind": ["research"],
            "state": ["absent"],
        },
    )
    ties = ties_of_actors(f, 2)
    assert (ties["expert"], ties["trieur"]) == (0.5, 0.25)


# -- the filière's own ---------------------------------------------------------------------------------


def test_actors_that_could_hold_a_stage() -> None:
    f = hand()
    own = own_candidates(f, 2).set_index("actor_id")
    # beside: sorter and maker; the project; Camille, a candidate. Not: households, who closed, who does neither
    assert own.index.tolist() == ["trieur", "projet", "fabricant", "camille"]
    assert own["beside"].tolist() == [True, False, True, False]
    assert own["meant"].tolist() == [False, True, False, False]
    assert own["at_stage"].tolist() == [False] * 4
    assert own.loc["projet", "capacity_t_per_year"] == 80.0
    assert own["candidate_id"].tolist()[1] == "actor:projet"
    assert pd.isna(own.loc["camille", "name"])
    assert own["status"].tolist() == ["active", "planned", "active", "candidate"]
    # at T itself the sorter is no news; households are no partner
    assert own_candidates(f, 1)["actor_id"].tolist() == ["projet", "camille"]


def test_the_latest_capacity_counts_and_two_actors_of_a_siret_stay_two() -> None:
    f = hand(
        actors={"actor_id": ["a", "b"], "name": ["A", "B"], "siret": [siret(5), siret(5)], "status": ["planned"] * 2},
        activities={
            "actor_id": ["a", "a", "a"], "stage_id": ["e"] * 3, "year": [2025, 2024, None],
            "capacity_t_per_year": [30.0, 20.0, 10.0],
        },
        cooperations=None,
    )  # fmt: skip
    own = own_candidates(f, 2)
    assert own["candidate_id"].tolist() == [siret(5), "actor:b"]
    assert own["capacity_t_per_year"].tolist() == pytest.approx([30.0, NAN], nan_ok=True)


# -- dependency ----------------------------------------------------------------------------------------


def test_dependency_by_hand() -> None:
    assert economic_dependency(30_000, 100_000) == pytest.approx(0.3)
    assert economic_dependency(0, 100_000) == 0.0
    assert economic_dependency(200_000, 100_000) == 2.0
    for amount, turnover in ((NAN, 1.0), (1.0, NAN), (1.0, 0.0), (-1.0, 1.0), (1.0, -1.0)):
        assert np.isnan(economic_dependency(amount, turnover))


def test_dependency_along_lists() -> None:
    assert economic_dependency([1.0, 2.0], [4.0, NAN]) == pytest.approx([0.25, NAN], nan_ok=True)
    turnover = pd.Series([4.0, 8.0], index=["a", "b"])
    found = economic_dependency(2.0, turnover)
    pd.testing.assert_series_equal(
        found, pd.Series([0.5, 0.25], index=["a", "b"], name="economic_dependency")
    )
    # two Series are matched by their index
    crossed = economic_dependency(pd.Series([2.0, 4.0], index=["b", "a"]), turnover)
    assert crossed.to_dict() == {"b": 0.25, "a": 1.0}


def flows(**columns: Any) -> dict[str, Any]:
    ends = {"source": ["trieur"], "source_stage": ["t"], "target": ["fabricant"], "target_stage": ["f"]}
    return ends | {"material_id": ["m"], "quantity_t_per_year": [10.0]} | columns


def test_what_leaves_a_stage_is_paid() -> None:
    demand = {"kind": ["demand"], "material_id": ["m"], "stage_id": ["f"], "price_eur_per_t": [50.0]}
    assert amount_at(hand(flows=flows(amount_eur_per_year=[700.0])), "t") == 700.0
    # the price of the demand × the tonnes; a stated amount before it
    assert amount_at(hand(flows=flows(), markets=demand), "t") == 500.0
    assert amount_at(hand(flows=flows(amount_eur_per_year=[700.0]), markets=demand), "t") == 700.0
    # nothing leaves E; no price, or two of them; no tonnage
    two = {
        "kind": ["demand"] * 2,
        "material_id": ["m"] * 2,
        "stage_id": ["f"] * 2,
        "price_eur_per_t": [50.0, 60.0],
    }
    supply = demand | {"kind": ["supply"]}
    assert np.isnan(amount_at(hand(), "e"))
    for f in (
        hand(flows=flows()),
        hand(flows=flows(), markets=two),
        hand(flows=flows(), markets=supply),
        hand(flows=flows(quantity_t_per_year=[None]), markets=demand),
    ):
        assert np.isnan(amount_at(f, "t"))


# -- order ---------------------------------------------------------------------------------------------


def scored(**columns: list[Any]) -> pd.DataFrame:
    """Candidates with these sub-scores, the others unknown, in the order given."""
    count = max(len(values) for values in columns.values())
    blank: dict[str, Any] = {name: [NAN] * count for name in (*SCORES, "distance_km")}
    frame = pd.DataFrame(blank | {"at_stage": [False] * count, "siret": [None] * count} | columns)
    frame["candidate_id"] = columns.get("candidate_id", [chr(97 + n) for n in range(count)])
    return frame.astype({"siret": "str", "at_stage": "boolean"})


def order(frame: pd.DataFrame, weights: dict[str, float] | None = None) -> str:
    return "".join(ranked(frame, weights)["candidate_id"])


def test_the_first_sub_score_that_differs_decides() -> None:
    assert order(scored(activity=[0.5, 1.0, 0.5], nearness=[1.0, 0.0, 0.5])) == "bac"
    assert order(scored(nearness=[0.5, 0.5], insertion=[1.0, 0.0], size=[0.0, 0.25])) == "ba"


def test_quarters_are_not_told_apart_and_then_the_nearest() -> None:
    # 20 km and 25 km are both in (0.5, 0.75]: the ties decide; then the distance
    km = [20.0, 25.0, 25.0]
    near = [1 / (1 + one / 30) for one in km]
    assert order(scored(nearness=near, distance_km=km, ties=[0.25, 1.0, 0.25])) == "bac"
    # ten kilometres reach the third quarter exactly
    assert order(scored(nearness=[0.75 - 1e-12, 0.76], ties=[1.0, 0.5])) == "ab"


def test_what_is_unknown_comes_after_what_is_known() -> None:
    assert order(scored(activity=[NAN, 0.25, 0.0])) == "bca"
    assert order(scored(distance_km=[NAN, 5.0])) == "ba"


def test_ties_are_broken_by_siret_then_identifier() -> None:
    assert order(scored(siret=[siret(3), siret(2), None, None], candidate_id=["a", "b", "d", "c"])) == "bacd"


def test_who_is_there_already_comes_last() -> None:
    assert order(scored(activity=[1.0, 0.25], at_stage=[True, False])) == "ba"


def test_weights_by_hand() -> None:
    weights = checked_weights({"nearness": 1, "activity": 3})
    assert weights == {"activity": 0.75, "nearness": 0.25, "size": 0.0, "insertion": 0.0, "ties": 0.0}
    frame = scored(activity=[1.0, 0.5, NAN], nearness=[NAN, 1.0, 1.0])
    found = weighted(frame, weights)
    # 0.75 × 1 with 0.25 × unknown; 0.375 + 0.25; 0.25 with 0.75 × unknown
    assert found["score_low"].tolist() == pytest.approx([0.75, 0.625, 0.25])
    assert found["score_high"].tolist() == pytest.approx([1.0, 0.625, 1.0])
    assert order(frame.join(found), weights) == "abc"
    assert weighted(frame, None).isna().all(axis=None)


def test_of_equal_lower_scores_the_higher_upper_one() -> None:
    weights = checked_weights({"activity": 1, "nearness": 1})
    frame = scored(activity=[0.5, 0.5], nearness=[0.0, NAN])
    assert order(frame.join(weighted(frame, weights)), weights) == "ba"


@pytest.mark.parametrize(
    ("weights", "error", "words"),
    [
        ({"activty": 1}, UnknownNameError, "did you mean: activity"),
        ({"activity": -1}, ArgumentError, "'activity' is -1"),
        ({"activity": NAN}, ArgumentError, "'activity' is nan"),
        ({"activity": float("inf")}, ArgumentError, "'activity' is inf"),
        ({"activity": 0}, ArgumentError, "at least one"),
        ({}, ArgumentError, "at least one"),
    ],
)
def test_weights_that_cannot_be(weights: dict[str, float], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        checked_weights(weights)


SCORE = st.sampled_from([NAN, 0.0, 0.25, 0.5, 0.75, 1.0])


@settings(max_examples=40)
@given(st.lists(st.tuples(*[SCORE] * 5), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_is_that_of_tuples_and_not_of_the_rows(scores: list[tuple[float, ...]], drawn: Any) -> None:
    frame = scored(**{name: [one[place] for one in scores] for place, name in enumerate(SCORES)})
    expected = sorted(
        frame["candidate_id"],
        key=lambda name: (
            [-1 if one != one else one for one in frame.set_index("candidate_id").loc[name, [*SCORES]]],
        ),
        reverse=True,
    )
    got = ranked(frame, None)
    values = got[[*SCORES]].fillna(-1.0).to_numpy().tolist()
    assert values == frame.set_index("candidate_id").loc[expected, [*SCORES]].fillna(-1.0).to_numpy().tolist()
    shuffled = frame.sample(frac=1.0, random_state=drawn.randrange(1000)).reset_index(drop=True)
    assert ranked(shuffled, None)["candidate_id"].tolist() == got["candidate_id"].tolist()


@settings(max_examples=25)
@given(st.lists(st.tuples(*[SCORE] * 5), min_size=1, max_size=5), st.tuples(*[st.integers(0, 5)] * 5))
def test_a_score_lies_between_its_bounds(scores: list[tuple[float, ...]], given_: tuple[int, ...]) -> None:
    if not sum(given_):
        return
    weights = checked_weights(dict(zip(SCORES, map(float, given_), strict=True)))
    frame = scored(**{name: [one[place] for one in scores] for place, name in enumerate(SCORES)})
    found = weighted(frame, weights)
    for row, one in zip(found.to_dict("records"), scores, strict=True):
        low = sum(w * s for w, s in zip(given_, one, strict=True) if s == s) / sum(given_)
        lost = sum(w for w, s in zip(given_, one, strict=True) if s != s) / sum(given_)
        assert row["score_low"] == pytest.approx(low)
        assert row["score_high"] == pytest.approx(low + lost)
