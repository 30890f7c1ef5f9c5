"""Text as people type it: one way to compare, one way to make an identifier, one way to split a cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

__all__ = [
    "LIST_SEPARATOR",
    "TOTAL",
    "fold",
    "fold_all",
    "join_list",
    "one_line",
    "slug",
    "slug_all",
    "split_list",
]

#: Between the entries of a cell that holds several (roles, stages).
LIST_SEPARATOR = ";"
#: How the name of a row begins that adds up others: « Total », « Sous-total Nord », « TOTAL GÉNÉRAL ».
TOTAL = re.compile(r"\s*(sous|sub|grand)?[\s-]*(total|totals|totaux|somme|sum)\b", re.IGNORECASE)

# NFD leaves these whole, though a keyboard without them writes the right-hand side
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "²": "2", "³": "3"})
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_NOT_WORD_OF_LINE = re.compile(r"[^0-9a-z\n]+")
#: The same for text in ASCII, without an expression to match.
_BLANKS = {code: " " for code in range(128) if _NOT_WORD.match(chr(code))}
# nearly all combining signs that there are; U+034F combines with nothing
_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return `text` without case, accents, punctuation or repeated spaces: what two spellings share.

    Examples
    --------
    >>> fold("  Quantité\u00a0(t/an) ") == fold("quantite t an")
    True
    """
    bare = str(text).casefold()
    if not bare.isascii():
        bare = _ACCENTS.sub("", unicodedata.normalize("NFD", bare.translate(_LIGATURES)))
    if bare.isascii():
        folded = " ".join(bare.translate(_BLANKS).split())
    else:
        bare = "".join(char for char in bare if not unicodedata.combining(char))
        folded = _NOT_WORD.sub(" ", bare).strip()
    # signs alone (=, ≤, %) are all that some spellings have
    return folded or str(text).strip()


def fold_all(texts: list[str]) -> list[str]:
    """Return `fold` of many texts, at the cost of a long one.

    Examples
    --------
    >>> fold_all(["Étoupe", "Lin (t/an)"])
    ['etoupe', 'lin t an']
    """
    if not texts:
        return []
    bare = "\n".join(texts).casefold()
    if not bare.isascii():
        bare = _ACCENTS.sub("", unicodedata.normalize("NFD", bare.translate(_LIGATURES)))
    if bare.count("\n") != len(texts) - 1:  # a text of several lines
        return [fold(text) for text in texts]
    if not bare.isascii():
        lines = bare.split("\n")
        return [
            " ".join(line.translate(_BLANKS).split()) or text.strip() if line.isascii() else fold(text)
            for text, line in zip(texts, lines, strict=True)
        ]
    lines = _NOT_WORD_OF_LINE.sub(" ", bare).replace(" \n", "\n").replace("\n ", "\n").strip(" ").split("\n")
    return lines if all(lines) else [line or text.strip() for text, line in zip(texts, lines, strict=True)]


def slug(text: str) -> str:
    """Return an identifier made from a name: lower case ASCII, words joined by hyphens.

    Examples
    --------
    >>> slug("ICIAD / Cotexi 276")
    'iciad-cotexi-276'
    """
    return slug_all([fold(text)])[0]


def slug_all(folded: list[str]) -> list[str]:
    """Return `slug` of many texts that are folded already.

    Examples
    --------
    >>> slug_all(["iciad cotexi 276", "lin"])
    ['iciad-cotexi-276', 'lin']
    """
    joined = [text.replace(" ", "-") for text in folded]
    # a name in another alphabet folds to itself: keep its letters, they are valid text
    return [text if text.isascii() and text[:1].isalnum() else _other_alphabet(text) for text in joined]


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
