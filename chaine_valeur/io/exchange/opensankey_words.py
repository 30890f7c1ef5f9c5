"""Words that files of OpenSankey of ours share: names of groups of tags, and of what is outside."""

from __future__ import annotations

from functools import cache
from typing import Any

from ...language import LANGUAGES, N_, tr
from ...text import fold

__all__ = ["OUTSIDE_NAME", "UNSPECIFIED", "is_outside", "is_unspecified"]

#: The node that stands for a blank end of a flow, and the type that it is given.
OUTSIDE_NAME = N_("Imports and exports")
#: The tag of a figure whose material is not said, where materials are tags of figures: a figure without a tag of a group
#: would be one of each of its tags.
UNSPECIFIED = N_("Unspecified material")


def is_outside(word: Any) -> bool:
    """Return whether a type of node is that of the node which stands for the outside.

    Examples
    --------
    >>> is_outside("Imports and exports"), is_outside("Organisation"), is_outside(None)
    (True, False, False)
    """
    return word is not None and fold(str(word)) in _spellings(OUTSIDE_NAME)


def is_unspecified(tag: str) -> bool:
    """Return whether a tag says that a material is not known.

    Examples
    --------
    >>> is_unspecified("Unspecified material"), is_unspecified("Laine")
    (True, False)
    """
    return fold(tag) in _spellings(UNSPECIFIED)


@cache
def _spellings(word: str) -> frozenset[str]:
    return frozenset(fold(tr(word, lang)) for lang in LANGUAGES)
