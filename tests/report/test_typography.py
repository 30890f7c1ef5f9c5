"""Every sentence that a report makes: punctuation, singular and plural, French and English typography.

Read from the sections of the report, before any form: five filières, two languages, the full profile.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.diagnosis import five_things
from chaine_valeur.report import pictures
from chaine_valeur.report.blocks import Cards, Grid, Paragraph, Points, Section
from chaine_valeur.report.opening import facts, notices
from tests.report.builders import diagnosed, nearly_empty, sections_of, texts_of, with_rows_aside

pytestmark = pytest.mark.long

CASES = ["exemple_complet", "textiles_usages", "lin_composite", "nearly_empty", "with_rows_aside"]
LANGS = ["fr", "en"]


def filiere(name: str, lang: str = "fr") -> Filiere:
    made = {"nearly_empty": nearly_empty, "with_rows_aside": with_rows_aside}
    return made[name](lang) if name in made else datasets.load(name, lang=lang)


@cache
def sections(name: str, lang: str) -> dict[str, Section]:
    return sections_of(diagnosed(filiere(name, lang), lang, "expert"))


@cache
def texts(name: str, lang: str) -> tuple[str, ...]:
    """All that the report says by itself, and what it repeats of the data."""
    return tuple(text for section in sections(name, lang).values() for text in texts_of(section))


@cache
def data_texts(name: str) -> tuple[str, ...]:
    """What people wrote: their spelling is theirs. Longest first, so that a part does not hide a whole."""
    f = filiere(name)
    found: set[str] = set()
    for table in f:
        frame = f.table(table)
        for column in frame:
            found |= {str(value) for value in frame[column].dropna() if isinstance(value, str)}
    for frame in f.set_aside.values():
        found |= {str(value) for value in frame.to_numpy().ravel() if isinstance(value, str)}
    found |= {part.strip() for text in found for part in text.split(";")}  # cells that hold a list
    return tuple(sorted((text for text in found if len(text) > 3), key=len, reverse=True))


@cache
def own_words(name: str, lang: str) -> tuple[str, ...]:
    """The texts of the report, what comes from the data replaced by a word that troubles no rule."""
    pattern = re.compile("|".join(map(re.escape, data_texts(name))) or r"(?!)")
    return tuple(pattern.sub("Nom", text) for text in texts(name, lang))


def offences(pattern: str, said: tuple[str, ...]) -> list[str]:
    rule = re.compile(pattern)
    return [text[max(0, m.start() - 30) : m.end() + 20] for text in said for m in rule.finditer(text)]


FRENCH = {
    "a colon stands after a no-break space": r"(?<!\u00a0):(?=\s|$)",
    "; ! ? stand after a narrow no-break space": r"(?<!\u202f)[;!?](?=\s|$)",
    "an opening guillemet is followed by a no-break space": r"«(?!\u00a0)",
    "a closing guillemet is preceded by one": r"(?<!\u00a0)»",
    "per cent stands after a no-break space": r"(?<![\u00a0\u202f])%",
    "no straight apostrophe nor quote": r"\w'\w|\"",
    "no English quote": r"[“”]",
    # « 0,079 » has three decimals: no thousands begin with nought
    "thousands are parted by a narrow space, decimals by a comma": r"\b[1-9]\d{0,2}(?:,\d{3})+\b|\b\d+\.\d+\b(?!\.)",
}
ENGLISH = {
    "no space before a colon or a semicolon": r"\s[:;!?](?=\s|$)",
    "no guillemet": r"[«»]",
    "no straight quote": r"\"",
    "per cent stands close": r"\d[\s\u00a0\u202f]%",
    "no decimal comma": r"\b\d+,\d{1,2}\b(?!\d)",
}
BOTH = {
    "no full stop twice, no comma twice": r"(?<!\.)\.\.(?!\.)|,,|;;|\?\.",
    "no space before a comma or a full stop": r"\s[,.](?=\s|$)",
    "no two spaces": r"[ \u00a0\u202f]{2,}",
    "no field left open": r"\{\w*\}",
    "no value of Python": r"\b(?:nan|None|NaT|<NA>|True|False)\b",
    "no empty parenthesis": r"\(\s*\)",
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("rule", [*FRENCH, *BOTH])
def test_french(name: str, rule: str) -> None:
    assert offences({**FRENCH, **BOTH}[rule], own_words(name, "fr")) == []


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("rule", [*ENGLISH, *BOTH])
def test_english(name: str, rule: str) -> None:
    assert offences({**ENGLISH, **BOTH}[rule], own_words(name, "en")) == []


#: Words that end in s in the singular, or follow a number without being counted by it.
NOT_PLURAL = {
    "fr": {
        "sur",
        "dans",
        "des",
        "mais",
        "pas",
        "plus",
        "moins",
        "sans",
        "fois",
        "ans",
        "acteurs",
        "collèges",
    },
    "en": {"is", "was", "has", "less", "across", "rests", "others"},
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("lang", LANGS)
def test_one_of_a_thing_is_no_plural(name: str, lang: str) -> None:
    """« 1 ligne », « 0 flux »: in French nought takes the singular, too; in English only one does."""
    counts = "[01]" if lang == "fr" else "1"
    found = re.compile(rf"(?<![\w,.\u00a0\u202f–-])({counts})[ \u00a0]([^\W\d_]+s)\b")
    wrong = [
        f"{m[0]} — {text[:80]}"
        for text in own_words(name, lang)
        for m in found.finditer(text)
        if m[2].lower() not in NOT_PLURAL[lang]
    ]
    assert wrong == []


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("lang", LANGS)
def test_more_than_one_of_a_thing_is_no_singular(name: str, lang: str) -> None:
    things = {
        "fr": [
            "ligne",
            "acteur",
            "maillon",
            "constat",
            "passage",
            "paire",
            "groupe",
            "poste",
            "chemin",
            "cellule",
        ],
        "en": ["row", "actor", "stage", "finding", "passage", "pair", "group", "post", "path", "cell"],
    }[lang]
    found = re.compile(rf"(?<![\w,.–-])(?:[2-9]|\d\d+)[ \u00a0\u202f]({'|'.join(things)})\b")
    assert [text for text in own_words(name, lang) if found.search(text)] == []


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("lang", LANGS)
def test_sentences_end_and_begin_as_sentences_do(name: str, lang: str) -> None:
    """Paragraphs, points, notes of tables, remarks of cards: a capital (or a figure) and a full stop."""
    said: list[str] = []
    for section in sections(name, lang).values():
        for block, after in zip(section.blocks, [*section.blocks[1:], None], strict=True):
            if isinstance(block, Paragraph):
                # what leads to a list ends with a colon
                said.append(block.text.removesuffix(":") + "." if isinstance(after, Points) else block.text)
            elif isinstance(block, Points):
                said += block.items
            elif isinstance(block, Grid):
                said.append(block.note)
            elif isinstance(block, Cards):
                said += [text for card in block.cards for text in (*card.details, card.firmness)]
    said = [text for text in said if text]
    assert said
    ends = [text for text in said if not text.rstrip(")»”\u00a0").endswith((".", "!", "?", "…"))]
    begins = [text for text in said if text[0].islower()]
    assert ends == []
    assert begins == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_insertion_sentence_is_closed_wherever_it_stands(lang: str) -> None:
    """In the lead of its section, and last among the five things."""
    made = diagnosed(datasets.load("textiles_usages"), lang)
    lead = sections("textiles_usages", lang)["insertion"].blocks[0]
    assert isinstance(lead, Paragraph) and lead.kind == "lead"
    assert lead.text.endswith(".")
    assert five_things(made)[-1] == lead.text


def test_the_sentence_of_the_order_is_told_word_for_word() -> None:
    lead = sections("textiles_usages", "fr")["insertion"].blocks[0]
    assert isinstance(lead, Paragraph)
    assert lead.text.replace("\u00a0", " ").replace("\u202f", " ") == (
        "Programme, toutes filières : 21 postes créés, encadrement compris, pour une trentaine attendus (70 %) ; "
        "10 952 € d’animation par poste, hors aides aux SIAE ; part de la filière non renseignée."
    )


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("lang", LANGS)
def test_heads_and_notices_keep_the_same_rules(name: str, lang: str) -> None:
    made = diagnosed(filiere(name, lang), lang)
    pattern = re.compile("|".join(map(re.escape, data_texts(name))) or r"(?!)")
    said = [*notices(made), *(f"{label}" for label, _ in facts(made, on=None))]
    said = [pattern.sub("Nom", text) for text in said]
    rules = {**(FRENCH if lang == "fr" else ENGLISH), **BOTH}
    for rule, expression in rules.items():
        assert offences(expression, tuple(said)) == [], rule
    assert all(text.endswith(".") for text in notices(made))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", "Personne n’a pu dire qui travaille avec qui."),
        ("en", "Nobody could say who works with whom."),
    ],
)
def test_a_heat_map_of_which_nothing_is_known_says_so_in_words(lang: str, said: str) -> None:
    assert pictures._heatmap_alt(nearly_empty(), by="role", lang=lang) == said
    assert pictures._heatmap_alt(datasets.load("textiles_usages"), by="role", lang=lang) == said


def test_the_heat_map_in_words_counts_pairs_in_the_singular_and_the_plural() -> None:
    told = pictures._heatmap_alt(datasets.load("exemple_complet"), by="role", lang="fr")
    # from the picture: Structure d’insertion × Acteur territorial 3 of 3, Fournisseur × Structure 1 of 9
    assert "Structure d’insertion et Acteur territorial\u00a0: 3 paires liées sur 3" in told
    assert "1 paire liée sur 9" in told
    assert told.endswith("croisements sur 34.")
    english = pictures._heatmap_alt(datasets.load("exemple_complet"), by="role", lang="en")
    assert "3 tied pairs out of 3" in english and "1 tied pair out of 9" in english
    assert english.endswith("boxes out of 34 nothing is known.")
