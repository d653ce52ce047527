PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ROOMS := bot cards config crm handlers nlu sandbox scheduler store tests
NODE_PACKAGES := @wecom/aibot-node-sdk@1.0.7 @wecom/crypto@1.0.1 dingtalk-stream@2.1.4

.DEFAULT_GOAL := help

help: ## show these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(STAMP) ## start the bot with the sandbox and the demo company; prints one address
	$(BIN)/genjin demo

test: lint imports ## everything that CI runs
	@$(MAKE) --no-print-directory -j 2 type suite

suite: $(STAMP) ## the tests alone, on two cores
	$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder

explore: $(STAMP) ## the properties alone, on other examples each time
	$(BIN)/pytest -q -n 2 -m hypothesis --hypothesis-profile=explore

lint: $(STAMP) ## lint and format check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

type: $(STAMP) ## strict types
	$(BIN)/mypy

imports: $(STAMP) ## who may import whom
	$(BIN)/lint-imports --no-cache

fmt: $(STAMP) ## format and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migrate: $(STAMP) ## bring the configured database up to date
	$(BIN)/genjin migrate

bench: $(STAMP) ## measure the service under load, on both databases
	$(BIN)/genjin bench

node: ## the vendors' node packages for the contract tests
	npm install --no-audit --no-fund --silent --prefix var/node $(NODE_PACKAGES)

docs: $(STAMP) ## write the pages about what is understood and what can be said
	$(BIN)/python -m tests.nlu.page
	$(BIN)/python -m tests.handlers.page

lock: $(STAMP) ## renew the exact versions in requirements.lock
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --upgrade \
		--no-header --no-annotate --no-emit-index-url --output-file requirements.lock

clean: ## remove the environment, caches and the demo's data
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	$(BIN)/python -m compileall -q $(ROOMS)
	@touch $(STAMP)

.PHONY: help run test suite explore lint type imports fmt migrate bench node docs lock clean
