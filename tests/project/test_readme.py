"""What the README tells a reader to type does what it says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.fr.md")
FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w-]*)[^\n]*\n(?P<body>.*?)^(?P=indent)```", re.M | re.S)
#: how a command line begins that is ours, as words
OURS = (
    ["chaine-valeur"],
    ["python", "-m", "chaine_valeur"],
    ["python3", "-m", "chaine_valeur"],
    ["py", "-m", "chaine_valeur"],
)
SHELLS = {"bash", "sh", "shell", "console", "bat", "powershell", "cmd"}


def blocks(text: str, *languages: str) -> list[tuple[int, str]]:
    """Return (line, code) of every fenced block in one of the languages, in order."""
    return [
        (text.count("\n", 0, match.start("body")) + 1, textwrap.dedent(match["body"]))
        for match in FENCE.finditer(text)
        if match["language"].lower() in languages
    ]


def commands(text: str) -> list[list[str]]:
    """Return the words of every command in the shell blocks: prompts, comments, continuations undone."""
    found = []
    for _, body in blocks(text, *SHELLS):
        for line in re.sub(r"\\\n\s*", " ", body).splitlines():
            words = shlex.split(re.sub(r"^(\$|>|PS>)\s+", "", line.strip()), comments=True)
            part: list[str] = []
            for word in [*words, "&&"]:
                if word in {"&&", ";", "|"}:
                    found += [part] if part else []
                    part = []
                else:
                    part.append(word)
    return found


def after(words: list[str]) -> list[str] | None:
    """Return what follows the name of our program in a command, or None where it is another program."""
    for start in OURS:
        if words[: len(start)] == start:
            return words[len(start) :]
    return None


def make_targets() -> set[str]:
    phony = re.findall(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    return set(" ".join(phony).split())


def run_cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chaine_valeur", *arguments],
        env=os.environ | {"PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module", params=READMES)
def readme(request: pytest.FixtureRequest) -> str:
    return (ROOT / request.param).read_text(encoding="utf-8")


def test_python_blocks_run_in_order(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    import matplotlib.pyplot as plt

    code = blocks(readme, "python", "py")
    assert code, "the README shows no Python"
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for line, body in code:
        # padded, so that a traceback names the line of the README
        program = compile("\n" * (line - 1) + body, request.node.callspec.params["readme"], "exec")
        exec(program, namespace)
    plt.close("all")


def test_make_targets_exist(readme: str) -> None:
    named = {
        word
        for words in commands(readme)
        if words[0] == "make"
        for word in words[1:]
        if "=" not in word and not word.startswith("-")
    }
    named |= set(re.findall(r"`make ([a-z-]+)`", readme))
    assert {"diagnostic", "test"} <= named
    assert named <= make_targets()


def test_commands_of_ours_are_understood(readme: str) -> None:
    """Each subcommand has a help, and each option that is shown is one that the help explains."""
    shown = [rest for words in commands(readme) if (rest := after(words)) is not None]
    assert any(rest[:1] == ["diagnose"] for rest in shown), "the README shows no `diagnose`"
    helps: dict[tuple[str, ...], str] = {}
    for rest in shown:
        sub = tuple(rest[:1]) if rest and not rest[0].startswith("-") else ()
        if sub not in helps:
            done = run_cli(*sub, "--help")
            assert done.returncode == 0, f"{rest}: {done.stderr}"
            helps[sub] = done.stdout
        options = {word.split("=")[0] for word in rest if re.match(r"--?[a-zA-Z]", word)}
        unknown = {option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", helps[sub])}
        assert not unknown, f"{' '.join(rest)}: {unknown} not in --help"


def test_links_and_pictures_inside_the_project_exist(readme: str) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)|(?:src|href)=\"([^\"#]+)\"", readme)
    local = {a or b for a, b in targets if not re.match(r"[a-z]+:", a or b)}
    missing = sorted(target for target in local if not (ROOT / target).exists())
    assert not missing


def test_readmes_show_the_same_commands() -> None:
    """The French and the English page lead to the same place."""
    english, french = (commands((ROOT / name).read_text(encoding="utf-8")) for name in READMES)
    made = [{tuple(words[:2]) for words in page if words[0] == "make"} for page in (english, french)]
    assert made[0] == made[1]
    subcommands = [
        {tuple(rest[:1]) for words in page if (rest := after(words)) is not None}
        for page in (english, french)
    ]
    assert subcommands[0] == subcommands[1]


def test_the_system_packages_are_named(readme: str) -> None:
    for package in ("make", "git", "python3-venv"):
        assert package in readme


def test_the_reader_of_blocks_reads_them() -> None:
    text = (
        "a\n```python\nx = 1\n```\n\n1. b\n\n   ```bash\n   $ make test  # c\n"
        "   chaine-valeur diagnose a.xlsx \\\n     -o 'un dossier' && make help\n   ```\n"
        "```text\nmake nothing\n```\n"
    )
    assert blocks(text, "python") == [(3, "x = 1\n")]
    assert commands(text) == [
        ["make", "test"],
        ["chaine-valeur", "diagnose", "a.xlsx", "-o", "un dossier"],
        ["make", "help"],
    ]
    assert after(["py", "-m", "chaine_valeur", "check", "x"]) == ["check", "x"]
    assert after(["py", "-m", "pip", "install", "x"]) is None
