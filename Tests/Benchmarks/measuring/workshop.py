"""Installs and builds what a comparison needs."""
import os
import shutil
import subprocess

from . import place

NEEDED = ["gcc", "pkg-config", "librabbitmq-dev", "libcurl4-openssl-dev", "nginx-light", "openssl"]
GO = ["golang-go", "golang-github-rabbitmq-amqp091-go-dev"]
PYTHON = ["python3-aio-pika", "python3-aiohttp", "python3-uvloop"]
VALGRIND = ["valgrind"]


def say(text):
    print(f"benchmark: {text}", flush=True)


def missing(packages):
    def is_there(package):
        asked = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True)
        return asked.stdout == "install ok installed"
    return [package for package in packages if not is_there(package)]


def installs(packages):
    """Whether `packages` are there, after an attempt to install what is missing. Starts no service."""
    absent = missing(packages)
    if not absent:
        return True
    if not shutil.which("apt-get"):
        return False
    say("installing " + " ".join(absent))
    command = [] if os.geteuid() == 0 else ["sudo"]
    if command and not shutil.which("sudo"):
        return False
    # nginx of the package would be started on port 80; exit code 101 of this program forbids it.
    policy = "/usr/sbin/policy-rc.d"
    is_ours = not os.path.exists(policy)
    if is_ours:
        text = f"printf '#!/bin/sh\\nexit 101\\n' > {policy}; chmod 755 {policy}"
        subprocess.run([*command, "sh", "-c", text], check=False)
    try:
        install = [*command, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300",
                   "install", "-y", "--no-install-recommends", *absent]
        if subprocess.run(install, capture_output=True).returncode != 0:
            subprocess.run([*command, "apt-get", "update"], capture_output=True, check=False)
            subprocess.run(install, capture_output=True, check=False)
    finally:
        if is_ours:
            subprocess.run([*command, "rm", "-f", policy], check=False)
    return not missing(absent)


def _is_new(made, sources):
    return os.path.exists(made) and all(os.path.getmtime(source) <= os.path.getmtime(made) for source in sources)


def _c_program(name, sources, libraries):
    made = f"{place.BUILT}/{name}"
    folder = f"{place.BENCHMARKS}/programs"
    sources = [f"{folder}/{source}" for source in sources]
    if _is_new(made, sources):
        return
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", *libraries], check=True, capture_output=True,
                           text=True).stdout.split() if libraries else []
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", made,
                    *(source for source in sources if source.endswith(".c")), *flags], check=True)


def build_bare():
    """The floor and our sink; needed always."""
    os.makedirs(place.BUILT, exist_ok=True)
    if not installs(NEEDED):
        raise RuntimeError("missing, and not to be installed: " + " ".join(missing(NEEDED)))
    _c_program("floor", [f"floor/{name}" for name in ["main.c", "intake.c", "outlet.c", "target.c", "floor.h"]],
               ["librabbitmq", "libcurl"])
    _c_program("sink", ["sink.c"], [])


def build_go():
    """Whether there is a Go peer."""
    source, made = f"{place.BENCHMARKS}/programs/peers/peer.go", f"{place.BUILT}/peer-go"
    if not installs(GO):
        return False
    if _is_new(made, [source]):
        return True
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode",
                   "GOCACHE": f"{place.BUILT}/go-cache"}
    return subprocess.run(["go", "build", "-o", made, source], env=environment).returncode == 0


def has_python():
    return installs(PYTHON)


def has_valgrind():
    return installs(VALGRIND)


def build_ours(product):
    """A release build of one product; returns where it is."""
    say(f"swift build -c release --product {product}")
    subprocess.run(["swift", "build", "-c", "release", "--product", product], cwd=place.ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    return f"{place.ROOT}/.build/release/{product}"
