"""What is weighed: the operations and markets of the expected chain, and the ideas that somebody brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.measure import NAN
from ...errors import ArgumentError, MissingTableError, UnknownNameError
from ...network import codes_of
from ...text import fold, slug, split_list
from ...vocabulary import OptionKind, StageKind

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["IDEA_COLUMNS", "Idea", "brought", "expected"]

#: Columns of ``ideas=``; only ``name`` is needed.
IDEA_COLUMNS = (
    "name",
    "material",
    "product",
    "t_per_t",
    "naf",
    "rome",
    "minimum_viable_t_per_year",
    "insertion_fte_per_t",
)


@dataclass(frozen=True)
class Idea:
    """One row of the niches before it is weighed.

    ``place`` is the position of its stage, −1 for an idea that is none of the chain; ``minimum_basis`` is ``stage``,
    ``options``, ``argument``, ``idea`` or empty; `n_own` counts its figures that no table holds.
    """

    key: str
    name: str
    kind: str
    place: int = -1
    material: int = -1
    product: int = -1
    t_per_t: float = NAN
    naf: tuple[str, ...] = ()
    rome: tuple[str, ...] = ()
    minimum: float = NAN
    minimum_basis: str = ""
    minimum_rows: tuple[str, ...] = ()
    fte_per_t: float = NAN
    n_own: int = 0


def expected(
    f: Filiere,
    stages: Sequence[str] | None,
    *,
    minimum: Mapping[str, float],
    rome: Mapping[str, Sequence[str]],
) -> list[Idea]:
    """Return the operations and markets of the expected chain, or those asked for, in table order.

    Raises
    ------
    MissingTableError
        No expected chain, and no stage is asked for by name.
    UnknownNameError, ArgumentError
        A stage that does not exist, that is a resource, or a minimum that is negative.
    """
    frame = f.stages
    for names in (stages or (), minimum, rome):
        for name in names:
            if name not in frame.index:
                raise UnknownNameError.of(f"no stage {name!r}", name, frame.index)
    for name, size in minimum.items():
        if not 0 <= float(size) < np.inf:
            raise ArgumentError(f"minimum= of {name!r} is {size}: give tonnes per year, 0 or more")
    if frame.empty:
        raise MissingTableError("niches are read from the expected chain: give the table 'stages', or ideas=")
    resource = frame["kind"].eq(StageKind.RESOURCE.value).to_numpy(bool)
    if stages is not None:
        wrong = [name for name in stages if resource[frame.index.get_loc(name)]]
        if wrong:
            raise ArgumentError(
                f"stage {wrong[0]!r} is a resource: a niche is an operation or a market fed by it"
            )
    use = ~resource if stages is None else frame.index.isin(list(stages))
    return [_of_stage(f, int(place), minimum, rome) for place in np.flatnonzero(use)]


def _of_stage(
    f: Filiere, place: int, minimum: Mapping[str, float], rome: Mapping[str, Sequence[str]]
) -> Idea:
    row, key = f.stages.iloc[place], str(f.stages.index[place])
    size, basis = float(row["minimum_viable_t_per_year"]), "stage"
    rows: tuple[str, ...] = (key,)
    if key in minimum:
        size, basis, rows = float(minimum[key]), "argument", ()
    elif np.isnan(size):
        options = f.options
        at = options["kind"].eq(OptionKind.ACTIVITY.value) & options["stage_id"].eq(key)
        known = options.loc[at.fillna(False).to_numpy(bool), "minimum_viable_t_per_year"].dropna()
        # several ways of doing it: the smallest that lives
        size, basis, rows = (
            (float(known.min()), "options", (str(known.idxmin()),)) if len(known) else (NAN, "", ())
        )
    return Idea(
        key=key,
        name=str(row["name"]),
        kind=str(row["kind"]),
        place=place,
        naf=tuple(split_list(row["naf"])),
        rome=tuple(rome.get(key, ())),
        minimum=size,
        minimum_basis=basis,
        minimum_rows=rows,
        n_own=int(basis == "argument"),
    )


def brought(f: Filiere, ideas: pd.DataFrame | None) -> list[Idea]:
    """Return the ideas of a frame, in its order.

    Raises
    ------
    UnknownNameError
        A column that ideas do not have, a material that the filière does not have.
    ArgumentError
        An idea without a name, with that of a stage or of another idea, a negative figure.
    """
    if ideas is None:
        return []
    frame = pd.DataFrame(ideas)
    for column in frame.columns:
        if column not in IDEA_COLUMNS:
            raise UnknownNameError.of(f"ideas= has a column {column!r}", column, IDEA_COLUMNS)
    found: list[Idea] = []
    taken = set(f.stages.index)
    for number, row in enumerate(frame.to_dict("records"), start=1):  # over a few ideas
        name = _text(row.get("name"))
        key = slug(name) if name else ""
        if not key:
            raise ArgumentError(f"idea {number} has no name")
        if key in taken:
            raise ArgumentError(f"idea {name!r} has the name of a stage or of another idea: give it its own")
        taken.add(key)
        minimum, fte, t_per_t = (
            _figure(row.get(column), name, column)
            for column in ("minimum_viable_t_per_year", "insertion_fte_per_t", "t_per_t")
        )
        found.append(
            Idea(
                key=key,
                name=name,
                kind="idea",
                material=_material(f, row.get("material")),
                product=_material(f, row.get("product")),
                t_per_t=t_per_t,
                naf=tuple(split_list(_text(row.get("naf")))),
                rome=tuple(split_list(_text(row.get("rome")))),
                minimum=minimum,
                minimum_basis="" if np.isnan(minimum) else "idea",
                fte_per_t=fte,
                n_own=int((~np.isnan([minimum, fte, t_per_t])).sum()),
            )
        )
    return found


def _material(f: Filiere, cell: Any) -> int:
    """Return the position of a material by identifier or name, −1 where the cell is empty."""
    name = _text(cell)
    if not name:
        return -1
    names = f.materials["name"]
    place = int(codes_of(pd.Series([name]), names.index)[0])
    if place >= 0:
        return place
    same = np.flatnonzero(names.map(fold).eq(fold(name)).to_numpy(bool))
    if len(same) != 1:
        raise UnknownNameError.of(f"no material {name!r}", name, [*names.index, *names])
    return int(same[0])


def _figure(cell: Any, name: str, column: str) -> float:
    if cell is None or pd.isna(cell):
        return NAN
    try:
        value = float(cell)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"idea {name!r}: {column} is {cell!r}, not a number") from error
    if not 0 <= value < np.inf:
        raise ArgumentError(f"idea {name!r}: {column} is {cell}, give 0 or more")
    return value


def _text(cell: Any) -> str:
    return "" if cell is None or pd.isna(cell) else str(cell).strip()
