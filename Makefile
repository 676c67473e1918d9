# `make run` and `make test` are all that a newcomer needs; both can be repeated.

VENV := .venv
BIN := $(VENV)/bin
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet
SOURCES := daemon tests $(wildcard bench)
DEBIAN := chromium dovecot-imapd dovecot-lmtpd gcc libc6-dev mutt postfix postgresql python3-venv s-nail

.PHONY: run test check accuracy bench quarter crash lock debian clean

run: $(VENV)/run.stamp
	@exec $(BIN)/postbote run --home .

test: debian $(VENV)/test.stamp
	$(MAKE) check
	$(BIN)/pytest -n 2 --dist worksteal

check: $(VENV)/test.stamp
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/postbote check --home .

accuracy: $(VENV)/test.stamp
	$(BIN)/python -m tests.golden.accuracy

bench: $(VENV)/test.stamp
	$(BIN)/python -m bench

quarter: $(VENV)/test.stamp
	$(BIN)/pytest -m quarter tests/quarter

crash: $(VENV)/test.stamp
	$(BIN)/pytest -m crash tests/fault tests/property

# Needs uv. What comes out names no registry and no path of this machine.
lock:
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --group build --group dev --constraints requirements.lock --output-file requirements-dev.lock

# A Python that is named but cannot make an environment (a shim, a stripped system Python) is passed over.
$(BIN)/python:
	@for python in python3.13 python3.12 python3.11 python3; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    rm -rf $(VENV); echo "making $(VENV) with $$python"; exec $$python -m venv $(VENV); \
	  fi; \
	done; echo 'postbote needs Python 3.11 or newer with venv (Debian: apt-get install python3-venv)' >&2; exit 1

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# Real servers for the tests. Where they may not be installed, the tests that need them say so and are skipped; in CI they fail.
debian:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! dpkg -s $(DEBIAN) >/dev/null 2>&1; then \
	  echo "installing $(DEBIAN)"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(DEBIAN); } \
	    >/dev/null || [ -z "$$CI" ]; \
	fi

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
