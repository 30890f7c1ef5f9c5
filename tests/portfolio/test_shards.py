"""Shards on disk: read back the same, by others as they are, and refused where they would be misread."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from chaine_valeur.about import library_version
from chaine_valeur.errors import ArgumentError, NotEnoughMemoryError, UnreadableFileError
from chaine_valeur.portfolio import Portfolio, estimate_memory, read_shards, write_shards
from chaine_valeur.portfolio._parquet import footprint
from chaine_valeur.portfolio.version import schema_version

from .making import assert_same, faulty, odd, small, tiny

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

ROOT = Path(__file__).resolve().parents[2]
FILIERES = {"a": small, "b": faulty, "c": odd, "d": lambda: small().at(2024), "e": tiny}


@pytest.fixture(scope="module")
def p() -> Portfolio:
    whole = Portfolio.from_filieres(
        {code: make() for code, make in FILIERES.items()}, sources={"a": "a.xlsx"}
    )
    return Portfolio.concat([whole, Portfolio.from_filieres({"a": tiny()})], lang="en")


@pytest.fixture(scope="module")
def written(p: Portfolio, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shards")
    assert [path.name for path in write_shards(p, folder, filieres_per_shard=2)] == [
        "shard-00000",
        "shard-00001",
    ]
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(written, tmp_path / "copy"))


def changed(path: Path, **said: object) -> None:
    """Write a file again with something else said in its footer."""
    table = pq.read_table(path, partitioning=None)
    old = json.loads(table.schema.metadata[b"chaine_valeur"])
    metadata = {**table.schema.metadata, b"chaine_valeur": json.dumps({**old, **said}).encode()}
    pq.write_table(table.replace_schema_metadata(metadata), path)


def test_read_as_written(p: Portfolio, written: Path) -> None:
    again = read_shards(written)
    assert again == p
    assert again.entries.equals(p.entries)
    assert again.failures.equals(p.failures)
    for code in p:
        assert_same(again[code], p[code])


def test_at_least_so_many_in_each(written: Path) -> None:
    # five filières, at least two in each: two and three
    sizes = [pq.read_metadata(path / "filieres.parquet").num_rows for path in sorted(written.glob("shard-*"))]
    assert sizes == [2, 3]
    assert list(read_shards(written / "shard-00001")) == ["c", "d", "e"]


HELD_BY_PYTHON = """
import sys
import pandas as pd
pd.options.mode.string_storage = "python"
from chaine_valeur.portfolio import Portfolio, from_packed, read_shards, to_packed
from tests.portfolio.making import assert_same, faulty, odd, small, tiny
p = read_shards(sys.argv[1])
assert p["a"].actors["name"].dtype.storage == "python"
for code, f in {"a": small(), "b": faulty(), "c": odd(), "d": small().at(2024), "e": tiny()}.items():
    assert_same(p[code], f)
