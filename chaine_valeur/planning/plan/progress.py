"""Telling how far a plan is, only when asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Progress", "telling"]

#: What is told: the phase, and the seconds since the beginning.
Progress = Callable[[str, float], None]
#: Seconds between two calls within a phase.
EVERY_S = 0.5


class _Teller:
    """Calls back at the beginning of each phase, and from a thread while one lasts: the solver calls nobody."""

    def __init__(self, tell: Progress | None) -> None:
        self._tell, self._begun, self._phase = tell, time.perf_counter(), ""
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def phase(self, name: str) -> None:
        """Begin a phase."""
        if self._tell is None:
            return
        self._phase = name
        self._say()
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()

    def _say(self) -> None:
        with self._lock:
            assert self._tell is not None
            self._tell(self._phase, time.perf_counter() - self._begun)

    def _watch(self) -> None:
        while not self._done.wait(EVERY_S):
            self._say()

    def close(self) -> None:
        """Stop telling."""
        self._done.set()
        if self._thread is not None:
            self._thread.join()


@contextmanager
def telling(progress: Progress | bool | None) -> Iterator[_Teller]:
    """Give what tells the phases: to a callable, or, with ``True``, as a line of rich."""
    if progress is True:
        from rich.console import Console

        console = Console(stderr=True)
        with console.status("plan") as status:
            teller = _Teller(lambda phase, seconds: status.update(f"{phase} ({seconds:.0f} s)"))
            try:
                yield teller
            finally:
                teller.close()
        return
    teller = _Teller(progress or None)
    try:
        yield teller
    finally:
        teller.close()
