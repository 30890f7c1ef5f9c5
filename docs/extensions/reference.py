"""The pages of the API: one per room, and below it one per public name, out of what the package exports."""

from __future__ import annotations

import inspect
import sys
from types import ModuleType

import chaine_valeur as cv

__all__ = ["pages", "rooms", "stubs"]


def rooms() -> dict[str, ModuleType]:
    """Return the public modules, under the names by which users reach them."""
    found = {name: getattr(cv, name) for name in sorted(dir(cv)) if not name.startswith("_")}
    return {name: one for name, one in found.items() if isinstance(one, ModuleType)}


def _kinds(module: ModuleType, names: list[str]) -> dict[str, list[str]]:
    """Return the classes and functions among the names; constants stand in the docstrings of those who use them."""
    kinds: dict[str, list[str]] = {"Functions": [], "Classes": []}
    for name in names:
        one = getattr(module, name)
        if inspect.isclass(one):
            kinds["Classes"].append(name)
        elif inspect.isroutine(one):
            kinds["Functions"].append(name)
    return {kind: sorted(of, key=str.lower) for kind, of in kinds.items() if of}


def _summary(one: object) -> str:
    return (inspect.getdoc(one) or "").split("\n\n")[0].replace("\n", " ").replace("*", r"\*")


def _listing(title: str, intro: str, module: str, kinds: dict[str, list[str]], folder: str) -> str:
    parts = [f"{title}\n{'=' * len(title)}\n\n{intro}\n\n.. currentmodule:: {module}\n"]
    for kind, names in kinds.items():
        listed = "\n".join(f"   {name}" for name in names)
        parts.append(
            f"{kind}\n{'-' * len(kind)}\n\n.. autosummary::\n   :toctree: {folder}\n   :nosignatures:\n\n{listed}\n"
        )
    return "\n".join(parts)


def _listed() -> dict[str, dict[str, list[str]]]:
    """Return room (empty: the top) → kind → names; what several rooms offer stands in the first of them."""
    open_rooms = {"": cv, **rooms()}
    told: set[int] = set()
    found = {}
    for room, module in open_rooms.items():
        every = dir(cv) if module is cv else list(getattr(module, "__all__", ()))
        names = [name for name in every if not name.startswith("_") and id(getattr(module, name)) not in told]
        found[room] = _kinds(module, names)
        told |= {id(getattr(module, name)) for names in found[room].values() for name in names}
    return found


def stubs() -> set[str]:
    """Return the files that autosummary writes, one per name."""
    return {
        f"{room or 'chaine_valeur'}/{'.'.join(filter(None, ('chaine_valeur', room, name)))}.rst"
        for room, kinds in _listed().items()
        for names in kinds.values()
        for name in names
    }


def pages() -> dict[str, str]:
    """Return file name → page."""
    found: dict[str, str] = {}
    open_rooms = rooms()
    for room, kinds in _listed().items():
        module = open_rooms.get(room, cv)
        at = f"chaine_valeur.{room}" if room else "chaine_valeur"
        # rooms of the analysis are reached from the top; autodoc is to find them there too
        sys.modules.setdefault(at, module)
        title = f"cv.{room}" if room else at
        found[f"{room or at}.rst"] = _listing(title, inspect.getdoc(module) or "", at, kinds, room or at)
    listed = "\n".join(f"   {name}" for name in ("chaine_valeur", *open_rooms))
    rows = "\n".join(f"- :doc:`cv.{name} <{name}>`: {_summary(one)}" for name, one in open_rooms.items())
    found["index.rst"] = (
        "API reference\n=============\n\n"
        "Every public name, by the room it lives in; ``import chaine_valeur as cv`` is understood.\n\n"
        f"- :doc:`chaine_valeur`: reading, writing, the filière, its diagnosis, what goes wrong.\n{rows}\n\n"
        f".. toctree::\n   :hidden:\n   :maxdepth: 1\n\n{listed}\n"
    )
    return found
