"""The chain inside a plan: what may flow in a year, and which of its limits belong to options."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...analysis.flows.carrying.program import Program, program_of
from ...analysis.flows.carrying.solve import best, leanest, without_limit
from .extended import Extended, extended_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from .tables import Asked

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Chain", "activity_nodes", "chain_of_options"]


@dataclass(frozen=True)
class Chain:
    """One year of the chain with every option, all of them closed.

    Attributes
    ----------
    program
        Balances, limits and which variables may be used; a limit that options open is 0, or that of today.
    extended
        The filière that it is of.
    option
        Positions of the options with a tonnage; what follows runs along it.
    carries
        Options × variables: what enters the activity, or passes.
    today
        t/year of that today, in the optimum without any option: 0 for what is new.
    capacity
        t/year that one unit adds; of one that states none, the most that could ever come.
    opens
        Limits × options: 1 where the capacity of an option adds to a limit.
    joint
        t/year that all flows of a passage together may carry today, inf where each one alone says it.
    group
        Options that share an activity or a passage have the same number.
    viable
        t/year that the option itself has to carry, 0 for none.
    viable_in_all
        t/year that has to enter its stage's activity as a whole, 0 for none.
    served_today
        t/year served without any option; NaN where nothing limits it.
    limited
        Whether known limits bound what is served with every option.
    told
        Option → why it has no tonnage: ``no_holder``, ``no_stage``, ``not_apart``, ``unlimited``.
    """

    program: Program
    extended: Extended
    option: Codes
    carries: csr_array
    today: Values
    capacity: Values
    opens: csr_array
    joint: Values
    group: Codes
    viable: Values
    viable_in_all: Values
    served_today: float
    limited: bool
    told: dict[str, str]


def chain_of_options(asked: Asked) -> Chain | str:
    """Return the chain with every option of a plan, or why there is none: ``no_flow``, ``no_buyer``."""
    from scipy.sparse import csr_array, vstack

    base = asked.filiere
    nobody = np.zeros(0, dtype=np.int32)
    asks: dict[str, Any] = {"supply_level": "firmest", "materials": None, "imports": True, "without": nobody}
    extended = extended_of(base, asked.options)
    program = program_of(extended.filiere, **asks)
    mixed = _not_apart(program, extended)
    if mixed:  # an actor whose flows do not say at which stage they end: its activities cannot be told apart
        extended = extended_of(base, asked.options.drop(index=mixed))
        program = program_of(extended.filiere, **asks)
    if not program.system.arcs.size:
        return "no_flow"
    if program.demands.groups.empty:
        return "no_buyer"
    program = _with_inputs_of_today(program, program_of(base, **asks), extended)
    told = extended.told | dict.fromkeys(mixed, "not_apart")
    places = _places(program, extended, asked)
    option = np.array(sorted(places), dtype=np.int64)
    rows = [_carrying(program, *places[one]) for one in option.tolist()]
    carries = vstack(rows, format="csr") if rows else csr_array((0, program.n_variables))
    keys = [places[one] for one in option.tolist()]
    names = list(dict.fromkeys(keys))
    group = np.array([names.index(key) for key in keys], dtype=np.int64)
    opens = _opens(program, keys, extended, asked.options.index[option])
    stated = asked.options["capacity_t_per_year"].to_numpy(np.float64)[option]
    capacity = stated.copy()
    limit = _all_open(program, opens, stated, asked.units[option])
    for place in np.flatnonzero(np.isnan(stated)).tolist():  # over options without a capacity of their own
        capacity[place] = _most(program, carries[[place]], limit)
        if np.isnan(capacity[place]):
            told[str(asked.options.index[option[place]])] = "unlimited"
    kept = ~np.isnan(capacity)
    whole = np.zeros(len(option))
    own = asked.options["minimum_viable_t_per_year"].to_numpy(np.float64)[option]
    minimum = base.stages["minimum_viable_t_per_year"]
    for place, one in enumerate(option.tolist()):  # over options
        at = extended.activity.get(str(asked.options.index[one]))
        if np.isnan(own[place]) and at is not None:
            whole[place] = float(np.nan_to_num(float(minimum.get(at[1], np.nan))))
    bounded = without_limit(program, limit) is None
    served, today = np.nan, np.zeros(len(option))
    if without_limit(program, program.limit) is None:
        first = best(program, program.limit)
        served = first.served
        today = np.asarray(carries @ leanest(program, program.limit, first).z).ravel()
    return Chain(
        program=program,
        extended=extended,
        option=option[kept],
        carries=carries[kept],
        today=np.where(today > 1e-7, today, 0.0)[kept],
        capacity=capacity[kept],
        opens=opens[:, kept],
        joint=_joint(program, keys, opens)[kept],
        group=group[kept],
        viable=np.nan_to_num(own)[kept],
        viable_in_all=whole[kept],
        served_today=served,
        limited=bounded,
        told=told,
    )


def _with_inputs_of_today(program: Program, today: Program, extended: Extended) -> Program:
    """Return the program with what today enters without limit, and without senders that options alone make.

    A passage that an option may open fills a row that nothing fills today: closed, it must not take away what
    is taken as brought from elsewhere today.
    """
    from scipy.sparse import coo_array, csr_array, hstack, vstack

    new = program.system
    rows = {key: place for place, key in enumerate(_row_keys(program))}
    fill = set(program.fill_row.tolist())
    keys = _row_keys(today)
    extra = []
    for row in today.fill_row.tolist():  # over what enters without limit
        actor, stage, material = keys[row]
        found = next(
            (rows[key] for key in ((actor, stage, material), (actor, stage, ""), (actor, "", material)) if key in rows),
            None,
        )  # fmt: skip
        if found is not None and found not in fill:
            fill.add(found)
            extra.append(found)
    was = set(keys)
    facts = program.facts
    orphan = facts.leaves & ~facts.taken & ~facts.resource & ~facts.outside
    names = _row_keys(program)
    shut = [k for k, row in enumerate(program.fill_row.tolist()) if orphan[row] and names[row] not in was]
    starts, at = program.starts, program.starts["fill"].stop
    open_ = program.open_.copy()
    open_[np.array(shut, dtype=np.int64) + starts["fill"].start] = False
    if not extra:
        return replace(program, open_=open_)
    size = len(extra)
    column = coo_array(
        (np.ones(size), (extra, np.arange(size))), shape=(program.balances.shape[0], size)
    ).tocsr()
    node = new.row_node[np.array(extra)]
    entering = vstack(
        [
            csr_array((node == of).astype(np.float64)[None, :])
            if kind == "activity"
            else csr_array((1, size))
            for kind, of in zip(program.limit_kind, program.limit_of, strict=True)
        ]
        or [csr_array((0, size))],
        format="csr",
    )
    moved = {
        name: part
        if name not in ("fill", "serve")
        else slice(part.start + (size if name == "serve" else 0), part.stop + size)
        for name, part in starts.items()
    }

    def widened(matrix: csr_array, new_columns: csr_array) -> csr_array:
        return hstack([matrix[:, :at], new_columns, matrix[:, at:]], format="csr")

    return replace(
        program,
        fill_row=np.concatenate([program.fill_row, np.array(extra, dtype=np.int32)]),
        starts=moved,
        balances=widened(program.balances, column),
        limits=widened(program.limits, entering),
        open_=np.concatenate([open_[:at], np.ones(size, dtype=bool), open_[at:]]),
    )


def _row_keys(program: Program) -> list[tuple[str, str, str]]:
    """Return actor, stage and material of each balance, by identifier."""
    system = program.system
    net = system.filiere.network
    parts = []
    for ids, codes in (
        (net.actor_ids, system.nodes.actor[system.row_node]),
        (net.stage_ids, system.nodes.stage[system.row_node]),
        (net.material_ids, system.row_material),
    ):  # over three kinds of identifiers
        parts.append(np.append(ids.to_numpy(object), "")[codes])
    return list(zip(*parts, strict=True))


def _not_apart(program: Program, extended: Extended) -> list[str]:
    """Return the new activities that no limit of their own can close."""
    whole = program.system.nodes.whole
    limited = set(program.limit_of[program.limit_kind == "activity"].tolist())
    at = {place: n in limited and not whole[n] for place, n in activity_nodes(program).items()}
    return [name for name in sorted(extended.new) if not at.get(extended.activity[name], False)]


def _joint(program: Program, keys: list[tuple[str, tuple[int, ...]]], opens: csr_array) -> Values:
    """Return what several flows of one passage carry together today; inf where one has no limit, or is alone."""
    found = np.full(len(keys), np.inf)
    for place, (kind, of) in enumerate(keys):  # over options
        hit = np.isin(program.limit_of, of) & (program.limit_kind == kind)
        if kind == "flow" and len(of) > 1 and hit.sum() == len(of):
            found[place] = program.limit[hit].sum()
    return found


def activity_nodes(program: Program) -> dict[tuple[str, str], int]:
    """Return (actor, stage) → node of each activity."""
    nodes = program.system.nodes
    frame = nodes.activities.frame
    return {
        (a, s): int(n)
        for a, s, n in zip(frame["actor_id"], frame["stage_id"], nodes.activity_node, strict=True)
    }


def _places(program: Program, extended: Extended, asked: Asked) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Return option → what it opens: a node, or flows."""
    net, at = program.system.filiere.network, activity_nodes(program)
    flow = {name: place for place, name in enumerate(net.flow_ids.tolist())}
    found: dict[int, tuple[str, tuple[int, ...]]] = {}
    for place, name in enumerate(asked.options.index):  # over options
        if name in extended.activity and extended.activity[name] in at:
            found[place] = ("activity", (at[extended.activity[name]],))
        elif name in extended.passages:
            flows = tuple(flow[one] for one in extended.passages[name] if one in flow)
            if flows:
                found[place] = ("flow", flows)
    return found


