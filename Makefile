# Tidu: two commands do all the set-up.  make run · make test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out

.PHONY: run test test-fast check parity venv venv-run lock bench clean

run: venv-run ## Build the shipped index: print the rankings, coverage and comparison, write $(OUT)/
	$(BIN)/tidu run --out $(OUT)

test: venv ## Every test of the project's own (no reference folder needed)
	$(BIN)/python -m pytest -q -m "not reference"

test-fast: venv ## The tests that take under a minute together
	$(BIN)/python -m pytest -q -m "not reference and not slow"

parity: venv ## The published and recomputed answers, read from $$TIDU_REFERENCE (default ../shared)
	$(BIN)/python -m pytest -q -m reference

check: venv ## Format, lint, types, import contracts, tests, documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -m "not reference"

bench: $(VENV)/.bench ## Ratios beside a peer, in one run
	$(VENV)-bench/bin/python -m benchmarks

venv: $(VENV)/.test

venv-run: $(VENV)/.run

$(VENV)/.run: requirements/run.txt pyproject.toml
	$(PYTHON) tools/make_venv.py $(VENV) requirements/run.txt
	@touch $@

$(VENV)/.test: requirements/test.txt pyproject.toml tools/system_packages.py
	$(PYTHON) tools/system_packages.py
	$(PYTHON) tools/make_venv.py $(VENV) requirements/test.txt
	@touch $(VENV)/.run $@

$(VENV)/.bench: requirements/bench.txt pyproject.toml
	$(PYTHON) tools/make_venv.py $(VENV)-bench requirements/bench.txt
	@mkdir -p $(VENV) && touch $@

lock: ## Write the hashed locks anew (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q requirements/run.in -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q requirements/test.in -o requirements/test.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q requirements/bench.in -o requirements/bench.txt

clean:
	rm -rf $(VENV) $(VENV)-bench $(OUT) build dist
