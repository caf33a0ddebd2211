# The kit's verbs. A fresh machine needs no others than `make run` and `make test`.
.PHONY: run test check handouts bench translations lock clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/ready
AXE := tests/accessibility/node_modules/axe-core/axe.min.js
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

run: $(READY)
	@$(BIN)/casemodels serve --port $(or $(PORT),8866)

test: $(READY) $(AXE)
	@tests/chromium
	@tests/postgres
	@tests/java
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/casemodels check
	$(BIN)/casemodels translations check
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

handouts: $(READY)
	@$(BIN)/casemodels handouts

check: $(READY)
	$(BIN)/casemodels check
	$(BIN)/casemodels claims --uncovered
	$(BIN)/casemodels translations check
	$(BIN)/casemodels translations status

bench: $(READY)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.seminar
	$(BIN)/python -m benchmarks.rooms
	$(BIN)/python -m benchmarks.marking
	$(BIN)/python -m benchmarks.handouts

translations: $(READY)
	$(BIN)/casemodels translations update
	$(BIN)/casemodels translations compile
	$(BIN)/casemodels translations check

lock: $(READY)
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --extra test --build-deps-for wheel --generate-hashes --strip-extras \
	  --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --no-header --output-file requirements.lock pyproject.toml

# First the locked packages with their hashes, then the kit itself from this folder as it is.
$(READY): requirements.lock pyproject.toml hatch_build.py $(wildcard casemodels/locale/*/LC_MESSAGES/*.po)
	@echo "Setting up the kit. The first time this takes a minute or two, later a few seconds …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(AXE): tests/accessibility/package-lock.json
	npm ci --prefix tests/accessibility --no-audit --no-fund
	@touch $@

clean:
	rm -rf .venv build dist tests/accessibility/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
