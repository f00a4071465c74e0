# What a person or a machine does with this project. `make` alone lists it.
#
# Everything runs in .venv, which .ci/setup makes from requirements.lock. BUNDLE=FILE takes the packages from
# an archive made by `make bundle` instead of the network; PYTHON=python3.12 chooses the Python.

SHELL := /bin/bash
# The folder of this file, so that `make -f elsewhere/Makefile test` works from anywhere.
ROOT := $(shell cd "$$(dirname "$(strip $(MAKEFILE_LIST))")" && pwd)
BIN := .venv/bin
INSIDE := cd "$(ROOT)" &&

# Arguments: make run ARGS="--scale 10"; make test TESTS=tests/unit PYTEST_ARGS="-k recode -x"
ARGS ?=
TESTS ?= tests
PYTEST_ARGS ?=

# The caller's own Python settings would reach into .venv.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP

.PHONY: help setup run ui test check format docs bench soak bundle lock clean
.NOTPARALLEL:
.DEFAULT_GOAL := help

help:
	@echo "make run      set up, make sample deliveries and run the whole pipeline on them (into ./var)"
	@echo "make test     set up and run all tests"
	@echo "make check    format, lint, types, import contracts"
	@echo "make format   put the code into the agreed format"
	@echo "make ui       Dagster's page on what make run did"
	@echo "make docs     write the generated pages and the outputs shown in the documents anew"
	@echo "make bench    measure against the committed baselines"
	@echo "make soak     the long tests"
	@echo "make bundle   one archive with everything that an installation without a network needs"
	@echo "make lock     resolve the dependencies of pyproject.toml into requirements.lock anew"
	@echo "make clean    remove .venv and what the tools left (never ./var)"
	@echo "              BUNDLE=FILE: install from such an archive; PYTHON=python3.12: with this Python"

setup:
	@PYTHON="$(PYTHON)" "$(ROOT)/.ci/setup" $(if $(BUNDLE),--bundle "$(BUNDLE)")

run: setup
	@$(INSIDE) $(BIN)/siprev demo $(ARGS)

ui: setup
	@$(INSIDE) $(BIN)/siprev ui $(ARGS)

# Two processes; the tests of one file stay together, so that what a file prepares is prepared once. The order of the
# folders stays: the many small files of tests/unit come last, so that both processes end together.
test: setup
	@$(INSIDE) $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(TESTS) $(PYTEST_ARGS)

# All four run, so that one run shows everything that is wrong.
check: setup
	@$(INSIDE) status=0; \
	echo "siprev: format";           $(BIN)/ruff format --check . || status=1; \
	echo "siprev: lint";             $(BIN)/ruff check . || status=1; \
	echo "siprev: types";            $(BIN)/mypy || status=1; \
	echo "siprev: import contracts"; $(BIN)/lint-imports --no-logo || status=1; \
	exit $$status

format: setup
	@$(INSIDE) $(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: setup
	@$(INSIDE) $(BIN)/python -m docs.generate && $(BIN)/python -m tests.docs.refresh

bench: setup
	@$(INSIDE) $(BIN)/python -m tests.benchmarks $(ARGS)

soak: setup
	@$(INSIDE) if [ ! -d tests/soak ]; then echo "siprev: there are no soak tests (no folder tests/soak)" >&2; exit 2; fi; \
	$(BIN)/python -m pytest -m soak tests/soak $(PYTEST_ARGS)

bundle: setup
	@"$(ROOT)/.ci/bundle"

lock: setup
	@$(INSIDE) UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --no-strip-extras \
	  --generate-hashes --no-emit-index-url --no-annotate --python-version 3.11 \
	  pyproject.toml --group test --group check --group build --output-file requirements.lock
	@echo "siprev: requirements.lock is resolved; the next make installs it"

clean:
	@$(INSIDE) rm -rf .venv dist build ./*.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis \
	  && find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "siprev: .venv and the tools' leavings are removed; ./var, if there is one, is left alone"
