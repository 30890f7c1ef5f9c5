"""From a filière to the frames of the chain figure. Which rows count is decided by the network core."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..analysis.flows import idle_flows, idle_text
from ..analysis.gaps.chain import chain_of
from ..flow_stages import stages_of_flows
from ..language import check_language, tr
from ..network import codes_of
from ..provenance import provenance
from ..quantities import with_tonnes
from ..vocabulary import ActorType, Confidence, ExpectedScale, Role, Status, StructureKind
from ._chain_links import ribbons_of
from .frames import (
    ANYWHERE,
    COVERED,
    MISSING,
    NOBODY,
    OPTIONAL,
    OUTSIDE,
    PRESENT,
    REGIONAL,
    UNNAMED,
    ChainData,
    frame,
)

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["chain_data"]

_BEFORE, _AFTER = UNNAMED


def chain_data(f: Filiere, *, year: int | None = None, lang: str = "fr") -> ChainData:
    """Return the frames behind the chain figure: stages, boxes, ribbons, and the actors around.

    Parameters
    ----------
    year
        Year of the quantities; by default that of `Filiere.at`, else the latest that flows speak of.
    lang
        Language of the labels that are not in the data.

    Returns
    -------
    ChainData
        See there for the columns. A flow that was declared several times counts once; flows and actors in
        project are kept, with their status; what is closed is left out.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri"], "rank": [1, 2]},
    ...     actors={"name": ["Relais", "Atelier"]},
    ...     activities={"actor_id": ["Relais", "Atelier"], "stage_id": ["Collecte", "Tri"]},
    ...     flows={"source": ["Relais"], "target": ["Atelier"], "quantity_t_per_year": [70]},
    ... )
    >>> data = chain_data(f)
    >>> data.ribbons[["source_box", "target_box", "quantity_t_per_year"]].values.tolist()
    [['relais@collecte', 'atelier@tri', 70.0]]
    """
    check_language(lang)
    view = f if year is None else f.at(year)
    flows = _flows(view)
    boxes = _boxes(view, flows, lang)
    stages = _stages(view, boxes, flows, lang)
    boxes["column"] = boxes["stage_id"].map(stages.set_index("stage_id")["column"])
    order = stages["stage_id"].tolist()
    boxes = boxes.iloc[np.argsort(boxes["stage_id"].map(order.index).to_numpy(dtype=int), kind="stable")]
    ribbons = ribbons_of(view, flows, stages, boxes, lang)
    boxes = _with_throughput(boxes, ribbons)
    return ChainData(
        stages=stages,
        boxes=frame("boxes", boxes),
        ribbons=ribbons,
        others=_others(view, boxes),
        name=view.name,
        year=view.network.year,
        idle=idle_text(idle_flows(view), lang=lang),
        several_years=year is None and f.year is None and f.flows["year"].nunique() > 1,
        n_set_aside=sum(
            len(f.set_aside.get(name, ())) for name in ("actors", "activities", "flows", "stages")
        ),
    )


def _flows(f: Filiere) -> pd.DataFrame:
    """The flows to draw: those that count, then those in project, each once, with the stage at both ends."""
    net, rows = f.network, with_tonnes(f, "flows")
    later = _in_project(f)
    kept = np.concatenate([net.flow_row, later])
    flows, stages = rows.iloc[kept], stages_of_flows(rows, f.activities, f.stage_links)
    found = pd.DataFrame({"flow_id": flows.index.to_numpy(dtype=object)})
    names = np.array([*f.stages.index, None], dtype=object)
    for end, stage in (("source", stages.source), ("target", stages.target)):
        place = codes_of(flows[end], net.actor_ids)
        main = names[np.where(place >= 0, np.append(net.stage, -1)[place], -1)]
        given = stage.iloc[kept].to_numpy(dtype=object)
        # an outside that names its stage is drawn there, any other beside the box at the other end
        outside = np.array([None, NOBODY], dtype=object)[pd.notna(given).astype(int)]
        found[end] = np.where(place >= 0, flows[end].to_numpy(dtype=object), outside)
        # an open stage goes to the main one of the actor: the picture has to put it somewhere
        found[f"{end}_stage"] = np.where(pd.isna(given), main, given)
    found["material_id"] = flows["material_id"].to_numpy(dtype=object)
    found["quantity_t_per_year"] = flows["quantity_t_per_year"].to_numpy(float)
    # an active flow of an actor in project is in project, too
    candidate = flows["status"].eq(Status.CANDIDATE.value).to_numpy(bool)
    found["status"] = np.where(candidate, Status.CANDIDATE.value, Status.PLANNED.value)
    found.loc[: len(net.flow_row) - 1, "status"] = Status.ACTIVE.value
    firmness = provenance(f, "flows", column="quantity_t_per_year")["confidence"]
    found["is_hypothesis"] = firmness.iloc[kept].eq(Confidence.HYPOTHESIS.value).to_numpy(bool)
    return _with_loose_ends(found)


def _in_project(f: Filiere) -> npt.NDArray[np.int64]:
    """Positions of the flows that do not count yet: in project themselves, or by one of their actors."""
    idle = idle_flows(f)
    later = idle.index[idle["status"].ne(Status.CLOSED.value)]
    return np.sort(f.flows.index.get_indexer(later)).astype(np.int64)


def _with_loose_ends(flows: pd.DataFrame) -> pd.DataFrame:
    """Put the actors that hold no stage in one of two stages without a name: before, if they only give."""
    receives = set(flows["target"].dropna())
    for end in ("source", "target"):
        loose = flows[end].notna() & flows[f"{end}_stage"].isna()
        side = flows[end].map(lambda actor: _AFTER if actor in receives else _BEFORE)
        flows[f"{end}_stage"] = flows[f"{end}_stage"].where(~loose, side)
    return flows


def _boxes(f: Filiere, flows: pd.DataFrame, lang: str) -> pd.DataFrame:
    """One row per actor and stage: the activities, and what only a flow speaks of; the outside at a stage."""
    held = f.activities[["actor_id", "stage_id"]].astype(object)
    ends = [
        flows[[end, f"{end}_stage"]].set_axis(["actor_id", "stage_id"], axis=1)
        for end in ("source", "target")
    ]
    pairs = pd.concat([held, *ends], ignore_index=True).dropna().drop_duplicates(ignore_index=True)
    actors = f.actors.reindex(pairs["actor_id"])
    kinds = [kind.value for kind in StructureKind if kind.is_siae]
    local = f.is_local().reindex(pairs["actor_id"])
    nobody = pairs["actor_id"].eq(NOBODY).to_numpy(bool)
    outside = actors["actor_type"].eq(ActorType.OUTSIDE.value).to_numpy(bool) | nobody
    boxes = pd.DataFrame(
        {
            "box_id": (pairs["actor_id"] + "@" + pairs["stage_id"].str.strip()).to_numpy(),
            "actor_id": pairs["actor_id"].to_numpy(),
            "stage_id": pairs["stage_id"].to_numpy(),
            "label": np.where(
                nobody, tr("Outside the territory", lang), actors["name"].to_numpy(dtype=object)
            ),
            "role": _roles(f).reindex(pairs["actor_id"]).to_numpy(dtype=object),
            "actor_type": np.where(
                nobody, ActorType.OUTSIDE.value, actors["actor_type"].to_numpy(dtype=object)
            ),
            "structure_kind": actors["structure_kind"].to_numpy(dtype=object),
            "is_siae": actors["structure_kind"].isin(kinds).to_numpy(bool),
            "is_outside": outside | local.eq(False).fillna(False).to_numpy(bool),
            "status": np.where(nobody, Status.ACTIVE.value, actors["status"].to_numpy(dtype=object)),
            "is_hypothesis": _guessed(f, pairs),
        }
    )
    return boxes[boxes["status"].ne(Status.CLOSED)].reset_index(drop=True)


def _roles(f: Filiere) -> pd.Series:
    """The primary role of each actor."""
    names = np.array([*(role.value for role in Role), None], dtype=object)
    return pd.Series(names[f.network.role], index=f.actors.index)


def _guessed(f: Filiere, pairs: pd.DataFrame) -> np.ndarray:
    """Whether the actor, or every row that puts it at that stage, is a hypothesis."""
    actor = provenance(f, "actors")["confidence"].eq(Confidence.HYPOTHESIS.value)
    rows = f.activities[["actor_id", "stage_id"]].assign(
        guess=provenance(f, "activities")["confidence"].eq(Confidence.HYPOTHESIS.value)
    )
    by_pair = rows.groupby(["actor_id", "stage_id"])["guess"].all()
    asked = pd.MultiIndex.from_frame(pairs[["actor_id", "stage_id"]])
    at_stage = (
        by_pair.reindex(asked).fillna(False).to_numpy(bool) if len(by_pair) else np.zeros(len(pairs), bool)
    )
    return actor.reindex(pairs["actor_id"]).fillna(False).to_numpy(bool) | at_stage


def _stages(f: Filiere, boxes: pd.DataFrame, flows: pd.DataFrame, lang: str) -> pd.DataFrame:
    rows = f.stages
    active = boxes[boxes["status"].eq(Status.ACTIVE.value) & boxes["actor_id"].ne(NOBODY)]
    n_actors = active.groupby("stage_id")["actor_id"].nunique().reindex(rows.index, fill_value=0)
    found = pd.DataFrame(
        {
            "stage_id": rows.index.to_numpy(dtype=object),
            "label": rows["name"].to_numpy(dtype=object),
            "kind": rows["kind"].to_numpy(dtype=object),
            "rank": rows["rank"].to_numpy(),
            "state": _states(f),
            "n_actors": n_actors.to_numpy(),
        }
    )
    found["place"] = _places(rows["rank"])
    loose = [stage for stage in (_BEFORE, _AFTER) if boxes["stage_id"].eq(stage).any()]
    for stage in loose:
        end = found["place"].min() - 1 if stage == _BEFORE else found["place"].max() + 1
        row = {"stage_id": stage, "label": tr("Stage not stated", lang), "rank": pd.NA, "state": PRESENT}
        row |= {"n_actors": int(boxes["stage_id"].eq(stage).sum()), "place": end}
        found = pd.concat([found, pd.DataFrame([row])], ignore_index=True)
    found = found.sort_values("place", kind="stable")
    found["column"] = pd.factorize(found["place"])[0]
    return frame("stages", found)


def _places(rank: pd.Series) -> np.ndarray:
    """A number that orders the stages: the rank; without one, just after the stage above in the table."""
    known = rank.astype("float64")
    after = known.ffill().fillna(known.min() - 1 if known.notna().any() else 0.0)
    step = known.isna().groupby((~known.isna()).cumsum()).cumsum() / (len(rank) + 1)
    return (after + step.astype(float)).to_numpy()


def _states(f: Filiere) -> npt.NDArray[np.str_]:
    """What each stage is in the territory, as the gaps say it."""
    chain = chain_of(f)
    near = chain.here | chain.unplaced
    gap = chain.unit_local[chain.unit]  # expected here, as are its alternatives
    indifferent = f.stages["expected_scale"].eq(ExpectedScale.ANY.value).to_numpy(bool)
    return np.select(
        [near | (chain.away & ~gap), chain.any_member(near)[chain.unit], chain.away],
        [PRESENT, COVERED, OUTSIDE],
        default=np.select(
            [~chain.unit_required[chain.unit], ~gap & indifferent, ~gap],
            [OPTIONAL, ANYWHERE, REGIONAL],
            default=MISSING,
        ),
    )


def _with_throughput(boxes: pd.DataFrame, ribbons: pd.DataFrame) -> pd.DataFrame:
    """The larger of what enters and of what leaves; what is only planned counts where nothing passes yet."""
    sides = []
    for end in ("source_box", "target_box"):
        for current in (True, False):
            rows = ribbons[ribbons["status"].eq(Status.ACTIVE.value) == current]
            sums = rows.groupby(end)[["quantity_t_per_year", "n_unknown"]].sum(min_count=1)
            sides.append(sums.reindex(boxes["box_id"]))
    quantities = np.stack([side["quantity_t_per_year"].to_numpy(float) for side in sides])
    unknown = np.stack([side["n_unknown"].fillna(0).to_numpy(int) for side in sides])
    now = np.isfinite(quantities[[0, 2]]).any(axis=0)
    weights = np.where(np.isfinite(quantities), quantities, -1.0)
    weights[[1, 3]] = np.where(now, -2.0, weights[[1, 3]])
    best, at = weights.argmax(axis=0), np.arange(len(boxes))
    declared = ribbons[ribbons["n_rows"].gt(0)]
    touched = {*declared["source_box"].dropna(), *declared["target_box"].dropna()}
    return boxes.assign(
        quantity_t_per_year=quantities[best, at],
        n_unknown=unknown[best, at],
        has_flow=boxes["box_id"].isin(touched).to_numpy(bool),
    )


def _others(f: Filiere, boxes: pd.DataFrame) -> pd.DataFrame:
    actors = f.actors
    rest = actors[~actors.index.isin(boxes["actor_id"]) & actors["status"].ne(Status.CLOSED.value)]
    role = _roles(f).reindex(rest.index)
    return frame(
        "others", {"actor_id": rest.index, "label": rest["name"].to_numpy(), "role": role.to_numpy()}
    )
