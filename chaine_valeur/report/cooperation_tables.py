"""The tables of the section on cooperation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..analysis import cooperation
from ..diagnosis.telling import sentence_of
from ..diagnosis.wording import known, text_of
from ..language import date_text, enumeration, number, out_of, percent, tr, trn
from ..schema import table
from ..vocabulary import Pole, label
from .blocks import Cell, Column, Grid, Rows

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = [
    "ALWAYS",
    "cohesion_grid",
    "coverage_grid",
    "first_pairs_grid",
    "meetings_grid",
    "remains_grid",
    "seats_grid",
    "whom_to_ask_grid",
]

#: Answers are counted, never a percentage, however many were asked.
ALWAYS = 10**9
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
            out_of(int(row.asked), int(row.partners), lang, small=ALWAYS),
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
        shown = percent if measure == "density" else number
        # a share is told of what is counted, and where more is more: not of a share, nor of sets apart
        remains = measure not in ("density", "components")
        bounded = remains and known(row["low"]) and known(row["high"]) and row["low"] < row["high"]
        rows.append(
            [
                Cell(str(row["label"]), strong=True),
                shown(row["with_actor"], lang),
                shown(row["without_actor"], lang),
                percent(row["remains"], lang) if remains else "",
                _between(percent(row["low"], lang), percent(row["high"], lang), lang) if bounded else "",
            ]
        )
    columns = [
        Column(tr("What is counted", lang), weight=2.6),
        Column(tr("With it", lang), numeric=True),
        Column(tr("Without it", lang), numeric=True),
        Column(tr("Remains", lang), numeric=True),
        Column(tr("Depending on what is unknown", lang), numeric=True, weight=1.6),
    ]
    name = str(f.actors["name"].get(actor, actor))
    note = tr(
        "Known ties. What the others could take over, link by link, while the animation lasts.",
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
        first, other = (
            tr("{actor} ({pole})", lang, actor=names[actor], pole=label(pole, "pole", lang))
            for actor, pole in ((row.actor_id, row.pole), (row.to_actor_id, row.to_pole))
        )
        rows.append(
            [
                Cell(first, strong=True),
                other,
                number(int(row.closes), lang),
                enumeration([str(names.get(one, one)) for one in by], lang, limit=3),
                tr("do not cooperate yet", lang) if row.documented else tr("to be asked first", lang),
            ]
        )
    columns = [
        Column(tr("Actor", lang), weight=2),
        Column(tr("With", lang), weight=2),
        Column(tr("Triptyques it would close", lang), numeric=True, weight=0.8),
        Column(tr("Could introduce them", lang), weight=1.8),
        Column(tr("What is known", lang), weight=1.1),
    ]
    note = tr("No actor stands there twice: all of them can begin at once.", lang) if len(pairs) > 1 else ""
    return Grid.of(tr("The first pairs to bring together", lang), columns, rows, note=note)


def _each_once(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the first pairs that name nobody twice: as many actors as possible may begin at once."""
    seen: set[str] = set()
    kept: list[int] = []
    for place, ends in enumerate(zip(pairs["actor_id"], pairs["to_actor_id"], strict=True)):  # a few dozens
        if len(kept) < MOST_PAIRS and not seen & set(ends):
            kept.append(place)
            seen |= set(ends)
    return pairs.iloc[kept]


def seats_grid(f: Filiere, lang: str) -> Grid:
    """Return who sits in each group by college, and whether the triptyque does."""
    triptyque = [Pole.ENTERPRISE, Pole.ELECTED, Pole.ESS]
    frame = cooperation.bodies_table(f, lang=lang)
    rows: Rows = []
    for row in frame.head(MOST_BODIES).to_dict("records"):
        seats = [*(row[pole.value] for pole in triptyque), row["other_poles"]]
        stated = row["members"] > 0  # nobody is stated to sit there: that is not a group without anybody
        rows.append(
            [
                Cell(str(row["label"]), strong=True),
                number(int(row["members"]), lang) if stated else tr("unknown", lang),
                *(number(int(count), lang) if stated else "" for count in seats),
                number(int(row["without_pole"]), lang) if row["without_pole"] else "",
                _coverage(row, [pole.label(lang) for pole in triptyque if not row[pole.value]], lang),
            ]
        )
    columns = [
        Column(table("groups")["name"].label(lang), weight=2.4),
        Column(tr("Members", lang), numeric=True, weight=0.7),
        Column(tr("Enterprises", lang), numeric=True, weight=0.7),
        Column(tr("Elected", lang), numeric=True, weight=0.7),
        Column(tr("ESS", lang), numeric=True, weight=0.7),
        Column(tr("Others", lang), numeric=True, weight=0.7),
        Column(tr("College unknown", lang), numeric=True, weight=0.7),
        Column(tr("Triptyque", lang), weight=2),
    ]
    note = ""
    if (frame["members"] > 0).any():
        note = tr(
            "Seats by college. A triptyque holds at least one enterprise, one elected official and one actor of "
            "the social economy; members of unknown college may make up for what is missing.",
            lang,
        )
    title = tr("Groups and their triptyque", lang)
    return Grid.of(title, columns, rows, note=f"{note}{_beyond(len(frame), lang)}".strip()).filled()


