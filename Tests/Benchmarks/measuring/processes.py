"""What the kernel knows about processes: their processor time, and the most memory they had."""
import os
import re
import time

TICK = os.sysconf("SC_CLK_TCK")


def _stat(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            text = file.read()
    except OSError:
        return None
    return text[text.rindex(")") + 2:].split()


def tree(root):
    """`root` and everything it started, as pids."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            fields = _stat(entry)
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry))
    found, ahead = [], [root]
    while ahead:
        pid = ahead.pop()
        found.append(pid)
        ahead += children.get(pid, [])
    return found


def _clock_seconds(pid):
    """By the process's own clock, in nanoseconds, with the threads that are over: CLOCK_PROCESS_CPUTIME_ID of another
    process, for which the kernel asks no privilege."""
    return time.clock_gettime(~pid << 3 | 2)


def seconds(pids):
    """Processor time, user and system, of `pids`; in steps of 10 ms where the kernel knows no better."""
    total = 0.0
    for pid in pids:
        try:
            total += _clock_seconds(pid)
        except OSError:
            fields = _stat(pid)
            total += (int(fields[11]) + int(fields[12])) / TICK if fields else 0
    return total


def peak_megabytes(pids):
    """The most resident memory each had, added up, in units of 2^20 bytes."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/status") as file:
                total += int(re.search(r"VmHWM:\s+(\d+)", file.read()).group(1))
        except (OSError, AttributeError):
            pass
    return total / 1024


def busy_seconds():
    """Processor time that the whole machine has spent so far."""
    with open("/proc/stat") as file:
        fields = [int(field) for field in file.readline().split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICK
