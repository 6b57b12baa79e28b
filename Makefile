# The commands of this house. `make` alone lists them.

.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
# Half as many processes again as the machine has cores: much of the time goes into waiting for browsers, mail
# servers and clocks. More would starve each other.
PROCESSES := $(shell echo $$(( ($$(getconf _NPROCESSORS_ONLN) * 3 + 1) / 2 )))
PYTEST := $(BIN)/pytest --numprocesses $(PROCESSES) --maxprocesses 8 --dist worksteal
# Where the environment forbids to keep bytecode, each of our processes would compile two thousand modules anew.
unexport PYTHONDONTWRITEBYTECODE
UV_INSTALL := --require-hashes --link-mode=copy

.PHONY: help demo test check faults bench coverage messages lock clean node

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

demo: .venv/.base  ## the whole service with demonstration data: http://127.0.0.1:8000 (PORT= and VIPU_DATA_DIR= are honoured)
	@exec $(BIN)/vipu demo

# What every database answers alike runs once, on SQLite: the pages, the mails, the demonstration, and who may do
# or learn what. What nobody should send is for the stricter one, and so is the API, which only translates.
ONCE := tests/web $(addprefix tests/security/test_,matrix.py headers.py words_stay_words.py link_scanners.py enumeration.py) \
	$(addprefix tests/backend/test_demo,.py _loading.py _data.py) tests/notifications/test_golden_kinds.py
STRICT := $(addprefix tests/security/test_,fuzz.py bad_input_api.py bad_input_pages.py) $(wildcard tests/*/test_api*.py)
test: .venv/.dev node  ## everything: the checks, and the tests on PostgreSQL with Valkey and on SQLite
	@status=0; \
	$(MAKE) --no-print-directory check || status=1; \
	echo "== tests that touch the database, on PostgreSQL and Valkey"; \
	$(PYTEST) --database=postgres $(ONCE:%=--ignore=%) || status=1; \
	echo "== the same once more and all others, on SQLite"; \
	$(PYTEST) $(STRICT:%=--ignore=%) || status=1; \
	exit $$status

# What `check --deploy` is asked about: made-up values, complete as a real installation's must be
PRODUCTION := DATABASE_URL=postgres://vipu@localhost/vipu REDIS_URL=redis://localhost:6379/0 \
	SECRET_KEY=only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ \
	VIPU_HOSTS=vipu.example.org VIPU_PUBLIC_URL=https://vipu.example.org \
	VIPU_MAIL_URL=smtp://vipu:secret@mail.example.org VIPU_MAIL_FROM=vipu@example.org

check: .venv/.dev  ## form, types, import contracts, migrations, settings, compose file
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	VIPU_DATA_DIR=.venv/check $(BIN)/python manage.py makemigrations --check --dry-run
	VIPU_DATA_DIR=.venv/check $(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

FAULTS := tests/faults tests/notifications/test_scripted_server.py tests/registrations/test_parallel.py tests/registrations/test_group_parallel.py tests/registrations/test_modes_parallel.py tests/registrations/test_automatic_hour.py tests/registrations/test_automatic_parallel.py
faults: .venv/.dev  ## crowds and faults at full size: two thousand at once, killed processes, dead brokers, lost answers
	$(BIN)/pytest $(FAULTS) tests/security/test_fuzz.py --database=postgres --full
	$(BIN)/pytest $(FAULTS) tests/events/test_calendar_parsers.py --full

bench: .venv/.dev  ## registrations and mail on the production processes beside the limits of this machine (about ten minutes)
	$(BIN)/python -m bench --into docs/develop/benchmarks.md
	$(BIN)/python -m bench.mail --into docs/develop/benchmarks-mail.md

coverage: .venv/.dev  ## which branches the tests take
	$(PYTEST) --cov --cov-report=term-missing:skip-covered

messages: .venv/.base  ## compile the words of the three languages
	$(BIN)/python -m backend.translations

lock: .venv/.base  ## choose the newest allowed versions again, with their hashes
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --output-file requirements/base.lock
	$(BIN)/uv pip compile pyproject.toml --extra ses --constraint requirements/base.lock $(LOCK) --output-file requirements/ses.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --constraint requirements/ses.lock $(LOCK) --output-file requirements/dev.lock
LOCK = --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-annotate --no-header

clean:  ## remove what these commands made, except the data
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage htmlcov staticfiles tests/node/node_modules
	find . -name '__pycache__' -prune -exec rm -rf {} + ; find . -name '*.mo' -path '*/locale/*' -delete

# --- the environment -----------------------------------------------------------------------------
.venv/.made:
	@python="$$($(FIND_PYTHON))"; \
	if [ -z "$$python" ]; then \
	  echo "Vipu needs Python 3.12 or newer, and none was found. Install one, or name it: make demo PYTHON=/path/to/python3.13"; \
	  exit 1; \
	fi; \
	"$$python" -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/installer.lock
	@touch $@

define FIND_PYTHON
for one in $(PYTHON) python3.13 python3.14 python3.12 python3 "$$HOME"/.pyenv/versions/3.1[2-9]*/bin/python; do \
"$$one" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && { echo "$$one"; break; }; done
endef

.venv/.base: .venv/.made requirements/base.lock pyproject.toml
	@$(BIN)/uv pip install --quiet --python $(BIN)/python $(UV_INSTALL) -r requirements/base.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv/.dev: .venv/.base requirements/dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python $(UV_INSTALL) -r requirements/dev.lock
	@touch $@

# The calendar parsers of other people, where Node is present; the run says so where it is not
node:
	@if command -v npm >/dev/null; then \
	  [ tests/node/node_modules -nt tests/node/package-lock.json ] || { npm ci --silent --no-audit --no-fund --prefix tests/node && touch tests/node/node_modules; } \
	  || echo "Node packages could not be installed: the tests that read our calendars with ical.js and node-ical are left out"; \
	else echo "Node is not here: the tests that read our calendars with ical.js and node-ical are left out"; fi
