"""Lines that no console refuses: an old Windows one lacks the narrow no-break space, and others more."""

from __future__ import annotations

import sys
from unicodedata import combining, normalize

from ..language import tr

__all__ = ["complain", "say", "speakable"]

#: What an old Windows console cannot show, in signs that it can.
_PLAIN = str.maketrans(
    {"\u202f": "\u00a0", "’": "'", "…": "...", "–": "-", "—": "-", "“": '"', "”": '"', "→": "->", "•": "-",
     "œ": "oe", "Œ": "OE", "≥": ">=", "≤": "<=", "−": "-", "«": '"', "»": '"', "€": "EUR", "·": "-", "½": "1/2", "°": "o"}
)  # fmt: skip


def say(text: str = "", *, err: bool = False) -> None:
    """Write a line that no console refuses."""
    from click import echo

    stream = sys.stderr if err else sys.stdout
    echo(speakable(text, getattr(stream, "encoding", None)), err=err)


def speakable(text: str, encoding: str | None) -> str:
    """Return `text` as an encoding can show it: signs that it lacks are replaced by plainer ones."""
    encoding = encoding or "utf-8"
    try:
        text.encode(encoding)
    except LookupError:  # an encoding that Python does not know
        return text.translate(_PLAIN)
    except UnicodeEncodeError:
        return "".join(_shown(char, encoding) for char in _whole(text))
    return text


def _whole(text: str) -> str:
    """Return a text in which the bytes of a file name are letters again, where the system gave it as bytes."""
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text


def _shown(char: str, encoding: str) -> str:
    """Return a sign, the plainer one that stands for it, its letter without accent, or a question mark."""
    bare = "".join(sign for sign in normalize("NFKD", char) if not combining(sign))
    for sign in (char, char.translate(_PLAIN), bare):
        try:
            sign.encode(encoding)
        except UnicodeEncodeError:
            continue
        if sign:
            return sign
    return "?"


def complain(text: str, lang: str) -> None:
    """Write an error as one sentence."""
    say(tr("Error: {message}", lang, message=text), err=True)
