"""The cards of the indicators of accounts."""

from __future__ import annotations

from math import inf

from ...language import N_
from ...vocabulary import Pole
from ..card import BY_AMOUNTS, BY_CASES, Card, Reference

__all__ = ["CARDS"]

_ADDED = ("V_a", N_("value added of actor a, in euros per year: what it sells less what it buys"))
_KNOWN = N_("It adds up accounts: one that is known is enough, and the note says how many of them are.")
_FAO = Reference("Bellù, L. G. Value chain analysis. FAO, EASYPol 074", verified=False)
_VCA4D = Reference(N_("VCA4D, methodological brief"), verified=False)
_EFFECTS = Reference(N_("Effects method (Chervel and Le Gall, 1976)"), verified=False)
_ENTERING = ("f_e", N_(
    "known tonnes per year of the flows that reach these actors from others; between two of them no tonne counts "
    "again"
))  # fmt: skip

CARDS: dict[str, Card] = {
    "F1": Card(
        math=r"\sum_a (O_a - C_a)",
        symbols=(
            ("O_a", N_("what actor a sells, in euros per year; actors whose account is known")),
            ("C_a", N_("goods and services that it buys")),
        ),
        low=-inf, high=inf, n_actors=1, n_actors_why=_KNOWN,
        beyond=N_(
            "A price moves value from one actor to another and leaves the sum as it is. Unpaid work, volunteers "
            "and harm that was avoided are not in it."
        ),
        function="chaine_valeur.accounts.value_added", taken=N_("the sum of its values"), references=(_FAO,),
    ),
    "F2": Card(
        math=r"\sum_a V_a + \rho \sum_a B_a",
        symbols=(
            _ADDED,
            ("B_a", N_("what actor a buys from those without a known account")),
            (r"\rho", N_("share of value added in it: 0 in the value and its lower bound, 1 in the upper one")),
        ),
        low=-inf, high=inf, n_actors=1, n_actors_why=_KNOWN,
        beyond=N_(
            "How much of a euro of purchases is value added by suppliers is a matter of national accounts: the "
            "table does not know it, and takes an import like a purchase next door."
        ),
        function="chaine_valeur.accounts.total_value_added",
        references=(_EFFECTS,),
    ),
    "F3": Card(
        math=r"\max_c \frac{\sum_{a \in c} V_a}{\sum_a V_a}",
        symbols=(_ADDED, ("c", N_("a college: the actors that declare it"))),
        low=1 / len(Pole), high=inf, n_actors=2,
        n_actors_why=N_(
            "Two colleges at least have to have a known account. With few accounts a college is one actor, whom "
            "the figure then names."
        ),
        beyond=N_(
            "The largest share is no unfair share: jobs, capital and risk are not in it. Above 1, another college "
            "loses value."
        ),
        function="chaine_valeur.accounts.value_added_shares", arguments={"by": "pole"},
        taken=N_("the highest of its values, where two colleges at least are known"), references=(_VCA4D,),
    ),
    "F5": Card(
        math=r"\frac{|\{a \in A : t_a \ge t_a^*\}|}{|A|}, \quad t_a^* = \frac{K_a - R_a}{\mu_a}",
        symbols=(
            ("A", N_("activities of which the threshold is known")),
            ("t_a", N_("tonnes that enter activity a, per year")),
            ("K_a", N_("its fixed costs, in euros per year")),
            ("R_a", N_("its subsidies and other sales of the year")),
            (r"\mu_a", N_(
                "its margin per tonne that enters; where it is not positive, nothing reaches the threshold"
            )),
        ),
        low=0, high=1, n_actors=1, n_actors_why=BY_CASES,
        beyond=N_(
            "Prices and mix are those of the year, and costs either fixed or proportional: a second shift or "
            "another machine moves the threshold by a step that it does not know."
        ),
        function="chaine_valeur.accounts.break_even",
        taken=N_("of its known values, the share that the tonnes entering the activity reach"),
        references=(Reference(N_("Fixed costs over unit margin: textbooks of management accounting"), verified=False),),
    ),
    "F6": Card(
        math=r"\frac{\sum_a M_a}{\sum_e f_e}",
        symbols=(
            ("M_a", N_("sales and subsidies less all costs of actor a, in euros per year, where they are known")),
            _ENTERING,
        ),
        low=-inf, high=inf, n_actors=1, n_actors_why=_KNOWN,
        beyond=N_(
            "It is a mean of several trades: a profitable end of the chain may hide a stage that loses on each "
            "tonne. It changes with the accounts that happen to be known."
        ),
        function="chaine_valeur.accounts.margin_per_t",
        taken=N_("a margin per actor; the indicator puts the known accounts together"),
    ),
    "F7": Card(
        math=r"\frac{\sum_a J_a}{\sum_e f_e}",
        symbols=(
            ("J_a", N_("FTE of actor a, of those who work on the material and of whom all FTE are known")),
            _ENTERING,
        ),
        low=0, high=inf, n_actors=1, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "More jobs per tonne may be more care, or slower machines: pay, hours and conditions are not in it. "
            "Only filières that do the same to the same material compare."
        ),
        function="chaine_valeur.accounts.jobs_per_t",
        taken=N_("a figure per stage; the indicator is of the filière as a whole"),
    ),
    "G11": Card(
        math=r"\frac{\sum_a I_a}{\sum_e f_e}",
        symbols=(
            ("I_a", N_("insertion FTE of actor a, of those who work on the material and of whom all are known")),
            _ENTERING,
        ),
        low=0, high=inf, n_actors=1, n_actors_why=BY_AMOUNTS,
        beyond=N_(
            "It does not say who holds the posts, for how long, nor what they do next. It rises too when tonnes "
            "fall and posts stay."
        ),
        function="chaine_valeur.insertion.intensity",
    ),
    "E7": Card(
        math=r"\frac{\sum_{a \in T} V_a}{\sum_a S_a}",
        symbols=(
            _ADDED,
            ("T", N_("actors of the territory whose account is known")),
            ("S_a", N_("what actor a sells to those without a known account; all known accounts")),
        ),
        low=-inf, high=inf, n_actors=1, n_actors_why=_KNOWN,
        beyond=N_(
            "Value added here is not yet income that stays here: wages, interest and profits may leave. Where an "
            "actor loses value it can fall below 0, or go above 1."
        ),
        function="chaine_valeur.accounts.territorial_integration",
        references=(
            _EFFECTS,
            _VCA4D,
        ),
    ),
}  # fmt: skip
