"""Candidates for a stage, for every gap, and into the table of actors: the whole of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur import Filiere
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.planning.candidates import (
    SCORES,
    Candidates,
    as_actors,
    candidates,
    candidates_for_gaps,
)
from chaine_valeur.planning.candidates.columns import COLUMNS
from chaine_valeur.planning.candidates.result import COUNTS
from chaine_valeur.planning.correspondence import correspondence, for_stage
from tests.report.readers import plain

from .candidates_hand import (
    CLOSED,
    KM_PER_DEGREE,
    MAKER,
    NEW,
    OTHER,
    SORTER,
    THIRD,
    hand,
    listing,
    siret,
    stock,
)

HAND = hand()


def dtypes(frame: pd.DataFrame) -> dict[str, str]:
    return {str(name): str(dtype) for name, dtype in frame.dtypes.items()}


def row_of(found: Candidates, identifier: str) -> pd.Series:
    return found.frame.set_index("candidate_id").loc[identifier]


@pytest.fixture(scope="module")
def at_e() -> Candidates:
    return candidates(HAND, "e", establishments=stock(), siae=listing(), lang="en")


def test_columns_dtypes_and_ranks(at_e: Candidates) -> None:
    assert dtypes(at_e.frame) == COLUMNS
    assert at_e.frame["stage_id"].tolist() == ["e"] * len(at_e)
    assert at_e.frame["rank"].tolist() == list(range(1, len(at_e) + 1))
    assert at_e.frame["candidate_id"].is_unique
    scores = at_e.frame[[*SCORES]].to_numpy()
    assert ((scores >= 0) & (scores <= 1) | np.isnan(scores)).all()
    assert at_e.frame[["score_low", "score_high"]].isna().all(axis=None)
    assert at_e.weights is None


def test_the_order_by_hand(at_e: Candidates) -> None:
    # activity 1: the project (planned there, at Bois: nearness 1), Camille (13.10Z, nearness 1, size unknown), the new
    # establishment (0.2° = 22 km, nearness 0.57); 0.75: the workshop (its sector); 0.5: those beside, at Aval and Bois,
    # of unknown size, the sorter being an ACI before the maker
    assert at_e.frame["candidate_id"].tolist() == ["actor:projet", "actor:camille", NEW, OTHER, SORTER, MAKER]
    assert at_e.frame["activity"].tolist() == [1.0, 1.0, 1.0, 0.75, 0.5, 0.5]


def test_an_establishment_by_hand(at_e: Candidates) -> None:
    found = row_of(at_e, NEW)
    km = 0.2 * KM_PER_DEGREE
    assert found["distance_km"] == pytest.approx(km)
    # 20 employees at least, and 60 t × 4/80 jobs per tonne = 3 needed; social economy; nobody knows its ties
    assert found[[*SCORES]].tolist() == pytest.approx([1.0, 1 / (1 + km / 30), 1.0, 0.5, np.nan], nan_ok=True)
    assert found[["match", "matched", "origins"]].tolist() == ["naf", "13.10Z", "sirene"]
    assert found["reasons"] == "NAF 13.10Z, 22\u00a0km, 20 to 49 employees, social economy"
    assert found["missing"] == "whom it already works with"
    assert found[["actor_id", "recognised_by", "to_check", "status", "stages_held", "warning"]].isna().all()
    assert not found["at_stage"]


def test_the_reasons_are_in_french_as_the_issue_has_them() -> None:
    found = candidates(HAND, "e", establishments=stock(naf=["13.10Z"], latitude=[49.906]))
    # 0.306° north of Bois is 34 km
    assert row_of(found, NEW)["reasons"] == "NAF\u00a013.10Z, 34\u00a0km, 20 à 49 salariés, ESS"


def test_a_structure_by_hand(at_e: Candidates) -> None:
    found = row_of(at_e, OTHER)
    assert found[[*SCORES]].tolist() == pytest.approx([0.75, 1.0, 1.0, 1.0, np.nan], nan_ok=True)
    assert found["reasons"] == "sector “Recyclage textiles”, NAF 88.99B, on the spot, 12 employees, ACI"
    assert found["turnover_eur"] == 100_000.0
    assert np.isnan(found["economic_dependency"])  # nothing leaves E: no amount is known


def test_what_the_tables_know_by_hand(at_e: Candidates) -> None:
    project = row_of(at_e, "actor:projet")
    # 80 t foreseen of the 60 t needed
    assert project[[*SCORES]].tolist() == pytest.approx([1.0, 1.0, 1.0, np.nan, 0.25], nan_ok=True)
    assert project[["actor_id", "status", "stages_held", "origins"]].tolist() == [
        "projet",
        "planned",
        "e",
        "filiere",
    ]
    sorter = row_of(at_e, SORTER)
    # 0.5: beside; ACI; the expert works with it, and stands beside nothing: 0.75. Its 4 FTE of the tables against the
    # 60 t of E at 4 FTE for 80 t, 3 FTE
    assert sorter[[*SCORES]].tolist() == pytest.approx([0.5, 1.0, 1.0, 1.0, 0.75], nan_ok=True)
    assert plain(sorter["reasons"]) == (
        "holds “Maillon T”, on the spot, 4 FTE by the tables of the filière, ACI, already works with the filière"
    )


def test_natural_persons_are_masked(at_e: Candidates) -> None:
    assert row_of(at_e, "actor:camille")["name"] == "sole trader, name not published"
    assert "Camille Exemple" not in at_e.frame.to_csv()
    found = candidates(HAND, "e", establishments=stock(name=["Dominique Exemple"], legal_category=["1000"]))
    assert row_of(found, NEW)["name"] == "entreprise individuelle, nom non diffusé"
    assert "Dominique" not in found.frame.to_csv()


def test_a_name_that_only_looks_like_a_person_in_the_tables_is_not_told() -> None:
    found = candidates(
        HAND, "e", establishments=stock(name=["Camille Exemples"], commune_code=["76001"]), lang="en"
    )
    row = row_of(found, NEW)
    assert row["to_check"] == "camille"
    assert row["missing"].endswith("whether it is “sole trader, name not published”")


def test_counts(at_e: Candidates) -> None:
    assert at_e.counts.index.tolist() == ["e"]
    assert at_e.counts.columns.tolist() == [*COUNTS]
    assert at_e.counts.loc["e"].to_dict() == dict.fromkeys(COUNTS, 0) | {"already_actors": 4, "proposed": 6}


def test_an_actor_found_in_the_files_is_one_candidate_with_its_stage() -> None:
    found = candidates(
        HAND, "e", establishments=stock(siret=[SORTER, siret(102, 2)], name=["Trieur Scop", "Fabricant 2"])
    )
    same, other = row_of(found, SORTER), row_of(found, siret(102, 2))
    assert same[["actor_id", "recognised_by", "status", "stages_held", "origins"]].tolist() == [
        "trieur", "siret", "active", "t", "sirene;filiere",
    ]  # fmt: skip
    assert same["kind"] == "ACI"  # the stock does not tell
    assert other[["actor_id", "recognised_by", "origins"]].tolist() == ["fabricant", "siren", "sirene"]
    assert (
        found.frame["actor_id"] == "fabricant"
    ).sum() == 2  # its other establishment stays a candidate of its own
    assert found.frame["candidate_id"].is_unique


def test_the_planned_actor_found_in_the_files_keeps_what_the_tables_foresee() -> None:
    found = candidates(
        HAND, "e", establishments=stock(name=["SARL PROJET E"], commune_code=["76002"], naf=["99.99Z"])
    )
    row = row_of(found, NEW)
    assert row[["actor_id", "recognised_by", "match"]].tolist() == ["projet", "name_commune", "stage"]
    assert row["capacity_t_per_year"] == 80.0
    assert "actor:projet" not in found.frame["candidate_id"].tolist()


def test_an_establishment_that_only_has_the_siret_of_nobody_keeps_its_own_identifier() -> None:
    found = candidates(HAND, "e", establishments=stock(name=["Projets E"], commune_code=["76002"]))
    assert row_of(found, NEW)["to_check"] == "projet"
    assert pd.isna(row_of(found, NEW)["actor_id"])
    assert "actor:projet" in found.frame["candidate_id"].tolist()
    assert found.counts.loc["e", "to_check"] == 1


def test_an_actor_that_the_tables_know_to_be_closed_is_not_proposed() -> None:
    found = candidates(HAND, "e", establishments=stock(siret=[CLOSED, siret(103, 2)]))
    assert CLOSED not in found.frame["candidate_id"].tolist()
    assert siret(103, 2) in found.frame["candidate_id"].tolist()  # another establishment may well be open
    assert found.counts.loc["e", "closed"] == 1


def test_who_holds_the_stage_already_comes_last() -> None:
    found = candidates(HAND, "t", establishments=stock(siret=[SORTER, NEW], naf=["38.32Z", "38.11Z"]))
    assert found.frame["candidate_id"].tolist()[-1] == SORTER
    assert row_of(found, SORTER)["at_stage"]
    assert row_of(found, NEW)["activity"] == 0.25


def test_what_is_left_out_is_counted() -> None:
    files = stock(
        siret=[siret(400 + n) for n in range(7)],
        naf=["13.10Z", "62.01Z", "13.10Z", "13.10Z", "13.10Z", "13.10Z", None],
        latitude=[49.6, 49.6, 50.6, None, 49.6, 49.6, 49.6],
        active=[True, True, True, True, False, True, True],
        employer=[True, True, True, True, True, False, True],
    )
    found = candidates(HAND, "e", establishments=files, most_km=50, most=4)
    counts = found.counts.loc["e"]
    # one closed, one without employees, one of another activity, one 111 km away; the one of unknown place and the one
    # of unknown activity stay: these two, the first, and four actors of the tables
    assert counts[
        ["closed", "not_employing", "other_activity", "too_far", "beyond", "proposed"]
    ].tolist() == [1, 1, 1, 1, 3, 4]
    assert len(found) == 4
    whole = candidates(HAND, "e", establishments=files, most_km=50)
    assert whole.frame["candidate_id"].tolist()[-1] == siret(406)  # nobody knows what it does
    assert found.frame["candidate_id"].tolist() == whole.frame["candidate_id"].tolist()[:4]


def test_without_an_activity_to_look_for_the_files_are_left_aside() -> None:
    found = candidates(HAND, "f", establishments=stock(), siae=listing(), lang="en")
    assert set(found.frame["origins"]) == {"filiere"}
    # two of the files, and the candidate actor, whose code says nothing of F
    assert found.counts.loc["f", "unsought"] == 3
    assert any(note.startswith("Nothing says what to look for at “Maillon F”") for note in found.notes)


def test_the_filiere_alone() -> None:
    found = candidates(HAND, "e")
    assert found.frame["candidate_id"].tolist() == ["actor:projet", "actor:camille", SORTER, MAKER]


@pytest.mark.parametrize("stage", ["e", "g"])
def test_nobody_at_all_is_a_frame_in_the_same_columns(stage: str) -> None:
    f = Filiere.from_tables(
        actors={"name": ["Ménages"], "actor_type": ["diffuse"]},
        stages={"stage_id": ["e", "g"], "name": ["Maillon E", "Maillon G"], "naf": ["13.10Z", None]},
    )
    found = candidates(f, stage, establishments=stock().iloc[:0], siae=listing().iloc[:0])
    assert len(found) == 0
    assert dtypes(found.frame) == COLUMNS
    assert found.counts.loc[stage].sum() == 0


def test_the_same_question_has_the_same_answer_in_any_order_of_the_rows() -> None:
    files = stock(
        siret=[siret(500 + n) for n in range(12)],
        size_low=[float(n % 3) for n in range(1, 13)],
        ess=[True, False, None] * 4,
    )
    once = candidates(HAND, "e", establishments=files, siae=listing())
    shuffled = files.sample(frac=1.0, random_state=5)
    again = candidates(HAND, "e", establishments=shuffled, siae=listing())
    pd.testing.assert_frame_equal(once.frame, again.frame)
    assert once.notes == again.notes


def test_nothing_given_is_changed() -> None:
    f, files, structures = hand(), stock(), listing()
    kept = f.actors.copy(), files.copy(), structures.copy()
    candidates(f, "e", establishments=files, siae=structures, weights={"size": 1})
    assert f == hand()
    pd.testing.assert_frame_equal(f.actors, kept[0])
    pd.testing.assert_frame_equal(files, kept[1])
    pd.testing.assert_frame_equal(structures, kept[2])


def test_the_answer_of_the_correspondence_or_its_table_do() -> None:
    plain = candidates(HAND, "e", establishments=stock())
    for told in (for_stage(HAND, "e"), correspondence()):
        pd.testing.assert_frame_equal(
            plain.frame, candidates(HAND, "e", establishments=stock(), correspondence=told).frame
        )


# -- weights and dependency ----------------------------------------------------------------------------


def test_weights_merge_and_are_told() -> None:
    found = candidates(HAND, "e", establishments=stock(), weights={"activity": 1, "ties": 1}, lang="en")
    # unknown ties: from (1 + 0) / 2 to (1 + 1) / 2
    assert row_of(found, NEW)[["score_low", "score_high"]].tolist() == [0.5, 1.0]
    assert row_of(found, SORTER)[["score_low", "score_high"]].tolist() == [0.625, 0.625]
    lows = found.frame["score_low"].tolist()
    assert lows == sorted(lows, reverse=True)
    assert any("activity 50%, nearness 0%" in note and "ties 50%" in note for note in found.notes)


def test_a_dependency_above_the_threshold_is_warned() -> None:
    found = candidates(
        HAND,
        "e",
        siae=listing(siret=[OTHER, THIRD], turnover_eur=[100_000.0, None]),
        amount_eur=31_000,
        lang="en",
    )
    known, unknown = row_of(found, OTHER), row_of(found, THIRD)
    assert known["economic_dependency"] == pytest.approx(0.31)
    assert known["warning"].startswith("The amount would be 31% of its turnover, above 30%")
    assert np.isnan(unknown["economic_dependency"])
    assert pd.isna(unknown["warning"])
    assert "its turnover" in unknown["missing"]
    at_limit = candidates(HAND, "e", siae=listing(), amount_eur=30_000)
    assert row_of(at_limit, OTHER)["economic_dependency"] == pytest.approx(0.30)
    assert pd.isna(row_of(at_limit, OTHER)["warning"])


def test_dependency_is_of_siae() -> None:
    found = candidates(HAND, "e", siae=listing(kind=["EA"]), amount_eur=90_000)
    assert np.isnan(row_of(found, OTHER)["economic_dependency"])


def test_the_amount_is_by_default_what_leaves_the_stage() -> None:
    f = hand(flows={"source": ["trieur"], "source_stage": ["t"], "target": ["fabricant"], "target_stage": ["f"],
                    "amount_eur_per_year": [45_000.0]})  # fmt: skip
    found = candidates(f, "t", siae=listing(naf=["38.32Z"]), lang="en")
    assert row_of(found, OTHER)["economic_dependency"] == pytest.approx(0.45)
    assert any("a contract of 45,000\u00a0€/year against" in note for note in found.notes)


# -- arguments -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"stage_id": "x"}, UnknownNameError, "no stage 'x'"),
        ({"most": 0}, ArgumentError, "most=0"),
        ({"most": True}, ArgumentError, "most=True"),
        ({"most": 2.5}, ArgumentError, "most=2.5"),
        ({"most_km": -1}, ArgumentError, "most_km=-1"),
        ({"most_km": float("nan")}, ArgumentError, "most_km=nan"),
        ({"amount_eur": -5}, ArgumentError, "amount_eur=-5"),
        ({"weights": {"siz": 1}}, UnknownNameError, "did you mean: size"),
        ({"near": "here"}, UnknownNameError, "near='here'"),
        ({"lang": "de"}, UnknownNameError, "lang='de'"),
        ({"establishments": pd.DataFrame({"siren": ["1"]})}, UnknownNameError, "pas de colonne « siret »"),
        ({"siae": pd.DataFrame({"kind": ["ACI"]})}, UnknownNameError, "pas de colonne « name »"),
    ],
)
def test_what_cannot_be_asked_is_named(asked: dict[str, Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        candidates(HAND, **({"stage_id": "e"} | asked))


# -- gaps ----------------------------------------------------------------------------------------------


def test_every_gap_in_the_order_of_the_findings() -> None:
    f = cv.datasets.load("exemple_complet")
    found = candidates_for_gaps(f, most=3)
    gaps = cv.gaps.find(f)
    kinds = ["missing_stage", "stage_outside_only", "single_actor_stage"]
    stages = gaps.loc[gaps["kind"].isin(kinds), "stage_id"].unique().tolist()
    assert found.frame.columns[0] == "stage_id"
    assert found.frame["stage_id"].unique().tolist() == stages
    assert found.counts.index.tolist() == stages
    assert dtypes(found.frame) == COLUMNS
    for stage in stages:
        alone = candidates(f, stage, most=3)
        part = found.frame[found.frame["stage_id"] == stage].reset_index(drop=True)
        pd.testing.assert_frame_equal(part, alone.frame)
        assert set(alone.notes) <= set(found.notes)
    assert len(set(found.notes)) == len(found.notes)


def test_some_kinds_of_gaps_only() -> None:
    f = cv.datasets.load("exemple_complet")
    assert candidates_for_gaps(f, kinds=["missing_stage"]).counts.index.tolist() == ["effilochage"]
    with pytest.raises(UnknownNameError, match="did you mean: missing_stage"):
        candidates_for_gaps(f, kinds=["missing_stages"])


def test_without_a_gap_nothing_in_the_same_columns() -> None:
    f = Filiere.from_tables(actors={"name": ["Seul"]})
    found = candidates_for_gaps(f, establishments=stock(), siae=listing())
    assert len(found) == 0
    assert dtypes(found.frame) == COLUMNS
    assert found.counts.shape == (0, len(COUNTS))
    assert found.notes == ()


# -- entering ------------------------------------------------------------------------------------------


def test_chosen_candidates_as_rows_of_actors(at_e: Candidates) -> None:
    rows = as_actors(at_e, [OTHER, NEW, OTHER], lang="en")
    assert rows["name"].tolist() == ["Atelier Textile", "Fibres Neuves"]
    assert rows["siret"].tolist() == [OTHER, NEW]
    assert rows["structure_kind"].fillna("").tolist() == ["ACI", ""]
    assert rows["status"].tolist() == ["candidate"] * 2
    assert rows["confidence"].tolist() == ["hypothesis"] * 2
    assert rows["hypothesis"].tolist() == ["Could hold e; not asked yet."] * 2
    assert rows["note"].tolist() == ["Found in: listing of insertion structures.", "Found in: SIRENE stock."]
    assert rows["source_id"].isna().all()
    more = HAND.with_rows("actors", rows)
    assert more.actors.loc[["atelier-textile", "fibres-neuves"], "status"].tolist() == ["candidate"] * 2
    assert more.actors.loc["fibres-neuves", "latitude"] == 49.8
    # it counts for nothing, and is found again as an actor
    assert cv.gaps.stage_coverage(more) == cv.gaps.stage_coverage(HAND)
    again = candidates(more, "e", establishments=stock(), siae=listing())
    assert row_of(again, NEW)[["actor_id", "status"]].tolist() == ["fibres-neuves", "candidate"]
    assert hand() == HAND


def test_the_frame_alone_does(at_e: Candidates) -> None:
    pd.testing.assert_frame_equal(as_actors(at_e, NEW), as_actors(at_e.frame, [NEW]))


def test_none_chosen_is_no_row_in_the_same_columns(at_e: Candidates) -> None:
    none, one = as_actors(at_e, []), as_actors(at_e, NEW)
    assert len(none) == 0
    assert dtypes(none) == dtypes(one)


def test_sources_by_origin(at_e: Candidates) -> None:
    rows = as_actors(at_e, [NEW, OTHER], source_id={"sirene": "insee"})
    assert rows["source_id"].fillna("").tolist() == ["insee", ""]
    assert as_actors(at_e, [NEW, OTHER], source_id="insee")["source_id"].tolist() == ["insee"] * 2


def test_one_proposed_for_two_stages_is_one_actor() -> None:
    found = candidates(HAND, "e", establishments=stock(), lang="en")
    other = candidates(HAND, "t", establishments=stock(naf=["38.32Z"]), lang="en")
    rows = as_actors(pd.concat([found.frame, other.frame], ignore_index=True), NEW, lang="en")
    assert rows["hypothesis"].tolist() == ["Could hold e and t; not asked yet."]


def test_another_establishment_is_part_of_its_enterprise_and_has_a_name_of_its_own() -> None:
    second = siret(102, 2)
    found = candidates(HAND, "e", establishments=stock(siret=[second], name=["Fabricant"]))
    rows = as_actors(found, second)
    assert rows["name"].tolist() == [f"Fabricant ({second})"]
    more = HAND.with_rows("actors", rows)
    assert more.actors.loc[more.actors["siret"] == second, "part_of"].tolist() == ["fabricant"]


def test_sole_traders_are_told_apart_without_a_name() -> None:
    files = stock(siret=[NEW, THIRD], legal_category=["1000"] * 2, natural_person=[True] * 2)
    rows = as_actors(candidates(HAND, "e", establishments=files), [NEW, THIRD])
    assert rows["name"].is_unique
    assert rows["natural_person"].tolist() == [True, True]
    assert len(HAND.with_rows("actors", rows).actors) == len(HAND.actors) + 2


def test_who_cannot_be_entered_is_named(at_e: Candidates) -> None:
    with pytest.raises(UnknownNameError, match="« nobody »"):
        as_actors(at_e, ["nobody"])
    with pytest.raises(ArgumentError, match="déjà l’acteur « projet »"):
        as_actors(at_e, "actor:projet")
    with pytest.raises(UnknownNameError, match="pas de colonne « candidate_id »"):
        as_actors(stock(), NEW)


def test_neither_its_status_nor_its_ties_make_an_actor_of_the_tables_a_candidate() -> None:
    # a school that works with the sorter and that somebody thought of: nothing says that it could hold E
    actors = HAND.actors.reset_index()
    school = {
        "actor_id": "lycee", "name": "Lycée", "actor_type": "organisation", "structure_kind": "research",
        "roles": "expert", "commune_code": "76001", "status": "candidate",
    }  # fmt: skip
    ties = {"actor_id": ["lycee"], "to_actor_id": ["trieur"], "kind": ["research"]}

    def found(**known: str) -> Candidates:
        rows = pd.concat([actors, pd.DataFrame([school | known])], ignore_index=True)
        return candidates(hand(actors=rows, cooperations=ties), "e", lang="en")

    alone = found()
    assert "lycee" not in set(alone.frame["actor_id"])
    assert alone.counts.loc["e", "activity_unknown"] == 1
    assert any(
        "1 of the tables with neither a stage nor a code that tells what it does" in note
        for note in alone.notes
    )
    # with the code of the stage it is one; with that of its school it is known to do something else
    assert "lycee" in set(found(naf="13.10Z").frame["actor_id"])
    assert (
        found(naf="85.32Z").counts.loc["e", "other_activity"] == alone.counts.loc["e", "other_activity"] + 1
    )
