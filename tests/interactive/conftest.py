"""One browser for the tests of the map."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interactive.devtools import Browser


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless Chromium without a network."""
    started = Browser(chromium)
    yield started
    started.close()
