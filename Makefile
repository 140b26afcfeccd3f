# The project's commands. Only Python ≥ 3.11, make, git and coreutils are assumed; every path is relative, so that a
# folder with spaces works. What a step installs or builds is done again only when its inputs changed.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PY := .venv/bin/python
export PORT ?= 8000
export TICKETS ?= 10000

PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

# The style sheets are purged to what templates and Python files name, so these are inputs too.
PAGE_INPUTS := $(wildcard package.json package-lock.json .npmrc) $(shell find static/src frontend templates \
	helpdesk reports community knowledge feedback tickets catalog accounts notifications files govbr -type f \
	\( -name '*.html' -o -name '*.py' -o -name '*.css' -o -name '*.js' -o -name '*.mjs' -o -name '*.json' -o -name '*.svg' \) 2>/dev/null)

.PHONY: help
help: ## what each command does
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

.PHONY: run
run: demo pages ## the portal with demo data at http://127.0.0.1:8000 (PORT= for another); Ctrl-C stops it
	@exec $(PY) -m helpdesk.supervisor --past

.PHONY: test
test: dev pages ## the tests without a browser, two at a time
	@$(PY) -m pytest -n 2 -m "not e2e and not soak"

.PHONY: e2e
e2e: dev pages ## the browser tests, two files at a time (needs Chromium)
	@$(PY) -m pytest -n 2 --dist loadfile -m "e2e and not soak" tests/e2e

.PHONY: soak
soak: dev pages mutants ## the long tests
	@$(PY) -m pytest -m soak

.PHONY: mutants
mutants: dev pages ## what the tests do not notice when the code is changed (ONLY=tickets.sla for one module)
	@$(PY) -m tests.mutants $(ONLY)

.PHONY: lint
lint: dev ## everything that is checked without running the portal
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()' --no-logo
	@git ls-files -z 'templates/*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2 --check
	@DEMO=1 $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@DEMO=1 $(PY) manage.py check
	@! grep -nE 'https?://' requirements/*.txt || { echo 'A lock file names an address.'; exit 1; }
	@! grep -nE '"resolved": "' package-lock.json 2>/dev/null || { echo 'A lock file names an address.'; exit 1; }

.PHONY: bench
bench: demo pages ## how fast the portal is with many tickets (TICKETS=10000)
	@$(PY) -m tests.bench

.PHONY: fmt
fmt: dev ## write everything in the project's format
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@git ls-files -z 'templates/*.html' | xargs -0 -r .venv/bin/djade --target-version 5.2

.PHONY: lock
lock: ## write the lock files anew from pyproject.toml (UPGRADE=--upgrade for the newest versions)
	@test -x var/uv/bin/uv || { $(PYTHON) -m venv var/uv && var/uv/bin/python -m pip install --quiet uv; }
	@var/uv/bin/python -m uv pip compile $(LOCK) pyproject.toml -o requirements/main.txt
	@var/uv/bin/python -m uv pip compile $(LOCK) pyproject.toml --group demo -o requirements/demo.txt
	@var/uv/bin/python -m uv pip compile $(LOCK) pyproject.toml --group demo --group dev -o requirements/dev.txt
LOCK := --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

.PHONY: venv
venv:
	@test -n "$(PYTHON)" || { echo 'É preciso Python 3.11 ou mais novo, e nenhum foi encontrado.'; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || { rm -rf .venv && $(PYTHON) -m venv .venv; } \
		|| { echo 'O ambiente virtual não pôde ser criado; no Debian: apt install python3-venv.'; exit 1; }

.PHONY: demo
demo: venv
	@cmp -s requirements/demo.txt .venv/demo.txt || cmp -s requirements/dev.txt .venv/dev.txt || { \
		echo 'Instalando o que o portal usa …' \
		&& $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/demo.txt \
		&& cp requirements/demo.txt .venv/demo.txt; }

.PHONY: dev
dev: venv
	@cmp -s requirements/dev.txt .venv/dev.txt || { \
		echo 'Instalando o que os testes usam …' \
		&& $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt \
		&& cp requirements/dev.txt .venv/dev.txt; }
	@cmp -s requirements/samples.txt var/bounces/.done || $(MAKE) --no-print-directory samples

# Bounces as mail servers wrote them, from a library's source package: its licence is not ours, so they stay out of git.
.PHONY: samples
samples: venv
	@rm -rf var/bounces && mkdir -p var/bounces/package
	@$(PY) -m pip download --quiet --disable-pip-version-check --no-deps --no-binary flufl-bounce --require-hashes \
		-r requirements/samples.txt -d var/bounces/package
	@tar -xzf var/bounces/package/*.tar.gz --strip-components=3 -C var/bounces --wildcards '*/tests/data/*.txt'
	@cp requirements/samples.txt var/bounces/.done

.PHONY: pages
pages: static/build/.done

static/build/.done: $(PAGE_INPUTS)
	@$(MAKE) --no-print-directory demo
	@mkdir -p static/build
	@if test -f package.json; then \
		echo 'Montando folhas de estilo e fontes …'; \
		node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null && npm --version >/dev/null 2>&1 \
			|| PATH="$$PWD/.venv/bin:$$PATH"; \
		cmp -s package-lock.json node_modules/.done \
			|| { npm ci --silent --no-audit --no-fund && cp package-lock.json node_modules/.done; } \
			&& npm run --silent build; \
	fi
	@touch $@
