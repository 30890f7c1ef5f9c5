"""Work in order, in parallel where the user asked for it: joblib, with the backend that is configured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

__all__ = ["chunk_size", "in_order", "n_processes"]

T = TypeVar("T")
#: Filières that are stacked at a time: what a worker holds as separate tables.
MOST_AT_A_TIME = 250
#: Lots that a backend without generators is given at a time, per process.
_WAVE = 8


def n_processes(jobs: int | None) -> int:
    """Return how many processes `jobs` means: with ``None`` what ``joblib.parallel_config`` says, or 1."""
    from joblib import effective_n_jobs

    return max(1, int(effective_n_jobs(jobs)))


def chunk_size(count: int, jobs: int | None, *, most: int = MOST_AT_A_TIME) -> int:
    """Return how many of `count` things go in one lot: about four lots a process, none too large."""
    return max(1, min(most, -(-count // (4 * n_processes(jobs)))))


def in_order(work: Callable[..., T], lots: Iterable[Sequence[Any]], *, jobs: int | None) -> Iterator[T]:
    """Yield ``work(*lot)`` for each lot, in order, as they are ready.

    `work` catches what goes wrong with one thing of a lot: an exception in a worker would end them all.
    """
    if n_processes(jobs) == 1:
        yield from (work(*lot) for lot in lots)
        return
    from joblib import Parallel, delayed

    try:
        pool = Parallel(n_jobs=jobs, return_as="generator")
        yield from pool(delayed(work)(*lot) for lot in lots)
        return
    except ValueError as error:
        if "return_as" not in str(error):
            raise
    waiting, wave = iter(lots), _WAVE * n_processes(jobs)
    while batch := [lot for lot, _ in zip(waiting, range(wave), strict=False)]:
        yield from Parallel(n_jobs=jobs)(delayed(work)(*lot) for lot in batch)
