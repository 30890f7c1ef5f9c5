"""From a filière to the cards and columns of its map: who stands where, and what the details say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..language import quantity, tr
from ..network import codes_of, latest_year
from ..provenance import rests_on_hypothesis
from ..schema import table, unit_label
from ..text import split_list
from ..vocabulary import ActorType, Role, Status, StructureKind, label
from .page import COLUMN_FIELDS, NODE_FIELDS

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["EXPORT", "IMPORT", "card_frames", "shown_actors"]

#: Columns, and cards, of what comes from the outside and goes there; no identifier holds a zero byte.
IMPORT, EXPORT = "\0import", "\0export"

Pairs = tuple[tuple[str, str], ...]


def shown_actors(f: Filiere) -> pd.DataFrame:
    """Return the actors of the map: all but those that have closed."""
    return f.actors[(f.actors["status"] != Status.CLOSED.value).to_numpy(bool)]


def card_frames(f: Filiere, *, lang: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cards and the columns of a map (fields of `NODE_FIELDS` and `COLUMN_FIELDS`).

    An actor has a card per stage that it holds (``actor_id`` for the first, ``actor_id`` and stage for the
    others), one without a column if it holds none. Without a table of stages the primary roles are the
    columns. A blank end of a flow is a card of its own, upstream or downstream of all.
    """
    actors = shown_actors(f)
    held = _held(f)
    held = held[held["actor_id"].isin(actors.index)]
    outside = _outside(f, actors, held)
    columns = _stage_columns(f, held, lang=lang) if len(f.stages) else _role_columns(actors, lang=lang)
    cards = _cards(f, actors, held, outside, lang=lang)
    groups = _groups(f, lang=lang)
    blank = [_blank_end(name, lang=lang) for name in sorted(_blank_ends(f), reverse=True)]
    nodes = pd.DataFrame([*cards, *groups, *blank], columns=list(NODE_FIELDS))
    ends = set(nodes["column_id"]) & {IMPORT, EXPORT}
    before = [(IMPORT, tr("From outside", lang), False, "", ())] if IMPORT in ends else []
    after = [(EXPORT, tr("To the outside", lang), False, "", ())] if EXPORT in ends else []
    return nodes, pd.DataFrame([*before, *columns, *after], columns=list(COLUMN_FIELDS))


def _held(f: Filiere) -> pd.DataFrame:
    """Return actor, stage and whether that rests on a hypothesis, each pair once, in the order of the rows."""
    rows = f.activities[["actor_id", "stage_id"]].assign(soft=rests_on_hypothesis(f, "activities"))
    return rows.groupby(["actor_id", "stage_id"], sort=False, as_index=False)["soft"].all()


def _blank_ends(f: Filiere) -> set[str]:
    net = f.network
    found = {IMPORT} if (net.flow_source < 0).any() else set()
    return found | ({EXPORT} if (net.flow_target < 0).any() else set())


def _outside(f: Filiere, actors: pd.DataFrame, held: pd.DataFrame) -> dict[str, str]:
    """Return the column of the actors of type *outside* that hold no stage: where their material goes."""
    names = actors.index[(actors["actor_type"] == ActorType.OUTSIDE.value).to_numpy(bool)].difference(held["actor_id"])
    net = f.network
    gives, takes = set(net.actor_ids[net.flow_source]), set(net.actor_ids[net.flow_target])
    return {name: EXPORT if name in takes and name not in gives else IMPORT for name in names if name in gives | takes}


def _stage_columns(f: Filiere, held: pd.DataFrame, *, lang: str) -> list[tuple[Any, ...]]:
    net = f.network
    stages = f.stages.iloc[np.argsort(f.stages["rank"].fillna(1_000_000).to_numpy(float), kind="stable")]
    states = stage_states(f)
    notes = {
        "missing": tr("Stage absent from the territory", lang),
        "elsewhere": tr("Held from outside the territory only", lang),
        "regional": tr("Not expected locally", lang),
        "covered": tr("Held by an alternative", lang),
        "optional": tr("Optional", lang),
    }
    home = table("stages")
    count = pd.Series(net.holders, index=net.stage_ids)
    return [
        (
            row.Index,
            str(row.name),
            states[row.Index] == "missing",
            notes.get(states[row.Index], ""),
            _pairs(
                (home["kind"].label(lang), label(row.kind, "stage_kind", lang)),
                (home["expected_scale"].label(lang), label(row.expected_scale, "expected_scale", lang)),
                (home["required"].label(lang), _yes_no(row.required, lang)),
                (tr("Active actors", lang), str(int(count[row.Index]))),
                (home["minimum_viable_t_per_year"].label(lang), _amount(row.minimum_viable_t_per_year, "t/year", lang)),
            ),
        )
        for row in stages.rename_axis("stage_id").itertuples()
    ]


