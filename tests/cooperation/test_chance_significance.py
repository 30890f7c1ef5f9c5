"""What is told of a figure among random networks: expectation, interval, p, and why there is none."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields
from functools import partial
from math import comb
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.chance.mixing import mixing_significance
from chaine_valeur.analysis.cooperation.chance.null_models import null_models
from chaine_valeur.analysis.cooperation.chance.outcome import (
    Question,
    Significance,
    judged,
    significance_sentence,
)
from chaine_valeur.analysis.cooperation.chance.significance import significance, significance_table
from chaine_valeur.analysis.cooperation.cohesion.centralization import centralization
from chaine_valeur.analysis.cooperation.cohesion.densities import density
from chaine_valeur.analysis.cooperation.cohesion.reciprocity import reciprocity
from chaine_valeur.analysis.cooperation.triptyques.closure import triptyque_closure
from chaine_valeur.analysis.cooperation.worlds.blocks import block_density
from chaine_valeur.analysis.cooperation.worlds.ei_index import ei_index
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.io.graph import to_networkx
from tests.cooperation.campnet import MIXING, campnet

MODELS = ["density", "degrees", "labels"]
COLUMNS = [field.name for field in fields(Significance)]
#: what is drawn may be this many standard errors away from what is expected: one in a hundred thousand
FAR = 4.5


def worlds(size: int = 40, ties: int = 100, *, seed: int = 0, directed: bool = False) -> nx.Graph:
    """Return a random graph whose nodes are in one of three teams."""
    graph = nx.gnm_random_graph(size, ties, seed=seed, directed=directed)
    nx.set_node_attributes(graph, {node: "abc"[node % 3] for node in graph}, "team")
    return graph


def question(**changed: Any) -> Question:
    asked: dict[str, Any] = {
        "model": "density", "draws": 4, "seed": 0, "level": 0.5, "n_actors": 40, "fewest": 30,
        "show_small": False, "lang": "en",
    }  # fmt: skip
    return Question(**{**asked, **changed})


# by hand


def test_the_figures_of_a_case_by_hand() -> None:
    found = judged(question(draws=9), "m", 5.0, np.array([1, 2, 3, 4, 5, 6, 6, 7, 11.0]))
    assert (found.observed, found.expected) == (5, 5)  # 45 / 9
    # deviations 4, 3, 2, 1, 0, 1, 1, 2, 6: squares 16 + 9 + 4 + 1 + 0 + 1 + 1 + 4 + 36 = 72, over 8
    assert found.sd == pytest.approx(3)
    # the quarter points of nine: at 2 and 6 of 0 … 8
    assert (found.low, found.high) == (3, 6)
    assert found.p_lower == pytest.approx((1 + 5) / 10)  # 1 2 3 4 5
    assert found.p_higher == pytest.approx((1 + 5) / 10)  # 5 6 6 7 11
    assert found.p == 1
    assert (found.draws, found.undefined, found.note) == (9, 0, "")


def test_the_interval_holds_at_least_its_share() -> None:
    values = np.arange(100.0)
    found = judged(question(level=0.95), "m", 3.0, values)
    inside = ((values >= found.low) & (values <= found.high)).mean()
    assert (found.low, found.high) == (2, 97)  # 0.025 · 99 = 2.475, rounded outwards
    assert 0.95 <= inside <= 0.97
    assert found.p_lower == 5 / 101  # 0 1 2 3 and the observed network
    assert found.p == pytest.approx(10 / 101)


def test_sums_in_another_order_are_the_same_figure() -> None:
    observed, other = 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1
    assert observed != other
    found = judged(question(), "m", observed, np.array([other, other, 0.0, 1.0]))
    assert (found.p_lower, found.p_higher) == (4 / 5, 4 / 5)


def test_draws_without_the_measure_are_left_out_and_said() -> None:
    found = judged(question(), "m", 1.0, np.array([np.nan, 2.0, np.nan, 4.0]))
    assert (found.expected, found.draws, found.undefined) == (3, 4, 2)
    assert found.p_lower == 1 / 3
    assert found.note == "2 draws left out, in which the measure is undefined"
    one = judged(question(lang="fr"), "m", 1.0, np.array([np.nan, 2.0]))
    assert one.note == "1 tirage laissé de côté, où la mesure n’est pas définie"
    assert np.isnan(one.sd)  # of a single draw


def test_a_measure_that_is_undefined_has_no_figures() -> None:
    for found in (
        judged(question(), "m", np.nan, np.array([1.0, 2.0, 3.0, 4.0])),
        judged(question(), "m", 1.0, np.full(4, np.nan)),
    ):
        figures = [found.expected, found.sd, found.low, found.high, found.p, found.p_lower, found.p_higher]
        assert np.isnan(figures).all()
    assert (
        judged(question(), "m", np.nan, np.zeros(4)).note == "the measure is undefined on the observed ties"
    )
    assert judged(question(), "m", 1.0, np.full(4, np.nan)).note == "the measure is undefined in every draw"


def test_what_is_returned_is_plain_and_frozen() -> None:
    found = significance(worlds(), "ties_between", group="team", draws=20)
    assert repr(found).startswith("Significance(measure='ties_between', observed=")
    assert not hasattr(found, "_repr_html_")
    for name in COLUMNS:
        wanted = {"measure": str, "model": str, "group": str, "note": str}.get(name, (int, float))
        assert type(getattr(found, name)) in (wanted if isinstance(wanted, tuple) else (wanted,)), name
    with pytest.raises(FrozenInstanceError):
        found.p = 0.0  # type: ignore[misc]


def test_p_is_what_the_networks_say() -> None:
    graph = worlds()
    for model in MODELS:
        values = [
            ei_index(one, group="team") for one in null_models(graph, model=model, draws=99, group="team")
        ]
        found = significance(graph, ei_index, model=model, group="team", draws=99)
        observed = ei_index(graph, group="team")
        lower = (1 + sum(value <= observed + 1e-9 for value in values)) / 100
        higher = (1 + sum(value >= observed - 1e-9 for value in values)) / 100
        assert (found.observed, found.expected) == (observed, pytest.approx(np.mean(values)))
        assert found.sd == pytest.approx(np.std(values, ddof=1))
        assert (found.p_lower, found.p_higher) == (lower, higher)
        assert found.p == pytest.approx(min(1, 2 * min(lower, higher)))


# what is expected


@pytest.mark.parametrize("directed", [False, True])
def test_labels_expect_the_share_of_pairs_within(directed: bool) -> None:
    # 14, 13, 13 nodes: 91 + 78 + 78 = 247 of 780 pairs are within a team
    found = significance(worlds(directed=directed), "ei_index_arcs", group="team", model="labels", draws=4000)
    assert found.expected == pytest.approx(1 - 2 * 247 / 780, abs=FAR * found.sd / 4000**0.5)


def test_density_expects_the_hypergeometric_mean_and_variance() -> None:
    graph = worlds()
    found = significance(graph, "ties_between", group="team", draws=4000)
    pairs, between, ties = 780, 780 - 247, 100
    mean = ties * between / pairs
    variance = mean * (1 - between / pairs) * (pairs - ties) / (pairs - 1)
    assert found.expected == pytest.approx(mean, abs=FAR * (variance / 4000) ** 0.5)
    assert found.sd**2 == pytest.approx(variance, rel=0.12)
    assert comb(pairs, ties) > 10**100  # no enumeration would have told


def test_density_expects_the_documented_pairs_of_a_filiere(hand: Filiere) -> None:
    # 14 documented pairs, 6 ties. Of Mairie's and Relais' 11 pairs and the three spoken of (Atelier–Agglo,
    # Agglo–Ressourcerie, Filature–Atelier), within a college are Mairie–Agglo, Relais–Ressourcerie and
    # Filature–Atelier: 11 of 14 are between.
    found = significance(hand, "ties_between", by="pole", draws=4000)
    assert found.observed == 6
    assert found.expected == pytest.approx(6 * 11 / 14, abs=FAR * found.sd / 4000**0.5)
    # P(6 of 6 between) = C(11, 6) / C(14, 6) = 462 / 3003 = 0.154, at least as many as observed
    shown = significance(hand, "ties_between", by="pole", draws=4000, show_small=True)
    assert shown.p_higher == pytest.approx(462 / 3003, abs=FAR * (0.154 * 0.846 / 4000) ** 0.5)


def test_degrees_keep_what_degrees_decide() -> None:
    graph = worlds()
    found = significance(graph, centralization, model="degrees", draws=20)
    assert found.expected == pytest.approx(found.observed)
    assert found.note == "aucun tirage ne diffère de ce qui est observé : rien à comparer".replace(
        " :", "\u00a0:"
    )
    assert np.isnan([found.p, found.p_lower, found.p_higher]).all()
    moved = significance(graph, centralization, model="density", draws=20)
    assert moved.sd > 0


def test_campnet_keeps_to_its_gender() -> None:
    # UCINET's mixing by gender expects 54 · (8 · 7, 8 · 10, 10 · 9) / 306: 9.882, 14.118, 15.882
    table = mixing_significance(campnet(), group="Gender", draws=2000, model="density", show_small=True)
    assert table["ties"].tolist() == [count for row in MIXING for count in row]
    for expected, row in zip([9.882, 14.118, 14.118, 15.882], table.itertuples(), strict=True):
        assert row.expected == pytest.approx(expected, abs=0.001 + FAR * row.sd / 2000**0.5)
    assert (table["p"] < 0.01).all()
    arcs = significance(
        campnet(), "ei_index_arcs", group="Gender", model="labels", draws=999, show_small=True
    )
    assert arcs.observed == pytest.approx(-0.667, abs=0.0005)  # UCINET: EI
    assert arcs.p <= 0.01
    assert arcs.high < 0.4


def test_a_share_of_p_below_a_level_under_chance() -> None:
    # random networks tested against others: about one in ten has p ≤ 0.1
    ps = [
        significance(worlds(seed=seed), "ei_index", group="team", model="labels", draws=99, seed=seed).p
        for seed in range(120)
    ]
    assert 2 <= sum(p <= 0.1 for p in ps) <= 26  # 12 ± 4.5 · 3.3
    assert 0.3 < np.mean(ps) < 0.75


# any measure, with options


@pytest.mark.parametrize("model", MODELS)
def test_functions_of_networkx_and_ones_own(model: str) -> None:
    graph = worlds()
    found = significance(graph, nx.transitivity, model=model, draws=15)
    assert (found.measure, found.group) == ("transitivity", "")
    assert found.observed == pytest.approx(nx.transitivity(graph))
    tall = significance(graph, lambda one, *, height: one.number_of_nodes() * height, height=2.0, draws=3)
    assert (tall.measure, tall.observed, tall.expected) == ("<lambda>", 80, 80)
    named = significance(
        graph, nx.attribute_assortativity_coefficient, attribute="team", model=model, draws=15
    )
    assert named.observed == pytest.approx(nx.attribute_assortativity_coefficient(graph, "team"))
    assert named.sd > 0


def test_functions_of_the_room_get_their_blocks(hand: Filiere) -> None:
    # the role by default, the college for triptyques, whatever is asked for otherwise
    assert significance(hand, ei_index, draws=3).group == "role"
    assert significance(hand, ei_index, draws=3).observed == ei_index(hand)
    assert significance(hand, ei_index, by="commune", draws=3).observed == ei_index(hand, by="commune")
    closed = significance(hand, triptyque_closure, draws=3)
    assert (closed.group, closed.observed) == ("pole", triptyque_closure(hand))
    connected = partial(triptyque_closure, by="connected")
    assert significance(hand, connected, draws=3).observed == connected(hand)
    assert significance(hand, connected, draws=3).measure == "triptyque_closure"
    assert significance(hand, density, draws=3).observed == pytest.approx(density(hand))
    assert significance(hand, centralization, draws=3).observed == pytest.approx(centralization(hand))
    inward = significance(hand, centralization, mode="in", directed=True, draws=3)
    assert inward.observed == pytest.approx(centralization(hand, mode="in"))
    assert significance(hand, reciprocity, directed=True, draws=3).sd > 0


def test_a_year_a_kind_some_actors(hand: Filiere) -> None:
    support = significance(hand, density, kind="support", draws=3)
    assert support.observed == pytest.approx(density(hand, kind="support"))
    assert significance(hand, density, year=2022, draws=3).observed == density(hand.at(2022))
    few = significance(hand, "ties_between", by="pole", actors=["mairie", "relais", "filature"], draws=3)
    assert (few.n_actors, few.observed) == (3, 3)


def test_a_filiere_and_its_graph_say_the_same(hand: Filiere) -> None:
    one = significance(hand, ei_index, by="pole", draws=30, show_small=True)
    assert significance(to_networkx(hand), ei_index, by="pole", draws=30, show_small=True) == one


def test_strengths() -> None:
    graph = worlds()
    nx.set_edge_attributes(graph, {edge: 1 + place % 4 for place, edge in enumerate(graph.edges)}, "weight")

    def strength_within(one: nx.Graph) -> float:
        team = one.nodes(data="team")
        return sum(weight for a, b, weight in one.edges(data="weight") if team[a] == team[b])

    found = significance(graph, strength_within, weight="weight", model="labels", group="team", draws=400)
    assert found.observed == strength_within(graph)
    total = sum(weight for _, _, weight in graph.edges(data="weight"))
    assert found.expected == pytest.approx(total * 247 / 780, abs=FAR * found.sd / 20)


# several at once


def test_a_table_is_its_rows() -> None:
    graph = worlds(directed=True)
    measures = {"index": "ei_index", "transitivity": nx.transitivity, "both ways": "mutual_dyads"}
    for model in MODELS:
        table = significance_table(graph, measures, group="team", model=model, draws=25, seed=4, lang="en")
        assert table.index.tolist() == list(measures)
        assert table.index.name == "measure"
        assert table.columns.tolist() == COLUMNS[1:]
        for name, measure in measures.items():
            alone = significance(graph, measure, group="team", model=model, draws=25, seed=4, lang="en")
            for column in COLUMNS[1:]:
                found = table.loc[name, column]
                assert found == getattr(alone, column) or (pd.isna(found) and pd.isna(getattr(alone, column)))


def test_a_table_of_names() -> None:
    table = significance_table(worlds(), [nx.transitivity, "ties_between"], group="team", draws=5)
    assert table.index.tolist() == ["transitivity", "ties_between"]
    with pytest.raises(ArgumentError, match="same name"):
        significance_table(worlds(), [nx.transitivity, nx.transitivity], draws=5)
    empty = significance_table(worlds(), {}, draws=5)
    assert (len(empty), empty.columns.tolist()) == (0, COLUMNS[1:])


def test_mixing_of_undirected_blocks_with_an_unknown_one() -> None:
    graph = worlds()
    for node in (0, 1):
        del graph.nodes[node]["team"]
    nx.set_node_attributes(graph, {5: "alone"}, "team")
    table = mixing_significance(graph, group="team", draws=300, lang="en")
    blocks = block_density(graph, group="team", lang="en").dropna(subset=["group", "to_group"])
    assert (
        table[["group", "to_group"]].to_numpy().tolist() == blocks[["group", "to_group"]].to_numpy().tolist()
    )
    lone = (table["group"] == "alone") & (table["to_group"] == "alone")
    assert (
        table.loc[~lone, "ties"].tolist() == blocks.loc[(blocks["possible"] > 0).to_numpy(), "ties"].tolist()
    )
    assert table.loc[lone, "note"].item() == "a single actor: no pair within it"
    assert table.loc[lone, ["ties", "expected", "p"]].isna().all(axis=None)
    # what falls between known blocks is the same in every draw only if nobody of unknown block moves
    cells = table.loc[~lone, "expected"].sum()
    sums = {sum(one.nodes[end].get("team") is None for edge in one.edges for end in edge)
            for one in null_models(graph, model="labels", group="team", draws=20)}  # fmt: skip
    assert len(sums) == 1
    assert cells == pytest.approx(table["ties"].sum())


def test_mixing_has_the_same_columns_without_anybody() -> None:
    empty = nx.Graph()
    table = mixing_significance(empty, group="team", draws=5)
    full = mixing_significance(worlds(), group="team", draws=5)
    assert table.columns.tolist() == full.columns.tolist()
    assert len(table) == 0
    graph = worlds(240, 100)
    nx.set_node_attributes(graph, {node: node for node in graph}, "own")
    with pytest.raises(ArgumentError, match="240 blocks: give a column with at most 100"):
        mixing_significance(graph, group="own")


# few actors, no freedom, nothing known


def test_under_thirty_actors_p_is_not_shown_unless_asked() -> None:
    graph = worlds(12, 20)
    hidden = significance(graph, "ei_index", group="team", draws=50, lang="en")
    assert np.isnan([hidden.p, hidden.p_lower, hidden.p_higher]).all()
    assert not np.isnan([hidden.observed, hidden.expected, hidden.sd, hidden.low, hidden.high]).any()
    assert hidden.note == "p not shown under 30 actors: it would say little"
    shown = significance(graph, "ei_index", group="team", draws=50, show_small=True, lang="en")
    assert 0 < shown.p <= 1
    assert shown.note == "on 12 actors this says little"
    assert significance(graph, "ei_index", group="team", draws=50, fewest=12).note == ""
    assert significance(worlds(30, 60), "ei_index", group="team", draws=50).p > 0
    french = significance(graph, "ei_index", group="team", draws=50)
    assert french.note == "p non montré sous 30 acteurs\u00a0: il dirait peu"


NO_TIE = nx.empty_graph(40)
FULL = nx.complete_graph(40)


@pytest.mark.parametrize(
    ("graph", "model", "note"),
    [
        (NO_TIE, "density", "no known tie"),
        (NO_TIE, "labels", "no known tie"),
        (FULL, "density", "every documented pair is tied: no other network is possible"),
        (FULL, "degrees", "every documented pair is tied: no other network is possible"),
        (FULL, "labels", "everyone is tied to everyone: labels make no difference"),
        (nx.star_graph(39), "degrees", "no draw differs from what is observed: nothing to compare"),
        (nx.cycle_graph(40), "labels", "no draw differs from what is observed: nothing to compare"),
    ],
)
def test_no_freedom(graph: nx.Graph, model: str, note: str) -> None:
    found = significance(graph, nx.transitivity, model=model, draws=5, lang="en")
    assert found.note == note
    assert found.expected == found.low == found.high == found.observed
    assert found.sd == 0
    assert np.isnan([found.p, found.p_lower, found.p_higher]).all()


def test_one_label_none_and_nobody() -> None:
    graph = worlds()
    nx.set_node_attributes(graph, "a", "team")
    one = significance(graph, "ei_index", group="team", model="labels", draws=5, lang="en")
    assert np.isnan([one.observed, one.expected, one.p]).all()
    assert one.note == "a single category: no tie could go out of it"
    nobody = significance(nx.Graph(), "ties_between", group="team", draws=5, lang="en")
    assert (nobody.n_actors, nobody.note) == (0, "no pair of actors documented")
    alone = nx.Graph([("a", "a")])
    alone.add_node("a", team="x")
    found = significance(alone, nx.transitivity, model="degrees", draws=5, lang="en")
    assert (found.n_actors, found.note) == (1, "no pair of actors documented")
    poles = worlds()
    nx.set_node_attributes(poles, {0: "ess", 1: "elected"}, "pole")
    missing = significance(poles, "closed_triptyques", draws=5, lang="en")
    assert missing.note == "no actor of the college “Enterprises”"
    assert np.isnan(missing.observed)


def test_nobody_was_asked(silent: Filiere) -> None:
    found = significance(silent, density, draws=5, lang="en")
    assert np.isnan([found.observed, found.expected, found.p]).all()
    assert found.note == "no pair of actors documented"
    assert np.isnan(significance(silent, "ei_index", draws=5).observed)


def test_a_filiere_of_unknown_roles() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "B", "C"], "surveyed_on": ["2024-01-01"] * 3},
        cooperations={"actor_id": ["A"], "to_actor_id": ["B"]},
    )
    for measure in ("ei_index", ei_index, triptyque_closure):
        found = significance(f, measure, draws=5, lang="en")
        assert np.isnan([found.observed, found.p]).all()
        assert found.note == "no actor whose category is known"


def test_what_cannot_be_asked() -> None:
    graph = worlds()
    with pytest.raises(ArgumentError, match=r"level=95 is not a share"):
        significance(graph, nx.transitivity, level=95)
    with pytest.raises(ArgumentError, match="at least one network"):
        significance(graph, nx.transitivity, draws=0)
    with pytest.raises(UnknownNameError, match="no null model"):
        significance(graph, nx.transitivity, model="random")
    with pytest.raises(UnknownNameError, match="no node has an attribute 'pole'"):
        significance(graph, triptyque_closure)
    with pytest.raises(UnknownNameError, match="no actor 'x'"):
        significance(graph, nx.transitivity, actors=["x"])
    with pytest.raises(TypeError, match="expected a Filiere or a networkx graph"):
        significance([1, 2], nx.transitivity)  # type: ignore[arg-type]


# told to people


def result(**changed: Any) -> Significance:
    values: dict[str, Any] = {
        "measure": "ties_between", "observed": 12.0, "expected": 17.96, "sd": 2.5, "low": 13.0, "high": 23.0,
        "p": 0.01, "p_lower": 0.005, "p_higher": 1.0, "draws": 1000, "undefined": 0, "seed": 0,
        "model": "density", "level": 0.95, "group": "pole", "n_actors": 40, "note": "",
    }  # fmt: skip
    return Significance(**{**values, **changed})


def test_sentences_in_french() -> None:
    assert significance_sentence(result()) == (
        "12 liens entre collèges observés\u202f; à nombre de liens égal, placés au hasard, on en attendrait 18 "
        "(entre 13 et 23 dans 95\u00a0% des tirages)\u00a0: p = 0,01 sur 1\u202f000 tirages."
    )
    assert significance_sentence(result(model="degrees", observed=1.0, p=0.0002, draws=9999)) == (
        "1 lien entre collèges observé\u202f; au hasard, chaque acteur gardant son nombre de liens, on en "
        "attendrait 18 (entre 13 et 23 dans 95\u00a0% des tirages)\u00a0: p < 0,001 sur 9\u202f999 tirages."
    )


def test_sentences_in_english() -> None:
    start = "12 ties between colleges observed; "
    end = " 18 would be expected (from 13 to 23 in 95% of draws): p = 0.01 over 1,000 draws."
    said = {
        ("density", "pole"): "with as many ties placed at random,",
        ("degrees", "pole"): "with as many ties for each actor, placed at random,",
        ("labels", "pole"): "with the same ties and the actors dealt out at random among the colleges,",
    }
    for (model, group), middle in said.items():
        assert significance_sentence(result(model=model, group=group), lang="en") == start + middle + end
    other = significance_sentence(result(model="labels", group="role"), lang="en")
    assert other.startswith(
        "12 ties between different categories observed; with the same ties and the categor"
    )
    assert other.endswith(end)


@pytest.mark.parametrize(
    ("measure", "start"),
    [
        ("mutual_dyads", "3 pairs tied both ways observed; "),
        ("closed_triptyques", "3 closed triptyques observed; "),
        ("ei_index", "E-I index: 3 observed; "),
        ("block_density", "Density between categories: 3 observed; "),
        ("transitivity", "transitivity: 3 observed; "),
    ],
)
def test_what_was_observed_is_named(measure: str, start: str) -> None:
    told = significance_sentence(result(measure=measure, observed=3.0), lang="en")
    assert told.startswith(start)
    own = significance_sentence(result(measure=measure, observed=0.25), what="Closure", lang="en")
    assert own.startswith("Closure: 0.25 observed; ")


def test_a_p_that_is_not_shown_is_explained() -> None:
    small = significance(worlds(12, 20), "ties_between", group="team", draws=50, lang="en")
    told = significance_sentence(small, lang="en")
    assert told.endswith("of draws). P not shown under 30 actors: it would say little.")
    assert "p =" not in told
    shown = significance(worlds(12, 20), "ties_between", group="team", draws=50, show_small=True, lang="en")
    assert significance_sentence(shown, lang="en").endswith("over 50 draws. On 12 actors this says little.")
    nothing = significance(nx.Graph(), "ties_between", group="team", draws=5)
    assert significance_sentence(nothing) == "Aucune paire d’acteurs documentée."
    undefined = result(expected=np.nan, low=np.nan, high=np.nan, p=np.nan, note="so it is")
    assert significance_sentence(undefined, lang="en") == "12 ties between colleges observed. So it is."


def test_the_level_is_told_as_it_is() -> None:
    assert "in 90% of draws" in significance_sentence(result(level=0.9), lang="en")
    assert "in 99.9% of draws" in significance_sentence(result(level=0.999), lang="en")
    assert "in 58% of draws" in significance_sentence(result(level=0.58), lang="en")  # 57.99999… in floats


def test_no_result_is_a_bare_p() -> None:
    found = significance(worlds(), "ties_between", group="team", draws=50)
    told = significance_sentence(found)
    for figure in (found.observed, found.low, found.high, found.draws):
        assert f"{figure:.0f}" in told
    assert json.dumps([getattr(found, name) for name in COLUMNS])  # and every figure is plain Python
