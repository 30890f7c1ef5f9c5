"""The door to the examples: what is there, reading it, telling it, wherever the library is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chaine_valeur import datasets
from chaine_valeur.errors import MissingTableError, UnknownNameError, ValidationError
from chaine_valeur.io.csv import read_csv, write_csv
from chaine_valeur.provenance import hypothesis_share
from chaine_valeur.schema import tables

NAMES = ["exemple_complet", "lin_composite", "textiles_france_2020", "textiles_usages"]
#: Of the whole country: it has no territory.
NATIONAL = "textiles_france_2020"
#: What is told of them on purpose: two actors who each scored what they share (a notice, and no more).
TOLD = {"exemple_complet": [("tie_rated_by_both", "notice", 5)]}


def test_available_names_each_folder_that_holds_tables(root: Path) -> None:
    assert datasets.available() == NAMES
    assert sorted(path.parent.name for path in (root / "datasets").glob("*/actors.csv")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_loads_without_a_single_problem(name: str) -> None:
    f = datasets.load(name)
    told = list(f.problems[["code", "severity", "row"]].itertuples(index=False, name=None))
    assert told == TOLD.get(name, []), f.problems.to_string()
    assert dict(f.set_aside) == {}
    assert dict(f.unknown_cells) == {}
    assert (f.territory_id is None) == (name == NATIONAL)
    assert f.reference_year in f.years


@pytest.mark.parametrize("name", NAMES)
def test_each_is_the_same_after_a_round_trip(name: str, tmp_path: Path) -> None:
    f = datasets.load(name)
    write_csv(f, tmp_path / name)
    assert read_csv(tmp_path / name) == f


@pytest.mark.parametrize(
    ("name", "year"), [("exemple_complet", 2023), *zip(NAMES, [2024, 2008, 2020, 2009], strict=True)]
)
def test_each_year_can_be_asked_for(name: str, year: int) -> None:
    """The study perimeter of the real ones has no dates: in 2008 it is there, the agglomeration is not."""
    f = datasets.load(name)
    seen = f.at(year)
    assert year in f.years and seen.year == year
    assert seen.territory_id == f.territory_id
    assert len(seen.table("flows"))
    if name not in ("exemple_complet", NATIONAL):
        assert set(seen.territories["territory_id"]) == {"caux-vallee-de-seine"}


@pytest.mark.parametrize("name", NAMES)
def test_the_files_are_plain_csv_with_the_columns_of_the_schema(name: str, root: Path) -> None:
    folder = root / "datasets" / name
    for path in sorted(folder.iterdir()):
        if path.suffix == ".md" or path.name == "open_data":  # see test_open_data.py
            continue
        assert path.suffix == ".csv"
        data = path.read_bytes()
        assert b"\r" not in data and data.endswith(b"\n") and not data.startswith(b"\xef\xbb\xbf")
        header = data.decode("utf-8").splitlines()[0].split(",")
        home = tables()[path.stem]
        assert header[0] == home.key
        assert header == [column for column in home.columns if column in header]
    assert not list(folder.rglob("*.py"))


def test_an_example_is_read_again_only_when_a_file_changed(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "_datasets" / "mon_exemple"
    shutil.copytree(root / "datasets" / "lin_composite", folder)
    monkeypatch.setattr(datasets, "files", lambda package: tmp_path)
    first = datasets.load("mon_exemple")
    assert datasets.load("mon_exemple") is first
    table = folder / "filiere.csv"
    text = table.read_text(encoding="utf-8").replace("Lin composite", "Lin et autre chose")
    table.write_text(text, encoding="utf-8")
    assert datasets.load("mon_exemple").name.startswith("Lin et autre chose")
    assert first.name.startswith("Lin composite")


def test_what_a_caller_does_to_a_table_stays_with_them() -> None:
    mine = datasets.load("lin_composite").actors
    mine["name"] = "X"
    assert "X" not in set(datasets.load("lin_composite").actors["name"])


def test_an_unknown_name_gets_the_close_ones() -> None:
    with pytest.raises(UnknownNameError, match="textiles_usages"):
        datasets.load("textile_usages")
    with pytest.raises(
        UnknownNameError, match="exemple_complet, lin_composite, textiles_france_2020, textiles_usages"
    ):
        datasets.describe("zzz")


@pytest.mark.parametrize("name", ["..", "textiles_usages/..", "", "."])
def test_a_path_is_no_name(name: str) -> None:
    with pytest.raises(UnknownNameError):
        datasets.load(name)


def test_describe_tells_story_years_share_and_rows() -> None:
    told = datasets.describe("lin_composite")
    lines = told.splitlines()
    assert lines[0] == "Lin composite (tonnages\u00a0: Haute-Normandie, 2008) [lin_composite]"
    assert "ne nomme aucun acteur du lin" in told
    assert "Années des chiffres\u00a0: 2008." in lines
    assert "**" not in told
    f = datasets.load("lin_composite")
    assert f"  Acteurs\u00a0: {len(f.actors)} lignes" in lines
    assert "  Groupes\u00a0: 1 ligne" in lines  # the singular
    assert f"{len(list(f))} tables\u00a0:" in lines
    assert not any(line.strip().startswith("Coopérations") for line in lines)


def test_describe_counts_the_share_of_soft_rows() -> None:
    f = datasets.load("textiles_usages")
    soft = rows = 0
    for name in f:
        if "confidence" in f.table(name):
            soft += int(f.table(name)["confidence"].isin(["estimated", "hypothesis"]).sum())
            rows += len(f.table(name))
    # half up, as the reader rounds
    assert f"{int(100 * soft / rows + 0.5)}\u00a0%." in datasets.describe("textiles_usages")
    assert 0.3 < soft / rows < 0.9


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_without_validating_is_what_reading_gives(name: str) -> None:
    """The files are counted as they stand; the filière read from them has the same name, years and rows."""
    f = datasets.load(name)
    assert datasets.title(name) == f.name
    lines = datasets.describe(name, lang="en").splitlines()
    assert lines[0] == f"{f.name} [{name}]"
    assert f"Years of the figures: {' and '.join(map(str, f.years))}." in lines
    told = [line.strip() for line in lines if line.startswith("  ")]
    rows = [(tables()[each].label("en"), len(f.table(each))) for each in f]
    assert told == [f"{label}: {count} row{'s' if count > 1 else ''}" for label, count in rows]
    share = hypothesis_share(f, {each: f.table(each).index for each in f})
    assert any(line.endswith(f"{int(100 * share + 0.5)}%.") for line in lines)


def test_names_and_descriptions_are_cheap() -> None:
    """Neither pandas nor numpy is loaded, so no table can have been validated."""
    code = (
        "import sys; from chaine_valeur import datasets as d; "
        "told = [(d.title(name), d.describe(name)) for name in d.available()]; "
        "assert len(told) == 4 and all(map(all, told)); "
        "print(sorted({'pandas', 'numpy', 'pandera'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True,
                          env={**os.environ, "PYTHONIOENCODING": "utf-8"})  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_a_title_is_asked_of_a_known_example() -> None:
    with pytest.raises(UnknownNameError, match="textiles_usages"):
        datasets.title("textile_usages")


def test_an_example_of_its_own_needs_neither_a_name_nor_a_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "_datasets" / "le_mien"
    folder.mkdir(parents=True)
    (folder / "actors.csv").write_text("actor_id,name\na,Atelier\n", encoding="utf-8")
    (folder / "README.md").write_text("# Le mien\n\nUn seul **atelier**.\n", encoding="utf-8")
    monkeypatch.setattr(datasets, "files", lambda package: tmp_path)
    assert datasets.title("le_mien") == "le_mien"
    lines = datasets.describe("le_mien").splitlines()
    assert lines[:3] == ["le_mien [le_mien]", "", "Un seul atelier."]
    # one row, of which nobody says how firm it is: none rests on a hypothesis
    assert "Lignes qui reposent sur une estimation ou une hypothèse\u00a0: 0\u00a0%." in lines
    (folder / "filiere.csv").write_text("filiere_id,name\nf,\n", encoding="utf-8")
    assert datasets.title("le_mien") == "le_mien"


def test_describe_in_english() -> None:
    told = datasets.describe("exemple_complet", lang="en")
    assert "Everything is invented" in told
    assert "Years of the figures: 2023 and 2024." in told
    assert "  Actors: 30 rows" in told
    with pytest.raises(UnknownNameError):
        datasets.describe("exemple_complet", lang="de")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_first_paragraph_warns(name: str, lang: str) -> None:
    paragraph = datasets.describe(name, lang=lang).split("\n\n")[1]
    words = {"fr": ("hypothèse", "inventé"), "en": ("hypothes", "invented")}[lang]
    assert any(word in paragraph for word in words)
    assert "\n" not in paragraph and len(paragraph) > 100


def test_an_installed_library_reads_its_own_folder(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "_datasets"
    shutil.copytree(root / "datasets" / "lin_composite", inside / "mon_exemple")
    monkeypatch.setattr(datasets, "files", lambda package: tmp_path)
    monkeypatch.setattr(datasets, "_CHECKOUT", tmp_path / "nowhere")
    assert datasets.available() == ["mon_exemple"]
    assert datasets.load("mon_exemple") == read_csv(root / "datasets" / "lin_composite")


def test_a_library_without_its_examples_says_where_it_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "datasets" / "empty").mkdir(parents=True)
    monkeypatch.setattr(datasets, "files", lambda package: tmp_path)
    monkeypatch.setattr(datasets, "_CHECKOUT", tmp_path / "datasets")
    with pytest.raises(MissingTableError, match="_datasets"):
        datasets.available()


def test_an_example_changed_by_hand_is_read_strictly(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "_datasets" / "lin_composite"
    shutil.copytree(root / "datasets" / "lin_composite", folder)
    flows = folder / "flows.csv"
    flows.write_text(flows.read_text(encoding="utf-8").replace("liniculteurs", "personne"), encoding="utf-8")
    monkeypatch.setattr(datasets, "files", lambda package: tmp_path)
    with pytest.raises(ValidationError) as caught:
        datasets.load("lin_composite", lang="en")
    assert (caught.value.problems["table"] == "flows").any()
