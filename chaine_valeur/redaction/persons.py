"""Natural persons do not appear in a written report: they become « Personne 1 », « Personne 2 »…"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..diagnosis import Diagnosis, diagnose
from ..filiere import Filiere
from ..language import N_
from .naming import TELLING, names_aside, natural_persons, new_names, renamed

__all__ = ["PERSON", "again", "without_persons"]

PERSON = N_("Person {number}")


def without_persons(diagnosis: Diagnosis) -> Diagnosis:
    """Return the same diagnostic in which natural persons have neither name, identifier nor address.

    The diagnostic is run again on the masked tables, so that findings and figures speak of « Personne 1 ».
    What people wrote in their own words loses the full names of these persons too.
    """
    f, lang = diagnosis.filiere, diagnosis.lang
    if diagnosis.audience not in ("", "internal"):
        return diagnosis  # redacted: nobody is named in it
    persons = natural_persons(f)
    names = new_names(f, persons, PERSON, lang=lang)
    known = all(f.actors.at[old, "name"] == name and old == new for old, (new, name) in names.items())
    if known and not names_aside(f, lang=lang):
        return diagnosis  # nobody, or masked before
    made = again(diagnosis, renamed(f, names, lang=lang, without=dict.fromkeys(TELLING, persons)))
    return replace(made, audience=diagnosis.audience)


def again(diagnosis: Diagnosis, f: Filiere) -> Diagnosis:
    """Return the diagnostic of another filière, with the checks and indicators that were asked for."""
    asked: Any = diagnosis.asked
    return diagnose(
        f,
        profile=diagnosis.profile,
        lang=diagnosis.lang,
        checks=asked["checks"],
        indicators=asked["indicators"],
    )
