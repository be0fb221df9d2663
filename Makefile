# The developer's whole vocabulary. Every target sets up what it needs; a second run starts at once.
PYTHON ?= $(or $(shell command -v python3.11 2>/dev/null),python3)
BIN := .venv/bin
STAMP := .venv/.stamp
LOCK := $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help setup demo test check bench faults docs lock clean

help: ## what can be asked of make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(STAMP): requirements/dev.lock requirements/tool.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Seinpost needs Python 3.11 or newer, and '$(PYTHON)' is not one. Install it, or name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv (about a quarter of a minute, once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/tool.lock
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements/dev.lock requirements/tool.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

setup: $(STAMP) ## the virtual environment, from the hashed locks

demo: $(STAMP) ## the main job: nineteen parties, monthly files in, signed proof out
	@$(BIN)/seinpost demo $(ARGS)

test: $(STAMP) ## all tests
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

check: $(STAMP) ## style, types, import contracts, sizes, words
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m tests.architecture.sizes
	@$(BIN)/python -m tests.architecture.words

bench: $(STAMP) ## measure against the floor, in the same run (minutes)
	@$(BIN)/python -m tests.bench $(ARGS)

faults: $(STAMP) ## kill -9 under load, and count what the clients wrote down (minutes)
	@$(BIN)/python -m tests.faults $(ARGS)

docs: $(STAMP) ## regenerate what is generated: published schemas, a page per message type, OpenAPI
	@$(BIN)/python -m schemas.publish
	@$(BIN)/python -m schemas.pages
	@$(BIN)/python -m tests.web.regenerate

lock: $(STAMP) ## renew the hashed locks
	@for n in tool runtime dev; do $(LOCK) requirements/$$n.in -o requirements/$$n.lock || exit 1; done

clean: ## remove what make made
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
