"""The SQLite extension through Python's own sqlite3 module: what it gives, held to the library's bytes, and what it
says to everything that can be wrong.

Usage: extension.py EXTENSION LIBRARY SCRATCH-FOLDER
"""

import sys
import time

sys.dont_write_bytecode = True

import applying  # noqa: E402: behind what it is to obey
import drawing  # noqa: E402
import tables  # noqa: E402
import training  # noqa: E402
import trust  # noqa: E402

TESTS = [value for module in (applying, drawing, tables, training, trust) for value in vars(module).values()
         if callable(value) and getattr(value, "__module__", "") == module.__name__]
passed = failed = 0
for test in TESTS:
    started = time.monotonic()
    try:
        test()
        passed += 1
    except Exception as error:  # noqa: BLE001: every failure is told, and the next test goes on
        failed += 1
        place = error.__traceback__.tb_next
        print(f"sqlite-python: failed: {test.__name__} in {test.__module__}.py, line {place.tb_lineno if place else '?'}: {type(error).__name__}: {error}")
    if time.monotonic() - started > 5:
        print(f"{test.__name__} took {time.monotonic() - started:.1f} s")
print(f"sqlite-python: {passed} passed, {failed} failed")
sys.exit(failed > 0)
