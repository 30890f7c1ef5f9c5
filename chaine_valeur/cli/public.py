"""Public files that a command is given, or that come beside an example."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import MissingExtraError, UnreadableFileError
from ..language import tr
from .speaking import say

if TYPE_CHECKING:
    from ..filiere import Filiere
    from ..planning import Sources

__all__ = ["sources_of"]


def sources_of(
    f: Filiere, file: str, given: Mapping[str, str | None], *, strict: bool = True, lang: str
) -> Sources | None:
    """Return the public files named, or those that come beside an example; ``None`` where there are none.

    An example without duckdb does without its stock, and says so. Where nothing says around what to look, `strict`
    refuses; else the sources note it.
    """
    from ..datasets import available, open_data
    from ..planning import Sources

    named = {name: path for name, path in given.items() if path is not None}
    if named:
        if "legal_units" in named and "establishments" not in named:
            told = tr("{option} is of use beside --sirene only.", lang, option="--legal-units")
            raise UnreadableFileError(told)
        if set(named) == {"communes"}:
            told = tr("{option} is of use beside --sirene or --siae only.", lang, option="--communes")
            raise UnreadableFileError(told)
        return Sources.read(f, strict=strict, lang=lang, **named)  # type: ignore[arg-type]
    if Path(file).exists() or file not in available():
        return None
    files = {name: path for name, path in open_data(file).items() if name != "epci"}
    if not files:
        return None
    try:
        return Sources.read(f, strict=strict, lang=lang, **files)  # type: ignore[arg-type]
    except MissingExtraError as error:
        say(str(error), err=True)
        return Sources.read(f, lang=lang, siae=files.get("siae"), communes=files.get("communes"))
