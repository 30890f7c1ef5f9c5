"""The cards of the indicators of insertion."""

from __future__ import annotations

from math import inf

from ...language import N_
from ..card import BY_AMOUNTS, Card, Reference

__all__ = ["CARDS"]

_WITHIN = N_(
    "It sets a sum against another of the same perimeter: it holds from one actor on, and for no other perimeter."
)
_FEW = N_(
    "It counts people, not actors. Under five exits it is not shown, as it would tell of each of them; under "
    "thirty it is told as a count."
)
_CIRCULAR = Reference(
    N_("Circular DGEFP 2008-21 of 10 December 2008: dynamic exits at least 0.60, lasting jobs 0.25")
)
_FOLLOWED = Reference(N_("Public follow-up of the sector (pilotage de l’inclusion, public code)"))
_HOURS = (r"h_k,\ H_k", N_("hours worked under agreement k, and hours of one FTE of its measure in a year"))
_AGREED = ("A_k", N_("headcount that agreement k agrees on, in FTE"))
_MONTHS = ("m_k", N_("its months in the year"))
_ANIMATION = ("m_k", N_("known amount of row k of the funding, granted or paid for animation, in euros"))
_LASTING = ("d", N_("exits into a lasting job"))
_EXITS = ("x", N_("all exits of the agreements that give them, or the share that the results state"))

CARDS: dict[str, Card] = {
    "G1": Card(
        math=r"\sum_k \frac{h_k}{H_k}",
        symbols=(_HOURS,),
        low=0, high=inf, n_actors=1, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "It is no number of people, and the hours of an FTE differ from one measure to the next: posts of an "
            "ACI and of an EI are added up though they are not of the same length."
        ),
        function="chaine_valeur.insertion.fte_done", references=(_FOLLOWED,),
    ),
    "G2": Card(
        math=r"\frac{\sum_k h_k / H_k}{\sum_k A_k\, m_k / 12}",
        symbols=(_HOURS, _AGREED, _MONTHS),
        low=0, high=inf, n_actors=1, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "Whether candidates, orders, supervision or money were lacking it does not say; and a total near 1 "
            "may hide one structure below and another above."
        ),
        function="chaine_valeur.insertion.agreement_use", references=(_FOLLOWED,),
    ),
    "G3": Card(
        math=r"\sum_k A_k\, \frac{b_k}{12}\, m_k",
        symbols=(_AGREED, ("b_k", N_("amount of the aid per FTE and year, in euros")), _MONTHS),
        low=0, high=inf, n_actors=1, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "What is paid depends on the hours that are worked and on the modulated part, which is in it only "
            "where the amount of the row counts it. Other money for the structures is not."
        ),
        function="chaine_valeur.insertion.planned_aid",
        references=(
            Reference(N_("Decree 2014-197 of 21 February 2014: aid per post")),
            _FOLLOWED,
        ),
    ),
    "G4": Card(
        math=r"\frac{\sum_k m_k}{p}",
        symbols=(_ANIMATION, ("p", N_("posts created in the same perimeter; FTE where no post is known"))),
        low=0, high=inf, n_actors=1, n_actors_why=_WITHIN,
        beyond=N_(
            "What a post costs is not what it brings: how long it lasts, who holds it and what would have been "
            "created without the money are not in it."
        ),
        function="chaine_valeur.insertion.cost_per_post",
    ),
    "G5": Card(
        math=r"\frac{\sum_{k \in X} m_k}{\sum_{k \in T} m_k}",
        symbols=(
            _ANIMATION,
            ("X", N_("rows of named funders that are no territorial body")),
            ("T", N_("rows of territorial bodies")),
        ),
        low=0, high=inf, n_actors=2, n_actors_why=_WITHIN,
        beyond=N_(
            "Attracted is not added: part of it would have come anyway, and much of it is public money too, out "
            "of another purse."
        ),
        function="chaine_valeur.insertion.leverage",
    ),
    "G6": Card(
        math=r"\frac{d + t + p}{x}",
        symbols=(
            _LASTING,
            ("t", N_("exits into a transition job")),
            ("p", N_("positive exits, such as training")),
            _EXITS,
        ),
        low=0, high=1, n_actors=1, n_actors_why=_FEW,
        beyond=N_(
            "It tells where people stand on the day they leave, not six months later. Whom a structure takes in "
            "weighs on it as much as what it does."
        ),
        function="chaine_valeur.insertion.positive_exits", references=(_CIRCULAR,),
    ),
    "G7": Card(
        math=r"\frac{d}{x}",
        symbols=(_LASTING, _EXITS),
        low=0, high=1, n_actors=1, n_actors_why=_FEW,
        beyond=N_(
            "A job is lasting by its contract: pay, hours and whether it is still held are not known. Who takes "
            "in those furthest from work has fewer of them, by its very purpose."
        ),
        function="chaine_valeur.insertion.lasting_exits", references=(_CIRCULAR,),
    ),
    "G8": Card(
        math=r"\frac{\sum_a S_a}{\sum_a I_a}",
        symbols=(
            ("S_a", N_("supervision FTE of activity a, of those with insertion jobs that give both")),
            ("I_a", N_("its insertion FTE")),
        ),
        low=0, high=inf, n_actors=1, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "Those who lead the work and those who accompany people are added up. How much is enough depends on "
            "the trade, the machines and the people: there is no norm in it."
        ),
        function="chaine_valeur.insertion.supervision_ratio",
    ),
    "G9": Card(
        math=r"\frac{r}{c}",
        symbols=(
            ("r", N_("insertion jobs reached, in the rows that give a target too (all of them where none does)")),
            ("c", N_("insertion jobs expected there")),
        ),
        low=0, high=inf, n_actors=1, n_actors_why=_WITHIN,
        beyond=N_(
            "A modest target is soon reached: it says as much of the target as of what was done. When the jobs "
            "came and how long they last are not in it."
        ),
        function="chaine_valeur.insertion.target_reached",
    ),
}  # fmt: skip
