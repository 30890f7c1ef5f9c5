"""The documentation site: `make docs` builds it from here, warnings are errors, nothing is fetched."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "extensions")]

import chaine_valeur as cv  # noqa: E402

project = "chaine_valeur"
author = "The chaine_valeur developers"
copyright = "2026, les développeurs de chaine_valeur"
version = release = cv.__version__
language = "fr"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "mathml",
    "generated",
]
exclude_patterns = ["_build", "jupyter_execute", "fichiers", "extensions", "six_acteurs", "pictures"]
source_suffix = {".rst": "restructuredtext", ".md": "myst-nb", ".ipynb": "myst-nb"}

# -- pages of text and cells ---------------------------------------------------------------------------
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_in_temp = True  # what a cell writes vanishes with its folder
nb_execution_timeout = 90
nb_execution_excludepatterns = ["carnets/*"]  # the tests execute them
nb_execution_show_tb = True
nb_merge_streams = True
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # no page loads anything from a network
html_math_renderer = "mathml"

# -- the reference -------------------------------------------------------------------------------------
autosummary_generate = True
autodoc_typehints = "none"  # the docstrings say what each parameter is
autodoc_member_order = "bysource"
default_role = "py:obj"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

# -- what it looks like --------------------------------------------------------------------------------
templates_path = ["_templates"]
html_theme = "pydata_sphinx_theme"
html_title = "chaine_valeur"
html_static_path = ["_static"]
html_css_files = ["maison.css"]
html_context = {"default_mode": "auto"}
html_show_sourcelink = False
html_copy_source = False
# the tree of seven hundred pages beside each of them would take longer than the pages
html_sidebars = {"index": [], "reference/*/*": [], "indicateurs/*": [], "dictionnaire/*": [], "carnets/*": []}
html_theme_options = {
    "logo": {"text": "chaine_valeur"},
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "header_links_before_dropdown": 9,
    "header_dropdown_text": "Plus",
    "show_prev_next": True,
    "show_nav_level": 1,
    "navigation_depth": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}
