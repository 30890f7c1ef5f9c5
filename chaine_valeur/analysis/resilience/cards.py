"""The cards of the indicators of circularity and resilience."""

from __future__ import annotations

from math import exp, inf

from ...language import N_
from ..card import BY_FLOWS, Card, Reference

__all__ = ["CARDS"]

_ENAR = Reference(N_("enaR, package for R: its printed values for the oyster reef of Dame and Patten (1981)"))
_FINN = Reference(
    "Finn, J. T. (1976). Measures of ecosystem structure and function derived from analysis of flows. "
    "Journal of Theoretical Biology 56", verified=False,
)  # fmt: skip
_PASSES = ("T_i", N_("tonnes that pass through actor i, per year"))
_BETWEEN = ("f_{ij}", N_("known tonnes from actor i to actor j, per year"))

CARDS: dict[str, Card] = {
    "B10": Card(
        math=r"\frac{\sum_i T_i\, \frac{N_{ii} - 1}{N_{ii}}}{\sum_i T_i}, "
             r"\quad N = (I - G)^{-1}, \quad G_{ij} = \frac{f_{ij}}{T_i}",
        symbols=(
            _PASSES,
            _BETWEEN,
            ("N_{ii}", N_("how many times a tonne that passes through actor i does so, on average")),
            ("I", N_("identity matrix")),
        ),
        low=0, high=1, n_actors=30, n_actors_why=BY_FLOWS,
        beyond=N_(
            "It follows tonnes, not what they are worth: all materials are added up, and a tonne that comes back "
            "for a lesser use counts as any other. What goes round inside one actor is not seen."
        ),
        function="chaine_valeur.flows.finn_cycling_index", references=(_FINN, _ENAR),
    ),
    "B11": Card(
        math=r"\frac{\sum_i T_i}{\sum_i z_i}",
        symbols=(
            _PASSES,
            ("z_i", N_("tonnes that enter at actor i: from outside, and what it sends beyond what it receives")),
        ),
        low=1, high=inf, n_actors=30, n_actors_why=BY_FLOWS,
        beyond=N_(
            "Long is not good by itself: carting and storing lengthen the way as much as work does, and so does "
            "an actor that is entered as two."
        ),
        function="chaine_valeur.flows.average_path_length", references=(_FINN, _ENAR),
    ),
    "C1": Card(
        math=r"\frac{1}{|V|} \sum_{v \in V} \sum_u s_{uv}^2",
        symbols=(
            ("V", N_("actors that others supply, the outside left out")),
            ("s_{uv}", N_("share of supplier u in the known tonnes that actor v receives from others")),
        ),
        low=0, high=1, n_actors=30, n_actors_why=BY_FLOWS,
        beyond=N_(
            "Each actor counts the same, whatever its tonnage. Several suppliers who draw on one resource are no "
            "safety, and a single one under a long contract may be."
        ),
        function="chaine_valeur.resilience.supplier_concentration",
        taken=N_("the mean over the actors, the outside left out"),
        references=(Reference(N_("Herfindahl’s index, the sum of squared shares"), verified=False),),
    ),
    "C3": Card(
        math=r"\frac{|\{(r, k) \in Q : \mu(r, k) \ge 2\}|}{|Q|}",
        symbols=(
            ("Q", N_(
                "pairs of a resource stage and a market stage that expected passages join and recorded flows link"
            )),
            (r"\mu(r, k)", N_("most ways from r to k of which no two share an actor between (Menger)")),
        ),
        low=0, high=1, n_actors=30, n_actors_why=BY_FLOWS,
        beyond=N_(
            "That there are two ways does not say that one of them could carry it all: capacities and materials "
            "are not looked at."
        ),
        function="chaine_valeur.resilience.disjoint_paths",
        taken=N_("of its rows with a path (and not known to be unexpected), the share with two or more"),
        references=(
            Reference(N_("Menger’s theorem"), verified=False),
            Reference(N_("networkx, maximum_flow and node_connectivity: the referees of our tests")),
        ),
    ),
    "C4": Card(
        math=r"\frac{\sum_{ij} p_{ij} \log_2 \frac{p_{ij}}{p_{i \cdot}\, p_{\cdot j}}}{- \sum_{ij} p_{ij} \log_2 p_{ij}}",
        symbols=(
            ("p_{ij}", N_(
                "share of what goes from i to j in all flows; beside the actors there are one origin of what "
                "enters and two ends, exports and losses"
            )),
            (r"p_{i \cdot},\ p_{\cdot j}", N_("share of all that leaves i, of all that arrives at j")),
        ),
        low=0, high=1, n_actors=30, n_actors_why=BY_FLOWS,
        beyond=N_(
            "There is no value to aim at: what is found in ecosystems is no norm for a filière. To enter one "
            "actor as two changes it."
        ),
        function="chaine_valeur.resilience.ascendency",
        references=(
            Reference("Ulanowicz, R. E. (1997). Ecology, the Ascendent Perspective", verified=False),
            _ENAR,
        ),
    ),
    "C5": Card(
        math=r"-a \ln a",
        symbols=(("a", N_("degree of organisation of the flows (C4)")),),
        low=0, high=exp(-1), n_actors=30, n_actors_why=BY_FLOWS,
        beyond=N_(
            "That it is highest at 1/e comes from the formula and from no study of filières: it speaks of the "
            "shape of the flows, not of whether the actors would hold out."
        ),
        function="chaine_valeur.resilience.robustness",
        references=(
            Reference("Ulanowicz, R. E., Goerner, S. J., Lietaer, B., Gomez, R. (2009). Quantifying sustainability. "
                      "Ecological Complexity 6", verified=False),
            _ENAR,
        ),
    ),
    "C6": Card(
        math=r"1 - \frac{\max_{v \in O} c_v}{|B|}",
        symbols=(
            ("B", N_("buyers that recorded flows reach from a resource or from outside")),
            ("O", N_("single organisations that supply another actor")),
            ("c_v", N_("number of other buyers to whom every path passes actor v")),
        ),
        low=0, high=1, n_actors=30, n_actors_why=BY_FLOWS,
        beyond=N_(
            "A buyer counts as supplied while one path reaches it, whatever its tonnage and material. How the "
            "others would step in for the one that stops is not foreseen."
        ),
        function="chaine_valeur.resilience.cut_actors",
        taken=N_(
            "1 less the highest of its values, over single organisations, divided by the number of supplied "
            "buyers"
        ),
        references=(
            Reference("Lengauer, T., Tarjan, R. E. (1979). A fast algorithm for finding dominators in a flowgraph. "
                      "ACM Transactions on Programming Languages and Systems 1", verified=False),
            Reference(N_("networkx, immediate_dominators: the referee of our tests")),
        ),
    ),
}  # fmt: skip
