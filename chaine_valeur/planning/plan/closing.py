"""The price of completing the chain: the least that budgets would have to pay so that demands are served (A11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.wording import tonnes
from ...errors import ArgumentError
from ...language import check_language, tr
from .choosing import in_order
from .frames import chosen_frame, funding_frame
from .rows import EUR
from .solve import held_to, solved
from .work import Work, work_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Values = NDArray[np.float64]

__all__ = ["Closing", "closing", "closing_cost"]

#: Tonnes per year, as a share of a demand, under which it counts as served.
SERVED = 1e-6


@dataclass(frozen=True, eq=False)
class Closing:
    """What completing the chain costs, and with which options.

    Attributes
    ----------
    cost_eur
        Euros that budgets would have to pay over the years; NaN where it cannot be done, or is not known.
    reason
        Why it is NaN, in a sentence; an empty text else.
    chosen
        The options, as in `Plan`; without a row where `cost_eur` is NaN.

    Notes
    -----
    A convention of this library.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(actors={"name": ["A"]}, options={"name": ["X"], "kind": "other",
    ...                         "investment_eur": 1, "running_cost_eur_per_year": 0})
    >>> closing(f, years=[2025], lang="en").reason
    'What the chain serves is not known: state its flows and who asks for what.'
    """

    cost_eur: float
    reason: str
    chosen: pd.DataFrame = field(repr=False)


def closing_cost(
    f: Filiere,
    options: pd.DataFrame | Mapping[str, Any] | None = None,
    *,
    share: float = 1.0,
    years: Iterable[int] | None = None,
    commercial_cap: float = 0.30,
    supervision_ratio: float | None = None,
    time_limit_s: float = 60.0,
    year: int | None = None,
) -> float:
    """Return the least cost of serving every demand (A11), in euros over the years.

    ``min Σ_o c_o x_o`` such that each stated demand is served, up to a share of it, in the last year; ``c_o x_o`` is
    what budgets have to pay: investment and yearly costs over the years, less aid to posts and receipts. No budget
    limits it.

    Parameters
    ----------
    share
        Share of each demand to be served, above 0, up to 1. A demand without a quantity asks for nothing.
    options, years, commercial_cap, supervision_ratio, time_limit_s, year
        As for `plan`.

    Returns
    -------
    float
        0 or more; NaN where no choice of options serves them, nothing tells what the chain serves, or no demand
        has a quantity: `closing` says which.

    Raises
    ------
    ArgumentError
        `share` not above 0, or above 1.
    MissingTableError
        No option.

    References
    ----------
    Facility location and network design, (unverified).

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> closing_cost(datasets.load("exemple_complet"), share=0.1)
    60000.0
    """
    found = closing(
        f, options, share=share, years=years, commercial_cap=commercial_cap,
        supervision_ratio=supervision_ratio, time_limit_s=time_limit_s, year=year,
    )  # fmt: skip
    return found.cost_eur


def closing(
    f: Filiere,
    options: pd.DataFrame | Mapping[str, Any] | None = None,
    *,
    share: float = 1.0,
    years: Iterable[int] | None = None,
    commercial_cap: float = 0.30,
    supervision_ratio: float | None = None,
    time_limit_s: float = 60.0,
    year: int | None = None,
    lang: str = "fr",
) -> Closing:
    """Return the least cost of serving every demand, the options that do it, or why nothing does.

    Parameters
    ----------
    lang
        Language of the reasons.
    f, options, share, years, commercial_cap, supervision_ratio, time_limit_s, year
        As for `closing_cost`, whose errors are raised.

    Notes
    -----
    Ties are broken as in `plan`.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> found = closing(datasets.load("exemple_complet"), lang="en")
    >>> found.reason.split(":")[0]
    'With every option, the chain still serves too little of what is asked for'
    """
    check_language(lang)
    if not 0 < share <= 1:
        raise ArgumentError(f"share={share} has to be above 0, up to 1")
    work = work_of(
        f, options, None, years=years, objective="insertion_fte", commercial_cap=commercial_cap,
        supervision_ratio=supervision_ratio, gap=0.0, time_limit_s=time_limit_s, year=year, free_money=True,
        all_flows=True,
    )  # fmt: skip
    if work.chain is None:
        reason = tr("What the chain serves is not known: state its flows and who asks for what.", lang)
        return Closing(float("nan"), reason, _chosen(work, None, lang))
    wanted = _demands(work, share)
    if not wanted:
        return Closing(
            float("nan"), tr("No demand is stated with its quantity.", lang), _chosen(work, None, lang)
        )
    spent = -work.model.totals["budgets"]
    found = solved(work.model, spent, time_limit_s=time_limit_s, further=wanted)
    if found is None:
        return Closing(float("nan"), _why(work, share, wanted, lang), _chosen(work, None, lang))
    rows = [*wanted, held_to(spent, found.value)]
    first = solved(work.model, -in_order(work.model), time_limit_s=time_limit_s, further=rows)
    kept = found if first is None else first
    return Closing(round(float(-found.value) * EUR, 2) + 0.0, "", _chosen(work, kept.columns, lang))


def _demands(work: Work, share: float) -> list[tuple[Values, float, float]]:
    """Return the rows that each stated demand is served in the last year."""
    assert work.chain is not None
    program, model = work.chain.program, work.model
    groups, places = program.demands.groups, program.demands.places
    last = model.parts["flows"].stop - program.n_variables
    serve = last + np.arange(program.starts["serve"].start, program.starts["serve"].stop)
    rows = []
    for group, asked in groups["t_per_year"].dropna().items():  # over the few demands
        row = np.zeros(model.width)
        row[serve[(places["group"] == group).to_numpy(bool)]] = 1.0
        rows.append((row, float(asked) * share * (1 - SERVED), np.inf))
    return rows


def _why(work: Work, share: float, wanted: list[tuple[Values, float, float]], lang: str) -> str:
    """Return which demand cannot be served whatever is chosen, or that they cannot all be."""
    total = np.sum([row for row, _, _ in wanted], axis=0)
    most = solved(work.model, total, time_limit_s=work.time_limit_s)
    if most is None:
        return tr("The options that are already decided cannot be together.", lang)
    asked = sum(low for _, low, _ in wanted) / (1 - SERVED)
    return tr(
        "With every option, the chain still serves too little of what is asked for: {served} at most, of {asked}.",
        lang, served=tonnes(round(most.value, 3), lang), asked=tonnes(round(asked, 3), lang),
    )  # fmt: skip


def _chosen(work: Work, columns: Values | None, lang: str) -> pd.DataFrame:
    nobody = np.zeros(work.whole.width)
    used = nobody if columns is None else columns
    return chosen_frame(work, used, funding_frame(work, used), lang=lang)
