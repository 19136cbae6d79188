# `make serve` and `make test` do all their own set-up, in .venv.
PYTHON ?= python3
BIN := .venv/bin
DB ?= data/quotes.db

.PHONY: help serve ingest test lint golden evaluate bench bench-site clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: ingest  ## Set up, ingest data/articles and serve the database at http://127.0.0.1:8001/
	$(BIN)/onrecord serve --db $(DB)

ingest: .venv/made  ## Ingest data/articles into the database
	$(BIN)/onrecord ingest data/articles --db $(DB)

test: .venv/made  ## Set up, check style and types, and run all tests
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	$(BIN)/python -m pytest

lint: .venv/made  ## Format the code and mend what ruff can mend
	$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/mypy

golden: .venv/made  ## Remake the golden quotes of data/articles, to be reviewed as a diff
	$(BIN)/python -m tests.golden

evaluate: .venv/made  ## Score against the gold articles in GOLD=folder
	$(BIN)/onrecord evaluate $(GOLD)

bench: .venv/made  ## Print words a second, beside spaCy alone and textacy
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python tests/bench.py

bench-site: .venv/made  ## Load a million quotes and time the pages of the site
	$(BIN)/python tests/bench_site.py

clean:  ## Remove the environment, the database and all caches
	rm -rf .venv $(DB) .pytest_cache .mypy_cache .ruff_cache dist

.venv/made: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@
