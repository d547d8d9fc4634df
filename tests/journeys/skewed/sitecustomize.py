"""Sets this process's own wall clock off by SKEW_SECONDS, before anything else is imported (Python looks for it).

On SIGUSR2 it jumps: a fast one is as much slow from then on, and the other way round. `OFF` may be set as well.

What Python code reads is set off: `time` and `datetime`, also where C code asks them. The clock that only rises
(`monotonic`) is right, as it is in a computer that is wrong about the hour. C code that asks the kernel by itself reads
the right time; TLS does so for certificates."""

import ctypes
import datetime as module
import gc
import os
import signal
import time
from typing import Any

OFF = float(os.environ["SKEW_SECONDS"])
_time, _ns, _clock = time.time, time.time_ns, time.clock_gettime
_now = module.datetime.__dict__["now"]
_local, _utc = time.localtime, time.gmtime


def now(cls: Any, tz: Any = None) -> Any:
    at = _now.__get__(None, cls)(module.UTC) + module.timedelta(seconds=OFF)
    return at.astimezone(tz) if tz is not None else at.astimezone().replace(tzinfo=None)


def utcnow(cls: Any) -> Any:
    return now(cls, module.UTC).replace(tzinfo=None)


def jump(*_: object) -> None:
    global OFF
    OFF = -OFF


signal.signal(signal.SIGUSR2, jump)
time.time = lambda: _time() + OFF
time.time_ns = lambda: _ns() + int(OFF * 1e9)
time.clock_gettime = lambda clock: _clock(clock) + (OFF if clock == time.CLOCK_REALTIME else 0)
time.localtime = lambda at=None: _local(time.time() if at is None else at)  # type: ignore[assignment]
time.gmtime = lambda at=None: _utc(time.time() if at is None else at)  # type: ignore[assignment]
methods = gc.get_referents(module.datetime.__dict__)[0]  # the class is C's: its methods are not to be set otherwise
methods |= {"now": classmethod(now), "utcnow": classmethod(utcnow)}
ctypes.pythonapi.PyType_Modified(ctypes.py_object(module.datetime))
