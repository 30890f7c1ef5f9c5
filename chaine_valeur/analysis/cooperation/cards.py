"""The cards of the indicators of cooperation."""

from __future__ import annotations

from ...language import N_
from ...vocabulary import Pole
from ..card import Card, Reference

__all__ = ["CARDS"]

_PAIRS = N_(
    "Nine actors make 36 pairs. With eight or fewer there are under thirty, and one pair more or less moves the "
    "figure by more than three points."
)
_TIES = N_(
    "It is a share of the known ties, not of the actors: what counts is how many there are, and eight actors or "
    "fewer cannot have thirty tied pairs."
)
_CAMPNET = Reference(N_("UCINET: its printed values for the data “campnet” (Borgatti, Everett and Johnson)"))
_TIED = ("E", N_("pairs of actors with a known cooperation, each pair once"))
_PARTNERS = ("n", N_("number of active actors that could cooperate: no diffuse actor, not the outside"))
_LINKED = (
    "R",
    N_("number of pairs of actors that are linked directly or through others, by known cooperations"),
)

CARDS: dict[str, Card] = {
    "D1": Card(
        math=r"\frac{2\,|E|}{n (n - 1)}",
        symbols=(_TIED, _PARTNERS),
        low=0, high=1, n_actors=9, n_actors_why=_PAIRS,
        beyond=N_(
            "More ties are not better: each takes time. A word in passing weighs as much as a contract, and pairs "
            "are more often documented when they work together."
        ),
        function="chaine_valeur.cooperation.density",
        references=(
            _CAMPNET,
            Reference("Wasserman, S., Faust, K. (1994). Social Network Analysis", verified=False),
        ),
    ),
    "D2": Card(
        math=r"\frac{|E_{AB}|}{n_A\, n_B}",
        symbols=(
            ("E_{AB}", N_("pairs of an enterprise and an ESS actor with a known cooperation")),
            (r"n_A,\ n_B", N_("number of enterprises, number of ESS actors")),
        ),
        low=0, high=1, n_actors=11,
        n_actors_why=N_(
            "Eleven actors can make 30 pairs (5 × 6). With ten or fewer there are 25 at most, and one pair more "
            "or less moves the figure by four points or more."
        ),
        beyond=N_(
            "An actor stands in the one college that it declares, even if it could be in both. Who took the first "
            "step, and what the tie is worth, are not in it."
        ),
        function="chaine_valeur.cooperation.block_density", arguments={"by": "pole"},
        taken=N_("the density of its row between the two colleges"), references=(_CAMPNET,),
    ),
    "D3": Card(
        math=r"\frac{E - I}{E + I}",
        symbols=(
            ("E", N_("known cooperations between actors of different colleges, each pair once")),
            ("I", N_("known cooperations within one college, each pair once")),
        ),
        low=-1, high=1, n_actors=9, n_actors_why=_TIES,
        beyond=N_(
            "0 is no neutral point: where colleges are of unequal size, ties drawn at random give another figure. "
            "What chance would give is in cv.cooperation.ei_test."
        ),
        function="chaine_valeur.cooperation.ei_index", arguments={"by": "pole"},
        references=(
            Reference("Krackhardt, D., Stern, R. N. (1988). Informal networks and organizational crises. "
                      "Social Psychology Quarterly 51", doi="10.2307/2786835", verified=False),
            Reference(N_("UCINET, help of Network > Cohesion > E-I Index")),
        ),
    ),
    "D4": Card(
        math=r"\frac{\sum_v (\max_u d_u - d_v)}{(n - 1)(n - 2)}",
        symbols=(("d_v", N_("number of actors with whom actor v is known to cooperate")), _PARTNERS),
        low=0, high=1, n_actors=11,
        n_actors_why=N_("From eleven actors on, one cooperation more or less moves the figure by a tenth at most."),
        beyond=N_(
            "It sees numbers of ties only: a centre of two, or two stars side by side, look little centralised. "
            "High is no fault of the one in the middle: it says how much hangs on it."
        ),
        function="chaine_valeur.cooperation.centralization",
        references=(
            _CAMPNET,
            Reference("Freeman, L. C. (1979). Centrality in social networks: conceptual clarification. "
                      "Social Networks 1", verified=False),
        ),
    ),
    "D5": Card(
        math=r"\frac{|\{g \in G : a_g \ge 1,\ b_g \ge 1,\ c_g \ge 1\}|}{|G|}",
        symbols=(
            ("G", N_("groups of whose composition enough is known")),
            (r"a_g,\ b_g,\ c_g", N_("members who sit for the enterprises, the elected officials, the ESS")),
        ),
        low=0, high=1, n_actors=3,
        n_actors_why=N_(
            "A triptyque takes three actors. What is counted is groups, of which there are few: it is told as a "
            "count."
        ),
        beyond=N_(
            "To sit is not to come, nor to weigh on what is decided: see the attendance. One seat may speak for a "
            "whole network, or for itself."
        ),
        function="chaine_valeur.cooperation.triptyque_coverage",
        references=(Reference(N_("Rule of the programme “Entreprendre en coopérant” for its working groups")),),
    ),
    "D6": Card(
        math=r"\frac{|\{(i, j, k) : ij,\ jk,\ ik \in E\}|}{n_1\, n_2\, n_3}",
        symbols=(
            (r"i,\ j,\ k", N_("an enterprise, an elected official, an ESS actor")),
            _TIED,
            (r"n_1,\ n_2,\ n_3", N_("number of actors of each of these colleges")),
        ),
        low=0, high=1, n_actors=10,
        n_actors_why=N_(
            "Ten actors can make 36 trios (3 × 3 × 4). With nine or fewer there are 27 at most, and one trio more "
            "or less moves the figure by more than three points."
        ),
        beyond=N_(
            "Low is not idle: a body that links all the others leaves many open trios, which are counted beside. "
            "Trios multiply with the actors, so that the share falls fast in a large filière."
        ),
        function="chaine_valeur.cooperation.triptyque_closure",
        references=(
            Reference(N_("A triad census, restricted to three colleges (Holland and Leinhardt)"), verified=False),
        ),
    ),
    "D7": Card(
        math=r"\frac{1}{|S|} \sum_{s \in S} \frac{p_s}{p_s + a_s}",
        symbols=(
            ("S", N_("seats (a member in a group) of which something is known")),
            (r"p_s,\ a_s", N_("meetings held since it joined to which it is known to have come, not to have come")),
        ),
        low=0, high=1, n_actors=1,
        n_actors_why=N_(
            "It is a mean of seats, each counting the same: one is enough, and with few of them each shows."
        ),
        beyond=N_(
            "To come is not to take part. Groups that keep lists are often those that are alive: the others are "
            "unknown, and need not be alike."
        ),
        function="chaine_valeur.cooperation.attendance", taken=N_("the mean of its column share"),
    ),
    "D8": Card(
        math=r"\frac{1}{|G|} \sum_{g \in G} \frac{1 - \sum_k p_{gk}^2}{1 - 1/K}",
        symbols=(
            ("G", N_("groups with a seat of known college")),
            ("p_{gk}", N_("share of college k among the seats of group g whose college is known")),
            ("K", N_("number of colleges that an actor may declare")),
        ),
        low=0, high=1, n_actors=len(Pole),
        n_actors_why=N_("A group with fewer seats than there are colleges cannot reach 1, however mixed it is."),
        beyond=N_(
            "It counts seats, not voices: an even mix may be led by one. A board of three weighs as much as a "
            "forum of forty."
        ),
        function="chaine_valeur.cooperation.diversity", taken=N_("the mean of its column iqv"),
        references=(Reference("Blau, P. M. (1977). Inequality and Heterogeneity", verified=False),),
    ),
    "D9": Card(
        math=r"\frac{\max_b q_b}{\sum_b q_b}",
        symbols=(
            ("q_b", N_(
                "pairs of actors who do not cooperate with one another and both do with actor b, the three not "
                "all of one college"
            )),
        ),
        low=0, high=1, n_actors=9,
        n_actors_why=N_(
            "With few actors one of them carries most mediations, whatever happens; eight or fewer have under "
            "thirty pairs to link."
        ),
        beyond=N_(
            "To stand between two actors is not to bring them together: what passes through a tie is not known. A "
            "pair that two actors link is counted for both."
        ),
        function="chaine_valeur.cooperation.brokerage_share", arguments={"by": "pole"},
        references=(
            Reference(N_("Manual of sna, package for R: brokerage")),
            Reference("Gould, R. V., Fernandez, R. M. (1989). Structures of mediation. Sociological Methodology 19",
                      verified=False),
        ),
    ),
    "D11": Card(
        math=r"\frac{2M}{2M + A}",
        symbols=(
            ("M", N_("pairs of actors tied both ways")),
            ("A", N_("pairs of actors tied one way only")),
        ),
        low=0, high=1, n_actors=9, n_actors_why=_TIES,
        beyond=N_(
            "Who funds or supports is not meant to receive: one way is no fault. Support one way and funding the "
            "other count as a tie that goes both ways."
        ),
        function="chaine_valeur.cooperation.reciprocity",
        references=(_CAMPNET, Reference(N_("networkx, overall_reciprocity: the same on any directed graph"))),
    ),
    "D12": Card(
        math=r"\max_{C \subseteq V} \operatorname{corr}(a_{ij}, \delta_{ij})",
        symbols=(
            (r"C \subseteq V", N_("a core, chosen among the actors")),
            ("a_{ij}", N_("1 if actors i and j are known to cooperate, else 0")),
            (r"\delta_{ij}", N_("1 if one of the two is in the core, else 0")),
        ),
        low=0, high=1, n_actors=30,
        n_actors_why=N_("It is not shown under thirty actors: a core of two or three fits by chance."),
        beyond=N_(
            "Beyond twenty actors the core is looked for and not proved the best; another may fit nearly as well. "
            "Two circles side by side fit badly, and are no less organised."
        ),
        function="chaine_valeur.cooperation.core_periphery", taken=N_("its fit"),
        references=(
            Reference("Borgatti, S. P., Everett, M. G. (1999). Models of core/periphery structures. Social Networks 21",
                      verified=False),
        ),
    ),
    "D15": Card(
        math=r"\frac{|E_t \cap F_{t + L}|}{|E_t|}",
        symbols=(
            ("E_t", N_("pairs known to cooperate in year t, the latest that allows it")),
            ("F_{t + L}", N_("pairs between which material passes, either way, L years later")),
            ("L", N_("1, 2 or 3: the first that the data allow")),
        ),
        low=0, high=1, n_actors=9, n_actors_why=_TIES,
        beyond=N_(
            "After is not because: pairs that exchanged already are counted too (new=True leaves them out). "
            "Exchanges of services, people or rooms are not seen."
        ),
        function="chaine_valeur.cooperation.tie_conversion",
    ),
    "D16": Card(
        math=r"\frac{|E_t \cap E_{t + 1}|}{|E_t \cup E_{t + 1}|}",
        symbols=((r"E_t,\ E_{t + 1}", N_("pairs known to cooperate in the two latest years that ties bear")),),
        low=0, high=1, n_actors=9, n_actors_why=_TIES,
        beyond=N_(
            "To last is no merit by itself: a project that ended well lowers it, and a tie that nobody closed in "
            "the table raises it."
        ),
        function="chaine_valeur.cooperation.persistence",
    ),
    "D17": Card(
        math=r"\frac{R(G - v)}{R(G)}",
        symbols=(
            _LINKED,
            ("G", N_("active actors that could cooperate, and their known cooperations")),
            ("v", N_("of the animators and territorial actors, the one with most cooperations")),
        ),
        low=0, high=1, n_actors=10,
        n_actors_why=N_(
            "The pairs of the body itself go with it: where all are linked, at most 1 − 2/n is left, 0.8 with ten "
            "actors. With fewer, low does not yet mean fragile."
        ),
        beyond=N_(
            "Actors do not stand still when a body leaves: what would be tied anew is not foreseen. A path counts "
            "however long it is."
        ),
        function="chaine_valeur.cooperation.remaining",
        references=(Reference(N_("Effect of deleting a key player (UCINET, Key Player)"), verified=False),),
    ),
}  # fmt: skip