def _coverage(row: Mapping[str, Any], missing: list[str], lang: str) -> str:
    """Return whether the triptyque sits in a group."""
    if not row["members"]:
        return tr("members to be stated", lang)
    if not known(row["covered"]):
        return tr("cannot be told", lang)
    if row["covered"]:
        return tr("complete", lang)
    return tr("missing: {poles}", lang, poles=", ".join(missing))


def meetings_grid(f: Filiere, lang: str) -> Grid | None:
    """Return who leads each group, when it met and who comes; nothing where none of it is stated."""
    frame = cooperation.bodies_table(f, lang=lang)
    met = bool((frame["meetings"] > 0).any() or frame["last_met"].notna().any())
    led = bool(frame["referent_label"].notna().any())
    if not met and not led:
        return None
    rows: Rows = [
        [
            Cell(str(row["label"]), strong=True),
            text_of(row["referent_label"]) or (tr("to be named, or to be stated", lang) if led else ""),
            _meetings(row, lang) if met else "",
            _attendance(row, lang) if met else "",
        ]
        for row in frame.head(MOST_BODIES).to_dict("records")
    ]
    home = table("groups")
    columns = [
        Column(home["name"].label(lang), weight=1.6),
        Column(home["referent_id"].label(lang), weight=1.6),
        Column(tr("Meetings", lang), weight=1.3),
        Column(tr("Present", lang), numeric=True),
    ]
    note = ""
    if any(row[-1] for row in rows):
        note = tr(
            "Present: mean share of the meetings recorded to which a member came, and its bounds where it is "
            "not known who came.",
            lang,
        )
    title = (
        tr("Who leads the groups, when they meet, who comes", lang)
        if met
        else tr("Who leads the groups", lang)
    )
    return Grid.of(title, columns, rows, note=f"{note}{_beyond(len(frame), lang)}".strip()).filled()


def _beyond(groups: int, lang: str) -> str:
    """Return how many groups a table leaves out; empty if it holds all."""
    if groups <= MOST_BODIES:
        return ""
    return " " + trn(
        "{count} other is in the workbook “tables.xlsx”.",
        "{count} others are in the workbook “tables.xlsx”.",
        groups - MOST_BODIES,
        lang,
    )


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


def whom_to_ask_grid(f: Filiere, lang: str) -> tuple[Grid | None, float]:
    """Return whom to ask first, and which share of the pairs their answers would document together."""
    first = cooperation.whom_to_ask(f, limit=MOST_ASKED)
    if first.empty:
        return None, float("nan")
    names, poles = f.actors["name"], f.actors["pole"]
    telling = bool(first["cross_pole"].any())  # of the triptyque, first of all
    rows: Rows = [
        [
            Cell(str(names[actor]), strong=True),
            label(poles[actor], "pole", lang) if known(poles[actor]) else tr("Not stated", lang),
            number(int(row["documents"]), lang),
            number(int(row["cross_pole"]), lang) if telling else "",
            percent(row["cumulative"], lang),
        ]
        for actor, row in first.iterrows()
    ]
    columns = [
        Column(tr("To be met", lang), weight=2.4),
        Column(table("actors")["pole"].label(lang), weight=1.6),
        Column(tr("Pairs that would be documented", lang), numeric=True),
        Column(tr("Of these, between colleges of the triptyque", lang), numeric=True),
        Column(tr("Share documented after it", lang), numeric=True),
    ]
    note = tr("Two questions do: with whom do you work, and with whom not?", lang)
    if len(rows) > 1:
        order = tr("In this order: each adds most to those before.", lang)
        if telling:
            order = tr("First those whose answer tells most of the triptyque, then those who add most.", lang)
        note = f"{order} {note}"
    grid = Grid.of(tr("Whom to ask first", lang), columns, rows, note=note).filled()
    return grid, float(first["cumulative"].iloc[-1])


#: Figures of the network that are counted: they bear no decimals.
_COUNTED = {"ties", "components", "largest_component", "diameter"}


def cohesion_grid(f: Filiere, lang: str) -> Grid | None:
    """Return the figures of the network as a whole, with what the unknown leaves open."""
    frame = cooperation.cohesion_table(f, lang=lang)
    frame = frame[frame["value"].notna()]
    if frame.empty:
        return None
    common = str(frame["note"].mode().iloc[0])  # said once, below
    rows: Rows = []
    for figure, row in frame.iterrows():
        digits = None if figure in _COUNTED else 2
        low, high = (number(row[bound], lang, digits=digits) for bound in ("low", "high"))
        bounded = known(row["low"]) and known(row["high"]) and low != high
        rows.append(
            [
                Cell(str(row["label"]), strong=True),
                number(row["value"], lang, digits=digits),
                _between(low, high, lang) if bounded else "",
                "" if row["note"] == common else str(row["note"]),
            ]
        )
    columns = [
        Column(tr("What is measured", lang), weight=2),
        Column(tr("Known ties", lang), numeric=True),
        Column(tr("Depending on what is unknown", lang), numeric=True, weight=1.4),
        Column(tr("What to know", lang), weight=2),
    ]
    note = sentence_of(common) if common else ""
    return Grid.of(tr("The network as a whole", lang), columns, rows, note=note).filled()