def _carrying(program: Program, kind: str, of: tuple[int, ...]) -> csr_array:
    """Return as a row what enters a node, or passes along flows."""
    from scipy.sparse import csr_array

    system, starts = program.system, program.starts
    arcs = system.arcs
    row = np.zeros(program.n_variables)
    if kind == "flow":
        row[starts["arc"]][np.isin(arcs.flow, of)] = 1.0
    else:
        node = of[0]
        row[starts["arc"]][(arcs.target == node) & (arcs.source != node)] = 1.0
        row[starts["draw"]][system.row_node[program.supplies.places["row"].to_numpy()] == node] = 1.0
        row[starts["fill"]][system.row_node[program.fill_row] == node] = 1.0
    return csr_array(row[None, :])


def _opens(
    program: Program, keys: list[tuple[str, tuple[int, ...]]], extended: Extended, names: Any
) -> csr_array:
    """Return limits × options: which limits the capacity of an option adds to."""
    from scipy.sparse import coo_array

    rows, columns = [], []
    for place, (kind, of) in enumerate(keys):  # over options
        hit = np.flatnonzero((program.limit_kind == kind) & np.isin(program.limit_of, of))
        rows += hit.tolist()
        columns += [place] * len(hit)
    shape = (len(program.limit), len(keys))
    return coo_array((np.ones(len(rows)), (rows, columns)), shape=shape).tocsr()


def _all_open(program: Program, opens: csr_array, capacity: Values, units: Codes) -> Values:
    """Return the limits with every option in operation; inf where one states no capacity."""
    added = np.where(np.isnan(capacity), np.inf, capacity * units)
    limit = program.limit.copy()
    coo = opens.tocoo()
    np.add.at(limit, coo.coords[0], added[coo.coords[1]])
    return limit


def _most(program: Program, carries: csr_array, limit: Values) -> float:
    """Return the most that an option could carry with everything open, NaN where nothing limits it."""
    from scipy.optimize import linprog
    from scipy.sparse import vstack

    finite = np.isfinite(limit)
    matrix = vstack([-program.balances, program.limits[finite]], format="csr")
    right = np.concatenate([np.zeros(program.balances.shape[0]), limit[finite]])
    bounds = np.column_stack([np.zeros(program.n_variables), np.where(program.open_, np.inf, 0.0)])
    cost = -np.asarray(carries.todense()).ravel()
    found = linprog(cost, A_ub=matrix, b_ub=right, bounds=bounds, method="highs")
    return float(-found.fun) if found.status == 0 else np.nan
