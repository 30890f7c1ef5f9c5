"""Time and memory grow with the file, and no faster."""

from __future__ import annotations

import time

import numpy as np
import pytest

import chaine_valeur as cv
from chaine_valeur import io

N = 4_000


def chain(count):
    rng = np.random.default_rng(1)
    source = rng.integers(0, count // 4, count)
    target = (source + 1 + rng.integers(0, count // 4 - 1, count)) % (count // 4)
    names = np.array([f"Acteur {one}" for one in range(count // 4)])
    return cv.Filiere.from_tables(
        strict=False,
        actors={"name": names},
        flows={
            "source": names[source],
            "target": names[target],
            "quantity_t_per_year": rng.random(count),
            "year": rng.integers(2020, 2024, count),
        },
    )


def seconds(f, form, folder):
    begun = time.process_time()
    path = (
        folder
        if form == "floweaver"
        else folder / ("a.json" if form in ("kumu", "opensankey") else f"a.{form}")
    )
    again = getattr(io, f"read_{form}")(getattr(io, f"write_{form}")(f, path))
    assert again.flows["quantity_t_per_year"].sum() == pytest.approx(f.flows["quantity_t_per_year"].sum())
    return time.process_time() - begun


@pytest.mark.parametrize("form", ["gexf", "graphml", "kumu", "opensankey", "floweaver"])
def test_four_times_the_file_is_no_more_than_some_times_the_work(form, tmp_path):
    small, large = chain(N // 4), chain(N)
    seconds(small, form, tmp_path)  # what is imported and made once
    once = seconds(small, form, tmp_path)
    # 4 if linear, 16 if quadratic; fixed costs pull it down, a busy machine up
    assert seconds(large, form, tmp_path) < 10 * once + 0.5