def stage_states(f: Filiere) -> dict[str, str]:
    """Return what each stage is: present, missing, or why its emptiness is no gap.

    ``present`` (an active actor holds it; in the territory, or nobody knows where), ``elsewhere`` (expected
    locally, held only by actors known to be outside), ``regional`` (not expected locally), ``covered``
    (another stage of its alternative group is held), ``optional``, ``missing``.
    """
    net, stages = f.network, f.stages
    holders = pd.Series(net.holders, index=net.stage_ids)
    away = net.local[net.activity_actor] == 0
    near = pd.Series(np.bincount(net.activity_stage[~away], minlength=net.n_stages), index=net.stage_ids)
    held_groups = set(stages.loc[holders.gt(0), "alternative_group"].dropna())
    states = {}
    for stage in stages.itertuples():  # a loop over stages
        local = stage.expected_scale == "local" or pd.isna(stage.expected_scale)
        if holders[stage.Index]:
            states[stage.Index] = "present" if near[stage.Index] or not local else "elsewhere"
        elif stage.alternative_group in held_groups:
            states[stage.Index] = "covered"
        elif pd.notna(stage.required) and not stage.required:
            states[stage.Index] = "optional"
        else:
            states[stage.Index] = "missing" if local else "regional"
    return states


def _role_columns(actors: pd.DataFrame, *, lang: str) -> list[tuple[Any, ...]]:
    """Return a column per primary role, for a filière that says nothing of its stages."""
    first = set(actors["roles"].str.partition(";")[0])
    return [(role.value, role.label(lang), False, "", ()) for role in Role if role.value in first]


def _cards(
    f: Filiere, actors: pd.DataFrame, held: pd.DataFrame, outside: dict[str, str], *, lang: str
) -> list[tuple[Any, ...]]:
    stages_of: dict[str, list[tuple[str, bool]]] = {}
    for actor, stage, soft in held.itertuples(index=False):
        stages_of.setdefault(actor, []).append((stage, bool(soft)))
    by_role = not len(f.stages)
    soft_actor = dict(zip(f.actors.index, rests_on_hypothesis(f, "actors").tolist(), strict=True))
    about = _Details(f, lang)
    siae = {kind.value for kind in StructureKind if kind.is_siae}
    marked = {kind.value for kind in StructureKind if kind.family != "other"}
    cards = []
    for row in actors.itertuples():  # a loop over cards: each becomes a line of the page
        actor, roles = row.Index, split_list(row.roles)
        kind = "" if pd.isna(row.structure_kind) else str(row.structure_kind)
        # an insertion structure of which nobody said the kind is one all the same
        insertion = kind in siae or (not kind and Role.INSERTION.value in roles)
        badge = kind if kind in marked else tr("IAE", lang) if insertion else ""
        own = stages_of.get(actor) or [(roles[0] if by_role and roles else outside.get(actor, ""), False)]
        details = about.of(row, stages_of.get(actor, []))
        for at, (column, soft) in enumerate(own):
            doubtful = row.status != Status.ACTIVE.value or soft or soft_actor[actor]
            node_id = actor if at == 0 else card_id(actor, column)
            cards.append((node_id, actor, "actor", str(row.name), tuple(roles), badge, insertion, doubtful, column, details))
    return cards


def card_id(actor: str, stage: str) -> str:
    """Return the key of the card of an actor at a stage that is not its first."""
    return f"{actor}\0{stage}"


