# Two doors for a fresh clone: `make diagnostic` and `make test`. Nothing here asks for root.
# System packages: make, git, python3-venv (Python 3.11 or later). Everything else goes into .venv.
PYTHON ?= python3
DATASET ?= textiles_usages
OUTPUT ?= diagnostic
WORKERS ?= auto
BENCH ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check
CATALOGUE := chaine_valeur/locale/fr/LC_MESSAGES/chaine_valeur

.PHONY: help diagnostic docs test bench catalogue clean
.DELETE_ON_ERROR:

help:
	@printf '%s\n' \
	  'make diagnostic  installe dans $(VENV) et diagnostique l’exemple $(DATASET)' \
	  '                 (DATASET=lin_composite OUTPUT=dossier pour en changer)' \
	  'make docs        le site de documentation, dans docs/_build' \
	  'make test        ruff, mypy, tests, doctests, README, notebooks, site, paquet construit' \
	  'make bench       mesures de temps et de mémoire, un quart d’heure' \
	  '                 (BENCH=--quick pour voir en une minute si tout marche)' \
	  'make catalogue   met à jour et compile le catalogue français' \
	  'make clean       enlève ce que les autres commandes ont créé'

# Each stamp is written last, so that an interrupted installation is begun again.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  printf '%s\n' 'Python 3.11 ou plus récent est nécessaire (PYTHON=python3.12 make …).' >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); \
	  printf '%s\n' 'L’environnement n’a pas pu être créé : installez le paquet python3-venv.' >&2; exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.created setup.cfg pyproject.toml
	@printf '%s\n' 'Installation dans $(VENV) (une à trois minutes la première fois)…'
	$(PIP) -e '.[sirene]'
	@touch $@

$(VENV)/.tested: $(VENV)/.created setup.cfg pyproject.toml
	@printf '%s\n' 'Installation dans $(VENV), outils de test compris…'
	$(PIP) -e '.[test]'
	@touch $(VENV)/.installed $@

$(VENV)/.measured: $(VENV)/.created setup.cfg pyproject.toml
	@printf '%s\n' 'Installation dans $(VENV), bibliothèques comparées comprises…'
	$(PIP) -e '.[bench,sirene]'
	@touch $(VENV)/.installed $@

$(VENV)/.documented: $(VENV)/.created setup.cfg pyproject.toml
	@printf '%s\n' 'Installation dans $(VENV), outils de documentation compris…'
	$(PIP) -e '.[docs]'
	@touch $(VENV)/.installed $@

diagnostic: $(VENV)/.installed
	$(BIN)/chaine-valeur diagnose $(DATASET) -o '$(OUTPUT)'
	@for f in rapport.html rapport.docx tables.xlsx carte.html figures; do \
	  test -e '$(OUTPUT)'/$$f || { printf '%s\n' "Il manque $(OUTPUT)/$$f." >&2; exit 1; }; done
	@printf '%s\n' '' 'Diagnostic terminé. À ouvrir :' \
	  '  rapport (navigateur) : $(OUTPUT)/rapport.html' \
	  '  rapport (Word)       : $(OUTPUT)/rapport.docx' \
	  '  tableaux (Excel)     : $(OUTPUT)/tables.xlsx' \
	  '  carte des acteurs    : $(OUTPUT)/carte.html' \
	  '  figures (PNG et SVG) :'
	@for f in '$(OUTPUT)'/figures/*; do printf '    %s\n' "$$f"; done

# loadfile: what a module sets up once (a browser, a wheel) is set up once, on one worker
test: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile -m 'not long' --cov --nbmake chaine_valeur tests notebooks
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile -m long tests
	$(BIN)/python tests/project/check_wheel.py

# warnings are errors; nothing is fetched
docs: $(VENV)/.documented
	$(BIN)/python -m sphinx -W --keep-going -q -b html -j 2 docs docs/_build/html
	@printf '%s\n' 'À ouvrir : docs/_build/html/index.html'

bench: $(VENV)/.measured
	$(BIN)/python -m benchmarks $(BENCH)

catalogue: $(VENV)/.installed
	$(BIN)/pybabel -q extract -k tr -k N_ -k trn:1,2 --no-location --sort-output -w 110 --omit-header \
	  -o $(VENV)/messages.pot chaine_valeur
	$(BIN)/pybabel -q update -l fr -D chaine_valeur --no-fuzzy-matching --ignore-obsolete -w 110 \
	  --ignore-pot-creation-date -i $(VENV)/messages.pot -o $(CATALOGUE).po
	@# the fields of the header that say nothing, or something else each time
	sed -e '/^"\(Report-Msgid-Bugs-To\|POT-Creation-Date\|PO-Revision-Date\|Last-Translator\|Language-Team\)/d' \
	  -e '/^"Generated-By/d' $(CATALOGUE).po > $(VENV)/messages.po && cp $(VENV)/messages.po $(CATALOGUE).po
	$(BIN)/pybabel compile -l fr -D chaine_valeur --statistics -i $(CATALOGUE).po -o $(CATALOGUE).mo

clean:
	rm -rf $(VENV) build dist *.egg-info diagnostic .coverage .coverage.* htmlcov
	rm -rf docs/_build docs/carnets docs/dictionnaire docs/indicateurs docs/reference
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
