"""Telling how far a long run is, only when asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Progress", "telling"]

#: What is told: how many are done, of how many, and what was done last.
Progress = Callable[[int, int, str], None]


@contextmanager
def telling(progress: Progress | bool | None) -> Iterator[Progress]:
    """Give what tells how far a run is: a callable, or with ``True`` a bar of rich, or a line where it is missing.

    Both stand on the error stream; where nobody watches it, ``True`` tells nothing.
    """
    if callable(progress):
        yield progress
        return
    if progress is not True or not sys.stderr.isatty():
        yield lambda done, total, what: None
        return
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar
    except ImportError:
        yield _line
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[what]}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None, what="")
        yield lambda done, total, what: bar.update(task, completed=done, total=total, what=what)


def _line(done: int, total: int, what: str) -> None:
    end = "\n" if done >= total else ""
    sys.stderr.write(f"\r{done} / {total}{end}")
    sys.stderr.flush()
