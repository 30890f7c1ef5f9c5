"""From a filière to the cards and columns of its map: who stands where, and what the details say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..figures import ChainData
from ..figures.frames import MISSING, NOBODY, UNNAMED, stage_sentence
from ..language import tr
from ..network import codes_of
from ..provenance import provenance
from ..schema import table
from ..text import split_list
from ..vocabulary import Confidence, Role, Status, StructureKind, label
from .details import ActorDetails, amount, pairs, yes_no
from .page import COLUMN_FIELDS, NODE_FIELDS

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["EXPORT", "IMPORT", "card_frames", "card_ids", "shown_actors"]

#: Columns, and cards, of what comes from the outside and goes there; no identifier holds a zero byte.
IMPORT, EXPORT = "\0import", "\0export"


def shown_actors(f: Filiere) -> pd.DataFrame:
    """Return the actors of the map: all but those that have closed."""
    return f.actors[(f.actors["status"] != Status.CLOSED.value).to_numpy(bool)]


def card_ids(chain: ChainData) -> dict[str, str]:
    """Return the card of each box of the chain figure: that of the actor, or a further one of its own."""
    boxes = chain.boxes
    first = ~boxes["actor_id"].duplicated() & (boxes["actor_id"] != NOBODY)
    names = np.where(first, boxes["actor_id"], "\0" + boxes["box_id"])
    return dict(zip(chain.boxes["box_id"].tolist(), names.tolist(), strict=True))


def card_frames(f: Filiere, chain: ChainData, *, lang: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cards and the columns of a map (fields of `NODE_FIELDS` and `COLUMN_FIELDS`).

    Stages, their state and who stands at them are those of the chain figure. An actor has a card per stage,
    one without a column if it has none. Without a table of stages the primary roles are the columns. An end
    of a flow that is neither actor nor stage is a card of its own, before or after all.
    """
    actors = shown_actors(f)
    by_role = not len(f.stages)
    columns = _role_columns(actors, lang=lang) if by_role else _stage_columns(f, chain, lang=lang)
    drawn = chain.ribbons
    blank = [IMPORT] if drawn["source_box"].isna().any() else []
    blank += [EXPORT] if drawn["target_box"].isna().any() else []
    nodes = pd.DataFrame(
        [
            *_cards(f, chain, actors, by_role=by_role, lang=lang),
            *_groups(f, lang=lang),
            *_outside_at_stages(chain, lang=lang),
            *(_outside(name, name, tr("Outside the territory", lang), lang=lang) for name in blank),
        ],
        columns=list(NODE_FIELDS),
    )
    last = max((column[2] for column in columns), default=-1) + 1
    ends = {
        IMPORT: (IMPORT, tr("From outside", lang), -1, False, "", ()),
        EXPORT: (EXPORT, tr("To the outside", lang), last, False, "", ()),
    }
    columns += [ends[name] for name in blank]
    frame = pd.DataFrame(sorted(columns, key=lambda column: column[2]), columns=list(COLUMN_FIELDS))
    place = np.unique(frame["place"].to_numpy(dtype=int), return_inverse=True)[1]
    return nodes, frame.assign(place=place)


def _stage_columns(f: Filiere, chain: ChainData, *, lang: str) -> list[tuple[Any, ...]]:
    home, viable = table("stages"), "minimum_viable_t_per_year"
    columns = []
    for row in chain.stages.itertuples():
        details = pairs((tr("Active actors", lang), str(int(row.n_actors))))
        if row.stage_id not in UNNAMED:
            stage = f.stages.loc[row.stage_id]
            details = pairs(
                (home["kind"].label(lang), label(stage["kind"], "stage_kind", lang)),
                (home["expected_scale"].label(lang), label(stage["expected_scale"], "expected_scale", lang)),
                (home["required"].label(lang), yes_no(stage["required"], lang)),
                (home[viable].label(lang), amount(stage[viable], home[viable].unit, lang)),
                *details,
            )
        note = stage_sentence(row.state, lang)
        name = _column_id(row.stage_id)
        columns.append((name, str(row.label), int(row.column), row.state == MISSING, note, details))
    return columns


