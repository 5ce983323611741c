"""User instructions per delivery, counted by valgrind: nearly the same on any machine with the same libraries, whatever
else runs on it, as long as each delivery goes through at once; what did not is told with the count.
"""
import os
import re
import subprocess
import tempfile

from .drain import Drain
from .reading import Count


class Instructions:
    """The difference of two runs of different length, so that start and end do not count.

    Under valgrind a program is some fifty times slower. It is given no more messages than it may have requests under
    way: others would wait at the worker's gate for a second or more, and go to the retry ladder from there, which is
    a publish, its confirm and a second delivery.
    """

    few, many = 500, 3500

    def __init__(self, broker, sink, folder):
        self.folder = folder
        self.drain = Drain(broker, sink, folder)

    @staticmethod
    def setting(setup):
        """`setup`, as it is run here."""
        return setup.changed(prefetch=setup.in_flight)

    def run(self, program, setup, events):
        """A `Count`."""
        setup = self.setting(setup)
        runs = [self._count(program, setup, events, number) for number in [self.few, self.many]]
        each = (runs[1][0] - runs[0][0]) / (self.many - self.few)
        worst = {}
        for member in ["left", "extra", "parked", "retried"]:
            said = [found for found in (getattr(reading, member) for _, reading in runs) if found is not None]
            worst[member] = max(said) if said else None
        return Count(program.name, each, **worst)

    def _count(self, program, setup, events, number):
        with tempfile.TemporaryDirectory(dir=self.folder) as here:
            out = f"{here}/callgrind.out"
            reading = self.drain.run(Counted(program, out), setup, events, number, begin=0)
            return collected(out), reading


def collected(path):
    """The instructions in what callgrind wrote."""
    with open(path, errors="replace") as file:
        for line in file:
            found = re.match(r"(?:summary|totals):\s+(\d+)", line)
            if found:
                return int(found.group(1))
    raise RuntimeError(f"no count in {path}")


def stripped(binary, folder):
    """A copy without debug information, which this version of valgrind cannot read."""
    copy = os.path.join(folder, os.path.basename(binary) + ".stripped")
    if not os.path.exists(copy):
        subprocess.run(["strip", "-g", "-o", copy, binary], check=True)
    return copy


class Counted:
    """A program under valgrind."""

    def __init__(self, program, out):
        self.program, self.out = program, out
        self.name, self.share = program.name, 1

    def told(self):
        return self.program.told()

    def start(self, setup, folder):
        # A program may be started by another, such as env, that turns into it.
        return self.program.start(setup, folder, prefix=[
            "valgrind", "--tool=callgrind", f"--callgrind-out-file={self.out}", "--trace-children=yes"])
