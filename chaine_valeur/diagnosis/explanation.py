"""What a figure rests on: its rows in plain words, each with its place, its source and how firm it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from ..language import clauses, percent, tr, trn
from ..provenance import provenance
from ..schema import table
from ..text import fold
from ..vocabulary import label
from .wording import row_contents, text_of

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["EXPLANATION_COLUMNS", "Explanation", "column_titles", "explanation"]

EXPLANATION_COLUMNS = [
    "table", "identifier", "sheet", "row", "content", "year", "source", "source_year", "confidence",
    "hypothesis", "confidentiality", "note",
]  # fmt: skip
_YEARS = {"year": "Int64", "source_year": "Int64"}
_SHOWN, _SHOWN_HTML = 12, 200


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """The rows that an indicator or a finding rests on.

    Attributes
    ----------
    identifier, title
        What is explained.
    n_rows
        Number of rows that it rests on; `rows` may hold fewer if only some were asked for.
    hypothesis_share
        Share of the value, or of the rows, that rests on estimates or hypotheses.
    note
        What a reader must know.
    computation
        How an indicator is computed, in sentences: its formula, its terms, which rows they add up; none of a finding.
    """

    identifier: str
    title: str
    n_rows: int
    hypothesis_share: float
    note: str
    lang: str
    _rows: pd.DataFrame
    computation: tuple[str, ...] = ()

    @property
    def rows(self) -> pd.DataFrame:
        """One row per row of the tables: `EXPLANATION_COLUMNS`; ``row`` is numbered as Excel does."""
        return self._rows.copy(deep=False)

    @property
    def summary(self) -> str:
        """How many rows, and how much of the figure rests on hypotheses, in one sentence."""
        if not self.n_rows:
            return tr("Rests on no row.", self.lang)
        rows = trn("Rests on {count} row", "Rests on {count} rows", self.n_rows, self.lang)
        if self.hypothesis_share != self.hypothesis_share:
            return f"{rows}."
        share = percent(self.hypothesis_share, self.lang)
        return tr("{rows}; share of estimates and hypotheses: {share}.", self.lang, rows=rows, share=share)

    def __repr__(self) -> str:
        told = [*self.computation, self.summary, *([self.note] if self.note else [])]
        lines = [f"{self.identifier} · {self.title}", *told]
        for row in self._rows.head(_SHOWN).itertuples():
            firm = label(row.confidence, "confidence", self.lang)
            source = " · ".join(part for part in (row.source, text_of(row.source_year), firm) if part)
            where = tr("{sheet}, row\u00a0{row}", self.lang, sheet=row.sheet, row=row.row)
            lines.append(f"  {where} · {row.content}{f' [{source}]' if source else ''}")
        left = self.n_rows - min(len(self._rows), _SHOWN)
        if left > 0:
            lines.append("  " + trn("… and {count} other", "… and {count} others", left, self.lang))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        names = ("sheet", "row", "content", "year", "source", "confidence", "hypothesis")
        heads = column_titles(self.lang)
        head = "".join(f"<th style='text-align:left'>{escape(heads[name])}</th>" for name in names)
        shown = self._rows.head(_SHOWN_HTML)
        words = [label(value, "confidence", self.lang) for value in shown["confidence"]]
        cell = "<td style='text-align:left'>{}</td>"
        body = "".join(
            "<tr>" + "".join(cell.format(escape(text_of(row[name]))) for name in names) + "</tr>"
            for row in shown.assign(confidence=words).to_dict("records")
        )
        note = "".join(f"<p>{escape(text)}</p>" for text in (*self.computation, self.note) if text)
        return (
            f"<div><strong>{escape(self.title)}</strong><p>{escape(self.summary)}</p>{note}"
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def column_titles(lang: str) -> dict[str, str]:
    """Return what the columns of an explanation are called."""
    home = table("cell_sources")
    return {
        "table": tr("Table", lang),
        "identifier": tr("Identifier", lang),
        "sheet": tr("Sheet", lang),
        "row": tr("Row", lang),
        "content": tr("Content of the row", lang),
        "year": tr("Year", lang),
        "source": tr("Source", lang),
        "source_year": tr("Year of the source", lang),
        "confidence": home["confidence"].label(lang),
        "hypothesis": home["hypothesis"].label(lang),
        "confidentiality": home["confidentiality"].label(lang),
        "note": table("flows")["note"].label(lang),
    }


def explanation(
    f: Filiere,
    identifier: str,
    *,
    title: str,
    rows: Mapping[str, Iterable[str]],
    hypothesis_share: float,
    note: str,
    most: int | None,
    lang: str,
    computation: tuple[str, ...] = (),
) -> Explanation:
    """Return the explanation of a figure from the identifiers of the rows that it rests on."""
    parts, left, total = [], most, 0
    for name, identifiers in rows.items():
        index = f.table(name).index
        asked = [one for one in identifiers if one in index]
        total += len(asked)
        taken = asked if left is None else asked[: max(left, 0)]
        left = None if left is None else left - len(taken)
        if taken:
            parts.append(_told(f, name, taken, lang))
    empty = pd.DataFrame({name: pd.Series(dtype="object") for name in EXPLANATION_COLUMNS})
    frame = pd.concat(parts, ignore_index=True) if parts else empty.astype({"row": "int64"} | _YEARS)
    return Explanation(identifier, title, total, hypothesis_share, note, lang, frame, computation)


def _told(f: Filiere, name: str, identifiers: list[str], lang: str) -> pd.DataFrame:
    frame, places = f.table(name).loc[identifiers], f.where(name, identifiers)
    said = provenance(f, name).loc[identifiers]
    sources = f.sources.reindex(said["source_id"].to_numpy())
    titles = zip(sources["name"], said["source_id"], strict=True)
    cells = _cells(f, name, lang)
    unknown = pd.Series(pd.NA, index=frame.index, dtype="Int64")
    columns = {
        "table": name,
        "identifier": identifiers,
        "sheet": places["sheet"].to_numpy(),
        "row": places["row"].to_numpy(),
        "content": row_contents(f, name, identifiers, lang=lang),
        "year": frame.get("year", unknown).to_numpy(),
        "source": [text_of(title) or text_of(identifier) for title, identifier in titles],
        "source_year": sources["year"].to_numpy(),
        "confidence": [text_of(value) for value in said["confidence"]],
        "hypothesis": [
            clauses((text_of(value), *cells.get(one, ())), lang)
            for value, one in zip(said["hypothesis"], identifiers, strict=True)
        ],
        "confidentiality": [text_of(value) for value in said["confidentiality"]],
        "note": [text_of(value) for value in frame.get("note", unknown)],
    }
    return pd.DataFrame(columns, columns=EXPLANATION_COLUMNS).astype(_YEARS)


def _cells(f: Filiere, name: str, lang: str) -> dict[str, list[str]]:
    """Return, per row, what is said apart of one of its cells: « Quantité : INSEE 2009, estimé »."""
    home, said = table(name), f.cell_sources
    told: dict[str, list[str]] = {}
    headers = {
        fold(word): column for column in home for word in (column.name, column.label_fr, column.label_en)
    }
    names = f.sources["name"]
    for row in said[said["table"].map(fold).isin(home.spellings)].to_dict("records"):
        column = headers.get(fold(str(row["column"])))
        parts = [
            text_of(names.get(row["source_id"], row["source_id"])),
            label(row["confidence"], "confidence", lang),
            text_of(row["hypothesis"]),
        ]
        about = column.label(lang) if column else str(row["column"])
        text = tr("{label}: {text}", lang, label=about, text=", ".join(part for part in parts if part))
        told.setdefault(str(row["row_id"]), []).append(text)
    return told
