"""The worked example, scores of trust and value; internal (see `worked`).

Trust: A→F 3 and 2, so 2.5; A→R 4; R→A 3; M→C 2; T→A 2; F→T 3: sum 16.5 of 6. Value: A→R 3, R→A 4,
F→T 2: sum 9 of 3. The nine ties could bear 18 scores.
"""

from __future__ import annotations

import math

import networkx as nx
import pytest

from chaine_valeur.analysis.cooperation.survey.between_poles import trust_by_pole, value_by_pole
from chaine_valeur.analysis.cooperation.survey.scores import (
    trust,
    trust_by_actor,
    trust_measure,
    value_by_actor,
    value_score,
    value_score_measure,
)
from tests.cooperation.worked import IDS, WHO, filiere, graph

NAN = math.nan


def rated() -> nx.DiGraph:
    """Return the scores as arcs of a graph that never saw a filière."""
    drawn = nx.DiGraph()
    drawn.add_nodes_from(graph().nodes(data=True))
    scores = {"AF": 2.5, "AR": 4, "RA": 3, "MC": 2, "TA": 2, "FT": 3}
    drawn.add_edges_from((WHO[a], WHO[b], {"trust": score}) for (a, b), score in scores.items())
    return drawn


def test_overall() -> None:
    found = trust_measure(filiere())
    # 12 are awaited: all at 1, all at 4
    assert (found.value, found.low, found.high) == pytest.approx(
        (16.5 / 6, (16.5 + 12) / 18, (16.5 + 48) / 18)
    )
    assert (found.numerator, found.denominator, found.n_unknown) == (16.5, 6, 12)
    found = value_score_measure(filiere())
    assert (found.value, found.low, found.high) == pytest.approx((9 / 3, (9 + 15) / 18, (9 + 60) / 18))
    assert found.n_unknown == 15
    assert value_score(filiere()) == 3
    assert trust(rated()) == pytest.approx(16.5 / 6)
    # three raters of value, so not shown where four are wanted
    assert math.isnan(value_score(filiere(), fewest=4))
    # in 2021 A→F 3, A→R 4, T→A 2: two raters
    assert math.isnan(trust(filiere(), year=2021))
    assert trust(filiere(), year=2021, fewest=2) == 3


def test_by_actor() -> None:
    table = trust_by_actor(filiere())
    assert (list(table.index), table.index.name) == (IDS, "actor_id")
    assert list(table.columns) == [
        "mean", "raters", "silent_asked", "silent_not_asked", "low", "high", "given", "confidentiality",
    ]  # fmt: skip
    #     F by A, T by F, A by T and R, R by A, C by M
    total, raters = [2.5, 3, 5, 0, 4, 2, 0, 0], [1, 1, 2, 0, 1, 1, 0, 0]
    assert table["mean"].tolist() == pytest.approx(
        [t / n if n else NAN for t, n in zip(total, raters, strict=True)], nan_ok=True
    )
    assert table["raters"].tolist() == raters
    # silent partners. F: R; T, X. T: A. A: F, M. M: A; C. R: F, C. C: R. X: F
    asked, others = [1, 1, 0, 1, 0, 1, 0, 0], [2, 0, 2, 1, 2, 0, 0, 1]
    assert table["silent_asked"].tolist() == asked
    assert table["silent_not_asked"].tolist() == others
    missing = [a + b for a, b in zip(asked, others, strict=True)]
    assert sum(missing) == 12
    for column, end in (("low", 1), ("high", 4)):
        expected = [
            (t + end * m) / (n + m) if n + m else NAN for t, n, m in zip(total, raters, missing, strict=True)
        ]
        assert table[column].tolist() == pytest.approx(expected, nan_ok=True)
    assert table["given"].tolist() == [1, 1, 2, 1, 1, 0, 0, 0]
    assert set(table["confidentiality"]) == {"internal"}
    value = value_by_actor(filiere())
    assert value["mean"].tolist() == pytest.approx([NAN, 2, 4, NAN, 3, NAN, NAN, NAN], nan_ok=True)
    assert trust_by_actor(rated())["mean"].tolist() == pytest.approx(table["mean"].tolist(), nan_ok=True)


def test_by_pole() -> None:
    # ent→ent F→T, ent→el T→A, el→ent A→F, el→ess A→R 4 and M→C 2, ess→el R→A: only one has two raters, of two
    table = trust_by_pole(filiere(), fewest=2, lang="en").set_index(["group", "to_group"])
    assert list(table.columns) == ["group_label", "to_group_label", "raters", "scores", "mean", "note"]
    assert list(table.index) == [
        ("enterprise", "enterprise"), ("enterprise", "elected"), ("elected", "enterprise"), ("elected", "ess"),
        ("ess", "elected"),
    ]  # fmt: skip
    assert table["raters"].tolist() == [1, 1, 1, 2, 1]
    assert table["scores"].tolist() == [1, 1, 1, 2, 1]
    assert table["mean"].tolist() == pytest.approx([NAN, NAN, NAN, 3, NAN], nan_ok=True)
    assert [bool(note) for note in table["note"]] == [True, True, True, False, True]
    # three raters are wanted by default
    assert trust_by_pole(filiere())["mean"].isna().all()
    value = value_by_pole(filiere(), fewest=1)
    assert list(value[["group", "to_group"]].itertuples(index=False, name=None)) == [
        ("enterprise", "enterprise"), ("elected", "ess"), ("ess", "elected"),
    ]  # fmt: skip
    assert value["mean"].isna().all()  # each about a single actor
