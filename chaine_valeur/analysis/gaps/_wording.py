"""The sentences of the findings: about stages and what to secure, in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ...columns import columns
from ...language import enumeration, tr, trn
from ...vocabulary import MarketKind, label
from ..wording import quoted, tonnes
from .chain import chain_of

if TYPE_CHECKING:
    from ...filiere import Filiere
    from ._stakes import Waiting

__all__ = [
    "actor_name",
    "at_stake",
    "jobs_at_stake",
    "kind_of_quantity",
    "moving",
    "stage_names",
    "stages_of_actor",
    "unit_name",
]


def stage_names(f: Filiere, stages: Iterable[int], lang: str) -> str:
    """Return stages by name; several are those that can stand for one another."""
    names = columns(f, "stages").text("name")
    return tr(" or ", lang).join(quoted(names[stage], lang) for stage in stages)


def unit_name(f: Filiere, unit: int, lang: str) -> str:
    """Return the name of a unit: that of its stage, or of those that can stand for one another."""
    return stage_names(f, chain_of(f).members[unit], lang)


def actor_name(f: Filiere, actor: int) -> str:
    """Return the name of an actor."""
    return str(columns(f, "actors").text("name")[actor])


def stages_of_actor(f: Filiere, stage: int, lang: str) -> str:
    """Return « maillon « Tri » », or that the stage is not known."""
    if stage < 0:
        return tr("stage not stated", lang)
    return tr("stage {stage}", lang, stage=stage_names(f, [stage], lang))


def kind_of_quantity(basis: str, level: str, lang: str) -> str:
    """Return « gisement mobilisé », « débouché exprimé »: the level, or the kind where none is given."""
    term = label(level, "market_level", lang) if level else label(basis, "market_kind", lang)
    return term[:1].lower() + term[1:]


def at_stake(waiting: Waiting, lang: str, *, at: str = "stage") -> str:
    """Return the sentence that says what waits for a stage, a passage or a path (`at`), or an empty text."""
    if not waiting.basis:
        return ""
    if waiting.basis == "flows":
        return _before_the_gap(waiting, lang, path=at == "path")
    count, fields = waiting.quantity, {"amount": tonnes(waiting.quantity, lang)}
    fields["what"] = kind_of_quantity(waiting.basis, waiting.level, lang)
    if waiting.basis != MarketKind.SUPPLY.value:
        return trn(
            "{amount} of {what} depends on it.", "{amount} of {what} depend on it.", count, lang, **fields
        )
    return tr("Upstream: {amount} of {what}, used today or not.", lang, **fields)


def _before_the_gap(waiting: Waiting, lang: str, *, path: bool) -> str:
    count, fields = waiting.quantity, {"amount": tonnes(waiting.quantity, lang)}
    if path and waiting.leaving:
        return trn(
            "{amount} leaves the last stage before the break.",
            "{amount} leave the last stage before the break.",
            count,
            lang,
            **fields,
        )
    if path:
        return trn(
            "{amount} reaches the last stage before the break.",
            "{amount} reach the last stage before the break.",
            count,
            lang,
            **fields,
        )
    if waiting.leaving:
        return trn(
            "{amount} leaves the stage before.", "{amount} leave the stage before.", count, lang, **fields
        )
    return trn(
        "{amount} reaches the stage before.", "{amount} reach the stage before.", count, lang, **fields
    )


def moving(found: Waiting, lang: str) -> str:
    """Return the sentence that says what enters a stage or leaves it, or an empty text."""
    if not found.basis:
        return ""
    count, fields = found.quantity, {"amount": tonnes(found.quantity, lang)}
    if found.leaving:
        return trn("{amount} leaves it.", "{amount} leave it.", count, lang, **fields)
    return trn("{amount} enters it.", "{amount} enter it.", count, lang, **fields)


def jobs_at_stake(fte: float, lang: str) -> str:
    """Return the sentence that says which insertion jobs depend on something, or an empty text."""
    if not fte > 0:
        return ""
    return trn("{count} insertion FTE depends on it.", "{count} insertion FTE depend on it.", fte, lang)


def listed(names: Iterable[str], lang: str) -> str:
    """Return « a, b et 3 autres »."""
    return enumeration(list(names), lang)


def counted(count: int, lang: str) -> str:
    """Return « 3 acteurs »."""
    return trn("{count} actor", "{count} actors", count, lang)
