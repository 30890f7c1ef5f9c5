"""What the matrix of gaps shows: stages by territories, communes or filières, as frames, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..analysis.gaps.chain import chain_of
from ..errors import ArgumentError
from ..filiere import Filiere
from ..language import check_language, clauses, enumeration, number, tr, trn
from ..vocabulary import ExpectedScale
from ._gaps_columns import REST, Column, columns_of, n_actors, own_place
from .frames import ANYWHERE, COVERED, MISSING, OPTIONAL, OUTSIDE, PRESENT, REGIONAL

__all__ = ["NOT_EXPECTED", "SEVERAL", "UNKNOWN", "GapsData", "gaps_alt_text", "gaps_data", "state_name"]

#: Held by actors of whom nobody knows where they are; several stages or territories put together; no stage of a chain.
UNKNOWN, SEVERAL, NOT_EXPECTED = "unknown", "several", "not_expected"
_CELLS = {
    "stage_id": "str", "territory_id": "str", "state": "str", "n_here": "int64", "n_outside": "int64",
    "n_unplaced": "int64", "n_present": "int64", "n_all": "int64",
}  # fmt: skip
_STAGES = {"stage_id": "str", "stage_label": "str", "n_grouped": "int64"}
_TERRITORIES = {
    "territory_id": "str", "territory_label": "str", "kind": "str", "n_actors": "int64", "n_grouped": "int64"
}  # fmt: skip


@dataclass(frozen=True)
class GapsData:
    """What the matrix of gaps shows.

    Attributes
    ----------
    cells
        A row per stage and territory: ``stage_id``, ``territory_id``, ``state``; ``n_here``, ``n_outside``,
        ``n_unplaced``: active actors of the stage that are there, elsewhere, and of unknown place. States: ``present``,
        ``outside`` (held elsewhere only), ``missing`` (expected locally, held by nobody), ``regional`` and ``anywhere``
        (not held there; expected at that scale, or at no particular one), ``covered`` (another stage of its alternative
        group is held there), ``optional``, ``unknown`` (whoever holds it may be there), ``not_expected`` (no stage of
        that chain), ``several`` (``n_present`` of ``n_all`` put together are held).
    stages
        The rows: ``stage_id``, ``stage_label``, ``n_grouped`` (0, or how many stages the row puts together).
    territories
        The columns: ``territory_id``, ``territory_label``, ``kind`` (``territory``, ``commune`` or ``filiere``),
        ``n_actors`` (active actors of the chain that are there), ``n_grouped``.
    """

    cells: pd.DataFrame
    stages: pd.DataFrame
    territories: pd.DataFrame


def gaps_data(
    f: Filiere | Mapping[str, Filiere],
    *,
    by: str | None = None,
    most_stages: int = 15,
    most_territories: int = 15,
    lang: str = "fr",
) -> GapsData:
    """Return which stages are held where, as the matrix shows it.

    Parameters
    ----------
    f
        A filière, seen from its territories and communes; or several by name, each seen from its own territory.
    by
        ``"territory"``: the territories of the table, its own first; ``"commune"``: the communes of its own territory
        (of all, without one); by default its territories, then the communes.
    most_stages, most_territories
        Rows and columns shown, at least 2. Beyond, the last one puts the others together: stages without a gap, communes
        with fewest actors, territories and filières that come last.
    lang
        Language of the labels that are not in the data.

    Raises
    ------
    ArgumentError
        An unknown `by`, or fewer than 2 rows or columns.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     filiere={"name": ["Laine"], "territory_id": ["val"]},
    ...     territories={"territory_id": ["val"] * 2, "name": "Val", "commune_code": ["76384", "76114"],
    ...                  "commune_name": ["Lillebonne", "Bolbec"]},
    ...     stages={"name": ["Tri", "Filature"], "rank": [1, 2]},
    ...     actors={"name": ["Relais"], "commune_code": ["76384"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Tri"]},
    ... )  # fmt: skip
    >>> data = gaps_data(f)
    >>> data.territories["territory_label"].tolist()
    ['Val', 'Lillebonne', 'Bolbec']
    >>> data.cells["state"].tolist()
    ['present', 'missing', 'present', 'missing', 'outside', 'missing']
    """
    check_language(lang)
    if by not in (None, "territory", "commune"):
        raise ArgumentError(f"by={by!r}: 'territory', 'commune' or None")
    for name, most in (("most_stages", most_stages), ("most_territories", most_territories)):
        if most < 2:
            raise ArgumentError(f"{name}={most!r}: at least two are to be shown")
    if isinstance(f, Filiere):
        columns = columns_of(f, by, most_territories, lang)
    else:
        columns = [Column(str(name), str(name), "filiere", each, own_place(each)) for name, each in f.items()]
    stages = _stages(columns)
    parts = [_cells(column, stages) for column in columns]  # a loop over columns
    cells = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(_CELLS))
    told = [
        (column.identifier, column.label, column.kind, n_actors(column), column.grouped) for column in columns
    ]
    territories = pd.DataFrame(told, columns=list(_TERRITORIES)).astype(_TERRITORIES)
    data = GapsData(cells.astype(_CELLS), stages.astype(_STAGES), territories)
    return _stages_grouped(_filieres_grouped(data, most_territories, lang), most_stages, lang)


# -- cells ------------------------------------------------------------------------------------------------


def _stages(columns: list[Column]) -> pd.DataFrame:
    """Return the stages of all columns, in the order of the chain."""
    seen = {id(column.filiere): column.filiere for column in columns}
    parts = [each.stages[["name", "rank"]].reset_index() for each in seen.values() if len(each.stages)]
    if not parts:
        return pd.DataFrame({name: [] for name in _STAGES})
    stages = pd.concat(parts, ignore_index=True).drop_duplicates("stage_id")
    stages = stages.iloc[np.argsort(stages["rank"].astype("float64").to_numpy(), kind="stable")]
    found = stages[["stage_id"]].assign(stage_label=stages["name"].to_numpy(), n_grouped=0)
    return found.reset_index(drop=True)


def _cells(column: Column, stages: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of a column, along all stages."""
    f, chain = column.filiere, chain_of(column.filiere)
    size = chain.n_stages
    at = column.place[chain.holder_actor]
    here, outside, unplaced = (
        np.bincount(chain.holder_stage[at == code], minlength=size) for code in (1, 0, -1)
    )
    own = own_place(f)[chain.holder_actor]
    named = np.bincount(chain.holder_stage[own == 0], minlength=size) > 0
    away = (outside > 0) | (chain.away & ~named)  # a flow from an outside without a name
    gap = chain.unit_local[chain.unit]
    indifferent = f.stages["expected_scale"].eq(ExpectedScale.ANY.value).to_numpy(bool)
    covered = chain.any_member(here > 0)[chain.unit]
    regional = ~gap & ~indifferent & chain.unit_required[chain.unit]
    states = np.select(
        [here > 0, unplaced > 0, covered, away & ~regional, ~chain.unit_required[chain.unit], regional, ~gap],
        [PRESENT, UNKNOWN, COVERED, OUTSIDE, OPTIONAL, REGIONAL, ANYWHERE],
        default=MISSING,
    )
    found = pd.DataFrame(
        {"state": states, "n_here": here, "n_outside": outside, "n_unplaced": unplaced},
        index=f.stages.index,
    ).reindex(stages["stage_id"])
    expected = found["state"].notna()
    found["state"] = found["state"].fillna(NOT_EXPECTED)
    found["n_present"] = found["state"].eq(PRESENT).astype("int64")
    found["n_all"] = expected.astype("int64")
    counts = ["n_here", "n_outside", "n_unplaced"]
    found[counts] = found[counts].fillna(0)
    return found.rename_axis("stage_id").reset_index().assign(territory_id=column.identifier)[list(_CELLS)]


def _filieres_grouped(data: GapsData, most: int, lang: str) -> GapsData:
    """Put the last filières together where there are too many."""
    if len(data.territories) <= most:
        return data
    rest = data.territories.iloc[most - 1 :]
    label = trn("{count} other filière", "{count} other filières", len(rest), lang)
    row = (REST, label, "filiere", int(rest["n_actors"].sum()), len(rest))
    last = pd.DataFrame([row], columns=list(_TERRITORIES)).astype(_TERRITORIES)
    kept = data.territories.iloc[: most - 1]
    gone = data.cells["territory_id"].isin(rest["territory_id"])
    sums = _together(data.cells[gone], "stage_id").assign(territory_id=REST)[list(_CELLS)]
    cells = pd.concat([data.cells[~gone], sums], ignore_index=True).astype(_CELLS)
    return GapsData(cells, data.stages, pd.concat([kept, last], ignore_index=True))


def _stages_grouped(data: GapsData, most: int, lang: str) -> GapsData:
    """Put the stages with fewest gaps together, the last of the chain first: what is missing stays longest."""
    if len(data.stages) <= most:
        return data
    weight = data.cells["state"].map({MISSING: 1e8, UNKNOWN: 1e4, OUTSIDE: 1.0}).fillna(0.0)
    weight = (
        weight.groupby(data.cells["stage_id"]).sum().reindex(data.stages["stage_id"]).to_numpy(np.float64)
    )
    kept = np.sort(np.argsort(-weight, kind="stable")[: most - 1])
    shown = data.stages.iloc[kept]
    count = len(data.stages) - len(shown)
    label = trn("{count} other stage", "{count} other stages", count, lang)
    last = pd.DataFrame([(REST, label, count)], columns=list(_STAGES)).astype(_STAGES)
    gone = ~data.cells["stage_id"].isin(shown["stage_id"])
    sums = _together(data.cells[gone], "territory_id").assign(stage_id=REST)[list(_CELLS)]
    cells = pd.concat([data.cells[~gone], sums], ignore_index=True)
    order = {name: place for place, name in enumerate(data.territories["territory_id"])}
    cells = cells.iloc[np.argsort(cells["territory_id"].map(order).to_numpy(), kind="stable")]
    return GapsData(
        cells.astype(_CELLS).reset_index(drop=True),
        pd.concat([shown, last], ignore_index=True),
        data.territories,
    )


def _together(cells: pd.DataFrame, along: str) -> pd.DataFrame:
    counts = ["n_here", "n_outside", "n_unplaced", "n_present", "n_all"]
    return cells.groupby(along, sort=False)[counts].sum().reset_index().assign(state=SEVERAL)


# -- words ------------------------------------------------------------------------------------------------


def state_name(state: str, lang: str) -> str:
    """Return what a state is called in a legend."""
    return {
        PRESENT: tr("held here (number of actors)", lang),
        OUTSIDE: tr("held elsewhere only", lang),
        MISSING: tr("missing (expected here, held by nobody)", lang),
        REGIONAL: tr("expected at regional scale", lang),
        ANYWHERE: tr("no known actor, expected at any scale", lang),
        COVERED: tr("covered by an alternative stage", lang),
        OPTIONAL: tr("optional, held by nobody", lang),
        UNKNOWN: tr("held, nobody knows whether here", lang),
        NOT_EXPECTED: tr("no stage of this chain", lang),
        SEVERAL: tr("held out of those put together", lang),
    }[state]


def gaps_alt_text(data: GapsData, lang: str = "fr") -> str:
    """Return the alternative text of the matrix: which stages are in which state, of a commune those held there.

    Parameters
    ----------
    data
        The frames behind the figure (`gaps_data`).
    lang
        ``"fr"`` or ``"en"``.
    """
    check_language(lang)
    if data.stages.empty or data.territories.empty:
        return tr("No expected chain is described.", lang)
    names = data.stages.set_index("stage_id")["stage_label"]
    parts = []
    for territory in data.territories.to_dict("records"):
        cells = data.cells[data.cells["territory_id"] == territory["territory_id"]]
        if territory["kind"] == "commune":  # what is elsewhere or missing is told of the territory
            cells = cells[cells["state"].isin((PRESENT, UNKNOWN, SEVERAL))]
        told = [_said(str(state), part, names, lang) for state, part in cells.groupby("state", sort=False)]
        told = told or [tr("no stage is held there", lang)]
        heading = territory["territory_label"]
        parts.append(tr("{heading}: {content}.", lang, heading=heading, content=clauses(told, lang)))
    return " ".join(parts)


def _said(state: str, cells: pd.DataFrame, names: pd.Series, lang: str) -> str:
    stages = [str(names[name]) for name in cells["stage_id"]]
    if state == SEVERAL:
        stages = [
            tr("{label}: {text}", lang, label=name, text=held_words(row, lang))
            for name, row in zip(stages, cells.to_dict("records"), strict=True)
        ]
        return enumeration(stages, lang, limit=20)
    if state == PRESENT:
        counts = cells["n_here"].tolist()
        stages = [f"{name} ({number(count, lang)})" for name, count in zip(stages, counts, strict=True)]
    heading = state_name(state, lang)
    return tr("{label}: {text}", lang, label=heading, text=enumeration(stages, lang, limit=20))


def held_words(row: dict[str, Any], lang: str) -> str:
    """Return « 3/5 »: how many of those put together are held."""
    return f"{number(row['n_present'], lang)}/{number(row['n_all'], lang)}"
