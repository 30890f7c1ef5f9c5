"""How long files and doors take to open: Parquet against pyarrow, a workbook against calamine, imports."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import chaine_valeur as cv

from .generator import layered_chain
from .measuring import Figure, alternately, timed
from .structure import checked

__all__ = ["parquet", "starting", "workbook"]

#: Columns that name actors: what a reader has to find in the table of actors before it can compute anything.
JOINS = (
    ("activities", "actor_id"),
    ("flows", "source"),
    ("flows", "target"),
    ("cooperations", "actor_id"),
    ("cooperations", "to_actor_id"),
)


def plain_files(f: cv.Filiere, folder: Path) -> None:
    """Write the tables of a filière as Parquet files that know nothing of it, identifiers as texts."""
    import pyarrow
    import pyarrow.parquet as files

    folder.mkdir()
    for name in f:
        table = pyarrow.Table.from_pandas(f.table(name).reset_index(), preserve_index=False)
        files.write_table(table, folder / f"{name}.parquet")


def bare(folder: Path) -> list[Any]:
    """Return the Parquet files of a folder as pyarrow reads them, and the row of each actor that they name."""
    import pyarrow.compute as compute
    import pyarrow.parquet as files

    tables = {path.stem: files.read_table(path) for path in sorted(folder.glob("*.parquet"))}
    actors = tables["actors"]["actor_id"].combine_chunks()
    return [tables, *(compute.index_in(tables[name][column], value_set=actors) for name, column in JOINS)]


def parquet(actors: int, *, runs: int, tell: Callable[[str], None] = lambda _: None) -> list[Figure]:
    """Return how long Parquet files take to become a checked filière, against reading them and joining identifiers.

    pyarrow reads the same tables, from files without anything of ours. Nothing where pyarrow is missing.
    """
    if find_spec("pyarrow") is None or find_spec("chaine_valeur.io.parquet") is None:
        return []
    door = import_module("chaine_valeur.io.parquet")
    _, f, _ = checked(actors)
    with tempfile.TemporaryDirectory() as name:
        folder, plain = Path(name) / "filiere", Path(name) / "plain"
        tell(f"Parquet of {actors:,} actors")
        door.write_parquet(f, folder)
        plain_files(f, plain)
        acts: dict[str, Callable[[], Any]] = {
            "ours": lambda: door.read_parquet(folder),
            "pyarrow and joins": lambda: bare(plain),
        }
        seconds, given = alternately(acts, runs=runs, wall=True)
        foreign, _ = timed(lambda: door.read_parquet(plain), runs=1, wall=True)
        size = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
    assert len(given["ours"].flows) == len(f.flows)
    what = "Parquet to a checked filière"
    return [
        *(Figure("reading", what, actors, by, "seconds", value) for by, value in seconds.items()),
        Figure("reading", "the plain files, every cell checked", actors, "ours", "seconds", foreign),
        Figure("reading", "Parquet files", actors, "ours", "MB", size / 1e6),
    ]


def workbook(rows: int, *, runs: int, tell: Callable[[str], None] = lambda _: None) -> list[Figure]:
    """Return how long a workbook of about that many rows takes, against calamine alone."""
    from python_calamine import CalamineWorkbook

    f = cv.Filiere.from_tables(**layered_chain(rows // 10).tables)
    with tempfile.TemporaryDirectory() as folder:
        tell(f"a workbook of {rows:,} rows")
        path = cv.write_workbook(f, Path(folder) / "chaine.xlsx")

        def alone() -> int:
            book = CalamineWorkbook.from_path(str(path))
            return sum(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)

        acts: dict[str, Callable[[], Any]] = {"ours": lambda: cv.read_workbook(path), "calamine alone": alone}
        seconds, given = alternately(acts, runs=runs, wall=True)
    assert len(given["ours"].flows) == len(f.flows)
    cells = given["calamine alone"]
    return [Figure("reading", "workbook, rows", cells, by, "seconds", value) for by, value in seconds.items()]


def starting(*, runs: int, tell: Callable[[str], None] = lambda _: None) -> list[Figure]:
    """Return how long the doors take to open, each in a process of its own."""
    tell("imports")
    help_ = "import sys; sys.argv = ['chaine-valeur', '--help']\nfrom chaine_valeur.cli import main\nmain()"
    codes = {
        ("import chaine_valeur", "ours"): "import chaine_valeur",
        ("import chaine_valeur", "import pandas"): "import pandas",
        ("chaine-valeur --help", "ours"): help_,
        ("chaine-valeur --help", "import click"): "import click",
    }
    return [
        Figure("reading", what, 0, by, "seconds", timed(partial(_process, code), runs=runs, wall=True)[0])
        for (what, by), code in codes.items()
    ]


def _process(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
