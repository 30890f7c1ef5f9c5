"""Which stages of the expected chain are held where: filières of one chain beside one another, stage by stage."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..analysis.gaps.chain import Chain
from ..errors import UnknownNameError
from ..vocabulary import ExpectedScale
from ._stacked import folded, numbered, places_of
from .figured import wanted_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ._stacked import Codes
    from .portfolio import Portfolio

__all__ = ["STATES", "Coverage", "coverage_matrix"]

#: What a stage is in the territory of a filière: held by several actors, or by one; not held: missing (expected here),
#: held elsewhere only, expected at a wider scale, covered by an alternative stage, optional; held by actors of unknown
#: place; not expected there. Only `MISSING` is a gap.
HELD, ONE, MISSING, ELSEWHERE = "held", "one_actor", "missing", "elsewhere"
WIDER, COVERED, OPTIONAL, UNKNOWN, NOT_EXPECTED = "wider", "covered", "optional", "unknown", "not_expected"
STATES = (HELD, ONE, ELSEWHERE, MISSING, UNKNOWN, WIDER, COVERED, OPTIONAL, NOT_EXPECTED)
#: Filières share a chain, whatever its stages are called, if at least this share of the identifiers is in both.
MOST_APART = 0.5
_CELLS = {
    "stage": "str", "filiere_code": "str", "stage_id": "str", "state": "str", "n_here": "int64", "n_elsewhere": "int64",
    "n_unplaced": "int64",
}  # fmt: skip
_COUNTED = {f"n_{state}": "int64" for state in STATES if state != NOT_EXPECTED}
_STAGES = {"name": "str", "rank": "float64", "names": "str", "by": "str", "n_expected": "int64", **_COUNTED}
_FILIERES = {"n_expected": "int64", "n_alone": "int64", **_COUNTED}


@dataclass(frozen=True, eq=False)
class Coverage:
    """Stages × filières: what is held where.

    Attributes
    ----------
    cells
        A row per stage and filière that expects it: ``stage``, ``filiere_code``, ``stage_id`` (in that filière),
        ``state`` (see `STATES`), ``n_here``, ``n_elsewhere``, ``n_unplaced`` (its active actors by place).
    stages
        On ``stage``, in the order of the chain: ``name``, ``rank`` (median), ``names`` (all of them, joined by « ; »),
        ``by`` (aligned by ``name``, or by ``identifier`` where the names differ), ``n_expected`` and the number of
        filières in each state (``n_held``, ``n_one_actor``, ``n_missing``…).
    filieres
        On ``filiere_code``: ``n_expected`` stages, ``n_alone`` (that no other filière expects), and the number of
        stages in each state.
    """

    cells: pd.DataFrame
    stages: pd.DataFrame
    filieres: pd.DataFrame

    @property
    def states(self) -> pd.DataFrame:
        """The matrix: a row per stage, a column per filière, the state in each cell."""
        found = self.cells.pivot(index="stage", columns="filiere_code", values="state")
        found = found.reindex(index=self.stages.index, columns=self.filieres.index)
        return found.astype("str").fillna(NOT_EXPECTED)

    @property
    def unaligned(self) -> pd.DataFrame:
        """The stages that one filière alone expects, though several are compared: what does not align."""
        return self.stages[(self.stages["n_expected"] == 1) & (len(self.filieres) > 1)]


def coverage_matrix(
    portfolio: Portfolio, *, codes: Iterable[str] | None = None, all_years: bool = False
) -> Coverage:
    """Return which expected stages are held in which filière, aligned over the filières.

    Stages are aligned by their folded name. Where the names differ and the identifiers do not, by identifier, unless
    that would put two stages of one filière together, or the filières have fewer than half of their identifiers in
    common. Stages that one filière alone expects stay rows of their own (`Coverage.unaligned`).

    Parameters
    ----------
    portfolio
        The filières.
    codes
        Those to compare: one chain in several territories, most often; by default all.
    all_years
        Whether every entry is compared; by default the latest year of each filière in each territory.

    Returns
    -------
    Coverage

    Raises
    ------
    UnknownNameError
        A code that the portfolio does not have.

    Examples
    --------
    >>> import chaine_valeur as cv
    >>> from chaine_valeur.portfolio.portfolio import Portfolio
    >>> chain = {"name": ["Tri", "Filature"], "rank": [1, 2]}
    >>> held = {"actor_id": ["Relais"], "stage_id": ["Tri"]}
    >>> val = cv.Filiere.from_tables(stages=chain, actors={"name": ["Relais"]}, activities=held)
    >>> mont = cv.Filiere.from_tables(stages=chain, actors={"name": ["Relais"]})
    >>> coverage_matrix(Portfolio.from_filieres({"val": val, "mont": mont})).states.values.tolist()
    [['one_actor', 'missing'], ['missing', 'missing']]
    """
    chosen = _chosen(portfolio, codes, all_years)
    stages, place = portfolio.table("stages"), places_of(portfolio, "stages")
    kept = np.flatnonzero(np.isin(place, chosen))
    rows, place = stages.iloc[kept].reset_index(drop=True), place[kept]
    names = folded(rows["name"])
    aligned, by = _aligned(place, names, rows["stage_id"])
    indifferent = stages["expected_scale"].eq(ExpectedScale.ANY.value).to_numpy(bool)
    counted = _states(Chain.of(portfolio.core), indifferent).iloc[kept].reset_index(drop=True)
    cells = (
        rows[["filiere_code", "stage_id"]]
        .astype("str")
        .assign(number=aligned, name=rows["name"], rank=rows["rank"].astype("float64"), by=by)
    )
    cells = cells.join(counted)
    told = _stage_frame(cells)
    identifiers = pd.Series(told.index, index=told.pop("number"))
    cells["stage"] = cells["number"].map(identifiers)
    counts = _counts(cells, "filiere_code")
    single = cells["stage"].map(told["n_expected"]).eq(1) & (len(chosen) > 1)
    filieres = counts.reindex(portfolio.codes[chosen], fill_value=0)
    filieres["n_alone"] = single.groupby(cells["filiere_code"]).sum().reindex(filieres.index, fill_value=0)
    return Coverage(
        cells[list(_CELLS)].astype(_CELLS),
        told[list(_STAGES)].astype(_STAGES),
        filieres[list(_FILIERES)].astype(_FILIERES),
    )


def _chosen(portfolio: Portfolio, codes: Iterable[str] | None, all_years: bool) -> Codes:
    if codes is None:
        return np.flatnonzero(wanted_codes(portfolio, all_years))
    asked = [codes] if isinstance(codes, str) else list(codes)
    found = portfolio.codes.get_indexer(asked)
    for code, at in zip(asked, found.tolist(), strict=True):
        if at < 0:
            raise UnknownNameError.of(f"no filière {code!r} in this portfolio", code, portfolio.codes)
    return np.unique(found).astype(np.int64)


def _aligned(place: Codes, names: pd.Series, identifiers: pd.Series) -> tuple[Codes, NDArray[np.object_]]:
    """Return a number per stage, the same where it is the same stage of the chain, and by what it is."""
    number = numbered(names.to_numpy())
    by = np.full(len(number), "name", dtype=object)
    pairs = pd.DataFrame({"id": identifiers.to_numpy(), "number": number}).drop_duplicates()
    doubtful = pairs[pairs["id"].duplicated(keep=False)]
    near = _alike(place, identifiers)
    for _, numbers in doubtful.groupby("id", sort=False)["number"]:  # identifiers that bear several names
        members = np.flatnonzero(np.isin(number, numbers.to_numpy()))
        members = members[near(place[members])] if len(members) else members
        if len(np.unique(number[members])) > 1 and len(np.unique(place[members])) == len(members):
            merged = np.isin(number, number[members])
            if np.array_equal(np.flatnonzero(merged), members):  # all that bears these names is of that chain
                number[members] = number[members].min()
                by[members] = "identifier"
    return number, by


def _alike(place: Codes, identifiers: pd.Series) -> Callable[[Codes], NDArray[np.bool_]]:
    """Return what tells which filières share half of their identifiers or more with the first of them: one chain."""
    from scipy.sparse import coo_array

    dense, filieres = pd.factorize(place)
    coded, _ = pd.factorize(identifiers)
    shape = (len(filieres), int(coded.max(initial=-1)) + 1)
    holds = coo_array((np.ones(len(place)), (dense, coded)), shape=shape).tocsr()
    sizes = np.asarray(holds.sum(axis=1)).ravel()
    at = pd.Series(np.arange(len(filieres)), index=filieres)

    def near(places: Codes) -> NDArray[np.bool_]:
        rows = at[places].to_numpy()
        common = holds[rows] @ holds[rows[:1]].toarray().ravel()
        return common >= MOST_APART * np.maximum(sizes[rows], sizes[rows[0]])

    return near


def _stage_frame(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the stages in the order of the chain, with their number; the index is an identifier that is theirs alone."""
    groups = cells.groupby("number", sort=False)
    found = _counts(cells, "number").reindex(groups.size().index)
    found["name"] = groups["name"].agg(_commonest) if len(cells) else pd.Series(dtype="str")
    found["names"] = groups["name"].agg(lambda names: ";".join(dict.fromkeys(map(str, names))))
    found["rank"], found["by"] = groups["rank"].median(), groups["by"].first()
    found["stage"] = groups["stage_id"].first()
    found = found.rename_axis("number").reset_index()
    found = found.iloc[np.lexsort((np.arange(len(found)), found["rank"].to_numpy(np.float64)))]
    again = found.groupby("stage").cumcount()
    found["stage"] = found["stage"].where(again == 0, found["stage"] + "-" + (again + 1).astype("str"))
    return found.set_index("stage")


