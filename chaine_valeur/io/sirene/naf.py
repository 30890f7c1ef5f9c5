"""Codes of activity in the two nomenclatures, as ranges that a database compares without changing its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from ...errors import ArgumentError
from ...language import tr
from ...text import split_list

__all__ = ["SECTIONS", "code_ranges", "dotted", "naf_prefixes", "section_of"]


def _divisions(*spans: tuple[str, int, int]) -> dict[str, tuple[str, ...]]:
    return {letter: tuple(f"{n:02d}" for n in range(first, last + 1)) for letter, first, last in spans}


_SHARED = (
    ("A", 1, 3), ("B", 5, 9), ("C", 10, 33), ("D", 35, 35), ("E", 36, 39), ("F", 41, 43), ("G", 45, 47),
    ("H", 49, 53), ("I", 55, 56),
)  # fmt: skip
#: Nomenclature → section → its divisions (NACE Rev. 2 and 2.1, which NAF rév. 2 and NAF 2025 follow there).
SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "rev2": _divisions(
        *_SHARED, ("J", 58, 63), ("K", 64, 66), ("L", 68, 68), ("M", 69, 75), ("N", 77, 82), ("O", 84, 84),
        ("P", 85, 85), ("Q", 86, 88), ("R", 90, 93), ("S", 94, 96), ("T", 97, 98), ("U", 99, 99),
    ),
    "2025": _divisions(
        *_SHARED[:6], ("G", 46, 47), *_SHARED[7:], ("J", 58, 60), ("K", 61, 63), ("L", 64, 66), ("M", 68, 68),
        ("N", 69, 75), ("O", 77, 82), ("P", 84, 84), ("Q", 85, 85), ("R", 86, 88), ("S", 90, 93),
        ("T", 94, 96), ("U", 97, 98), ("V", 99, 99),
    ),
}  # fmt: skip
_FORM = re.compile(r"(\d\d)(?:\.?(\d{1,2})([A-Z])?)?")


def naf_prefixes(
    codes: str | Iterable[str] | None, *, nomenclature: str = "rev2", lang: str = "fr"
) -> tuple[str, ...]:
    """Return what codes begin with, dotted: ``3832Z`` is ``38.32Z``, ``38`` a division, ``E`` four of them.

    Parameters
    ----------
    codes
        Codes, or beginnings of codes, with or without dot, or letters of sections; one, several, or a text
        that lists them with « ; ».
    nomenclature
        ``rev2`` or ``2025``: the sections differ.
    lang
        Language of the message.

    Raises
    ------
    ArgumentError
        What is no code.

    Examples
    --------
    >>> naf_prefixes(["3832Z", "13.9", "D"]), naf_prefixes("22;23.1")
    (('38.32Z', '13.9', '35'), ('22', '23.1'))
    """
    if codes is None:
        return ()
    asked = split_list(codes) if isinstance(codes, str) else [*codes]
    found: list[str] = []
    for code in asked:
        text = re.sub(r"\s", "", code).upper() if isinstance(code, str) else str(code)
        form = _FORM.fullmatch(text) if isinstance(code, str) else None
        section = SECTIONS[nomenclature].get(text, ())
        if not section and (form is None or (form[3] and len(form[2]) < 2)):
            raise ArgumentError(
                tr("“{code}” is no NAF code: give text such as 38.32Z, 38.32, 38 or the letter of a section.",
                   lang, code=code)
            )  # fmt: skip
        assert form is not None or section
        found += section or [dotted_one(text)]
    return tuple(dict.fromkeys(found))


def dotted_one(code: str) -> str:
    """Return a code, or the beginning of one, with its dot: ``3832Z`` is ``38.32Z``."""
    plain = code.replace(".", "")
    return f"{plain[:2]}.{plain[2:]}" if len(plain) > 2 else plain


def code_ranges(prefixes: Iterable[str]) -> list[tuple[str, str]]:
    """Return ranges ``low ≤ code < high`` that hold the codes with these beginnings, with a dot or without.

    To compare codes as they are stored lets a database skip what it need not read.

    Examples
    --------
    >>> code_ranges(["38.3", "13"])
    [('38.3', '38.4'), ('383', '384'), ('13', '14')]
    """
    spelled = [form for prefix in prefixes for form in dict.fromkeys((prefix, prefix.replace(".", "")))]
    return [(form, form[:-1] + chr(ord(form[-1]) + 1)) for form in spelled]


def dotted(codes: pd.Series) -> pd.Series:
    """Return five-character codes in their dotted form; missing for what is of another nomenclature.

    Codes of 1993 and 2003 (``52.4C``) and older ones have another form.

    Examples
    --------
    >>> import pandas as pd
    >>> dotted(pd.Series(["3832Z", "38.32Z", "52.4C"])).tolist()
    ['38.32Z', '38.32Z', nan]
    """
    plain = codes.astype("str").str.upper().str.replace(".", "", regex=False)
    plain = plain.where(plain.str.fullmatch(r"\d{4}[A-Z]", na=False))
    return plain.str[:2] + "." + plain.str[2:]


def section_of(divisions: pd.Series, *, nomenclature: str = "rev2") -> pd.Series:
    """Return the letters of the sections of two-digit divisions; missing for one that is in none.

    Examples
    --------
    >>> import pandas as pd
    >>> section_of(pd.Series(["38", "62"])).tolist(), section_of(pd.Series(["62"]), nomenclature="2025").tolist()
    (['E', 'J'], ['K'])
    """
    of = {one: letter for letter, several in SECTIONS[nomenclature].items() for one in several}
    return divisions.map(of).astype("str")
