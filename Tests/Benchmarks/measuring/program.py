"""A program that is measured: how it is started and ended."""
import os
import resource
import signal
import subprocess

from . import place


class Program:
    """`share` is how many of a comparison's events it is given: slow ones need fewer to be measured as well."""

    def __init__(self, name, share=1.0):
        self.name, self.share = name, share

    def command(self, setup, folder):
        raise NotImplementedError

    def start(self, setup, folder, prefix=()):
        """Starts it with its output in a file of `folder`; `prefix` is what it runs under."""
        output = os.path.join(folder, "output.log")
        with open(output, "w") as file:
            return Running(subprocess.Popen(
                [*prefix, *self.command(setup, folder)], stdout=file, stderr=file, start_new_session=True,
                preexec_fn=self._raise_limit), output)

    def told(self):
        """What the running program says of itself: members of `Reading` by name. Most say nothing."""
        return {}

    @staticmethod
    def _raise_limit():
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Running:
    def __init__(self, process, output):
        self.process, self.output = process, output
        self.pid = process.pid

    def is_over(self):
        return self.process.poll() is not None

    def words(self):
        with open(self.output, errors="replace") as file:
            return file.read()[-2000:]

    def stop(self, patience=60):
        if not self.is_over():
            os.killpg(self.pid, signal.SIGTERM)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()


class Floor(Program):
    """programs/floor: the bare C program; `handles` is into how many multi handles its transfers are spread."""

    def __init__(self, name="floor", handles=1):
        super().__init__(name)
        self.handles = handles

    def command(self, setup, folder):
        return [f"{place.BUILT}/floor", *setup.arguments(), "--hosts", str(setup.hosts), "--handles", str(self.handles)]


class GoPeer(Program):
    def command(self, setup, folder):
        # Fewer collections of garbage: what one would set when the processor is short and memory is not.
        return ["env", "GOGC=400", f"{place.BUILT}/peer-go", *setup.arguments()]


class PythonPeer(Program):
    def command(self, setup, folder):
        return ["/usr/bin/python3", f"{place.BENCHMARKS}/programs/peers/peer.py", *setup.arguments()]


class OtherProgram(Program):
    """Any command line, in which {broker}, {queue} and {sink} are filled in: another floor, another version of ours."""

    def __init__(self, template):
        super().__init__("other")
        self.template = template

    def command(self, setup, folder):
        return [word.format(broker=setup.broker_port, queue=setup.queue, sink=setup.sink_port)
                for word in self.template.split()]
