"""The cards of the indicators of reconciliation."""

from __future__ import annotations

from math import inf

from ...language import N_
from ..card import BY_CASES, Card, Reference

__all__ = ["CARDS"]

_RECONCILE = "chaine_valeur.reconciliation.reconcile"
_NARASIMHAN = Reference(
    "Narasimhan, S., Jordache, C. (2000). Data Reconciliation and Gross Error Detection", verified=False
)
_CHECKED = N_(
    "A figure is checked where both sides of an actor are described: it takes somebody before it and somebody "
    "after, three actors in a row."
)
_COUNTS = ("|F|", N_("number of flows that count"))

CARDS: dict[str, Card] = {
    "B6": Card(
        math=r"\left|\left\{i : \frac{|\hat{x}_i - m_i|}{\sqrt{\sigma_i^2 - \hat{\sigma}_i^2}} \ge 2,\ "
             r"|\hat{x}_i - m_i| \ge \frac{\sigma_i}{2}\right\}\right|",
        symbols=(
            ("m_i", N_("declared tonnage of flow i")),
            (r"\hat{x}_i", N_("its tonnage in the coherent set that is nearest to what was declared")),
            (r"\sigma_i", N_("standard uncertainty of the declared tonnage")),
            (r"\hat{\sigma}_i", N_("that of the reconciled tonnage")),
        ),
        low=0, high=inf, n_actors=3, n_actors_why=_CHECKED,
        beyond=N_(
            "It shows which figures the others pull at most, not which one is wrong: an error is easily pushed on "
            "to an uncertain neighbour. An error that all relations agree with is not seen."
        ),
        function=_RECONCILE, taken=N_("the number of rows of its suspects()"), references=(_NARASIMHAN,),
    ),
    "B3": Card(
        math=r"1 - \frac{|L|}{|F|}",
        symbols=(
            ("|L|", N_("number of free flows: neither declared nor told by balances, recipes and relations")),
            _COUNTS,
        ),
        low=0, high=1, n_actors=2, n_actors_why=BY_CASES,
        beyond=N_(
            "Declared is not true: a figure that nothing checks counts as known. To be read with the flows that "
            "others check."
        ),
        function=_RECONCILE, taken=N_("of its flows, the share whose data_class is not free"),
        references=(_NARASIMHAN,),
    ),
    "B3-checked": Card(
        math=r"\frac{|R|}{|R| + |N|}",
        symbols=(
            ("|R|", N_("number of declared flows that a balance, a recipe or a relation checks (redundant)")),
            ("|N|", N_("number of declared flows that nothing checks (measured)")),
        ),
        low=0, high=1, n_actors=3, n_actors_why=_CHECKED,
        beyond=N_(
            "Checked is not confirmed: see the figures to be checked. One loose relation is enough for a flow to "
            "count."
        ),
        function=_RECONCILE,
        taken=N_("of its flows whose data_class is redundant or measured, the share that is redundant"),
        references=(_NARASIMHAN,),
    ),
}  # fmt: skip
