"""Starts one program, and ends it and all it started when whoever asked for it is gone.

A program of its own, standard library only: a process killed with -9 cannot tidy up after itself, and the kernel's
own parent-death signal follows the starting *thread*, not the process. So the starter holds the only writing end of
the pipe that is this program's standard input; the kernel closes it however the starter ends.

    keeper.py LOG UID:GID|- PROGRAM ARGUMENT…

Writes the program's pid on standard output, then waits. Leaves with the program's exit status, once every process
that the program left behind (PostgreSQL's orphaned back ends) has ended too.
"""

import ctypes
import os
import select
import signal
import sys
import time

PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_SET_SECUREBITS, PR_SET_CHILD_SUBREAPER, PR_CAP_AMBIENT = 1, 8, 28, 36, 47
PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, NO_SETUID_FIXUP = 2, 1, 1 << 2
ON_LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None, use_errno=True) if ON_LINUX else None


def prctl(option: int, *arguments: int) -> bool:
    """Ask the kernel; false where it refuses or where there is no such thing."""
    if LIBC is None:
        return False
    wide = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    return bool(LIBC.prctl(option, *wide) == 0)


def become(uid: int, gid: int) -> None:
    """Stop being root, but keep root's sight of files.

    PostgreSQL refuses to run as root, and the checkout or its data may lie where no other account may look
    (/root, pytest's private folders). Opening those folders to everybody would be the worse cure. Without the
    securebit, access(2), by which PostgreSQL looks for itself, would count none of what is kept.
    """
    prctl(PR_SET_KEEPCAPS, 1)
    prctl(PR_SET_SECUREBITS, NO_SETUID_FIXUP)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if LIBC is not None:
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
        bit = 1 << CAP_DAC_OVERRIDE
        sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable; then the high halves
        if LIBC.capset(header, sets) == 0:
            prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE)


def start(log: str, account: str, command: list[str]) -> int:
    """Fork the program into a session of its own; its pid."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)  # what is ignored stays ignored in the program
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        os.closerange(3, 256)
        if account != "-":
            uid, _, gid = account.partition(":")
            become(int(uid), int(gid))
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # after become(), which would clear it
        os.execv(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    os._exit(127)


def descendants() -> list[int]:
    """Every process below this one."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc") if ON_LINUX else ():
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    parent = int(file.read().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(name))
    found = list(children.get(os.getpid(), ()))
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def end_all(pid: int | None) -> None:
    """Kill the program (none where it was collected: its number may be another's by now) and whatever it started."""
    for victim in [*([pid] if pid is not None else ()), *descendants()]:
        try:
            os.kill(victim, signal.SIGKILL)
        except OSError:
            continue


def reap(pid: int) -> tuple[int | None, bool]:
    """Collect whoever has ended: the program's exit status if it is among them, and whether any child is left."""
    status = None
    while True:
        try:
            ended, code = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return status, False
        if ended == 0:
            return status, True
        if ended == pid:
            status = os.waitstatus_to_exitcode(code)


def main() -> int:
    """Keep one program; its exit status."""
    log, account, *command = sys.argv[1:]
    starter = os.getppid()
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)

    pid = start(log, account, command)
    os.write(1, b"%d\n" % pid)
    os.close(1)
    status: int | None = None
    alone = False
    while True:
        ended, any_left = reap(pid)
        status = status if ended is None else ended
        if not any_left:
            return (status if status >= 0 else 128 - status) if status is not None else 1
        if alone:
            end_all(pid if status is None else None)
            time.sleep(0.02)
            continue
        ready, _, _ = select.select([0, woken], [], [], 2)
        if woken in ready:
            os.read(woken, 512)
        alone = (0 in ready and not os.read(0, 512)) or os.getppid() != starter


if __name__ == "__main__":
    sys.exit(main())
