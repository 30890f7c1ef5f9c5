"""Kinds of structure as listings write them: codes, names in the singular or plural, codes of measures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ...text import fold
from ...vocabulary import StructureKind

__all__ = ["KINDS", "kinds_in"]

#: The kinds that a listing may hold: not companies and associations, which are legal forms.
KINDS = tuple(kind for kind in StructureKind if kind.family != "other")
_SMALL_WORDS = frozenset("a au aux d de des du et l la le les par pour".split())
_SEVERAL = re.compile(r"[;|/+,&\n]|\set\s", re.IGNORECASE)
_CODES = "|".join(sorted((kind.value for kind in KINDS), key=len, reverse=True))
_CODE = re.compile(rf"(?<![^\W_])({_CODES})(?![^\W_])")
#: A code spelled out: « E.I. », « A. C. I », « e.t.t.i ».
_SPELLED = re.compile(r"(?<![^\W_])[A-Za-z](?:\s*\.\s*[A-Za-z]){1,4}(?![^\W_])\s*\.?")
_LETTERS = re.compile(r"[A-Za-z](?: +[A-Za-z]){1,4}")


def kinds_in(text: str) -> tuple[str, ...]:
    """Return the kinds that a cell names, in its order; none where it names none.

    A whole name is tried first (« Ateliers et chantiers d’insertion », ``aci``), then its parts, then the codes
    that stand in it (« EI - Entreprise d’insertion », ``ACI_DC``).

    Examples
    --------
    >>> kinds_in("Chantiers d'insertion"), kinds_in("ai;aci"), kinds_in("EI_DC"), kinds_in("SEP")
    (('ACI',), ('AI', 'ACI'), ('EI',), ())
    >>> kinds_in("E.I."), kinds_in("a.c.i. / A.I"), kinds_in("E T T I")
    (('EI',), ('ACI', 'AI'), ('ETTI',))
    """
    known = _names()
    text = _SPELLED.sub(lambda found: _letters(found.group()) + " ", text).strip()
    text = _letters(text) if _LETTERS.fullmatch(text) else text
    if _key(text) in known:
        return (known[_key(text)],)
    parts = [known.get(_key(part)) for part in _SEVERAL.split(text) if part.strip()]
    found = [part for part in parts if part is not None]
    return tuple(dict.fromkeys(found or _CODE.findall(text)))


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalpha()).upper()


def _key(text: str) -> str:
    """Return a name without small words and plurals."""
    words = [word for word in fold(text).split() if word not in _SMALL_WORDS]
    return " ".join(word.rstrip("s") for word in words)


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for kind in KINDS:
        labels = (kind.label_fr, kind.label_en)
        for name in (kind.value, *labels, *(label.partition(" (")[0] for label in labels), *kind.aliases):
            found.setdefault(_key(name), kind.value)
    found[_key("atelier chantier d'insertion")] = StructureKind.ACI.value
    return found
