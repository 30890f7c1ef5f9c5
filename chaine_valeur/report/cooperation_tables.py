"""The tables of the section on cooperation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..analysis import cooperation
from ..diagnosis.wording import known, text_of
from ..language import date_text, enumeration, number, out_of, percent, tr, trn
from ..schema import table
from ..vocabulary import Pole, label
from .blocks import Cell, Column, Grid, Rows

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = [
    "bodies_grid",
    "cohesion_grid",
    "coverage_grid",
    "first_pairs_grid",
    "remains_grid",
    "whom_to_ask_grid",
]

#: Rows of a table that a reader goes through.
MOST_PAIRS, MOST_ASKED, MOST_BODIES = 6, 6, 40
#: Pairs among which those that name nobody twice are sought.
_LOOKED_AT = 60


def coverage_grid(f: Filiere, lang: str) -> Grid:
    """Return how many of each college were asked."""
    rows: Rows = [
        [
            Cell(str(row.group_label), strong=True),
            number(int(row.partners), lang),
            out_of(int(row.asked), int(row.partners), lang),
        ]
        for row in cooperation.survey_coverage(f, lang=lang).itertuples()
    ]
    columns = [
        Column(table("actors")["pole"].label(lang), weight=2),
        Column(tr("Actors who could cooperate", lang), numeric=True),
        Column(tr("Asked", lang), numeric=True),
    ]
    return Grid.of(tr("Who was asked", lang), columns, rows)


def remains_grid(f: Filiere, actor: str, lang: str) -> Grid | None:
    """Return what would remain of cooperation without an actor; nothing where it has no known tie."""
    frame = cooperation.without_actor(f, actor=actor, lang=lang)
    if frame.at["ties", "with_actor"] == frame.at["ties", "without_actor"]:
        return None
    frame = frame[(frame["with_actor"] > 0) & frame["remains"].notna()]
    rows: Rows = []
    for measure, row in frame.iterrows():
        digits = 2 if measure == "density" else None
        bounds = ""
        if known(row["low"]) and known(row["high"]) and row["low"] < row["high"]:
            bounds = _between(percent(row["low"], lang), percent(row["high"], lang), lang)
        rows.append(
            [
                Cell(str(row["label"]), strong=True),
                number(row["with_actor"], lang, digits=digits),
                number(row["without_actor"], lang, digits=digits),
                percent(row["remains"], lang),
                bounds,
            ]
        )
    columns = [
        Column(tr("What is counted", lang), weight=2.6),
        Column(tr("With it", lang), numeric=True),
        Column(tr("Without it", lang), numeric=True),
        Column(tr("Remains", lang), numeric=True),
        Column(tr("Whatever the unknown is", lang), numeric=True, weight=1.6),
    ]
    name = str(f.actors["name"].get(actor, actor))
    note = tr(
        "Of known ties. It tells what the others would have to take over before the animation ends, not what is "
        "to be blamed on anybody. Of sets apart, more of them is less that remains.",
        lang,
    )
    title = tr("What would remain of cooperation without {actor}", lang, actor=name)
    return Grid.of(title, columns, rows, note=note).filled()


def first_pairs_grid(f: Filiere, lang: str) -> Grid | None:
    """Return the pairs whose tie would close most triptyques, and who could introduce them."""
    pairs = _each_once(cooperation.missing_pairs(f, limit=_LOOKED_AT))
    if pairs.empty:
        return None
    names = f.actors["name"]
    rows: Rows = []
    for row in pairs.itertuples():
        by = cooperation.introducers(f, row.actor_id, row.to_actor_id)
        rows.append(
            [
                Cell(str(names[row.actor_id]), strong=True),
                label(row.pole, "pole", lang),
                Cell(str(names[row.to_actor_id]), strong=True),
                label(row.to_pole, "pole", lang),
                number(int(row.closes), lang),
                enumeration([str(names.get(one, one)) for one in by], lang, limit=3),
                tr("known not to cooperate yet", lang) if row.documented else tr("to be asked first", lang),
            ]
        )
    pole = table("actors")["pole"].label(lang)
    columns = [
        Column(tr("Actor", lang), weight=1.6),
        Column(pole, weight=1.1),
        Column(tr("With", lang), weight=1.6),
        Column(pole, weight=1.1),
        Column(tr("Triptyques closed", lang), numeric=True, weight=0.8),
        Column(tr("Could introduce them", lang), weight=2),
        Column(tr("What is known", lang), weight=1.3),
    ]
    return Grid.of(tr("The first pairs to bring together", lang), columns, rows)


def _each_once(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the first pairs that name nobody twice: as many actors as possible may begin at once."""
    seen: set[str] = set()
    kept: list[int] = []
    for place, ends in enumerate(zip(pairs["actor_id"], pairs["to_actor_id"], strict=True)):  # a few dozens
        if len(kept) < MOST_PAIRS and not seen & set(ends):
            kept.append(place)
            seen |= set(ends)
    return pairs.iloc[kept]


