"""The memory ledger needs no database, and none of its programs."""

import subprocess
import sys


def test_it_imports_neither_postgresql_nor_kafka() -> None:
    look = "import sys, adapters.storage.memory; print({'psycopg', 'psycopg_pool', 'aiokafka'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
