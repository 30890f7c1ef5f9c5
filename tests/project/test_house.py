"""The rules of the house that a reader would otherwise have to watch over."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.project.modules import NAME, trees

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / NAME
TEXT = {
    ".py", ".csv", ".md", ".po", ".html", ".css", ".j2", ".js", ".toml", ".cfg", ".cff", ".ipynb", ".sh",
}  # fmt: skip
LONGEST = 500
#: a folder of one machine; /tmp/… in a page for users would be one too
MACHINE = re.compile(r"(?<![\w.:/-])/(?:work|root|home|farm|Users|mnt|tmp|opt)/[\w.-]+|\b[A-Z]:\\Users\\")
LEFT_OPEN = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3)) + r")\b")


def shipped() -> list[Path]:
    """The text files of the project that are read by others; what was vendored is not ours to judge."""
    tops = ("chaine_valeur", "datasets", "benchmarks", "notebooks", "docs", ".ci")
    found = [path for top in tops for path in (ROOT / top).rglob("*") if path.is_file()]
    found += [path for path in ROOT.iterdir() if path.is_file()]
    return [
        path
        for path in found
        if (path.suffix in TEXT or path.name in {"Makefile", "run"})
        and not path.name.endswith(".min.js")
        and not {"__pycache__", ".ipynb_checkpoints", "_build"} & set(path.parts)
    ]


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in PACKAGE.rglob("*.py")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


@pytest.mark.parametrize(("rule", "pattern"), [("a path of one machine", MACHINE), ("left open", LEFT_OPEN)])
def test_nothing_of_the_workshop_is_left(rule: str, pattern: re.Pattern[str]) -> None:
    files = shipped()
    assert len(files) > 20
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {rule}: {line.strip()[:80]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("open('/home/someone/x.csv')", True),
        (r"C:\Users\someone", True),
        ("see https://example.org/home/page", False),
        ("datasets/textiles_usages/actors.csv", False),
    ],
)
def test_the_pattern_of_machine_paths(line: str, caught: bool) -> None:
    assert bool(MACHINE.search(line)) is caught


def test_every_file_is_utf8_with_unix_line_ends() -> None:
    wrong = [str(path.relative_to(ROOT)) for path in shipped() if b"\r\n" in path.read_bytes()]
    assert not wrong


def public(tree: ast.Module | ast.ClassDef) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]


def decorators(node: ast.AST) -> set[str]:
    return {ast.unparse(each) for each in getattr(node, "decorator_list", [])}


def test_every_public_thing_has_a_docstring() -> None:
    bare = []
    for module, tree in trees().items():
        if not ast.get_docstring(tree):
            bare.append(module)
        for node in public(tree):
            things = [(node, node.name)]
            if isinstance(node, ast.ClassDef):
                things += [(inner, f"{node.name}.{inner.name}") for inner in public(node)]
            for each, name in things:
                setter = any(text.endswith((".setter", "overload")) for text in decorators(each))
                if not setter and not ast.get_docstring(each):
                    bare.append(f"{module}.{name}")
    assert not bare, "\n".join(bare)


def test_the_public_face_names_what_exists() -> None:
    import chaine_valeur as cv

    assert dir(cv) == sorted(cv.__all__)
    assert len(cv.__all__) == len(set(cv.__all__))
    for name in cv.__all__:
        assert getattr(cv, name) is not None, name
    with pytest.raises(AttributeError, match="no attribute 'diagnos'"):
        cv.diagnos  # noqa: B018


def test_the_public_face_is_the_same_for_a_type_checker() -> None:
    """What is loaded when first asked for is imported a second time, for completion; the two lists agree."""
    tree = trees()[NAME]
    guarded = [
        node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node)
    ]
    named = {
        alias.asname or alias.name
        for block in guarded
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    import chaine_valeur as cv

    assert named == set(cv.__all__) - {"__version__"}


def test_no_star_import() -> None:
    wrong = [
        f"{module}:{node.lineno}"
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]
    assert not wrong


def test_nothing_is_printed() -> None:
    """Only the command line speaks; the others return."""
    wrong = [
        f"{module}:{node.lineno}"
        for module, tree in trees().items()
        if module.split(".")[1:2] not in (["cli"], ["__main__"])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert not wrong


def test_every_text_file_is_opened_with_its_encoding() -> None:
    """Windows would take cp1252 otherwise."""
    wrong = []
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            given = {keyword.arg for keyword in node.keywords}
            mode = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            binary = any(
                isinstance(value, str) and re.fullmatch(r"[rwax+]*b[rwax+]*", value) for value in mode
            )
            if isinstance(node.func, ast.Attribute) and name == "open" and len(mode) < len(node.args):
                continue  # a member of an archive: always binary
            if name in {"open", "read_text", "write_text"} and "encoding" not in given and not binary:
                wrong.append(f"{module}:{node.lineno}: {ast.unparse(node)[:80]}")
    assert not wrong, "\n".join(wrong)


def test_notebooks_are_saved_without_outputs() -> None:
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert notebooks
    for path in notebooks:
        content = json.loads(path.read_text(encoding="utf-8"))
        code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
        assert code, path.name
        assert not [cell["outputs"] for cell in code if cell["outputs"]], path.name
        assert {cell["execution_count"] for cell in code} == {None}, path.name


def test_tests_are_at_least_as_large_as_the_source() -> None:
    """The examples in docstrings stand in the source and are run: they are tests."""
    example = re.compile(r"\s*(>>>|\.\.\.) ")

    def lines(folder: Path) -> tuple[int, int]:
        texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.py"))
        written = [line for text in texts for line in text.splitlines() if line.strip()]
        shown = sum(bool(example.match(line)) for line in written)
        return len(written) - shown, shown

    source, examples = lines(PACKAGE)
    assert sum(lines(ROOT / "tests")) + examples >= source


def test_the_ci_script_is_valid_and_executable() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in text
    assert text.index("export CI=true") < text.rindex("make test")


@pytest.mark.parametrize("target", ["help", "diagnostic", "test", "bench", "catalogue", "clean"])
def test_make_knows_its_targets_and_never_asks_for_root(target: str) -> None:
    assert shutil.which("make")
    done = subprocess.run(
        ["make", "-n", "-C", str(ROOT), target], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert "sudo" not in done.stdout
