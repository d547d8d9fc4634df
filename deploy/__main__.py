"""`python -m deploy router|deliver|clocks [--name NAME]`: one role, without the command line's other imports."""

import argparse
import os
import signal
import sys

from deploy.keeper import PR_SET_PDEATHSIG, prctl
from deploy.main import ROLES, run_role
from deploy.settings import Settings

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    parser.add_argument("role", choices=list(ROLES))
    parser.add_argument("--name", help="a name that stays the same over restarts: partitions come back sooner")
    parser.add_argument("--child-of", type=int, metavar="PID", help="stop when this process, which started it, is gone")
    asked = parser.parse_args()
    if asked.child_of:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)  # where there is no such thing, it outlives a starter that was killed
        if os.getppid() != asked.child_of:
            sys.exit(0)
    sys.exit(run_role(asked.role, Settings(), asked.name))
