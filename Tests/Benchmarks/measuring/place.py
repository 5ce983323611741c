"""Where things are, and ports that are free."""
import os
import random
import socket

BENCHMARKS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(BENCHMARKS))
BUILT = os.path.join(ROOT, ".build/benchmarks")
"""What this builds of its own, and the results of runs that are not recorded."""
RESULTS = os.path.join(BENCHMARKS, "results")


def free_port(kind=socket.SOCK_STREAM):
    """A port of 127.0.0.1 below those that the kernel takes for outgoing connections."""
    for _ in range(200):
        port = random.randrange(15_000, 20_000)
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port between 15000 and 20000")
