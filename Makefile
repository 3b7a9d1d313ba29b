# `make` alone lists the commands.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
DEMO_HOME := $(CURDIR)/.demo
PORT ?= 8600
PASS ?=
BY_URL := audit contracts identity kit

.PHONY: help demo stop serve test check fix bench screenshots lighthouse ui api lock clean

help: ## List the commands
	@sed -nE 's/^([a-z]+):.*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name words; do \
	    printf 'make %-11s %s\n' "$$name" "$$words"; done

demo: .venv/.runtime ui ## Install, load the sample company, answer a question as two people, serve the page
	@CENTAURE_HOME=$(DEMO_HOME) CENTAURE_PORT=$(PORT) $(BIN)/python examples/demo.py

stop: ## Stop what `make demo` or `make serve` started
	@if [ -x $(BIN)/centaure ]; then CENTAURE_HOME=$(DEMO_HOME) $(BIN)/centaure stop; $(BIN)/centaure stop; fi

serve: .venv/.runtime ui ## Serve your own documents (data folder: CENTAURE_HOME)
	CENTAURE_PORT=$(PORT) $(BIN)/centaure serve

test: .venv/.development ui/node_modules/.installed ui ## Install what the tests need and run them all
	@scripts/system-packages chromium tesseract-ocr tesseract-ocr-fra openssh-server samba samba-vfs-modules dovecot-imapd
	cd ui && npm run --silent test
	$(BIN)/pytest -n 2 --dist loadfile --ignore=tests/knowledge/connectors $(PASS)
	@# Connectors need no database: they run beside what tells a server reached by URL from the embedded one.
	@$(BIN)/pytest tests/knowledge/connectors $(PASS) & connectors=$$!; \
	    scripts/external-postgres $(BIN)/pytest -m "not slow and not journey" $(BY_URL:%=tests/%) $(PASS); second=$$?; \
	    wait $$connectors && exit $$second

check: .venv/.development ui/node_modules/.installed ## Format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	cd ui && npm run --silent check

fix: .venv/.development ui/node_modules/.installed ## Format, and mend what can be mended alone
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	cd ui && npm run --silent fix

bench: .venv/.development ## Run one benchmark: make bench NAME=search
	@test -f "benchmarks/$(NAME).py" || { echo "make bench NAME=... : answering, crosslingual, embedding, fusion, gateway, groundedness, ingest, parsing, providers, reindex, retrieval, rivals, search, soak, sync, understanding"; exit 2; }
	$(BIN)/python benchmarks/$(NAME).py $(PASS)

screenshots: .venv/.runtime ui ## Photograph every screen of the sample company, into .screenshots
	@scripts/system-packages chromium
	scripts/screenshots .screenshots
	$(BIN)/python scripts/best-screens .screenshots

lighthouse: .venv/.runtime ui benchmarks/lighthouse/node_modules/.installed ## Measure how fast and how accessible pages are
	@scripts/system-packages chromium
	scripts/with-demo node benchmarks/lighthouse/measure.js $(PASS)

ui: src/centaure/app/interface/index.html ## Build the web page

api: .venv/.development ui/node_modules/.installed ## Write the OpenAPI document and the client's types again
	$(BIN)/python -m centaure.app.openapi > ui/openapi.new && mv ui/openapi.new ui/openapi.json
	cd ui && npm run --silent api

lock: .venv/.uv ## Compile the hash-pinned requirement files again
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile -q --universal --generate-hashes --python-version 3.11 \
	    --extra connectors pyproject.toml -o requirements/runtime.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile -q --universal --generate-hashes --python-version 3.11 \
	    --extra connectors --extra onnx --extra providers --group dev -c requirements/runtime.txt pyproject.toml -o requirements/development.txt
	printf "uv\nhatchling\neditables\n" | UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile -q --universal --generate-hashes --no-annotate \
	    --python-version 3.11 - -o requirements/build.txt
	for rival in requirements/rivals/*.in; do UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) pip compile -q --universal --generate-hashes \
	    --no-annotate --python-version 3.11 $$rival -o $${rival%.in}.txt || exit 1; done

clean: stop ## Remove what was installed and built, and the demo's data
	rm -rf .venv .demo .screenshots ui/node_modules benchmarks/lighthouse/node_modules src/centaure/app/interface

.venv/.uv: requirements/build.txt
	@scripts/system-packages python3-venv
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	@touch $@

.venv/.runtime: .venv/.uv requirements/runtime.txt pyproject.toml
	VIRTUAL_ENV=.venv $(UV) pip install --quiet --require-hashes -r requirements/runtime.txt
	VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.development: .venv/.runtime requirements/development.txt
	VIRTUAL_ENV=.venv $(UV) pip install --quiet --require-hashes -r requirements/development.txt
	@touch $@

ui/node_modules/.installed: ui/package-lock.json
	cd ui && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
	@touch $@

benchmarks/lighthouse/node_modules/.installed: benchmarks/lighthouse/package-lock.json
	cd benchmarks/lighthouse && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

src/centaure/app/interface/index.html: ui/node_modules/.installed ui/package.json ui/tsconfig.json \
    $(shell find ui/src ui/public ui/index.html ui/vite.config.ts -type f 2>/dev/null)
	cd ui && npm run --silent build
	@touch $@
