"""No output of a redacted diagnostic holds, or lets follow, what may not be read.

The strongest form of it: two filières that differ in what is hidden only give the same files, byte for byte. What
does not change with a secret cannot tell it, be it in a text, an attribute, a cell, the width of a ribbon or the order
of rows.
"""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

import chaine_valeur as cv
from chaine_valeur.report import write_all
from tests.redaction.builders import Hidden, guarded_filiere
from tests.report.readers import zip_parts

pytestmark = pytest.mark.long

ONE = Hidden()
#: Everything that may not be read is another: figures that move no finding, names, words, an address.
OTHER = Hidden(
    tonnes=1333.75, posts=37.25, euros=91377.0, name="Filature Ombelle", siret="44306184100047", commune="76384",
    words="Ombelle cherche un repreneur", column="ne pas rappeler",
)  # fmt: skip


def files_of(hidden: Hidden, audience: str, folder: Path, *, profile: str = "expert") -> dict[str, bytes]:
    redacted = cv.redact(cv.diagnose(guarded_filiere(hidden), profile=profile), audience)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in write_all(redacted, folder)}


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return files_of(ONE, "public", tmp_path_factory.mktemp("one"))


def test_files_are_the_same_whatever_is_hidden(public: dict[str, bytes], tmp_path: Path) -> None:
    other = files_of(OTHER, "public", tmp_path)
    assert public.keys() == other.keys()
    for name, data in public.items():
        if name.endswith((".docx", ".xlsx")):
            continue  # compared part by part below, so that a difference is seen
        assert data == other[name], name
    for name in ("rapport.docx", "tables.xlsx"):
        (tmp_path / "theirs").write_bytes(public[name])
        (tmp_path / "ours").write_bytes(other[name])
        theirs, ours = zip_parts(tmp_path / "theirs"), zip_parts(tmp_path / "ours")
        assert theirs.keys() == ours.keys()
        for part, content in theirs.items():
            assert content == ours[part], f"{name}/{part}"


def test_the_whole_diagnostic_does_depend_on_it(tmp_path: Path) -> None:
    """The referee of the test above: without redaction the two differ in each form."""
    whole = [files_of(one, "internal", tmp_path / one.commune, profile="essential") for one in (ONE, OTHER)]
    for name in ("rapport.html", "rapport.docx", "tables.xlsx", "carte.html"):
        assert whole[0][name] != whole[1][name], name


def test_no_spelling_of_a_secret_is_anywhere(public: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in public.items():
        if name.endswith(".png"):
            continue
        if name.endswith((".docx", ".xlsx")):
            (tmp_path / "file").write_bytes(data)
            text = "\n".join(
                part.decode()
                for place, part in zip_parts(tmp_path / "file").items()
                if place.endswith((".xml", ".rels"))
            )
        else:
            text = data.decode()
        for secret in ONE.spellings:
            assert secret not in text, (name, secret)


def test_nor_in_the_object_that_is_passed_on() -> None:
    redacted = cv.redact(cv.diagnose(guarded_filiere()), "public")
    kept = pickle.dumps(
        [redacted.filiere, redacted.findings, redacted.indicators, redacted.removed, redacted.classes,
         [redacted.explain(one).rows for one in (*redacted.measured, *redacted.found)]]
    )  # fmt: skip
    for secret in (ONE.name, ONE.siret, ONE.words, ONE.column, "Vaucanson", "vaucanson"):
        assert secret.encode() not in kept, secret


def test_the_partners_read_what_is_marked_for_them(tmp_path: Path) -> None:
    f = guarded_filiere()
    f = f.with_table("flows", f.flows.assign(confidentiality=[None, "partners", None, None]))
    partners = cv.redact(cv.diagnose(f), "partners").filiere.flows["quantity_t_per_year"]
    assert partners.tolist()[1] == ONE.tonnes
    public = cv.redact(cv.diagnose(f), "public").filiere.flows["quantity_t_per_year"]
    assert public.isna().tolist() == [False, True, True, False]


def test_rows_set_aside_and_cells_refused_are_told_by_their_place(tmp_path: Path) -> None:
    told = []
    for hidden in (ONE, replace(OTHER)):
        flows = {
            "source": ["ménages", hidden.name, "Collecte SA"],
            "target": ["Collecte SA", "Inconnu", "Atelier"],
            "quantity_t_per_year": [100, hidden.tonnes, f"{hidden.tonnes} environ"],
            "note": [None, hidden.words, None],
        }
        redacted = cv.redact(cv.diagnose(guarded_filiere(hidden, flows=flows)), "public")
        assert len(redacted.filiere.set_aside["flows"]) == 1
        assert redacted.filiere.set_aside["flows"][["sheet", "row"]].values.tolist() == [["Flux", 3]]
        assert (redacted.filiere.problems["value"] == "").all()
        folder = tmp_path / hidden.commune
        told.append({path.name: path.read_bytes() for path in write_all(redacted, folder)})
    for name, data in told[0].items():
        assert data == told[1][name], name