def _column_id(stage: str) -> str:
    """Return the key of the column of a stage; the two stages without a name need one too."""
    return f"\0stage{stage}" if stage in UNNAMED else stage


def _role_columns(actors: pd.DataFrame, *, lang: str) -> list[tuple[Any, ...]]:
    """Return a column per primary role, for a filière that says nothing of its stages."""
    first = {roles[0] for cell in actors["roles"].unique() if (roles := split_list(cell))}
    held = [role for role in Role if role.value in first]
    return [(role.value, role.label(lang), at, False, "", ()) for at, role in enumerate(held)]


def _cards(
    f: Filiere, chain: ChainData, actors: pd.DataFrame, *, by_role: bool, lang: str
) -> list[tuple[Any, ...]]:
    ids = card_ids(chain)
    stands: dict[str, list[tuple[str, str, bool]]] = {}
    boxes = chain.boxes[["actor_id", "box_id", "stage_id", "is_hypothesis"]]
    for actor, box, stage, guess in boxes.itertuples(index=False):
        stands.setdefault(actor, []).append((ids[box], stage, bool(guess)))
    guessed = provenance(f, "actors")["confidence"].eq(Confidence.HYPOTHESIS.value)
    about = ActorDetails(f, lang)
    cards = []
    for row in actors.itertuples():  # a loop over cards: each becomes a line of the page
        actor, roles = row.Index, split_list(row.roles)
        held = stands.get(actor, [])
        details = about.of(row, [(stage, guess) for _, stage, guess in held if stage not in UNNAMED])
        if by_role or not held:
            own = [(actor, roles[0] if by_role and roles else "", False)]
        else:
            own = [(card, _column_id(stage), guess) for card, stage, guess in held]
        for card, column, guess in own:
            doubtful = row.status != Status.ACTIVE.value or guess or bool(guessed[actor])
            marks = (*_insertion(row, roles, lang), doubtful)
            cards.append((card, actor, "actor", str(row.name), tuple(roles), *marks, column, details))
    return cards


def _insertion(row: Any, roles: list[str], lang: str) -> tuple[str, bool]:
    """Return the letters of the badge, and whether the actor is an insertion structure."""
    kind = "" if pd.isna(row.structure_kind) else str(row.structure_kind)
    known = {term.value: term for term in StructureKind}.get(kind)
    if known is None:
        # an insertion structure of which nobody said the kind is one all the same
        insertion = Role.INSERTION.value in roles
        return (tr("IAE", lang) if insertion else "", insertion)
    return ("" if known.family == "other" else kind, known.is_siae)


def _groups(f: Filiere, *, lang: str) -> list[tuple[Any, ...]]:
    home = table("groups")
    names = f.actors["name"].to_dict()
    members = f.memberships.drop_duplicates(["group_id", "actor_id"])
    size = np.bincount(codes_of(members["group_id"], f.groups.index), minlength=len(f.groups))
    groups = []
    for at, row in enumerate(f.groups.itertuples()):
        details = pairs(
            (home["kind"].label(lang), label(row.kind, "group_kind", lang)),
            (home["referent_id"].label(lang), names.get(row.referent_id, "")),
            (tr("Known members", lang), str(int(size[at])) if size[at] else tr("unknown", lang)),
        )
        marks = ("", False, False)
        groups.append((f"group\0{row.Index}", row.Index, "group", str(row.name), (), *marks, "", details))
    return groups


def _outside_at_stages(chain: ChainData, *, lang: str) -> list[tuple[Any, ...]]:
    """Return a card for each stage that an outside without a name serves."""
    ids = card_ids(chain)
    boxes = chain.boxes[chain.boxes["actor_id"] == NOBODY]
    rows = boxes[["box_id", "stage_id", "label"]].itertuples(index=False)
    return [_outside(ids[box], _column_id(stage), str(name), lang=lang) for box, stage, name in rows]


def _outside(card: str, column: str, name: str, *, lang: str) -> tuple[Any, ...]:
    details = ((name, tr("Who delivers or receives there is not named.", lang)),)
    return (card, card, "outside", name, (), "", False, False, column, details)
