"""Words that several findings of cooperation share: who is named, whom to bring together, what of a group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ....language import N_, enumeration, number, tr, trn
from ....provenance import rests_on_hypothesis
from ....vocabulary import GroupKind
from ...findings import Finding
from ..bodies.members import members_of
from ..survey.asking import whom_to_ask
from ..ties.rows import identifiers
from ..triptyques.pairs import common_partners, documented, first_pair

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....filiere import Filiere
    from ....network import Ties

    Counts = NDArray[np.int64]

__all__ = ["LOOKED_AT", "PAIRS", "Groups", "disjoint", "how_many_tied", "introduced_by", "named", "or_none", "pair",
           "passage_named", "to_ask_of", "to_begin_with", "to_meet"]  # fmt: skip

#: Bodies that need neither the triptyque nor a referent for the programme to work.
_LOOSE = {GroupKind.FORUM.value, GroupKind.COMMUNITY.value, GroupKind.TECHNICAL.value}
#: Pairs to bring together that are named.
PAIRS = 3
#: Pairs among which they are chosen, so that nobody is named twice.
LOOKED_AT = 30
#: How many are named; of the others only the number.
_NAMED = 3


def named(f: Filiere, ties: Ties, places: Counts, lang: str) -> str:
    """Return the names of some nodes; if they are many those of the first ones, and how many others."""
    names = f.actors.loc[ties.nodes[places[:_NAMED]], "name"].tolist()
    if len(places) > _NAMED:
        names.append(trn("{count} other", "{count} others", len(places) - _NAMED, lang))
    return enumeration(names, lang)


def how_many_tied(tied: int, untied: int, unknown: int, lang: str) -> str:
    """Return « connue pour 3, non signalée pour 2 et non documentée pour 1 », said of pairs; what is 0 is left out.

    Of a pair that is documented and not known to be tied, somebody denied it or did not mention it.
    """
    counts = (
        (tied, N_("known for {count}")),
        (untied, N_("not reported for {count}")),
        (unknown, N_("not documented for {count}")),
    )
    return enumeration([tr(said, lang, count=number(count, lang)) for count, said in counts if count], lang)


def pair(
    f: Filiere, ties: Ties, one: int, other: int, lang: str, *, detail: str = "", plain: bool = False
) -> str:
    """Return « A – B », with what is to be known of the pair in brackets unless it is to be `plain`."""
    first, second = (str(f.actors.at[ties.nodes[place], "name"]) for place in (one, other))
    details = [detail] if detail else []
    if not plain and not documented(ties, np.array([one]), np.array([other]))[0]:
        details.append(tr("to be asked first", lang))
    if not details:
        return tr("{first} – {second}", lang, first=first, second=second)
    return tr("{first} – {second} ({detail})", lang, first=first, second=second, detail=", ".join(details))


def disjoint(pairs: Iterable[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    """Return the first pairs that name nobody twice, so that several actors may start at once."""
    chosen: list[tuple[int, int]] = []
    seen: set[int] = set()
    for one, other in pairs:  # over a few dozens
        if len(chosen) < most and not seen & {one, other}:
            chosen.append((one, other))
            seen |= {one, other}
    return chosen


def to_begin_with(f: Filiere, ties: Ties, pairs: Sequence[tuple[int, int]], lang: str) -> str:
    """Return « Pour commencer : A – B. »."""
    told = enumeration([pair(f, ties, one, other, lang) for one, other in pairs], lang)
    return tr("To begin with: {pairs}.", lang, pairs=told)


def introduced_by(f: Filiere, ties: Ties, one: int, other: int, lang: str) -> str:
    """Return who works with both and could introduce them, as a sentence; nothing if nobody does."""
    common = common_partners(ties, one, other)
    if not len(common):
        return ""
    return trn(
        "{actors} works with both and could introduce them to each other.",
        "{actors} work with both and could introduce them to each other.",
        len(common),
        lang,
        actors=named(f, ties, common, lang),
    )


def to_meet(
    f: Filiere, ties: Ties, rows: Counts, columns: Counts, lang: str
) -> tuple[str, tuple[int, int] | None]:
    """Return whom of two sets of nodes to bring together first, as sentences, and the pair."""
    found = first_pair(ties, rows, columns)
    if found is None:
        return "", None
    sentences = [to_begin_with(f, ties, [found], lang), introduced_by(f, ties, *found, lang)]
    return " ".join(sentence for sentence in sentences if sentence), found


def to_ask_of(f: Filiere, ties: Ties, places: Counts, lang: str) -> str:
    """Return « À rencontrer d’abord : A et B. »: of some nodes, those whose answer would document most of their pairs."""
    first = whom_to_ask(f, limit=_NAMED, actors=ties.nodes[places])
    if first.empty:
        return ""
    return tr(
        "To be met first: {actors}.", lang, actors=named(f, ties, ties.nodes.get_indexer(first.index), lang)
    )


def passage_named(f: Filiere, stage: Any, to_stage: Any, lang: str) -> str:
    """Return « De « tri » à « filature » », of stages that may be unknown."""
    names = [
        tr("stage not stated", lang) if or_none(each) is None else f.stages.at[each, "name"]
        for each in (stage, to_stage)
    ]
    return tr("Material from “{stage}” to “{to_stage}”", lang, stage=names[0], to_stage=names[1])


def or_none(value: Any) -> str | None:
    """Return an identifier as text, ``None`` where there is none."""
    return None if value is None or value != value else str(value)


class Groups:
    """Words and rows of the groups, gathered once for all of them."""

    def __init__(self, f: Filiere) -> None:
        seats = members_of(f)
        self.ids, count = identifiers(seats.group_ids), seats.n_groups
        self.frame = f.groups.loc[list(self.ids)]
        self.names, self.kinds = self.frame["name"].tolist(), self.frame["kind"].tolist()
        order = np.argsort(seats.group, kind="stable")
        self.rows = identifiers(seats.rows[order])
        self.ends = np.cumsum(np.bincount(seats.group, minlength=count))
        soft = rests_on_hypothesis(f, "memberships").loc[seats.rows].to_numpy(bool)
        self.soft_members = np.bincount(seats.group[soft], minlength=count)
        self.soft_groups = rests_on_hypothesis(f, "groups").loc[list(self.ids)].to_numpy(bool)
        self._actors, self._actor_ids = seats.actor[order], seats.actor_ids

    def name(self, place: int) -> str:
        """Return the name of a group."""
        return str(self.names[place])

    def loose(self, place: int) -> bool:
        """Whether the rules of the programme bear on such a group less."""
        return self.kinds[place] in _LOOSE

    def partners(self, place: int, ties: Ties) -> Counts:
        """Return the positions in `ties` of the members of a group who could cooperate, ascending."""
        start, end = self.ends[place - 1] if place else 0, self.ends[place]
        found = ties.nodes.get_indexer(self._actor_ids[np.unique(self._actors[start:end])])
        return found[found >= 0].astype(np.int64)

    def finding(
        self, place: int, kind: str, severity: str, message: str, *, unknown: int = 0, members: bool = True
    ) -> Finding:
        """Return a finding about a group, resting on it and on its members."""
        group_id, soft = self.ids[place], int(self.soft_groups[place])
        rows: dict[str, tuple[str, ...]] = {"groups": (group_id,)}
        start, end = self.ends[place - 1] if place else 0, self.ends[place]
        if members and end > start:
            rows["memberships"] = self.rows[start:end]
            soft += int(self.soft_members[place])
        share = soft / sum(map(len, rows.values()))
        return Finding(
            kind, severity, message, group_id=group_id, n_unknown=unknown, hypothesis_share=share, rows=rows
        )
