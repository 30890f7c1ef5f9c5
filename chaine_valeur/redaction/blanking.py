"""The tables as an audience may read them: what it may not is emptied, or gone, and counted."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..analysis.insertion.exits import COUNTS
from ..analysis.insertion.few_people import agreements_shown, too_few
from ..analysis.insertion.publics import publics_rows_shown
from ..filiere import Filiere
from ..language import tr
from ..schema import reference_targets, table, tables
from ..tables import Conformed
from ..text import fold
from ..vocabulary import OutcomeUnit
from .levels import Guarded, text_columns
from .naming import TELLING

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Blanked", "blanked", "silenced", "telling_words"]

#: Tables in which a guarded row is itself what may not be known: it goes, with what refers to it.
_GONE = ("observations", "memberships", "scenarios", "options", "option_links", "budgets", "actions")
#: A row of these is part of a whole that means nothing without it: table → what makes the whole.
_WHOLE = {"constraints": "constraint_id", "scenarios": "scenario"}
#: Tables of which the names are those of the chain, or were changed before.
_KEPT = frozenset(("actors", "stages", "materials", "sources", "filiere", "territories"))
#: Words by which rows are put together.
_LABELS = frozenset(("process", "alternative_group"))
#: A word of a name that is shorter says nothing of whose it is.
_TELLING_LENGTH = 4


@dataclass
class Blanked:
    """Tables without what may not be read, and how much of each kind was taken away.

    ``counts`` maps a kind of removal and a table to a number of rows or cells.
    """

    filiere: Filiere
    counts: dict[tuple[str, str], int] = field(default_factory=dict)


def blanked(
    f: Filiere, masks: Mapping[str, Guarded], *, hidden_actors: Collection[str], words: Set[str],
    fewest_people: int, lang: str,
) -> Blanked:  # fmt: skip
    """Return the tables without what an audience may not read.

    Parameters
    ----------
    f
        The filière, actors renamed already.
    masks
        What may not be read, on the identifiers of `f`.
    hidden_actors
        Actors that may not be known.
    words
        Folded words that tell who they are: a text that holds one is emptied.
    fewest_people
        Head-counts under this number are emptied.
    """
    counts: dict[tuple[str, str], int] = {}
    frames: dict[str, pd.DataFrame] = {}
    for name, home in tables().items():
        frame, mask = f.table(name).copy(), masks[name]
        known = frame[list(mask.cells)].notna().to_numpy(bool)
        _count(counts, "cells", name, int((known & mask.cells.to_numpy(bool)).sum()))
        for column in mask.cells:
            frame[column] = frame[column].mask(mask.cells[column])
        _empty_texts(frame, mask.some, name, words, counts)
        _without_names(frame, mask.rows if name == "groups" else mask.about, name, lang)
        extra = [column for column in frame if column not in home.columns]
        _count(counts, "columns", name, len(extra))
        frame = frame.drop(columns=extra)
        if name == "actors":
            at = frame.index.isin(list(hidden_actors))
            local = f.is_local().to_numpy(dtype=object)
            frame["in_territory"] = frame["in_territory"].mask(at, pd.array(local, dtype="boolean"))
            for column in TELLING:
                frame[column] = frame[column].mask(at)
        if name == "cooperations":
            _unknown_ties(frame, mask.rows, counts)
        if name == "meetings":
            _count(counts, "cells", name, int(mask.rows.sum()))
            frame["attended"] = frame["attended"].mask(mask.rows)
        frames[name] = frame
    _take_out(frames, masks, counts)
    _few_people(f, frames, fewest_people, counts)
    return Blanked(_filiere(f, frames), counts)


def silenced(f: Filiere, *, lang: str) -> Filiere:
    """Return the filière without what stood on rows set aside and in cells refused: only where they are.

    Nobody could read there who may know of it.
    """
    told = tr("What stands there is told in the internal version.", lang)
    aside = {
        name: frame[[column for column in frame if column in ("sheet", "row")]].assign(reason=told)
        for name, frame in f.set_aside.items()
    }
    frames = {name: f.table(name) for name in tables()}
    return _filiere(f, frames, problems=f.problems.assign(value="", message=told), aside=aside)


def _filiere(
    f: Filiere,
    frames: Mapping[str, pd.DataFrame],
    *,
    problems: pd.DataFrame | None = None,
    aside: Mapping[str, pd.DataFrame] | None = None,
) -> Filiere:
    """Return a filière of other tables, each of rows that `f` has too."""
    places = {name: f.where(name).loc[frame.index] for name, frame in frames.items() if len(frame)}
    kept = Conformed(
        frames,
        places,
        f.problems if problems is None else problems,
        f.set_aside if aside is None else aside,
        dict(f.unknown_cells),
    )
    return Filiere(kept, year=f.year)


def telling_words(hidden: Collection[str], others: Collection[str]) -> set[str]:
    """Return the folded words of some names that occur in none of the others: who reads them knows who it is.

    Examples
    --------
    >>> sorted(telling_words(["Filature Dupont"], ["Filature", "Relais"]))
    ['dupont']
    """
    common = {word for text in others for word in _words(text)}
    return {word for name in hidden for word in _words(name) if len(word) >= _TELLING_LENGTH} - common


def _words(text: Any) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text)) if isinstance(text, str) else []


def _count(counts: dict[tuple[str, str], int], kind: str, name: str, number: int) -> None:
    if number:
        counts[kind, name] = counts.get((kind, name), 0) + number


def _empty_texts(
    frame: pd.DataFrame,
    mask: pd.Series,
    name: str,
    words: Set[str],
    counts: dict[tuple[str, str], int],
) -> None:
    """Empty what was written in one's own words on guarded rows, or names somebody who may not be known."""
    for column in text_columns(table(name)):
        telling = frame[column].map(lambda text: not words.isdisjoint(_words(text))).astype(bool) if len(
            frame
        ) else pd.Series(False, index=frame.index)  # fmt: skip
        gone = (mask | telling) & frame[column].notna()
        _count(counts, "texts", name, int(gone.sum()))
        frame[column] = frame[column].mask(gone)


