#!/usr/bin/env bash
# The tests of the store once more, on a throw-away PostgreSQL; says so loudly where none is installed.
set -e
cd "$(dirname "$0")/.."
exec .venv/bin/python -m tests.postgres "$@"
