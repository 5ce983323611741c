"""One measurement: a full queue, a program that empties it into a sink."""
import os
import tempfile
import time

from . import processes
from .reading import Reading


class Drain:
    """Measures programs on one broker and one sink.

    What a run costs is taken from a *window* of it: from `begin` of the deliveries on, when connections are open, to
    where the program has as many messages in hand as the queue still owed it, its prefetch. So it holds equally much
    at both ends, and what it does for a delivery falls into the window once for each; to the last delivery it would
    only finish what it had begun before.
    """

    pace = 50
    """Deliveries a second that the slowest machine makes: below that a run has failed."""

    def __init__(self, broker, sink, folder):
        self.broker, self.sink, self.folder = broker, sink, folder

    def run(self, program, setup, events, count, begin=0.2):
        """Fills the queue with `count` events, runs `program`; `begin` is the part of them before the window."""
        count = max(2 * setup.prefetch, int(count * program.share))
        channel = self.broker.channel()
        channel.purge(setup.queue)
        channel.fill(events.take(count))
        channel.close()
        with tempfile.TemporaryDirectory(dir=self.folder) as here:
            base = self.sink.count()
            started = time.monotonic()
            running = program.start(setup, here)
            try:
                reading = self._watch(program, running, count, (int(count * begin), count - setup.prefetch), base,
                                      started)
                self._settle(running)
                reading.extra = self.sink.count() - base - count
                reading.memory = processes.peak_megabytes(processes.tree(running.pid))
                for name, number in program.told().items():
                    setattr(reading, name, number)
            finally:
                running.stop()
            channel = self.broker.channel()
            reading.left = channel.depth(setup.queue)
            channel.close()
            return reading

    @staticmethod
    def _settle(running, patience=10):
        """Until it does next to nothing: on a busy machine answers lie unread for longer than the sink takes to give
        them, and what is not acknowledged when the program is stopped counts as left."""
        pids, end = processes.tree(running.pid), time.monotonic() + patience
        spent = processes.seconds(pids)
        while True:
            time.sleep(0.3)
            before, spent = spent, processes.seconds(pids)
            if spent - before < 0.01 or time.monotonic() > end:
                return

    def _watch(self, program, running, count, window, base, started):
        """Waits for `count` deliveries, and reads the clocks at the two ends of `window`, given in deliveries."""
        first = mark = end = None
        while True:
            done, now = self.sink.count() - base, time.monotonic()
            if done > 0 and first is None:
                first, pids = now, processes.tree(running.pid)
            if first and mark is None and done >= window[0]:
                mark = self._marks(pids, base)
            if mark and end is None and done >= window[1]:
                end = self._marks(pids, base)
            if done >= count:
                break
            if running.is_over() or now - started > 120 + count / self.pace:
                how = "ended after" if running.is_over() else f"has in {now - started:.0f} s made"
                raise RuntimeError(f"{program.name} {how} {done} of {count} deliveries: {running.words()}")
            # Seldom, but often where an end of the window is near: past it the program would only finish.
            ahead = [edge - done for edge in window if edge > done]
            near = min(ahead) / (done / (now - first)) / 2 if ahead and done and now > first else 0.02
            time.sleep(min(0.02, max(0.001, near)))
        deliveries, seconds = end[0] - mark[0], end[1] - mark[1]
        if deliveries < 1:
            raise RuntimeError(f"{program.name} was done with {count} deliveries before it could be looked at")
        cpu, broker, sink, mine, all_of_it, opened = (end[index] - mark[index] for index in range(2, 8))
        per = 1e6 / deliveries
        return Reading(
            program=program.name, deliveries=deliveries, rate=deliveries / seconds, cpu=cpu * per, broker=broker * per,
            sink=sink * per, memory=0, opened=opened / deliveries, start=first - started, left=0, extra=0,
            other=max(0, (all_of_it - cpu - broker - sink - mine) / seconds), seconds=seconds)

    def _marks(self, pids, base):
        """The sink's count and the clocks, as close together as can be: a window may be a quarter of a second."""
        done, opened = self.sink.totals()
        return (done - base, time.monotonic(), processes.seconds(pids), processes.seconds(self.broker.pids),
                processes.seconds(self.sink.pids), processes.seconds([os.getpid()]), processes.busy_seconds(), opened)
