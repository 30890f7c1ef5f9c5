"""The mixed-integer program of a plan: columns, and rows that each know which rule they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .chain_part import add_chain
from .gaps import Gaps
from .money import add_money, payments
from .rows import EUR, Rows
from .rules import Rules, add_order, add_supervision
from .tables import Asked

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from .chain_rows import Chain
    from .rows import Rule

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Model", "model_of"]


#: How often the largest limit that is known a flow may be at most.
AMPLE = 1e4


@dataclass(frozen=True)
class Model:
    """A plan as a mixed-integer program: ``low ≤ matrix · columns ≤ high``, ``0 ≤ columns ≤ upper``.

    Attributes
    ----------
    asked, chain, gaps
        What it is made of; `chain` is ``None`` where it plays no part.
    parts
        Where each part of the columns begins and ends: ``units`` decided (options × years), ``starts`` (of
        options of several units), ``tonnes`` (options of the chain × years), ``aid``, ``receipts``, ``money``
        (along `pays`), ``gaps``, ``flows`` (years × variables of the chain). Money in thousand euros.
    pays
        Along ``money``: budget, option, 0 for the investment or 1 for the yearly cost, year.
    decided, started, operating, running
        Options × years as rows over the columns: units decided, whether decided, units in operation, whether in
        operation.
    rule, rules
        Of each row, a position among the rules, or −1.
    lower, upper, whole
        Bounds of the columns, all of them finite, and which are integers.
    totals
        Name → a vector over the columns: ``insertion_fte`` (FTE-years), ``served_t`` (tonnes over the years, to
        be taken from those of today), ``closed_gaps`` (gap-years), ``budgets`` (thousand euros).
    """

    asked: Asked
    chain: Chain | None
    gaps: Gaps
    parts: dict[str, slice]
    pays: Codes
    decided: csr_array
    started: csr_array
    operating: csr_array
    running: csr_array
    matrix: csr_array
    low: Values
    high: Values
    rule: Codes
    rules: tuple[Rule, ...]
    lower: Values
    upper: Values
    whole: Mask
    totals: dict[str, Values]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.upper)


def model_of(
    asked: Asked,
    chain: Chain | None,
    gaps: Gaps,
    asks: Rules,
) -> Model:
    """Return the program of a plan that keeps to some rules."""
    from scipy.sparse import csr_array, kron, vstack
    from scipy.sparse import eye_array as eye

    n, t = asked.size
    several = np.flatnonzero(asked.units > 1)
    pays = payments(asked)
    tied = 0 if chain is None else len(chain.option)
    sizes = {
        "units": n * t,
        "starts": len(several) * t,
        "aid": n * t,
        "money": len(pays),
        "gaps": gaps.size * t,
        "tonnes": tied * t,
        "receipts": tied * t,
        "flows": 0 if chain is None else chain.program.n_variables * t,
    }
    ends = np.cumsum(list(sizes.values()))
    parts = {
        name: slice(int(end) - size, int(end)) for (name, size), end in zip(sizes.items(), ends, strict=True)
    }
    width = int(ends[-1])

    def pick(columns: Codes) -> csr_array:
        count = len(columns)
        return csr_array((np.ones(count), (np.arange(count), columns)), shape=(count, width))

    decided = pick(np.arange(n * t))
    begins = np.arange(n * t).reshape(n, t)
    begins[several] = parts["starts"].start + np.arange(len(several) * t).reshape(-1, t)
    started = pick(begins.ravel())
    later = _in_operation(asked)
    operating, running = (later @ decided).tocsr(), (later @ started).tocsr()
    upper = _most(asked, chain, parts, pays, width)
    upper[parts["units"]] = (asked.allowed * asked.units[:, None]).ravel()
    upper[parts["starts"]] = asked.allowed[several].ravel()
    upper[parts["gaps"]] = 1.0
    whole = np.zeros(width, dtype=bool)
    whole[parts["units"]] = whole[parts["starts"]] = True
    rows = Rows(width)
    if len(several):
        own = (several[:, None] * t + np.arange(t)).ravel()
        many = np.repeat(asked.units[several].astype(np.float64), t)
        scaled = started[own].multiply(many[:, None]).tocsr()
        rows.add(decided[own] - scaled, -np.inf, 0.0)
        rows.add(decided[own] - started[own], 0.0, np.inf)
    each = kron(eye(n), np.ones((1, t)), format="csr")
    rows.add(each @ started, -np.inf, 1.0)
    add_order(rows, asked, started, each)
    nothing = np.zeros(0, dtype=np.int64)
    add_money(rows, asked, parts, pays, nothing if chain is None else chain.option, decided, operating, each)
    if asks.supervision_ratio is not None:
        add_supervision(rows, asked, operating, running, ratio=asks.supervision_ratio)
    if chain is not None:
        add_chain(rows, asked, chain, parts, operating, running, asks)
    if gaps.size:
        closes = kron(csr_array(gaps.closes.astype(np.float64)), eye(t), format="csr")
        rows.add(pick(np.arange(parts["gaps"].start, parts["gaps"].stop)) - closes @ running, -np.inf, 0.0)
    fte = np.repeat(np.nan_to_num(asked.fte), t) @ operating
    totals = {name: np.zeros(width) for name in ("served_t", "closed_gaps", "budgets")}
    if chain is not None:
        serve = np.zeros(chain.program.n_variables)
        serve[chain.program.starts["serve"]] = 1.0
        totals["served_t"][parts["flows"]] = np.tile(serve, t)
    totals["closed_gaps"][parts["gaps"]] = 1.0
    totals["budgets"][parts["money"]] = 1.0
    return Model(
        asked=asked,
        chain=chain,
        gaps=gaps,
        parts=parts,
        pays=pays,
        decided=decided,
        started=started,
        operating=operating,
        running=running,
        matrix=vstack(rows.matrices, format="csr"),
        low=np.concatenate(rows.low),
        high=np.concatenate(rows.high),
        rule=np.concatenate(rows.rule),
        rules=tuple(rows.rules),
        lower=np.zeros(width),
        upper=upper,
        whole=whole,
        totals=totals | {"insertion_fte": np.asarray(fte).ravel()},
    )


def _most(asked: Asked, chain: Chain | None, parts: dict[str, slice], pays: Codes, width: int) -> Values:
    """Return an upper bound of each column of money and tonnes that its rows imply, whatever rules are left out.

    HiGHS 1.12 crashes, turns for ever or finds nothing in some programs whose columns have no upper bound. Flows
    may turn in circles without one: theirs is beyond what yields of a ten-thousandth could ask for.
    """
    t = asked.size[1]
    most = np.zeros(width)
    costs = np.stack([asked.investment, asked.running], axis=1) * asked.units[:, None] / EUR
    most[parts["money"]] = costs[pays[:, 1], pays[:, 2]]
    most[parts["aid"]] = np.repeat(np.minimum(asked.aid, asked.running) * asked.units / EUR, t)
    if chain is None:
        return most
    own, capacity = asked.units[chain.option], chain.capacity
    most[parts["tonnes"]] = np.repeat(capacity * own, t)
    earns = asked.receipts[chain.option] > 0
    most[parts["receipts"]] = np.repeat(np.where(earns, asked.running[chain.option] * own / EUR, 0.0), t)
    known = np.concatenate([chain.program.limit[np.isfinite(chain.program.limit)], capacity * own, [100.0]])
    most[parts["flows"]] = np.tile(np.where(chain.program.open_, AMPLE * float(known.max()), 0.0), t)
    return most


def _in_operation(asked: Asked) -> csr_array:
    """Return what turns decisions into operation: the sum of the years up to now, less the delay."""
    from scipy.sparse import coo_array

    n, t = asked.size
    option, now, then = (part.ravel() for part in np.indices((n, t, t)))
    use = then + asked.delay[option] <= now
    shape = (n * t, n * t)
    data = (np.ones(int(use.sum())), ((option * t + now)[use], (option * t + then)[use]))
    return coo_array(data, shape=shape).tocsr()