class _Details:
    """What the panel says of an actor; labels are those of the schema."""

    def __init__(self, f: Filiere, lang: str) -> None:
        self.lang = lang
        self.home = table("actors")
        self.names = f.actors["name"].to_dict()
        self.stages = f.stages["name"].to_dict()
        self.local = dict(zip(f.network.actor_ids, f.network.local.tolist(), strict=True))
        activities = f.activities
        year = latest_year(activities)
        if year is not None:
            activities = activities[(activities["year"].isna() | (activities["year"] == year)).to_numpy(bool)]
        self.activity = {(row.actor_id, row.stage_id): row for row in activities.itertuples()}

    def of(self, row: Any, stages: list[tuple[str, bool]]) -> Pairs:
        """Return (label, text) pairs; what is unknown is left out."""
        lang, home = self.lang, self.home
        kind = "" if row.actor_type == ActorType.ORGANISATION.value else label(row.actor_type, "actor_type", lang)
        status = "" if row.status == Status.ACTIVE.value else label(row.status, "status", lang)
        where = {1: tr("In the territory", lang), 0: tr("Outside the territory", lang)}.get(self.local[row.Index], "")
        commune = "" if pd.isna(row.commune_name) else str(row.commune_name)
        return _pairs(
            (home["roles"].label(lang), ", ".join(label(role, "role", lang) for role in split_list(row.roles))),
            (home["pole"].label(lang), label(row.pole, "pole", lang)),
            (home["structure_kind"].label(lang), label(row.structure_kind, "structure_kind", lang)),
            (home["actor_type"].label(lang), kind),
            (home["status"].label(lang), status),
            (table("stages").label(lang), "\n".join(self._stage(row.Index, stage, soft) for stage, soft in stages)),
            (home["commune_name"].label(lang), ", ".join(part for part in (commune, where) if part)),
            (home["part_of"].label(lang), self.names.get(row.part_of, "")),
        )

    def _stage(self, actor: str, stage: str, soft: bool) -> str:
        """Return « Tri : capacité 1 200 t/an, emplois 12 ETP (hypothèse) »."""
        name = str(self.stages.get(stage, stage))
        row = self.activity.get((actor, stage))
        told = []
        if row is not None:
            home = table("activities")
            for column in ("capacity_t_per_year", "jobs_fte", "insertion_fte"):
                amount = _amount(getattr(row, column), home[column].unit, self.lang)
                if amount:
                    told.append(f"{home[column].label(self.lang).lower()} {amount}")
        if soft:
            told.append(tr("to be confirmed", self.lang))
        return f"{name} ({', '.join(told)})" if told else name


def _groups(f: Filiere, *, lang: str) -> list[tuple[Any, ...]]:
    home = table("groups")
    names = f.actors["name"].to_dict()
    members = f.memberships.drop_duplicates(["group_id", "actor_id"])
    size = np.bincount(codes_of(members["group_id"], f.groups.index), minlength=len(f.groups))
    groups = []
    for at, row in enumerate(f.groups.itertuples()):
        details = _pairs(
            (home["kind"].label(lang), label(row.kind, "group_kind", lang)),
            (home["referent_id"].label(lang), names.get(row.referent_id, "")),
            (tr("Known members", lang), str(int(size[at])) if size[at] else tr("unknown", lang)),
        )
        groups.append((f"group\0{row.Index}", row.Index, "group", str(row.name), (), "", False, False, "", details))
    return groups


def _blank_end(name: str, *, lang: str) -> tuple[Any, ...]:
    words = tr("Outside: who delivers is not named", lang), tr("Outside: who receives is not named", lang)
    label_ = tr("Outside the territory", lang)
    note = words[0] if name == IMPORT else words[1]
    return (name, name, "outside", label_, (), "", False, False, name, ((label_, note),))


def _pairs(*pairs: tuple[str, str]) -> Pairs:
    return tuple((name, text) for name, text in pairs if text)


def _yes_no(value: Any, lang: str) -> str:
    return "" if pd.isna(value) else tr("yes", lang) if value else tr("no", lang)


def _amount(value: Any, unit: str, lang: str) -> str:
    return "" if pd.isna(value) else quantity(float(value), unit_label(unit, lang), lang)
