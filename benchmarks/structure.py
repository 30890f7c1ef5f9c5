"""The structural diagnostic of one filière: core, figures, breaks and network, against networkx and igraph.

Every side starts from validated tables. Ours: the core is built, then the figures of `SHARED` with their bounds, the
breaks that findings are about, parts, loops and what holds the networks together. networkx: graphs of names, then the
same numbers without bounds, asserted equal. igraph: what it has of them, import counted.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

import chaine_valeur as cv
from chaine_valeur.analysis.gaps.many import breaks_of
from chaine_valeur.analysis.structure import structure_of
from chaine_valeur.kernels import using
from chaine_valeur.network import Core
from chaine_valeur.portfolio.many import in_one_pass

from . import by_igraph
from .generator import Chain, layered_chain
from .measuring import Figure, alternately, growth, peak, same, timed
from .referee import graphs, numbers
from .shared import SHARED, our_numbers

__all__ = ["EXTRAPOLATED", "SIZES", "checked", "diagnostic", "figures", "fresh", "modes", "raw_bytes"]

SIZES = (50, 1_000, 10_000, 100_000, 1_000_000)
#: networkx is measured up to here; it takes minutes beyond, and tens of gigabytes.
MOST_NETWORKX = 100_000
#: Every figure that is computed in one pass, shared or not, is timed up to here.
MOST_EVERY = 10_000
EXTRAPOLATED = "networkx, extrapolated"
PART = "structure"
#: Sizes between which the growth is measured.
GROWTH = (10_000, 1_000_000)


def fresh(f: cv.Filiere) -> cv.Filiere:
    """Return the same filière with nothing computed yet, so that building the core is timed too."""
    return cv.Filiere(f._conformed)


def diagnostic(core: Core, indicators: Iterable[str] = SHARED) -> tuple[dict[str, Any], Any, pd.DataFrame]:
    """Return some figures of a core, where its chains break, what its networks look like."""
    known = in_one_pass()
    measured = {name: known[name].many(core) for name in indicators}  # type: ignore[misc]
    return measured, breaks_of(core), structure_of(core)


def raw_bytes(core: Core) -> int:
    """Return the bytes of the arrays of a core, both layers of ties included, each array once."""
    rows = core.cooperation_rows
    arrays = [getattr(core, field.name) for field in fields(Core)] + [
        rows.row,
        rows.a,
        rows.b,
        rows.kind,
        rows.absent,
    ]
    held = {}
    for array in arrays:
        if isinstance(array, np.ndarray):
            while isinstance(array.base, np.ndarray):  # a view holds nothing of its own
                array = array.base
            held[id(array)] = array.nbytes
    return sum(held.values())


def figures(
    sizes: Sequence[int] = SIZES, *, runs: int, tell: Callable[[str], None] = lambda _: None
) -> list[Figure]:
    """Return what was measured: seconds at each size, memory, growth, against networkx and igraph."""
    found: list[Figure] = []
    for size in sizes:
        tell(f"a chain of {size:,} actors, checked")
        chain, f, seconds = checked(size)
        found += [_seconds("validation", size, "plain", seconds), *_at_size(chain, f, runs=runs, tell=tell)]
    for kernels in modes():
        known = [
            one for one in found if one.what == "diagnostic" and one.by == kernels and one.size >= GROWTH[0]
        ]
        exponent = growth([one.size for one in known], [one.value for one in known])
        found.append(Figure(PART, "growth", max(sizes), kernels, "exponent", exponent))
    return found + _extrapolated(found, sizes)


@lru_cache(maxsize=1)
def checked(size: int) -> tuple[Chain, cv.Filiere, float]:
    """Return a chain, the filière that it makes and the seconds that its validation took; the last one is kept."""
    gc.collect()
    chain = layered_chain(size)
    seconds, f = timed(lambda: cv.Filiere.from_tables(**chain.tables), runs=1)
    return chain, f, seconds


def modes() -> tuple[str, ...]:
    """Return the versions of the kernels that can run here."""
    return ("plain", "compiled") if find_spec("numba") else ("plain",)


def _seconds(what: str, size: int, by: str, value: float) -> Figure:
    return Figure(PART, what, size, by, "seconds", value)


def _at_size(chain: Chain, f: cv.Filiere, *, runs: int, tell: Callable[[str], None]) -> list[Figure]:
    size = len(chain.tables["actors"])
    often = runs if size > 1_000 or runs == 1 else 5 * runs

    def whole(kernels: str) -> Callable[[], Any]:
        def act() -> Any:
            with using(kernels):
                return diagnostic(fresh(f).network)

        return act

    acts = {kernels: whole(kernels) for kernels in modes()}
    for act in acts.values():
        act()  # numba reads its cache, modules are imported
    tell(f"  diagnostic, {' and '.join(acts)}")
    seconds, given = alternately(acts, runs=often)
    mine = {kernels: our_numbers(one) for kernels, one in given.items()}
    found = [_seconds("diagnostic", size, kernels, value) for kernels, value in seconds.items()]
    if size <= MOST_EVERY:
        every = list(in_one_pass())
        taken, _ = timed(lambda: diagnostic(fresh(f).network, every), runs=often)
        found.append(_seconds(f"every figure of one pass ({len(every)})", size, "plain", taken))
    for kernels, one in mine.items():
        same(one, mine["plain"], who=f"plain kernels, against {kernels}")
    found += [one for kernels in acts for one in _memory(f, size, kernels)]
    if size <= MOST_NETWORKX:
        tell("  networkx")
        build, made = timed(lambda: graphs(chain), runs=1 if size > 10_000 else often)
        theirs, expected = timed(lambda: numbers(made), runs=1 if size > 10_000 else often)
        same(mine["plain"], expected, who="networkx")
        found += [
            _seconds("graphs", size, "networkx", build),
            _seconds("diagnostic", size, "networkx", build + theirs),
        ]
    if by_igraph.there():
        tell("  igraph")
        taken, shared = timed(lambda: by_igraph.numbers(chain), runs=1 if size > 10_000 else often)
        same(mine["plain"], shared, who="igraph")
        found.append(_seconds("parts and cuts", size, "igraph", taken))
        for kernels in acts:
            with using(kernels):
                ours, _ = timed(lambda: structure_of(fresh(f).network), runs=often)
            found.append(_seconds("parts and cuts", size, kernels, ours))
    return found


def _memory(f: cv.Filiere, size: int, kernels: str) -> list[Figure]:
    """Return the peak of the act beyond the arrays of the core, over those: in all, and once the core is there."""
    with using(kernels):
        whole = peak(lambda: diagnostic(fresh(f).network))
        core = fresh(f).network
        raw = raw_bytes(core)
        extra = peak(lambda: diagnostic(core))
    return [
        Figure(PART, "arrays of the core", size, kernels, "bytes", raw),
        Figure(PART, "extra memory, core built", size, kernels, "times the arrays", extra / raw),
        Figure(
            PART, "extra memory, building included", size, kernels, "times the arrays", (whole - raw) / raw
        ),
    ]


def _extrapolated(found: Sequence[Figure], sizes: Sequence[int]) -> list[Figure]:
    """Return what networkx would take beyond: its own growth between the two largest sizes measured, no measurement."""
    known = sorted(
        (one.size, one.value) for one in found if one.what == "diagnostic" and one.by == "networkx"
    )[-2:]
    if len(known) < 2:
        return []
    (small, less), (large, more) = known
    exponent = growth([small, large], [less, more])
    return [
        _seconds("diagnostic", size, EXTRAPOLATED, more * (size / large) ** exponent)
        for size in sizes
        if size > MOST_NETWORKX
    ]
