# One command for each thing; every target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: setup read demo test lint corpus bench lock audit format windows windows-check windows-test clean

setup: $(READY)

$(READY): pyproject.toml requirements.lock scripts/system_libraries.sh
	@sh scripts/system_libraries.sh $(PYTHON)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --editable .
	@touch $(READY)

# The extra `read`, some 400 MB; without it the tests of what it reads are skipped by name.
read: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  --requirement requirements-read.lock

# Writes the locks anew: every package that the tests run with, by version and hash.
lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --upgrade --extra dev --output-file requirements.lock \
	  pyproject.toml scripts/build-requirements.in
	$(VENV)-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --upgrade --constraint requirements.lock --extra read \
	  --output-file requirements-read.lock pyproject.toml
	$(VENV)-lock/bin/uv pip compile --quiet --python-platform x86_64-pc-windows-msvc \
	  --python-version 3.13 --generate-hashes --no-header --no-annotate \
	  --constraint requirements.lock --no-emit-package gstreamer-ext-runtime \
	  --no-emit-package setuptools --output-file packaging/windows/requirements.lock pyproject.toml
	rm -rf $(VENV)-lock

# Holds the locked packages against the published advisories.
audit: setup
	@$(PYTHON) -m venv $(VENV)-audit
	@$(VENV)-audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	@$(VENV)-audit/bin/pip-audit --strict --disable-pip --requirement requirements.lock \
	  --requirement requirements-read.lock || \
	  { echo "pip-audit found something, or no database of advisories could be reached." >&2; exit 1; }

demo: setup
	@rm -rf out/样例
	$(BIN)/sjs-forms new out/样例 --sample
	$(BIN)/sjs-forms build out/样例 -o out/样例-成册

test: setup
	@command -v soffice >/dev/null 2>&1 || \
	  echo "LibreOffice is not installed: the tests of Office attachments are skipped."
	@command -v chromium >/dev/null 2>&1 || \
	  echo "Chromium is not installed: the tests of pages in a browser are skipped."
	$(BIN)/python -m pytest -rs

# Runs intake over any folder of files: make corpus CORPUS=folder
corpus: setup
	@test -n "$(CORPUS)" || { echo "make corpus CORPUS=folder" >&2; exit 2; }
	$(BIN)/python scripts/run_corpus.py "$(CORPUS)"

# Measures beside the routes of today and writes docs/performance.md; QUICK=1 a small run of it.
bench: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@for program in soffice qpdf chromium; do command -v $$program >/dev/null 2>&1 || \
	  echo "$$program is not installed: its route is left out."; done
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick,--keep) $(CASES)

# Builds the Windows installer and a portable zip into out/windows; needs Debian's nsis.
windows: setup
	$(PYTHON) -m venv $(VENV)-windows
	$(VENV)-windows/bin/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/python packaging/windows/build.py out/windows --uv $(VENV)-windows/bin/uv

# Holds that two builds have the same bytes: both files, the installer with the fast compressor.
windows-check: setup
	$(PYTHON) -m venv $(VENV)-windows
	$(VENV)-windows/bin/python -m pip install --quiet --disable-pip-version-check uv
	rm -rf out/windows-one out/windows-two
	$(BIN)/python packaging/windows/build.py out/windows-one --fast --uv $(VENV)-windows/bin/uv
	$(BIN)/python packaging/windows/build.py out/windows-two --fast --uv $(VENV)-windows/bin/uv
	diff --recursive out/windows-one out/windows-two
	rm -rf out/windows-one out/windows-two

# Tries the installer under wine, as root; needs Debian's mmdebstrap. See docs/windows.md.
windows-test: setup
	$(BIN)/python packaging/windows/try_under_wine.py out/windows/*.exe --root out/wine

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/draw_rooms.py --check
	@if command -v tsc >/dev/null 2>&1; then tsc --project tests/web/tsconfig.json; else \
	  echo "TypeScript is not installed: the types of the scripts of pages are not checked."; fi

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis test-pictures
