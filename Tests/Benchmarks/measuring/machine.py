"""What a figure must be read with: when, where, with what."""
import os
import platform
import re
import subprocess
import time

from . import place


def _first(command):
    try:
        found = subprocess.run(command, capture_output=True, text=True, cwd=place.ROOT)
        return (found.stdout + found.stderr).strip().splitlines()[0]
    except (OSError, IndexError):
        return "?"


def _processor():
    with open("/proc/cpuinfo") as file:
        found = re.search(r"model name\s*:\s*(.+)", file.read())
    return found.group(1).strip() if found else platform.machine()


def _memory():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30))


def describe(words):
    """`words` is the command line."""
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "command": "Tests/Benchmarks/run " + " ".join(words),
        "machine": f"{os.cpu_count()} cores of {_processor()}, {_memory()} GiB, Linux {platform.release()}",
        "load_before": round(os.getloadavg()[0], 2),
        "commit": _first(["git", "describe", "--always", "--dirty"]),
        "rabbitmq": _first(["dpkg-query", "-W", "-f", "${Version}", "rabbitmq-server"]),
        "libcurl": _first(["curl-config", "--version"]),
        "librabbitmq": _first(["pkg-config", "--modversion", "librabbitmq"]),
        "nginx": _first(["nginx", "-v"]),
        "swift": _first(["swift", "--version"]),
    }


def where(about):
    return (f"{about['machine']}; RabbitMQ {about['rabbitmq']}, {about['libcurl']}, librabbitmq "
            f"{about['librabbitmq']}, {about['nginx'].removeprefix('nginx version: ')}, {about['swift']}")


def when(about):
    return (f"{about['date']}, load before the run {about['load_before']}, commit {about['commit']}; "
            f"`{about['command'].strip()}`")
