"""The cards of the indicators of flows."""

from __future__ import annotations

from math import inf

from ...language import N_
from ..card import BY_AMOUNTS, FLOW, Card, Reference

__all__ = ["CARDS"]

CARDS: dict[str, Card] = {
    "B8": Card(
        math=r"\max_{x \in X} \sum_d s_d(x)",
        symbols=(
            ("X", N_(
                "flows, levels of processes and draws on supplies that the recipes, capacities, supplies and "
                "demands allow along the recorded flows"
            )),
            ("s_d", N_("tonnes of demand d that are served, at most what is asked for")),
        ),
        low=0, high=inf, n_actors=2,
        n_actors_why=N_(
            "One flow between two actors is enough to work it out; what it is worth hangs on the capacities, "
            "supplies and demands that are stated, not on the number of actors."
        ),
        beyond=N_(
            "It is the most that could be: as if all worked together, materials were as good as the recipes say "
            "and nothing stood still. What has no known limit is taken as without limit, and told."
        ),
        function="chaine_valeur.flows.throughput", taken=N_("its served_t_per_year"),
        references=(Reference(
            "Ford, L. R., Fulkerson, D. R. (1956). Maximal flow through a network. Canadian Journal of Mathematics 8",
            verified=False,
        ),),
    ),
    "A7": Card(
        math=r"\frac{\sum_d \max(0,\ D_d - a_d)}{\sum_d D_d}",
        symbols=(
            ("D_d", N_("demand d, per year: the largest level that a buyer states for a material")),
            ("a_d", N_("tonnes of that material that reach the buyer today")),
        ),
        low=0, high=1, n_actors=2, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "A demand is what somebody said, at a price and a quality that are not in it: no contract. What "
            "nobody was asked does not appear."
        ),
        function="chaine_valeur.flows.unmet_demand",
        taken=N_("the sum of its unmet_t_per_year over that of its demand_t_per_year"),
    ),
    "A8": Card(
        math=r"\frac{\sum_s \max(0,\ S_s - u_s)}{\sum_s S_s}",
        symbols=(
            ("S_s", N_("supply of a material, per year, at the firmest level stated")),
            ("u_s", N_("what actors send of it beyond what they received of it, imports apart")),
        ),
        low=0, high=1, n_actors=1, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "What has no recorded use may have one that nobody declared; and what is left over is seldom the best "
            "part of a resource, nor the cheapest to collect."
        ),
        function="chaine_valeur.flows.unused_resource",
        taken=N_("of each material the first row (the firmest level): unused_t_per_year over supply_t_per_year"),
        references=(Reference(N_("Levels of supply after the studies of resources of ADEME"), verified=False),),
    ),
    "B1": Card(
        math=r"\frac{|\{k \in K : |z_k| \le 2\}|}{|K|}, "
             r"\quad z_k = \frac{I_k - O_k - \Delta_k - L_k - U_k}{\sigma_k}",
        symbols=(
            ("K", N_(
                "balances of which both sides are described and nothing is unknown; activities of one actor that "
                "passages of unknown quantity join make one"
            )),
            (r"I_k,\ O_k", N_("tonnes that enter and that leave")),
            (r"\Delta_k", N_("change of stock")),
            ("L_k", N_("what the recipes lose")),
            ("U_k", N_("what the recipes make and no flow takes away")),
            (r"\sigma_k", N_("standard uncertainty of the difference")),
        ),
        low=0, high=1, n_actors=3,
        n_actors_why=N_(
            "A balance takes one actor with somebody before and somebody after it: three in a row. With few "
            "balances it is told as a count."
        ),
        beyond=N_(
            "Wide uncertainties make every balance add up: look at them first. A balance that adds up may hold "
            "two errors that cancel."
        ),
        function="chaine_valeur.flows.balance",
        taken=N_(
            "of its rows in state closed, the share of which z is 2 at most either way; the indicator puts "
            "together the activities of one actor that it cannot tell apart"
        ),
        references=(
            Reference("Cencic, O. (2016). Nonlinear data reconciliation in material flow analysis with software STAN. "
                      "Sustainable Environment Research 26", verified=False),
            Reference("Veverka, V. V., Madron, F. (1997). Material and Energy Balancing in the Process Industries",
                      verified=False),
        ),
    ),
    "B7": Card(
        math=r"\max_{a \in A} \frac{\sum_{e \to a} f_e}{\kappa_a}",
        symbols=(
            ("A", N_("activities whose capacity is known and above 0, and of which all that enters is known")),
            (r"\kappa_a", N_("capacity of activity a, in tonnes per year, all materials together")),
            FLOW,
        ),
        low=0, high=inf, n_actors=2, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "The mean of a year hides the month that is full. A capacity is often nominal, or that of one "
            "material where several pass; 0.9 and 1 are thresholds of this library."
        ),
        function="chaine_valeur.flows.utilization", taken=N_("the highest of its values"),
    ),
    "B12": Card(
        math=r"\frac{\sum_{e \in R} f_e}{\sum_{e \in T} f_e}",
        symbols=(
            ("R", N_("flows that leave the sorting stages as a material that is no waste")),
            ("T", N_("flows that enter the sorting stages")),
            FLOW,
        ),
        low=0, high=inf, n_actors=2, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "Whatever is no waste counts as recovered: reuse next door, export and a use of lesser value alike. "
            "What becomes of it later is not followed. Above 1, figures contradict each other."
        ),
        function="chaine_valeur.flows.recovery_rate", taken=N_("the share of its row sorted"),
        references=(Reference(N_("Denominators after the yearly reports of Refashion"), verified=False),),
    ),
}  # fmt: skip
