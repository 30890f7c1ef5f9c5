"""Filières of every shape for the round trips, and workbooks as people leave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from hypothesis import strategies as st

from chaine_valeur.filiere import Filiere

#: What travels through every file as plain text.
NASTY = [
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "@SUM(1;2)",
    "+33",
    "-5",
    "'=already guarded",
    "007",
    "1e5",
    "true",
    "2024-03-12",
    "a;b",
    'say "so"',
    "two\nlines",
    "comma, then",
    "tab\there",
    "_x0041_",
    "http://exemple.fr",
    "Étoupe d’œillette ½",
    "\u202fnarrow\u00a0",
    "日本語",
    "#REF",
    "NC",
]

texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=12))
names = st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=12))
numbers = st.one_of(st.none(), st.floats(0, 1e12, allow_nan=False), st.integers(0, 10**6))
years = st.one_of(st.none(), st.integers(1900, 2100))
days = st.one_of(st.none(), st.datetimes(datetime(1850, 1, 1), datetime(2100, 1, 1)))
flags = st.one_of(st.none(), st.booleans())

#: Names of columns of one's own that look like those of the model, of a reader or of a writer.
OWN_NAMES = ["Surface", "Ville", "Nom", "Emplois (ETP)", "Maillons", "order", "table", "_id", "row", "sheet",
             "reason", "Note (2)", "Quantité (t/an)", "Nom [hors modèle]", "Colonne A", " x ", "=1+1", "2024",
             "Source", "directed", "Membre", "x" * 200]  # fmt: skip
own_columns = st.one_of(
    *(st.tuples(st.sampled_from(OWN_NAMES), st.just(kind)) for kind in (
        st.one_of(st.none(), st.floats(-1e9, 1e9)), st.one_of(st.none(), st.integers(-(10**6), 10**6)), flags, days,
        st.one_of(st.none(), texts), st.one_of(st.none(), texts, st.integers(0, 9), st.booleans()), st.none(),
    ))
)  # fmt: skip


def _column(draw: Any, cells: st.SearchStrategy[Any], length: int) -> list[Any]:
    return draw(st.lists(cells, min_size=length, max_size=length))


@st.composite
def filieres(draw: st.DrawFn) -> Filiere:
    """A filière as it comes out of the checks: whatever was wrong with its rows is set aside."""
    actors = draw(st.lists(names, min_size=1, max_size=4))
    count = len(actors)
    someone = st.sampled_from(actors)
    end = st.one_of(st.none(), someone)
    frames: dict[str, Any] = {
        "actors": {
            "name": actors,
            "roles": _column(draw, st.sampled_from([None, "buyer", "buyer;expert"]), count),
            "pole": _column(draw, st.sampled_from([None, "ess", "elected"]), count),
            "structure_kind": _column(draw, st.sampled_from([None, "ACI", "company"]), count),
            "siret": _column(draw, st.sampled_from([None, "73282932000074", "01234567890128"]), count),
            "commune_code": _column(draw, st.sampled_from([None, "01001", "2A004"]), count),
            "latitude": _column(draw, st.one_of(st.none(), st.floats(-90, 90)), count),
            "surveyed_on": _column(draw, days, count),
            "natural_person": _column(draw, flags, count),
            "since": _column(draw, years, count),
            "note": _column(draw, st.one_of(st.none(), texts), count),
            "source_id": _column(draw, st.sampled_from([None, "rapport", "Rapport"]), count),
        },
        "sources": {"name": ["Rapport"], "url": ["=HYPERLINK(1)"]},
    }
    own, cells = draw(own_columns)
    frames["actors"][own] = _column(draw, cells, count)
    if flows := draw(st.lists(st.tuples(end, end, numbers, years, st.floats(0, 1), flags), max_size=4)):
        columns = ["source", "target", "quantity_t_per_year", "year", "share", "Surface"]
        frames["flows"] = pd.DataFrame(flows, columns=columns, dtype=object)
    if ties := draw(
        st.lists(st.tuples(someone, someone, st.sampled_from([None, "support", "research"])), max_size=4)
    ):
        frames["cooperations"] = pd.DataFrame(ties, columns=["actor_id", "to_actor_id", "kind"], dtype=object)
    if groups := draw(st.lists(names, max_size=2)):
        frames["groups"] = {"name": groups}
        rows = draw(st.lists(st.tuples(st.sampled_from(groups), someone), max_size=4))
        frames["memberships"] = pd.DataFrame(rows, columns=["group_id", "actor_id"], dtype=object)
        meetings = draw(st.lists(st.tuples(st.sampled_from(groups), days, end, flags), max_size=3))
        frames["meetings"] = pd.DataFrame(
            meetings, columns=["group_id", "met_on", "actor_id", "attended"], dtype=object
        )
    if stages := draw(st.lists(names, max_size=3)):
        frames["stages"] = {"name": stages, "rank": _column(draw, st.integers(0, 2**53 - 1), len(stages)),
                            "naf": _column(draw, st.sampled_from([None, "22.21Z; 38.32Z"]), len(stages))}  # fmt: skip
    return Filiere.from_tables(strict=False, **{name: frame for name, frame in frames.items() if len(frame)})


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """Write sheets of cells with another library than ours; return the path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path


def told(f: Filiere, *codes: str) -> list[tuple[Any, ...]]:
    """Return (code, sheet, row, column, value) of the problems, of some codes if any are given."""
    rows = f.problems[f.problems["code"].isin(codes)] if codes else f.problems
    columns = ["code", "sheet", "row", "column", "value"]
    return [
        tuple(None if cell is pd.NA else cell for cell in row)
        for row in rows[columns].astype(object).to_numpy().tolist()
    ]
