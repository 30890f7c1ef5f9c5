"""Notes that go with a figure: the numbers of its sources, and whether it is mostly an estimate or a hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..language import enumeration, number, tr, trn
from ..network import latest_year
from ..provenance import provenance
from ..schema import tables

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = [
    "SOFT_SHARE",
    "is_soft",
    "of_year",
    "soft_note",
    "source_numbers",
    "sources_note",
    "sources_of_tables",
]

#: From this share of estimates and hypotheses on, a figure is marked as a hypothesis wherever it is shown.
SOFT_SHARE = 0.5
#: Sources named by their number beside a figure; the others are counted.
_MOST = 8


def is_soft(hypothesis_share: float) -> bool:
    """Return whether so much of a figure rests on estimates or hypotheses that it is marked as one."""
    return hypothesis_share >= SOFT_SHARE


def soft_note(lang: str) -> str:
    """Return what the mark means and from which share on it is set."""
    return tr(
        "“Hypothesis” marks what rests on estimates or hypotheses for {share}% or more.",
        lang,
        share=number(100 * SOFT_SHARE, lang),
    )


def source_numbers(f: Filiere) -> dict[str, int]:
    """Return the number of each source, by identifier: its place in the table of sources."""
    return {str(identifier): place for place, identifier in enumerate(f.sources.index, 1)}


def sources_note(f: Filiere, rows: Mapping[str, Iterable[str]], *, lang: str) -> str:
    """Return the numbers of the sources that some rows cite: « Sources 1, 4 et 7 »; empty where they cite none."""
    cited: set[str] = set()
    for name, identifiers in rows.items():
        if not tables()[name].has_provenance:
            continue
        said = provenance(f, name)["source_id"]
        cited.update(map(str, said.reindex(list(identifiers)).dropna().unique()))
    return _numbered(f, cited, lang)


def sources_of_tables(f: Filiere, names: Iterable[str], *, lang: str) -> str:
    """Return the numbers of the sources that any row of some tables cites."""
    return sources_note(f, {name: f.table(name).index for name in names}, lang=lang)


def of_year(title: str, f: Filiere, name: str, *, lang: str) -> str:
    """Return a title with the year that is taken of a table, where it speaks of one."""
    year = f.year if f.year is not None else latest_year(f.table(name))
    return title if year is None else tr("{title} ({year})", lang, title=title, year=year)


def _numbered(f: Filiere, cited: set[str], lang: str) -> str:
    known = source_numbers(f)
    found = sorted(known[one] for one in cited if one in known)
    if not found:
        return ""
    listed = enumeration([number(one, lang) for one in found], lang, limit=_MOST)
    return trn("Source {numbers}", "Sources {numbers}", len(found), lang, numbers=listed)
