# `make help` lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
export PYTHON

VENV := .venv/bin
PY := $(VENV)/python
PACKAGES := gateway mappings connectors auth tests
DEMO_ARGS ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=
SOAK_ARGS ?=

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

.PHONY: setup
setup: ## the Python environment with everything that tests and checks need; seconds when nothing changed
	@.ci/venv development

.PHONY: demo
demo: ## start Northshire, the made-up region (DEMO_ARGS="--children 50" for more children)
	@.ci/venv production
	@exec $(VENV)/gateway demo $(DEMO_ARGS)

.PHONY: test
test: setup ## the whole suite (PYTEST_ARGS="-k consent" for a part)
	@.ci/referees
	@$(PY) -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

.PHONY: check
check: setup lint types borders portable docs-check ## everything that can be checked without running the product

.PHONY: lint
lint: setup ## ruff: rules and format
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .

.PHONY: format
format: setup ## ruff: put right what it can
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .

.PHONY: types
types: setup ## mypy --strict
	@$(VENV)/mypy

.PHONY: borders
borders: setup ## import-linter: the three leaves do not know each other
	@$(VENV)/lint-imports --no-logo 2>/dev/null || $(VENV)/lint-imports

.PHONY: portable
portable: ## no registry host and no machine path in what is committed
	@.ci/portable

.PHONY: docs-check
docs-check: setup ## generated documents and the API description are up to date
	@$(VENV)/gateway docs --check

.PHONY: bench
bench: setup ## how fast, measured against its peers (BENCH_ARGS)
	@$(PY) -m tests.benchmarks $(BENCH_ARGS)

.PHONY: soak
soak: setup ## hours of mixed load with faults, watching memory and answers (SOAK_ARGS)
	@$(PY) -m tests.benchmarks.soak $(SOAK_ARGS)

.PHONY: definitions
definitions: setup ## rebuild the R4 tables from HL7's own published definitions
	@.ci/referees
	@$(PY) -m gateway.fhir.definitions

.PHONY: validator
validator: ## build HL7's own FHIR validator in .cache (needs npm and Java 17; 300 MB)
	@tests/conformance/build_fhir_validator.sh .cache/fhir-validator

UV := $(or $(shell command -v uv),.venv-tools/bin/uv)
COMPILE := $(UV) pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate $(if $(UPGRADE),--upgrade)

.PHONY: lock
lock: setup ## write the lock files again from *.in and package.json (UPGRADE=1 for newer releases)
	@command -v $(UV) >/dev/null || { python3.11 -m venv .venv-tools && .venv-tools/bin/pip install -q --require-hashes -r bootstrap.lock; }
	@$(COMPILE) requirements.in -o requirements.lock
	@$(COMPILE) -c requirements.lock dev.in -o dev.lock
	@$(COMPILE) bootstrap.in -o bootstrap.lock
	@npm install --silent --package-lock-only
	@.ci/portable

.PHONY: clean
clean: ## remove what these commands made, the demo's data among it
	@rm -rf .venv .venv-tools .northshire .cache node_modules mutants build ./*.egg-info \
	  .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	@find $(PACKAGES) -name __pycache__ -type d -prune -exec rm -rf {} +
