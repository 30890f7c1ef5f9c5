"""A workbook of every table behind the report: typed cells, frozen heads, filters, never a formula."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..analysis.findings import FINDING_COLUMNS
from ..analysis.insertion import agreements_shown, publics_rows_shown
from ..diagnosis.explanation import EXPLANATION_COLUMNS, column_titles
from ..diagnosis.result import INDICATOR_COLUMNS
from ..diagnosis.showing import PRIORITY_NAMES
from ..diagnosis.wording import known
from ..io.sheets import shown_cell
from ..language import N_, tr
from ..problems import PROBLEM_COLUMNS
from ..schema import Column, Table, reference_targets, table, tables, unit_label
from ..vocabulary import label, labels
from .flow_tables import flow_tables
from .insertion_sheets import insertion_sheets
from .named import Names
from .opening import scope_text
from .quality import aside_rows, severity_name
from .redacted import CARRYING, redacted_sheets
from .sheets import Sheet, save_sheets

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis

__all__ = ["save_xlsx"]

#: Tables that count people → the table without those of so few people that one could be known.
_FEW = {"agreements": agreements_shown, "publics": publics_rows_shown}
#: Beyond so many rows the explanations stop, and say so: the tables themselves are whole.
MOST_EXPLAINED = 20_000


def save_xlsx(diagnosis: Diagnosis, path: Path) -> Path:
    """Write the workbook of a diagnostic (persons already masked)."""
    lang = diagnosis.lang
    sheets = [
        _indicators(diagnosis),
        _findings(diagnosis),
        *_flow_sheets(diagnosis),
        *insertion_sheets(diagnosis.filiere, lang=lang),
        _explanations(diagnosis),
        _problems(diagnosis),
        _aside(diagnosis),
        *redacted_sheets(diagnosis),
        *(_table(diagnosis, tables()[name]) for name in diagnosis.filiere),
    ]
    name = diagnosis.filiere.name or tr("Filière without a name", lang)
    return save_sheets(sheets, path, title=name, about=tr("Every table behind the report.", lang), lang=lang)


# -- what stands on the sheets ------------------------------------------------------------------------


def _indicators(diagnosis: Diagnosis) -> Sheet:
    lang = diagnosis.lang
    titles = {
        "indicator_id": tr("Reference", lang), "name": tr("Indicator", lang), "scope": tr("Perimeter", lang),
        "value": tr("Value", lang), "low": tr("Low bound", lang), "high": tr("High bound", lang),
        "unit": tr("Unit", lang), "numerator": tr("Numerator", lang), "denominator": tr("Denominator", lang),
        "n_rows": tr("Rows", lang), "n_unknown": tr("Unknown", lang),
        "hypothesis_share": tr("Estimates and hypotheses", lang), "note": tr("To know", lang),
    }  # fmt: skip
    kinds = dict.fromkeys(("value", "low", "high", "numerator", "denominator"), "number")
    kinds |= {"n_rows": "integer", "n_unknown": "integer", "hypothesis_share": "share", "note": "long"}
    heads = [(titles[name], kinds.get(name, "text")) for name in INDICATOR_COLUMNS]
    frame = diagnosis.indicators
    frame["scope"] = [scope_text(value, lang) for value in frame["scope"]]
    frame["unit"] = [unit_label(value, lang) for value in frame["unit"]]
    about = tr("The figures of the report: NaN, shown as an empty cell, is unknown.", lang)
    return Sheet(tr("Indicators", lang), about, heads, frame.itertuples(index=False))


_FINDING_TITLES = {
    "finding_id": N_("Identifier"), "kind": N_("Kind"), "severity": N_("Priority"), "stage_id": N_("Stage"),
    "to_stage_id": N_("To stage"), "actor_id": N_("Actor"), "to_actor_id": N_("To actor"),
    "group_id": N_("Group"), "material_id": N_("Material"), "year": N_("Year"), "quantity": N_("Quantity"),
    "unit": N_("Unit"), "jobs_at_stake_fte": N_("Insertion jobs at stake (FTE)"), "message": N_("Finding"),
    "n_rows": N_("Rows"), "n_unknown": N_("Unknown"), "hypothesis_share": N_("Estimates and hypotheses"),
}  # fmt: skip
_FINDING_TARGETS = {
    "stage_id": "stages", "to_stage_id": "stages", "actor_id": "actors", "to_actor_id": "actors",
    "group_id": "groups", "material_id": "materials",
}  # fmt: skip


def _findings(diagnosis: Diagnosis) -> Sheet:
    lang = diagnosis.lang
    kinds = {"quantity": "number", "jobs_at_stake_fte": "number", "hypothesis_share": "share",
             "year": "year", "n_rows": "integer", "n_unknown": "integer", "message": "long"}  # fmt: skip
    order = list(dict.fromkeys(["severity", "message", *FINDING_COLUMNS]))
    order.remove("finding_id")  # what one joins by stands last
    found = diagnosis.findings
    frame = found[order].astype(object)
    kind_names = labels("finding_kind", lang)
    frame["kind"] = [kind_names.get(value, value) for value in frame["kind"]]
    frame["severity"] = [tr(PRIORITY_NAMES[value], lang) for value in frame["severity"]]
    frame["unit"] = [unit_label(value, lang) if known(value) else "" for value in frame["unit"]]
    heads = [(tr(_FINDING_TITLES[name], lang), kinds.get(name, "text")) for name in order]
    names = Names(diagnosis.filiere, lang)
    for name, target in _FINDING_TARGETS.items():
        frame[name] = names.of(target, frame[name], head=tr(_FINDING_TITLES[name], lang))
    heads += [(tr(_FINDING_TITLES["finding_id"], lang), "text"), *names.heads]
    columns = [*(frame[name].tolist() for name in order), found["finding_id"].tolist(), *names.columns]
    about = tr("The findings, by priority.", lang)
    return Sheet(tr("Findings", lang), about, heads, list(zip(*columns, strict=True)))


def _flow_sheets(diagnosis: Diagnosis) -> list[Sheet]:
    whole = not diagnosis.lacks(*CARRYING)
    tables_ = flow_tables(diagnosis.filiere, whole=whole, lang=diagnosis.lang)
    return [Sheet(one.name, one.about, one.heads, one.rows) for one in tables_]


def _explanations(diagnosis: Diagnosis) -> Sheet:
    lang = diagnosis.lang
    titles = column_titles(lang)
    kinds = {"row": "integer", "year": "year", "source_year": "year", "content": "long", "hypothesis": "long",
             "note": "long"}  # fmt: skip
    heads = [(tr("Figure or finding", lang), "text"), (tr("What it says", lang), "long")]
    heads += [(titles[name], kinds.get(name, "text")) for name in EXPLANATION_COLUMNS]
    rows: list[list[Any]] = []
    for identifier in [*diagnosis.measured, *diagnosis.found]:
        told = diagnosis.explain(identifier, most=MOST_EXPLAINED - len(rows))
        for row in told.rows.to_dict("records"):
            row["table"] = table(row["table"]).label(lang)
            row["confidence"] = label(row["confidence"] or None, "confidence", lang)
            row["confidentiality"] = label(row["confidentiality"] or None, "confidentiality", lang)
            rows.append([identifier, told.title, *(row[name] for name in EXPLANATION_COLUMNS)])
        if len(rows) >= MOST_EXPLAINED:
            break
    about = tr("The rows that each figure and each finding rests on, with their sources.", lang)
    if len(rows) >= MOST_EXPLAINED:
        about += " " + tr("Only the first ones: there are too many for a sheet that one reads.", lang)
    return Sheet(tr("Provenance", lang), about, heads, rows)


def _problems(diagnosis: Diagnosis) -> Sheet:
    lang = diagnosis.lang
    titles = {"code": tr("Code", lang), "severity": tr("Severity", lang), "table": tr("Table", lang),
              "sheet": tr("Sheet", lang), "row": tr("Row", lang), "column": tr("Column", lang),
              "value": tr("Value found", lang),
              "message": tr("What was found, and what to do", lang)}  # fmt: skip
    frame = diagnosis.filiere.problems
    frame["severity"] = [severity_name(value, lang) for value in frame["severity"]]
    frame["table"] = [table(value).label(lang) if known(value) else None for value in frame["table"]]
    order = [*(name for name in PROBLEM_COLUMNS if name != "code"), "code"]
    kinds = {"row": "integer", "message": "long"}
    heads = [(titles[name], kinds.get(name, "text")) for name in order]
    about = tr("Everything that was found while reading the workbook.", lang)
    return Sheet(tr("Problems", lang), about, heads, frame[order].itertuples(index=False))


def _aside(diagnosis: Diagnosis) -> Sheet:
    lang = diagnosis.lang
    rows = [
        [
            row["table"],
            row["sheet"],
            int(row["row"]) if row["row"].isdigit() else None,
            row["reason"],
            row["content"],
        ]
        for row in aside_rows(diagnosis.filiere, lang=lang)
    ]
    heads = [(tr("Table", lang), "text"), (tr("Sheet", lang), "text"), (tr("Row", lang), "integer"),
             (tr("Reason", lang), "text"), (tr("Content of the row", lang), "long")]  # fmt: skip
    about = tr("The rows that could not be used, as they were written.", lang)
    return Sheet(tr("Set aside", lang), about, heads, rows)


def _table(diagnosis: Diagnosis, home: Table) -> Sheet:
    """Return a table of the filière: labels for terms, names for references, further columns, identifiers last."""
    f, lang = diagnosis.filiere, diagnosis.lang
    frame = _FEW[home.name](f) if home.name in _FEW else f.table(home.name)
    frame = frame.reset_index()
    heads, columns, notes = [], [], {}
    internal = {column.name for column in home if column.internal}
    names = Names(f, lang)
    shown = [name for name in frame.columns if name not in internal and name != home.key]
    shown += [home.key] if home.key in frame.columns else []
    for place, name in enumerate(shown):
        column = home.columns.get(name)
        heads.append((str(name) if column is None else column.header(lang), _kind(column)))
        if column is not None:
            notes[place] = column.meaning(lang)
        values = [shown_cell(value, column, lang) for value in frame[name].astype(object)]
        target = None if column is None else reference_targets(column)
        if column is not None and target is not None:
            values = names.of(target[0], values, head=column.label(lang))
        columns.append(values)
    heads, columns = [*heads, *names.heads], [*columns, *names.columns]
    about = home.meaning(lang)
    if internal:
        about += " " + tr("The scores that actors give one another are internal: they are left out.", lang)
    return Sheet(home.label(lang), about, heads, list(zip(*columns, strict=True)), notes)


def _kind(column: Column | None) -> str:
    if column is not None and column.type in ("number", "share", "integer", "year", "date"):
        return column.type
    return "long" if column is not None and column.name in ("note", "hypothesis", "text") else "text"
