"""What a term of a closed list is: its stored value, with labels and spellings attached."""

from __future__ import annotations

from enum import Enum
from typing import Self

__all__ = ["Term"]


class Term(str, Enum):
    """A stored value with its labels; ``aliases`` are further spellings that a reader accepts."""

    label_fr: str
    label_en: str
    aliases: tuple[str, ...]

    def __new__(cls, value: str, label_fr: str, label_en: str, aliases: str = "") -> Self:
        term = str.__new__(cls, value)
        term._value_ = value
        term.label_fr = label_fr
        term.label_en = label_en
        term.aliases = tuple(alias for alias in aliases.split("|") if alias)
        return term

    def __str__(self) -> str:
        return str(self.value)

    def label(self, lang: str = "fr") -> str:
        """Return the label in French or English."""
        return self.label_fr if lang == "fr" else self.label_en
