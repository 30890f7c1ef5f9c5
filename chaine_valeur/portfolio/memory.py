"""How much memory reading takes, foreseen from the footers of Parquet files, and how much there is."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from ..errors import NotEnoughMemoryError
from ..language import quantity, tr

__all__ = ["available_memory", "check_fits", "size_told"]

_MEMINFO = Path("/proc/meminfo")
#: Of a container: what it may hold, what it holds.
_CONTAINER = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current"))
_STATM = Path("/proc/self/statm")
#: Bytes of a distinct text in memory over its bytes in a file, by how pandas holds texts.
TEXT_FACTOR = {"pyarrow": 2.0, "python": 10.0}


def available_memory() -> int | None:
    """Return the bytes that can still be taken; ``None`` where the system does not say (Windows).

    The least of: what the system holds available, what the container is allowed, what the process is allowed.
    """
    known = [size for size in (_of_system(), _of_container(), _of_process()) if size is not None]
    return max(0, min(known)) if known else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _of_system() -> int | None:
    for line in _text(_MEMINFO).splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    try:
        return int(os.sysconf("SC_AVPHYS_PAGES")) * int(os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return None


def _of_container() -> int | None:
    allowed, held = (_text(path).strip() for path in _CONTAINER)
    return int(allowed) - int(held) if allowed.isdigit() and held.isdigit() else None


def _of_process() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    allowed = resource.getrlimit(resource.RLIMIT_AS)[0]
    if allowed == resource.RLIM_INFINITY:
        return None
    pages = _text(_STATM).split()
    return allowed - (int(pages[0]) * resource.getpagesize() if pages else 0)


def text_factor() -> float:
    """Return how much larger a distinct text is in memory than in a file."""
    held = pd.array([""], dtype="str").dtype.storage
    return TEXT_FACTOR[str(held)]


def size_told(size: float, lang: str) -> str:
    """Return bytes as a reader takes them in.

    Examples
    --------
    >>> size_told(2_500_000_000, "en"), size_told(40_000, "en")
    ('2.5\\xa0GB', '0.04\\xa0MB')
    """
    if size >= 1e9:
        return quantity(round(size / 1e9, 1), tr("GB", lang), lang)
    return quantity(round(size / 1e6, 2), tr("MB", lang), lang)


def check_fits(what: str, needed: int, *, limit: int | None, lang: str) -> None:
    """Raise if reading something takes more memory than `limit`, by default than is available.

    Raises
    ------
    NotEnoughMemoryError
        The message says how much is needed and how much there is.
    """
    there = available_memory() if limit is None else limit
    if there is None or needed <= there:
        return
    raise NotEnoughMemoryError(
        tr(
            "Reading “{what}” takes about {needed} of memory, and there are {there}: nothing was read. Read part of "
            "its shards at a time, close other programs, or compute shard by shard (figures_of_tables).",
            lang,
            what=what,
            needed=size_told(needed, lang),
            there=size_told(there, lang),
        )
    )
