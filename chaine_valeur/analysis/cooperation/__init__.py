"""Cooperation, measured as network science does: who works with whom, what is unknown of it, what to do about it.

Everything takes a `Filiere` or any networkx graph (Graph, DiGraph, MultiGraph, MultiDiGraph, with the block,
pole or group of a node as an attribute): direction follows the graph, parallel ties count once and ties with
oneself do not count. In a filière a pair of actors is documented when one of them was surveyed or a row
speaks of it; the others are unknown, and give bounds. Beside each figure stands a function that returns its
`Measure`: value, bounds, terms, the rows that it rests on.

How tied the whole is: `density`, `reciprocity`, `centralization`, `connectedness`, … all in `cohesion_table`.
Whether worlds meet: `block_density`, `mixing_matrix`, `ei_index`, `assortativity`. Where each stands:
`brokerage`, `structural_holes`, `betweenness`, `core_periphery`. Triptyques: `triad_table`, `missing_pairs`,
`animation_star`. Bodies: `bodies_table`, `attendance`, `group_overlap`. Answers: `survey_coverage`,
`whom_to_ask`, `trust_by_pole`. Time: `tie_changes`, `tie_conversion`, `without_actor`. Chance: `significance`.
"""

from __future__ import annotations

from .bodies.attendance import attendance, attendance_by_group, attendance_measure
from .bodies.diversity import diversity, diversity_measure
from .bodies.groups import group_table, pole_mix, triptyque_coverage, triptyque_coverage_measure
from .bodies.matrix import actors_by_groups
from .bodies.meetings import meeting_table
from .bodies.projection import co_membership
from .bodies.table import bodies_table
from .bodies.trios import triads_in_groups
from .bodies.two_mode import bridging_actors, group_overlap, two_mode_density, two_mode_density_measure
from .chance.mixing import mixing_significance
from .chance.null_models import null_models
from .chance.outcome import Significance, significance_sentence
from .chance.significance import significance, significance_table
from .change.evolution import tie_history
from .change.persistence import persistence, persistence_measure, stable_core, tie_changes
from .change.without_actor import animating_body, remaining, remaining_measure, without_actor
from .change.without_each import without_each
from .cohesion.centralization import centralization, centralization_measure
from .cohesion.components import (
    component_ratio,
    component_ratio_measure,
    components,
    largest_component,
    largest_component_measure,
    number_of_components,
    number_of_components_measure,
)
from .cohesion.connectedness import connectedness, connectedness_measure, fragmentation, fragmentation_measure
from .cohesion.densities import (
    average_degree,
    average_degree_measure,
    density,
    density_measure,
    density_table,
)
from .cohesion.paths import (
    average_distance,
    average_distance_measure,
    compactness,
    compactness_measure,
    diameter,
    diameter_measure,
)
from .cohesion.reciprocity import dyad_share, dyad_share_measure, reciprocity, reciprocity_measure
from .cohesion.table import cohesion_table
from .cohesion.transitivity import transitivity, transitivity_measure
from .cohesion.valued import (
    mean_tie_strength,
    mean_tie_strength_measure,
    valued_average_degree,
    valued_average_degree_measure,
    valued_density,
    valued_density_measure,
)
from .findings.conversion import ties_to_convert
from .findings.expected import expected_ties_in_groups, expected_ties_on_passages
from .findings.groups import groups_without_pole, groups_without_referent
from .findings.meetings import groups_on_paper
from .findings.poles import poles_apart
from .findings.ties import central_actor, cooperation_unknown
from .findings.triptyques import open_triptyques
from .indicators import INDICATORS
from .positions.betweenness import betweenness
from .positions.brokerage import brokerage
from .positions.brokerage_chance import brokerage_expected, brokerage_totals, brokerage_z
from .positions.brokerage_share import brokerage_share, brokerage_share_measure
from .positions.core_periphery import CorePeriphery, core_periphery, core_periphery_measure
from .positions.coreness import coreness
from .positions.ego_betweenness import ego_betweenness
from .positions.holes import (
    constraint,
    constraint_ego,
    effective_size,
    effective_size_ego,
    efficiency,
    efficiency_ego,
    hierarchy,
    hierarchy_ego,
)
from .positions.holes_table import structural_holes
from .survey.asking import whom_to_ask
from .survey.between_poles import trust_by_pole, value_by_pole
from .survey.coverage import survey_coverage
from .survey.scores import (
    trust,
    trust_by_actor,
    trust_measure,
    value_by_actor,
    value_score,
    value_score_measure,
)
from .ties.layer import ties_of
from .ties.strength import strengths
from .trade.conversion import tie_conversion, tie_conversion_measure, tie_conversion_table
from .trade.expected import expected_ties
from .trade.without_cooperation import (
    trade_without_cooperation,
    trade_without_cooperation_measure,
    trade_without_cooperation_table,
)
from .triptyques.census import triad_table
from .triptyques.closure import triptyque_closure, triptyque_closure_measure
from .triptyques.pairs import introducers, missing_pairs
from .triptyques.participation import triad_participation
from .triptyques.star import animation_share, animation_share_measure, animation_star
from .triptyques.triads import triads_of
from .worlds.blocks import block_density, cross_pole_measure
from .worlds.composition import blau, blau_measure, composition, iqv, iqv_measure
from .worlds.ei_index import (
    ei_index,
    ei_index_arcs,
    ei_index_arcs_measure,
    ei_index_measure,
    ei_index_weighted,
    ei_index_weighted_measure,
)
from .worlds.ei_range import EIRange, ei_index_by_block, ei_range
from .worlds.homophily import assortativity, assortativity_measure, homophily_table
from .worlds.mixing import mixing_matrix
from .worlds.neighbourhood import neighbourhood_diversity
from .worlds.permutation import EITest, ei_test
from .worlds.valued import valued_block_density

