# Everything here works with Python 3.11+, make and a package index; the environment is made once, in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install demo test hostile soak fuzz lint format types check clean accuracy bench bench-long

install: .venv/installed

.venv/installed: pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed; name one with PYTHON=")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

demo: install  ## the tutorial's case: ten pages one by one, then with ten threads
	$(BIN)/scrape demo

test: install
	$(BIN)/python -m pytest

hostile: install  ## what servers, pages and lists can do, what becomes of it, and how much of that is as it should be
	$(BIN)/python -m tests.hostile $(GROUPS)

ROUNDS ?= 100
URLS ?= 10000
MINUTES ?= 20
soak: install  ## killed a hundred times, at servers that fail, and for twenty minutes: make soak MINUTES=20
	$(BIN)/python -m tests.soak --rounds $(ROUNDS) --urls $(URLS) --minutes $(MINUTES)

TARGET ?= page
fuzz: install  ## coverage-guided, one of the targets of tests/fuzz: make fuzz TARGET=script MINUTES=10
	$(BIN)/python -m pip install --quiet atheris
	mkdir -p .fuzz
	$(BIN)/python -m tests.fuzz $(TARGET) .fuzz/$(TARGET) -max_total_time=$$((60 * $(MINUTES))) -timeout=10 \
		-max_len=20000 -rss_limit_mb=1500 -artifact_prefix=.fuzz/

CORPUS ?= fixtures/pages
ERRORS ?= 0
accuracy: install  ## how often each field is right on a folder of labelled pages: make accuracy CORPUS=folder
	$(BIN)/python -m scraper.accuracy "$(CORPUS)" --errors $(ERRORS)

bench: install  ## this program beside others that do the same work; needs nginx
	$(BIN)/python -m benchmarks --output benchmarks/RESULTS.md

bench-long: install  ## with a million URLs, and everybody in everything; takes hours
	$(BIN)/python -m benchmarks --long

lint: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: install
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: install
	$(BIN)/mypy

check: lint types test

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .fuzz dist
