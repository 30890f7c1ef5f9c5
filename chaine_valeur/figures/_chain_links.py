"""The ribbons of the chain figure: what passes between two boxes, and which stages it has to cross."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..language import tr
from ..network import codes_of
from .frames import INTERNAL, PRESENT, UNNAMED, frame

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["ribbons_of"]


def ribbons_of(
    f: Filiere, flows: pd.DataFrame, stages: pd.DataFrame, boxes: pd.DataFrame, lang: str
) -> pd.DataFrame:
    """Return the ribbons: flows added up by boxes, material, status and certainty; passages within actors.

    Parameters
    ----------
    flows
        The flows to draw, with the stage at both ends.
    stages, boxes
        The frames of the figure.
    """
    known = set(boxes["box_id"])
    rows = flows.assign(n_unknown=flows["quantity_t_per_year"].isna().astype(int), n_rows=1)
    for end in ("source", "target"):
        box = rows[end] + "@" + rows[f"{end}_stage"].str.strip()
        rows[f"{end}_box"] = box.where(rows[end].notna() & box.isin(known), "")
    rows["material_id"] = rows["material_id"].where(rows["material_id"].notna(), "")
    key = ["source_box", "target_box", "material_id", "status", "is_hypothesis"]
    grouped = rows.groupby(key, sort=False)
    found = grouped.agg(
        quantity_t_per_year=("quantity_t_per_year", lambda column: column.sum(min_count=1)),
        n_rows=("n_rows", "sum"),
        n_unknown=("n_unknown", "sum"),
        flow_ids=("flow_id", tuple),
        source_stage=("source_stage", "first"),
        target_stage=("target_stage", "first"),
    ).reset_index()
    names = f.materials["name"]
    place = found["material_id"].map({material: number for number, material in enumerate(names.index)})
    found = found.iloc[np.argsort(place.fillna(len(names)).to_numpy(), kind="stable")].reset_index(drop=True)
    named = found["material_id"].map(names).astype(object)
    found["material"] = named.where(named.notna(), tr("material not stated", lang))
    found = pd.concat([found, _internal(f, stages, boxes, found)], ignore_index=True)
    found["ribbon_id"] = [f"ribbon-{number}" for number in range(1, len(found) + 1)]
    found["passes"] = _passes(f, found, stages)
    blank = found[["source_box", "target_box", "material_id"]]
    found[["source_box", "target_box", "material_id"]] = blank.where(blank.ne(""), None)
    return frame("ribbons", found)


def _internal(f: Filiere, stages: pd.DataFrame, boxes: pd.DataFrame, ribbons: pd.DataFrame) -> pd.DataFrame:
    """The passages that one actor makes by holding both stages, where no row speaks of them."""
    links = f.stage_links[["stage_id", "to_stage_id"]].astype(object).drop_duplicates()
    if links.empty:  # nothing expected: from one column to the next
        near = stages[["stage_id", "column"]].merge(
            stages.assign(column=stages["column"] - 1)[["stage_id", "column"]],
            on="column",
            suffixes=("", "_to"),
        )
        links = near[["stage_id", "stage_id_to"]].set_axis(["stage_id", "to_stage_id"], axis=1)
    here = boxes[["actor_id", "stage_id", "box_id"]]
    pairs = here.merge(links, on="stage_id").merge(
        here.set_axis(["actor_id", "to_stage_id", "to_box_id"], axis=1), on=["actor_id", "to_stage_id"]
    )
    column = stages.set_index("stage_id")["column"]
    onwards = pairs["stage_id"].map(column).lt(pairs["to_stage_id"].map(column))
    told = set(zip(ribbons["source_box"], ribbons["target_box"], strict=True))
    fresh = [pair not in told for pair in zip(pairs["box_id"], pairs["to_box_id"], strict=True)]
    pairs = pairs[onwards & np.array(fresh, dtype=bool)]
    return pd.DataFrame(
        {
            "source_box": pairs["box_id"].to_numpy(dtype=object),
            "target_box": pairs["to_box_id"].to_numpy(dtype=object),
            "source_stage": pairs["stage_id"].to_numpy(dtype=object),
            "target_stage": pairs["to_stage_id"].to_numpy(dtype=object),
            "material_id": "",
            "material": "",
            "quantity_t_per_year": np.nan,
            "n_rows": 0,
            "n_unknown": 0,
            "status": INTERNAL,
            "is_hypothesis": False,
            "flow_ids": [()] * len(pairs),
        }
    )


def _passes(f: Filiere, ribbons: pd.DataFrame, stages: pd.DataFrame) -> list[tuple[str, ...]]:
    """The stages held by nobody by which the expected chain leads from one end of a ribbon to the other."""
    empty = stages[stages["n_actors"].eq(0) & stages["state"].ne(PRESENT)]
    column = stages.set_index("stage_id")["column"]
    leads = _leads(f)
    found: list[tuple[str, ...]] = []
    for row in ribbons.itertuples():
        if not row.source_box or not row.target_box:
            found.append(())
            continue
        low, high = column[row.source_stage], column[row.target_stage]
        between = empty[(empty["column"] > low) & (empty["column"] < high)]
        on_way = [
            stage
            for stage in between["stage_id"]
            if leads is None or (leads.at[row.source_stage, stage] and leads.at[stage, row.target_stage])
        ]
        # one per column: of two stages side by side, the first
        found.append(tuple(dict((column[stage], stage) for stage in reversed(on_way)).values())[::-1])
    return found


def _leads(f: Filiere) -> pd.DataFrame | None:
    """Whether the expected passages lead from one stage to another; ``None`` where none is expected."""
    links, names = f.stage_links, f.stages.index
    if links.empty:
        return None
    reach = np.zeros((len(names), len(names)), dtype=bool)
    reach[codes_of(links["stage_id"], names), codes_of(links["to_stage_id"], names)] = True
    for stage in range(len(names)):  # Warshall: over the stages only
        reach |= reach[:, [stage]] & reach[[stage], :]
    return pd.DataFrame(reach, index=names, columns=names).reindex(
        index=[*names, *UNNAMED], columns=[*names, *UNNAMED], fill_value=False
    )
