"""How much Python a computation runs, counted in bytecode: no clock, the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import pandas as pd

import chaine_valeur
from chaine_valeur import Filiere
from chaine_valeur.network import Network

PACKAGE = Path(chaine_valeur.__file__).parent
STAGES = ("gisement", "collecte", "tri", "fibre", "marche")


def steps(act: Callable[[], Any], *, rooms: Iterable[str]) -> int:
    """Return how many bytecodes of some rooms of the package run while `act` does.

    A loop over rows, a comprehension, or a function mapped over a column count once a row; what pandas, numpy
    and scipy do in one call does not count at all.
    """
    prefixes = tuple(str(PACKAGE / room) for room in rooms)
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        if event == "call":
            if not frame.f_code.co_filename.startswith(prefixes):
                return None
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        elif event == "opcode":
            count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


def grown(size: int) -> Filiere:
    """Return a chain of five stages with `size` actors in the same cases whatever their number.

    Each stage has a fifth of the actors; each exchanges with one of the next stage. At *tri* and *marche* half
    of them exchange nothing. One in three was met; each cooperates with the next one in the table.
    """
    names = [f"a{number:06d}" for number in range(size)]
    stage = [STAGES[number % 5] for number in range(size)]
    ends = [
        (names[number], names[number + 1])
        for number in range(size - 1)
        if number % 5 < 4 and not (number % 5 in (1, 2, 3) and number // 5 % 2)
    ]
    return Filiere.from_tables(
        stages={"stage_id": STAGES, "name": STAGES, "rank": range(1, 6),
                "kind": ["resource", "operation", "operation", "operation", "market"]},
        stage_links={"stage_id": STAGES[:-1], "to_stage_id": STAGES[1:]},
        materials={"material_id": ["m"], "name": ["m"]},
        actors={
            "actor_id": names,
            "name": names,
            "roles": [("supplier", "transformer", "transformer", "insertion", "buyer")[n % 5] for n in range(size)],
            "pole": [("enterprise", "ess", "elected", "ess", "enterprise")[n % 5] for n in range(size)],
            "surveyed_on": ["2024-01-01" if number % 3 == 0 else None for number in range(size)],
        },
        activities={"actor_id": names, "stage_id": stage, "capacity_t_per_year": [10.0 + n % 7 for n in range(size)],
                    "insertion_fte": [float(n % 4) for n in range(size)]},
        markets={"stage_id": ["gisement"], "material_id": ["m"], "kind": ["supply"], "level": ["mobilized"],
                 "quantity_t_per_year": [1e6]},
        flows=pd.DataFrame(ends, columns=["source", "target"]).assign(material_id="m", quantity_t_per_year=2.0),
        cooperations={"actor_id": names[:-1], "to_actor_id": names[1:], "kind": "information"},
        groups={"group_id": ["g", "h"], "name": ["G", "H"]},
        memberships={"group_id": [("g", "h")[number % 2] for number in range(size)], "actor_id": names},
    )  # fmt: skip


def fresh(f: Filiere) -> Filiere:
    """Return the same filière of which nothing is kept from an earlier computation."""
    return f.at(2024)


def core(f: Filiere) -> Network:
    return Network.of(f)
