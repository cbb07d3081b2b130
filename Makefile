# Every chore has one target here; CI calls nothing else (.ci/run).
# The first interpreter that is new enough; another one: make PYTHON=…
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11) and "Hourledger needs Python 3.11 or later")
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$python && exit; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
PY_STAMP := $(VENV)/.stamp
NPM_STAMP := node_modules/.stamp
# What `make serve` serves.
SITE ?= build/site
FONTS_STAMP := build/fonts/.stamp
CODE := ledger anchoring api tests hatch_build.py $(wildcard benchmarks)
SCRIPTS := verifier api/pages/static/js
UV_COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-annotate --no-header --prerelease if-necessary-or-explicit \
	--override requirements/overrides.txt

export HARDHAT_DISABLE_TELEMETRY_PROMPT := true

.PHONY: help setup chromium demo serve test test-long lint types house pytest fuzz contracts format bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(PY_STAMP) $(NPM_STAMP) $(FONTS_STAMP) chromium ## all that the locks name and fonts of printed documents; a second time does nothing

$(PY_STAMP): requirements/dev.txt pyproject.toml
	$(PYTHON) -c '$(NEW_ENOUGH)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(NPM_STAMP): package-lock.json
	npm ci --no-audit --no-fund
	touch $@

# The fonts of printed documents, cut from packages of 230 MB that nothing else needs.
$(FONTS_STAMP): fonts/package-lock.json api/pdf/make_fonts.py | $(PY_STAMP)
	npm ci --prefix fonts --no-audit --no-fund
	$(BIN)/python -m api.pdf.make_fonts fonts/node_modules/@expo-google-fonts build/fonts
	rm -rf fonts/node_modules
	touch $@

# The pages are tested in Debian's Chromium: installed where that can be done without asking. Where it
# cannot, those tests say so and are left out, except in CI.
chromium: ## install Debian's Chromium for the tests of pages, where that needs no asking
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		chromium fonts-noto-cjk >/dev/null; } || echo "no Chromium: the pages will not be tested"

# The demonstration needs Python alone.
demo: $(PY_STAMP) ## the whole story in build/demo, told in the terminal; needs Python alone
	$(BIN)/hourledger demo --dir build/demo

# A demonstration that came to its end left tampered.json; another one is made anew.
serve: $(PY_STAMP) $(NPM_STAMP) ## fill a demonstration in build/site, serve it, and say where; stop with Ctrl-C
	test -f $(SITE)/tampered.json || $(BIN)/hourledger demo --dir $(SITE)
	$(BIN)/hourledger serve --dir $(SITE)

# pytest comes last and takes longest, so that its closing line is the last thing seen.
test: setup lint types contracts house pytest ## lint, types, contracts, import rules, pytest: what CI runs

lint: $(PY_STAMP) $(NPM_STAMP) ## ruff and eslint, and the formatting of the Python code
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	npx --no-install eslint $(SCRIPTS)
	npx --no-install prettier --check --log-level warn $(SCRIPTS) eslint.config.mjs

types: $(PY_STAMP) $(NPM_STAMP) ## mypy and tsc, strict
	$(BIN)/mypy
	npx --no-install tsc
	npx --no-install tsc -p tsconfig.pages.json
	npx --no-install tsc -p tsconfig.tests.json

house: $(PY_STAMP) ## the import rules between rooms
	$(BIN)/lint-imports

# Some tests talk to a real node, which npm brings. Three at once on two cores, because
# tests often wait for a browser, a node or a server of theirs.
pytest: setup ## the Python tests and those of pages
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# The same with larger towns, more kills, and passphrases stretched as for people: before a release.
test-long: export LONG_TESTS := 1
test-long: test ## the same as test with more of each: before a release

# New examples for the property tests, which in the suite are the same on every run.
fuzz: setup ## the property tests with new examples
	$(BIN)/python -m pytest --hypothesis-profile=fuzz

contracts: $(NPM_STAMP) ## the contracts and their tests
	npx --no-install hardhat test
	node --test verifier/test/

format: $(PY_STAMP) $(NPM_STAMP) ## rewrite the code as lint wants it
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)
	npx --no-install prettier --write --log-level warn $(SCRIPTS) eslint.config.mjs

bench: $(PY_STAMP) ## measure: docs/performance.md
	$(BIN)/python -m benchmarks

# Newest versions within the bounds; names, versions and hashes only.
lock: $(PY_STAMP) ## renew the locks within the bounds; read the differences, then make clean test
	$(BIN)/python -m pip install --quiet uv
	$(UV_COMPILE) --upgrade --output-file requirements/runtime.txt requirements/runtime.in
	$(UV_COMPILE) --upgrade --output-file requirements/dev.txt requirements/dev.in
	npm install --package-lock-only
	npm ci --no-audit --no-fund
	npm install --prefix fonts --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

clean: ## remove all that the targets made
	rm -rf $(VENV) node_modules build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
