"""The robustness of a diagnostic and its plan as a report tells it: draws, then what would overturn what is not firm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ...errors import ArgumentError
from .cells import DRAWN, Cells
from .drawing import FROM_NO_NUMBER
from .run import default_checks, robustness
from .tornado import tornado

if TYPE_CHECKING:
    from ...diagnosis.run import CheckLike
    from ...filiere import Filiere
    from .result import Robustness
    from .run import Progress
    from .tornado import Tornado

__all__ = ["FIRM", "MOST_OVERTURNED", "Examination", "Planned", "examine"]

#: Share of the draws from which a finding or a choice is called firm, and below which a choice is called discarded.
FIRM, RARE = 0.95, 0.05
#: Findings, and options, of which it is looked for what would overturn them.
MOST_OVERTURNED = 5
#: Inputs told of each headline, and those of a finding that are moved alone.
_TOLD, _TRIED = 2, 12


@dataclass(frozen=True)
class Planned:
    """A plan as something to call for every draw: the year in which it begins is worked out once."""

    wishes: Mapping[str, Any] = field(default_factory=dict)
    base: Filiere | None = None

    @classmethod
    def of(cls, f: Filiere, wishes: Mapping[str, Any]) -> Planned:
        """Return the plan of a filière under the arguments of `chaine_valeur.planning.plan`."""
        year = wishes.get("year") or f.year or f.reference_year
        own = {"options", "budgets"}.isdisjoint(name for name, rows in wishes.items() if rows is not None)
        return cls(dict(wishes), f.at(year) if own and year is not None and year != f.year else None)

    def __call__(self, f: Filiere) -> Any:
        """Return the plan of a draw."""
        from ..plan import plan

        return plan(f if self.base is None else self._at(self.base, f), **self.wishes)

    @staticmethod
    def _at(base: Filiere, f: Filiere) -> Filiere:
        """Return a draw in the year of the plan: its rows are those of the filière as stated, nothing is checked."""
        frames = {}
        for name, columns in DRAWN.items():  # over the few tables that are drawn
            rows = base.table(name)
            if len(rows):
                drawn = f.table(name)
                frames[name] = rows.assign(**{one: drawn[one].reindex(rows.index) for one in columns})
        return base._with_numbers(frames, keep=FROM_NO_NUMBER)


@dataclass(frozen=True)
class Examination:
    """What draws say of a filière and its plan, and what would overturn it; made by `examine`.

    Attributes
    ----------
    robustness
        The shares of the draws.
    overturned
        A `Tornado` per headline that is not firm, findings first; at most `MOST_OVERTURNED` of each.
    not_looked_at
        How many others are not firm either.
    planned
        Whether a plan was drawn.
    """

    robustness: Robustness
    overturned: tuple[Tornado, ...] = ()
    not_looked_at: int = 0
    planned: bool = False


def examine(
    f: Filiere,
    *,
    draws: int,
    seed: int = 0,
    checks: Iterable[CheckLike] | None = None,
    wishes: Mapping[str, Any] | None = None,
    n_jobs: int | None = 1,
    progress: bool | Progress | None = None,
    lang: str = "fr",
) -> Examination:
    """Return how often findings and choices come back when figures are drawn again, and what would overturn them.

    Of the findings stated and of the options, those of which the share of the draws is from 5 to 95 % (those that
    are stated: below 95 %) are not firm: `tornado` looks for the figures that alone would overturn each. Of an option
    only its own figures are moved: a plan takes long.

    Parameters
    ----------
    draws, seed, n_jobs, progress
        As for `robustness`.
    checks
        By default those of `robustness`; none for a plan alone.
    wishes
        Arguments of `chaine_valeur.planning.plan`; None for no plan.
    lang
        Language of messages and names.

    Raises
    ------
    ArgumentError
        Neither checks nor a plan; a number of draws below 1.
    ChaineValeurError
        What the plan of the filière as stated raises.

    Notes
    -----
    The thresholds of 5 and 95 % are a convention of this library.

    Examples
    --------
    A sorting that costs 9 000 € of a budget of 10 000 €, its cost known within 25 %:

    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Atelier"]},
    ...     options={"name": ["Tri"], "kind": ["posts"], "insertion_fte": [2], "investment_eur": [9_000],
    ...              "running_cost_eur_per_year": [0], "confidence": ["estimated"]},
    ...     budgets={"name": ["Enveloppe"], "amount_eur": [10_000], "first_year": [2025], "last_year": [2025]},
    ... )
    >>> found = examine(f, draws=20, checks=(), wishes={}, lang="en")
    >>> found.robustness.plan["share"].between(0.5, 0.9).tolist()
    [True]
    >>> found.overturned[0].inputs["change"].round(1).tolist()  # to 10 000 €: 11 % more
    [0.1]
    """
    runs = default_checks() if checks is None else list(checks)
    if not runs and wishes is None:
        raise ArgumentError("nothing to examine: give checks, or the wishes of a plan")
    plan = None if wishes is None else Planned.of(f, {**wishes, "lang": lang})
    found = robustness(
        f, draws=draws, seed=seed, what=["findings"] if runs else [], checks=runs, plan=plan, n_jobs=n_jobs,
        progress=progress, lang=lang,
    )  # fmt: skip
    findings, options = _not_firm(found)
    overturned = [
        tornado(f, one, most=_TOLD, tried=_TRIED, checks=runs, lang=lang)
        for one in findings[:MOST_OVERTURNED]
    ]
    for one in options[:MOST_OVERTURNED]:  # over the few options that are not firm
        own = _own_figures(f, one)
        if own:
            overturned.append(
                tornado(f, one, most=_TOLD, tried=own, plan=plan, drawn=_OF_OPTIONS, checks=(), lang=lang)
            )
    left = sum(max(len(names) - MOST_OVERTURNED, 0) for names in (findings, options))
    return Examination(found, tuple(overturned), left, plan is not None)


_OF_OPTIONS = {"options": DRAWN["options"]}


def _not_firm(found: Robustness) -> tuple[list[str], list[str]]:
    """Return the findings, in their order, and the options, those of the plan first, that depend on the draw."""
    findings, plan = found.findings, found.plan
    frail = findings[findings["in_base"] & (findings["share"] < FIRM)]
    stated, others = plan[plan["in_base"]], plan[~plan["in_base"]]
    wavering = [
        *stated[stated["share"] < FIRM].sort_values("share", kind="stable")["option_id"],
        *others[others["share"] >= RARE].sort_values("share", ascending=False, kind="stable")["option_id"],
    ]
    return frail["finding_id"].tolist(), wavering


def _own_figures(f: Filiere, option: str) -> int:
    """Return how many figures of an option are uncertain."""
    cells = Cells.of(f, drawn=_OF_OPTIONS)
    return sum(cells.where(int(place))[1] == option for place in cells.moving)
