"""One measurement: a full queue, a program that empties it into a sink."""
import dataclasses
import os
import tempfile
import time

from . import processes


@dataclasses.dataclass
class Reading:
    """Of the part of a run between `Drain.begin` of its deliveries and the last; times in microseconds per delivery."""
    program: str
    deliveries: int
    rate: float
    """Deliveries a second. All share the machine, so this tells of broker and sink as well."""
    cpu: float
    broker: float
    sink: float
    memory: float
    """Most resident memory of the program, MiB."""
    opened: float
    """Connections opened, per delivery: 0 when all are kept."""
    start: float
    """Seconds from the program's start to its first delivery."""
    left: int
    """Messages in the queue after the program has ended: 0 when all were acknowledged."""
    extra: int
    """Requests beyond the number of events."""
    other: float
    """Processors kept busy by what has nothing to do with this."""
    instructions: float = 0
    """User instructions per delivery, of runs under callgrind; 0 where they were not counted."""


    def __str__(self):
        words = [f"{self.rate:8,.0f}/s {self.cpu:7.1f} µs each, {self.memory:4.0f} MiB, {self.start:.1f} s to the first",
                 f"{self.opened:.3f} connections each", f"others took {self.other:.2f} processors"]
        if self.left:
            words.append(f"LEFT IN THE QUEUE {self.left}")
        if self.extra:
            words.append(f"SENT TOO OFTEN {self.extra}")
        return ", ".join(words)


class Drain:
    """Measures programs on one broker and one sink."""

    pace = 50
    """Deliveries a second that the slowest machine makes: below that a run has failed."""

    def __init__(self, broker, sink, folder):
        self.broker, self.sink, self.folder = broker, sink, folder

    def run(self, program, setup, events, count, begin=0.2):
        """Fills the queue with `count` events, runs `program`; what it costs is taken from `begin` of them on."""
        count = max(events.PORTION, int(count * program.share))
        channel = self.broker.channel()
        channel.purge(setup.queue)
        channel.fill(events.take(count))
        channel.close()
        with tempfile.TemporaryDirectory(dir=self.folder) as here:
            base = self.sink.count()
            started = time.monotonic()
            running = program.start(setup, here)
            try:
                reading = self._watch(program, running, count, begin, base, started)
                # The last acknowledgements need a moment.
                time.sleep(0.3)
                reading.extra = self.sink.count() - base - count
            finally:
                running.stop()
            channel = self.broker.channel()
            reading.left = channel.depth(setup.queue)
            channel.close()
            return reading

    def _watch(self, program, running, count, begin, base, started):
        first = mark = None
        while True:
            done, now = self.sink.count() - base, time.monotonic()
            if done > 0 and first is None:
                first = now - started
            if done >= count * begin and mark is None:
                mark = self._marks(running, done)
            if done >= count:
                break
            if running.is_over() or now - started > 120 + count / self.pace:
                how = "ended after" if running.is_over() else f"has in {now - started:.0f} s made"
                raise RuntimeError(f"{program.name} {how} {done} of {count} deliveries: {running.words()}")
            time.sleep(0.02)
        end = self._marks(running, done)
        deliveries, seconds = end[0] - mark[0], end[1] - mark[1]
        cpu, broker, sink, mine, all_of_it, opened = (end[index] - mark[index] for index in range(2, 8))
        per = 1e6 / deliveries
        return Reading(
            program=program.name, deliveries=deliveries, rate=deliveries / seconds, cpu=cpu * per, broker=broker * per,
            sink=sink * per, memory=processes.peak_megabytes(processes.tree(running.pid)), opened=opened / deliveries,
            start=first, left=0, extra=0, other=max(0, (all_of_it - cpu - broker - sink - mine) / seconds))

    def _marks(self, running, done):
        return (done, time.monotonic(), processes.seconds(processes.tree(running.pid)),
                processes.seconds(self.broker.pids), processes.seconds(self.sink.pids),
                processes.seconds([os.getpid()]), processes.busy_seconds(), self.sink.totals()[1])
