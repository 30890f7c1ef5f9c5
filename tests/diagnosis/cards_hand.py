"""Small filières in which an indicator is at an end of its range, or as near to it as one likes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, permutations
from typing import Any

from chaine_valeur.filiere import Filiere
from chaine_valeur.vocabulary import Pole

#: A filière that is made when it is asked for.
Making = Callable[[], Filiere]
POLES = [pole.value for pole in Pole]


def named(count: int) -> list[str]:
    """Return the names of some actors."""
    return [f"a{place}" for place in range(count)]


def traded(count: int, flows: Sequence[tuple[int | None, int | None, float]], **actors: Any) -> Filiere:
    """Return actors between whom material passes: from, to (none: outside), tonnes."""
    ends = [
        [None if end is None else f"a{end}" for end in side]
        for side in zip(*[row[:2] for row in flows], strict=True)
    ]
    return Filiere.from_tables(
        actors={"name": named(count), **actors},
        flows={"source": ends[0], "target": ends[1], "quantity_t_per_year": [row[2] for row in flows]},
        strict=False,
    )


def tied(count: int, pairs: Sequence[tuple[int, int]], **actors: Any) -> Filiere:
    """Return actors of whom all were asked, some pairs of whom cooperate."""
    return Filiere.from_tables(
        actors={"name": named(count), "surveyed_on": ["2024-03-12"] * count, **actors},
        cooperations={
            "actor_id": [f"a{one}" for one, _ in pairs],
            "to_actor_id": [f"a{other}" for _, other in pairs],
        },
        strict=False,
    )


def everyone(count: int) -> list[tuple[int, int]]:
    """Return all pairs."""
    return list(combinations(range(count), 2))


def seated(poles: Sequence[str]) -> Filiere:
    """Return one group with a seat for each of some colleges."""
    names = named(len(poles))
    return Filiere.from_tables(
        actors={"name": names, "pole": list(poles)},
        groups={"name": ["GT"]},
        memberships={"group_id": ["GT"] * len(names), "actor_id": names},
        strict=False,
    )


def left(exits: int, lasting: int, transition: int = 0, positive: int = 0) -> Filiere:
    """Return an ACI that so many people left in the year, and where to."""
    return Filiere.from_tables(
        actors={"name": ["Chantier"], "structure_kind": ["ACI"]},
        agreements={"actor_id": ["Chantier"], "year": [2024], "exits": [exits], "lasting_exits": [lasting],
                    "transition_exits": [transition], "positive_exits": [positive]},
        strict=False,
    )  # fmt: skip


def sold(amounts: Sequence[float], poles: Sequence[str]) -> Filiere:
    """Return actors that buy nothing and sell for so much."""
    names = named(len(amounts))
    kinds = ["sales", "purchases"] * len(names)
    money = [value for amount in amounts for value in (max(amount, 0.0), max(-amount, 0.0))]
    return Filiere.from_tables(
        actors={"name": names, "pole": list(poles)},
        costs={
            "actor_id": [name for name in names for _ in range(2)],
            "kind": kinds,
            "amount_eur_per_year": money,
        },
        flows={"source": ["a0"], "target": [None], "amount_eur_per_year": [0.0]},  # accounts go with flows
        strict=False,
    )


def reached(jobs: float, target: float) -> Filiere:
    """Return posts that were reached and expected."""
    return Filiere.from_tables(
        actors={"name": ["Relais"]},
        outcomes={"scope": ["filiere"], "unit": ["post"], "target": [target], "reached": [jobs]},
        strict=False,
    )


def entering(tonnes: float | None) -> Filiere:
    """Return a sorting line of 10 t a year, and what enters it."""
    return Filiere.from_tables(
        stages={"name": ["Tri"]},
        actors={"name": ["Trieuse"]},
        activities={"actor_id": ["Trieuse"], "stage_id": ["Tri"], "capacity_t_per_year": [10]},
        flows={"source": [None], "target": ["Trieuse"], "quantity_t_per_year": [tonnes]},
        strict=False,
    )


def unpaid() -> Filiere:
    """Return posts that cost nothing, under an agreement without aid, at a stage without jobs that tonnes enter."""
    return Filiere.from_tables(
        stages={"name": ["Tri"]},
        actors={"name": ["Chantier"], "structure_kind": ["ACI"]},
        activities={"actor_id": ["Chantier"], "stage_id": ["Tri"], "jobs_fte": [0]},
        flows={"source": [None], "target": ["Chantier"], "quantity_t_per_year": [40]},
        agreements={"actor_id": ["Chantier"], "year": [2024], "agreed_fte": [3], "aid_eur_per_fte": [0]},
        outcomes={"scope": ["filiere"], "unit": ["post"], "reached": [3]},
        funding={"scope": ["filiere"], "purpose": ["animation"], "state": ["paid"], "amount_eur": [0]},
        strict=False,
    )


#: Indicator → an end of its range, and a filière in which it is there (the draws reach the other ends).
AT_THE_END: dict[str, list[tuple[float, Making]]] = {
    # six colleges of one euro each; then one that has 300 where another has lost 200
    "F3": [(1 / 6, lambda: sold([1.0] * 6, POLES)), (3.0, lambda: sold([300.0, -200.0], POLES[:2]))],
    "D8": [(0.0, lambda: seated(["ess"] * 4)), (1.0, lambda: seated(POLES))],
    # seven left: none, or all, into a lasting job
    "G6": [(0.0, lambda: left(7, 0)), (1.0, lambda: left(7, 2, 3, 2))],
    "G7": [(0.0, lambda: left(7, 0)), (1.0, lambda: left(7, 7))],
    # a core of one that is tied to all the others
    "D12": [(1.0, lambda: tied(31, [(0, other) for other in range(1, 31)]))],
    "G9": [(0.0, lambda: reached(0, 10)), (1.5, lambda: reached(15, 10))],
    "G3": [(0.0, unpaid)],
    "G4": [(0.0, unpaid)],
    "F7": [(0.0, unpaid)],
    # a sorting line of 10 t at which nothing arrives; a flow of which nobody tells the tonnes
    "B7": [(0.0, lambda: entering(0.0))],
    "B3": [(0.0, lambda: entering(None)), (1.0, lambda: entering(4.0))],
    # one way in a row; the reserve is then nothing
    "C4": [(1.0, lambda: traded(3, [(0, 1, 5.0), (1, 2, 5.0)]))],
    "C5": [(0.0, lambda: traded(3, [(0, 1, 5.0), (1, 2, 5.0)]))],
    "C1": [(1.0, lambda: traded(3, [(0, 1, 5.0), (1, 2, 5.0)]))],
}
#: Indicator → an end that is never reached, and a filière in which it is within a twentieth of it.
NEAR_THE_END: dict[str, tuple[float, Making]] = {
    # of 100 t that go round, 99 come back
    "B10": (1.0, lambda: traded(2, [(None, 0, 1.0), (0, 1, 100.0), (1, 0, 99.0), (1, None, 1.0)])),
    # all to all, as much each
    "C4": (0.0, lambda: traded(12, [(one, other, 1.0) for one, other in permutations(range(12), 2)])),
    # thirty suppliers of one buyer
    "C1": (0.0, lambda: traded(31, [(one, 30, 1.0) for one in range(30)])),
    # a ring in which neighbours are of different colleges: each mediates once
    "D9": (0.0, lambda: tied(24, [(one, (one + 1) % 24) for one in range(24)], pole=["ess", "elected"] * 12)),
    # a hundred pairs that know nobody else: no core is tied to the others
    "D12": (0.0, lambda: tied(200, [(2 * one, 2 * one + 1) for one in range(100)])),
}
