"""Plays many sequences in memory and says which broke, without stopping: `python -m tests.sequences FIRST LAST`."""

import argparse
import asyncio
import sys
import traceback

from tests.sequences.test_sequences import alone


def main(first: int, last: int) -> int:
    """How many sequences broke, each with its number and the end of its traceback."""
    broken = 0
    for seed in range(first, last):
        try:
            asyncio.run(alone(seed))
        except Exception:
            broken += 1
            sys.stdout.write(f"sequence {seed}: {traceback.format_exc(limit=-3)}\n")
    sys.stdout.write(f"{last - first} sequences played, {broken} broke\n")
    return broken


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m tests.sequences", description=__doc__)
    asked.add_argument("first", type=int, help="the number of the first sequence")
    asked.add_argument("last", type=int, help="one past the number of the last; 1 if any broke is the exit code")
    given = asked.parse_args()
    sys.exit(main(given.first, given.last) > 0)
