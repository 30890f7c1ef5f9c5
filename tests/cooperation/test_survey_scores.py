"""What actors say of one another: trust and value, in all, between poles, and actor by actor."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.survey.between_poles import (
    score_by_pole,
    trust_by_pole,
    value_by_pole,
)
from chaine_valeur.analysis.cooperation.survey.ratings import ratings_of
from chaine_valeur.analysis.cooperation.survey.scores import (
    score_by_actor,
    trust,
    trust_by_actor,
    trust_measure,
    value_by_actor,
    value_score,
    value_score_measure,
)
from chaine_valeur.errors import ArgumentError
from chaine_valeur.filiere import Filiere

#: rater, rated, kind, state, trust, value, until
ROWS = [
    ("A", "B", "support", "observed", 4, 3, None),
    ("A", "B", "research", "observed", 2, None, None),  # parallel: A trusts B at 3
    ("B", "A", "support", "observed", 1, None, None),
    ("C", "B", "joint_project", "observed", 2, 4, None),  # B says nothing of C
    ("C", "D", "joint_project", "observed", None, None, None),
    ("D", "A", "support", "observed", 4, None, None),  # A says nothing of D
    ("D", "B", "support", "absent", 1, None, None),  # no tie: no partner is rated
    ("D", "C", "support", "observed", 1, None, 2019),  # has ended
    ("E", "A", "support", "observed", 1, None, None),  # a diffuse actor is no partner
]
FIELDS = ["actor_id", "to_actor_id", "kind", "state", "trust", "value_score", "until"]
TABLES: dict[str, Any] = {
    "filiere": {"name": ["Notes"], "reference_year": [2022]},
    "actors": {
        "actor_id": list("ABCDE"),
        "name": list("ABCDE"),
        "actor_type": [None] * 4 + ["diffuse"],
        "pole": ["ess", "ess", "enterprise", "elected", None],
        "surveyed_on": ["2022-01-01", "2022-01-01", None, None, None],
    },
    "cooperations": {
        "cooperation_id": [f"c{number}" for number in range(1, len(ROWS) + 1)],
        **{field: [row[place] for row in ROWS] for place, field in enumerate(FIELDS)},
    },
}


@pytest.fixture(scope="module")
def f() -> Filiere:
    return Filiere.from_tables(**TABLES)


def test_in_all(f: Filiere) -> None:
    """A→B 3, B→A 1, C→B 2, D→A 4: 10 over 4. Four ties await eight: B→C, C→D, D→C, A→D are missing."""
    assert trust(f) == 2.5
    found = trust_measure(f, lang="en")
    assert (found.numerator, found.denominator, found.n_unknown, found.unit) == (10, 4, 4, "1-4")
    assert (found.low, found.high) == ((10 + 4) / 8, (10 + 16) / 8)
    assert found.rows == {"cooperations": ("c1", "c2", "c3", "c4", "c6")}
    assert found.note == "4 scores; awaited from actors who were asked: 2, from others: 2"
    assert "attendues d’acteurs interrogés\u00a0: 2" in trust_measure(f).note
    assert trust(f, kind="support", fewest=1) == pytest.approx((4 + 1 + 4) / 3)
    assert trust(f, actors=["A", "B", "C"], fewest=1) == 2
    assert trust(f, year=2019, fewest=1) == pytest.approx((10 + 1) / 5)


def test_too_few_stand_behind(f: Filiere) -> None:
    found = value_score_measure(f)  # A→B 3, C→B 4
    assert found.note == "non montrée\u00a0: donnée par moins de 3 acteurs"
    assert all(math.isnan(each) for each in (found.value, found.low, found.high, found.numerator))
    single = value_score_measure(f, fewest=2, lang="en")
    assert math.isnan(single.value) and single.note == "not shown: about a single actor"
    assert math.isnan(value_score(f))
    none = trust_measure(Filiere.from_tables(actors={"name": ["A", "B"]}), lang="en")
    assert math.isnan(none.value) and none.note == "no score given" and none.n_unknown == 0
    silent = trust_measure(nx.path_graph(3), lang="en")
    assert silent.note == "no score given" and silent.n_unknown == 4


def test_by_actor(f: Filiere) -> None:
    found = trust_by_actor(f)
    expected = pd.DataFrame(
        {
            "mean": [(1 + 4) / 2, (3 + 2) / 2, np.nan, np.nan],
            "raters": [2, 2, 0, 0],
            "silent_asked": [0, 0, 1, 1],  # B of C, A of D
            "silent_not_asked": [0, 0, 1, 1],  # D of C, C of D
            "low": [2.5, 2.5, 1, 1],
            "high": [2.5, 2.5, 4, 4],
            "given": [1, 1, 1, 1],
            "confidentiality": ["internal"] * 4,
        },
        index=pd.Index(list("ABCD"), name="actor_id"),
    )
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_index_type=False)
    value = value_by_actor(f)
    assert value.loc["B", "mean"] == 3.5 and value["given"].tolist() == [1, 0, 1, 0]
    pd.testing.assert_frame_equal(score_by_actor(f, score="value_score"), value)


def test_by_pole(f: Filiere) -> None:
    shown = trust_by_pole(f, fewest=1, lang="en")
    # ess→ess: A→B 3, B→A 1; enterprise→ess: C→B; elected→ess: D→A
    assert shown[["group", "to_group", "raters", "scores"]].values.tolist() == [
        ["enterprise", "ess", 1, 1], ["elected", "ess", 1, 1], ["ess", "ess", 2, 2],
    ]  # fmt: skip
    np.testing.assert_allclose(shown["mean"], [np.nan, np.nan, 2])
    assert shown["note"].tolist() == ["not shown: about a single actor"] * 2 + [""]
    assert shown["group_label"].tolist()[0] == "Enterprises"
    masked = trust_by_pole(f)
    assert masked["mean"].isna().all()
    assert set(masked["note"]) == {"non montrée\u00a0: donnée par moins de 3 acteurs"}
    assert value_by_pole(f, fewest=1)["mean"].isna().all()
    assert trust_by_pole(Filiere.from_tables(actors={"name": ["A"]})).empty


def scored(cells: list[tuple[str, str, float]]) -> nx.DiGraph:
    """Return a graph of scores; the letter of a node is its pole."""
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(cells, weight="trust")
    nx.set_node_attributes(graph, {node: node[0] for node in graph}, "pole")
    return graph


def test_a_masked_mean_does_not_follow_from_the_others() -> None:
    many = [(f"x{rater}", f"y{rated}", 3.0) for rater in range(5) for rated in range(2)]
    some = [(f"y{rater}", f"x{rater}", 2.0) for rater in range(4)]
    few = [("z0", "x0", 1.0), ("z1", "x1", 1.0)]
    found = score_by_pole(scored(many + some + few), lang="en").set_index(["group", "to_group"])
    assert found.loc[("z", "x"), "note"] == "not shown: given by fewer than 3 actors"
    # alone masked, it would be the total less the two others: that with fewest raters goes too
    assert found.loc[("y", "x"), "note"] == "not shown, so that another mean cannot be told"
    assert math.isnan(found.loc[("y", "x"), "mean"])
    assert found.loc[("x", "y"), "mean"] == 3
    # two masked ones, of two raters together: still too few
    few = [("z0", "x0", 1.0), ("z0", "y0", 1.0), ("z1", "x1", 1.0), ("z1", "y1", 1.0)]
    found = score_by_pole(scored(many + some + few), lang="en").set_index(["group", "to_group"])
    assert found["mean"].notna().sum() == 1
    # enough of them: nothing else is masked
    few = [("z0", "x0", 1.0), ("z1", "x1", 1.0), ("w0", "x0", 1.0), ("w1", "x1", 1.0)]
    found = score_by_pole(scored(many + some + few), lang="en").set_index(["group", "to_group"])
    assert found["mean"].notna().sum() == 2


def test_graphs() -> None:
    shared = nx.Graph([("a", "b", {"trust": 2}), ("b", "c", {"trust": 4}), ("c", "c", {"trust": 1})])
    assert trust(shared) == 3  # each says it of the other; oneself does not count
    assert trust_by_actor(shared)["mean"].tolist() == [2, 3, 4]
    one_way = nx.DiGraph([("a", "b", {"trust": 2}), ("b", "c", {"trust": None}), ("a", "c", {})])
    assert trust_by_actor(one_way)["raters"].tolist() == [0, 1, 0]
    assert score_by_actor(one_way, score="esteem")["mean"].isna().all()
    with pytest.raises(ArgumentError, match="a trust of 5: scores go from 1 to 4"):
        trust(nx.DiGraph([("a", "b", {"trust": 5})]))
    assert score_by_actor(nx.Graph()).empty


def test_errors(f: Filiere) -> None:
    with pytest.raises(ArgumentError, match="trust, value_score"):
        score_by_actor(f, score="esteem")


scores = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.one_of(st.none(), st.integers(1, 4))), max_size=12
)


@given(scores)
@settings(max_examples=40)
def test_by_a_plain_loop(rows: list[tuple[int, int, int | None]]) -> None:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(5))
    graph.add_edges_from((a, b, {} if score is None else {"trust": score}) for a, b, score in rows)
    said: dict[tuple[int, int], list[int]] = defaultdict(list)
    for a, b, score in rows:
        if a != b and score is not None:
            said[a, b].append(score)
    means = {pair: sum(each) / len(each) for pair, each in said.items()}
    partners = {(a, b) for one, other, _ in rows if one != other for a, b in ((one, other), (other, one))}
    found = trust_by_actor(graph)
    for actor in range(5):
        received = [mean for (_, rated), mean in means.items() if rated == actor]
        waiting = sum(rated == actor and (rater, rated) not in means for rater, rated in partners)
        row = found.loc[actor]
        assert row["raters"] == len(received) and row["silent_asked"] == waiting
        assert row["given"] == sum(rater == actor for rater, _ in means)
        if received:
            assert row["mean"] == pytest.approx(sum(received) / len(received))
            assert 1 <= row["low"] <= row["mean"] <= row["high"] <= 4
        else:
            assert math.isnan(row["mean"])
    measure = trust_measure(graph, fewest=1)
    if len({rated for _, rated in means}) > 1:
        assert measure.value == pytest.approx(sum(means.values()) / len(means))
        assert 1 <= measure.low <= measure.value <= measure.high <= 4
        assert measure.n_unknown == len(partners) - len(means)
    else:
        assert math.isnan(measure.value)
    mirrored = nx.relabel_nodes(graph, {node: 4 - node for node in graph})
    assert trust(mirrored, fewest=1) == pytest.approx(measure.value, nan_ok=True)
    everyone = ratings_of(graph, "trust")
    assert len(everyone.score) + len(everyone.silent_rater) == len(partners)


@given(scores)
@settings(max_examples=30)
def test_what_is_masked_cannot_be_told(rows: list[tuple[int, int, int | None]]) -> None:
    graph = nx.DiGraph()
    graph.add_nodes_from((node, {"pole": "xyzzy"[node]}) for node in range(5))
    graph.add_edges_from((a, b, {"trust": score}) for a, b, score in rows if score is not None and a != b)
    found = score_by_pole(graph, fewest=2)
    hidden = found[found["mean"].isna()]
    assert (found.loc[found["mean"].notna(), "raters"] >= 2).all()
    assert (hidden["note"] != "").all() and (found.loc[found["mean"].notna(), "note"] == "").all()
    if len(hidden) and found["mean"].notna().any():
        assert len(hidden) >= 2
