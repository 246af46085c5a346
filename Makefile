# kan 刊: two commands do everything on a fresh machine: make issue, make test.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
KAN := $(VENV)/bin/kan
OUT ?= dist
export PIP_DISABLE_PIP_VERSION_CHECK := 1

issue: $(VENV)/.ready ## Publish an issue: make issue [ISSUE=folder] [OUT=folder]; default: the newest in source/
	@$(KAN) build $(if $(ISSUE),"$(ISSUE)") --out "$(OUT)"

check: $(VENV)/.ready ## Check an issue without building it: make check [ISSUE=folder]
	@$(KAN) check $(if $(ISSUE),"$(ISSUE)")

preview: $(VENV)/.ready ## The pages in the browser while you edit: make preview [ISSUE=folder]
	@$(KAN) preview $(if $(ISSUE),"$(ISSUE)")

verify: $(VENV)/.ready-verify ## Build an issue and prove it, with Java and a browser: make verify [ISSUE=folder]
	@$(KAN) build $(if $(ISSUE),"$(ISSUE)") --out "$(OUT)" --vertical
	@issue="$(ISSUE)"; issue=$${issue:-$$(dirname "$$(ls source/*/issue.xml | tail -n 1)")}; \
	  $(KAN) verify "$(OUT)/$$(basename "$$(realpath "$$issue")")"

test: $(VENV)/.ready-test ## All checks that CI runs: ruff, format, mypy --strict, pytest
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(KAN) fonts > /dev/null
	@$(VENV)/bin/pytest -n auto --dist worksteal $(PYTEST)

bench: $(VENV)/.ready-bench ## Time the stages, and the whole against Typst: make bench [ISSUE=folder]
	@$(KAN) fonts > /dev/null
	@$(VENV)/bin/python -m tests.bench $(if $(ISSUE),"$(ISSUE)")

comparison: $(VENV)/.ready-bench ## One paragraph by kan, Typst and WeasyPrint, measured: the picture and table of the README
	@$(KAN) fonts > /dev/null
	@$(VENV)/bin/python -m tests.bench.comparison

clean: ## Remove what was made: dist/, the virtual environment, caches of tools (not the cache of fonts)
	rm -rf $(filter-out dist/.gitkeep,$(wildcard dist/*)) $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find pipeline tests -name __pycache__ -prune -exec rm -rf {} +

help: ## This text
	@echo 'kan 刊'; grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1	\2/' | expand -t 20

# Set-up, done once: the virtual environment, and the libraries of the system that pip can't bring.
$(VENV)/.ready: pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" .ci/setup "$(VENV)" java
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready
	@PYTHON="$(PYTHON)" .ci/setup "$(VENV)" java,test,bench
	@touch $@ $(VENV)/.ready-bench

$(VENV)/.ready-verify: $(VENV)/.ready
	@PYTHON="$(PYTHON)" .ci/setup "$(VENV)" java,verify
	@touch $@

$(VENV)/.ready-bench: $(VENV)/.ready
	@PYTHON="$(PYTHON)" .ci/setup "$(VENV)" java,bench
	@touch $@

.PHONY: issue check preview verify test bench comparison clean help
