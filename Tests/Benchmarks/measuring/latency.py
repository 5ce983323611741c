"""How long a conversion takes at a steady, moderate rate."""
import json
import os
import subprocess
import tempfile
import time

from .reading import Wait
from .worker import Worker

POINTS = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999)]


def points(microseconds):
    """Milliseconds at `POINTS`; empty where nothing was measured."""
    ordered = sorted(microseconds)
    if not ordered:
        return {}
    return {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1000 for name, share in POINTS}


class Latency:
    """Publishes stamped events at `rate` a second.

    *arrival* is from publishing to the request's arrival at the sink: two points outside of every program, read from
    one clock, so the same for all; the broker's part is in it. *completion* is from receipt to completion, by the
    program's own clock: the delivery log's `queue` and `total` for ours, so only where the log is on.
    The first two seconds are left out.
    """

    lead = 2

    def __init__(self, broker, sink, folder, rate=1000, seconds=8):
        self.broker, self.sink, self.folder = broker, sink, folder
        self.rate, self.seconds = rate, seconds

    def run(self, program, setup, events):
        channel = self.broker.channel()
        channel.purge(setup.queue)
        message = events.stamped()
        with tempfile.TemporaryDirectory(dir=self.folder) as here:
            setup = setup.changed(latencies=f"{here}/latencies")
            since = time.time()
            base = self.sink.count()
            running = program.start(setup, here)
            try:
                # It is up when the first has come through.
                channel.pace(message, 10, 0.1)
                self._wait(running, base + 1)
                channel.pace(message, self.rate, self.lead)
                self._wait(running, base + 1 + self.rate * self.lead)
                self.sink.arrivals()
                count = channel.pace(message, self.rate, self.seconds)
                self._wait(running, base + 1 + self.rate * self.lead + count)
                arrivals = self.sink.arrivals()
                time.sleep(0.3)
                told = program.told()
            finally:
                running.stop()
                channel.close()
            completions = self._completions(program, setup, here, since)[-count:]
        return Wait(program.name, points(arrivals), points(completions), len(arrivals), **told)

    def _wait(self, running, count, patience=120):
        end = time.monotonic() + patience
        while self.sink.count() < count:
            if running.is_over() or time.monotonic() > end:
                raise RuntimeError(f"{count - self.sink.count()} deliveries are missing: {running.words()}")
            time.sleep(0.02)

    @staticmethod
    def _completions(program, setup, here, since):
        if not isinstance(program, Worker):
            if not os.path.exists(setup.latencies):
                return []
            with open(setup.latencies) as file:
                return [int(line) for line in file if line.strip()]
        if program.log != "all":
            return []
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(since))
        command = [program.binary, "deliveries", "-c", f"{here}/postback.yaml", "--since", moment, "--limit", "0",
                   "--json"]
        listed = subprocess.run(command, capture_output=True, text=True)
        if listed.returncode != 0:
            raise RuntimeError("the delivery log cannot be read: " + listed.stderr)
        records = (json.loads(line) for line in listed.stdout.splitlines())
        return [round((record["ms"]["queue"] + record["ms"]["total"]) * 1000) for record in records if "ms" in record]
