"""Everything that is wrong with the tables, one row each: what, how bad, where, and what to do.

A check finds, this module words. Adding a problem is adding a line to `CODES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from .errors import ValidationError
from .language import N_, tr, trn
from .schema import shorthands, tables

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "CODES",
    "PROBLEM_COLUMNS",
    "SEVERITIES",
    "Place",
    "Problems",
    "empty_problems",
    "has_errors",
    "raise_if_errors",
]

PROBLEM_COLUMNS = ["code", "severity", "table", "sheet", "row", "column", "value", "message"]
SEVERITIES = ("error", "warning", "notice")

#: code → (severity, sentence). An error makes a cell unknown or sets its row aside; a warning asks to
#: look; a notice tells what was done.
CODES: Mapping[str, tuple[str, str]] = {
    # cells that cannot be read: they become unknown
    "not_a_number": ("error", N_("“{value}” is not a number.")),
    "percentage": ("error", N_("“{value}” is a percentage: a quantity is asked for here.")),
    "not_an_integer": ("error", N_("“{value}” is not a whole number.")),
    "not_a_year": ("error", N_("“{value}” is not a year: write four digits, such as 2024.")),
    "not_a_date": ("error", N_("“{value}” is not a date: write it as 12/03/2024.")),
    "not_yes_or_no": ("error", N_("“{value}” is neither yes nor no.")),
    "unknown_term": ("error", N_("“{value}” is not in the list; choose among: {choices}.")),
    "below_minimum": ("error", N_("{value} is impossible here: the smallest value is {limit}. Correct it, or empty the cell if the figure is not known.")),
    "above_maximum": ("error", N_("{value} is impossible here: the largest value is {limit}. Correct it, or empty the cell if the figure is not known.")),
    "exits_above_all": (
        "error",
        N_("{value} is impossible for a share of exits: write 0.55 for fifty-five in a hundred. The cell counts as unknown."),
    ),
    "share_above_one": ("error", N_("{value} is impossible for a share: write 30% or 0.3.")),
    "siret_form": ("error", N_("“{value}” is not a SIRET: write its fourteen digits, as text, or empty the cell.")),
    "naf_form": ("error", N_("“{value}” is not a NAF code: it is written like 22.21Z.")),
    "rome_form": ("error", N_("“{value}” is not a ROME code: a letter and four digits, like K2304.")),
    "commune_form": ("error", N_("“{value}” is not a commune code: five characters, such as 76384, not the postcode.")),
    "excel_error": ("error", N_("“{value}” is what a formula leaves where it fails: correct it, or type the value.")),
    "unknown_source": ("error", N_("“{value}” is not in the Sources sheet; add it there.{close}")),
    "unknown_mention": ("error", N_("“{value}” is not in the {target} sheet: correct the name or add it there. The cell counts as unknown; the row stays.{close}")),
    "min_above_max": ("error", N_("The known minimum ({value}) is above the known maximum ({limit}): both are left out.")),
    # rows that cannot be placed: they are set aside
    "missing_required": ("error", N_("This cell must be filled; the row is set aside.")),
    "duplicate_id": ("error", N_("“{value}” already stands on row {other}; this row is set aside.")),
    "duplicate_row": ("error", N_("This row says again what row {other} says ({value}); it is set aside.")),
    "unknown_reference": ("error", N_("“{value}” is not in the {target} sheet: correct the name or add it there. The row is set aside.{close}")),
    "unknown_flow": ("error", N_("“{value}” is neither the identifier nor the row number of a flow of the {target} sheet: write one of them, or empty the cell. The row is set aside.{close}")),
    "ambiguous_reference": ("error", N_("“{value}” may be several rows of the {target} sheet: write the identifier ({close}); the row is set aside.")),
    "reference_set_aside": ("error", N_("“{value}” stands on a row that was set aside ({target}, row {other}), so this row is set aside too.")),
    "self_loop": ("error", N_("Both ends are the same activity ({value}); the row is set aside.")),
    "refers_to_itself": ("error", N_("“{value}” refers to itself here: the cell is left out.")),
    "self_tie": ("error", N_("An actor does not cooperate with itself ({value}); the row is set aside.")),
    "option_circle": ("error", N_("“{value}” waits for itself ({choices}): none of these options could ever begin. The row is set aside.")),
    "flow_without_ends": ("error", N_("A flow needs a start or an end; the row is set aside.")),
    "absent_flow": ("error", N_("A flow is written only where material passes: correct the kind of tie or its state; the row is set aside.")),
    "figures_without_stage": ("error", N_("The figures of “{value}” belong to no stage: say which under “{target}”; the actor stays, its figures are set aside.")),
    # sheets that cannot be read
    "missing_column": ("error", N_("The column “{value}” is missing: no row of this sheet can be used.")),
    "sheet_not_read": ("error", N_("Cells of this column that refer to the {target} sheet: {value}. It lacks a column, so none of them can be read, and what they say is left out: mend that sheet first.")),
    "no_headers": ("error", N_("No column was recognised here: a row of headers is needed, such as {choices}.")),
    # to look at
    "duplicate_siret": ("warning", N_("The SIRET {value} also stands on row {other}: fine for two activities of one establishment, otherwise correct it.")),
    "same_name": ("warning", N_("The name “{value}” also stands on row {other} under another identifier.")),
    "near_name": ("warning", N_("“{value}” differs from “{close}” (row {other}) by accents, case or spaces only: the same actor?")),
    "siret_checksum": ("warning", N_("The key of the SIRET {value} is wrong, so a digit was mistyped: look it up in the Annuaire des entreprises, or empty the cell.")),
    "eaten_zeros": ("warning", N_("A leading zero is missing in “{value}” (Excel eats them): read as {limit}.")),
    "thousands_or_decimals": ("warning", N_("“{value}” was read as {limit}: if {other} is meant, write {other}.")),
    "flow_skips_stage": ("warning", N_("This flow goes from “{source}” straight to “{target}”: declare the passage under Expected passages, or correct a stage.")),
    "flow_goes_back": ("warning", N_("This flow goes back from “{source}” to “{target}”: declare the return under Expected passages, or correct a stage.")),
    "stage_to_choose": ("warning", N_("“{value}” holds several stages ({choices}): say which one this flow concerns.")),
    "end_not_active": ("warning", N_("This flow counts in no tonnage, since an end is not active: {choices}. Correct the status of that actor if it is active; otherwise write the same status for the flow, under “{target}”.")),
    "double_declaration": ("warning", N_("Rows {other} speak of the same flow (same ends, material and year) and are added up: delete the one that is too many, or write in the column “{target}” of one of them (add the column if it is missing) the row number in the sheet, or the identifier, of the other.")),
    "duplicate_tie": ("warning", N_("“{value}” also stands on row {other}, for the same kind and years: the tie is counted once. Keep one of the two rows, or part their years.")),
    "tie_and_absence": ("warning", N_("“{value}” is said not to cooperate here, and to cooperate on row {other}, in the same years: the tie is counted, since one who says yes is believed. Correct one of the two rows, or part their years.")),
    "quantity_outside_bounds": ("warning", N_("The quantity ({value}) is not between the known minimum and maximum.")),
    "quantities_disagree": ("warning", N_("{value} t are written here, and the natural quantity gives {limit} t: the tonnes count; correct one of the two, or the factor of the material.")),
    "recipe_creates_matter": ("warning", N_("This process makes {value} t of every {limit} t that it takes: more than goes in, so it is left out of the balances. Correct a coefficient, or add the input that lacks (a binder, a resin, a reinforcement).")),
    "until_before_since": ("warning", N_("The end ({value}) comes before the beginning ({limit}).")),
    "part_above_whole": ("warning", N_("{value} FTE in insertion for {limit} jobs in all: the part is larger than the whole.")),
    "exits_above_whole": ("warning", N_("The exits of the kinds told are more than the exits in all: the parts are larger than the whole. No exit of this row is counted or shown: correct one of the figures.")),
    "says_too_little": ("warning", N_("“{value}” says too little to be worked out: fill “{target}”.")),
    "level_of_other_kind": ("warning", N_("The level “{value}” does not go with “{limit}”.")),
    "repeated_row": ("warning", N_("Row {value} repeats row {other} cell by cell, and both are added up: delete one of the two.")),
    "same_flow_differs": ("warning", N_("This row is linked to row {other} by “Same flow as”, but its ends, material or year are others.")),
    "differs_from_first": ("warning", N_("“{value}” is written here, “{close}” on row {other}: the latter was kept.")),
    "duplicate_header": ("warning", N_("Two columns are called “{value}”; the first one was read.")),
    "no_actors": ("warning", N_("No actor yet: fill the {target} sheet, one actor a row.")),
    "actor_called_total": ("warning", N_("“{value}” is an actor here: if this row adds up others, delete it, or its figures count twice; if it is an organisation, write its name in full.")),
    "total_row": ("warning", N_("“{value}” seems to be a total of other rows: it was not read. If it is an organisation, write its name in full.")),
    # what was done
    "approximate_date": ("notice", N_("“{value}” read as {limit}.")),
    "year_in_header": ("warning", N_("“{value}” was read as “{limit}”; the year of its header was not: write {other} on each row, under “{target}”.")),
    "inexact_reference": ("notice", N_("“{value}” read as “{close}”.")),
    "tie_both_ways": ("notice", N_("“{value}” stands the other way round on row {other}, and this kind of tie has no direction: it is counted once.")),
    "tie_rated_by_both": ("notice", N_("“{value}” stands the other way round on row {other}: the tie is counted once, and the scores that both actors gave are used.")),
    "unknown_column": ("notice", N_("The column “{value}” is not known, and nothing is computed from it: it stands in the tables and exports of the internal version, not in a version for an audience.{close}")),
    "unknown_sheet": ("notice", N_("The sheet “{value}” is not known: it was not read. Rename it if it holds one of the tables.{close}")),
    "unknown_file": ("notice", N_("The file “{value}” is not known: it was not read.{close}")),
    "not_for_this_kind": ("notice", N_("The column “{value}” says nothing of a tie of this kind: nothing is computed from what stands there. It is in the tables and exports of the internal version, not in a version for an audience.")),
    "contact_column": ("notice", N_("The column “{value}” holds contact details: it was left out.")),
    "no_expected_chain": ("notice", N_("No expected chain: fill the Stages and Expected passages sheets to see what is missing.")),
    "created_from_use": ("notice", N_("“{value}” was added to the {target} sheet, since it is used here.")),
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where the rows of a table stand: sheet and row of each, and the header that each column has there.

    ``by_sheet`` gives the headers of a sheet where several sheets hold one table, ``moved`` the row of the cells,
    by sheet, row and column, that stand on another row than the rest of theirs.
    """

    table: str
    sheets: pd.Series
    rows: pd.Series
    headers: Mapping[str, str] = field(default_factory=dict)
    by_sheet: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    moved: Mapping[tuple[str, int, str], int] = field(default_factory=dict)

    @cached_property
    def stands(self) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
        """Sheet and row of each row, for asking one after another."""
        return self.sheets.to_numpy(object), self.rows.to_numpy()

    def header(self, position: int, column: str) -> str:
        """Return how a column is called on the sheet that holds a row."""
        headers = self.by_sheet.get(self.stands[0][position], self.headers) if self.by_sheet else self.headers
        return headers.get(column, self.headers.get(column, column))

    def row(self, position: int, column: str) -> int:
        """Return the row that a cell stands on."""
        sheet, row = self.stands[0][position], int(self.stands[1][position])
        return self.moved.get((sheet, row, column), row) if self.moved else row


