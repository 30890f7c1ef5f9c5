"""Errors of names that do not exist, wholly in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import UnknownNameError, close_names
from ..language import enumeration, tr

__all__ = ["unknown_name"]


def unknown_name(sentence: str, name: str, known: Iterable[object], *, lang: str) -> UnknownNameError:
    """Return the error of a name that is not among those known, with the close ones, else all of a few.

    Parameters
    ----------
    sentence
        What is wrong, in the language, with its full stop.

    Examples
    --------
    >>> str(unknown_name("No column “naff”.", "naff", ["naf", "name"], lang="en"))
    'No column “naff”. Did you mean: naf?'
    """
    names = [one for one in known if isinstance(one, str)]
    close = close_names(name, names)
    if close:
        sentence += " " + tr("Did you mean: {names}?", lang, names=enumeration(close, lang))
    elif names:
        sentence += " " + tr("There are: {names}.", lang, names=enumeration(names, lang))
    return UnknownNameError(sentence)
