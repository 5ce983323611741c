"""What a delivery costs against one thing that grows while all else stays."""
from . import workshop
from .events import Events
from .instructions import Instructions, stripped
from .program import Floor
from .sinks import OwnSink


class Growth:
    """Each measurement gives a pair: its setting (`Setup.told`, None for what grows) and rows of value, program,
    `Reading`. With `counts` instructions are counted too, where that ends within a minute."""

    LARGEST = 600_000_000
    """Bytes of events in a queue: as many of the largest as the floor takes a quarter of a second for."""

    def __init__(self, bench, counts=False):
        self.bench, self.plain, self.floor = bench, bench.plain, bench.floor
        self.setup = bench.setup.changed(publishers=1000, routes=1)
        self.counts = counts and workshop.has_valgrind()

    def _rows(self, sink, value, programs, setup, events, count, begin=0.3, counted=True):
        found = self.bench.drains(sink, programs, setup, events, count, 1, begin)
        rows = [(value, name, readings[0]) for name, readings in found.items()]
        if self.counts and counted:
            counting = Instructions(self.bench.broker, sink, self.bench.folder)
            worker = self.bench.worker("", "none", stripped(self.bench.options.binary, self.bench.folder))
            for program, (_, _, reading) in zip([self.floor, worker], rows):
                count = counting.run(program, setup, events)
                reading.instructions = count.each
                # What spoils the count spoils the row.
                for member in ["left", "extra", "parked", "retried"]:
                    if getattr(count, member):
                        setattr(reading, member, max(getattr(reading, member) or 0, getattr(count, member)))
                workshop.say(f"{reading.program:18} {count}")
        return rows

    def in_flight(self):
        """The sink waits longer the more are under way, so that all come to 5,000 a second."""
        rows = []
        for value in [10, 100, 1000, 10_000]:
            workshop.say(f"growth: {value} in flight, a sink that takes {value // 5} ms")
            with OwnSink(self.bench.folder, value // 5) as sink:
                setup = self.setup.changed(sink_port=sink.port, hosts=100, name_port=self.bench.names.port,
                                           in_flight=value, prefetch=max(500, value * 6 // 5))
                programs = [self.floor, self.plain]
                if value == 10_000:
                    programs.append(Floor("floor, 8 handles", 8))
                # As in Bench.in_flight: whole waves of ten thousand.
                count = 20_000 if value < 10_000 else 52_000
                begin = 0.4 if value < 10_000 else 20_000 / count
                rows += self._rows(sink, value, programs, setup, Events(setup.queue, setup.publishers), count, begin,
                                   counted=value <= 100)
        return self.setup.told(in_flight=None, prefetch=None, hosts=100), rows

    def publishers(self, most):
        rows = []
        for value in [1000, 10_000, 100_000, 1_000_000]:
            if value <= most:
                workshop.say(f"growth: {value} publishers with a route each")
                setup = self.setup.changed(publishers=value)
                rows += self._rows(self.bench.nginx, value, [self.floor, self.plain], setup,
                                   Events(setup.queue, value), 60_000, counted=value <= 10_000)
        return self.setup.told(publishers=None), rows

    def destinations(self):
        rows = []
        with OwnSink(self.bench.folder) as sink:
            for value in [1, 10, 100, 1000, 10_000]:
                workshop.say(f"growth: {value} destinations")
                setup = self.setup.changed(sink_port=sink.port, hosts=value, name_port=self.bench.names.port,
                                           publishers=10_000)
                # Each destination's connections are opened before it counts.
                count = 60_000 if value < 1000 else 25_000
                rows += self._rows(sink, value, [self.floor, self.plain], setup,
                                   Events(setup.queue, setup.publishers), count, 0.5, counted=value <= 100)
        return self.setup.told(hosts=None, publishers=10_000), rows

    def body(self):
        rows = []
        for value in [520, 2048, 8192, 32_768, 131_072]:
            workshop.say(f"growth: events of {value} bytes")
            events = Events(self.setup.queue, self.setup.publishers, value)
            rows += self._rows(self.bench.nginx, value, [self.floor, self.plain], self.setup, events,
                               min(60_000, self.LARGEST // value), counted=value <= 32_768)
        return self.setup.told(), rows

    def lanes(self):
        rows = []
        for value in [1, 2]:
            workshop.say(f"growth: {value} lanes")
            rows += self._rows(self.bench.nginx, value, [self.plain], self.setup.changed(lanes=value),
                               Events(self.setup.queue, self.setup.publishers), 50_000, counted=False)
        return self.setup.told(lanes=None), rows
