"""A private module, or a private name, is read inside its own room only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.project.modules import NAME, is_package, trees

#: Folders of analysis/ that are rooms of their own.
INNER = (
    "system", "territory", "flows", "reconciliation", "resilience", "gaps", "cooperation", "accounts", "insertion",
)  # fmt: skip


def home(module: str) -> str:
    """Return the room of a module: its top folder, or its own folder inside analysis/."""
    parts = module.split(".")[1:]
    if parts[:1] == ["analysis"] and parts[1:2] and parts[1] in INNER:
        return f"analysis/{parts[1]}"
    return parts[0] if parts else ""


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def owner(module: str) -> str:
    """Return the folder that holds the first private part of a module's name."""
    parts = module.split(".")
    first = next(place for place, part in enumerate(parts) if is_private(part))
    return ".".join(parts[:first])


def _absolute(node: ast.ImportFrom, module: str, root: Path | None) -> str:
    if not node.level:
        return node.module or ""
    package = (
        module if (is_package(module, root) if root else is_package(module)) else module.rpartition(".")[0]
    )
    above = package.split(".")
    above = above[: len(above) - (node.level - 1)]
    return ".".join([*above, node.module] if node.module else above)


def trespasses(module: str, tree: ast.Module, root: Path | None = None) -> Iterator[str]:
    """Yield every private module or name of another room that a module reads."""
    known: dict[str, str] = {}  # local name → the module of ours that it stands for
    modules = trees(root) if root else trees()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = _absolute(node, module, root)
            if base.split(".")[0] != NAME:
                continue
            for alias in node.names:
                full = f"{base}.{alias.name}"
                if full in modules:
                    known[alias.asname or alias.name] = full
                if any(map(is_private, full.split("."))):
                    inside = owner(full)
                    # what is private to a folder is open to everything in that folder, deeper rooms included
                    within = module == inside or module.startswith(f"{inside}.")
                    same = home(module) == home(full) and full in modules
                    if not within and not same:
                        yield f"{module}:{node.lineno} reads {full}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                if parts[0] == NAME and any(map(is_private, parts)) and home(alias.name) != home(module):
                    yield f"{module}:{node.lineno} reads {alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and is_private(node.attr):
            target = known.get(node.value.id)
            if target and home(target) != home(module):
                yield f"{module}:{node.lineno} reads {target}.{node.attr}"


def test_no_room_reads_what_is_private_to_another() -> None:
    wrong = [found for module, tree in trees().items() for found in trespasses(module, tree)]
    assert not wrong, "\n".join(wrong)


def test_the_rooms_are_those_of_the_house() -> None:
    assert home(f"{NAME}.figures._page") == "figures"
    assert home(f"{NAME}.analysis.gaps._build") == "analysis/gaps"
    assert home(f"{NAME}.analysis.findings") == "analysis"
    assert home(NAME) == ""


def test_the_rule_catches_what_it_is_for(tmp_path: Path) -> None:
    files = {
        "__init__.py": "",
        "figures/__init__.py": "from ._page import fit\nfrom . import _page\n",
        "figures/_page.py": "def fit(): ...\ndef _inner(): ...\n",
        "figures/frames.py": "_SECRET = 1\nOPEN = 2\n",
        "interactive/__init__.py": "from ..figures._page import fit\n",
        "interactive/cards.py": "from ..figures.frames import OPEN, _SECRET\n",
        "interactive/ties.py": "def f():\n    from ..figures import frames\n    return frames._SECRET, frames.OPEN\n",
        "analysis/__init__.py": "",
        "analysis/_activities.py": "def known(): ...\n",
        "analysis/gaps/__init__.py": "from ._chain import chain\nfrom ..activities import known\n",
        "analysis/gaps/_chain.py": "def chain(): ...\n",
        "analysis/insertion/__init__.py": "from ..gaps._chain import chain\n",
        "report/__init__.py": f"import {NAME}.figures._page\n",
    }
    for name, text in files.items():
        path = tmp_path / NAME / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = [one for module, tree in trees(tmp_path).items() for one in trespasses(module, tree, tmp_path)]
    assert sorted(found) == [
        f"{NAME}.analysis.insertion:1 reads {NAME}.analysis.gaps._chain.chain",
        f"{NAME}.interactive.cards:1 reads {NAME}.figures.frames._SECRET",
        f"{NAME}.interactive.ties:3 reads {NAME}.figures.frames._SECRET",
        f"{NAME}.interactive:1 reads {NAME}.figures._page.fit",
        f"{NAME}.report:1 reads {NAME}.figures._page",
    ]
