"""Lines that no console refuses: an old Windows one lacks the narrow no-break space, and others more."""

from __future__ import annotations

import sys

from ..language import tr

__all__ = ["complain", "say", "speakable"]

#: What an old Windows console cannot show, in signs that it can.
_PLAIN = str.maketrans(
    {"\u202f": "\u00a0", "’": "'", "…": "...", "–": "-", "—": "-", "“": '"', "”": '"', "→": "->", "•": "-",
     "œ": "oe", "Œ": "OE", "≥": ">=", "≤": "<=", "−": "-"}
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
        return "".join(_shown(char, encoding) for char in text)
    return text


def _shown(char: str, encoding: str) -> str:
    """Return a sign, the plainer one that stands for it, or a question mark."""
    for sign in (char, char.translate(_PLAIN)):
        try:
            sign.encode(encoding)
        except UnicodeEncodeError:
            continue
        return sign
    return "?"


def complain(text: str, lang: str) -> None:
    """Write an error as one sentence."""
    say(tr("Error: {message}", lang, message=text), err=True)
