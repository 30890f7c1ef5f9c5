"""What was read, kept on disk in lots: a run that is stopped in the middle goes on where it was.

A lot is a zip archive of packed filières with a list of what they were read from. It is written beside, and then
takes its name: a lot that has its name is whole, whatever ended the run. It needs no library beyond Python's, and
reading it runs nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..about import library_version
from .packed import pack, unpack
from .portfolio import Portfolio
from .version import schema_version

__all__ = ["Kept", "Lot"]

_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Lot:
    """Filières that were read together.

    Attributes
    ----------
    portfolio
        They under the names of their sources, and the failures.
    codes
        Name of a source → the code of its filière.
    """

    portfolio: Portfolio
    codes: Mapping[str, str]


class Kept:
    """The lots of a folder that were read in one way (language, strict or not) under the schema of today."""

    def __init__(self, folder: str | os.PathLike[str], *, way: str) -> None:
        self.folder = Path(folder)
        self.way = {"schema": schema_version(), "way": way}
        self.folder.mkdir(parents=True, exist_ok=True)

    def known(self, marks: Mapping[str, str]) -> dict[Path, list[str]]:
        """Return lot → the sources in it that are as they were; lots in which there are none are removed.

        Parameters
        ----------
        marks
            Source → what changes when it changes.
        """
        found: dict[Path, list[str]] = {}
        taken: set[str] = set()
        for path in sorted(self.folder.glob("lot-*.zip")):
            said = self._manifest(path)
            fresh = [
                name
                for name, one in (said or {}).items()
                if name not in taken and marks.get(name) == one["mark"]
            ]
            if fresh:
                found[path] = fresh
                taken.update(fresh)
            else:
                path.unlink(missing_ok=True)
        return found

    def _manifest(self, path: Path) -> dict[str, Any] | None:
        try:
            with zipfile.ZipFile(path) as archive:
                said = json.loads(archive.read(_MANIFEST))
        except (OSError, zipfile.BadZipFile, KeyError, ValueError):
            return None
        return (
            dict(said["sources"])
            if {"schema": said.get("schema"), "way": said.get("way")} == self.way
            else None
        )

    def read(self, path: Path, names: Sequence[str], *, lang: str) -> Lot:
        """Return some of the sources of a lot."""
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read(_MANIFEST))["sources"]
            packed = [archive.read(said[name]["member"]) for name in names]
        return Lot(unpack(packed, lang=lang), {name: said[name]["code"] for name in names})

    def write(self, lot: Lot, marks: Mapping[str, str]) -> Path | None:
        """Keep a lot; it has its name once it is whole. Failures are not kept: they are tried again."""
        names = list(lot.portfolio)
        if not names:
            return None
        sources = {
            name: {"mark": marks[name], "code": lot.codes[name], "member": f"{place}.json.z"}
            for place, name in enumerate(names)
        }
        content = {**self.way, "library": library_version(), "sources": sources}
        text = json.dumps(content, ensure_ascii=False)
        target = self.folder / f"lot-{hashlib.sha256(text.encode()).hexdigest()[:20]}.zip"
        fresh = self.folder / f".{target.stem}-{os.getpid()}.part"
        with zipfile.ZipFile(fresh, "w") as archive:
            archive.writestr(_MANIFEST, text)
            for one, packed in zip(sources.values(), pack(lot.portfolio), strict=True):
                archive.writestr(one["member"], packed)
        os.replace(fresh, target)
        return target

    def clear(self, parts: Iterable[Path] | None = None) -> None:
        """Remove what a run that was stopped left half written."""
        for path in self.folder.glob(".lot-*.part") if parts is None else parts:
            path.unlink(missing_ok=True)
