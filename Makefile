# make run: the app at http://localhost:8501. make test: the linters and every test.
# Both set up what they need first: system libraries (Debian and Ubuntu), a virtual environment, the face model.

# Python 3.10 to 3.14; `make PYTHON=/path/to/python run` chooses another.
PYTHON := $(shell for p in python3.11 python3.12 python3.13 python3.14 python3.10 python3; do command -v $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PORT ?= 8501

.PHONY: run test models lint system system-test
.DEFAULT_GOAL := run

run: $(BIN)/.app models
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: $(BIN)/.dev models system-test lint
	$(BIN)/python -m pytest

lint: $(BIN)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

models: $(BIN)/.app
	$(BIN)/python -m core models

$(BIN)/python:
	@$(MAKE) --no-print-directory system
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 15))' \
		|| { echo "Python 3.10 to 3.14 is needed: make PYTHON=/path/to/python $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv

$(BIN)/.app: requirements.txt | $(BIN)/python
	$(PIP) -r requirements.txt
	@touch $@

$(BIN)/.dev: requirements-dev.txt $(BIN)/.app
	$(PIP) -r requirements-dev.txt
	@touch $@

# The libraries that MediaPipe and OpenCV load, and on Debian the module that makes virtual environments.
system:
	@.ci/packages $$(cat packages.txt) $$($(PYTHON) -c 'import ensurepip' 2>/dev/null || echo python3-venv)

# What tests start beside the app. Those that find it missing all the same are skipped and say so.
system-test:
	@ls -d /usr/lib/postgresql/*/bin >/dev/null 2>&1 || command -v initdb >/dev/null || .ci/packages postgresql
	@for browser in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v $$browser >/dev/null && exit 0; done; .ci/packages chromium
	@command -v caddy >/dev/null || .ci/packages caddy
	@command -v turnserver >/dev/null || .ci/packages coturn
