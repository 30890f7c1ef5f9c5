"""Who is already an actor: by SIRET, SIREN, name and commune; what only looks like one is offered, not merged."""

from __future__ import annotations

import importlib
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.planning.candidates import resolve
from chaine_valeur.planning.candidates.closeness import close_pairs
from chaine_valeur.planning.candidates.resolving import CLOSE, bare_name

from .candidates_hand import NEW, SORTER, hand, siret

COLUMNS = ["actor_id", "recognised_by", "to_check", "status", "stages_held"]


def one(f: Filiere, **row: Any) -> list[Any]:
    """What `resolve` says of one row, unknown as None."""
    told = resolve(f, pd.DataFrame({name: [value] for name, value in row.items()}))
    return [None if pd.isna(value) else value for value in told.iloc[0]]


def test_columns_index_and_dtypes_are_those_of_the_frame_given() -> None:
    frame = pd.DataFrame({"siret": [NEW, SORTER]}, index=["x", "y"])
    told = resolve(hand(), frame)
    assert told.columns.tolist() == COLUMNS
    assert told.index.tolist() == ["x", "y"]
    assert set(map(str, told.dtypes)) == {"str"}
    assert told["actor_id"].isna().tolist() == [True, False]


@pytest.mark.parametrize("frame", [pd.DataFrame({"siret": []}), pd.DataFrame({"siret": [], "name": []})])
def test_a_frame_without_rows(frame: pd.DataFrame) -> None:
    told = resolve(hand(), frame)
    assert told.columns.tolist() == COLUMNS
    assert len(told) == 0
    assert set(map(str, told.dtypes)) == {"str"}


def test_a_frame_that_says_nothing() -> None:
    assert resolve(hand(), pd.DataFrame({"other": [1, 2]})).isna().all(axis=None)


def test_the_same_siret_is_the_same_establishment() -> None:
    assert one(hand(), siret=SORTER, name="Autre nom") == ["trieur", "siret", None, "active", "t"]


def test_the_same_siren_is_another_establishment_of_the_enterprise() -> None:
    assert one(hand(), siret=siret(101, 2)) == ["trieur", "siren", None, "active", "t"]
    assert one(hand(), siren="000000101") == ["trieur", "siren", None, "active", "t"]


def test_of_several_actors_of_a_siren_the_one_in_the_same_commune() -> None:
    f = hand(
        actors={
            "actor_id": ["a", "b"],
            "name": ["A", "B"],
            "siret": [siret(9, 1), siret(9, 2)],
            "commune_code": ["76001", "76002"],
        },
        activities=None,
        cooperations=None,
    )
    assert one(f, siret=siret(9, 3), commune_code="76002")[:2] == ["b", "siren"]
    assert one(f, siret=siret(9, 3), commune_code="76009")[:2] == ["a", "siren"]  # the first in the table
    assert one(f, siret=siret(9, 3))[:2] == ["a", "siren"]
    assert one(f, siret=siret(9, 2), commune_code="76001")[:2] == [
        "b",
        "siret",
    ]  # the number before the place


@pytest.mark.parametrize(
    "row",
    [
        {"name": "PROJET E", "commune_code": "76002"},
        {"name": "Sarl Projet-E", "commune_code": "76002"},
        {"name": "Enseigne", "legal_name": "ASSOCIATION PROJET E", "commune_code": "76002"},
        {"name": "projet é", "commune_name": "BOIS"},
        {"name": "X", "workshops": "Y;Projet E", "commune_code": "76002"},
        {"name": "Projet E", "siret": NEW, "commune_code": "76002"},  # the actor has no SIRET that denies it
    ],
)
def test_the_same_name_in_the_same_commune(row: dict[str, str]) -> None:
    assert one(hand(), **row) == ["projet", "name_commune", None, "planned", "e"]


@pytest.mark.parametrize(
    "row",
    [
        {"name": "Projet E"},  # nobody knows where it is
        {"name": "Projet E", "commune_code": "76500"},  # elsewhere: perhaps another establishment
        {"name": "Projets E", "commune_code": "76002"},  # close
        {"name": "Le Projet E", "commune_name": "Bois"},
    ],
)
def test_what_only_looks_like_an_actor_is_to_be_checked(row: dict[str, str]) -> None:
    assert one(hand(), **row) == [None, None, "projet", None, None]


