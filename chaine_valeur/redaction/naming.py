"""Other names for some actors, wherever they are spoken of: tables, identifiers, free words, rows set aside."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..filiere import Filiere
from ..language import tr
from ..parse import parse_column
from ..schema import Column, Table, reference_targets, table, tables
from ..tables import Conformed
from ..text import fold, slug

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TELLING", "is_free_list", "names_aside", "natural_persons", "new_names", "renamed"]

#: What says of an actor who or where it is.
TELLING = ("siret", "commune_code", "commune_name", "latitude", "longitude")


def natural_persons(f: Filiere) -> list[str]:
    """Return the actors that are natural persons, in the order of the table."""
    persons = f.actors["natural_person"].fillna(False).to_numpy(bool)
    return [str(one) for one in f.actors.index[persons]]


def new_names(
    f: Filiere, identifiers: Iterable[str], word: str, *, lang: str, taken: Collection[str] = ()
) -> dict[str, tuple[str, str]]:
    """Return actor_id → (new identifier, new name): `word` is a sentence of the catalogue with ``{number}``."""
    wanted = list(identifiers)
    used = (set(map(str, f.actors.index)) - set(wanted)) | set(taken)
    found = {}
    for number, identifier in enumerate(wanted, 1):
        name = tr(word, lang, number=number)
        new = slug(name)
        while new in used:  # an organisation that calls itself so keeps its identifier
            new += "-x"
        used.add(new)
        found[identifier] = (new, name)
    return found


def renamed(
    f: Filiere,
    names: Mapping[str, tuple[str, str]],
    *,
    lang: str,
    without: Mapping[str, Collection[str]] | None = None,
    rows: Mapping[str, Mapping[str, str]] | None = None,
) -> Filiere:
    """Return the filière with new identifiers and names for some actors, wherever they are referred to.

    Parameters
    ----------
    names
        actor_id → (new identifier, new name).
    without
        Column of `actors` → the actors (old identifiers) of which it is emptied; nothing else changes what is
        computed.
    rows
        Table → old → new identifiers of further rows.
    """
    changed = _identifiers(f, names)
    for name, others in (rows or {}).items():
        changed[name] = changed.get(name, {}) | dict(others)
    rewrite = _rewriter(f, names, lang)
    frames, places = {}, {}
    for name, home in tables().items():
        frame = f.table(name)
        for column in home:
            target = reference_targets(column)
            if target is not None and target[1] == table(target[0]).key:
                if target[0] in changed:
                    frame[column.name] = frame[column.name].replace(changed[target[0]])
            elif column.type == "text" or is_free_list(column):
                frame[column.name] = rewrite(frame[column.name])
        if name == "actors":
            frame = _with_names(frame, names)
            for emptied, actors in (without or {}).items():
                frame[emptied] = frame[emptied].mask(frame.index.isin(list(actors)))
        elif name == "cell_sources":
            for said, new in changed.items():
                about = frame["table"].map(fold).isin(table(said).spellings)
                frame["row_id"] = frame["row_id"].where(~about, frame["row_id"].replace(new))
        for extra in frame.columns:  # what the model does not know
            if extra not in home.columns:
                frame[extra] = rewrite(frame[extra])
        place = f.where(name)
        if name in changed:
            frame.index = pd.Index([changed[name].get(one, one) for one in frame.index], name=home.key)
            place.index = frame.index
        frames[name], places[name] = frame, place
    problems = f.problems
    for column_name in ("value", "message"):
        problems[column_name] = rewrite(problems[column_name])
    aside = {name: _rewritten(frame, rewrite, tables()[name]) for name, frame in f.set_aside.items()}
    kept = Conformed(frames, places, problems, aside, dict(f.unknown_cells))
    return Filiere(kept, year=f.year)


def is_free_list(column: Column) -> bool:
    """Whether a column lists what people wrote: partners by name; terms and codes are none."""
    return column.type == "list" and not column.vocabulary and column.name not in _CODES


#: Lists of codes of public nomenclatures.
_CODES = frozenset(("naf", "siae_sectors"))


def _identifiers(f: Filiere, names: Mapping[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    """Return table → old → new identifiers: those of the actors, and those made from the name of one.

    A source « Entretien avec Jeanne Lefebvre » has, for want of another, an identifier that names her.
    """
    telling = {old: new for old, (new, _) in names.items() if "-" in old}
    telling |= {slug(str(f.actors.at[old, "name"])): new for old, (new, _) in names.items()}
    telling |= {str(f.actors.at[old, "name"]): new for old, (new, _) in names.items()}
    pattern = _any_of(telling)
    changed: dict[str, dict[str, str]] = {"actors": {old: new for old, (new, _) in names.items()}}
    for name, home in tables().items():
        taken = {str(one) for one in f.table(name).index} if home.key and telling else set()
        for old in sorted(taken - set(changed.get(name, ()))):
            new = pattern.sub(lambda found: telling[found[0]], old)
            if new != old:
                while new in taken:
                    new += "-x"
                taken.add(new)
                changed.setdefault(name, {})[old] = new
    return changed


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of some words standing alone, the longest first."""
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)" if longest_first else r"(?!)")


def _with_names(actors: pd.DataFrame, names: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    changed = actors.index.isin(list(names))
    actors["name"] = actors["name"].where(~changed, [names.get(one, ("", ""))[1] for one in actors.index])
    return actors


def _rewriter(
    f: Filiere, names: Mapping[str, tuple[str, str]], lang: str
) -> Callable[[pd.Series], pd.Series]:
    """Return what replaces full names, and identifiers standing alone, in a column of text."""
    shown = dict(zip(f.actors["name"].reindex(list(names)), (new for _, new in names.values()), strict=True))
    # an identifier made from a full name; a shorter one could be any word of a sentence
    shown |= {old: new for old, (new, _) in names.items() if "-" in old}
    for name in names_aside(f, lang=lang):
        shown.setdefault(name, tr("Person", lang))
    shown |= {slug(name): new for name, new in shown.items() if "-" in slug(name)}
    pattern = _any_of(shown)

    def rewritten(cell: Any) -> Any:
        return pattern.sub(lambda found: shown[found[0]], cell) if isinstance(cell, str) else cell

    return lambda cells: cells.map(rewritten).astype(cells.dtype) if len(cells) else cells


def _rewritten(frame: pd.DataFrame, rewrite: Callable[[pd.Series], pd.Series], home: Table) -> pd.DataFrame:
    """Return rows set aside without the actors that are known, or the persons that such a row itself describes."""
    masked = frame.copy()
    for column in masked.columns:
        if column not in ("row", "reason", "sheet"):
            masked[column] = rewrite(masked[column])
    if home.name == "actors":
        persons = _persons_aside(frame)
        for column in ("actor_id", *TELLING):
            if column in masked:
                masked[column] = masked[column].where(~persons, None)
    return masked


def names_aside(f: Filiere, *, lang: str) -> list[str]:
    """Return the names of natural persons on rows of actors that were set aside."""
    lost = f.set_aside.get("actors")
    if lost is None or "name" not in lost:
        return []
    names = lost["name"][_persons_aside(lost)].dropna().astype(str)
    return [name for name in names.unique() if name != tr("Person", lang)]


def _persons_aside(actors: pd.DataFrame) -> pd.Series:
    """Return which rows of actors set aside, read as they were written, speak of a natural person."""
    if "natural_person" not in actors:
        return pd.Series(False, index=actors.index)
    said = parse_column(actors["natural_person"], table("actors")["natural_person"]).values
    return said.fillna(False).astype(bool)
