# Everything is built once and only again when what it is made from changed. `make help` lists what there is.

PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v "$$name" && break; done)
RUN := .venv/bin/python
# A bundle for a server without internet brings its packages along.
INDEX := $(if $(wildcard wheels/*.whl),--no-index --find-links wheels)
BUILT := static/built/manifest.json webapp/translations/zh.mo
LOCK = uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml

# Many a school's line has a certificate of its own, which the system knows.
export UV_SYSTEM_CERTS := 1
export NODE_USE_SYSTEM_CA := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check bench seed backup restore bundle migration lock dev

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: .venv/.ready $(BUILT) ## set up if needed, then serve (QUANZI_PORT, QUANZI_DATA: see docs/settings.md)
	@exec $(RUN) -m webapp run

test: dev $(BUILT) ## all tests, or some: make test ARGS="tests/kit -k assets"
	@.ci/test $(ARGS)

check: .venv/.ready-dev ## format, lint, types and the import contract
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy webapp
	.venv/bin/lint-imports

bench: dev $(BUILT) ## measure, and write docs/benchmarks.md
	@exec $(RUN) -m tests.bench $(ARGS)

seed: .venv/.ready $(BUILT) ## fill an empty database with the demo school
	@exec $(RUN) -m webapp seed

backup: .venv/.ready ## database and files into one new folder: make backup FILE=folder (default: data/backups/<time>)
	@exec $(RUN) -m webapp backup $(FILE)

restore: .venv/.ready ## put a backup back into an empty data folder: make restore FILE=folder
	@test -n "$(FILE)" || { echo "Say which backup: make restore FILE=folder" >&2; exit 2; }
	@exec $(RUN) -m webapp restore $(FILE)

migration: .venv/.ready ## draft a migration from the models: make migration NAME="posts get a mood"
	@test -n "$(NAME)" || { echo 'Say what it does: make migration NAME="posts get a mood"' >&2; exit 2; }
	@exec $(RUN) -m webapp migration "$(NAME)"

bundle: .venv/.ready $(BUILT) ## pack source, packages and built files for a server without internet
	@.ci/bundle

lock: ## compile the requirements from pyproject.toml (needs uv)
	$(LOCK) -o requirements.txt
	$(LOCK) -o requirements-dev.txt --extra dev -c requirements.txt

dev: .venv/.ready-dev
	@$(RUN) -m webapp.kit.assets --dev

# uv takes seconds, pip a minute; both check every hash.
define install
	if command -v uv >/dev/null; then \
		uv pip install --quiet --python $(RUN) --require-hashes $(INDEX) -r $(1); \
	else \
		$(RUN) -m pip --version >/dev/null 2>&1 || $(RUN) -m ensurepip >/dev/null; \
		$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes $(INDEX) -r $(1); \
	fi
endef

.venv/.ready: requirements.txt
	@test -n "$(PYTHON)" || { echo "Quanzi needs Python 3.11 or newer, and there is none on this machine." \
		"Install one (Debian, Ubuntu: sudo apt install python3 python3-venv), or say where it is:" \
		"make PYTHON=/path/to/python3" >&2; exit 1; }
	@command -v uv >/dev/null || "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "Python's venv part is missing. Debian, Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@echo "Building the environment (about a minute) …"
	@test -x $(RUN) && $(RUN) -c '' 2>/dev/null || { rm -rf .venv; \
		if command -v uv >/dev/null; then uv venv --quiet --python "$(PYTHON)" .venv; \
		else "$(PYTHON)" -m venv .venv; fi; }
	@$(call install,requirements.txt)
	@touch $@

.venv/.ready-dev: requirements-dev.txt .venv/.ready
	@echo "Adding what tests and checks need (about a minute) …"
	@$(call install,requirements-dev.txt)
	@touch $@

# Fetches the packages of package-lock.json itself, and only if they are not there.
static/built/manifest.json: package-lock.json webapp/kit/assets.py static/icons.svg \
		$(wildcard static/css/*.css static/js/*.js) | .venv/.ready
	@$(RUN) -m webapp.kit.assets
	@touch $@

webapp/translations/zh.mo: $(wildcard webapp/translations/zh/*.po) | .venv/.ready
	@$(RUN) -m webapp words
