"""One French catalogue: whole, nothing too many, the same fields on both sides, compiled as it stands."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from tests.project.modules import NAME, trees

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / NAME
FOLDER = PACKAGE / "locale" / "fr" / "LC_MESSAGES"
#: those of `make catalogue`; N_ marks a message that is translated elsewhere than where it is written
KEYWORDS: dict[str, tuple[int, ...] | None] = {"tr": None, "trn": (1, 2), "N_": None}

#: sentences that a page fills in itself, where the numbers change under the reader's hand
FILLED_LATER = {f"{NAME}.interactive.wording"}

Key = str | tuple[str, ...]


def fields(text: str) -> set[str]:
    """Return the names of the ``{fields}`` of a message."""
    found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    return {re.split(r"[.\[]", name)[0] for name in found}


def forms(key: Key) -> tuple[str, ...]:
    return key if isinstance(key, tuple) else (key,)


@pytest.fixture(scope="module")
def extracted() -> dict[Key, str]:
    """Message → where it is written."""
    found: dict[Key, str] = {}
    for file, line, message, _, _ in extract_from_dir(PACKAGE, [("**.py", "python")], keywords=KEYWORDS):
        found.setdefault(message, f"{file}:{line}")
    return found


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (FOLDER / f"{NAME}.po").open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


def translated(catalogue: Catalog) -> Iterator[tuple[Key, Message]]:
    for message in catalogue:
        if message.id:
            yield (message.id if isinstance(message.id, str) else tuple(message.id)), message


def texts(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def test_every_message_is_translated(extracted: dict[Key, str], catalogue: Catalog) -> None:
    known = {key: texts(message) for key, message in translated(catalogue)}
    missing = [f"{where}: {key!r}" for key, where in extracted.items() if not all(known.get(key, ("",)))]
    assert extracted
    assert not missing, "\n".join(missing)


def test_no_translation_is_obsolete(extracted: dict[Key, str], catalogue: Catalog) -> None:
    too_many = [key for key, _ in translated(catalogue) if key not in extracted]
    assert not too_many, "\n".join(map(repr, too_many))
    assert not catalogue.obsolete
    assert not [message.id for message in catalogue if message.id and message.fuzzy]


def test_plural_rule_is_that_of_french(catalogue: Catalog) -> None:
    assert catalogue.num_plurals == 2
    assert catalogue.plural_expr.replace(" ", "") in {"(n>1)", "n>1"}


def test_fields_are_the_same_on_both_sides(catalogue: Catalog) -> None:
    wrong = []
    for key, message in translated(catalogue):
        ids, strings = forms(key), texts(message)
        if len(ids) == 1:
            same = fields(strings[0]) == fields(ids[0])
        else:
            # a singular may say « le seul groupe » without its number; it may not ask for what is not given
            same = fields(strings[0]) <= fields(ids[0]) | fields(ids[1]) and fields(strings[1]) == fields(
                ids[1]
            )
        if not same:
            wrong.append(f"{ids} → {strings}")
    assert not wrong, "\n".join(wrong)


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Yield every call of tr, trn and N_: where, the call, the name."""
    for module, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in KEYWORDS:
                    yield f"{module}:{node.lineno}", node, name


def test_every_call_gives_the_fields_of_its_message() -> None:
    """A field without a value is a KeyError in front of a reader; a value without a field says nothing."""
    wrong = []
    for where, call, name in calls():
        count = 2 if name == "trn" else 1
        ids = [
            node.value
            for node in call.args[:count]
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        given = {keyword.arg for keyword in call.keywords}
        if name == "N_" or len(ids) < count or None in given:
            continue  # a marked message, a message held in a variable, or **values: seen where it is used
        needed = set().union(*map(fields, ids))
        if name == "trn":  # it fills {count} itself
            needed, given = needed - {"count"}, given - {"count"}
        if needed != given and (given or where.split(":")[0] not in FILLED_LATER):
            wrong.append(f"{where}: fields {sorted(needed)}, given {sorted(map(str, given))}")
    assert not wrong, "\n".join(wrong)


def test_no_message_is_hidden_from_extraction(extracted: dict[Key, str]) -> None:
    """An f-string or a sum cannot be extracted; templates are handed their texts, translated."""
    wrong = [
        f"{where}: {ast.unparse(node)}"
        for where, call, name in calls()
        for node in call.args[: 2 if name == "trn" else 1]
        if isinstance(node, ast.JoinedStr | ast.BinOp)
    ]
    for path in PACKAGE.rglob("*"):
        if path.suffix in {".html", ".j2", ".js"} and "vis-network" not in path.name:
            text = path.read_text(encoding="utf-8")
            wrong += [f"{path.name}: {call}" for call in re.findall(r"\{[{%][^}]*\btrn?\(.*", text)]
    assert not wrong, "\n".join(wrong)


#: what a French typesetter would send back, each with its name
TYPOGRAPHY = {
    "a straight apostrophe": r"\w'\w",
    "no narrow no-break space before ; ! ?": r"(?:[^\u202f\W]|[)»}%] ?| )[;!?](?=\s|$)",
    "no no-break space before a colon": r"(?<!\u00a0):(?=\s|$)",
    "no no-break space inside guillemets": r"«(?!\u00a0)|(?<!\u00a0)»",
    "an ordinary space before %, € or °": r" [%€°]",
    "three dots for an ellipsis": r"\.\.\.",
}


def test_french_typography(catalogue: Catalog) -> None:
    wrong = [
        f"{name}: {text!r}"
        for _, message in translated(catalogue)
        for text in texts(message)
        for name, pattern in TYPOGRAPHY.items()
        if re.search(pattern, text)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("l'acteur", 1),
        ("Quoi ?", 1),
        ("Quoi?", 1),
        ("{name} ; {other}", 1),
        ("Attention: rien", 1),
        ("Attention : rien", 1),
        ("« mot »", 1),
        ("12 %", 1),
        ("Voir l’acteur\u00a0: «\u00a0mot\u00a0»\u202f; 12\u00a0%\u202f!", 0),
        ("10:30, C:/dossier, https://exemple.fr/?q=1", 0),
    ],
)
def test_the_typesetter_sees_what_is_wrong(text: str, faults: int) -> None:
    assert sum(bool(re.search(pattern, text)) for pattern in TYPOGRAPHY.values()) == faults


def test_the_compiled_catalogue_is_that_of_the_text(catalogue: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    with (FOLDER / f"{NAME}.mo").open("rb") as file:
        shipped = read_mo(file)
    assert dict_of(shipped) == dict_of(read_mo(compiled))


def dict_of(catalogue: Catalog) -> dict[Key, tuple[str, ...]]:
    return {key: texts(message) for key, message in translated(catalogue)}
