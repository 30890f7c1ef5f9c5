"""Tasks that processes of their own load by name."""

from __future__ import annotations

import os
import signal
from typing import Any

import pandas as pd

from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import figures_of_tables


def once_only(marker: str) -> bool:
    """Return whether nobody has been here before, in whatever process."""
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def figures_unless_killed(frame: pd.DataFrame, *, marker: str, code: str) -> pd.DataFrame:
    """Return the figures of a partition; the first process that meets `code` is killed in the middle."""
    if code in set(frame["filiere_code"]) and once_only(marker):
        os.kill(os.getpid(), signal.SIGKILL)
    return figures_of_tables(frame)


def count_actors(f: Filiere) -> int:
    """Return the number of actors."""
    return len(f.actors)


def killed_on_two(f: Filiere) -> int:
    """Return the number of actors; a process that meets a filière of two is killed."""
    if len(f.actors) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return len(f.actors)


def flows_of(f: Filiere, *, least: float = 0.0) -> pd.DataFrame:
    """Return the flows of some tonnes; ``ValueError`` where there are none."""
    if f.flows.empty:
        raise ValueError("no flow")
    return f.flows.loc[f.flows["quantity_t_per_year"].ge(least), ["source", "target", "quantity_t_per_year"]]


def unkept(f: Filiere) -> Any:
    """Return what no file of JSON holds."""
    return {f.name, "set"}
