"""Many filières read as one: their columns, years and rows are those of each, and none reads what is another's."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from chaine_valeur.analysis.cooperation.cohesion.complement import linking, with_open_tied
from chaine_valeur.analysis.cooperation.positions.brokerage import COORDINATOR, TOTAL, Placed, counts_of
from chaine_valeur.analysis.cooperation.positions.many import mediations
from chaine_valeur.analysis.cooperation.ties.layer import ties_of
from chaine_valeur.analysis.costs import current_costs, money_years
from chaine_valeur.analysis.insertion.few_people import too_few
from chaine_valeur.analysis.markets import market_rows
from chaine_valeur.analysis.system import system_of
from chaine_valeur.analysis.system.processes import current_recipes
from chaine_valeur.analysis.together import as_one, filiere_of
from chaine_valeur.analysis.uncertainty import relative_uncertainties
from chaine_valeur.columns import columns
from chaine_valeur.filiere import Filiere
from chaine_valeur.kernels import Graph, weak_components
from chaine_valeur.network.positions import NO_YEAR
from chaine_valeur.portfolio import Portfolio
from chaine_valeur.provenance import confidences

from .drawn import drawn
from .drawn_trade import drawn_trade


@pytest.fixture(scope="module")
def each() -> list[Filiere]:
    return [drawn_trade(seed) for seed in (1, 2, 4, 8, 9, 13)] + [drawn(3, whole=True)]


@pytest.fixture(scope="module")
def together(each: list[Filiere]) -> Filiere:
    return as_one(Portfolio.from_filieres({f"f{place}": f for place, f in enumerate(each)}).core)


def test_columns_are_those_of_each_one_after_another(together: Filiere, each: list[Filiere]) -> None:
    for name, text, number in (
        ("flows", "confidence", "share"),
        ("costs", "kind", "year"),
        ("stages", "kind", "rank"),
    ):
        whole, parts = columns(together, name), [columns(f, name) for f in each]
        assert len(whole) == sum(map(len, parts))
        assert whole.text(text).tolist() == [cell for part in parts for cell in part.text(text).tolist()]
        np.testing.assert_array_equal(
            whole.number(number), np.concatenate([part.number(number) for part in parts])
        )
        masks = [(rows.known(text), rows.ranks(text, ["wages", "measured"]), rows.among(text, "wages", "market"))
                 for rows in (whole, *parts)]  # fmt: skip
        for place in range(3):
            np.testing.assert_array_equal(
                masks[0][place], np.concatenate([part[place] for part in masks[1:]])
            )
        assert whole.ids.tolist() == list(range(len(whole)))  # rows are called by where they stand
        assert filiere_of(together, name).tolist() == [
            n for n, part in enumerate(parts) for _ in range(len(part))
        ]


def test_what_is_derived_is_made_once(together: Filiere) -> None:
    assert together.derived("here", lambda f: [f.network.n_filieres]) is together.derived(
        "here", lambda _: []
    )
    assert as_one(together.network) is together


def test_what_is_said_of_a_cell_is_said_in_its_own_filiere() -> None:
    """Identifiers repeat: what a filière says of its flow ``a`` is not said of that of another."""

    def said(confidence: str | None) -> Filiere:
        cells = {} if confidence is None else {
            "cell_sources": {"table": ["flows"], "row_id": ["a"], "column": ["quantity_t_per_year"],
                             "confidence": [confidence]},
        }  # fmt: skip
        return Filiere.from_tables(
            actors={"name": ["A", "B"]},
            flows={"flow_id": ["a", "b"], "source": "A", "target": "B", "confidence": ["declared", None]},
            **cells,
        )

    p = Portfolio.from_filieres({"x": said("measured"), "y": said(None), "z": said("estimated")})
    f = as_one(p.core)
    told = confidences(f, "flows", column="quantity_t_per_year")
    assert told.tolist() == [
        "measured",
        None,
        "declared",
        None,
        "estimated",
        None,
    ]
    assert confidences(f, "flows", column="share").tolist() == ["declared", None] * 3
    found = relative_uncertainties(f, "flows", "quantity_t_per_year")
    assert found.tolist() == [0.05, 0.25, 0.1, 0.25, 0.25, 0.25]  # by confidence; 0.25 where none is stated


@pytest.mark.parametrize("rows_of", [current_costs, market_rows, current_recipes])
def test_rows_that_count_are_those_of_each(together: Filiere, each: list[Filiere], rows_of) -> None:
    name = {current_costs: "costs", market_rows: "markets", current_recipes: "recipes"}[rows_of]
    found, begins = rows_of(together).at, np.cumsum([0, *(len(columns(f, name)) for f in each)])
    assert found.tolist() == [
        begin + at for f, begin in zip(each, begins, strict=False) for at in rows_of(f).at.tolist()
    ]


def test_the_year_of_the_accounts_is_that_of_each() -> None:
    def spent(
        years: list[int | None], *, flows: int | None = None, labels: list[str] | None = None
    ) -> Filiere:
        n = len(years)
        return Filiere.from_tables(
            strict=False,
            actors={"name": ["A"]},
            flows={"source": ["A"], "year": [flows]},
            costs={"actor_id": ["A"] * n, "kind": "rent", "year": years, "amount_eur_per_year": list(range(n)),
                   "label": labels or [None] * n},
        )  # fmt: skip

    # of the flows, else the latest of the costs; an undated row gives way to one of the year about the same item
    filieres = [spent([2020, 2021, None], flows=2020), spent([2020, 2021, None]), spent([None]),
                spent([None, 2021, None], labels=["a", "b", "a"])]  # fmt: skip
    p = Portfolio.from_filieres({f"f{place}": f for place, f in enumerate(filieres)})
    f = as_one(p.core)
    assert money_years(f).tolist() == [2020, 2021, NO_YEAR, 2021]
    assert current_costs(f).at.tolist() == [0, 4, 6, 7, 8]
    assert current_costs(f).number("amount_eur_per_year").tolist() == [0, 1, 0, 0, 1]


def test_balances_of_many_are_those_of_each_side_by_side(together: Filiere, each: list[Filiere]) -> None:
    whole, systems = system_of(together), [system_of(f) for f in each]
    of = together.network.actor_filiere[whole.nodes.actor]
    for place, system in enumerate(systems):
        assert (of == place).sum() == system.nodes.size
        rows = of[whole.row_node] == place
        assert (rows.sum(), whole.closed[rows].sum()) == (system.n_rows, system.closed.sum())
        assert (of[whole.processes.node] == place).sum() == system.processes.size
        inside = (whole.arcs.flow < 0) & (of[whole.arcs.source] == place)
        assert inside.sum() == (system.arcs.flow < 0).sum()
    assert any(
        (system.arcs.flow < 0).any() for system in systems
    )  # what actors pass on to themselves is there


@pytest.mark.parametrize("directed", [False, True])
def test_undocumented_pairs_link_within_their_own_block(directed: bool) -> None:
    filieres = [drawn(seed, whole=True) for seed in (1, 3, 4, 6, 8)]
    core = Portfolio.from_filieres({f"f{place}": f for place, f in enumerate(filieres)}).core
    ties, of = core.ties(directed=directed), core.actor_filiere[core.partner]
    a, b = linking(ties, of=of)
    assert (of[a] == of[b]).all() and len(a)
    parts = weak_components(Graph.of(*with_open_tied(ties, of=of), size=ties.size, directed=directed))
    alone = [f.network.ties(directed=directed) for f in filieres]
    counts = [
        weak_components(Graph.of(*with_open_tied(one), size=one.size, directed=directed)).count
        for one in alone
    ]
    assert np.bincount(of[parts.first], minlength=len(filieres)).tolist() == counts


@pytest.mark.parametrize("seed", range(6))
def test_mediations_are_the_total_less_the_coordinators_part(seed: int) -> None:
    graph = nx.gnp_random_graph(14, 0.3, seed=seed)
    ties, block = ties_of(graph), np.random.default_rng(seed).integers(0, 3, 14).astype(np.int32)
    counts = counts_of(Placed(ties, ties, np.ones(14, dtype=bool), block, 3))
    assert mediations(ties, block).tolist() == (counts[:, TOTAL] - counts[:, COORDINATOR]).tolist()
    pairs = [
        sum(
            not graph.has_edge(u, w) and len({int(block[u]), int(block[v]), int(block[w])}) > 1
            for place, u in enumerate(graph[v]) for w in list(graph[v])[place + 1 :]
        )
        for v in graph
    ]  # fmt: skip
    assert mediations(ties, block).tolist() == pairs


@pytest.mark.parametrize("seed", range(20))
def test_counts_are_masked_in_their_own_total(seed: int) -> None:
    random = np.random.default_rng(seed)
    sizes = random.integers(0, 6, 5)
    people, of = random.integers(0, 12, sizes.sum()).astype(np.float64), np.repeat(np.arange(5), sizes)
    expected = [too_few(people[of == total], 5).tolist() for total in range(5)]
    assert too_few(people, 5, of=of).tolist() == [one for part in expected for one in part]


def test_few_people_by_hand() -> None:
    # 3 are few: with the 6, the smallest of the others, two are masked, who are 9; alone 8 would tell of 3
    assert too_few(np.array([3.0, 8.0, 6.0, 0.0]), 5).tolist() == [True, False, True, False]
    # in two totals the same two rows are each other's total no more
    assert too_few(np.array([3.0, 8.0]), 5, of=np.array([0, 1])).tolist() == [True, False]