def _without_names(frame: pd.DataFrame, about: pd.Series, name: str, lang: str) -> None:
    """Give guarded rows names that say nothing; what they share with rows that may be read, those say already."""
    home = table(name)
    if not about.any() or name in _KEPT:
        return
    if home.name_column:
        numbers = about.cumsum()
        told = numbers.map(lambda number: tr("Not told {number}", lang, number=number))
        frame[home.name_column] = frame[home.name_column].mask(about, told)
    for column in _LABELS & set(frame):
        seen = set(frame.loc[~about.to_numpy(bool), column].dropna())
        told = about & frame[column].notna() & ~frame[column].isin(seen)
        codes = pd.Series(pd.factorize(frame[column])[0] + 1, index=frame.index)
        frame[column] = frame[column].mask(told, codes.map("x{}".format))


def _unknown_ties(frame: pd.DataFrame, rows: pd.Series, counts: dict[tuple[str, str], int]) -> None:
    """A guarded tie stays as a pair of which nobody says anything: without its row it would count as absent."""
    _count(counts, "cells", "cooperations", int(rows.sum()))
    for column in ("state", "kind", "intensity", "since", "until"):
        frame[column] = frame[column].mask(rows)


def _take_out(
    frames: dict[str, pd.DataFrame], masks: Mapping[str, Guarded], counts: dict[tuple[str, str], int]
) -> None:
    """Take out the rows of which the existence may not be known, then those that refer to one of them."""
    gone: dict[str, set[str]] = {}
    for name in (*_GONE, "constraints"):
        frame, rows = frames[name], masks[name].rows
        if name == "observations":  # what was heard is all that they hold
            rows = masks[name].about | frame["text"].isna()
        elif name == "constraints":
            rows = masks[name].some
        whole = _WHOLE.get(name)
        if whole is not None and rows.any():
            rows = frame[whole].isin(set(frame.loc[rows.to_numpy(bool), whole].dropna()))
        gone[name] = set(frame.index[rows.to_numpy(bool)])
    for name, home in tables().items():
        frame = frames[name]
        out = pd.Series(frame.index.isin(list(gone.get(name, ()))), index=frame.index)
        for column in home:
            target = reference_targets(column)
            lost = gone.get(target[0]) if target else None
            if not lost or target is None or target[1] != table(target[0]).key:
                continue
            refers = frame[column.name].isin(lost)
            if column.compulsory:
                out |= refers
            else:
                frame[column.name] = frame[column.name].mask(refers)
        _count(counts, "rows", name, int(out.sum()))
        frames[name] = frame[~out.to_numpy(bool)]
    said = frames["cell_sources"]
    if len(said):
        frames["cell_sources"] = said[
            [_stands(frames, *one) for one in zip(said["table"], said["row_id"], strict=True)]
        ]


def _stands(frames: Mapping[str, pd.DataFrame], said: str, row: str) -> bool:
    name = next((home.name for home in tables().values() if fold(said) in home.spellings), "")
    return name not in frames or row in frames[name].index


def _few_people(
    f: Filiere, frames: dict[str, pd.DataFrame], fewest: int, counts: dict[tuple[str, str], int]
) -> None:
    """Empty the head-counts of so few people that one could be known."""
    before = frames["agreements"]
    masked = agreements_shown(f, fewest=fewest)[list(COUNTS)].isna() & before[list(COUNTS)].notna()
    _count(counts, "few", "agreements", int(masked.to_numpy(bool).sum()))
    frames["agreements"] = before.assign(**{column: before[column].mask(masked[column]) for column in COUNTS})
    publics = frames["publics"]
    thin = publics_rows_shown(f, fewest=fewest)["persons"].isna() & publics["persons"].notna()
    _count(counts, "few", "publics", int(thin.sum()))
    frames["publics"] = publics.assign(persons=publics["persons"].mask(thin))
    outcomes = frames["outcomes"]
    few = _few_outcomes(outcomes, fewest)
    _count(counts, "few", "outcomes", int((few & outcomes["reached"].notna().to_numpy(bool)).sum()))
    frames["outcomes"] = outcomes.assign(reached=outcomes["reached"].mask(few))


def _few_outcomes(outcomes: pd.DataFrame, fewest: int) -> NDArray[np.bool_]:
    """Return the outcomes that count so few people, and those that would give one of them back."""
    counted = (outcomes["unit"] == OutcomeUnit.PERSON.value).to_numpy(bool)
    people = outcomes["reached"].where(counted).to_numpy(np.float64)
    masked = np.zeros(len(outcomes), dtype=bool)
    keys = [outcomes[name] for name in ("kind", "unit", "year")]
    for places in outcomes.groupby(keys, dropna=False, sort=False).indices.values():  # over kinds and years
        masked[places] = too_few(np.nan_to_num(people[places]), fewest)
    return masked
