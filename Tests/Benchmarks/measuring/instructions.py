"""User instructions per delivery, counted by valgrind: the same on every machine, whatever else runs on it."""
import os
import re
import subprocess
import tempfile

from .drain import Drain


class Instructions:
    """The difference of two runs of different length, so that start and end do not count."""

    few, many = 500, 3500

    def __init__(self, broker, sink, folder):
        self.folder = folder
        self.drain = Drain(broker, sink, folder)

    def run(self, program, setup, events):
        counts = [self._count(program, setup, events, number) for number in [self.few, self.many]]
        return (counts[1] - counts[0]) / (self.many - self.few)

    def _count(self, program, setup, events, number):
        with tempfile.TemporaryDirectory(dir=self.folder) as here:
            out = f"{here}/callgrind.out"
            self.drain.run(Counted(program, out), setup, events, number, begin=0)
            return collected(out)


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

    def start(self, setup, folder):
        # A program may be started by another, such as env, that turns into it.
        return self.program.start(setup, folder, prefix=[
            "valgrind", "--tool=callgrind", f"--callgrind-out-file={self.out}", "--trace-children=yes"])
