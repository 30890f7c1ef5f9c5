"""The cards of the indicators of the territory."""

from __future__ import annotations

from math import inf

from ...language import N_
from ..card import BY_AMOUNTS, FLOW, Card, Reference

__all__ = ["CARDS"]

_BOUGHT = ("a_e", N_(
    "known amount of flow e, in euros per year, paid by an actor of the territory to another one or outside"
))  # fmt: skip
_NEAR = ("L", N_("flows from an actor of the territory"))
_FAR = ("X", N_("flows from outside the territory; those of unknown origin are in neither"))
_STRAIGHT = ("d_e", N_("distance between the two ends of flow e, in a straight line, in km"))

CARDS: dict[str, Card] = {
    "E5": Card(
        math=r"\frac{\sum_{e \in L} a_e}{\sum_{e \in L \cup X} a_e}",
        symbols=(_BOUGHT, _NEAR, _FAR),
        low=0, high=1, n_actors=2, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "Where a supplier stands is not where it buys in turn: a trader next door may sell what comes from "
            "far away (see LM3). Purchases of services are not in it."
        ),
        function="chaine_valeur.territory.local_share",
    ),
    "A10": Card(
        math=r"\frac{\sum_{e \in X} a_e}{\sum_{e \in L \cup X} a_e}",
        symbols=(_BOUGHT, _NEAR, _FAR),
        low=0, high=1, n_actors=2, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "Not all that is bought outside could be made here: it says where money goes, not what would come "
            "back."
        ),
        function="chaine_valeur.territory.leakage",
        references=(Reference(N_("Leakage as in LOCAL SHIFT of Utopies"), verified=False),),
    ),
    "E6": Card(
        math=r"\frac{\sum_e f_e\, d_e}{\sum_e f_e}",
        symbols=(FLOW, _STRAIGHT),
        low=0, high=inf, n_actors=2, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "It is the length of one passage, not of the whole journey of a tonne. Roads, loads and empty returns "
            "are not in it."
        ),
        function="chaine_valeur.territory.mean_haul",
    ),
    "E6-tonne-km": Card(
        math=r"\sum_e f_e\, d_e",
        symbols=(FLOW, _STRAIGHT),
        low=0, high=inf, n_actors=2, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "It is no emission: vehicle, load and detour are not known. It also grows when more is written down, "
            "with not a lorry more on the road."
        ),
        function="chaine_valeur.territory.tonne_km",
    ),
    "E4": Card(
        math=r"\frac{\sum_a (r_a + s_a + t_a)}{\sum_a r_a}",
        symbols=(
            ("r_a", N_("income of an actor of the territory, sales and subsidies, in euros per year")),
            ("s_a", N_("what it spends in the territory")),
            ("t_a", N_("what those whom it pays there spend in the territory in turn")),
        ),
        low=1, high=inf, n_actors=1,
        n_actors_why=N_(
            "It adds up the actors whose income is known: one is enough, and the note says of how many it is."
        ),
        beyond=N_(
            "It does not say what the money would have done elsewhere, nor how many jobs it keeps. Above 3, "
            "actors spend more than they earn."
        ),
        function="chaine_valeur.territory.lm3",
        references=(
            Reference(N_(
                "New Economics Foundation (2002). The Money Trail: three rounds, their sum over the first"
            )),
            Reference(N_("The rules of survey of the same work"), verified=False),
        ),
    ),
}  # fmt: skip
