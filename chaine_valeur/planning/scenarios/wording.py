"""What a scenario changes, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analysis.wording import quoted, sentences
from ...errors import ArgumentError, UnknownNameError
from ...language import clauses, number, quantity, tr
from ...schema import unit_label
from ...vocabulary import ChangeKind, label
from .applying import worked_out

if TYPE_CHECKING:
    from ...filiere import Filiere
    from .changes import Change, Scenario

__all__ = ["describe"]

_FIGURES = (
    ("capacity_t_per_year", "t/year"), ("jobs_fte", "FTE"), ("insertion_fte", "FTE"), ("supervision_fte", "FTE"),
)  # fmt: skip


def describe(scenario: Scenario, f: Filiere, *, year: int | None = None, lang: str = "fr") -> list[str]:
    """Return what a scenario changes, a text per change: its sentence, then what `apply` takes for granted.

    Parameters
    ----------
    f
        The filière whose names are used; what it does not have is named as it is written.
    year
        As for `apply`.

    Notes
    -----
    Of a scenario that cannot be applied the changes are told alone; `apply` says what is wrong with it.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> f = datasets.load("exemple_complet")
    >>> from .changes import scenarios_of
    >>> describe(scenarios_of(f)["La papeterie s’arrête"], f, lang="en")
    ['Papeterie du Vieux Bac stops.']
    """
    try:
        granted = worked_out(f, scenario, year=year, lang=lang).told
    except (ArgumentError, UnknownNameError):
        granted = [[] for _ in scenario]
    return [
        sentences(_sentence(change, f, lang), *told) for change, told in zip(scenario, granted, strict=True)
    ]


def _sentence(change: Change, f: Filiere, lang: str) -> str:
    who = _name(f, "actors", change.actor_id) or change.new_actor or ""
    other = _name(f, "actors", change.to_actor_id) or ""
    stage = _name(f, "stages", change.stage_id)
    what = _name(f, "materials", change.material_id)
    amount = _signed(change.quantity_t_per_year, "t/year", lang)
    if change.kind == ChangeKind.ADD_ACTIVITY:
        kind = label(change.structure_kind, "structure_kind", lang) if change.structure_kind else ""
        who = who or kind or tr("A new actor", lang)
        told = [_figure(name, getattr(change, name), unit, lang) for name, unit in _FIGURES]
        more = clauses([one for one in told if one], lang)
        begun = tr("{who} at stage {stage}", lang, who=who, stage=quoted(stage, lang))
        return tr("{label}: {text}.", lang, label=begun, text=more) if more else f"{begun}."
    if change.kind == ChangeKind.STOP_ACTOR:
        return tr("{who} stops.", lang, who=who)
    if change.kind == ChangeKind.ADD_FLOW:
        ends = [who or tr("outside", lang), other or tr("outside", lang)]
        if change.new_actor is not None and change.actor_id is not None:
            ends[1] = change.new_actor
        passage = f"{ends[0]} → {ends[1]}"
        if not amount:
            return tr(
                "{passage}: {material} passes, tonnage not stated.", lang, passage=passage, material=what
            )
        return tr("{passage}: {amount} of {material}.", lang, passage=passage, amount=amount, material=what)
    if change.kind == ChangeKind.ADD_COOPERATION:
        other = other or change.new_actor or ""
        how = label(change.cooperation_kind, "cooperation_kind", lang) if change.cooperation_kind else ""
        return tr(
            "{who} and {other} cooperate{how}.", lang, who=who, other=other, how=f" ({how})" if how else ""
        )
    at, amount = who or quoted(stage, lang), amount or tr("an amount that is not stated", lang)
    if change.kind == ChangeKind.ADD_DEMAND:
        return tr("{who} asks for {amount} of {material}.", lang, who=at, amount=amount, material=what)
    return tr("{who} offers {amount} of {material}.", lang, who=at, amount=amount, material=what)


def _figure(name: str, value: float | None, unit: str, lang: str) -> str:
    if value is None:
        return ""
    amount = _signed(value, unit, lang)
    told = {
        "capacity_t_per_year": tr("{amount} of capacity", lang, amount=amount),
        "jobs_fte": tr("{amount} in all", lang, amount=amount),
        "insertion_fte": tr("{amount} in insertion", lang, amount=amount),
        "supervision_fte": tr("{amount} of supervision", lang, amount=amount),
    }
    return told[name]


def _signed(value: float | None, unit: str, lang: str) -> str:
    if value is None:
        return ""
    written = quantity(value, unit_label(unit, lang), lang)
    return written if number(value, lang).startswith(("-", "−")) else f"+{written}"


def _name(f: Filiere, name: str, key: str | None) -> str:
    if key is None:
        return ""
    return str(f.table(name)["name"].get(key, key))
