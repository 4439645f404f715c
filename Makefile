# Deskbell's commands; `make help` lists them. Each one is a line that does its own set-up.
# ARGS goes to the program behind the command: make test ARGS="-k tray", make simulate ARGS="--seeds 500".
PYTHON ?= python3
BOOTSTRAP = @$(PYTHON) packaging/bootstrap.py

.PHONY: fuzz help demo test setup screenshots bench simulate faults lint lock map clean

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 14

demo: ## run the whole product, unattended where there is no display
	$(BOOTSTRAP) demo $(ARGS)

test: ## run all checks and tests
	$(BOOTSTRAP) test $(ARGS)

setup: ## make .venv with deskbell and deskbell-server in it
	$(BOOTSTRAP) setup

screenshots: ## make the README's pictures from the running program
	$(BOOTSTRAP) screenshots $(ARGS)

bench: ## print the figures of the budgets beside their references
	$(BOOTSTRAP) bench $(ARGS)

simulate: ## run the simulation of faulty networks and crashes with many seeds
	$(BOOTSTRAP) simulate $(if $(SEEDS),--seeds $(SEEDS)) $(ARGS)

faults: ## kill, damage and cut the real programs and their files; count what is lost
	$(BOOTSTRAP) faults $(ARGS)

fuzz: ## feed strange inputs to everything that reads strangers' words
	$(BOOTSTRAP) fuzz $(if $(SECONDS),--seconds $(SECONDS)) $(ARGS)

lint: ## run ruff, mypy and the import contracts only
	$(BOOTSTRAP) lint

lock: ## resolve packaging/requirements.lock anew from pyproject.toml
	$(BOOTSTRAP) lock

map: ## write README's map of the house anew
	$(BOOTSTRAP) map

clean: ## remove what the commands above made
	@rm -rf .venv build demo-output .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
