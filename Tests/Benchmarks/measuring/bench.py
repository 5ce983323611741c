"""The bench: broker, name server, programs, and the measurements that are made on it."""
import contextlib
import os
import tempfile

from . import place, workshop
from .broker import Broker
from .drain import Drain
from .events import Events
from .instructions import Instructions, stripped
from .latency import Latency
from .names import Names
from .program import Floor, GoPeer, OtherProgram, PythonPeer
from .setup import Setup
from .sinks import Nginx, OwnSink
from .worker import Worker


class Bench:
    """Everything starts with `with` and is gone afterwards, its folder too. A measurement gives a pair: its setting
    (`Setup.told`) and what was found, by program a list with one of each round."""

    def __init__(self, options):
        self.options = options

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="postback-benchmark."))
            self.broker = stack.enter_context(Broker(self.folder))
            self.names = stack.enter_context(Names())
            self.nginx = stack.enter_context(Nginx(self.folder))
            self.setup = Setup(self.broker.port, self.nginx.port, publishers=self.options.publishers)
            self.floor = Floor()
            self.plain = self.worker("postback, no log", "none")
            self.logged = self.worker("postback", "all")
            self.peers = self._peers() if self.options.peers else []
            self.beside = [OtherProgram(command) for command in self.options.beside]
            os.mkdir(f"{self.folder}/topology")
            self.plain.declare(self.setup, f"{self.folder}/topology")
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *failure):
        return self.stack.__exit__(*failure)

    def worker(self, name, log, binary=None, settings=""):
        return Worker(name, log, self.folder, binary or self.options.binary, settings)

    def _peers(self):
        peers, absent = [], []
        if workshop.build_go():
            peers.append(GoPeer("Go", 0.7))
        else:
            absent.append("Go (" + " ".join(workshop.GO) + ")")
        if workshop.has_python():
            peers.append(PythonPeer("Python", 0.12))
        else:
            absent.append("Python (" + " ".join(workshop.PYTHON) + ")")
        if absent:
            workshop.say("without, because their packages do not install: " + ", ".join(absent))
        return peers

    def rounds(self, programs, rounds, measure):
        """Each program once per round, so that what changes on the machine changes for all."""
        found = {program.name: [] for program in programs}
        for _ in range(rounds):
            for program in programs:
                found[program.name].append(measure(program))
        return found

    def drains(self, sink, programs, setup, events, count, rounds, begin=0.2):
        drain = Drain(self.broker, sink, self.folder)

        def measure(program):
            reading = drain.run(program, setup, events, count, begin)
            workshop.say(f"{program.name:18} {reading}")
            return reading
        return self.rounds(programs, rounds, measure)

    def throughput(self, count, rounds):
        """A full queue into a sink that answers at once."""
        workshop.say(f"throughput: {count} events, 100 in flight, {self.setup.publishers} publishers, {rounds} rounds")
        events = Events(self.setup.queue, self.setup.publishers)
        programs = [self.floor, self.plain, self.logged, *self.peers, *self.beside]
        return (self.setup.told(events=count, rounds=rounds),
                self.drains(self.nginx, programs, self.setup, events, count, rounds))

    def https(self, count, rounds):
        """The same over TLS with connections kept."""
        workshop.say(f"https: {count} events, {rounds} rounds")
        setup = self.setup.changed(scheme="https", sink_port=self.nginx.https_port, certificate=self.nginx.certificate,
                                   publishers=min(5000, self.setup.publishers))
        events = Events(setup.queue, setup.publishers)
        return (setup.told(events=count, rounds=rounds),
                self.drains(self.nginx, [self.floor, self.plain, self.logged], setup, events, count, rounds))

    def in_flight(self, count, rounds):
        """Ten thousand requests under way to a hundred hosts that take two seconds."""
        workshop.say(f"10,000 in flight over 100 hosts, 2 s each: {count} events, {rounds} rounds")
        with OwnSink(self.folder, 2000) as sink:
            setup = self.setup.changed(sink_port=sink.port, hosts=100, name_port=self.names.port, in_flight=10_000,
                                       prefetch=12_000, publishers=min(5000, self.setup.publishers))
            events = Events(setup.queue, setup.publishers)
            programs = [self.floor, Floor("floor, 8 handles", 8), self.plain]
            # The first ten thousand open connections, and the second are the first to come upon open ones. From there
            # on whole waves of ten thousand, which all come and go together.
            return (setup.told(events=count, rounds=rounds, delay=2),
                    self.drains(sink, programs, setup, events, count, rounds, begin=20_000 / count))

    def latency(self, seconds, rounds):
        """A thousand conversions a second."""
        workshop.say(f"latency: 1,000 a second for {seconds} s, {rounds} rounds")
        with OwnSink(self.folder) as sink:
            latency = Latency(self.broker, sink, self.folder, seconds=seconds)
            setup = self.setup.changed(sink_port=sink.port, publishers=min(5000, self.setup.publishers))
            events = Events(setup.queue, setup.publishers)

            def measure(program):
                found = latency.run(program, setup, events)
                workshop.say(f"{program.name:18} {found}")
                return found
            return (setup.told(rate=latency.rate, seconds=seconds, rounds=rounds),
                    self.rounds([self.floor, self.plain, self.logged, *self.peers], rounds, measure))

    def instructions(self):
        """User instructions each, of the whole process, by callgrind."""
        if not workshop.has_valgrind():
            raise RuntimeError("valgrind is missing and does not install")
        counting = Instructions(self.broker, self.nginx, self.folder)
        setup = self.setup.changed(publishers=min(1000, self.setup.publishers))
        events = Events(setup.queue, setup.publishers)
        binary = stripped(self.options.binary, self.folder)
        workers = [self.worker(self.plain.name, "none", binary), self.worker(self.logged.name, "all", binary)]

        def measure(program):
            found = counting.run(program, setup, events)
            workshop.say(f"{program.name:18} {found}")
            return found
        return (counting.setting(setup).told(few=counting.few, many=counting.many),
                self.rounds([self.floor, *workers, *self.beside], 1, measure))


def default_binary():
    return f"{place.ROOT}/.build/release/postback"
