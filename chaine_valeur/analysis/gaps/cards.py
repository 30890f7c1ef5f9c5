"""The cards of the gap indicators."""

from __future__ import annotations

from math import inf

from ...language import N_
from ..card import BY_AMOUNTS, BY_CASES, FLOW, Card

__all__ = ["CARDS"]

_HOLDS = ("S(v)", N_("stages that actor v holds"))
_REQUIRED = ("M", N_("required stages; those that can stand for one another count once"))
_PATHS = (r"\Pi", N_("simple paths from a resource stage to a market stage along the required passages"))

CARDS: dict[str, Card] = {
    "A1": Card(
        math=r"\frac{|\{m \in M : \exists\, v \in V_T,\ m \in S(v)\}|}{|M|}",
        symbols=(
            ("M", N_(
                "required stages expected locally; alternatives count once, those of unknown place not at all"
            )),
            ("V_T", N_("active actors of the territory; all active actors where no territory is given")),
            _HOLDS,
        ),
        low=0, high=1, n_actors=1, n_actors_why=BY_CASES,
        beyond=N_(
            "That a stage is held says neither that its capacity is enough nor that it works with its neighbours: "
            "a chain that is complete on paper may carry nothing."
        ),
        function="chaine_valeur.gaps.stage_coverage",
    ),
    "A1-anywhere": Card(
        math=r"\frac{|\{m \in M : \exists\, v \in V,\ m \in S(v)\}|}{|M|}",
        symbols=(_REQUIRED, ("V", N_("active actors, wherever they are")), _HOLDS),
        low=0, high=1, n_actors=1, n_actors_why=BY_CASES,
        beyond=N_(
            "Any actor of the table counts, however far away: distance, price and whether it would serve the "
            "territory are not looked at."
        ),
        function="chaine_valeur.gaps.stage_coverage", arguments={"anywhere": True},
    ),
    "A2": Card(
        math=r"\frac{\sum_{m \in N} w_m}{\sum_{m \in M} w_m}, \quad w_m = \frac{|\{\pi \in \Pi : m \in \pi\}|}{|\Pi|}",
        symbols=(
            ("M", N_("stages of the expected chain; those that can stand for one another count once")),
            ("N", N_(
                "missing stages: expected locally, and held by no active actor of the territory or of unknown "
                "place"
            )),
            ("w_m", N_("weight of stage m: share of the expected paths that pass it")),
            _PATHS,
        ),
        low=0, high=1, n_actors=1, n_actors_why=BY_CASES,
        beyond=N_(
            "Paths are routes on paper and count the same, whatever tonnage, value or jobs each would carry: the "
            "heaviest missing stage is not always the first to fill."
        ),
        function="chaine_valeur.gaps.missing_stage_weight",
    ),
    "A3": Card(
        math=r"1 - \frac{|\{(a, b) \in P : a \to b\}|}{|P|}",
        symbols=(
            ("P", N_("required passages, those that a flow of unknown stage may make left out")),
            (r"a \to b", N_("an active flow goes from stage a to stage b, or an actor holds both")),
        ),
        low=0, high=1, n_actors=1, n_actors_why=BY_CASES,
        beyond=N_(
            "A passage that is seen may carry one tonne in a thousand: actors are connected, which does not say "
            "that enough passes. A flow that nobody declared looks like a missing passage."
        ),
        function="chaine_valeur.gaps.missing_passage_share",
    ),
    "A4": Card(
        math=r"\frac{|\{\pi \in \Pi : M_\pi \subseteq H,\ P_\pi \subseteq F\}|}{|\Pi|}",
        symbols=(
            _PATHS,
            (r"M_\pi,\ P_\pi", N_("stages and passages of a path")),
            ("H", N_("stages that an active actor holds, wherever it is")),
            ("F", N_("passages that an active flow makes, or an actor that holds both ends")),
        ),
        low=0, high=1, n_actors=1, n_actors_why=BY_CASES,
        beyond=N_(
            "It follows the chain as it was drawn: one drawn with few stages is soon complete. Nor does the same "
            "tonne have to go all the way."
        ),
        function="chaine_valeur.gaps.path_completeness",
    ),
    "A5": Card(
        math=r"\frac{\sum_{v \in D} \sum_{e \to v} f_e}{\sum_e f_e}",
        symbols=(
            ("D", N_(
                "actors that hold no market stage, are no buyer and not the outside, and from which nothing "
                "leaves"
            )),
            (r"e \to v", N_("active flows to actor v from another one, or from outside")),
            FLOW,
        ),
        low=0, high=1, n_actors=2, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "Stocks, own use and sales that nobody wrote down look like a dead end; what stays inside an actor "
            "that sends anything on does not."
        ),
        function="chaine_valeur.gaps.dead_end_share",
    ),
    "A6": Card(
        math=r"|\{v \in V : d^-(v) = 0\}|",
        symbols=(
            ("V", N_("active actors that hold a stage or exchange material, sources of the chain left out")),
            ("d^-(v)", N_("number of active flows that reach actor v, imports included")),
        ),
        low=0, high=inf, n_actors=1, n_actors_why=N_("It is a count: it holds from one actor on."),
        beyond=N_(
            "An actor without material cannot be told from one whose purchases nobody wrote down; nor is it said "
            "whether the others receive enough."
        ),
        function="chaine_valeur.gaps.orphans", taken=N_("the number of actors for which it is true"),
    ),
    "A12": Card(
        math=r"\frac{|\{m \in M : n_m = 1\}|}{|\{m \in M : n_m \ge 1\}|}",
        symbols=(
            _REQUIRED,
            ("n_m", N_(
                "number of active actors that hold stage m; households, a network or the outside are several"
            )),
        ),
        low=0, high=1, n_actors=1, n_actors_why=BY_CASES,
        beyond=N_(
            "It counts names: two actors may share one building, one machine or one customer, and a single one "
            "may be the soundest of the chain."
        ),
        function="chaine_valeur.gaps.stage_fragility",
        taken=N_("a concentration per stage; the indicator counts the stages with a single actor"),
    ),
}  # fmt: skip
