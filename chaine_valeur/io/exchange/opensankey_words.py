"""Words that files of OpenSankey of ours share: names of groups of tags, and of what is outside."""

from __future__ import annotations

from typing import Any

from ...language import LANGUAGES, N_, tr
from ...text import fold

__all__ = ["OUTSIDE_NAME", "is_outside"]

#: The node that stands for a blank end of a flow, and the type that it is given.
OUTSIDE_NAME = N_("Imports and exports")


def is_outside(word: Any) -> bool:
    """Return whether a type of node is that of the node which stands for the outside.

    Examples
    --------
    >>> is_outside("Imports and exports"), is_outside("Organisation"), is_outside(None)
    (True, False, False)
    """
    return word is not None and fold(str(word)) in {fold(tr(OUTSIDE_NAME, lang)) for lang in LANGUAGES}