q = Portfolio.from_filieres(dict(p.items()))
assert q == p == from_packed(to_packed(q))
assert q.table("actors", compact=True)["name"].astype("str").equals(p.table("actors")["name"])
"""


def test_texts_held_by_python_give_the_same(written: Path) -> None:
    """As on an installation without pyarrow's texts, set before anything is loaded."""
    done = subprocess.run(
        [sys.executable, "-c", HELD_BY_PYTHON, str(written)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_other_programs_read_a_table_as_it_is(p: Portfolio, written: Path) -> None:
    parts = [pd.read_parquet(path) for path in sorted(written.glob("*/actors.parquet"))]
    expected = p.table("actors")
    found = pd.concat(parts, ignore_index=True)
    known = [column for column in expected.columns if column in parts[0]]
    assert (
        found[known].astype({"filiere_code": "str"}).equals(expected[known].astype({"filiere_code": "str"}))
    )
    # every file of a table has the same columns and types, whatever is known in it
    schemas = [pq.read_schema(path).remove_metadata() for path in written.glob("*/actors.parquet")]
    assert len(schemas) == 2 and schemas[0].equals(schemas[1])
    assert {str(field.type) for field in schemas[0]} == {"string", "double", "int64", "bool", "timestamp[us]"}
    assert {path.stem for path in (written / "shard-00000").iterdir()} >= {
        "filieres",
        "actors",
        "flows",
        "problems",
    }


def test_each_file_says_under_which_schema_it_was_written(written: Path) -> None:
    for path in written.glob("shard-*/*.parquet"):
        said = json.loads(pq.read_schema(path).metadata[b"chaine_valeur"])
        assert (said["schema"], said["library"]) == (schema_version(), library_version())


@pytest.mark.parametrize("file", ["filieres", "flows"])
def test_a_shard_of_another_schema_is_refused_by_name(folder: Path, file: str) -> None:
    changed(folder / "shard-00000" / f"{file}.parquet", schema="1-abcdef0123", library="0.0.1")
    with pytest.raises(UnreadableFileError) as caught:
        read_shards(folder, lang="en")
    for part in (f"“shard-00000/{file}.parquet”", "1-abcdef0123", "0.0.1", schema_version(), "Write it anew"):
        assert part in str(caught.value)
    rest = read_shards(folder, strict=False, lang="en")
    assert list(rest) == ["c", "d", "e"]
    row = rest.failures.iloc[0]
    assert row[["source", "error"]].tolist() == ["shard-00000", "UnreadableFileError"]
    assert row["message"] == str(caught.value)


def test_a_shard_that_is_damaged_or_incomplete(folder: Path) -> None:
    (folder / "shard-00000" / "flows.parquet").write_bytes(b"PAR1 and nothing else")
    (folder / "shard-00001" / "actors.parquet").unlink()
    with pytest.raises(UnreadableFileError, match="“shard-00000/flows.parquet” cannot be read"):
        read_shards(folder, lang="en")
    rest = read_shards(folder, strict=False, lang="en")
    assert len(rest) == 0
    assert rest.failures["source"].tolist() == ["shard-00000", "shard-00001", "a"]
    assert "“shard-00001/actors.parquet” cannot be read" in rest.failures["message"].iat[1]


def test_a_parquet_file_of_somebody_else(folder: Path) -> None:
    path = folder / "shard-00000" / "filieres.parquet"
    pq.write_table(pq.read_table(path, partitioning=None).replace_schema_metadata({}), path)
    with pytest.raises(UnreadableFileError, match="not written by write_shards"):
        read_shards(folder, lang="en")


def test_two_shards_with_one_code(folder: Path) -> None:
    shutil.copytree(folder / "shard-00000", folder / "shard-00002")
    again = read_shards(folder, lang="en")
    assert list(again) == ["a", "b", "c", "d", "e"]
    assert again.failures["error"].tolist() == ["duplicate_code"] * 3
    assert again.failures["filiere_code"].tolist() == ["a", "b", "a"]


def test_one_code_twice_in_a_shard(folder: Path) -> None:
    path = folder / "shard-00001" / "filieres.parquet"
    table = pq.read_table(path, partitioning=None)
    codes = table.schema.get_field_index("filiere_code")
    pq.write_table(table.set_column(codes, "filiere_code", pa.array(["c", "d", "d"])), path)
    again = read_shards(folder, lang="en")
    assert list(again) == ["a", "b", "c", "d"]
    assert_same(again["d"], small().at(2024))
    # the rows of e, whose line is gone, are of no filière
    assert again.failures["error"].tolist() == ["unknown_code", "duplicate_code", "duplicate_code"]
    assert again.failures["filiere_code"].fillna("").tolist() == ["", "d", "a"]
    assert "of no filière of this shard" in again.failures["message"].iat[0]


def test_rows_in_another_order(folder: Path, p: Portfolio) -> None:
    """As other programs leave them: the filières are put together again."""
    path = folder / "shard-00000" / "actors.parquet"
    table = pq.read_table(path, partitioning=None)
    assert table["filiere_code"].to_pylist() == ["a", "a", "b", "b"]
    pq.write_table(table.take(pa.array([2, 0, 3, 1])), path)
    assert read_shards(folder) == p


def test_a_size_that_cannot_fit_is_refused_before_anything_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*args: object, **more: object) -> None:
        raise AssertionError("a table was read")

    monkeypatch.setattr("chaine_valeur.portfolio.shards.read_files", never)
    needed = estimate_memory(folder)
    assert needed > 20_000
    with pytest.raises(NotEnoughMemoryError, match="there are 0.02\u00a0MB: nothing was read") as caught:
        read_shards(folder, limit=20_000, lang="en")
    told = f"takes about {needed / 1e6:.2f}".rstrip("0")
    assert told in str(caught.value)
    assert isinstance(caught.value, MemoryError)
    monkeypatch.undo()
    assert len(read_shards(folder, limit=needed)) == 5


def test_what_is_foreseen_grows_with_the_rows(folder: Path) -> None:
    # rows and texts of each shard twice, those of the largest twice more, and three tenths on top
    a, b = (
        sum(footprint(file, lang="en") for file in (folder / name).glob("*.parquet"))
        for name in ("shard-00000", "shard-00001")
    )
    assert estimate_memory(folder / "shard-00000") == int(1.3 * 4 * a)
    assert estimate_memory(folder) == int(1.3 * (2 * (a + b) + 2 * max(a, b)))
    shutil.copytree(folder / "shard-00001", folder / "shard-00002")
    assert estimate_memory(folder) == int(1.3 * (2 * (a + 2 * b) + 2 * max(a, b)))
    (folder / "shard-00002" / "flows.parquet").write_bytes(b"")
    assert estimate_memory(folder) < int(1.3 * (2 * (a + 2 * b) + 2 * max(a, b)))


def test_the_footprint_of_a_table_is_its_rows_and_its_texts(folder: Path) -> None:
    path = folder / "shard-00000" / "activities.parquet"
    footer = pq.read_metadata(path).row_group(0)
    size = {
        footer.column(k).path_in_schema: footer.column(k).total_uncompressed_size
        for k in range(footer.num_columns)
    }
    known = ["filiere_code", "activity_id", "actor_id", "stage_id", "_sheet"]
    # two rows: a number of 4 bytes for each text, the texts twice; jobs_fte and the row of 8 bytes each; no other
    # column of which something is known
    others = set(pd.read_parquet(path).dropna(axis=1, how="all")) - {*known, "jobs_fte", "_row"}
    assert others == set()
    assert footprint(path, lang="en") == int(2 * (5 * 4 + 8 + 8) + 2.0 * sum(size[name] for name in known))


def test_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="holds no shard"):
        read_shards(tmp_path, lang="en")
    with pytest.raises(UnreadableFileError, match="holds no shard"):
        read_shards(tmp_path / "nowhere", lang="en")


def test_shards_are_not_written_over_others_unasked(p: Portfolio, folder: Path) -> None:
    with pytest.raises(ArgumentError, match="holds shards already"):
        write_shards(p, folder, lang="en")
    paths = write_shards(p.select(["e"]), folder, overwrite=True, packed=False)
    assert [path.name for path in sorted(folder.iterdir())] == ["failures.parquet", "shard-00000"]
    assert list(read_shards(folder)) == ["e"]
    assert "packed" not in pq.read_schema(paths[0] / "filieres.parquet").names
    with pytest.raises(ArgumentError, match="positive"):
        write_shards(p, folder / "new", filieres_per_shard=0)


def test_no_filiere_at_all(tmp_path: Path) -> None:
    write_shards(Portfolio.from_filieres({}), tmp_path)
    assert len(read_shards(tmp_path)) == 0
