"""The shipped examples, at both sizes and in both languages: what a reader of the report gets."""

from __future__ import annotations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import chaine_valeur as cv

EXAMPLES = ["textiles_usages", "lin_composite", "exemple_complet"]


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize(("width", "lang"), [(16.0, "fr"), (27.7, "en")])
def test_the_chain_of_an_example_is_legible(name: str, width: float, lang: str) -> None:
    ax = cv.figures.chain(cv.datasets.load(name), lang=lang, width_cm=width)
    assert min(float(text.get_fontsize()) for text in ax.texts) >= 6.0
    assert isinstance(ax.figure, Figure)
    assert ax.figure.get_figheight() * 2.54 <= 22
    FigureCanvasAgg(ax.figure).draw()


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_flow_of_an_example_that_counts_is_in_one_ribbon(name: str) -> None:
    f = cv.datasets.load(name)
    data = cv.figures.chain_data(f)
    drawn = [flow for flows in data.ribbons["flow_ids"] for flow in flows]
    assert len(drawn) == len(set(drawn))
    assert set(f.network.flow_ids) <= set(drawn)
    active = data.ribbons[data.ribbons["status"].eq("active")]
    counted = f.flows.loc[f.network.flow_ids, "quantity_t_per_year"].sum()
    assert active["quantity_t_per_year"].sum() == pytest.approx(counted)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_words_of_an_example_name_its_stages(name: str) -> None:
    f = cv.datasets.load(name)
    text = cv.figures.chain_alt_text(cv.figures.chain_data(f))
    assert all(stage in text for stage in f.stages["name"])


def test_nothing_is_known_of_cooperation_in_the_textiles() -> None:
    """Membership is published, no tie is: the map must show that it is unknown, not that there is none."""
    ax = cv.figures.cooperation_heatmap(cv.datasets.load("textiles_usages"), by="pole")
    written = [text.get_text() for text in ax.texts]
    assert "?" in written
    assert not any("/" in text for text in written)
