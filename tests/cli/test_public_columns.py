"""The columns that the help names for public files are those that the readers accept; errors name them too."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from chaine_valeur.cli.commands import COLUMNS
from chaine_valeur.errors import UnreadableFileError
from chaine_valeur.io.communes import read_communes
from chaine_valeur.io.siae import read_siae
from tests.cli.running import run
from tests.report.readers import plain

#: A cell for each column that the help names, and where the reader puts it.
LISTING = {
    "nom": ("Atelier", "name", "Atelier"), "type": ("E.I.", "kind", "EI"),
    "siret": ("388 991 788 00034", "siret", "38899178800034"), "secteur": ("Tri", "sectors", "Tri"),
    "ville": ("SELESTAT CEDEX", "commune_name", "SELESTAT"), "code_postal": ("67600", "postcode", "67600"),
    "département": ("67", "department", "67"), "ca": ("1000", "turnover_eur", 1000.0),
}  # fmt: skip
COMMUNES = {
    "code_insee": ("1001", "code", "01001"), "nom_commune": ("Ici", "name", "Ici"),
    "code_epci": ("200010700", "epci", "200010700"), "nom_epci": ("Le Val", "epci_name", "Le Val"),
    "latitude": ("49,5", "latitude", 49.5), "longitude": ("0,5", "longitude", 0.5),
}  # fmt: skip


def test_every_column_that_the_help_names_is_read(tmp_path):
    assert tuple(LISTING) == COLUMNS["siae"] and tuple(COMMUNES) == COLUMNS["communes"]
    for name, cells, read in (("l.csv", LISTING, read_siae), ("c.csv", COMMUNES, read_communes)):
        path = tmp_path / name
        header, row = ";".join(cells), ";".join(cell for cell, _, _ in cells.values())
        path.write_text(f"{header}\n{row}\n", encoding="utf-8")
        found = read(path)
        frame = found if isinstance(found, pd.DataFrame) else found.frame
        for _, column, value in cells.values():
            assert frame[column].tolist() == [value], column


@pytest.mark.parametrize("command", ["diagnose", "candidates", "niches"])
@pytest.mark.parametrize(("lang", "needed"), [("fr", "Indispensable"), ("en", "Needed")])
def test_the_help_names_them(command, lang, needed):
    told = re.sub(r"\s+", " ", plain(run(command, "--help", "--lang", lang).stdout))
    assert told.count(needed) == 2
    for column in (*COLUMNS["siae"], *COLUMNS["communes"]):
        assert column in told, column


def test_a_listing_without_names_is_told_which_headers_would_do(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("siret;ville\n388 991 788 00034;Selestat\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError) as told:
        read_siae(path)
    for header in ("Raison sociale", "nom de la structure", "association"):
        assert header in str(told.value)
        path.write_text(f"{header};siret;ville\nA;388 991 788 00034;Selestat\n", encoding="utf-8")
        assert read_siae(path).frame["name"].tolist() == ["A"]
