# Two commands matter: `make run` shows it, `make test` proves it. Needs Python 3.11 (or newer), git and make.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
export VUNGXANH_HOME ?= $(CURDIR)/var/home
export PYTHONUNBUFFERED := 1
export UV_LINK_MODE ?= copy
PACKAGES_FAILED = echo "Không tải được gói: cần mạng tới kho gói Python, hoặc máy này không có gói dựng sẵn (wheel)."; \
	echo "Packages could not be had: the Python package index is out of reach, or has no wheel for this machine."; exit 3

.PHONY: help run up test long check bench assets docs pictures release clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run assets ## build everything, fill a demonstration outbreak, open http://127.0.0.1:8000
	@VUNGXANH_HOME=$(CURDIR)/var/demo $(BIN)/vungxanh up --demo $(if $(PORT),--port $(PORT))

up: $(VENV)/.run assets ## start your own installation (state in VUNGXANH_HOME)
	@$(BIN)/vungxanh up $(if $(PORT),--port $(PORT))

test: $(VENV)/.test assets ## every test, 20 minutes at most on two cores
	@$(BIN)/python tools/machine.py
	@$(BIN)/python tools/test.py

long: $(VENV)/.test assets ## the same tests at nightly sizes
	@$(BIN)/python tools/machine.py
	@VUNGXANH_LONG=1 $(BIN)/python tools/test.py

check: $(VENV)/.test ## style, types, the arrow between parts, sizes, scope, licences, translations, documents in step
	@$(BIN)/python tools/check.py

bench: $(VENV)/.test ## figures on this machine: medians, ratios against named peers
	@$(BIN)/python -m bench

docs: $(VENV)/.test ## the documentation site in build/docs; a warning is an error
	@$(BIN)/python tools/docs_site.py

pictures: $(VENV)/.test ## the screenshots of the documents, taken anew by the browser tests
	@VUNGXANH_PICTURES=1 $(BIN)/python -m pytest tests/browser/test_guides.py

release: $(VENV)/.test assets ## wheel, sdist, list of parts (SBOM) and checksums in build/release, the same bytes each time
	@$(BIN)/python tools/release.py

assets: $(VENV)/.run
	@$(BIN)/python tools/frontend.py
	@$(BIN)/python tools/fonts.py
	@$(BIN)/python tools/messages.py compile

clean: ## forget builds, demonstration and test state; an installation in VUNGXANH_HOME stays
	@$(BIN)/python tools/clean.py

$(VENV)/.uv:
	@$(PYTHON) tools/bootstrap.py $(VENV) $(UV_VERSION)
	@touch $@

$(VENV)/.run: $(VENV)/.uv pyproject.toml uv.lock
	@echo "Python packages … (once; a minute or two)"
	@$(BIN)/uv sync --frozen --quiet --inexact --no-default-groups --group build --extra fast || { $(PACKAGES_FAILED); }
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@echo "Packages for the tests … (once)"
	@$(BIN)/uv sync --frozen --quiet --inexact --all-extras --group dev || { $(PACKAGES_FAILED); }
	@touch $@
