"""Instructions per conversion of what needs neither broker nor network, held to limits.

A count repeats, a time does not: so this alone may fail a change.
"""
import json
import os
import subprocess
import tempfile

from . import place, workshop
from .instructions import collected, stripped

STAGES = ["decode", "resolve", "render", "settle"]
ALONE = ["large"]
"""Not a part of the way of a conversion: decoding of large ones."""
LIMITS = f"{place.BENCHMARKS}/pure-path.json"
FEW, MANY = 1000, 5000


def measure(binary):
    """Instructions of each stage."""
    with tempfile.TemporaryDirectory(prefix="pure-path.") as folder:
        binary = stripped(binary, folder)
        upto = [_slope(binary, stage, folder) for stage in STAGES]
        alone = {stage: round(_slope(binary, stage, folder)) for stage in ALONE}
    return {stage: round(upto[index] - (upto[index - 1] if index else 0)) for index, stage in enumerate(STAGES)} | alone


def _slope(binary, stage, folder):
    counts = []
    for count in [FEW, MANY]:
        out = os.path.join(folder, f"{stage}-{count}.out")
        counted = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", binary, stage, str(count)],
            capture_output=True, text=True, env={**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"})
        if counted.returncode != 0:
            raise RuntimeError("the pure path does not run under valgrind: " + counted.stderr[-1000:])
        counts.append(collected(out))
    return (counts[1] - counts[0]) / (MANY - FEW)


def holds():
    """Measures and prints; False when a stage takes more than its limit."""
    if not workshop.has_valgrind():
        raise RuntimeError("valgrind is missing and does not install")
    found = measure(workshop.build_ours("PurePathBenchmark"))
    with open(LIMITS) as file:
        limits = json.load(file)["limits"]
    print(f"{'pure path':10} {'instructions':>12} {'limit':>8}")
    for stage, count in {**found, "together": sum(found[stage] for stage in STAGES)}.items():
        limit = limits.get(stage)
        print(f"{stage:10} {count:>12,} {limit or '':>8,}" if limit else f"{stage:10} {count:>12,}")
    worse = [stage for stage, count in found.items() if count > limits[stage]]
    for stage in worse:
        print(f"""benchmark: {stage} takes {found[stage]:,} instructions a conversion, and {limits[stage]:,} is the limit.
  Look for what the change allocates, copies or no longer specialises:
    strip -g -o /tmp/pure-path .build/release/PurePathBenchmark
    valgrind --tool=callgrind /tmp/pure-path {stage} 5000; callgrind_annotate callgrind.out.*
  If it is worth its cost, say so in the commit, and set the limit in Tests/Benchmarks/pure-path.json to 7 % above.""")
    return not worse