def bodies_grid(f: Filiere, lang: str) -> Grid:
    """Return the bodies: who sits there, whether the triptyque does, whether they meet and who comes."""
    home = table("groups")
    triptyque = [Pole.ENTERPRISE, Pole.ELECTED, Pole.ESS]
    frame = cooperation.bodies_table(f, lang=lang)
    met = bool((frame["meetings"] > 0).any() or frame["last_met"].notna().any())
    rows: Rows = []
    for row in frame.head(MOST_BODIES).to_dict("records"):
        missing = [pole.label(lang) for pole in triptyque if not row[pole.value]]
        if not known(row["covered"]):
            state = tr("cannot be told", lang)
        elif row["covered"]:
            state = tr("complete", lang)
        else:
            state = tr("missing: {poles}", lang, poles=", ".join(missing))
        rows.append(
            [
                Cell(str(row["label"]), strong=True),
                text_of(row["referent_label"]),
                number(int(row["members"]), lang),
                *(number(int(row[pole.value]), lang) for pole in triptyque),
                number(int(row["other_poles"]), lang),
                number(int(row["without_pole"]), lang) if row["without_pole"] else "",
                state,
                _meetings(row, lang) if met else "",
                _attendance(row, lang) if met else "",
            ]
        )
    columns = [
        Column(home["name"].label(lang), weight=1.9),
        Column(home["referent_id"].label(lang), weight=1.4),
        Column(tr("Members", lang), numeric=True, weight=0.8),
        Column(tr("Enterprises", lang), numeric=True, weight=0.9),
        Column(tr("Elected", lang), numeric=True, weight=0.7),
        Column(tr("ESS", lang), numeric=True, weight=0.5),
        Column(tr("Others", lang), numeric=True, weight=0.6),
        Column(tr("College unknown", lang), numeric=True, weight=0.9),
        Column(tr("Triptyque", lang), weight=1.2),
        Column(tr("Meetings", lang), weight=1.2),
        Column(tr("Present", lang), numeric=True, weight=0.9),
    ]
    note = tr(
        "Seats by college. A triptyque holds at least one enterprise, one elected official and one actor of the "
        "social economy; members of unknown college may make up for what is missing. Present: mean share of the "
        "meetings recorded to which a member came, and its bounds where it is not known who came.",
        lang,
    )
    return Grid.of(tr("Groups and their triptyque", lang), columns, rows, note=note).filled()


def _meetings(row: Mapping[str, Any], lang: str) -> str:
    """Return « 2, la dernière le 20 juin 2024 »."""
    if pd.isna(row["last_met"]):
        return tr("none recorded", lang)
    return trn(
        "{count}, on {day}",
        "{count}, the last on {day}",
        max(int(row["meetings"]), 1),
        lang,
        day=date_text(row["last_met"].date(), lang),
    )


def _between(low: str, high: str, lang: str) -> str:
    return tr("from {low} to {high}", lang, low=low, high=high)


def _attendance(row: Mapping[str, Any], lang: str) -> str:
    if not row["meetings"]:
        return ""
    if not known(row["share"]):
        return tr("unknown", lang)
    if row["low"] < row["high"]:
        bounds = _between(percent(row["low"], lang), percent(row["high"], lang), lang)
        return f"{percent(row['share'], lang)} ({bounds})"
    return percent(row["share"], lang)


def whom_to_ask_grid(f: Filiere, lang: str) -> Grid | None:
    """Return whom to ask first, and how much each answer would document."""
    first = cooperation.whom_to_ask(f, limit=MOST_ASKED)
    if first.empty:
        return None
    names, poles = f.actors["name"], f.actors["pole"]
    rows: Rows = [
        [
            Cell(str(names[actor]), strong=True),
            label(poles[actor], "pole", lang) if known(poles[actor]) else tr("Not stated", lang),
            number(int(row["documents"]), lang),
            number(int(row["cross_pole"]), lang),
            percent(row["cumulative"], lang),
        ]
        for actor, row in first.iterrows()
    ]
    columns = [
        Column(tr("To be met", lang), weight=2.4),
        Column(table("actors")["pole"].label(lang), weight=1.6),
        Column(tr("Pairs that would be documented", lang), numeric=True),
        Column(tr("Of these, between two colleges", lang), numeric=True),
        Column(tr("Documented by then", lang), numeric=True),
    ]
    note = tr("In this order: each adds most to those before. Two questions do: with whom do you work, and "
              "with whom not?", lang)  # fmt: skip
    return Grid.of(tr("Whom to ask first", lang), columns, rows, note=note)


def cohesion_grid(f: Filiere, lang: str) -> Grid | None:
    """Return the figures of the network as a whole, with what the unknown leaves open."""
    frame = cooperation.cohesion_table(f, lang=lang)
    frame = frame[frame["value"].notna()]
    if frame.empty:
        return None
    rows: Rows = []
    for row in frame.itertuples():
        bounds = ""
        if known(row.low) and known(row.high) and row.low < row.high:
            bounds = _between(number(row.low, lang, digits=2), number(row.high, lang, digits=2), lang)
        rows.append(
            [Cell(str(row.label), strong=True), number(row.value, lang, digits=2), bounds, str(row.note)]
        )
    columns = [
        Column(tr("What is measured", lang), weight=2),
        Column(tr("Known ties", lang), numeric=True),
        Column(tr("Whatever the unknown is", lang), numeric=True, weight=1.4),
        Column(tr("What to know", lang), weight=3),
    ]
    return Grid.of(tr("The network as a whole", lang), columns, rows).filled()
