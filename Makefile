# Every target sets up what it needs by itself: a virtual environment in .venv, and system packages when root.
VENV ?= .venv
BIN := $(VENV)/bin
OUT ?= out

.PHONY: demo test lint quickstart wheel clean

demo: ## Animate the example picture with the sample that ships.
	@scripts/setup $(VENV) base
	@mkdir -p $(OUT)
	$(BIN)/pia-edge animate docs/example.png --prompt "a boat on the sea, night falls" \
		--seed 1 -o $(OUT)/demo.gif --overwrite
	@echo "The clip is $(OUT)/demo.gif"

test: lint ## Lint, types, and all tests.
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q --numprocesses auto --dist loadfile

lint:
	@scripts/setup $(VENV) dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

quickstart: ## Time to first frame, total time and peak memory on both CPU backends.
	@scripts/setup $(VENV) dev
	$(BIN)/python benchmarks/quickstart.py

wheel: ## Build the wheel into dist/.
	@scripts/setup $(VENV) dev
	$(BIN)/python -m pip wheel --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) build dist $(OUT) *.egg-info .pytest_cache .mypy_cache .ruff_cache
