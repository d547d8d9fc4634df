#!/bin/sh
# Names the Python that .venv is made with: `python3` of the PATH, unless that was built without profile-guided
# optimisation and the operating system has one of its own, which was: that one does the same in two thirds of the time.
usable() { "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
optimised() { "$1" -c 'import sys, sysconfig
sys.exit("--enable-optimizations" not in (sysconfig.get_config_var("CONFIG_ARGS") or ""))' 2>/dev/null; }

system=/usr/bin/python3
if [ "$(uname)" = Linux ] && usable python3 && ! optimised python3 && usable "$system"; then
    echo "$system"
else
    echo python3
fi
