"""Cooperation: who works with whom, what is unknown of it, and which ties one would expect and does not see.

Everything takes a `Filiere` or any networkx graph (Graph, DiGraph, MultiGraph, MultiDiGraph, with the block,
pole or group of a node as an attribute): direction follows the graph, parallel ties count once and ties with
oneself do not count. In a filière a pair of actors is documented when one of them was surveyed or a row
speaks of it; the others are unknown, and give bounds. Beside each figure stands a function that returns its
`Measure`: value, bounds, terms, the rows that it rests on.
"""

from __future__ import annotations

from .bodies.diversity import diversity, diversity_measure
from .bodies.groups import group_table, triptyque_coverage, triptyque_coverage_measure
from .cohesion.centralization import centralization, centralization_measure
from .cohesion.densities import density, density_measure, density_table
from .cohesion.reciprocity import reciprocity, reciprocity_measure
from .findings.groups import (
    expected_ties_in_groups,
    expected_ties_on_passages,
    groups_without_pole,
    groups_without_referent,
)
from .findings.ties import central_actor, cooperation_unknown, open_triptyques
from .indicators import INDICATORS
from .ties.layer import ties_of
from .trade.expected import expected_ties
from .triptyques.closure import triptyque_closure, triptyque_closure_measure
from .triptyques.pairs import missing_pairs
from .worlds.blocks import block_density, cross_pole_measure

__all__ = [
    "CHECKS",
    "INDICATORS",
    "block_density",
    "central_actor",
    "centralization",
    "centralization_measure",
    "cooperation_unknown",
    "cross_pole_measure",
    "density",
    "density_measure",
    "density_table",
    "diversity",
    "diversity_measure",
    "expected_ties",
    "expected_ties_in_groups",
    "expected_ties_on_passages",
    "group_table",
    "groups_without_pole",
    "groups_without_referent",
    "missing_pairs",
    "open_triptyques",
    "reciprocity",
    "reciprocity_measure",
    "ties_of",
    "triptyque_closure",
    "triptyque_closure_measure",
    "triptyque_coverage",
    "triptyque_coverage_measure",
]

#: In the order in which they are told.
CHECKS = (
    cooperation_unknown,
    central_actor,
    open_triptyques,
    groups_without_pole,
    groups_without_referent,
    expected_ties_in_groups,
    expected_ties_on_passages,
)
