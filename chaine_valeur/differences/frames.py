"""The tables of a comparison: perimeters, indicators, findings, rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..language import N_, clauses, number, percent, tr
from ..provenance import soft_row_share
from ..redaction import VERSIONS
from ..schema import table, tables
from .pairing import paired

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas.api.extensions import ExtensionArray

    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["ABOUT", "findings_frame", "indicators_frame", "members", "perimeter_frame", "tables_frame"]

#: Changes of an indicator under this share of its size are rounding errors.
ROUNDING = 1e-9
_PERIMETER = {"subject": "str", "label": "str", "before": "str", "after": "str", "differs": "bool"}
_INDICATORS = {
    "indicator_id": "str", "name": "str", "scope": "str", "unit": "str", "before": "float64", "after": "float64",
    "delta": "float64", "relative": "float64", "change": "str", "apart": "boolean",
    "unknown_before": "Int64", "unknown_after": "Int64",
    "hypothesis_before": "float64", "hypothesis_after": "float64",
}  # fmt: skip
#: What a finding is about, for its name.
ABOUT = ("stage_id", "to_stage_id", "actor_id", "to_actor_id", "group_id", "material_id")
_FINDINGS = {
    "finding_id": "str", "kind": "str", "change": "str", "severity_before": "str", "severity_after": "str",
    "quantity_before": "float64", "quantity_after": "float64", "unit": "str", **dict.fromkeys(ABOUT, "str"),
    "message_before": "str", "message_after": "str",
}  # fmt: skip
_TABLES = {"table": "str", "label": "str", "change": "str", "row_id": "str", "columns": "str"}


def perimeter_frame(before: Diagnosis, after: Diagnosis, *, lang: str) -> pd.DataFrame:
    """Return what both are diagnoses of: territory, years, size, expected chain, firmness, figures asked for."""
    told = [_perimeter(one, lang) for one in (before, after)]
    sets = [members(one.filiere) for one in (before, after)]
    rows = [
        {
            "subject": subject,
            "label": tr(_SUBJECTS[subject], lang),
            "before": told[0][subject],
            "after": told[1][subject],
            # as many communes are not yet the same ones
            "differs": sets[0][subject] != sets[1][subject]
            if subject in sets[0]
            else told[0][subject] != told[1][subject],
        }
        for subject in _SUBJECTS
    ]
    return pd.DataFrame(rows, columns=list(_PERIMETER)).astype(_PERIMETER)


#: A diagnostic that was not redacted.
_WHOLE = N_("Whole version")
_SUBJECTS = {
    "filiere": N_("Filière"),
    "territory": N_("Territory"),
    "communes": N_("Communes of the territory"),
    "year": N_("Year of the figures"),
    "actors": N_("Active actors"),
    "stages": N_("Expected stages"),
    "passages": N_("Expected passages"),
    "hypotheses": N_("Rows that are estimates or hypotheses"),
    "aside": N_("Rows set aside"),
    "method": N_("Figures asked for"),
    "version": N_("Version"),
}


def members(f: Filiere) -> dict[str, set[str]]:
    """Return what a perimeter is made of, where it is made of several: communes, stages and passages by name."""
    names, own = f.stages["name"], _own(f)
    ends = f.stage_links[["stage_id", "to_stage_id"]].drop_duplicates().itertuples(index=False)
    communes = own["commune_code"].fillna(own["commune_name"]).dropna()
    return {
        "communes": set(map(str, communes)),
        "stages": set(map(str, names)),
        "passages": {f"{names.get(a, a)} → {names.get(b, b)}" for a, b in ends},
    }


def _own(f: Filiere) -> pd.DataFrame:
    return f.territories[(f.territories["territory_id"] == f.territory_id).to_numpy(bool, na_value=False)]


def _perimeter(diagnosis: Diagnosis, lang: str) -> dict[str, str]:
    f = diagnosis.filiere
    own, made_of = _own(f), members(f)
    year = f.year or (max(f.years) if f.years else f.reference_year)
    sourced = {name: f.table(name).index for name in f if table(name).has_provenance}
    soft = soft_row_share(f, sourced)
    return {
        "filiere": f.name,
        "territory": str(own["name"].dropna().iloc[0]) if own["name"].notna().any() else f.territory_id or "",
        "communes": number(len(made_of["communes"]), lang) if len(own) else "",
        "year": "" if year is None else str(year),
        "actors": number(int(f.network.active.sum()), lang),
        "stages": clauses(sorted(made_of["stages"]), lang),
        "passages": clauses(sorted(made_of["passages"]), lang),
        "hypotheses": percent(soft, lang) if soft == soft else "",
        "aside": number(sum(map(len, f.set_aside.values())), lang),
        "method": number(len(diagnosis.measured), lang),
        "version": tr(VERSIONS.get(diagnosis.audience, _WHOLE), lang).lower(),
    }  # fmt: skip


def indicators_frame(before: Diagnosis, after: Diagnosis) -> pd.DataFrame:
    """Return a row per indicator of either; NaN is unknown and never counts as 0."""
    frames = [one.indicators.set_index(["indicator_id", "scope"]) for one in (before, after)]
    keys = list(dict.fromkeys([*frames[0].index, *frames[1].index]))
    index = pd.MultiIndex.from_tuples(keys, names=["indicator_id", "scope"])
    one, two = (frame.reindex(index) for frame in frames)
    here, there = (index.isin(frame.index) for frame in frames)
    first, last = (frame["value"].to_numpy(np.float64) for frame in (one, two))
    delta = last - first
    size = np.maximum(np.abs(first), np.abs(last))
    same = np.abs(delta) <= ROUNDING * np.maximum(size, 1e-300)
    change = np.select(
        [
            here & ~there, ~here & there,
            np.isnan(first) & np.isnan(last), np.isnan(first), np.isnan(last), same, delta > 0,
        ],
        ["only_before", "only_after", "unknown", "now_known", "no_longer_known", "same", "up"],
        default="down",
    )  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        relative = np.where(first != 0, delta / np.abs(first), np.nan)
    ends = {
        name: (one[name].to_numpy(np.float64), two[name].to_numpy(np.float64)) for name in ("low", "high")
    }
    # without bounds a figure is its own interval; where one of the two is unknown nothing can be said
    low = [np.where(np.isnan(end), value, end) for end, value in zip(ends["low"], (first, last), strict=True)]
    high = [
        np.where(np.isnan(end), value, end) for end, value in zip(ends["high"], (first, last), strict=True)
    ]
    known = ~(np.isnan(first) | np.isnan(last))
    apart = pd.array(((low[1] > high[0]) | (high[1] < low[0])) & ~same, dtype="boolean")
    apart[~known] = pd.NA
    frame = pd.DataFrame(
        {
            "indicator_id": index.get_level_values(0),
            "name": one["name"].where(here, two["name"]).to_numpy(object),
            "scope": index.get_level_values(1),
            "unit": one["unit"].where(here, two["unit"]).to_numpy(object),
            "before": first,
            "after": last,
            "delta": np.where(same & known, 0.0, delta),
            "relative": np.where(same & known & (first != 0), 0.0, relative),
            "change": change,
            "apart": apart,
            "unknown_before": one["n_unknown"].astype("Int64").to_numpy(),
            "unknown_after": two["n_unknown"].astype("Int64").to_numpy(),
            "hypothesis_before": one["hypothesis_share"].to_numpy(np.float64),
            "hypothesis_after": two["hypothesis_share"].to_numpy(np.float64),
        }
    )
    return frame.astype(_INDICATORS)


def findings_frame(before: Diagnosis, after: Diagnosis) -> pd.DataFrame:
    """Return a row per finding of either: ``solved``, ``new``, ``changed`` or ``same``, in that order.

    Which finding of one is which of the other is said by `chaine_valeur.differences.pairing.paired`.
    """
    first, last = (one.findings.set_index("finding_id") for one in (before, after))
    last.index = pd.Index([*paired(before.found, after.found, last.index)], name="finding_id", dtype="str")
    index = pd.Index(list(dict.fromkeys([*first.index, *last.index])), name="finding_id", dtype="str")
    one, two = first.reindex(index), last.reindex(index)
    here, there = index.isin(first.index), index.isin(last.index)
    size_one, size_two = (frame["quantity"].to_numpy(np.float64) for frame in (one, two))
    moved = ~np.isclose(size_one, size_two, rtol=ROUNDING, atol=0, equal_nan=True)
    moved |= (one["severity"] != two["severity"]).to_numpy(bool)
    change = np.select([~there, ~here, moved], ["solved", "new", "changed"], default="same")
    told: dict[str, object] = {"finding_id": index, "change": change}
    for name in ("kind", "unit", *ABOUT):
        told[name] = one[name].where(here, two[name]).to_numpy(object)
    for name in ("severity", "quantity", "message"):
        told[f"{name}_before"], told[f"{name}_after"] = one[name].to_numpy(object), two[name].to_numpy(object)
    frame = pd.DataFrame(told)[list(_FINDINGS)].astype(_FINDINGS)
    rank = frame["change"].map({"solved": 0, "new": 1, "changed": 2, "same": 3})
    worst = frame["severity_before"].fillna(frame["severity_after"]).map({"high": 0, "medium": 1, "low": 2})
    order = pd.DataFrame({"rank": rank, "worst": worst.fillna(3)}).sort_values(
        ["rank", "worst"], kind="stable"
    )
    return frame.loc[order.index].reset_index(drop=True)


def tables_frame(before: Filiere, after: Filiere, *, lang: str) -> pd.DataFrame:
    """Return a row per row of a table that was added, taken off or changed, with the columns that changed."""
    parts = []
    for name in tables():
        one, two = before.table(name), after.table(name)
        if one.equals(two):
            continue
        label = table(name).label(lang)
        gone, come = one.index.difference(two.index, sort=False), two.index.difference(one.index, sort=False)
        both = one.index.intersection(two.index, sort=False)
        parts += [(name, label, "removed", key, "") for key in gone]
        parts += [(name, label, "added", key, "") for key in come]
        columns = [column for column in two.columns if column in one.columns]
        at = one.index.get_indexer(both), two.index.get_indexer(both)
        differs = np.zeros((len(both), len(columns)), dtype=bool)
        for place, column in enumerate(columns):  # over columns
            differs[:, place] = _differs(one[column].array.take(at[0]), two[column].array.take(at[1]))
        for row in np.flatnonzero(differs.any(axis=1)):  # over the rows that changed
            changed = [column for column, moved in zip(columns, differs[row], strict=True) if moved]
            parts.append((name, label, "changed", both[row], ";".join(changed)))
    return pd.DataFrame(parts, columns=list(_TABLES)).astype(_TABLES)


def _differs(left: ExtensionArray, right: ExtensionArray) -> NDArray[np.bool_]:
    """Return which cells are not the same; unknown and unknown are."""
    silent = np.asarray(pd.isna(left), dtype=bool), np.asarray(pd.isna(right), dtype=bool)
    differs: NDArray[np.bool_] = silent[0] != silent[1]
    known = np.flatnonzero(~(silent[0] | silent[1]))
    differs[known] = np.asarray(left.take(known) != right.take(known), dtype=bool)
    return differs
