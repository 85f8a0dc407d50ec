# On the Record: everything that a person types. `make help` lists it.
#
# On a machine without a GPU, PyPI's build of torch brings several GB of CUDA along. To install the
# CPU build first, name the index that has it: make install TORCH_INDEX=<address of PyTorch's CPU index>

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input
LOCKS := requirements.txt
FIND_BROWSER := for name in "$$CHROMIUM" chromium chromium-browser google-chrome; do command -v "$$name" && break; done

.DEFAULT_GOAL := help
.PHONY: help install install-dev chat test check lint browser lock clean

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

install: $(VENV)/.installed  ## make .venv and install what the program needs

install-dev: $(VENV)/.installed-dev  ## the same, and what its tests and checks need

chat: install  ## index seeds/ if there is no index, and serve the chat on http://127.0.0.1:7860
	$(PY) app.py

test: install-dev browser  ## run every test, with the real models and a real browser
	CHROMIUM="$$($(FIND_BROWSER))" $(PY) -m pytest -m ""

check: lint  ## format, lint, types and the fast tests
	$(PY) -m pytest

lint: install-dev  ## format, lint and types
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy

browser:  ## find Chromium for the browser tests; install it where that takes no question
	@$(FIND_BROWSER) > /dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	    apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; \
	  else \
	    echo "The browser tests need Chromium or Chrome: install the package chromium, or set CHROMIUM to its path." >&2; \
	    exit 1; \
	  fi; }

lock:  ## resolve pyproject.toml anew into requirements.txt and requirements-dev.txt
	$(PYTHON) .ci/lock.py

clean:  ## remove the environment, the caches and what was built; the index stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written last, so that an install that was interrupted is taken up again. setuptools is
# in the lock, so that the project itself installs without fetching a build environment.
$(VENV)/.installed: $(LOCKS)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2> /dev/null || { \
	  echo "On the Record needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is $$($(PYTHON) --version 2>&1 | tail -n 1):" \
	    "name one with make install PYTHON=python3.11" >&2; \
	  exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "$(PYTHON) cannot make an environment here: on Debian and Ubuntu, install the package python3-venv." >&2; \
	  exit 1; }
	@echo "Installing into $(VENV): some 150 packages, 2.5 GB; a minute or two where they need no download."
	@$(if $(TORCH_INDEX),$(PIP) install -qq --index-url $(TORCH_INDEX) "$$(grep '^torch==' requirements.txt)")
	@$(PIP) install -qq -r requirements.txt
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt requirements-nodeps.txt
	@$(PIP) install -qq -r requirements-dev.txt
	@$(PIP) install -qq --no-deps -r requirements-nodeps.txt
	@touch $@
