# make run     serve the site on this computer, as in production
# make dev     serve it and reload on every change
# make test    check everything
# make worlds  check the engine against the enumeration of all worlds, CASES=20000 times over
# make format  put code and templates into their format
# make clean   remove what the others made, the database too

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run
MAKEFLAGS += --no-print-directory

HOST := 127.0.0.1
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin/python
MANAGE := $(BIN) manage.py
DJADE := $(VENV)/bin/djade --target-version 5.2
TEMPLATES := $(shell find templates -name "*.html")
INSTALLED := $(VENV)/installed
LOG := $(VENV)/tests.log
COLLECTED := staticfiles/staticfiles.json
STATIC := $(shell find static -type f)

export HOST PORT PYTHON CHROMIUM
export DJANGO_SETTINGS_MODULE := socialsite.settings
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.NOTPARALLEL:
.PHONY: run dev test worlds format data free clean

run: free $(COLLECTED) data
	@echo "Can they tell? is at http://$(HOST):$(PORT)/ until you press Ctrl+C"
	@exec $(BIN) -m granian --interface wsgi --host $(HOST) --port $(PORT) \
		--workers 2 --blocking-threads 1 --no-ws --log-level warning \
		socialsite.wsgi:application

dev: export DEBUG := on
dev: free data
	@$(MANAGE) runserver $(HOST):$(PORT)

test: $(INSTALLED)
	@tools/chromium.sh >/dev/null
	@echo "Format, lint, types, templates"
	@$(BIN) -m ruff format --quiet --check . && $(DJADE) --check $(TEMPLATES) \
		|| { echo "Mend the format with: make format"; exit 1; }
	@$(BIN) -m ruff check --quiet .
	@$(BIN) -m mypy --no-error-summary
	@echo "Settings, models, platform files"
	@$(MANAGE) check --fail-level WARNING
	@$(MANAGE) makemigrations --check --dry-run
	@echo "Tests"
	@browser="$$(tools/chromium.sh)"; CHROMIUM="$$browser" $(BIN) -m pytest -q | tee $(LOG)
	@echo "All checks passed: $$(grep -Eo '^[0-9]+ passed' $(LOG) | cut -d' ' -f1) tests."

worlds: CASES ?= 20000
worlds: $(INSTALLED)
	@WORLDS=$(CASES) HYPOTHESIS_PROFILE=search $(BIN) -m pytest -q tests/disclosure/test_infer.py

format: $(INSTALLED)
	@$(BIN) -m ruff format --quiet .
	@$(DJADE) $(TEMPLATES) || true

data: $(INSTALLED)
	@$(MANAGE) check
	@$(MANAGE) migrate --no-input --verbosity 0
	@$(MANAGE) seed

free: $(INSTALLED)
	@$(BIN) tools/free.py

$(INSTALLED): requirements.txt
	@python="$$(tools/python.sh)"; echo "Installing the requirements into $(VENV)"; \
		"$$python" -m venv $(VENV)
	@$(BIN) -m pip install --quiet --requirement requirements.txt
	@touch $@

$(COLLECTED): $(STATIC) $(INSTALLED) socialsite/settings.py
	@$(MANAGE) collectstatic --no-input --clear --verbosity 0
	@touch $@

clean:
	rm -rf $(VENV) staticfiles media db.sqlite3 db.sqlite3-shm db.sqlite3-wal \
		.mypy_cache .pytest_cache .ruff_cache .hypothesis
