# One command to run, one to test.  Everything else is a part of these two.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv
ARGS   ?=
# Where the environment forbids bytecode (images often do), every start would compile some 1,200 modules anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check fix bench docs lock clean

run: $(VENV)/.run assets
	@$(BIN)/yigongti up $(ARGS)

test: $(VENV)/.dev assets
	@bash tests/system_packages.sh
	@$(MAKE) --no-print-directory check
	@$(BIN)/python -m pytest -n 2 --maxschedchunk 4 -q --durations=15
	@bash tests/on_postgres.sh -n 2 --dist loadfile

check: $(VENV)/.dev  ## never edits
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yigongti manage makemigrations --check --dry-run
	$(BIN)/yigongti policy check
	$(BIN)/yigongti docs --check

fix: $(VENV)/.dev
	$(BIN)/ruff check --fix src tests bench
	$(BIN)/ruff format src tests bench

bench: $(VENV)/.dev
	@for each in bench/*.py; do echo "== $$each"; $(BIN)/python $$each $(ARGS) || exit 1; done

docs: $(VENV)/.dev  ## writes docs/reference from the rules, indicators, workflows and facts
	$(BIN)/yigongti docs

assets: $(VENV)/.run $(if $(shell command -v npm),,$(VENV)/.node)
	@PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m yigongti.pages.assets

lock: $(VENV)/bin/uv
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
		pyproject.toml --group build -o requirements/run.lock
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
		-c requirements/run.lock pyproject.toml --group build --group dev -o requirements/dev.lock

$(VENV)/bin/uv: requirements/uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更新 / Python 3.11+ is needed")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $@

$(VENV)/.run: requirements/run.lock pyproject.toml $(VENV)/bin/uv
	@echo "安装依赖 installing locked dependencies …"
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements/run.lock
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.node: requirements/node.lock $(VENV)/bin/uv  # only where the machine has no npm
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements/node.lock
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@touch $@

clean:
	rm -rf $(VENV) node_modules src/yigongti/pages/static/vendor
