"""How the triads of three poles stand, through whom they go, and in which group."""

from __future__ import annotations

from itertools import combinations, product

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.bodies.trios import triads_in_groups
from chaine_valeur.analysis.cooperation.triptyques import census, participation, sums
from chaine_valeur.analysis.cooperation.triptyques.census import TRIAD_STATES, triad_table
from chaine_valeur.analysis.cooperation.triptyques.closure import triptyque_closure, triptyque_closure_measure
from chaine_valeur.analysis.cooperation.triptyques.participation import triad_participation
from chaine_valeur.analysis.cooperation.triptyques.triads import TRIPTYQUE, triads_of
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.network import Ties
from tests.cooperation.random_ties import completions, layers, unknown_pairs

COLUMNS = ["state", "pole", "triads", "share", "low", "high", "to_ask", "to_tie"]
PARTICIPATION = ["pole", "possible", "closed", "high", "open_centre", "to_ask", "open_end"]
ROWS = [
    ("closed", -1),
    *(("open", pole) for pole in range(3)),
    *(("one_tie", pole) for pole in range(3)),
    ("none", -1),
]


def by_loop(graph: nx.Graph, pole: list[int]) -> dict[tuple[str, int], int]:
    """Count the trios of three poles one by one: by number of ties, and the pole at the centre or left apart."""
    members = [[node for node, code in enumerate(pole) if code == wanted] for wanted in range(3)]
    counts = dict.fromkeys(ROWS, 0)
    for trio in product(*members):
        tied = [
            graph.has_edge(*(trio[other] for other in range(3) if other != facing)) for facing in range(3)
        ]
        state = {3: "closed", 2: "open", 1: "one_tie", 0: "none"}[sum(tied)]
        place = tied.index(sum(tied) == 1) if sum(tied) in (1, 2) else -1
        counts[state, place] += 1
    return counts


