# `make` lists what there is to do. All of it needs Python 3.11 or newer, make and the package registries; no Docker.
PYTHON ?= $(shell deploy/which_python.sh)
BIN := .venv/bin
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help install test check demo month up bench crash away lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## make .venv with everything in it (done once; redone when the lock changes)

$(INSTALLED): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Sharewell needs Python 3.11 or newer; say which: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test ! -L .venv || { echo ".venv is a symbolic link: what it leads to is another checkout's, and would be installed over. Remove the link, then: make install"; exit 1; }
	@echo "installing into .venv, with $(PYTHON)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $@

test: $(INSTALLED) ## run all tests: the quick ones, then the journeys on a real Kafka and PostgreSQL
	@$(BIN)/python -m pytest tests

check: $(INSTALLED) ## style, types, layers; whether a contract change breaks a reader, or the rule book itself
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy contracts router adapters deploy
	@$(BIN)/lint-imports
	@$(BIN)/python -m contracts.gate
	@$(BIN)/python -m router.policy.gate

demo: $(INSTALLED) ## send synthetic events through a real Kafka and PostgreSQL, and show what became of each
	@$(BIN)/python -m deploy.demo

month: $(INSTALLED) ## let the borough live four weeks of every flow, and write month.html about them
	@$(BIN)/python -m deploy.month

up: $(INSTALLED) ## run Sharewell with a Kafka and a PostgreSQL of its own, until Ctrl-C
	@$(BIN)/sharewell up

bench: $(INSTALLED) ## measure throughput, delay and processor time
	@$(BIN)/python -m tests.bench

crash: $(INSTALLED) ## kill every process at bad moments, and count what was lost or repeated
	@$(BIN)/python -m tests.journeys.crash

away: $(INSTALLED) ## let PostgreSQL go away five times for a minute each, and see what was lost and when it served again
	@$(BIN)/python -m tests.journeys.away

lock: $(INSTALLED) ## resolve requirements anew (hashes, no address of any index): all, and what production runs
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --python-version 3.11 --all-extras pyproject.toml --output-file requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
		--no-emit-find-links --python-version 3.11 --constraint requirements.txt pyproject.toml --output-file deploy/requirements.txt

clean: ## remove .venv and what tools left behind
	@rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .sharewell
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