def test_a_close_name_in_another_commune_is_nobody() -> None:
    assert one(hand(), name="Projets E", commune_code="76500") == [None] * 5


def test_a_siren_that_differs_denies_a_name() -> None:
    assert one(hand(), name="Le Trieur", siret=NEW, commune_code="76001") == [
        None,
        None,
        "trieur",
        None,
        None,
    ]


def test_codes_of_communes_are_believed_before_their_names() -> None:
    # two communes may share a name
    assert one(hand(), name="Projet E", commune_code="14001", commune_name="Bois")[0] is None


def test_two_rows_of_one_name_are_not_both_the_actor() -> None:
    frame = pd.DataFrame(
        {"siret": [NEW, siret(202)], "name": ["Projet E", "SAS Projet E"], "commune_code": ["76002"] * 2}
    )
    told = resolve(hand(), frame)
    assert told["actor_id"].isna().all()
    assert told["to_check"].tolist() == ["projet", "projet"]


def test_a_row_of_the_name_of_two_actors_is_neither() -> None:
    f = Filiere.from_tables(
        actors={
            "actor_id": ["a", "b"],
            "name": ["Atelier", "Association Atelier"],
            "commune_code": ["76001", "76001"],
        }
    )
    assert one(f, name="ATELIER", commune_code="76001") == [None, None, "a;b", None, None]


def test_an_actor_known_by_its_number_is_not_another_row_as_well() -> None:
    f = hand()
    frame = pd.DataFrame(
        {"siret": [SORTER, None], "name": ["Tri", "Le Trieur"], "commune_code": ["76001", "76001"]}
    )
    told = resolve(f, frame)
    assert told["actor_id"].fillna("").tolist() == ["trieur", ""]
    assert told["to_check"].fillna("").tolist() == ["", "trieur"]


def test_stages_held_are_all_of_them() -> None:
    f = hand(
        activities={
            "actor_id": ["trieur", "trieur", "trieur"],
            "stage_id": ["t", "e", "t"],
            "year": [2023, 2023, 2024],
        }
    )
    assert one(f, siret=SORTER)[4] == "t;e"
    assert one(f, name="Bureau Savant", commune_code="76999")[:2] == ["expert", "name_commune"]
    assert one(f, name="Bureau Savant", commune_code="76999")[4] is None


def test_a_filiere_without_what_is_compared() -> None:
    f = Filiere.from_tables(actors={"name": ["Seul"]})
    assert one(f, name="Seul", siret=NEW, commune_code="76001") == [None, None, "seul", None, None]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("S.A.R.L. Le Trieur", "le trieur"),
        ("Le Trieur (SCOP)", "le trieur"),
        ("ASSOCIATION  Entr’aide", "entr aide"),
        ("SAS", "sas"),
        ("L’Atelier", "l atelier"),
        ("Société A.B.C. Tri", "abc tri"),
    ],
)
def test_names_as_they_compare(name: str, bare: str) -> None:
    assert bare_name(name) == bare


# -- closeness -----------------------------------------------------------------------------------------


def dice(a: str, b: str) -> float:
    """The coefficient, by sets of slices."""
    pieces = [{f" {name} "[at : at + 3] for at in range(len(name))} for name in (a, b)]
    return 2 * len(pieces[0] & pieces[1]) / (len(pieces[0]) + len(pieces[1]))


def test_the_coefficient_by_hand() -> None:
    # « tri » : ␣tr, tri, ri␣ ; « tris » : ␣tr, tri, ris, is␣ ; 2 × 2 / (3 + 4) = 0.571
    assert dice("tri", "tris") == pytest.approx(4 / 7)
    for least, found in ((0.57, [[0], [0]]), (0.58, [[], []])):
        assert [place.tolist() for place in close_pairs(["tri"], ["tris"], least=least)] == found


def test_nothing_is_close_to_nothing() -> None:
    for pair in (([], ["a"]), (["a"], []), ([], [])):
        assert [place.tolist() for place in close_pairs(*pair, least=0.5)] == [[], []]


