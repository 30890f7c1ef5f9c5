"""Names that do not exist: the whole sentence in one language, the close ones, or all of a few."""

from __future__ import annotations

import pytest

from chaine_valeur.errors import UnknownNameError
from chaine_valeur.planning.correspondence import correspondence
from chaine_valeur.planning.names import unknown_name
from tests.report.readers import plain


@pytest.mark.parametrize(
    ("known", "lang", "told"),
    [
        (["naf", "rome"], "fr", "Rien. Vouliez-vous dire : naf ?"),
        (["naf", "rome"], "en", "Rien. Did you mean: naf?"),
        (["x", "y"], "fr", "Rien. Il y a : x et y."),
        (["x", "y", None, 3], "en", "Rien. There are: x and y."),
        ([], "fr", "Rien."),
    ],
)
def test_close_names_else_those_there_are(known, lang, told):
    error = unknown_name("Rien.", "naff", known, lang=lang)
    assert isinstance(error, UnknownNameError) and plain(str(error)) == told


def test_many_names_are_not_all_listed():
    told = plain(str(unknown_name("Rien.", "zzz", [f"c{k}" for k in range(50)], lang="fr")))
    assert "c0" in told and "c49" not in told and "44 autres" in told


def test_a_table_of_trades_is_refused_in_french_from_end_to_end(tmp_path):
    path = tmp_path / "metiers.csv"
    path.write_text("trade;word;nearness;naf\ntri;tri;strict;38.32Z\n", encoding="utf-8")
    with pytest.raises(UnknownNameError) as told:
        correspondence(path)
    assert (
        plain(str(told.value)) == "« metiers.csv » n’a pas de colonne « words ». Vouliez-vous dire : word ?"
    )
