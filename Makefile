# make run    starts the dashboard and the API at http://127.0.0.1:8501
# make test   runs every check and test, browser tests included
PYTHON ?= python3
UV_VERSION = 0.13.8
VENV = .venv
BIN = $(VENV)/bin
UV = $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)
export VIRTUAL_ENV = $(CURDIR)/$(VENV)
export UV_NO_PROGRESS = 1
# Where it is set, each start of a process would compile every library anew, which takes longer than the start itself.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-deploy audit setup check lock clean browser

run: $(BIN)/.run-ready
	$(BIN)/jorge serve

test: $(BIN)/.test-ready browser
	tests/run

# PostgreSQL, Redis, nginx, three API replicas, two workers and the dashboard on this machine, and a load; 3 minutes.
test-deploy: $(BIN)/.test-ready
	$(BIN)/python -m tests.deploy.run

# Known weaknesses of every locked release (asks the internet), secrets in what is committed, licences.
audit: $(BIN)/.test-ready
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.lock
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements-dev.lock
	git ls-files -z | grep -zv '\.lock$$' | xargs -0 $(BIN)/detect-secrets-hook --baseline .secrets.baseline
	$(BIN)/python -m tests.audit.licences --check

setup: $(BIN)/.run-ready

# The kernels, and what commands and screens import, are compiled once, here, so that the first start is as fast as every
# other, also by commands that are run where compiled files may not be kept.
$(BIN)/.run-ready: requirements.lock pyproject.toml core/scoring/forest.py $(wildcard core/scoring/kernel/*.py) | $(BIN)/python
	$(UV) pip install --quiet --require-hashes -r requirements.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m core.scoring.warm
	$(BIN)/python -m compileall -q app.py core pages
	$(BIN)/python -c "import core.api.build, jwt, limits, pandas, plotly.graph_objects, sklearn.ensemble, streamlit.starlette"
	touch $@

$(BIN)/.test-ready: requirements-dev.lock $(BIN)/.run-ready
	$(UV) pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Python %d.%d found, 3.11 or later is needed: make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	command -v uv >/dev/null || $(BIN)/python -m pip install --quiet uv==$(UV_VERSION)

browser: $(BIN)/.test-ready
	$(BIN)/python -m tests.browser.install

lock: | $(BIN)/python
	$(UV) pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-annotate \
	  --python-version 3.11 --custom-compile-command "make lock" --quiet -o requirements.lock
	$(UV) pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-annotate \
	  --python-version 3.11 --custom-compile-command "make lock" --quiet -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) build
