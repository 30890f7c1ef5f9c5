"""Who passes what to whom once an option stands: neighbours of a new activity, materials that two ends share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ...vocabulary import Status

if TYPE_CHECKING:
    import pandas as pd

    from ...filiere import Filiere

__all__ = ["Building", "join", "listed", "materials_between"]


@dataclass
class Building:
    """What grows while the options are put in place."""

    base: Filiere
    actors: pd.DataFrame
    activities: pd.DataFrame
    flows: pd.DataFrame
    held: dict[str, list[str]]
    recipes: dict[tuple[str, ...], tuple[str, ...]]
    seen: dict[tuple[str, ...], tuple[str, ...]]
    supplied: dict[tuple[str, ...], tuple[str, ...]]
    joined: set[tuple[str, str, str]]
    links: list[tuple[str, str, str | None]]
    new_flows: list[dict[str, Any]] = field(default_factory=list)
    known: dict[tuple[Any, ...], str] = field(default_factory=dict)
    priced: dict[tuple[str, str, str, str], set[str | None]] = field(default_factory=dict)

    def pass_on(
        self, source: tuple[str, str], target: tuple[str, str], material: str | None, cap: float
    ) -> str:
        """Return the flow from one activity to another, made where there is none."""
        key = (*source, *target, material)
        if key not in self.known:
            name = f"plan-{len(self.new_flows) + 1}"
            while name in self.flows.index:
                name += "x"
            self.new_flows.append(
                {"flow_id": name, "source": source[0], "source_stage": source[1], "target": target[0],
                 "target_stage": target[1], "material_id": material, "capacity_t_per_year": cap,
                 "status": Status.ACTIVE.value}
            )  # fmt: skip
            self.known[key] = name
        return self.known[key]

    def price_what_is_new(self) -> None:
        """Note what the flows made so far pass on, as what options have a price for."""
        for one in self.new_flows:
            ends = ((one["source"], one["source_stage"]), (one["target"], one["target_stage"]))
            for end, place, other in (("source", *ends), ("target", *ends[::-1])):
                self.priced.setdefault((end, *place, other[1]), set()).add(one["material_id"])

    def has_price(self, place: tuple[str, str], other: str, material: str | None, *, onward: bool) -> bool:
        """Return whether an option has a price for what passes between an activity and a stage."""
        named = self.priced.get(("source" if onward else "target", *place, other), set())
        return bool(named) and (material is None or None in named or material in named)


def join(work: Building, place: tuple[str, str]) -> None:
    """Open passages between a new activity and every holder of the stages expected next to it.

    None where a flow is declared between it and that stage, nor of what an option has a price to let pass there.
    """
    actor, stage = place
    for start, end, material in work.links:  # over the expected passages
        for here, there, forward in ((start, end, False), (end, start, True)):
            if here != stage or _declared(work, place, there, onward=not forward):
                continue
            for other in work.held.get(there, ()):
                if other == actor:  # what an actor passes on to itself needs no passage
                    continue
                ends = ((other, there), place) if forward else (place, (other, there))
                for passed in materials_between(work, ends[0], ends[1], material):
                    if work.has_price(place, there, passed, onward=not forward):
                        continue
                    work.pass_on(ends[0], ends[1], passed, np.nan)


def _declared(work: Building, place: tuple[str, str], other: str, *, onward: bool) -> bool:
    """Return whether a flow is declared between an activity and a stage."""
    return (f"{place[0]}>" if onward else f">{place[0]}", place[1], other) in work.joined


def materials_between(
    work: Building, source: tuple[str, str], target: tuple[str, str], named: str | None
) -> list[str | None]:
    """Return what could pass: what the source has at hand and the target takes; nothing where they do not meet."""
    at_hand, taken = _at_hand(work, source), _taken(work, target)
    if named is not None:
        return [] if at_hand and named not in at_hand else [named]
    if at_hand and taken:
        return [one for one in at_hand if one in taken]
    return list(at_hand or taken) or [None]


def _recipe(work: Building, place: tuple[str, str], side: str) -> tuple[str, ...]:
    """Return what the recipes of an activity take (``in``) or make (``out``): its own, else those of its stage."""
    own = [work.recipes.get((place[1], place[0], one), ()) for one in ("in", "out")]
    if any(own):
        return own[side == "out"]
    return work.recipes.get((place[1], "", side), ())


def _at_hand(work: Building, place: tuple[str, str]) -> tuple[str, ...]:
    """Return what an activity may send: what its recipe makes, else what reaches or leaves it, or is supplied."""
    made = _recipe(work, place, "out")
    if made:
        return made
    found = [*work.seen.get(place, ()), *work.supplied.get(place, ()), *work.supplied.get(("", place[1]), ())]
    return tuple(dict.fromkeys(found)) or _expected_at(work, place[1])


def _taken(work: Building, place: tuple[str, str]) -> tuple[str, ...]:
    return _recipe(work, place, "in") or _expected_at(work, place[1])


def _expected_at(work: Building, stage: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m for _, end, m in work.links if end == stage and m is not None))


def listed(*columns: pd.Series) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the distinct values of the last column per key, made of the others; a blank part is an empty text."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    parts = [column.astype(object).where(column.notna(), "").tolist() for column in columns]
    for *key, value in zip(*parts, strict=True):  # once over recipes, flows, markets
        if value:
            found.setdefault(tuple(map(str, key)), {})[str(value)] = None
    return {key: tuple(values) for key, values in found.items()}