__all__ = [
    "CHECKS",
    "CorePeriphery",
    "EIRange",
    "EITest",
    "INDICATORS",
    "Significance",
    "actors_by_groups",
    "animating_body",
    "animation_share",
    "animation_share_measure",
    "animation_star",
    "assortativity",
    "assortativity_measure",
    "attendance",
    "attendance_by_group",
    "attendance_measure",
    "average_degree",
    "average_degree_measure",
    "average_distance",
    "average_distance_measure",
    "betweenness",
    "blau",
    "blau_measure",
    "block_density",
    "bodies_table",
    "bridging_actors",
    "brokerage",
    "brokerage_expected",
    "brokerage_share",
    "brokerage_share_measure",
    "brokerage_totals",
    "brokerage_z",
    "central_actor",
    "centralization",
    "centralization_measure",
    "co_membership",
    "cohesion_table",
    "compactness",
    "compactness_measure",
    "component_ratio",
    "component_ratio_measure",
    "components",
    "composition",
    "connectedness",
    "connectedness_measure",
    "constraint",
    "constraint_ego",
    "cooperation_unknown",
    "core_periphery",
    "core_periphery_measure",
    "coreness",
    "cross_pole_measure",
    "density",
    "density_measure",
    "density_table",
    "diameter",
    "diameter_measure",
    "diversity",
    "diversity_measure",
    "dyad_share",
    "dyad_share_measure",
    "effective_size",
    "effective_size_ego",
    "efficiency",
    "efficiency_ego",
    "ego_betweenness",
    "ei_index",
    "ei_index_arcs",
    "ei_index_arcs_measure",
    "ei_index_by_block",
    "ei_index_measure",
    "ei_index_weighted",
    "ei_index_weighted_measure",
    "ei_range",
    "ei_test",
    "expected_ties",
    "expected_ties_in_groups",
    "expected_ties_on_passages",
    "fragmentation",
    "fragmentation_measure",
    "group_overlap",
    "group_table",
    "groups_on_paper",
    "groups_without_pole",
    "groups_without_referent",
    "hierarchy",
    "hierarchy_ego",
    "homophily_table",
    "introducers",
    "iqv",
    "iqv_measure",
    "largest_component",
    "largest_component_measure",
    "mean_tie_strength",
    "mean_tie_strength_measure",
    "meeting_table",
    "missing_pairs",
    "mixing_matrix",
    "mixing_significance",
    "neighbourhood_diversity",
    "null_models",
    "number_of_components",
    "number_of_components_measure",
    "open_triptyques",
    "persistence",
    "persistence_measure",
    "pole_mix",
    "poles_apart",
    "reciprocity",
    "reciprocity_measure",
    "remaining",
    "remaining_measure",
    "significance",
    "significance_sentence",
    "significance_table",
    "stable_core",
    "strengths",
    "structural_holes",
    "survey_coverage",
    "tie_changes",
    "tie_conversion",
    "tie_conversion_measure",
    "tie_conversion_table",
    "tie_history",
    "ties_of",
    "ties_to_convert",
    "trade_without_cooperation",
    "trade_without_cooperation_measure",
    "trade_without_cooperation_table",
    "transitivity",
    "transitivity_measure",
    "triad_participation",
    "triad_table",
    "triads_in_groups",
    "triads_of",
    "triptyque_closure",
    "triptyque_closure_measure",
    "triptyque_coverage",
    "triptyque_coverage_measure",
    "trust",
    "trust_by_actor",
    "trust_by_pole",
    "trust_measure",
    "two_mode_density",
    "two_mode_density_measure",
    "value_by_actor",
    "value_by_pole",
    "value_score",
    "value_score_measure",
    "valued_average_degree",
    "valued_average_degree_measure",
    "valued_block_density",
    "valued_density",
    "valued_density_measure",
    "whom_to_ask",
    "without_actor",
    "without_each",
]

#: In the order in which they are told.
CHECKS = (
    cooperation_unknown,
    central_actor,
    poles_apart,
    open_triptyques,
    groups_without_pole,
    groups_without_referent,
    groups_on_paper,
    expected_ties_in_groups,
    expected_ties_on_passages,
    ties_to_convert,
)
