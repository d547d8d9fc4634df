"""What runs below a program, and what it has left running when it ended: its roles, its Kafka, its PostgreSQL."""

import time

import psutil


def family_of(pid: int) -> set[int]:
    """Every process below this one now."""
    try:
        return {child.pid for child in psutil.Process(pid).children(recursive=True)}
    except psutil.NoSuchProcess:
        return set()


def command_of(pid: int) -> str:
    """How a process was called; nothing where it has ended meanwhile, as PostgreSQL's back ends do at any moment."""
    try:
        return " ".join(psutil.Process(pid).cmdline())
    except psutil.NoSuchProcess:
        return ""


def still_there(pids: set[int], seconds: float = 0) -> list[str]:
    """Which of these processes live, after so many seconds at most."""
    deadline = time.monotonic() + seconds
    while True:
        found = []
        for pid in pids:
            try:
                process = psutil.Process(pid)
                if process.status() != psutil.STATUS_ZOMBIE:
                    found.append(" ".join(process.cmdline())[:120])
            except psutil.NoSuchProcess:
                continue
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)
