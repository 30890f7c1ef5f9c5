"""How strong ties are: bounds held against every way in which what is unstated may turn out."""

from __future__ import annotations

from itertools import combinations, product
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.cohesion.densities import density
from chaine_valeur.analysis.cooperation.cohesion.valued import (
    mean_tie_strength,
    mean_tie_strength_measure,
    valued_average_degree,
    valued_average_degree_measure,
    valued_density,
    valued_density_measure,
)
from chaine_valeur.filiere import Filiere

NAMES = ["a", "b", "c", "d"]
PAIRS = list(combinations(NAMES, 2))
WORDS = {"information": 1, "joint_action": 2, "agreement": 3, "contract": 4}
SAID = [*WORDS, "unstated", "absent", "silent"]


def filiere(said: list[str], asked: list[bool], kind: str = "information") -> Filiere:
    """Return four actors, with what is said of each of the six pairs."""
    rows = [(*pair, word) for pair, word in zip(PAIRS, said, strict=True) if word != "silent"]
    cooperations: dict[str, Any] = {
        "actor_id": [row[0] for row in rows],
        "to_actor_id": [row[1] for row in rows],
        "kind": [kind] * len(rows),
        "state": ["absent" if row[2] == "absent" else "observed" for row in rows],
        "intensity": [row[2] if row[2] in WORDS else None for row in rows],
    }
    return Filiere.from_tables(
        actors={
            "actor_id": NAMES,
            "name": NAMES,
            "surveyed_on": ["2024-01-01" if each else None for each in asked],
        },
        cooperations=cooperations if rows else None,
    )


def what_may_be(said: list[str], asked: list[bool]) -> list[list[float]]:
    """Return the strengths of the ties in every outcome, the extremes of each standing for what is between."""
    place = dict(zip(NAMES, asked, strict=True))
    options: list[list[float | None]] = []
    for (one, other), word in zip(PAIRS, said, strict=True):
        if word in WORDS:
            options.append([float(WORDS[word])])
        elif word == "unstated":
            options.append([1.0, 4.0])
        elif word == "absent" or place[one] or place[other]:
            options.append([None])
        else:
            options.append([None, 1.0, 4.0])
    return [[each for each in chosen if each is not None] for chosen in product(*options)]


@given(
    st.lists(st.sampled_from(SAID), min_size=6, max_size=6), st.lists(st.booleans(), min_size=4, max_size=4)
)
@settings(max_examples=30, deadline=None)
def test_bounds_are_outcomes(said: list[str], asked: list[bool]) -> None:
    f, found = filiere(said, asked), what_may_be(said, asked)
    stated = [WORDS[word] for word in said if word in WORDS]
    unstated = said.count("unstated")
    per_pair, per_actor = valued_density_measure(f, lang="en"), valued_average_degree_measure(f, lang="en")
    sums = [sum(each) for each in found]
    assert (per_pair.low, per_pair.high) == pytest.approx((min(sums) / 6, max(sums) / 6))
    assert (per_actor.low, per_actor.high) == pytest.approx((2 * min(sums) / 4, 2 * max(sums) / 4))
    means = [float(np.mean(each)) for each in found if each]
    strength = mean_tie_strength_measure(f, lang="en")
    if means:
        assert (strength.low, strength.high) == pytest.approx((min(means), max(means)))
    else:
        assert np.isnan([strength.value, strength.low, strength.high]).all()
    if stated:
        assert strength.value == pytest.approx(np.mean(stated))
        assert per_pair.value == per_pair.low
        assert per_pair.value == pytest.approx((sum(stated) + unstated) / 6)
        assert per_actor.value == per_actor.low
    elif unstated:
        assert np.isnan([per_pair.value, per_actor.value, strength.value]).all()
        assert per_pair.note and per_actor.note and strength.note
    spoken = [pair for pair, word in zip(PAIRS, said, strict=True) if word != "silent"]
    place = dict(zip(NAMES, asked, strict=True))
    open_ = sum(pair not in spoken and not place[pair[0]] and not place[pair[1]] for pair in PAIRS)
    assert per_pair.n_unknown == per_actor.n_unknown == strength.n_unknown == open_ + unstated


def test_the_strongest_of_parallel_ties_counts() -> None:
    f = Filiere.from_tables(
        actors={"name": NAMES[:2]},
        cooperations={
            "actor_id": ["a", "b", "a"],
            "to_actor_id": ["b", "a", "b"],
            "kind": ["information", "research", "information"],
            "intensity": ["joint_action", "agreement", None],
        },
    )
    assert (valued_density(f), mean_tie_strength(f), valued_average_degree(f)) == (3, 3, 3)
    assert valued_density(f, kind="information") == 2
    assert valued_density(f, kind=["information", "research"]) == 3
    # a shared tie goes both ways
    assert (valued_density(f, directed=True), valued_average_degree(f, directed=True)) == (3, 3)


def test_ties_in_a_direction() -> None:
    f = filiere(["contract", "silent", "silent", "silent", "silent", "silent"], [True] * 4, kind="funding")
    # 4 over the 6 pairs, or over 12 directions; 4 · 2 / 4 per actor, or 4 / 4
    assert (valued_density(f), valued_density(f, directed=True)) == pytest.approx((4 / 6, 4 / 12))
    assert (valued_average_degree(f), valued_average_degree(f, directed=True)) == (2, 1)
    assert mean_tie_strength(f, directed=True) == 4


def test_of_ones_it_is_the_density() -> None:
    for directed in (False, True):
        graph = nx.gnp_random_graph(12, 0.3, seed=2, directed=directed)
        nx.set_edge_attributes(graph, 1, "weight")
        assert valued_density(graph) == pytest.approx(density(graph))
        assert mean_tie_strength(graph) == 1
        assert valued_density(graph, actors=range(5)) == pytest.approx(density(graph, actors=range(5)))


def test_a_single_actor_and_nobody() -> None:
    alone = valued_density_measure(nx.empty_graph(1), lang="en")
    assert np.isnan(alone.value)
    assert alone.note == "fewer than two actors who could cooperate"
    assert valued_average_degree(nx.empty_graph(1)) == 0
    nobody = valued_average_degree_measure(nx.Graph(), lang="en")
    assert np.isnan(nobody.value)
    assert nobody.note == "nobody who could cooperate"
    silent = valued_density_measure(filiere(["silent"] * 6, [False] * 4), lang="en")
    assert np.isnan(silent.value)
    assert (silent.low, silent.high, silent.n_unknown) == (0, 4, 6)
    assert silent.note == "0 of the 6 pairs of actors documented"
