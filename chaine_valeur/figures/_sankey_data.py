"""From a filière to the frames of the Sankey: what passes between stages, by material, declared and reconciled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..analysis.system import nodes_of
from ..errors import ArgumentError, UnknownNameError
from ..language import check_language, tr
from ..vocabulary import Role, StageKind, Status, label
from ._chain_data import chain_data
from .frames import INTERNAL, NOBODY, OUTSIDE, PRESENT, ChainData

if TYPE_CHECKING:
    from ..analysis.reconciliation import Reconciliation
    from ..filiere import Filiere

__all__ = ["DIFFERENCE", "FLOW", "SankeyData", "sankey_data"]

#: What a ribbon is: flows; what actors pass on to themselves; what enters a node and is not found leaving it.
FLOW, DIFFERENCE = "flow", "difference"
_BY = ("stage", "role")
#: Columns of the roles along the chain; the others stand in the middle.
_ROLE_COLUMN = {Role.SUPPLIER.value: 0, Role.BUYER.value: 2}
#: A difference below this share of what passes through a node is rounding.
_ROUNDING = 0.005
_NODES = {
    "node_id": "str",
    "label": "str",
    "column": "int64",
    "kind": "str",
    "state": "str",
    "is_outside": "bool",
    "n_actors": "int64",
    "in_t_per_year": "float64",
    "out_t_per_year": "float64",
    "n_unknown": "int64",
}
_RIBBONS = {
    "source": "str",
    "target": "str",
    "material_id": "str",
    "material": "str",
    "quantity_t_per_year": "float64",
    "n_unknown": "int64",
    "reconciled_t_per_year": "float64",
    "n_free": "int64",
    "is_hypothesis": "bool",
    "kind": "str",
    "flow_ids": "object",
}


@dataclass(frozen=True)
class SankeyData:
    """What the Sankey shows, as frames.

    Attributes
    ----------
    nodes
        A row per stage (or role), and one more for what is held of it outside the territory: its ``column``;
        its ``state`` as in `ChainData.stages`; ``in_t_per_year`` and ``out_t_per_year``, the known tonnages that
        enter and leave (reconciled where there are such; NaN: none is known), what it passes on to itself left
        out; ``n_unknown``, the flows at it of which the tonnage is unknown.
    ribbons
        A row per pair of nodes, material and certainty; a blank end is the outside. ``quantity_t_per_year`` adds
        up what is declared of its flows, each once (NaN: of none), ``n_unknown`` counts those without a tonnage;
        ``reconciled_t_per_year`` and ``n_free`` the same once reconciled (NaN and 0 without a reconciliation).
        ``kind``: ``flow``; ``internal``, what actors that hold two stages pass on to themselves;
        ``difference``, what enters an operation and is found in no flow that leaves it, or the reverse; told of
        no stage of an actor with several of which a flow does not say at which one it is.
        ``flow_ids``: the rows of ``flows`` behind it.
    by
        What makes the nodes, ``stage`` or ``role``.
    is_reconciled
        Whether there is a reconciliation to compare with.
    name, year, several_years, n_set_aside, idle
        As in `ChainData`; none of the flows that do not count is drawn here.
    """

    nodes: pd.DataFrame
    ribbons: pd.DataFrame
    by: str = "stage"
    is_reconciled: bool = False
    name: str = ""
    year: int | None = None
    several_years: bool = False
    n_set_aside: int = 0
    idle: str = ""

    @property
    def value(self) -> str:
        """The column of the ribbons that their width shows."""
        return "reconciled_t_per_year" if self.is_reconciled else "quantity_t_per_year"

    @property
    def blank(self) -> str:
        """The column that counts the flows of which that tonnage is unknown."""
        return "n_free" if self.is_reconciled else "n_unknown"


def sankey_data(
    f: Filiere,
    *,
    by: str = "stage",
    year: int | None = None,
    reconciled: Reconciliation | None = None,
    lang: str = "fr",
) -> SankeyData:
    """Return the frames behind the Sankey: the nodes, and the ribbons between them by material.

    Flows that count are taken once, however often they were declared; those in project are left out. A flow
    with an actor outside the territory leads to a node of its own, so that nothing local is mixed with it.

    Parameters
    ----------
    by
        ``"stage"``, columns by rank; or ``"role"``, the primary role of the actors.
    year
        Year of the quantities; by default that of `Filiere.at`, else the latest that flows speak of.
    reconciled
        The reconciliation of the same flows: `chaine_valeur.reconcile` of the filière in that year.
    lang
        Language of the labels that are not in the data.

    Raises
    ------
    UnknownNameError
        `by` is neither of these.
    ArgumentError
        `reconciled` is that of other flows.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri"], "rank": [1, 2]},
    ...     actors={"name": ["Relais", "Atelier", "Autre"]},
    ...     activities={"actor_id": ["Relais", "Atelier", "Autre"], "stage_id": ["Collecte", "Tri", "Tri"]},
    ...     flows={"source": ["Relais"] * 2, "target": ["Atelier", "Autre"], "quantity_t_per_year": [70, 20]},
    ... )
    >>> sankey_data(f).ribbons[["source", "target", "quantity_t_per_year"]].values.tolist()
    [['collecte', 'tri', 90.0]]
    """
    check_language(lang)
    if by not in _BY:
        raise UnknownNameError.of(f"by={by!r}: flows are added up by stage or by role", by, _BY)
    view = f if year is None else f.at(year)
    chain = chain_data(view, lang=lang)
    places = _by_stage(chain, lang) if by == "stage" else _by_role(chain, lang)
    flows = _flows(view, chain, reconciled, lang)
    ribbons = _ribbons(flows, places, reconciled is not None)
    if by == "role":  # one actor to itself is no passage between roles
        ribbons = ribbons[ribbons["kind"].ne(INTERNAL)].reset_index(drop=True)
    value, blank = ("reconciled_t_per_year", "n_free") if reconciled else ("quantity_t_per_year", "n_unknown")
    nodes = _with_totals(places.nodes, ribbons, value, blank)
    blurred = _blurred(view, chain, places) if by == "stage" else set()
    ribbons = pd.concat([ribbons, _differences(nodes, value, blurred, lang)], ignore_index=True)
    return SankeyData(
        nodes=nodes,
        ribbons=ribbons[list(_RIBBONS)].astype(_RIBBONS),
        by=by,
        is_reconciled=reconciled is not None,
        name=chain.name,
        year=chain.year,
        several_years=year is None and chain.several_years,
        n_set_aside=chain.n_set_aside,
        idle=chain.idle,
    )


@dataclass(frozen=True)
class _Places:
    """The nodes, and the one of each box of the chain; a box outside may have none."""

    nodes: pd.DataFrame
    node_of: dict[str, str]


def _by_stage(chain: ChainData, lang: str) -> _Places:
    boxes = chain.boxes
    outside = boxes["is_outside"].to_numpy(bool)
    node = np.where(outside, boxes["stage_id"] + "@outside", boxes["stage_id"]).astype(object)
    stages = chain.stages
    here = stages.assign(node_id=stages["stage_id"], is_outside=False)
    away = stages.assign(
        node_id=stages["stage_id"] + "@outside",
        is_outside=True,
        label=[tr("{stage} (outside)", lang, stage=name) for name in stages["label"]],
    )
    inside_held = stages["stage_id"].isin(boxes.loc[~outside, "stage_id"])
    outside_held = stages["stage_id"].isin(boxes.loc[outside & boxes["has_flow"], "stage_id"])
    only_outside = stages["state"].eq(OUTSIDE) & stages["stage_id"].isin(boxes.loc[outside, "stage_id"])
    away = away[outside_held | only_outside].assign(state=PRESENT)
    # a stage that nobody holds keeps its place, with why; one held from outside only stands there alone
    here = here[inside_held | ~(outside_held | only_outside)]
    nodes = pd.concat([here, away]).sort_values(["column", "is_outside"], kind="stable")
    counted = boxes[boxes["status"].eq(Status.ACTIVE.value) & boxes["actor_id"].ne(NOBODY)]
    counts = counted.groupby(node[counted.index])["actor_id"].nunique()
    nodes["n_actors"] = nodes["node_id"].map(counts).fillna(0).astype(int)
    return _Places(_frame(nodes), dict(zip(boxes["box_id"], node, strict=True)))


def _by_role(chain: ChainData, lang: str) -> _Places:
    boxes = chain.boxes
    named = boxes["actor_id"].ne(NOBODY) & boxes["status"].eq(Status.ACTIVE.value)
    role = boxes["role"].fillna("").astype(object)
    outside = boxes["is_outside"].to_numpy(bool)
    node = np.where(outside, role + "@outside", role).astype(object)
    rows = pd.DataFrame({"node_id": node, "role": role, "is_outside": outside, "actor": boxes["actor_id"]})
    rows = rows[(named & boxes["has_flow"]).to_numpy(bool)]
    counts = rows.groupby("node_id")["actor"].nunique()
    nodes = rows.drop_duplicates("node_id").drop(columns="actor")
    order = {term.value: place for place, term in enumerate(Role)}
    nodes = nodes.assign(
        column=nodes["role"].map(_ROLE_COLUMN).fillna(1).astype(int),
        kind=np.where(nodes["role"].isin([*_ROLE_COLUMN]), "", StageKind.OPERATION.value),
        state=PRESENT,
        n_actors=nodes["node_id"].map(counts),
        label=[
            _role_label(role, bool(away), lang)
            for role, away in zip(nodes["role"], nodes["is_outside"], strict=True)
        ],
        _order=nodes["role"].map(order).fillna(len(order)),
    ).sort_values(["column", "_order", "is_outside"], kind="stable")
    nodes["column"] = pd.factorize(nodes["column"])[0]  # a role that nobody has takes no column
    has_node = set(nodes["node_id"])
    pairs = zip(boxes["box_id"], node, boxes["actor_id"], strict=True)
    return _Places(_frame(nodes), {box: at for box, at, who in pairs if who != NOBODY and at in has_node})


def _role_label(role: str, outside: bool, lang: str) -> str:
    name = label(role, "role", lang) if role else tr("Not stated", lang)
    return tr("{stage} (outside)", lang, stage=name) if outside else name


def _frame(nodes: pd.DataFrame) -> pd.DataFrame:
    return nodes.reindex(columns=list(_NODES)[:7]).reset_index(drop=True)


def _flows(view: Filiere, chain: ChainData, r: Reconciliation | None, lang: str) -> pd.DataFrame:
    """A row per flow that counts, and per passage within an actor, with the boxes at both ends."""
    net = view.network
    active = chain.ribbons[chain.ribbons["status"].eq(Status.ACTIVE.value)]
    rows = active[["source_box", "target_box", "material_id", "material", "is_hypothesis", "flow_ids"]]
    rows = rows.explode("flow_ids").rename(columns={"flow_ids": "flow_id"}).reset_index(drop=True)
    rows["kind"] = FLOW
    inside = chain.ribbons[chain.ribbons["status"].eq(INTERNAL)].reindex(columns=rows.columns[:5])
    declared = pd.Series(net.flow_t, index=net.flow_ids)
    if r is None:
        rows = pd.concat([rows, inside.assign(kind=INTERNAL)], ignore_index=True)
        rows["declared"] = rows["flow_id"].map(declared).astype(float)
        return rows.assign(found=np.nan, is_free=False)
    found = r.flows
    if not found.index.sort_values().equals(net.flow_ids.sort_values()):
        raise ArgumentError(
            "reconciled= is that of other flows: reconcile the same filière in the same year, "
            "such as reconcile(f.at(2024)) with f.at(2024)"
        )
    firm = found["data_class"].ne("free")
    value = found["reconciled_t_per_year"].where(firm)  # any tonnage in the range of a free flow would do
    rows["declared"] = rows["flow_id"].map(found["declared_t_per_year"]).astype(float)
    rows["found"] = rows["flow_id"].map(value).astype(float)
    kept = r.inside[r.inside["stage_id"].notna() & r.inside["to_stage_id"].notna()]
    names = view.materials["name"]
    within = pd.DataFrame(
        {
            "source_box": kept["actor_id"].astype(object) + "@" + kept["stage_id"].astype(object),
            "target_box": kept["actor_id"].astype(object) + "@" + kept["to_stage_id"].astype(object),
            "material_id": kept["material_id"].astype(object),
            "material": kept["material_id"].map(names).fillna(tr("material not stated", lang)),
            "is_hypothesis": False,
            "flow_id": None,
            "kind": INTERNAL,
            "declared": np.nan,
            "found": kept["reconciled_t_per_year"].where(kept["data_class"].ne("free")),
        }
    )
    known = within["source_box"].isin(chain.boxes["box_id"]) & within["target_box"].isin(
        chain.boxes["box_id"]
    )
    # of an actor balanced as one, the balances do not tell what passes between its stages: it stays unknown
    as_one = inside["source_box"].isin(_boxes_as_one(view, chain))
    unsaid = inside[as_one].assign(kind=INTERNAL, declared=np.nan, found=np.nan)
    rows = pd.concat([rows, within[known], unsaid], ignore_index=True)
    return rows.assign(is_free=rows["found"].isna())


def _boxes_as_one(view: Filiere, chain: ChainData) -> pd.Series:
    """The boxes of actors with several stages and a flow of which nobody says at which one it ends."""
    nodes = nodes_of(view)
    actors = view.network.actor_ids[nodes.actor[nodes.whole]]
    return chain.boxes.loc[chain.boxes["actor_id"].isin(actors), "box_id"]


def _blurred(view: Filiere, chain: ChainData, places: _Places) -> set[str]:
    """The nodes at which a flow is drawn, or is not, that may be at another stage of the same actor."""
    return {places.node_of[box] for box in _boxes_as_one(view, chain) if box in places.node_of}


def _ribbons(flows: pd.DataFrame, places: _Places, is_reconciled: bool) -> pd.DataFrame:
    rows = flows.assign(is_unknown=flows["declared"].isna() & flows["kind"].eq(FLOW))
    for end in ("source", "target"):
        rows[end] = rows[f"{end}_box"].map(places.node_of).astype(object)
        rows[end] = rows[end].where(rows[end].notna(), "")
    rows = rows[rows["source"].ne("") | rows["target"].ne("")]
    if is_reconciled:  # a passage within an actor of which nothing is found says nothing
        rows = rows[rows["kind"].eq(FLOW) | rows["found"].gt(0) | rows["is_free"]]
    rows["material_id"] = rows["material_id"].where(rows["material_id"].notna(), "")
    key = ["source", "target", "material_id", "is_hypothesis", "kind"]
    found = rows.groupby(key, sort=False).agg(
        material=("material", "first"),
        quantity_t_per_year=("declared", lambda column: column.sum(min_count=1)),
        n_unknown=("is_unknown", "sum"),
        reconciled_t_per_year=("found", lambda column: column.sum(min_count=1)),
        n_free=("is_free", "sum"),
        flow_ids=("flow_id", lambda column: tuple(column.dropna())),
    )
    found = found.reset_index().reindex(columns=list(_RIBBONS))
    for end in ("source", "target", "material_id"):
        found[end] = found[end].where(found[end].ne(""), None)
    return found.astype(_RIBBONS)


def _with_totals(nodes: pd.DataFrame, ribbons: pd.DataFrame, value: str, blank: str) -> pd.DataFrame:
    between = ribbons[ribbons["source"].ne(ribbons["target"]).fillna(True)]
    nodes = nodes.copy()
    for end, name in (("target", "in_t_per_year"), ("source", "out_t_per_year")):
        nodes[name] = nodes["node_id"].map(between.groupby(end)[value].sum(min_count=1)).astype(float)
    lines = ribbons[blank] + (ribbons["kind"].eq(INTERNAL) & ribbons[value].isna() & ribbons[blank].eq(0))
    unknown = [lines.groupby(ribbons[end]).sum() for end in ("source", "target")]
    counts = [nodes["node_id"].map(each).fillna(0) for each in unknown]
    nodes["n_unknown"] = (counts[0] + counts[1]).astype(int)
    return nodes[list(_NODES)].astype(_NODES)


def _differences(nodes: pd.DataFrame, value: str, blurred: set[str], lang: str) -> pd.DataFrame:
    """What enters an operation and is found in no flow that leaves it, or the reverse, where all is known."""
    enters, leaves = nodes["in_t_per_year"], nodes["out_t_per_year"]
    passes = nodes["kind"].eq(StageKind.OPERATION.value) & ~nodes["is_outside"] & nodes["n_unknown"].eq(0)
    passes &= ~nodes["node_id"].isin(blurred)
    gap = (enters - leaves).where(passes)
    told = gap.abs() > np.maximum(_ROUNDING * np.maximum(enters, leaves), 1e-6)
    rows: list[dict[str, Any]] = []
    for node, size in zip(nodes.loc[told, "node_id"], gap[told], strict=True):
        lost = size > 0
        row = {"source": node if lost else None, "target": None if lost else node, value: abs(size)}
        rows.append(row | {"material": tr("difference", lang), "kind": DIFFERENCE, "flow_ids": ()})
    found = pd.DataFrame(rows, columns=list(_RIBBONS)).fillna({"n_unknown": 0, "n_free": 0})
    return found.assign(is_hypothesis=False).astype(_RIBBONS)
