"""A redacted diagnostic beside a whole one: first of all it is said that they are not the same version."""

from __future__ import annotations

import chaine_valeur as cv
from tests.redaction.builders import guarded_filiere


def test_two_versions_are_not_of_the_same_thing_and_that_comes_first() -> None:
    whole = cv.diagnose(guarded_filiere(), checks=(), indicators=["A1"])
    found = cv.compare(whole, cv.redact(whole, "public"))
    assert not found.same_perimeter
    first = found.sentences()[0].replace("\u00a0", " ")
    assert "version complète" in first and "version publique" in first
    row = found.perimeter.set_index("subject").loc["version"]
    assert row["differs"]


def test_the_same_version_is_not_told() -> None:
    whole = cv.diagnose(guarded_filiere(), checks=(), indicators=["A1"])
    public = cv.redact(whole, "public")
    found = cv.compare(public, public)
    assert found.same_perimeter
    assert not any("version" in sentence.lower() for sentence in found.sentences())
