"""Every public function of the room of cooperation: how to call it on any source, how to compare what it gives.

A `Contract` adds what a source makes necessary (the attribute of a graph that holds blocks, a graph of flows, an
actor to take away), so that the rest of the contract (`test_contract_*.py`) is written once for all of them.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.filiere import Filiere
from tests.cooperation.contract_results import plain, same
from tests.cooperation.contract_sources import (
    GRAPHS,
    degenerate_filieres,
    degenerate_graphs,
    flows_of,
    graph_of,
    named,
    rich,
    waves_of,
)

__all__ = [
    "BY_NAME",
    "CONTRACTS",
    "GRAPHS",
    "NOT_OF_A_SOURCE",
    "Contract",
    "degenerate_filieres",
    "degenerate_graphs",
    "graph_of",
    "plain",
    "rich",
    "same",
]


@dataclass(frozen=True)
class Contract:
    """How to call a function.

    Attributes
    ----------
    on_graph, on_filiere
        Keywords that such a source makes necessary.
    always
        Keywords for any source.
    flows, waves, strength
        Takes a graph of flows; graphs by year; the layer beside the source.
    measures
        What it takes after the source, as it is.
    names
        Arguments that name actors: those of the first ranks, as a graph does not say which.
    graph
        Whether it takes a graph.
    drawn
        Draws at random, so that another order gives other draws.
    first_of_equals
        Resolves equals by table order.
    cases, on_arcs
        Options to be tried beside the default ones, on all sources or on directed graphs.
    """

    name: str
    on_graph: Mapping[str, Any] = field(default_factory=dict)
    on_filiere: Mapping[str, Any] = field(default_factory=dict)
    always: Mapping[str, Any] = field(default_factory=dict)
    flows: bool = False
    waves: bool = False
    strength: bool = False
    measures: Any = None
    names: tuple[str, ...] = ()
    graph: bool = True
    drawn: bool = False
    first_of_equals: bool = False
    cases: tuple[Mapping[str, Any], ...] = ()
    on_arcs: tuple[Mapping[str, Any], ...] = ()

    @property
    def function(self) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(co, self.name)
        return found

    @property
    def takes(self) -> set[str]:
        return set(inspect.signature(self.function).parameters)

    @property
    def needs(self) -> int:
        """Number of actors without which it cannot be called."""
        return len(self.names)

    def __call__(self, source: Any, **more: Any) -> Any:
        return plain(self.raw(source, **more))

    def raw(self, source: Any, **more: Any) -> Any:
        """Return what the function gives; `__call__` gives it as plain lists, dicts and scalars."""
        told = {**self.always, **(self.on_filiere if isinstance(source, Filiere) else self.on_graph), **more}
        arguments: list[Any] = [source]
        if self.strength:
            chosen = {name: told[name] for name in ("kind", "actors") if name in told}
            arguments.append(co.ties_of(source, **chosen))
            told.pop("actors", None)
        if self.measures is not None:
            arguments.append(self.measures)
        arguments += self._named(source, told)
        if not isinstance(source, Filiere):
            if self.flows:
                told.setdefault("flows", flows_of(source))
            if self.waves:
                arguments[0] = waves_of(source)
        return self.function(*arguments, **told)

    def options(self, source: Any) -> Iterable[Mapping[str, Any]]:
        """Yield the options to be tried on a source."""
        yield {}
        yield from self.cases
        if not isinstance(source, Filiere) and source.is_directed():
            yield from self.on_arcs

    def _named(self, source: Any, told: dict[str, Any]) -> list[Any]:
        """Return the actors that come after the source; those that are keywords are added to `told`."""
        if not self.names or told.keys() & set(self.names):
            return []
        if self.names == ("actor",) and isinstance(source, Filiere) and co.animating_body(source) is not None:
            return []
        found = named(source, len(self.names))
        if self.needs > 1:
            return found
        told[self.names[0]] = found[0]
        return []


_BLOCKS = {"group": "team"}
_FEW: dict[str, Any] = {"draws": 6, "seed": 3}
_DIRECTED = {"directed": True}


def _table() -> list[Contract]:
    plain_ties = (
        "density average_degree compactness average_distance diameter transitivity core_periphery "
        "valued_density valued_average_degree mean_tie_strength"
    )
    rows = [
        *[
            Contract(name, cases=(_DIRECTED,), first_of_equals=stem == "core_periphery")
            for stem in plain_ties.split()
            for name in _both(stem)
        ],
        *[
            Contract(name, cases=({"connection": "weak"}, {"connection": "weak", **_DIRECTED}))
            for stem in ("component_ratio", "largest_component", "number_of_components")
            for name in _both(stem)
        ],
        # numbered as they are met
        Contract("components", cases=({"connection": "weak"},), first_of_equals=True),
        *[
            Contract(name, cases=({"following": "weak", **_DIRECTED}, _DIRECTED))
            for stem in ("connectedness", "fragmentation")
            for name in _both(stem)
        ],
        *[Contract(name, on_arcs=({"mode": "in"}, {"mode": "out"})) for name in _both("centralization")],
        *[Contract(name, cases=({"by": "dyad"},)) for name in _both("reciprocity")],
        *[
            Contract(name, cases=({"state": "asymmetric"}, {"state": "null"}))
            for name in _both("dyad_share")
        ],
        *[Contract(name, cases=(_DIRECTED,)) for name in ("density_table", "cohesion_table", "ties_of")],
        Contract("strengths", strength=True),
        # between blocks
        *[
            Contract(name, on_graph=_BLOCKS, cases=({"group": "pole"},))
            for stem in ("assortativity", "blau", "iqv", "ei_index", "ei_index_arcs", "ei_index_weighted")
            for name in _both(stem)
        ],
        *[
            Contract(name, on_graph=_BLOCKS, cases=({"group": "pole"},))
            for name in ("block_density", "valued_block_density", "composition", "homophily_table",
                         "neighbourhood_diversity")
        ],
        Contract("mixing_matrix", on_graph=_BLOCKS, cases=({"model": "configuration"},)),
        *[
            Contract(name, on_graph=_BLOCKS, cases=({"variant": "arcs"},))
            for name in ("ei_index_by_block", "ei_range")
        ],
        Contract("ei_test", on_graph=_BLOCKS, always=_FEW, drawn=True, cases=({"variant": "arcs"},)),
        Contract("cross_pole_measure", cases=({"to_pole": "elected"},)),
        Contract("survey_coverage", cases=({"group": "pole"},)),
        # positions
        Contract("betweenness", cases=({"normalized": True}, _DIRECTED)),
        *[Contract(name, cases=(_DIRECTED,)) for name in ("coreness", "ego_betweenness")],
        *[
            Contract(name, cases=({"valued": True}, _DIRECTED))
            for stem in ("constraint", "effective_size", "efficiency", "hierarchy")
            for name in (stem, f"{stem}_ego")
        ],
        Contract("structural_holes", cases=({"model": "ego"}, {"valued": True})),
        *[
            Contract(name, on_graph=_BLOCKS, cases=(_DIRECTED,))
            for name in ("brokerage", "brokerage_expected", "brokerage_z", "brokerage_totals",
                         *_both("brokerage_share"))
        ],
        # triptyques
        *[Contract(name) for name in ("triad_table", "triad_participation", "triads_of")],
        Contract("missing_pairs", always={"limit": None}),
        Contract("introducers", names=("first", "second")),
        *[Contract(name, cases=({"by": "connected"},)) for name in _both("triptyque_closure")],
        *[Contract(name, names=("hub",)) for name in ("animation_star", *_both("animation_share"))],
        # bodies
        *[
            Contract(name)
            for name in ("actors_by_groups", "attendance", "attendance_by_group", "attendance_measure",
                         "bodies_table", "bridging_actors", "co_membership", *_both("diversity"),
                         "group_overlap", "group_table", "pole_mix", "triads_in_groups",
                         *_both("triptyque_coverage"), *_both("two_mode_density"))
        ],
        Contract("meeting_table", graph=False),
        # scores
        *[Contract(name, always={"fewest": 2}) for stem in ("trust", "value_score") for name in _both(stem)],
        *[
            Contract(name, always={"fewest": 1}, first_of_equals=True)
            for name in ("trust_by_pole", "value_by_pole")
        ],
        *[Contract(name) for name in ("trust_by_actor", "value_by_actor")],
        Contract("whom_to_ask", always={"limit": None}, first_of_equals=True),
        # trade and time
        Contract("expected_ties"),
        *[Contract(name, flows=True) for name in _both("trade_without_cooperation")],
        Contract("trade_without_cooperation_table", flows=True, on_graph=_BLOCKS),
        *[Contract(name, flows=True, cases=({"new": True},)) for name in _both("tie_conversion")],
        Contract("tie_conversion_table", flows=True),
        *[
            Contract(name, waves=True, cases=({"years": [2021]}, {"years": [2021, 2020]}))
            for name in ("stable_core", "tie_changes", "tie_history")
        ],
        *[Contract(name, waves=True, cases=({"among": "both"},)) for name in _both("persistence")],
        Contract("animating_body", graph=False, first_of_equals=True),
        Contract("without_actor", names=("actor",)),
        *[
            Contract(name, names=("actor",), cases=({"of": "ties"}, {"of": "components"}, {"of": "density"}))
            for name in _both("remaining")
        ],
        Contract("without_each"),
        # chance
        Contract("null_models", always=_FEW, drawn=True, cases=({"model": "degrees"},)),
        Contract("mixing_significance", always=_FEW, on_graph=_BLOCKS, drawn=True),
        Contract("significance", always=_FEW, measures=co.density, drawn=True),
        Contract("significance_table", always=_FEW, measures=[co.density, co.transitivity], drawn=True),
        # what the diagnosis says
        *[Contract(check.__name__, graph=False, first_of_equals=True) for check in co.CHECKS],
    ]  # fmt: skip
    return rows


def _both(stem: str) -> tuple[str, ...]:
    return tuple(name for name in (stem, f"{stem}_measure") if name in co.__all__)


CONTRACTS = _table()
BY_NAME = {contract.name: contract for contract in CONTRACTS}
#: Of these no source is the first argument.
NOT_OF_A_SOURCE = {"significance_sentence"}
