"""The page of cohesion that UCINET prints for « campnet », at its printed precision; R sna where it differs."""

from __future__ import annotations

import networkx as nx
import pytest

from chaine_valeur.analysis.cooperation.cohesion.centralization import centralization, centralization_measure
from chaine_valeur.analysis.cooperation.cohesion.components import components, number_of_components
from chaine_valeur.analysis.cooperation.cohesion.connectedness import connectedness, fragmentation
from chaine_valeur.analysis.cooperation.cohesion.densities import average_degree
from chaine_valeur.analysis.cooperation.cohesion.geodesics import betweenness_of_ties
from chaine_valeur.analysis.cooperation.cohesion.paths import (
    average_distance,
    average_distance_measure,
    compactness,
    diameter,
)
from chaine_valeur.analysis.cooperation.cohesion.reciprocity import dyad_share_measure
from chaine_valeur.analysis.cooperation.cohesion.table import FIGURES, cohesion_table
from chaine_valeur.analysis.cooperation.cohesion.transitivity import transitivity, transitivity_measure
from chaine_valeur.analysis.cooperation.ties.layer import ties_of
from tests.cooperation.campnet import campnet

SINGLE = 1e-7  # UCINET prints single precision

#: ``tests/testthat/_snaps/xcohesion.md`` of StephenBorgatti/xucinet, as `cohesion_table` names the figures
PUBLISHED = {
    "ties": 54,
    "density": 0.17647059,
    "average_degree": 3.0,
    "degree_centralization": 0.07352941,
    "out_centralization": 0.0,
    "in_centralization": 0.12456747,
    "components": 4,
    "largest_component": 10,
    "component_ratio": 0.17647059,
    "connectedness": 0.67320263,
    "fragmentation": 0.3267974,
    "transitivity": 0.48387095,
    "average_distance": 2.87378645,
    "diameter": 7,
    "compactness": 0.34202459,
    "mutuals": 0.12418301,
    "asymmetrics": 0.10457516,
    "nulls": 0.77124184,
    "arc_reciprocity": 0.7037037,
    "dyad_reciprocity": 0.54285717,
}
#: R sna, ``betweenness(g, gmode="digraph")``
BETWEENNESS = {
    "HOLLY": 78.333333333333, "BRAZEY": 0, "CAROL": 1.333333333333, "PAM": 32.5, "PAT": 39.5,
    "JENNIE": 6.333333333333, "PAULINE": 12.5, "ANN": 0.5, "MICHAEL": 58.833333333333, "BILL": 0, "LEE": 5,
    "DON": 16.333333333333, "JOHN": 0, "HARRY": 2.333333333333, "GERY": 54.666666666667,
    "STEVE": 16.833333333333, "BERT": 13.666666666667, "RUSS": 47.333333333333,
}  # fmt: skip


def test_the_page_of_cohesion() -> None:
    table = cohesion_table(campnet(), lang="en")
    assert set(PUBLISHED) == set(table.index)
    for figure, published in PUBLISHED.items():
        assert table.loc[figure, "value"] == pytest.approx(published, abs=SINGLE), figure
    # a graph is documented throughout
    assert (table["low"] == table["value"]).all() and (table["high"] == table["value"]).all()
    assert (table["n_unknown"] == 0).all()
    assert table.index.name == "figure" and list(table.index) == list(FIGURES)
    assert list(table.columns) == ["label", "value", "low", "high", "n_unknown", "note"]
    assert table["note"].iloc[:18].eq("").all()


def test_each_figure_alone_is_that_of_the_page() -> None:
    graph, table = campnet(), cohesion_table(campnet())["value"]
    alone = {
        "average_degree": average_degree(graph),
        "components": number_of_components(graph),
        "connectedness": connectedness(graph),
        "fragmentation": fragmentation(graph),
        "transitivity": transitivity(graph),
        "average_distance": average_distance(graph),
        "diameter": diameter(graph),
        "compactness": compactness(graph),
        "degree_centralization": centralization(graph),
        "in_centralization": centralization(graph, mode="in"),
    }
    for figure, value in alone.items():
        assert value == table[figure], figure


def test_the_terms_behind_the_published_figures() -> None:
    # 206 of the 18 × 17 ordered pairs are reached, at 592 steps in all: 592/206 = 2.8737864
    measure = average_distance_measure(campnet())
    assert (measure.numerator, measure.denominator) == (592, 206)
    # 60 of the 124 paths i → j → k are closed by i → k (weak transitivity of R sna: 0.4838709677419)
    closed = transitivity_measure(campnet())
    assert (closed.numerator, closed.denominator) == (60, 124)
    # 19 + 16 + 118 dyads
    dyads = [dyad_share_measure(campnet(), state=state) for state in ("mutual", "asymmetric", "null")]
    assert [dyad.numerator for dyad in dyads] == [19, 16, 118]
    assert {dyad.denominator for dyad in dyads} == {153}


def test_connectedness_is_two_measures() -> None:
    # UCINET follows directions; R sna's connectedness (Krackhardt) does not and gives 1, with one weak component
    assert connectedness(campnet()) == pytest.approx(0.67320263, abs=SINGLE)
    assert connectedness(campnet(), following="weak") == 1
    assert number_of_components(campnet(), connection="weak") == 1


def test_betweenness_of_r() -> None:
    ties = ties_of(campnet())
    found = dict(zip(ties.nodes, betweenness_of_ties(ties), strict=True))
    assert found == pytest.approx(BETWEENNESS, abs=1e-12)


def test_centralisation_of_betweenness_of_r() -> None:
    measure = centralization_measure(campnet(), mode="betweenness")
    assert measure.value == pytest.approx(0.2214532871972, abs=1e-13)
    # 18 × 78.333 less the sum of all, 386, over 17² × 16
    assert measure.numerator == pytest.approx(18 * 78.333333333333 - 386)
    assert measure.denominator == 17**2 * 16


def test_components() -> None:
    found = components(campnet())
    assert found.index.tolist() == list(campnet()) and found.index.name == "actor_id"
    assert found.name == "component"
    # nobody names BRAZEY's three back to her but LEE; BILL and JOHN are named by nobody
    parts = {frozenset(found.index[found == part]) for part in found.unique()}
    assert parts == {frozenset(part) for part in nx.strongly_connected_components(campnet())}
    assert found["BILL"] != found["JOHN"]
    assert found.value_counts().loc[1] == 10  # the largest has number 1


def test_read_as_undirected() -> None:
    table = cohesion_table(campnet(), directed=False)["value"]
    graph = campnet().to_undirected()
    assert (table["ties"], table["components"]) == (35, 1)
    assert table["average_degree"] == 70 / 18
    assert table["average_distance"] == pytest.approx(nx.average_shortest_path_length(graph))
    assert table["diameter"] == nx.diameter(graph)
    assert table["transitivity"] == pytest.approx(nx.transitivity(graph))
    # what is about direction reads it all the same
    assert table["in_centralization"] == pytest.approx(0.12456747, abs=SINGLE)
    assert table["arc_reciprocity"] == pytest.approx(0.7037037, abs=SINGLE)
