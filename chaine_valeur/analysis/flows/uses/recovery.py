"""Recovery rate (B12) over each of its denominators, and the stages that sort."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from ....columns import columns
from ....errors import UnknownNameError
from ....network import distinct
from ....text import fold
from ....vocabulary import MaterialKind, StageKind
from ...activities import Sums, known_sums
from ...many import ratios
from ...measure import NAN
from ..balances.estimate import estimate_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....filiere import Filiere

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

V = TypeVar("V")

__all__ = ["Rate", "rates_along", "rates_of", "recovery_rate", "sorting_stages"]

#: How a stage says that it is one of waste: its NAF code, its folded name.
_WASTE_NAF = re.compile(r"(?:^|;)\s*38")
_SORTING = re.compile(r"\b(?:tri|sorting)\b")


def recovery_rate(
    f: Filiere,
    *,
    sorted_at: str | Sequence[str] | None = None,
    collected_at: str | Sequence[str] | None = None,
    recovered: str | Sequence[str] | None = None,
    put_on_market_t: float | None = None,
) -> pd.DataFrame:
    """Return the recovery rate over each denominator by name (B12): what is sorted, collected, put on market.

    ``(reuse + recycling) / sorted`` and ``(reuse + recycling) / collected``: tonnes that leave the sorting stages as
    a material that counts, over what enters these stages, and over what enters the collecting stages.
    Mixing the two is the commonest error in the press.

    Parameters
    ----------
    sorted_at
        Stages that sort; by default those with a recipe that makes several materials out of one, and that are
        of waste by their NAF code (38), their sector of insertion (recycling) or their name (tri, sorting).
    collected_at
        Stages that collect; by default operations with an expected passage to those that sort.
    recovered
        Materials, or stages that receive them, that count as reuse or recycling; by default every material
        that is no waste.
    put_on_market_t
        Tonnes put on the market in the year, if known; NaN otherwise.

    Returns
    -------
    pandas.DataFrame
        On `denominator` (``sorted``, ``collected``, ``put_on_market``): `recovered_t_per_year`,
        `denominator_t_per_year` (known tonnes), `share`, `low`, `high`, `n_unknown`. Shares are in [0, 1] where
        figures agree. Where a sorting activity receives tonnes and nothing says what becomes of them, `share` is NaN
        and the bounds count them out and in; where a flow is unknown, it is NaN without bounds. NaN over 0, or where
        no such stage exists.

    Raises
    ------
    UnknownNameError
        A stage or a material that does not exist.

    References
    ----------
    The three denominators after the yearly reports of Refashion (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     materials={"name": ["usagé", "trié", "refus"], "kind": ["product", "product", "waste"]},
    ...     stages={"name": ["Collecte", "Tri"]},
    ...     stage_links={"stage_id": ["collecte"], "to_stage_id": ["tri"]},
    ...     recipes={"stage_id": ["tri"] * 3, "side": ["in", "out", "out"],
    ...              "material_id": ["usagé", "trié", "refus"], "t_per_t": [1, 0.7, 0.3]},
    ...     actors={"name": ["Ménages", "Relais", "Trieur", "Filature"]},
    ...     activities={"actor_id": ["Relais", "Trieur"], "stage_id": ["collecte", "tri"]},
    ...     flows={"source": ["Ménages", "Relais", "Trieur", "Trieur"],
    ...            "target": ["Relais", "Trieur", "Filature", None],
    ...            "material_id": ["usagé", "usagé", "trié", "refus"], "quantity_t_per_year": [100, 80, 60, 20]},
    ... )
    >>> recovery_rate(f)["share"].tolist()
    [0.75, 0.6, nan]
    """
    rows = rates_of(
        f,
        sorted_at=sorted_at,
        collected_at=collected_at,
        recovered=recovered,
        put_on_market_t=put_on_market_t,
    )
    return (
        pd.DataFrame.from_dict(rows, orient="index", columns=Rate._fields)
        .astype({"n_unknown": "int64"})
        .rename_axis("denominator")
    )


class Rate(NamedTuple, Generic[V]):
    """A recovery rate of one filière, or those along many: see `recovery_rate`."""

    recovered_t_per_year: V
    denominator_t_per_year: V
    share: V
    low: V
    high: V
    n_unknown: V


def rates_of(
    f: Filiere,
    *,
    sorted_at: str | Sequence[str] | None = None,
    collected_at: str | Sequence[str] | None = None,
    recovered: str | Sequence[str] | None = None,
    put_on_market_t: float | None = None,
) -> dict[str, Rate[float]]:
    """Return the rates of `recovery_rate` by name."""
    rates = rates_along(
        f,
        sorted_at=sorted_at,
        collected_at=collected_at,
        recovered=recovered,
        put_on_market_t=put_on_market_t,
    )
    return {name: Rate(*(part[0].item() for part in rate)) for name, rate in rates.items()}


def rates_along(
    f: Filiere,
    *,
    sorted_at: str | Sequence[str] | None = None,
    collected_at: str | Sequence[str] | None = None,
    recovered: str | Sequence[str] | None = None,
    put_on_market_t: float | None = None,
) -> dict[str, Rate[NDArray[Any]]]:
    """Return `rates_of` along filières, one or many (`as_one`)."""
    estimate = estimate_of(f)
    sorting, collecting = _stages(f, sorted_at, collected_at)
    arcs, nodes, t = estimate.system.arcs, estimate.system.nodes, estimate.arcs
    n, of = f.network.n_filieres, np.append(f.network.actor_filiere[nodes.actor], -1)
    filiere = np.maximum(of[arcs.source], of[arcs.target])
    stage = np.append(nodes.stage, -1)
    start, end = stage[arcs.source], stage[arcs.target]
    counts = _counting(f, recovered)(arcs.material, end)
    between = arcs.source != arcs.target
    leaves = between & np.isin(start, sorting) & (start >= 0) & ~np.isin(end, sorting)
    silent = np.isin(nodes.stage, sorting) & ~_some(arcs.source[leaves], nodes.size)
    untold = np.append(silent, False)[arcs.target] & between & np.isin(end, sorting)

    def at(use: Mask) -> Sums:
        return known_sums(filiere[use], t[use], n)

    gained, lost = at(leaves & counts), at(untold)
    rows = {}
    for name, stages in (("sorted", sorting), ("collected", collecting)):  # over two denominators
        enters = between & np.isin(end, stages) & (end >= 0) & ~np.isin(start, stages)
        rows[name] = _rate(gained, at(enters), lost)
    stated = np.zeros(0) if put_on_market_t is None else np.array([put_on_market_t], dtype=np.float64)
    rows["put_on_market"] = _rate(gained, known_sums(np.zeros(len(stated), dtype=np.int64), stated, n), lost)
    return rows


def _rate(gained: Sums, whole: Sums, untold: Sums) -> Rate[NDArray[Any]]:
    """Return numerator, denominator, share, bounds and what is unknown of one rate, along filières."""
    unknown = gained.n_unknown + whole.n_unknown + untold.n_unknown
    n_untold = untold.n_known + untold.n_unknown
    none = gained.n_known + gained.n_unknown == 0
    top = np.where(none & (n_untold == 0), NAN, np.nan_to_num(gained.total))
    low, high = (ratios(part, whole.total) for part in (top, top + np.nan_to_num(untold.total)))
    sure = unknown == 0
    low, high = np.where(sure, low, NAN), np.where(sure, high, NAN)
    return Rate(
        top, whole.total, np.where(low == high, low, NAN), low, high, np.where(sure, n_untold, unknown)
    )


def sorting_stages(f: Filiere) -> NDArray[np.int64]:
    """Return the stages that sort, as positions: a recipe makes several materials out of one, and they are of waste."""
    return f.derived("sorting_stages", _sorting)


def _sorting(f: Filiere) -> NDArray[np.int64]:
    several, tables = _several_out_of_one(f), f.network.tables
    if not len(several):  # no stage has such a recipe
        return several
    says: dict[str, Callable[[str], bool]] = {
        "naf": lambda cell: _WASTE_NAF.search(cell) is not None,
        "siae_sectors": lambda cell: "recycl" in fold(cell),
        "name": lambda cell: _SORTING.search(fold(cell)) is not None,
    }
    of_waste = [
        tables.texts("stages", column).told(says[column], unknown=False, dtype=bool) for column in says
    ]
    return several[np.logical_or.reduce(of_waste)[several]]


def _several_out_of_one(f: Filiere) -> NDArray[np.int64]:
    """Return the stages with a process that makes several materials out of one, ascending."""
    stage, actor, material = (f.codes("recipes", name) for name in ("stage_id", "actor_id", "material_id"))
    called = f.network.tables.texts("recipes", "process").numbers
    use = np.flatnonzero(material >= 0)
    order = use[np.lexsort((called[use], actor[use], stage[use]))]
    keys = [key[order] for key in (stage, actor, called)]
    new = np.logical_or.reduce([np.diff(key, prepend=key[:1] - 1) != 0 for key in keys])
    process = np.cumsum(new, dtype=np.int64) - 1
    size, made = f.network.n_materials, columns(f, "recipes").among("side", "out")[order]
    n_taken, n_made = (
        np.bincount(distinct(process[side] * size + material[order[side]]) // size, minlength=len(order))
        for side in (~made, made)
    )
    return np.unique(stage[order][(n_taken[process] == 1) & (n_made[process] > 1)]).astype(np.int64)


def _stages(
    f: Filiere, sorted_at: str | Sequence[str] | None, collected_at: str | Sequence[str] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    net = f.network
    sorting = sorting_stages(f) if sorted_at is None else _positions(f, sorted_at, "stages")
    if collected_at is not None:
        return sorting, _positions(f, collected_at, "stages")
    before = np.unique(net.link_from[np.isin(net.link_to, sorting) & ~np.isin(net.link_from, sorting)])
    operation = columns(f, "stages").among("kind", StageKind.OPERATION.value)
    return sorting, before[operation[before]].astype(np.int64)


def _counting(f: Filiere, recovered: str | Sequence[str] | None) -> Callable[[Codes, Codes], Mask]:
    """Return which flows count as recovered, by their material and the stage that they reach."""
    if recovered is None:
        waste = np.append(columns(f, "materials").among("kind", MaterialKind.WASTE.value), False)
        return lambda material, end: ~waste[material]
    names = [recovered] if isinstance(recovered, str) else list(recovered)
    known = {**dict.fromkeys(f.materials.index), **dict.fromkeys(f.stages.index)}
    for name in names:
        if name not in known:
            raise UnknownNameError.of(f"no material or stage {name!r}", name, known)
    materials, stages = f.materials.index.get_indexer(names), f.stages.index.get_indexer(names)
    return lambda material, end: (
        np.isin(material, materials[materials >= 0]) | np.isin(end, stages[stages >= 0])
    )


def _positions(f: Filiere, names: str | Sequence[str], table: str) -> NDArray[np.int64]:
    index = f.table(table).index
    asked = [names] if isinstance(names, str) else list(names)
    for name in asked:
        if name not in index:
            raise UnknownNameError.of(f"no {name!r} in {table!r}", name, index)
    return index.get_indexer(asked).astype(np.int64)


def _some(places: NDArray[np.int32], size: int) -> Mask:
    return np.bincount(places[places >= 0], minlength=size).astype(bool)
