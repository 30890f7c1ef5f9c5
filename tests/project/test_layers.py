"""Imports go one way, and what is heavy is loaded only by who needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

from tests.project.modules import NAME, Import, imports, trees

#: The rooms, from what everything stands on to what stands on everything (« The house » of the design).
ORDER = """
    about text errors kernels earth language vocabulary schema amounts spellings parse problems table_state column_checks
    identifiers references flow_stages flow_rules tie_rules option_rules rules tables perimeter leaving
    held filiere columns provenance summary quantities network io analysis diagnosis redaction differences planning
    portfolio
    figures interactive report datasets cli __main__
""".split()
#: Inside analysis/ the order counts too; its private modules come before all of these.
ANALYSIS = """
    measure many findings indicator card structure wording together activities costs markets uncertainty system territory
    flows reconciliation resilience gaps cooperation accounts insertion
""".split()

#: The objects of the library hand over, inside a method, to what builds their core or shows them.
DOORS = {
    (f"{NAME}.filiere", f"{NAME}.network"),
    (f"{NAME}.filiere", f"{NAME}.summary"),
    (f"{NAME}.diagnosis.result", f"{NAME}.diagnosis.showing"),
    *(
        (f"{NAME}.portfolio.portfolio", f"{NAME}.portfolio.{part}")
        for part in ("as_tables", "building", "many", "_showing")
    ),
}

HEAVY = (
    "matplotlib.pyplot",
    "pyvis",
    "pandera",
    "click",
    "docx",
    "jinja2",
    "babel",
    "duckdb",
    "joblib",
    "rich",
    "numba",
    "dask",
    "distributed",
)
#: the command line is itself loaded by nothing, and click is what it is made of
MAY_LOAD = {
    (f"{NAME}.cli{part}", "click")
    for part in ("", ".spoken", ".commands", ".planning", ".portfolio", ".sheets")
}


def room(module: str) -> str:
    """Return the room of a module of ours: its first name under the package, "" for the public face."""
    return (module.split(".") + [""])[1]


def through_a_door(found: Import) -> bool:
    return found.lazy and (found.importer, found.target) in DOORS


def against_the_order(found: Import) -> str | None:
    """Return what is wrong with an import between two modules of ours, or None."""
    where = f"{found.importer}:{found.line} imports {found.target}"
    here, there = room(found.importer), room(found.target)
    if here == "":
        return None  # the public face names each public thing, whatever its room
    if there == "":
        return f"{where}: the public face, not the room that holds the thing"
    if not {here, there} <= set(ORDER):
        return f"{where}: a module without a room in ORDER"
    if through_a_door(found):
        return None
    if here != there:
        return None if ORDER.index(there) < ORDER.index(here) else f"{where}: {there} stands on {here}"
    if here == "analysis":
        inner, other = (module.split(".")[2:3] for module in (found.importer, found.target))
        if not inner:
            return None  # the face of the room
        if not other:
            return f"{where}: the face of its own room"
        rank = {name: position for position, name in enumerate(ANALYSIS)}
        if rank.get(other[0], -1) > rank.get(inner[0], -1):
            return f"{where}: inside analysis/ {other[0]} comes after {inner[0]}"
    return None


def ours() -> list[Import]:
    return [found for name in trees() for found in imports(name) if found.target.split(".")[0] == NAME]


def test_every_module_has_a_room() -> None:
    assert {room(name) for name in trees()} - {""} <= set(ORDER)
    inner = {name.split(".")[2] for name in trees() if name.startswith(f"{NAME}.analysis.")}
    assert {name for name in inner if not name.startswith("_")} <= set(ANALYSIS)


def test_imports_go_one_way() -> None:
    wrong = [message for message in map(against_the_order, ours()) if message]
    assert not wrong, "\n".join(wrong)


def test_no_cycle_between_modules() -> None:
    graph = nx.DiGraph(
        (found.importer, found.target)
        for found in ours()
        if room(found.importer) and not through_a_door(found)
    )
    cycles = [sorted(part) for part in nx.strongly_connected_components(graph) if len(part) > 1]
    assert not cycles
    assert not list(nx.selfloop_edges(graph))


def test_heavy_modules_are_not_imported_at_top_level() -> None:
    wrong = [
        f"{found.importer}:{found.line} imports {found.target} at module level"
        for name in trees()
        for found in imports(name)
        for heavy in HEAVY
        if not found.lazy
        and (found.target == heavy or found.target.startswith(f"{heavy}."))
        and (found.importer, heavy) not in MAY_LOAD
    ]
    assert not wrong, "\n".join(wrong)


def loaded_by(statement: str) -> set[str]:
    """Return the heavy modules that a fresh interpreter has loaded after `statement`."""
    code = f"import sys\n{statement}\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_import_loads_nothing_heavy() -> None:
    assert loaded_by(f"import {NAME}") == set()


def test_the_rooms_together_load_nothing_heavy() -> None:
    """Through a library that loads another, too: the syntax tree does not see those."""
    modules = [name for name in trees() if room(name) not in {"cli", "__main__"}]
    assert loaded_by("\n".join(f"import {name}" for name in modules)) == set()


def test_the_referee_of_loading_sees_what_is_loaded() -> None:
    assert loaded_by("import click, jinja2") == {"click", "jinja2"}


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """A package of our name with one fault of each kind, to see that the rules catch them."""
    files = {
        "__init__.py": "from .cli import main\n",
        "errors.py": "",
        "vocabulary.py": "def f():\n    from .cli import main\n",
        "cli.py": "from . import vocabulary\nimport click\nfrom matplotlib import pyplot as plt\n",
        "analysis/__init__.py": "from .gaps import find\n",
        "analysis/_rows.py": "from ..errors import A\n",
        "analysis/gaps.py": "from .cooperation import d\nfrom .. import errors, cli\nimport chaine_valeur",
        "analysis/cooperation.py": "from ._rows import r\ntry:\n    import docx.shared\nexcept E:\n    raise",
    }
    for name, text in files.items():
        path = tmp_path / NAME / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_rules_catch_what_they_are_for(small_house: Path) -> None:
    found = [each for name in trees(small_house) for each in imports(name, small_house)]
    wrong = [
        message
        for each in found
        if each.target.split(".")[0] == NAME and (message := against_the_order(each))
    ]
    assert sorted(wrong) == [
        "chaine_valeur.analysis.gaps:1 imports chaine_valeur.analysis.cooperation: "
        "inside analysis/ cooperation comes after gaps",
        "chaine_valeur.analysis.gaps:2 imports chaine_valeur.cli: cli stands on analysis",
        "chaine_valeur.analysis.gaps:3 imports chaine_valeur: the public face, "
        "not the room that holds the thing",
        "chaine_valeur.vocabulary:2 imports chaine_valeur.cli: cli stands on vocabulary",
    ]
    top = {(each.importer, each.target) for each in found if not each.lazy}
    assert (f"{NAME}.analysis.cooperation", "docx.shared") in top
    assert (f"{NAME}.cli", "matplotlib.pyplot") in top
    assert (f"{NAME}.vocabulary", f"{NAME}.cli") not in top
