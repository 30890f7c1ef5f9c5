"""Make the files that the notebooks start from, out of the examples of the library: `python notebooks/fichiers/faire.py`.

What stands here is what a user could have: workbooks filled by hand (titles above the headers, names instead of
identifiers), workbooks of the library, a folder of CSV as a French Excel saves it, a network saved by Gephi. The same
examples give the same files; `tests/project/test_notebook_files.py` reads each of them and compares it with them.
"""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import networkx as nx
import pandas as pd

import chaine_valeur as cv
from chaine_valeur.io.sheets import shown_cell
from chaine_valeur.schema import reference_targets, table
from chaine_valeur.text import slug

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from territoires import TERRITORIES, first_territory, territory  # noqa: E402

#: What a consultancy fills in for a first diagnostic.
FIELD = (
    "filiere", "territories", "stages", "stage_links", "materials", "recipes", "actors", "activities", "markets",
    "flows", "cooperations", "groups", "memberships", "funding", "outcomes", "observations", "sources",
)  # fmt: skip
#: What balances and reconciliation read.
TONNAGES = (
    "filiere", "territories", "stages", "stage_links", "materials", "recipes", "actors", "activities", "markets",
    "flows", "constraints", "sources", "cell_sources",
)  # fmt: skip
#: Tables whose identifiers are written by hand: other rows cite them.
_WITH_KEY = {"filiere", "flows", "sources"}
_DATE = "2024-06-30"


def make(folder: Path) -> None:
    """Write every file into a folder."""
    example = cv.datasets.load("exemple_complet")
    folder.mkdir(parents=True, exist_ok=True)
    by_hand(example, folder / "releve.xlsx")
    for name, file in FROM_EXAMPLES.items():
        _dated(cv.write_workbook(cv.datasets.load(name), folder / file))
    for path in cv.write_csv(only(example, TONNAGES), folder / "tonnages", lang="fr"):
        path.replace(path.with_stem(slug(path.stem)))  # names that every archive and system keeps
    public = folder / "donnees_publiques"
    public.mkdir(exist_ok=True)
    for path in cv.datasets.open_data("exemple_complet").values():
        shutil.copyfile(path, public / path.name)
    home = folder / "territoires"
    home.mkdir(exist_ok=True)
    by_hand(first_territory(example), home / "val-de-brume.xlsx")
    for code in TERRITORIES:
        by_hand(territory(only(example, FIELD), code), home / f"{code}.xlsx")
    # a transfer that stopped half-way
    (home / "marais-des-aulnes.xlsx").write_bytes((home / "val-de-brume.xlsx").read_bytes()[:4096])
    network(example, folder / "reseau.gexf")


#: Example → the workbook of the library that holds it.
FROM_EXAMPLES: Mapping[str, str] = {
    "exemple_complet": "ouate.xlsx",
    "lin_composite": "lin_composite.xlsx",
    "textiles_france_2020": "textiles_france_2020.xlsx",
    "textiles_usages": "textiles_usages.xlsx",
}


def only(f: cv.Filiere, names: Iterable[str]) -> cv.Filiere:
    """Return a filière of some of its tables."""
    return cv.Filiere.from_tables(**{name: f.table(name).reset_index() for name in names if name in f})


def named(f: cv.Filiere, name: str) -> pd.DataFrame:
    """Return a table as one writes it by hand: no identifiers, names in their place, labels for terms."""
    home, frame = table(name), f.table(name).reset_index()
    shown = {}
    for column in frame.columns:
        known = home.columns.get(column)
        said = frame[column]
        if known is None or (column == home.key and name not in _WITH_KEY) or said.isna().all():
            continue
        shown[known.header("fr")] = [shown_cell(cell, known, "fr") for cell in _names(f, known, said)]
    return pd.DataFrame(shown)


def _names(f: cv.Filiere, column: object, said: pd.Series) -> list[object]:
    """Return the names of what the cells of a column refer to."""
    target = reference_targets(column)
    cells = said.astype(object).tolist()
    home = table(target[0]) if target is not None else None
    if home is None or home.name in _WITH_KEY or target[1] != home.key or not home.name_column:
        return cells
    names = f.table(home.name)[home.name_column]
    return [names.get(cell, cell) for cell in cells]


def by_hand(f: cv.Filiere, path: Path) -> None:
    """Write a workbook as a consultancy fills it: a sheet per subject, its title above the headers."""
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        for name in FIELD:
            if name not in f:
                continue
            frame, label = named(f, name), table(name).label("fr")
            frame.to_excel(book, sheet_name=label, startrow=2, index=False)
            sheet = book.sheets[label]
            sheet.write_string(
                0, 0, f"{label} – {f.name}", book.book.add_format({"bold": True, "font_size": 14})
            )
            for place, header in enumerate(frame.columns):
                widest = max((len(str(cell)) for cell in frame[header]), default=0)
                sheet.set_column(place, place, min(max(widest, len(str(header))) + 2, 48))
            sheet.freeze_panes(3, 1)
    _dated(path)


def _dated(path: Path) -> None:
    """Give a workbook a date of its own, so that it is the same whenever it is made."""
    with zipfile.ZipFile(path) as book:
        parts = [(entry, book.read(entry)) for entry in book.infolist()]
    stamp = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for entry, content in parts:
            if entry.filename == "docProps/core.xml":
                content = stamp.sub(f"{_DATE}T00:00:00Z".encode(), content)
            book.writestr(
                zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )


def network(f: cv.Filiere, path: Path) -> None:
    """Write who delivers to whom as a network that Gephi saved, with what Gephi adds to it."""
    flows = f.at(2024).flows
    flows = flows[flows["status"].eq("active") & flows["same_flow_as"].isna()].dropna(
        subset=["source", "target"]
    )
    graph = nx.DiGraph(name="Who delivers to whom (invented)")
    for key, tonnes in flows.groupby(["source", "target"], sort=False)["quantity_t_per_year"]:
        graph.add_edge(*key, weight=float(tonnes.sum(min_count=1)))
    graph.add_nodes_from(["cartonnages-martelle", "interim-tremplin"])  # whom nobody delivers to
    groups = nx.community.greedy_modularity_communities(graph.to_undirected())
    for place, members in enumerate(groups):
        for node in members:
            actor = f.actors.loc[node]
            said: dict[str, object] = {
                "label": actor["name"],
                "pole": actor["pole"],
                "commune": actor["commune_name"],
            }
            known = {name: value for name, value in said.items() if not pd.isna(value)}
            graph.nodes[node].update(
                known, modularity_class=place, viz={"size": 4.0 + 2.0 * graph.degree(node)}
            )
    text = "\n".join(nx.generate_gexf(graph, version="1.2draft"))
    text = re.sub(r'lastmodifieddate="[\d-]+"', f'lastmodifieddate="{_DATE}"', text)
    text = re.sub(r"<creator>[^<]*</creator>", f"<creator>{Path(__file__).name}</creator>", text)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    make(HERE)
