# `make` alone lists what can be made.
.DEFAULT_GOAL := help
.PHONY: help run dev test test-whoosh3 check bench bench-map relevance faults lock pictures strings messages check-translations clean

HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
PIP := .venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement
FLASK := .venv/bin/flask --app wsgi
WHOOSH3_TESTS = build/whoosh3/bin/python -m pytest -q -n $(TESTERS) --confcutdir tests/search_index tests/search_index
# Two more than there are processors: tests of whole sites often wait for a browser or a letter.
TESTERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2)
export HOST PORT

help: ## list the targets
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):[^#]*## /\1\t/' | expand -t 16

run: .venv/run .venv/assets ## set everything up and start the site on http://127.0.0.1:8000 (HOST=, PORT=)
	@$(FLASK) prepare
	@WEB_PORT=$(PORT) exec .venv/bin/honcho -f Procfile start -p $(PORT)

dev: .venv/run .venv/assets ## the same, reloading when a file changes
	@$(FLASK) prepare
	@WEB_PORT=$(PORT) exec .venv/bin/honcho -f Procfile.dev start -p $(PORT)

test: .venv/test .venv/assets .venv/browser .venv/whoosh3 ## install what tests need and run them all
	@$(WHOOSH3_TESTS)
	@.venv/bin/python -m pytest -n $(TESTERS) --dist loadgroup

test-whoosh3: .venv/whoosh3 ## only the tests of the index, with the fork of Whoosh that later Pythons may call for
	@$(WHOOSH3_TESTS)

check: .venv/test .venv/assets ## style, types, templates, layers, migrations, translations, known vulnerabilities
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/djlint templates --lint --quiet
	.venv/bin/lint-imports
	.venv/bin/python -m pytest -q tests/test_migrations.py tests/test_translations.py
	.venv/bin/python tests/audit.py requirements/run.txt
	$(MAKE) check-translations

bench: .venv/test .venv/bench .venv/assets ## speed beside other engines and datasette, in one run (SIZES="2672 100000")
	@.venv/bin/python -m benchmarks $(if $(SIZES),--sizes $(SIZES))

bench-map: .venv/test .venv/assets .venv/browser ## size and speed of the map with 15,350 records in Chromium (INSTANCE=folder that has them)
	@.venv/bin/python -m benchmarks.map $(INSTANCE)

relevance: .venv/test ## how well the judged queries are answered, beside plain BM25 (QUERIES=1: query by query, ENGINE=postgresql)
	@.venv/bin/python -m tests.relevance $(if $(QUERIES),--queries) $(if $(ENGINE),--engine $(ENGINE))

faults: .venv/test .venv/assets ## send enquiries while mail server and processes fail in every way, and count what is lost (SEED=, DATABASE=postgresql)
	@.venv/bin/python -m tests.faults $(if $(SEED),--seed $(SEED)) $(if $(DATABASE),--database $(DATABASE)) \
		$(if $(ENQUIRIES),--enquiries $(ENQUIRIES))

lock: .venv/test ## lock the dependencies of setup.cfg anew, with hashes
	@for set in run test bench assets; do \
		.venv/bin/uv pip compile --quiet setup.cfg $$([ $$set = run ] || echo --extra $$set) --universal --python-version 3.11 \
			--generate-hashes --no-emit-index-url --no-header --no-annotate --output-file requirements/$$set.txt; done
	@.venv/bin/uv pip compile --quiet requirements/whoosh3.in --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --output-file requirements/whoosh3.txt

pictures: .venv/test .venv/assets .venv/browser ## take the pictures of the owner's guide anew
	@PICTURES=docs/pictures .venv/bin/python -m pytest -q tests/journeys/test_owner.py

strings: .venv/run
	@mkdir -p build
	@.venv/bin/pybabel --quiet extract --mapping-file babel.cfg --keywords "_ _l _t lazy_gettext lazy_ngettext:1,2" \
		--sort-by-file --add-location file --width 110 --project facilities --output-file build/messages.pot .

messages: strings ## bring the translators' files up to date: every string in, strings that are gone out
	@for language in sv nb da; do .venv/bin/pybabel --quiet update --locale $$language --init-missing --no-fuzzy-matching \
		--ignore-obsolete --ignore-pot-creation-date --width 110 --input-file build/messages.pot \
		--output-dir facilities/translations; done
	@$(FLASK) translations compile

check-translations: strings ## what lacks a translation, or has one that does not fit, by language and file
	@$(FLASK) translations check --strings build/messages.pot

clean: ## remove what was installed and built; data in instance/ stays
	rm -rf .venv build node_modules facilities/static/vendor

.venv/made:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11, 3.12 or 3.13 is needed: install one, or name it with make run PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up .venv with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv .venv && touch $@

.venv/run: .venv/made requirements/run.txt
	@echo "Installing the application's packages ..."
	@$(PIP) requirements/run.txt && touch $@

.venv/test: .venv/run requirements/test.txt
	@echo "Installing what the tests need ..."
	@$(PIP) requirements/test.txt && touch $@

.venv/whoosh3: .venv/made requirements/whoosh3.txt
	@$(PYTHON) -m venv build/whoosh3
	@build/whoosh3/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --requirement requirements/whoosh3.txt
	@touch $@

.venv/bench: .venv/made requirements/bench.txt
	@$(PIP) requirements/bench.txt && touch $@

.venv/assets: .venv/made package.json package-lock.json $(wildcard assets/*)
	@echo "Fetching style sheets, fonts and map data ..."
	@PIP="$(PIP)" sh assets/build.sh && touch $@

.venv/browser: .venv/test
	@.venv/bin/python -m tests.browser && touch $@
