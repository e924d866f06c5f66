#!/bin/sh
# Finds a Python whose sqlite3 module loads extensions (some are built without that) and runs the tests in it.
# Usage: python.sh EXTENSION LIBRARY SCRATCH-FOLDER
set -u
for python in python3 /usr/bin/python3 /usr/local/bin/python3; do
	if "$python" -c 'import sqlite3; sqlite3.connect(":memory:").enable_load_extension(True)' >/dev/null 2>&1; then
		exec "$python" Tests/sqlite/extension.py "$@"
	fi
done
echo 'skipped: no Python here loads SQLite extensions'
echo 'sqlite-python: 0 passed, 0 failed, 1 skipped'