@dataclass
class Problems:
    """Collects problems; `frame` words them all at once. ``codes`` are those that may be found, as in `CODES`."""

    lang: str = "fr"
    _rows: list[dict[str, Any]] = field(default_factory=list)
    codes: Mapping[str, tuple[str, str]] = field(default_factory=lambda: CODES, repr=False)

    def add(
        self,
        code: str,
        *,
        table: str = "",
        sheet: str = "",
        row: int | None = None,
        column: str = "",
        value: object = "",
        **fields: object,
    ) -> dict[str, Any]:
        """Record one problem; further `fields` fill its sentence."""
        severity, message = self.codes[code]
        found = {
            "code": code,
            "severity": severity,
            "table": table,
            "sheet": sheet,
            "row": row,
            "column": column,
            "value": shown(value),
            "message": tr(message, self.lang, value=shown(value), **fields),
        }
        self._rows.append(found)
        return found

    def at(
        self, place: Place, position: int, code: str, column: str = "", **fields: object
    ) -> dict[str, Any]:
        """Record a problem of the row at a position of a table."""
        return self.add(
            code,
            table=place.table,
            sheet=place.stands[0][position],
            row=place.row(position, column),
            column=place.header(position, column),
            **fields,
        )

    @staticmethod
    def tell_more(found: dict[str, Any], *sentences: str) -> None:
        """Add sentences to one that was recorded: what to write, what the cell counts as."""
        found["message"] = " ".join([found["message"], *filter(None, sentences)])

    def close_hint(self, names: Iterable[str]) -> str:
        """Return « Vouliez-vous dire … ? » or an empty text."""
        listed = " / ".join(names)
        return " " + tr("Did you mean: {names}?", self.lang, names=listed) if listed else ""

    def tell_drags(self, sentences: Mapping[tuple[str, int], str]) -> None:
        """Add to the first error of each (table, row) the sentence that says what it drags along."""
        left = dict(sentences)
        for found in self._rows:
            if found["severity"] == "error" and (found["table"], found["row"]) in left:
                found["message"] += left.pop((found["table"], found["row"]))

    def frame(self) -> pd.DataFrame:
        """Return the problems, worst first, then in the order of the workbook."""
        if not self._rows:
            return empty_problems()
        order = {name: place for place, name in enumerate([*shorthands(), *tables()])}
        sheets: dict[str, int] = {}
        for found in self._rows:
            here = order.get(found["table"], -1)
            sheets[found["sheet"]] = min(sheets.get(found["sheet"], here), here)

        def place_of(found: dict[str, Any]) -> tuple[int, int, str, int]:
            sheet, row = found["sheet"], -1 if found["row"] is None else found["row"]
            return SEVERITIES.index(found["severity"]), sheets[sheet], sheet, row

        rows = sorted(self._rows, key=place_of)
        columns = {
            name: pd.array([found[name] for found in rows], dtype="Int64" if name == "row" else "str")
            for name in PROBLEM_COLUMNS
        }
        return pd.DataFrame(columns)


