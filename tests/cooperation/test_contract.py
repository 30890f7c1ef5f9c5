"""What every public function of the room holds to, whatever it measures."""

from __future__ import annotations

import copy
import inspect
from typing import Any

import networkx as nx
import pytest

from chaine_valeur.analysis import cooperation as co
from tests.cooperation.contracts import (
    BY_NAME,
    CONTRACTS,
    GRAPHS,
    NOT_OF_A_SOURCE,
    Contract,
    degenerate_filieres,
    degenerate_graphs,
    graph_of,
    plain,
    rich,
    same,
)

pytestmark = pytest.mark.long

ON_GRAPHS = [one for one in CONTRACTS if one.graph]
NAMES = [one.name for one in CONTRACTS]
#: Of these the function gives a table or more, the measure one figure of it.
MORE = {"attendance", "core_periphery", "diversity"}
MEASURES = [name for name in BY_NAME if f"{name}_measure" in BY_NAME and name not in MORE]


def test_no_function_is_forgotten() -> None:
    functions = {name for name in co.__all__ if inspect.isfunction(getattr(co, name))}
    assert functions - NOT_OF_A_SOURCE == set(NAMES)
    assert len(NAMES) == len(set(NAMES))
    assert len(MEASURES) > 30


@pytest.mark.parametrize("kind", GRAPHS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("contract", ON_GRAPHS, ids=lambda one: one.name)
def test_any_graph_that_never_saw_a_filiere_is_taken_and_left_as_it_was(
    contract: Contract, kind: type[nx.Graph]
) -> None:
    graph = graph_of(kind)
    before = copy.deepcopy(graph)
    contract(graph)
    assert nx.utils.graphs_equal(graph, before)
    assert graph.graph == before.graph


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: one.name)
def test_a_filiere_gives_twice_the_same_and_is_left_as_it_was(contract: Contract) -> None:
    f = rich()
    before = {name: f.table(name).copy() for name in f}
    assert not same(contract(f), contract(f))
    assert all(f.table(name).equals(table) for name, table in before.items())


@pytest.mark.parametrize("name", MEASURES)
def test_a_figure_is_the_value_of_its_measure_and_says_why_it_is_unknown(name: str) -> None:
    figure, measured = BY_NAME[name], BY_NAME[f"{name}_measure"]
    sources: list[Any] = [rich(), *([graph_of(nx.DiGraph)] if figure.graph else [])]
    for source in sources:
        notes = {}
        for lang in ("fr", "en"):
            measure = measured.raw(source, lang=lang)
            assert not same(figure(source), plain(measure.value)), (name, source)
            assert "{" not in measure.note and "nan" not in measure.note.lower().split()
            if measure.value != measure.value:
                assert measure.note, (name, source)
            else:
                assert not measure.low > measure.value + 1e-9 and not measure.high < measure.value - 1e-9
            notes[lang] = measure.note
        assert bool(notes["fr"]) == bool(notes["en"])


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: one.name)
def test_nothing_crashes_on_what_holds_next_to_nothing(contract: Contract) -> None:
    sources = [*degenerate_filieres().values(), *(degenerate_graphs().values() if contract.graph else ())]
    tried = 0
    for source in sources:
        if len(co.ties_of(source).nodes) < contract.needs:
            continue
        try:
            contract(source)
        except (KeyError, IndexError, AttributeError) as error:
            # one of ours is also the built-in that a caller would catch, and names what is missing
            assert type(error).__module__.startswith("chaine_valeur"), (contract.name, source)
        except ValueError as error:
            assert str(error)
        tried += 1
    assert tried > 3