WORDS = st.text(alphabet="abé ", min_size=1, max_size=7).map(str.strip).filter(bool)


@settings(max_examples=40)
@given(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6), st.sampled_from([0.3, 0.5, CLOSE, 1.0]))
def test_close_pairs_are_those_of_a_plain_loop(names: list[str], others: list[str], least: float) -> None:
    row, column = close_pairs(names, others, least=least)
    expected = [
        (i, j) for i, a in enumerate(names) for j, b in enumerate(others) if dice(a, b) >= least - 1e-9
    ]
    assert list(zip(row.tolist(), column.tolist(), strict=True)) == expected


def test_blocks_do_not_change_what_is_close(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = random.Random(3)
    names = ["".join(drawn.choices("abcd ", k=6)).strip() or "a" for _ in range(30)]
    whole = close_pairs(names, names[:10], least=0.4)
    # a function of the face bears the name of the room: its module is asked for by name
    monkeypatch.setattr(importlib.import_module(close_pairs.__module__), "_AT_ONCE", 7)
    parts = close_pairs(names, names[:10], least=0.4)
    assert all(np.array_equal(a, b) for a, b in zip(whole, parts, strict=True))
    assert len(whole[0]) > 10


# -- a referee -----------------------------------------------------------------------------------------

NAMES = ["Tri Val", "SARL Tri Val", "Tri-Vale", "Filature", "Ouate"]
COMMUNES = [None, "76001", "76002"]
NUMBERS = [None, siret(1, 1), siret(1, 2), siret(2, 1)]


def judged(actors: list[tuple[Any, ...]], rows: list[tuple[Any, ...]]) -> list[tuple[str | None, str | None]]:
    """The rules of `resolve` as a plain loop: actor and how, of rows and actors (name, commune, SIRET)."""
    found: list[tuple[str | None, str | None]] = []
    for _, commune, number in rows:
        same = [f"a{n}" for n, actor in enumerate(actors) if number is not None and actor[2] == number]
        kin = [
            (actor[1] is not None and actor[1] == commune, -n)
            for n, actor in enumerate(actors)
            if number is not None and actor[2] is not None and actor[2][:9] == number[:9]
        ]
        if same:
            found.append((same[0], "siret"))
        elif kin:
            found.append((f"a{-max(kin)[1]}", "siren"))
        else:
            found.append((None, None))
    taken = {actor for actor, how in found if how == "siret"}
    pairs = [
        (i, n)
        for i, (name, commune, number) in enumerate(rows)
        for n, actor in enumerate(actors)
        if found[i][0] is None
        and f"a{n}" not in taken
        and bare_name(name) == bare_name(actor[0])
        and commune is not None
        and commune == actor[1]
        and (number is None or actor[2] is None or number[:9] == actor[2][:9])
    ]
    for i, n in pairs:
        if sum(i == other for other, _ in pairs) == 1 and sum(n == other for _, other in pairs) == 1:
            found[i] = (f"a{n}", "name_commune")
    return found


THINGS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(COMMUNES), st.sampled_from(NUMBERS)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25)
@given(THINGS, THINGS)
def test_as_a_plain_loop_would_judge(actors: list[tuple[Any, ...]], rows: list[tuple[Any, ...]]) -> None:
    seen: set[str] = set()
    actors = [one for one in actors if not (one[0] in seen or seen.add(one[0]))]  # a name is a key
    f = Filiere.from_tables(
        strict=False,
        actors={
            "actor_id": [f"a{n}" for n in range(len(actors))],
            "name": [one[0] for one in actors],
            "commune_code": [one[1] for one in actors],
            "siret": [one[2] for one in actors],
        },
    )
    frame = pd.DataFrame(rows, columns=["name", "commune_code", "siret"])
    told = resolve(f, frame)
    got = [
        (None if pd.isna(a) else a, None if pd.isna(how) else how)
        for a, how in zip(told["actor_id"], told["recognised_by"], strict=True)
    ]
    assert got == judged(actors, rows)
    assert not (told["actor_id"].notna() & told["to_check"].notna()).any()
