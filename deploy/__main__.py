"""`python -m deploy router|deliver|clocks [--name NAME]`: one role, without the command line's other imports."""

import argparse
import sys

from deploy.main import ROLES, run_role
from deploy.settings import Settings

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    parser.add_argument("role", choices=list(ROLES))
    parser.add_argument("--name", help="a name that stays the same over restarts: partitions come back sooner")
    asked = parser.parse_args()
    sys.exit(run_role(asked.role, Settings(), asked.name))