def shown(value: object) -> str:
    """Return a cell as its author would recognise it, shortened where it is long."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else text[:119] + "…"


def empty_problems() -> pd.DataFrame:
    """Return a frame of problems without rows."""
    return _no_problems().copy()


@cache
def _no_problems() -> pd.DataFrame:
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in PROBLEM_COLUMNS})
    return frame.astype({"row": "Int64"})


def has_errors(problems: pd.DataFrame) -> bool:
    """Return whether something was found that makes a cell unknown or sets a row aside."""
    return bool((problems["severity"] == "error").any())


def raise_if_errors(problems: pd.DataFrame, *, lang: str = "fr", most: int = 10) -> None:
    """Raise `ValidationError` naming the first `most` errors, if there is any."""
    if not has_errors(problems):
        return
    errors = problems[problems["severity"] == "error"]
    head = trn("{count} error in the data:", "{count} errors in the data:", len(errors), lang)
    lines = [
        "- " + " · ".join(part for part in (_where(row, lang), str(row.message)) if part)
        for row in errors.head(most).itertuples()
    ]
    if len(errors) > most:
        lines.append(trn("… and {count} other", "… and {count} others", len(errors) - most, lang))
    advice = tr("All of them are in the `problems` of this error; strict=False sets the rows aside.", lang)
    raise ValidationError("\n".join([head, *lines, advice]), problems)


def _where(row: Any, lang: str) -> str:
    if row.row is pd.NA:
        return str(row.sheet)
    if row.column:
        return tr("{sheet}, row\u00a0{row}, {column}", lang, sheet=row.sheet, row=row.row, column=row.column)
    return tr("{sheet}, row\u00a0{row}", lang, sheet=row.sheet, row=row.row)
