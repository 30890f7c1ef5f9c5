"""The modules of the package as the syntax tree shows them: what each imports, from where, and when."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "chaine_valeur"


@dataclass(frozen=True)
class Import:
    """One imported module: ``importer`` names it at ``line``; ``lazy`` inside a function."""

    importer: str
    target: str
    line: int
    lazy: bool


@cache
def trees(root: Path = ROOT) -> dict[str, ast.Module]:
    """Return dotted module name → syntax tree, for every file of the package."""
    found = {}
    for path in sorted((root / NAME).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return found


def is_package(name: str, root: Path = ROOT) -> bool:
    """Whether the module is the ``__init__`` of a folder."""
    return (root / Path(*name.split(".")) / "__init__.py").is_file()


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _walk(tree: ast.Module) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Yield every import in the order of the file, and whether it waits for a call."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, lazy = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, lazy
        elif not isinstance(node, ast.expr):  # no import stands inside an expression
            # under TYPE_CHECKING nothing is executed: it obeys the order of rooms, and loads nothing
            inside = (
                lazy or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _is_type_checking(node)
            )
            waiting += [(child, inside) for child in reversed(list(ast.iter_child_nodes(node)))]


def imports(name: str, root: Path = ROOT) -> Iterator[Import]:
    """Yield every import of a module, relative ones resolved, ``from . import x`` as the module x."""
    known = trees(root)
    package = name if is_package(name, root) else name.rpartition(".")[0]
    for node, lazy in _walk(known[name]):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name, alias.name, node.lineno, lazy)
            continue
        base = node.module or ""
        if node.level:
            parts = package.split(".")
            above = parts[: len(parts) - (node.level - 1)]
            base = ".".join([*above, base] if base else above)
        for alias in node.names:
            inside = f"{base}.{alias.name}"
            # a name of a third-party module may be a submodule too: `from matplotlib import pyplot`
            target = inside if inside in known or not base.startswith(NAME) else base
            yield Import(name, target, node.lineno, lazy)
