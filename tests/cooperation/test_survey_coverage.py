"""Whom the survey reached."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from chaine_valeur.analysis.cooperation.survey.coverage import survey_coverage
from chaine_valeur.filiere import Filiere
from tests.cooperation.hand import by_hand, nobody_asked
from tests.cooperation.random_filiere import random_filiere
from tests.cooperation.test_survey_scores import TABLES

COLUMNS = ["group", "group_label", "partners", "asked", "share", "rating_trust", "rating_value"]


def test_by_hand() -> None:
    """Seven partners: the diffuse actor and the one that has closed do not count. Mairie and Relais were asked."""
    found = survey_coverage(by_hand(), lang="en")
    assert list(found.columns) == COLUMNS
    assert found["group"].tolist() == ["all", "enterprise", "elected", "ess", "expertise"]
    assert found["group_label"].tolist()[:2] == ["All partners", "Enterprises"]
    assert found["partners"].tolist() == [7, 2, 2, 2, 1]
    assert found["asked"].tolist() == [2, 0, 1, 1, 0]
    np.testing.assert_allclose(found["share"], [2 / 7, 0, 1 / 2, 1 / 2, 0])
    assert found[["rating_trust", "rating_value"]].sum().tolist() == [0, 0]  # it works without a score
    assert survey_coverage(by_hand())["group_label"].tolist()[0] == "Tous les partenaires"


def test_who_gives_scores() -> None:
    found = survey_coverage(Filiere.from_tables(**TABLES)).set_index("group")
    assert found["rating_trust"].to_dict() == {"all": 4, "ess": 2, "enterprise": 1, "elected": 1}
    assert found["rating_value"].to_dict() == {"all": 2, "ess": 1, "enterprise": 1, "elected": 0}


def test_other_blocks_and_years() -> None:
    found = survey_coverage(by_hand(), group="commune")
    assert found["partners"].tolist()[0] == found["partners"].iloc[1:].sum() == 7
    assert found["group"].iloc[-1] is None or found["group"].isna().iloc[-1]  # those of no known commune
    assert survey_coverage(by_hand(), year=2020)["asked"].tolist()[0] == 2
    assert survey_coverage(nobody_asked())["share"].tolist() == [0] * 5


def test_nobody() -> None:
    closed = Filiere.from_tables(actors={"name": ["A"], "status": ["closed"]})
    found = survey_coverage(closed)
    assert found[["group", "partners", "asked"]].values.tolist() == [["all", 0, 0]]
    assert found["share"].isna().all()
    assert survey_coverage(nx.Graph())["partners"].tolist() == [0]


def test_graphs() -> None:
    graph = nx.DiGraph([("a", "b", {"trust": 3}), ("b", "c", {})])
    assert survey_coverage(graph)[["group", "partners", "asked", "rating_trust"]].values.tolist() == [
        ["all", 3, 3, 1]
    ]
    nx.set_node_attributes(graph, {"a": "x", "b": "y"}, "team")
    found = survey_coverage(graph, group="team", lang="en")
    assert found["group_label"].tolist() == ["All partners", "x", "y", "Not stated"]
    assert found["rating_trust"].tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("seed", range(3))
def test_by_a_plain_loop(seed: int) -> None:
    rows = random_filiere(seed)
    found = survey_coverage(rows.f).set_index("group")
    poles = {str(row["actor_id"]): row["pole"] for row in rows.actors}
    assert found.loc["all", ["partners", "asked"]].tolist() == [
        len(rows.partners), len(rows.asked & set(rows.partners)),
    ]  # fmt: skip
    for pole in {poles[name] for name in rows.partners} - {None}:
        members = {name for name in rows.partners if poles[name] == pole}
        assert found.loc[pole, "partners"] == len(members)
        assert found.loc[pole, "share"] == pytest.approx(len(members & rows.asked) / len(members))