def known(ties: Ties) -> nx.Graph:
    graph = nx.empty_graph(ties.size)
    graph.add_edges_from(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
    return graph


@pytest.fixture
def as_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ties be given as they are: (ties, pole) stands for a source."""
    for module in (census, participation):
        monkeypatch.setattr(module, "seen_in", lambda source, year=None: source)
        monkeypatch.setattr(module, "ties_of", lambda source, **_: source[0])
        monkeypatch.setattr(module, "poles_of", lambda source, *_: np.array(source[1], dtype=np.int32))


def test_by_hand(hand: Filiere) -> None:
    """Eight trios of two enterprises (F, A), two elected (M, G) and two ESS actors (R, C: Ressourcerie).

    Tied: F–M, M–R, F–R, A–M, A–G, G–C. Mairie and Relais were asked: what else they have is untied. F–G, F–C and
    A–C are undocumented.
    """
    # F M R closed. A M R: open through Mairie, A–R untied. A G C: open through Agglo, A–C undocumented.
    # One tie: G–C in F G C (enterprise apart; F–G, F–C undocumented); F–R in F G R (elected apart, G–R untied);
    # F–M in F M C, A–M in A M C, A–G in A G R (ESS apart; M–C, M–C and G–R untied)
    table = triad_table(hand)
    assert table.columns.tolist() == COLUMNS
    assert table["state"].tolist() == [name for name, _ in ROWS]
    assert table["pole"].tolist()[1:7] == [*TRIPTYQUE, *TRIPTYQUE] and table["pole"].isna().sum() == 2
    assert table["triads"].tolist() == [1, 0, 2, 0, 1, 1, 3, 0]
    assert table["share"].tolist() == [count / 8 for count in [1, 0, 2, 0, 1, 1, 3, 0]]
    # A G C is to be asked, A M R to be linked; F G C is to be asked
    assert table["to_ask"].tolist() == [0, 0, 1, 0, 1, 0, 0, 0]
    assert table["to_tie"].tolist() == [0, 0, 1, 0, 0, 0, 0, 0]
    assert table.loc[0, ["low", "high"]].tolist() == [1, 3]
    counted = triads_of(hand)
    assert (counted.closed, counted.open, counted.may_close) == (1, 2, 3)


def test_through_each_actor_by_hand(hand: Filiere) -> None:
    found = triad_participation(hand)
    assert found.columns.tolist() == PARTICIPATION
    assert found.index.name == "actor_id" and found.index.tolist() == list(hand.actors.index[:7])
    assert found["pole"].tolist()[:6] == ["enterprise"] * 2 + ["elected"] * 2 + ["ess"] * 2
    assert pd.isna(found["pole"].iloc[6])
    # one actor of each other pole: 2 × 2; none for Labo, which is of another pole
    assert found["possible"].tolist() == [4] * 6 + [0]
    # F M R; may close besides: A G C and F G C
    assert found["closed"].tolist() == [1, 0, 1, 0, 1, 0, 0]
    assert found["high"].tolist() == [2, 1, 1, 2, 1, 2, 0]
    # A M R through Mairie, A G C through Agglo, whose third pair nobody knows of
    assert found["open_centre"].tolist() == [0, 0, 1, 1, 0, 0, 0]
    assert found["to_ask"].tolist() == [0, 0, 0, 1, 0, 0, 0]
    assert found["open_end"].tolist() == [0, 2, 0, 0, 1, 1, 0]


@pytest.mark.usefixtures("as_layer")
class TestEveryWay:
    """What is unknown, held against every way in which it may turn out."""

    @given(layers(directed=False), st.lists(st.integers(-1, 2), min_size=5, max_size=5))
    @settings(max_examples=40)
    def test_the_table(self, ties: Ties, codes: list[int]) -> None:
        pole = codes[: ties.size]
        table = triad_table((ties, pole))  # type: ignore[arg-type]
        now = by_loop(known(ties), pole)
        assert table["triads"].tolist() == [now[row] for row in ROWS]
        unknown = len(unknown_pairs(ties))
        outcomes = [by_loop(graph, pole) for graph in completions(ties)] if unknown <= 6 else [now]
        for place, row in enumerate(ROWS):
            reached = [outcome[row] for outcome in outcomes]
            assert table["low"][place] <= min(reached) and max(reached) <= table["high"][place]
            if unknown <= 6 and row[0] in ("closed", "none"):  # exact
                assert (table["low"][place], table["high"][place]) == (min(reached), max(reached))
        assert table["to_ask"].sum() == table["high"][0] - table["triads"][0]
        opened = table[table["state"] == "open"]
        assert (opened["to_ask"] + opened["to_tie"] == opened["triads"]).all()

    @given(layers(directed=False), st.lists(st.integers(-1, 2), min_size=5, max_size=5))
    @settings(max_examples=40)
    def test_through_each_actor(self, ties: Ties, codes: list[int]) -> None:
        pole = codes[: ties.size]
        found = triad_participation((ties, pole))  # type: ignore[arg-type]
        graph, unknown = known(ties), {frozenset(pair) for pair in unknown_pairs(ties)}
        wanted = pd.DataFrame(0, index=range(ties.size), columns=PARTICIPATION[1:])
        members = [[node for node, code in enumerate(pole) if code == one] for one in range(3)]
        for trio in product(*members):
            pairs = [pair for pair in combinations(trio, 2) if graph.has_edge(*pair)]
            left = [frozenset(pair) for pair in combinations(trio, 2) if not graph.has_edge(*pair)]
            for node in trio:
                wanted.loc[node, "possible"] += 1
                wanted.loc[node, "closed"] += not left
                wanted.loc[node, "high"] += set(left) <= unknown
                if len(pairs) == 2:
                    at_centre = node not in left[0]
                    wanted.loc[node, "open_centre" if at_centre else "open_end"] += 1
                    wanted.loc[node, "to_ask"] += at_centre and left[0] in unknown
        assert found[PARTICIPATION[1:]].to_numpy().tolist() == wanted.to_numpy().tolist()


def graph_of(seed: int, size: int = 40) -> nx.Graph:
    graph = nx.gnp_random_graph(size, 0.2, seed=seed)
    rng = np.random.default_rng(seed)
    nx.set_node_attributes(graph, dict(enumerate(rng.choice(["x", "y", "z", "t"], size).tolist())), "team")
    return graph


@pytest.mark.parametrize("seed", range(3))
def test_on_graphs_that_never_saw_a_filiere(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    graph, poles = graph_of(seed), ("x", "y", "z")
    code = {name: place for place, name in enumerate(poles)}
    pole = [code.get(team, -1) for _, team in graph.nodes(data="team")]
    wanted = by_loop(graph, pole)
    tables = []
    for at_a_time in (1, 4_000_000):  # one slice per row, or all at once
        monkeypatch.setattr(sums, "_AT_A_TIME", at_a_time)
        tables.append((triad_table(graph, group="team", poles=poles),
                       triad_participation(graph, group="team", poles=poles)))  # fmt: skip
    pd.testing.assert_frame_equal(tables[0][0], tables[1][0])
    pd.testing.assert_frame_equal(tables[0][1], tables[1][1])
    table, through = tables[0]
    assert table["triads"].tolist() == [wanted[row] for row in ROWS]
    # everything is documented: nothing to ask, no bound
    assert (table["low"] == table["triads"]).all() and (table["high"] == table["triads"]).all()
    assert table["to_ask"].sum() == 0
    assert table["to_tie"].tolist() == [0, *(wanted["open", pole] for pole in range(3)), 0, 0, 0, 0]
    assert through["closed"].sum() == 3 * wanted["closed", -1]
    opened = sum(wanted["open", place] for place in range(3))
    assert (through["open_centre"].sum(), through["open_end"].sum()) == (opened, 2 * opened)
    for place, name in enumerate(poles):
        assert through.loc[through["pole"] == name, "open_centre"].sum() == wanted["open", place]
    # networkx counts all triangles: those of one actor of each team, with everyone else left out
    kept = graph.subgraph(node for node, place in enumerate(pole) if place >= 0)
    crossing = nx.Graph((a, b) for a, b in kept.edges if pole[a] != pole[b])
    assert {node: through.at[node, "closed"] for node in crossing} == nx.triangles(crossing)


def test_names_do_not_matter() -> None:
    graph = graph_of(7)
    renamed = nx.relabel_nodes(graph, {node: ("actor", node) for node in graph})
    for one in (triad_table, triad_participation):
        first, second = (one(each, group="team", poles=("x", "y", "z")) for each in (graph, renamed))
        pd.testing.assert_frame_equal(first.reset_index(drop=True), second.reset_index(drop=True))


def trio() -> nx.MultiDiGraph:
    graph = nx.MultiDiGraph(
        [("firm", "town"), ("town", "firm"), ("firm", "town"), ("town", "aci"), ("aci", "aci")]
    )
    nx.set_node_attributes(graph, {"firm": "enterprise", "town": "elected", "aci": "ess"}, "pole")
    graph.add_nodes_from([("club", {"pole": "ess"}), ("lab", {"pole": None})])
    return graph


def test_parallel_ties_self_ties_and_isolates_count_once_or_not() -> None:
    table = triad_table(trio())
    # firm town aci: open through the elected; firm town club: one tie, the ESS apart
    assert table.query("triads > 0")[["state", "pole", "triads"]].values.tolist() == [
        ["open", "elected", 1],
        ["one_tie", "ess", 1],
    ]


def test_nobody_and_one_pole_only() -> None:
    for graph in (nx.Graph(), nx.empty_graph(1)):
        nx.set_node_attributes(graph, "enterprise", "pole")
        table = triad_table(graph)
        assert table["state"].unique().tolist() == list(TRIAD_STATES) and len(table) == 8
        assert table["triads"].sum() == 0 and table["share"].isna().all()
        found = triad_participation(graph)
        assert found.columns.tolist() == PARTICIPATION and len(found) == len(graph)
        assert found[PARTICIPATION[1:]].sum().sum() == 0
    empty = Filiere.from_tables(actors={"name": []})
    assert triad_table(empty)["triads"].sum() == 0
    assert triad_participation(empty).empty
    assert triads_in_groups(empty).empty


def test_everything_unknown() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "B", "C", "D"], "pole": ["enterprise", "elected", "ess", "ess"]}
    )
    table = triad_table(f)
    assert table["triads"].tolist() == [0] * 7 + [2]
    assert table["to_ask"].tolist() == [0] * 7 + [2]  # asking may show all of them closed
    assert table["high"].tolist() == [2] * 8 and table["low"].tolist() == [0] * 8
    assert triad_participation(f)["high"].tolist() == [2, 2, 1, 1]


def test_bad_arguments() -> None:
    with pytest.raises(ArgumentError, match="three poles, not 2"):
        triad_table(trio(), poles=("enterprise", "ess"))
    with pytest.raises(UnknownNameError, match="college"):
        triad_participation(trio(), group="college")
    with pytest.raises(ArgumentError, match="by='all'"):
        triptyque_closure(trio(), by="all")
    with pytest.raises(UnknownNameError, match="mill"):
        triad_table(trio(), actors=["mill"])
    with pytest.raises(ValueError, match="no years"):
        triad_table(trio(), year=2022)


def test_among_some_actors(hand: Filiere) -> None:
    some = ["filature", "mairie", "relais", "agglo"]
    # F M R closed, F G R with F–R alone
    assert triptyque_closure(hand, actors=some) == 0.5
    measure = triptyque_closure_measure(hand, actors=some)
    assert (measure.numerator, measure.denominator) == (1, 2)
    # cross pairs: F–M, F–R, F–G, M–R, G–R, of which only F–G is undocumented
    assert measure.n_unknown == 1
    assert measure.rows["actors"] == ("mairie", "relais")
    # c1 and c10 Filature and Mairie, c2 and c3 Mairie and Relais, c4 Filature and Relais
    assert measure.rows["cooperations"] == ("c1", "c2", "c3", "c4", "c10")
    assert triad_table(hand, actors=some)["triads"].sum() == 2
    assert len(triad_participation(hand, actors=some)) == 4
    assert (
        triads_of(hand, actors=some, kind=["joint_project", "support"]).open == 1
    )  # without Filature – Relais


def test_by_kind_and_by_year(hand: Filiere) -> None:
    # joint projects: F–M and G–C; F M R, F M C through F–M, and F G C, A G C through G–C hold one tie
    table = triad_table(hand, kind="joint_project")
    assert table.set_index("state").loc["one_tie", "triads"].sum() == 4
    # in 2010 everything that has not ended stands, with the tie of Labo, which is in no triptyque
    assert triad_table(hand, year=2010)["triads"].tolist() == triad_table(hand)["triads"].tolist()


def test_in_groups_by_hand(hand: Filiere) -> None:
    found = triads_in_groups(hand)
    assert found.index.tolist() == ["gt", "copil", "forum", "ca", "vide"] and found.index.name == "group_id"
    assert found.columns.tolist() == ["members", "possible", "closed", "high", "open", "documented", "pairs"]
    # GT: Filature, Mairie, Relais (Labo sits for another pole): closed, three pairs, all documented
    assert found.loc["gt"].tolist() == [3, 1, 1, 1, 0, 3, 3]
    assert found.loc["copil"].tolist() == [2, 0, 0, 0, 0, 0, 0]  # two elected
    # at the forum Relais sits for the enterprises: no ESS member is left, as « Ancien » has closed
    assert found.loc["forum"].tolist() == [2, 0, 0, 0, 0, 1, 1]
    assert found.loc["ca"].tolist() == [2, 0, 0, 0, 0, 1, 1]
    assert found.loc["vide"].tolist() == [0] * 7
    assert triads_in_groups(hand, kinds=["working_group"]).index.tolist() == ["gt"]
    assert triads_in_groups(hand, kind="support").loc["gt", ["closed", "open"]].tolist() == [0, 0]


def test_in_groups_agrees_with_the_members_taken_alone() -> None:
    graph = graph_of(5)
    bodies = {node: ["A", "B", "C"][node % 3] for node in graph}
    nx.set_node_attributes(graph, bodies, "body")
    found = triads_in_groups(graph, group="body", pole="team", poles=("x", "y", "z"))
    assert sorted(found.index) == ["A", "B", "C"]
    for body, row in found.iterrows():
        alone = triads_of(
            graph, group="team", poles=("x", "y", "z"), actors=[n for n in graph if bodies[n] == body]
        )
        assert row.tolist() == [sum(alone.sizes), alone.possible, alone.closed, alone.may_close, alone.open,
                                alone.documented, alone.pairs]  # fmt: skip
