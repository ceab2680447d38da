# Everything a person needs, by name: `make help`. Settings (XIANFENG_...) are read from the environment or given
# behind the target: make up XIANFENG_GATEWAY_PORT=9090
PYTHON := .venv/bin/python
LOCAL := $(PYTHON) -m deploy.local
ENVIRONMENT := sh deploy/local/find_python deploy/local/setup_environment.py
CHECKED := shared services deploy tests
# Compiling every module anew takes seconds a process; what is compiled lies beside it and is never committed.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help environment dev-environment up down status logs reset stop start doctor demo check test bench pins \
	redeliver unpark verify-archive refill-topic backup restore bundle rules-check rebuild-scores verify-scores switch-scores

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

environment:
	@$(ENVIRONMENT) local

dev-environment:
	@$(ENVIRONMENT) dev

up: environment ## start everything, wait until it is ready, print the addresses
	@$(LOCAL) up

down: environment ## stop everything cleanly; the data stays
	@$(LOCAL) down

status: environment ## what runs, and what is ready
	@$(LOCAL) status

logs: environment ## last lines of every log (P=visits-api for one; F=1 to follow)
	@$(LOCAL) logs $(P) $(if $(F),--follow)

reset: environment ## stop, then remove our data folder (never a MongoDB or Kafka of yours)
	@$(LOCAL) reset

stop: environment ## stop one process: make stop P=visits-worker
	@$(LOCAL) stop "$(P)"

start: environment ## start it again: make start P=visits-worker
	@$(LOCAL) start "$(P)"

doctor: environment ## say what is missing, taken or unsupported on this machine
	@$(LOCAL) doctor

demo: environment ## play the demo township through the public API
	@$(LOCAL) run deploy.demo $(A)

redeliver: environment ## send mended messages again from .rejected: make redeliver A='--help'
	@$(LOCAL) run shared.kafka.redeliver $(A)

unpark: environment ## let facts that the broker refused try again: make unpark A='--service visits'
	@$(LOCAL) run shared.mongo.unpark $(A)

verify-archive: environment ## check the hash chain of every archive (A='--against DIR': and what that backup saw)
	@$(LOCAL) run shared.mongo.verify_archive $(A)

refill-topic: environment ## after the loss of Kafka alone, write topics anew from the archives: A='--service visits'
	@$(LOCAL) run shared.recovery.refill_topic $(A)

backup: environment ## back up all databases and keys while they run: make backup A='--to DIR --follow'
	@$(LOCAL) run shared.recovery.backup $(A)

restore: environment ## restore a backup, with the services stopped: make restore A='--from DIR'
	@$(LOCAL) run shared.recovery.restore $(A)

rebuild-scores: environment ## build all scores anew beside those people see, compare, switch
	@$(LOCAL) run services.scoring rebuild

verify-scores: environment ## fold all facts again in memory and compare with what people see, entry by entry
	@$(LOCAL) run services.scoring verify

switch-scores: environment ## go back to scores that were kept: make switch-scores BUILD=… (without: the list)
	@$(LOCAL) run services.scoring switch $(BUILD)

rules-check: environment ## check rule books before anybody asks the platform: make rules-check FILE=book.yaml
	@$(PYTHON) -m services.scoring.adapters.check_rules $(FILE)

check: dev-environment ## style, types, import law, contracts, units: in about a minute; properties with a few examples
	@.venv/bin/ruff check $(CHECKED)
	@.venv/bin/ruff format --check $(CHECKED)
	@.venv/bin/mypy --strict $(CHECKED)
	@.venv/bin/lint-imports
	@.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose*.yml
	@.venv/bin/hadolint deploy/Dockerfile
	@$(PYTHON) -m pytest tests/contract tests/unit -q -n auto --dist loadfile -m 'not slow' --hypothesis-profile quick

test: check ## everything but the benches, properties with all their examples, on a stack of its own
	@$(PYTHON) -m pytest tests/contract tests/unit -q -n auto -m 'slow or hypothesis'
	@$(PYTHON) -m pytest tests -q -n 2 --dist loadfile -m 'not hurried' --ignore=tests/bench --ignore=tests/unit --ignore=tests/contract
	@$(PYTHON) -m pytest tests/integration/operate -q -m hurried

bench: dev-environment ## measure (docs/performance.md)
	@$(PYTHON) -m pytest tests/bench -q -s

bundle: dev-environment ## one archive that a machine without a network installs from, into dist (A='--to DIR')
	@$(PYTHON) -m deploy.bundle $(A)

pins: dev-environment ## resolve the pins again from the pyproject files
	@$(PYTHON) -m deploy.local.pins
