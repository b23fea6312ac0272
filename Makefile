# make demo and make test set up everything they need, in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --constraint constraints.txt
PYTEST := $(BIN)/python -m pytest
# The old versions have wheels for Python 3.11 and 3.12.
LOWEST := .venv-lowest
# Old releases warn of what newer ones of other libraries deprecate.
QUIET := -W ignore::DeprecationWarning -W ignore::FutureWarning

.PHONY: demo test test-slow test-gpu test-network test-lowest lint docs bench dist clean

demo: $(VENV)/.all  ## rebalance a real data set, and compare; draws demo.png
	$(BIN)/python -m ganbats_sampler demo

test: $(VENV)/.test  ## the tests, those that are quick and need neither network nor GPU
	$(PYTEST) -n auto

test-slow: $(VENV)/.test $(VENV)/.release
	$(PYTEST) -n auto -m slow

test-gpu: $(VENV)/.test
	$(PYTEST) -m gpu

test-network: $(VENV)/.test
	$(PYTEST) -m network

test-lowest: $(LOWEST)/.installed  ## the quick tests, with the lowest supported versions
	$(LOWEST)/bin/python -m pytest tests -n auto $(QUIET)

lint: $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell

docs: $(VENV)/.docs  ## into docs/_build/html; runs the examples
	rm -rf docs/generated  # pages of names that are no more
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html

dist: $(VENV)/.release  ## the wheel and the source archive, into dist; builds and checks
	rm -rf dist
	$(BIN)/python -m build
	$(BIN)/twine check --strict dist/*
	$(BIN)/check-wheel-contents dist/*.whl

bench: $(VENV)/.all  ## the speed the project promises, as ratios in one run
	$(BIN)/python examples/benchmarks/speed.py

clean:
	rm -rf $(VENV) $(LOWEST) build dist docs/_build docs/auto_examples docs/generated *.egg-info

# PyTorch comes first and pinned: another package that asks for just any would get another one.
$(VENV)/.torch: constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) pip torch
	touch $@

# One stamp for each of the package's extras.
$(VENV)/.%: $(VENV)/.torch pyproject.toml
	$(PIP) --editable ".[$*]"
	touch $@

# aeon is left out, because it needs NumPy 2: its tests skip.
$(LOWEST)/.installed: .ci/lowest.py constraints.txt pyproject.toml
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python .ci/lowest.py data plot benchmark test > $(LOWEST)/lowest.txt
	$(LOWEST)/bin/python -m pip install --quiet --constraint $(LOWEST)/lowest.txt --editable ".[plot]" \
		baycomp distributed hypothesis pandas polars psutil pytest pytest-xdist pyyaml wfdb
	touch $@
