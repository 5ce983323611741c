"""What a delivery costs against one thing that grows while all else stays."""
from . import workshop
from .events import Events
from .program import Floor
from .sinks import OwnSink


class Growth:
    """Each measurement gives rows `(value, program, Reading)`."""

    def __init__(self, bench):
        self.bench = bench
        self.plain = bench.plain
        self.floors = [bench.floor]
        self.setup = bench.setup.changed(publishers=1000, routes=1, name_port=bench.names.port)

    def _rows(self, sink, value, programs, setup, events, count, begin=0.3):
        found = self.bench._drains(sink, programs, setup, events, count, 1, begin)
        return [(value, name, rounds[0]) for name, rounds in found.items()]

    def in_flight(self):
        """The sink waits longer the more are under way, so that all come to 5,000 a second."""
        rows = []
        for value in [10, 100, 1000, 10_000]:
            workshop.say(f"growth: {value} in flight, a sink that takes {value // 5} ms")
            with OwnSink(self.bench.folder, value // 5) as sink:
                setup = self.setup.changed(sink_port=sink.port, hosts=100, in_flight=value, prefetch=max(500, value * 6 // 5))
                events = Events(setup.queue, setup.publishers)
                programs = [self.bench.floor, self.plain] + ([Floor("floor, 8 handles", 8)] if value == 10_000 else [])
                rows += self._rows(sink, value, programs, setup, events, 20_000 if value < 10_000 else 45_000, 0.4)
        return rows

    def publishers(self, most):
        rows = []
        for value in [1000, 10_000, 100_000, 1_000_000]:
            if value <= most:
                workshop.say(f"growth: {value} publishers with a route each")
                setup = self.setup.changed(publishers=value, name_port=0)
                rows += self._rows(self.bench.nginx, value, [self.bench.floor, self.plain], setup,
                                   Events(setup.queue, value), 60_000)
        return rows

    def destinations(self):
        rows = []
        with OwnSink(self.bench.folder) as sink:
            for value in [1, 10, 100, 1000, 10_000]:
                workshop.say(f"growth: {value} destinations")
                setup = self.setup.changed(sink_port=sink.port, hosts=value, publishers=10_000)
                # Each destination's connections are opened before it counts.
                count = 40_000 if value < 10_000 else 80_000
                rows += self._rows(sink, value, [self.bench.floor, self.plain], setup,
                                   Events(setup.queue, setup.publishers), count, 0.5)
        return rows

    def body(self):
        rows = []
        for value in [520, 2048, 8192, 32_768, 131_072]:
            workshop.say(f"growth: events of {value} bytes")
            setup = self.setup.changed(name_port=0)
            events = Events(setup.queue, setup.publishers, value)
            rows += self._rows(self.bench.nginx, value, [self.bench.floor, self.plain], setup, events,
                               min(30_000, 150_000_000 // value))
        return rows

    def lanes(self):
        rows = []
        for value in [1, 2]:
            workshop.say(f"growth: {value} lanes")
            setup = self.setup.changed(lanes=value, name_port=0)
            rows += self._rows(self.bench.nginx, value, [self.plain], setup, Events(setup.queue, setup.publishers), 50_000)
        return rows
