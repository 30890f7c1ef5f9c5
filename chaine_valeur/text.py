"""Text as people type it: one way to compare, one way to make an identifier, one way to split a cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["LIST_SEPARATOR", "fold", "join_list", "one_line", "slug", "split_list"]

#: Between the entries of a cell that holds several (roles, stages).
LIST_SEPARATOR = ";"

# NFD leaves these whole, though a keyboard without them writes the right-hand side
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "²": "2", "³": "3"})
_NOT_WORD = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return `text` without case, accents, punctuation or repeated spaces: what two spellings share.

    Examples
    --------
    >>> fold("  Quantité\u00a0(t/an) ") == fold("quantite t an")
    True
    """
    bare = unicodedata.normalize("NFD", str(text).casefold().translate(_LIGATURES))
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    folded = _NOT_WORD.sub(" ", bare).strip()
    # signs alone (=, ≤, %) are all that some spellings have
    return folded or str(text).strip()


def slug(text: str) -> str:
    """Return an identifier made from a name: lower case ASCII, words joined by hyphens.

    Examples
    --------
    >>> slug("ICIAD / Cotexi 276")
    'iciad-cotexi-276'
    """
    folded = fold(text).replace(" ", "-")
    # a name in another alphabet folds to itself: keep its letters, they are valid text
    return folded if folded and folded.isascii() and folded[0].isalnum() else _other_alphabet(folded)


def _other_alphabet(folded: str) -> str:
    return re.sub(r"[\W_]+", "-", folded).strip("-") or "x"


def split_list(cell: str | None) -> list[str]:
    """Return the entries of a cell, trimmed, empty ones dropped, repeated ones kept once.

    Examples
    --------
    >>> split_list("tri ; collecte;;tri")
    ['tri', 'collecte']
    """
    if cell is None or cell != cell:
        return []
    return list(dict.fromkeys(part.strip() for part in str(cell).split(LIST_SEPARATOR) if part.strip()))


def join_list(entries: Iterable[str]) -> str:
    """Return the cell that `split_list` reads back."""
    return LIST_SEPARATOR.join(entries)


def one_line(text: object) -> str:
    """Return a text on one line; the no-break spaces of a French sentence stay.

    Examples
    --------
    >>> one_line("refusé\u00a0:\\n  trop court ")
    'refusé\\xa0: trop court'
    """
    return re.sub(r"[ \t\r\n]+", " ", str(text)).strip(" ")
