"""What few people are counted on: the people of each structure, and under which agreements they left."""

from __future__ import annotations

import numpy as np
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.insertion.exits import COUNTS, exits_table, told_exits
from chaine_valeur.analysis.insertion.few_people import _people, _structures, exits_shown, share_may_be_told

LASTING, DYNAMIC = "lasting_exits", "positive_exits"


@pytest.fixture(scope="module")
def f() -> Filiere:
    """Of Un: all is said of 10, lasting jobs alone of 4; of Deux nothing but 7 exits, and parts of unknown exits."""
    return Filiere.from_tables(
        actors={"name": ["Zéro", "Un", "Deux"], "structure_kind": "ACI"},
        agreements={
            "actor_id": ["Deux", "Un", "Un", "Deux"], "year": 2024, "exits": [7, 10, 4, None],
            "lasting_exits": [None, 2, 1, 3], "transition_exits": [None, 3, None, None],
            "positive_exits": [None, 1, None, 2],
        },
    )  # fmt: skip


def test_along_the_structures_in_table_order(f: Filiere) -> None:
    of = _structures(f)
    assert exits_table(f).index.tolist() == ["un", "deux"]
    assert of.people.tolist() == [14.0, 7.0]
    # all said, lasting but not all, neither: Un 10 + 4; Deux 7 of which nothing is said
    assert of.sums.tolist() == [[10.0, 4.0, 0.0], [0.0, 0.0, 7.0]]
    assert _structures(f) is of


def test_without_exits_the_parts_speak() -> None:
    counts = np.array(
        [[5.0, 1.0, 1.0, 1.0], [0.0, 2.0, np.nan, 1.0], [np.nan, 3.0, 0.0, np.nan], [np.nan] * 4]
    )
    assert _people(counts).tolist() == [5.0, 3.0, 3.0, 0.0]


def test_told_once_and_in_the_order_of_counts(f: Filiere) -> None:
    told = told_exits(f)
    assert told_exits(f) is told and told.counts.shape == (4, len(COUNTS))
    assert told.rows.number("exits").tolist()[:3] == [7, 10, 4] and not told.contradicted.any()


def test_masks_are_those_that_are_shown(f: Filiere) -> None:
    assert exits_shown(f)["is_masked"].tolist() == [False, False]
    # the lasting share of Un is of 14 people, the dynamic one of 10 and leaves 4 out: one could be told
    shown = exits_shown(f)
    assert np.isnan(shown.loc["un", "dynamic_share"]) and shown.loc["un", "lasting_share"] == pytest.approx(
        3 / 14
    )
    # 4 people are in one share of all structures and not in the other
    assert not share_may_be_told(f, DYNAMIC)
    assert share_may_be_told(f, LASTING) and share_may_be_told(f, DYNAMIC, fewest=4)


def test_nobody_at_all() -> None:
    nobody = Filiere.from_tables(actors={"name": ["Un"]})
    assert _structures(nobody).people.shape == (0,) and _structures(nobody).sums.shape == (0, 3)
    assert share_may_be_told(nobody, DYNAMIC)
