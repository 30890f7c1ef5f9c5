"""The sentences of resilience: about stages and what to secure or to diversify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...columns import columns
from ...language import tr, trn
from ..wording import quoted

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["jobs_sentence", "stage_title"]


def stage_title(f: Filiere, stages: tuple[int, ...], lang: str) -> str:
    """Return stages by name, in quotes; several are those that can stand for one another."""
    names = columns(f, "stages").text("name")
    return tr(" or ", lang).join(quoted(str(names[stage]), lang) for stage in stages)


def jobs_sentence(fte: float, lang: str) -> str:
    """Return the sentence that says which insertion jobs depend on something, or an empty text."""
    if not fte > 0:
        return ""
    return trn("{count} insertion FTE depends on it.", "{count} insertion FTE depend on it.", fte, lang)
