"""Establishments of some communes and activities out of millions: seconds and peak memory, against pandas.

`python -m benchmarks.sirene` writes a synthetic stock of 5 million rows (half a minute) and asks it. pandas reads the
columns that the answer needs from the same Parquet file, where it can (pyarrow), else from a CSV file of them.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from tests.io.sirene_stock import write_stock

#: Seconds and MB within which the question is to be answered.
AIM = {"seconds": 0.5, "megabytes": 500.0}
NAF = ("38.2", "13.1")
COMMUNES = tuple(f"76{number:03d}" for number in range(1, 51))
COLUMNS = (
    "siret", "statutDiffusionEtablissement", "etatAdministratifEtablissement", "caractereEmployeurEtablissement",
    "trancheEffectifsEtablissement", "activitePrincipaleEtablissement", "nomenclatureActivitePrincipaleEtablissement",
    "activitePrincipaleNAF25Etablissement", "codeCommuneEtablissement", "codePostalEtablissement",
    "libelleCommuneEtablissement", "enseigne1Etablissement", "denominationUsuelleEtablissement",
    "coordonneeLambertAbscisseEtablissement", "coordonneeLambertOrdonneeEtablissement",
    "dateCreationEtablissement", "etablissementSiege",
)  # fmt: skip

#: A process of its own for each question: it is warm (imports, one small answer), then timed, then its peak is read.
_PROCESS = """
import resource, statistics, sys, time
{setup}
ask({small!r})
seconds, rows = [], 0
for _ in range({runs}):
    start = time.perf_counter()
    rows = ask({path!r})
    seconds.append(time.perf_counter() - start)
print(statistics.median(seconds), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows)
"""
_OURS = """
from chaine_valeur.io.sirene import read_sirene
def ask(path):
    return len(read_sirene(path, {question}).frame)
"""
_COUNTS = """
from chaine_valeur.io.sirene import establishment_counts
def ask(path):
    return int(establishment_counts(path, by="department")["establishments"].sum())
"""
_PANDAS = """
import pandas as pd
def ask(path):
    rows = {read}
    open_ = rows["etatAdministratifEtablissement"].eq("A") & rows["statutDiffusionEtablissement"].ne("N")
    naf = rows["activitePrincipaleEtablissement"].str.startswith({naf!r})
    return len(rows[open_ & naf & rows["codeCommuneEtablissement"].isin({communes!r})])
"""
_READ = {
    "Parquet": "pd.read_parquet(path, columns={columns!r})",
    "CSV": "pd.read_csv(path, usecols={columns!r}, dtype=str)",
}
QUESTIONS = {
    "NAF × 50 communes": f"naf={NAF!r}, communes={COMMUNES!r}",
    "NAF × commune": f"naf={NAF!r}, communes={COMMUNES[:1]!r}",
    "NAF within 30 km": f"naf={NAF!r}, near=(49.52, 0.54), within_km=30",
}


def asked(setup: str, *, path: Path, small: Path, runs: int) -> tuple[float, float, int]:
    """Return the median seconds, the MiB at the peak, and how many rows answer, in a process of its own."""
    code = _PROCESS.format(setup=setup, small=str(small), path=str(path), runs=runs)
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=os.environ
    )
    seconds, peak, rows = done.stdout.split()
    return float(seconds), float(peak), int(rows)


def rows(*, size: int = 5_000_000, runs: int = 5) -> list[dict[str, Any]]:
    """Return the rows of the table: each question in seconds and MiB, and what pandas takes for the first one."""
    kind = "Parquet" if importlib.util.find_spec("pyarrow") else "CSV"
    with tempfile.TemporaryDirectory() as folder:
        stock, small = Path(folder) / "stock.parquet", Path(folder) / "small.parquet"
        write_stock(stock, size)
        write_stock(small, 1_000)
        theirs, their_small = stock, small
        if kind == "CSV":
            theirs, their_small = Path(folder) / "stock.csv", Path(folder) / "small.csv"
            write_stock(theirs, size, columns=COLUMNS)
            write_stock(their_small, 1_000, columns=COLUMNS)
        columns, naf, communes = list(COLUMNS), NAF, list(COMMUNES)
        setup = _PANDAS.format(read=_READ[kind].format(columns=columns), naf=naf, communes=communes)
        plain, plain_peak, plain_rows = asked(setup, path=theirs, small=their_small, runs=1)
        found = {
            name: asked(_OURS.format(question=question), path=stock, small=small, runs=runs)
            for name, question in QUESTIONS.items()
        }
        counted = asked(_COUNTS, path=stock, small=small, runs=runs)
    first, *others = found.items()
    name, (seconds, peak, answers) = first
    assert answers == plain_rows, (answers, plain_rows)
    label = f"{size:,} establishments, {answers} answer"
    table = [
        {"what": f"{name} ({label})", "ours_s": seconds, "other": f"pandas, {kind}, needed columns", "other_s": plain},
        {"what": f"{name}, peak of the process, MiB", "ours_s": peak, "other": f"pandas, {kind}", "other_s": plain_peak},
    ]  # fmt: skip
    for name, (seconds, peak, answers) in [*others, ("counts by department × NAF", counted)]:
        table.append({"what": f"{name} ({answers:,} establishments, {peak:.0f} MiB)", "ours_s": seconds})
    return table


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sirene")
    parser.add_argument("--size", type=int, default=5_000_000, help="rows of the synthetic stock")
    parser.add_argument("--runs", type=int, default=5)
    asked_for = parser.parse_args()
    table = pd.DataFrame(
        rows(size=asked_for.size, runs=asked_for.runs), columns=["what", "ours_s", "other", "other_s"]
    )
    table["ratio"] = table["other_s"] / table["ours_s"]
    print(table.to_string(index=False, na_rep="", float_format=lambda value: f"{value:.4g}"))
    print(f"\naims: {AIM['seconds']} s, {AIM['megabytes']:.0f} MB for the first question")


if __name__ == "__main__":
    main()
