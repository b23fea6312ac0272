# make demo and make test set up everything they need, in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --constraint constraints.txt
PYTEST := $(BIN)/python -m pytest

.PHONY: demo test test-slow test-gpu test-network lint docs bench clean

demo: $(VENV)/.all  ## rebalance a real data set, and compare; draws demo.png
	$(BIN)/python -m ganbats_sampler demo

test: $(VENV)/.test  ## the tests, those that are quick and need neither network nor GPU
	$(PYTEST) -n auto

test-slow: $(VENV)/.test
	$(PYTEST) -n auto -m slow

test-gpu: $(VENV)/.test
	$(PYTEST) -m gpu

test-network: $(VENV)/.test
	$(PYTEST) -m network

lint: $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell

docs: $(VENV)/.docs  ## into docs/_build/html; runs the examples
	rm -rf docs/generated  # pages of names that are no more
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html

bench: $(VENV)/.all  ## the speed the project promises, as ratios in one run
	$(BIN)/python examples/benchmarks/speed.py

clean:
	rm -rf $(VENV) build docs/_build docs/auto_examples docs/generated *.egg-info

# PyTorch comes first and pinned: another package that asks for just any would get another one.
$(VENV)/.torch: constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) pip torch
	touch $@

# One stamp for each of the package's extras.
$(VENV)/.%: $(VENV)/.torch pyproject.toml
	$(PIP) --editable ".[$*]"
	touch $@
