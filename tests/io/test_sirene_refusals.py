"""What cannot be asked, or read: one clear sentence in French and in English, and nothing half-done."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import datasets
from chaine_valeur.errors import ArgumentError, ChaineValeurError, UnknownNameError, UnreadableFileError
from chaine_valeur.io.communes import communes_of, read_communes, read_epcis
from chaine_valeur.io.sirene import establishment_counts, read_sirene

FILES = datasets.open_data("exemple_complet")
STOCK, UNITS, COMMUNES = FILES["establishments"], FILES["legal_units"], FILES["communes"]

Ask = Callable[[str, Path], object]


def asked(**question: Any) -> Ask:
    return lambda lang, _: read_sirene(STOCK, lang=lang, **question)


def listed(**question: Any) -> Ask:
    return asked(communes_table=read_communes(COMMUNES, epcis=FILES["epci"]), **question)


def counted(**question: Any) -> Ask:
    return lambda lang, _: establishment_counts(STOCK, lang=lang, **question)


def written(name: str, text: str | bytes, read: Callable[[Path, str], object]) -> Ask:
    def ask(lang: str, folder: Path) -> object:
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read(path, lang)

    return ask


def stock_of(text: str | bytes, name: str = "stock.csv") -> Ask:
    return written(name, text, lambda path, lang: read_sirene(path, lang=lang))


def list_of(text: str) -> Ask:
    return written("liste.csv", text, lambda path, lang: read_communes(path, lang=lang))


TWICE = (
    "siret,statutDiffusionEtablissement,etatAdministratifEtablissement,activitePrincipaleEtablissement,"
    "codeCommuneEtablissement\n" + "00000000100018,O,A,38.32Z,76384\n" * 2
)
ARGUMENT, NAME, FILE = ArgumentError, UnknownNameError, UnreadableFileError
#: What is done → (error, a piece of the sentence in English, one in French).
REFUSED: dict[str, tuple[Ask, type[ChaineValeurError], str, str]] = {
    "no naf": (asked(naf="textile"), ARGUMENT, "“textile” is no NAF code", "textile"),
    "a number for naf": (asked(naf=[3832]), ARGUMENT, "“3832” is no NAF code", "3832"),
    "no naf at all": (asked(naf=[]), ARGUMENT, "naf= is empty", "naf= est vide"),
    "a blank naf": (asked(naf="  "), ARGUMENT, "naf= is empty", "naf= est vide"),
    "no naf 2025 at all": (asked(naf25=()), ARGUMENT, "naf25= is empty", "naf25= est vide"),
    "no commune at all": (asked(communes=[]), ARGUMENT, "communes= is empty", "communes= est vide"),
    "no epci at all": (listed(epci=[]), ARGUMENT, "epci= is empty", "epci= est vide"),
    "no department at all": (asked(departments=[]), ARGUMENT, "departments= is empty", "departments= est vide"),
    "no size at all": (asked(sizes=[]), ARGUMENT, "sizes= is an empty list", "sizes= est une liste vide"),
    "a name for a commune": (asked(communes="Lillebonne"), ARGUMENT, "Lillebonne: not the code", "Lillebonne"),
    "a postcode": (listed(communes="76170"), NAME, "No commune 76170 in the list", "76170"),
    "an epci without a list": (asked(epci="000000101"), ARGUMENT, "communes_table=", "communes_table="),
    "an unknown epci": (listed(epci="Val-de-Brune (inventé)"), NAME, "Val-de-Brume (inventé)", "Val-de-Brume (inventé)"),
    "a name for a department": (asked(departments="Eure"), ARGUMENT, "“Eure” is not the code", "Eure"),
    "no band": (asked(sizes="20-49"), NAME, "“20-49” is not the code of a band", "n’est pas le code d’une tranche"),
    "no row": (asked(limit=0), ARGUMENT, "limit=0 is no number of rows", "limit=0"),
    "a distance without a place": (asked(within_km=5), ARGUMENT, "within_km= needs a place", "within_km="),
    "no distance": (asked(near=(49.5, 0.5), within_km=-1), ARGUMENT, "within_km=-1 is no distance", "within_km=-1"),
    "a place for a distance": (asked(near=(49.5, 0.5), within_km="5 km"), ARGUMENT, "within_km=5 km", "within_km=5 km"),
    "no place": (asked(near=(49.5,)), ARGUMENT, "is no place", "(49.5,)"),
    "swapped degrees": (asked(near=(0.54, 349.52)), ARGUMENT, "is on no globe", "sur aucun globe"),
    "a commune without a centre": (asked(near="76384"), NAME, "The centre of the commune 76384", "76384"),
    "no language": (lambda _, __: read_sirene(STOCK, lang="de"), NAME, "lang='de'", "lang='de'"),
    "no territory": (counted(by="region"), NAME, "by=region is not known: give one of epci", "by=region n’est pas connu"),
    "no nomenclature": (counted(by="commune", nomenclature="1993"), NAME, "rev2 and 2025", "rev2 et 2025"),
    "no level": (counted(by="commune", naf_level=0), ARGUMENT, "naf_level=0 is none of", "naf_level=0"),
    "counts without a list": (counted(), ARGUMENT, "communes_table=", "communes_table="),
    "no file": (lambda lang, folder: read_sirene(folder / "rien.csv", lang=lang), FILE, "rien.csv", "rien.csv"),
    "no file of the pattern": (lambda lang, folder: read_sirene(folder / "*.parquet", lang=lang), FILE,
                               "No file answers to", "*.parquet"),
    "an empty folder": (lambda lang, folder: read_sirene(folder, lang=lang), FILE, "holds no Parquet file", "Parquet"),
    "an empty file": (stock_of(""), FILE, "stock.csv", "stock.csv"),
    "a workbook": (stock_of(b"PK\x03\x04" + b"0" * 64, "stock.xlsx"), FILE, "is an archive or a workbook", "stock.xlsx"),
    "broken parquet": (stock_of(b"PAR1" + b"\x00" * 64, "stock.parquet"), FILE, "cannot be read", "stock.parquet"),
    "another table": (stock_of("a,b\n1,2\n"), FILE, "is not StockEtablissement of SIRENE", "StockEtablissement"),
    "the legal units": (lambda lang, _: read_sirene(UNITS, lang=lang), FILE, "is StockUniteLegale", "StockUniteLegale"),
    "the wrong way round": (lambda lang, _: read_sirene(STOCK, legal_units=STOCK, lang=lang), FILE,
                            "StockUniteLegale is wanted here", "StockUniteLegale"),
    "twice": (stock_of(TWICE), FILE, "00000000100018 stands twice", "00000000100018"),
    "no list of communes": (list_of("nom,population\nBolbec,11000\n"), FILE, "has no column of commune codes",
                        "liste.csv"),
    "no code of a commune": (list_of("code,nom\n7638A,Bolbec\n"), FILE, "7638A are no codes", "7638A"),
    "two epci of a commune": (list_of("code,epci\n76384,000000101\n76384,000000102\n"), FILE,
                              "puts communes in several EPCI: 76384", "76384"),
    "a centre beyond": (list_of("code,latitude,longitude\n76384,95.2,0.54\n"), ARGUMENT,
                        "has centres on no globe", "sur aucun globe"),
    "no list of epci": (written("epci.csv", "nom\nVal\n", lambda path, lang: read_epcis(path, lang=lang)), FILE,
                        "has no column of EPCI codes", "epci.csv"),
    "no commune of a department": (lambda lang, _: communes_of(read_communes(COMMUNES), department="75", lang=lang),
                                   NAME, "in the department “75”", "75"),
}  # fmt: skip
#: Words that stand in no French sentence.
_ENGLISH = re.compile(r"\b(is|are|the|give|has|not|did you mean|there are|leave)\b")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_is_told_in_one_clear_sentence(case: str, lang: str, tmp_path: Path) -> None:
    ask, error, english, french = REFUSED[case]
    with pytest.raises(error) as caught:
        ask(lang, tmp_path)
    said = str(caught.value)
    assert type(caught.value) is error
    assert (french if lang == "fr" else english) in said
    assert "\n" not in said and "Traceback" not in said and "{" not in said and len(said) < 420
    if case == "no language":
        return  # whose language is not known is answered in English
    # one sentence, and at most one more that says what was meant
    assert said[-1] in ".?" and len(re.findall(r"[.?](?=\s+[A-ZÀÉ«“])", said)) <= 1
    if lang == "fr" and case != "broken parquet":  # the reason is the database's own
        assert not _ENGLISH.search(said), said
        assert "'" not in re.sub(r"\([^)]*\)|lang='de'", "", said)
        assert "“" not in said
        assert not re.search(r"[^\u00a0\u202f][;?!](\s|$)| :", said), said
    if lang == "en":
        assert "«" not in said


@pytest.mark.parametrize("case", ["no naf", "no band", "twice", "the wrong way round"])
def test_nothing_is_left_behind(case: str, tmp_path: Path) -> None:
    """Neither a table of the database nor a temporary file, and the question can be asked again."""
    before = STOCK.read_bytes()
    with pytest.raises(REFUSED[case][1]):
        REFUSED[case][0]("fr", tmp_path)
    assert STOCK.read_bytes() == before and not [*tmp_path.glob("*.tmp"), *tmp_path.glob("*.wal")]
    assert len(read_sirene(STOCK, naf="38.32Z")) == len(read_sirene(STOCK, naf="38.32Z"))


def test_a_question_that_nothing_answers_says_which_part_is_to_blame() -> None:
    found = read_sirene(STOCK, naf="38", departments=["20", "76", "01"], communes="2A004", lang="en")
    assert len(found)  # those of Seine-Maritime
    found = read_sirene(STOCK, naf="38", departments=["20", "01"], lang="en")
    assert found.notes == ("No establishment of “establishments.csv” is in the department 20 and 01.",)
    found = read_sirene(STOCK, naf="38", departments="20", lang="fr")
    assert found.notes == (
        "Aucun établissement de «\u00a0establishments.csv\u00a0» n’est dans le département 20.",
    )
    assert found.frame.empty and found.counts["found"] == 0


def test_a_list_that_can_be_read_once_is_read_once() -> None:
    """A generator is no empty list, and what it gives is asked for."""
    once = read_sirene(STOCK, naf=(code for code in ("38", "13")), departments=iter(["76"]))
    pd.testing.assert_frame_equal(once.frame, read_sirene(STOCK, naf=["38", "13"], departments="76").frame)
    with pytest.raises(ArgumentError, match="naf= est vide"):
        read_sirene(STOCK, naf=iter(()))
