"""A slow and plain reading of the definitions, and small filières of every shape to hold it against."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import pandas as pd
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.flow_stages import stages_of_flows

FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
Tables = dict[str, pd.DataFrame]


@st.composite
def tables(draw: st.DrawFn) -> Tables:
    """Small filières with loops, holes, parallel flows, unknown places, stages and quantities."""
    stages = [f"s{number}" for number in range(draw(st.integers(2, 5)))]
    actors = [f"a{number}" for number in range(draw(st.integers(1, 6)))]
    of = lambda *values: st.sampled_from(values)  # noqa: E731 (short for what follows)
    every = lambda strategy, names: [draw(strategy) for _ in names]  # noqa: E731
    pairs = st.tuples(st.sampled_from(stages), st.sampled_from(stages))
    links = draw(st.lists(st.tuples(pairs, st.booleans()), max_size=8, unique_by=lambda link: link[0]))
    held = draw(
        st.lists(st.tuples(st.sampled_from(actors), st.sampled_from(stages)), max_size=8, unique=True)
    )
    end = st.sampled_from([*actors, None])
    moves = draw(
        st.lists(st.tuples(end, end).filter(lambda ends: ends[0] != ends[1]), min_size=1, max_size=8)
    )
    return {
        "filiere": pd.DataFrame({"name": ["F"], "territory_id": [draw(of("pays", None))]}),
        "territories": pd.DataFrame({"territory_id": ["pays"], "commune_code": ["76384"]}),
        "stages": pd.DataFrame(
            {
                "stage_id": stages,
                "name": stages,
                "kind": every(of("resource", "operation", "market"), stages),
                "required": every(st.booleans(), stages),
                "expected_scale": every(of("local", "local", "regional", "any"), stages),
            }
        ),
        "stage_links": pd.DataFrame(
            {
                "stage_id": [link[0][0] for link in links],
                "to_stage_id": [link[0][1] for link in links],
                "required": [link[1] for link in links],
            }
        ),
        "actors": pd.DataFrame(
            {
                "actor_id": actors,
                "name": actors,
                "actor_type": every(of("organisation", "organisation", "diffuse", "outside"), actors),
                "roles": every(of("transformer", "supplier", "buyer", "expert"), actors),
                "commune_code": every(of("76384", "14118", None), actors),
                "status": every(of("active", "active", "active", "planned"), actors),
            }
        ),
        "activities": pd.DataFrame(held, columns=["actor_id", "stage_id"]),
        "flows": pd.DataFrame(moves, columns=["source", "target"]).assign(
            quantity_t_per_year=every(of(0.0, 1.0, 7.5, None), moves),
            status=every(of("active", "active", "closed"), moves),
        ),
    }


def filiere(made: Tables) -> Filiere:
    return Filiere.from_tables(strict=False, **made)


def same(first: float, second: float) -> bool:
    return first == second or (math.isnan(first) and math.isnan(second)) or math.isclose(first, second)


class Referee:
    """The definitions of the reference, read row by row."""

    def __init__(self, f: Filiere) -> None:
        actors, stages = f.actors, f.stages
        self.stages = list(stages.index)
        self.kind, self.scale = dict(stages["kind"]), dict(stages["expected_scale"])
        self.required = [stage for stage in self.stages if stages.loc[stage, "required"]]
        self.active = {actor for actor in actors.index if actors.loc[actor, "status"] == "active"}
        self.role, self.type = dict(actors["roles"]), dict(actors["actor_type"])
        local = f.is_local()
        asked = f.territory_id is not None
        self.place = {
            actor: (None if pd.isna(local[actor]) else bool(local[actor]))
            if asked
            else self.type[actor] != "outside"
            for actor in actors.index
        }
        ends = stages_of_flows(f.flows, f.activities, f.stage_links)
        self.flows: list[dict[str, Any]] = []
        for row in f.flows.itertuples():
            known = [end for end in (row.source, row.target) if not pd.isna(end)]
            if row.status == "active" and set(known) <= self.active:
                stages_ = (ends.source[row.Index], ends.target[row.Index])
                self.flows.append({"row": row, "stages": tuple(None if pd.isna(s) else s for s in stages_)})
        self.holds = {
            (row.actor_id, row.stage_id) for row in f.activities.itertuples() if row.actor_id in self.active
        }
        self.served = set()
        for flow in self.flows:
            row = flow["row"]
            for actor, stage in ((row.source, flow["stages"][0]), (row.target, flow["stages"][1])):
                if stage is not None and not pd.isna(actor):
                    self.holds.add((actor, stage))
                elif stage is not None:
                    self.served.add(stage)
        self.links = [(row.stage_id, row.to_stage_id) for row in f.stage_links.itertuples() if row.required]

    def holders(self, stage: str) -> list[str]:
        return [actor for actor, held in self.holds if held == stage]

    def held(self, stage: str) -> bool:
        return bool(self.holders(stage)) or stage in self.served

    def here(self, stage: str) -> bool | None:
        places = [self.place[actor] for actor in self.holders(stage)]
        return True if True in places else None if None in places else False

    def made(self, link: tuple[str, str]) -> bool | None:
        start, end = link
        if any((actor, end) in self.holds for actor in self.holders(start)):
            return True
        if any(flow["stages"] == link for flow in self.flows):
            return True
        for flow in self.flows:
            row, (left, right) = flow["row"], flow["stages"]
            fits_left = left == start or (left is None and (row.source, start) in self.holds)
            fits_right = right == end or (right is None and (row.target, end) in self.holds)
            if fits_left and fits_right:
                return None
        return False

    def coverage(self) -> float:
        states = [self.here(stage) for stage in self.required if self.scale[stage] == "local"]
        decided = [state for state in states if state is not None]
        return sum(decided) / len(decided) if decided else math.nan

    def paths(self) -> list[list[str]]:
        graph: nx.DiGraph = nx.DiGraph(self.links)
        graph.add_nodes_from(self.stages)
        return [
            path
            for start in self.stages
            for end in self.stages
            if self.kind[start] == "resource" and self.kind[end] == "market"
            for path in nx.all_simple_paths(graph, start, end)
        ]

    def weight(self) -> float:
        paths = self.paths()
        missing = {
            stage for stage in self.required if self.scale[stage] == "local" and self.here(stage) is False
        }
        total = sum(len(path) for path in paths)
        return sum(len(missing & set(path)) for path in paths) / total if total else math.nan

    def passages(self) -> float:
        states = [state for link in self.links if (state := self.made(link)) is not None]
        return states.count(False) / len(states) if states else math.nan

    def completeness(self) -> float:
        states = []
        for path in self.paths():
            links = [self.made(link) for link in zip(path[:-1], path[1:], strict=True)]
            there = all(self.held(stage) for stage in path)
            states.append(False if not there or False in links else None if None in links else True)
        decided = [state for state in states if state is not None]
        return sum(decided) / len(decided) if decided else math.nan

    def between(self) -> list[Any]:
        rows = [flow["row"] for flow in self.flows]
        return [row for row in rows if pd.isna(row.source) or row.source != row.target]

    def taking_part(self) -> set[str]:
        moving = {end for row in self.between() for end in (row.source, row.target) if not pd.isna(end)}
        chain = moving | {actor for actor, _ in self.holds}
        return {actor for actor in chain if actor in self.active and self.type[actor] != "outside"}

    def ends(self, kind: str, role: str) -> set[str]:
        held = {actor for actor, stage in self.holds if self.kind[stage] == kind}
        return held | {actor for actor, roles in self.role.items() if roles == role}

    def dead_ends(self) -> set[str]:
        leaving = {row.source for row in self.between()}
        return self.taking_part() - self.ends("market", "buyer") - leaving

    def orphans(self) -> set[str]:
        reached = {row.target for row in self.between()}
        return self.taking_part() - self.ends("resource", "supplier") - reached

    def dead_end_share(self) -> float:
        known = [row for row in self.between() if not pd.isna(row.quantity_t_per_year)]
        total = sum(row.quantity_t_per_year for row in known)
        stuck = sum(row.quantity_t_per_year for row in known if row.target in self.dead_ends())
        return stuck / total if total else math.nan

    # -- what is to be found ------------------------------------------------------------------------

    def missing_stages(self) -> set[str]:
        """Expected here, held by nobody anywhere."""
        return {s for s in self.expected_here() if self.here(s) is False and not self.held(s)}

    def outside_stages(self) -> set[str]:
        """Expected here, held or served from elsewhere only."""
        return {s for s in self.expected_here() if self.here(s) is False and self.held(s)}

    def expected_here(self) -> list[str]:
        return [stage for stage in self.required if self.scale[stage] == "local"]

    def single_actor_stages(self) -> set[str]:
        found = set()
        for stage in self.required:
            holders = set(self.holders(stage))
            if len(holders) == 1 and self.type[holders.pop()] == "organisation":
                found.add(stage)
        return found

    def missing_passages(self) -> set[tuple[str, str]]:
        return {
            link for link in self.links
            if self.held(link[0]) and self.held(link[1]) and self.made(link) is False
        }  # fmt: skip

    def broken_paths(self) -> dict[tuple[str, str], str]:
        """Resource and market → how pressing it is; a passage of which nobody knows does not break a path."""
        whole: dict[tuple[str, str], list[bool]] = {}
        for path in self.paths():
            links = zip(path[:-1], path[1:], strict=True)
            there = all(map(self.held, path)) and all(self.made(link) is not False for link in links)
            whole.setdefault((path[0], path[-1]), []).append(there)
        return {ends: "medium" if any(of) else "high" for ends, of in whole.items() if not all(of)}

    def stuck_actors(self) -> set[str]:
        return self.dead_ends() & {row.target for row in self.between()}