def _commonest(names: pd.Series) -> str:
    counts = names.value_counts(sort=False)
    return str(counts.index[int(np.argmax(counts.to_numpy()))])


def _counts(cells: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return how many cells of each kind there are for each stage, or each filière."""
    found = pd.crosstab(cells[by], cells["state"]).reindex(columns=list(STATES), fill_value=0)
    found.columns = [f"n_{state}" for state in STATES]
    return found.assign(n_expected=found.sum(axis=1)).rename_axis(by)


def _states(chain: Chain, indifferent: NDArray[np.bool_]) -> pd.DataFrame:
    """Return, per stage of the chain of one filière or many, its state and its actors by place."""
    core, size = chain.core, chain.n_stages
    at = core.local[chain.holder_actor]
    # where nobody asks what is local, all but the outside is here
    unasked = ~core.bounded[core.actor_filiere[chain.holder_actor]]
    at = np.where(unasked & (at != 0), 1, at)
    here, elsewhere, unplaced = (
        np.bincount(chain.holder_stage[at == one], minlength=size) for one in (1, 0, -1)
    )
    wider = ~chain.unit_local[chain.unit]
    covered = chain.any_member(here > 0)[chain.unit]
    required = chain.unit_required[chain.unit]
    away = chain.away & (~wider | indifferent | ~required)
    states = np.select(
        [here > 1, here == 1, unplaced > 0, covered, away, ~required, wider],
        [HELD, ONE, UNKNOWN, COVERED, ELSEWHERE, OPTIONAL, WIDER],
        default=MISSING,
    )
    return pd.DataFrame({"state": states, "n_here": here, "n_elsewhere": elsewhere, "n_unplaced": unplaced})
