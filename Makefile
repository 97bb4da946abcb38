# The two commands: `make run` starts everything on this machine, `make test` tests it.
# What they need is set up by themselves: Python 3.11 or newer is all that must be there.

MAKEFLAGS += --no-print-directory
CANDIDATES := python3 python3.13 python3.12 python3.11 python3.14
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done)
PYTEST := .venv/bin/python -m pytest
BABEL := .venv/bin/python -m babel.messages.frontend --quiet
WORKERS ?= 2

.PHONY: help run setup test test-setup check campaign bench words docs lock clean

help:
	@echo 'make run       set up, start everything, print addresses and demo sign-ins (PORT=, LEXHELLER_DATA=)'
	@echo 'make test      set up what the tests need and run all of them'
	@echo 'make campaign  the long fault and simulation campaigns'
	@echo 'make bench     what desk, suggestions and yearly report cost with few cases and with many, as ratios'
	@echo 'make setup     the virtual environment .venv with .venv/bin/lexheller'
	@echo 'make check     lint, types and import contracts only'
	@echo 'make words     gather new interface words into the English catalogue, to be translated by hand'
	@echo 'make docs      write the generated parts of the documentation anew'
	@echo 'make lock      renew the lock files from requirements*.in and package.json'
	@echo 'make clean     remove what setup and tests have made (not your data)'

run: setup
	@exec .venv/bin/python -m lexheller.embedded.run

setup: python
	@exec $(PYTHON) -m lexheller.embedded.install

.PHONY: python
python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed, and none was found on PATH.' >&2; exit 1; }

test-setup: python
	@exec $(PYTHON) -m lexheller.embedded.install --tests
	@exec .venv/bin/python -m tests.services.parts

check: test-setup
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy
	.venv/bin/lint-imports --no-logo
	.venv/bin/python -m djlint templates --lint --quiet --profile jinja

test: check
	$(PYTEST) -n $(WORKERS) --dist loadfile --no-loadscope-reorder

campaign: test-setup
	LEXHELLER_CAMPAIGN=full $(PYTEST) tests/campaign --timeout 0 -s

bench: test-setup
	.venv/bin/python -m bench.desk
	.venv/bin/python -m bench.suggestions
	.venv/bin/python -m bench.report

words: test-setup
	@pot=$$(mktemp); trap 'rm -f "$$pot"' EXIT; \
	$(BABEL) extract -F babel.cfg -k _l --project 'Lex Heller' --version 1 --sort-by-file --add-location=file --no-wrap -o "$$pot" . && \
	$(BABEL) update -i "$$pot" -d lexheller/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap && \
	$(BABEL) compile -d lexheller/translations

docs: test-setup
	.venv/bin/python -m docs.generate

lock:
	@uv=$$(command -v uv || echo .venv/bin/uv); test -x "$$uv" || { echo 'uv is needed for this.' >&2; exit 1; }; \
	pin="$$uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url"; \
	$$pin requirements.in -o requirements.txt && \
	$$pin -c requirements.txt requirements-dev.in -o requirements-dev.txt
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/npm install --package-lock-only --ignore-scripts --no-audit --no-fund

clean:
	rm -rf .venv .services .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build *.egg-info
	find lexheller worker tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
