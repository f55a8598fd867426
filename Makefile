# Everything runs from a fresh clone with python3 (3.11 or newer) and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO ?= demo

.PHONY: demo test check lint types docs doctests faults faults-whole bench serve clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Withheld needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $(STAMP)

demo: $(STAMP)  ## an invented group, from case files to a published release in demo/
	rm -rf $(DEMO)
	$(BIN)/withheld demo $(DEMO)

serve: $(STAMP)  ## the demo's release as a site on this machine
	$(BIN)/withheld serve $(DEMO)/public

test: $(STAMP)
	$(BIN)/pytest -n auto

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

docs: doctests  ## every example in the documentation is run
	$(BIN)/pytest -q tests/docs

doctests: $(STAMP)
	$(BIN)/pytest -q --doctest-modules codebook vault ingest anonymize reports

FAULTS := $(BIN)/pytest -n auto tests/faults tests/ingest/test_fuzzed_files.py tests/records/test_fuzzed_tables.py

faults: $(STAMP)  ## the long ones: every kill and full disk, 3,000 command lines, 800 damaged files for each reader
	WITHHELD_FAULTS=long WITHHELD_LINES=3000 WITHHELD_FUZZ=800 $(FAULTS)

faults-whole: $(STAMP)  ## the same with 10,000 command lines and 10,000 damaged files for each reader
	WITHHELD_FAULTS=long WITHHELD_LINES=10000 WITHHELD_FUZZ=10000 $(FAULTS)

RIVALS := .venv-rivals
$(RIVALS)/.installed: benchmarks/rivals.txt
	$(PYTHON) -m venv $(RIVALS)
	$(RIVALS)/bin/pip install --quiet --disable-pip-version-check --requirement benchmarks/rivals.txt
	touch $(RIVALS)/.installed

# Hours. BENCH=NAME for one section, BENCH=--quick to try.
bench: $(STAMP) $(RIVALS)/.installed  ## every benchmark, beside its rivals, into benchmarks/README.md
	$(BIN)/python -m benchmarks.run --rivals $(RIVALS)/bin/python $(BENCH)

check: lint types doctests test  # the tests hold the documentation too

clean:
	rm -rf $(VENV) $(RIVALS) $(DEMO) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
