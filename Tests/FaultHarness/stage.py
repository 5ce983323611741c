"""Everything of one run: broker, network, sink, replicas and publisher, in one folder. Ends with its `with` block."""
import json
import os
import random
import shutil
import subprocess
import tempfile
import threading
import time

import events
from amqp import event_of
from broker import Node
from fault import FaultLog, Happened
from helper import Handle
from publisher import Publisher
from replica import Replica
from schedule import Planned

SITES = ("calm", "stormy", "windy", "rainy", "snowy", "fussy")
SETTINGS = {
    "admin": {"listen": "127.0.0.1:0"},
    "egress": {"allow_private": True, "ports": ["1-65535"], "deny": ["127.0.0.9"]},
    "dispatch": {"timeout": "2s", "connect_timeout": "1s", "per_host": 200},
    "retry": {"attempts": 1000, "first_delay": "1s", "factor": 2, "max_delay": "4s"},
    "breaker": {"open": "1s", "max_open": "4s"},
    "shutdown": {"drain": "10s"},
}


# With a smaller window, what a slow machine leaves behind is parked for its site, which takes minutes to come back.
PREFETCH = 4000


class Stuck(Exception):
    """Messages stay on the broker."""


class Stage:
    """One node, two replicas, and what stands between; see the file's head."""

    mix = events.FAULTS
    settings = SETTINGS

    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="postback-faults.")
        self.broker = Node(f"{self.folder}/broker")
        self.brokers = [self.broker]
        self.faults = FaultLog()
        self.replicas = []
        self.network = self.sink = self.publisher = None
        self.afterwards = None  # publishes when all is over
        self.exports = []  # files of letters whose queue was deleted
        self.troubles = []  # in words: what failed besides the events
        self._kept = False

    def __enter__(self):
        try:
            self._start()
            return self
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(self, *_):
        for publisher in (self.publisher, self.afterwards):
            if publisher:
                publisher.stop()
        for replica in self.replicas:
            replica.end()
        for helper in (self.network, self.sink):
            if helper:
                helper.end()
        for node in reversed(self.brokers):
            node.resume()
            if self._kept:
                node.stop()  # its logs may tell something
            else:
                node.remove()
        if not self._kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    def keep(self):
        """The folder stays."""
        self._kept = True

    def start_brokers(self):
        self.broker.start()

    def _start(self):
        self.start_brokers()
        self.network = Handle("network.py", f"{self.folder}/network.txt", f"{self.folder}/acknowledged.txt")
        self.sink = Handle("sink.py", f"{self.folder}/sink.txt")
        origins = {"forbidden": "http://127.0.0.9:8080"}
        for name in SITES:
            port = self.sink.tell("site", name=name)["port"]
            origins[name] = f"http://127.0.0.1:{self.way(f'site-{name}', port, 'request')}"
        self.write("routes.yaml", self.mix.routes(origins))
        # The commands of the harness go straight to the broker.
        self.write("direct.yaml", json.dumps({**self.settings, "broker": {"url": self._urls(
            [node.port for node in self.brokers])}}))
        self.postback("topology", "declare")
        for number in (1, 2):
            name = f"replica-{number}"
            ports = [
                self.way(relay, node.port, "broker")
                for relay, node in zip(self.relays_of(number), self.brokers)
            ]
            # Each replica begins with another node.
            ports = ports[number - 1:] + ports[:number - 1] if len(ports) > 1 else ports
            settings = {**self.settings, "broker": {"url": self._urls(ports), "prefetch": PREFETCH}}
            configuration = self.write(f"{name}.yaml", json.dumps(settings))
            self.replicas.append(Replica(name, self.binary, configuration, f"{self.folder}/{name}.log"))
        for replica in self.replicas:
            replica.start()
        self.wait("the replicas are ready", self._are_ready, 120)
        rate = self.options.rate or self.options.events / self.options.seconds
        # Faults that come late are to meet some events, too.
        spare = 0.1 if self.options.faults else 0
        self.publisher = Publisher([node.port for node in self.brokers], "postback", self.mix,
                                   self.options.events, rate, spare)

    def _are_ready(self):
        for replica in self.replicas:
            if replica.surprises:
                with open(f"{self.folder}/{replica.name}.log") as file:
                    raise RuntimeError(f"{replica.surprises[0]}: {file.read()[-2000:]}")
        return all(replica.is_ready for replica in self.replicas)

    def way(self, name, port, tap):
        """The port by which a worker reaches this one: that of a relay."""
        return self.network.tell("relay", name=name, target=port, tap=tap)["port"]

    @property
    def binary(self):
        return f"{self.options.bin}/postback"

    @staticmethod
    def _urls(ports):
        urls = [f"amqp://guest:guest@127.0.0.1:{port}/%2f" for port in ports]
        return urls if len(urls) > 1 else urls[0]

    def relays_of(self, number):
        """The relays between this replica and each node."""
        return [f"broker-{number}"] if len(self.brokers) == 1 else [
            f"broker-{number}-{node}" for node in range(1, len(self.brokers) + 1)
        ]

    def broker_relays(self):
        return [relay for number in (1, 2) for relay in self.relays_of(number)]

    def write(self, name, text):
        path = f"{self.folder}/{name}"
        with open(path, "w") as file:
            file.write(text)
        return path

    def wait(self, what, condition, seconds):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise Stuck(f"not within {seconds} s: {what}")
            time.sleep(0.2)

    def postback(self, *arguments, output=None, codes=(0,), tries=5):
        """A command of postback; tried again while a fault keeps it from the broker."""
        for attempt in range(tries):
            with open(output or os.devnull, "wb") as file:
                result = subprocess.run(
                    [self.binary, *arguments, "-c", f"{self.folder}/direct.yaml"],
                    stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE, timeout=1800,
                )
            if result.returncode in codes:
                return
            time.sleep(2)
        raise RuntimeError(f"postback {' '.join(arguments)}: code {result.returncode} {result.stderr.decode()[-2000:]}")

    def export_letters(self):
        """What lies in the dead-letter queue goes into a file, and stays."""
        path = f"{self.folder}/letters-{len(self.exports)}.ndjson"
        self.postback("dead-letters", "export", "--with-headers", output=path)
        self.exports.append(path)

    # The run.

    def perform(self, steps, catalogue, say):
        """Publishes, and lets each step of the schedule happen in its time."""
        self.publisher.start()
        start = time.monotonic()
        for step in steps:
            time.sleep(max(0, start + step.at - time.monotonic()))
            threads = [threading.Thread(target=self._happen, args=(planned, catalogue, say)) for planned in step.faults]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            if self._broken:
                raise self._broken[0]
        # What could not be done may be possible now; what was done is not done again.
        for _ in range(3):
            for happened in self.faults.undone():
                self._happen(Planned(happened.name, self.options.seed), catalogue, say)
        if self._broken:
            raise self._broken[0]
        say(f"faults over after {time.monotonic() - start:.0f} s, "
            f"{self.publisher.confirmed_count} of {self.options.events} events confirmed")

    _broken = ()

    def _happen(self, planned, catalogue, say):
        fault = catalogue[planned.name](self, random.Random(planned.seed))
        begin = time.time()
        say(f"{planned.name}")
        try:
            words = fault.run()
        except Exception as error:  # a fault that the harness could not make is the harness's failure
            self._broken = (*self._broken, RuntimeError(f"{planned.name}: {error!r}"))
            return
        self.faults.add(Happened(begin, time.time(), planned.name, fault.room, words, fault.forgets))
        say(f"{planned.name}: over after {time.time() - begin:.1f} s {words and '(' + words + ')'}")

    QUEUES = ("postback.retry", "postback.conversions")

    def waiting(self):
        """Messages of the work queue and the ladder, -1 where a queue has no leader; None when no broker answers."""
        depths = self.broker.depths()
        return {name: count for name, count in depths.items() if name.startswith(self.QUEUES)} or None

    def settle(self, say):
        """The rest is published, and every queue but the dead letters runs empty.

        Stuck is what does not change for 5 minutes; on the ladder for twice the time of its rung and a minute.
        """
        self.publisher.hurry()
        self.run_empty(self.publisher, say)

    @property
    def confirmed(self):
        """Event -> 1 where the broker confirmed it."""
        after = self.afterwards
        return self.publisher.confirmed + (after.confirmed[after.first:] if after else b"")

    @property
    def copies(self):
        """Event -> copies that its publisher may have made."""
        return {**self.publisher.twice, **(self.afterwards.twice if self.afterwards else {})}

    def run_empty(self, publisher, say):
        """Until it is done and every queue but the dead letters is empty, or nothing changes any more."""
        last, since, empty = None, time.monotonic(), 0
        while True:
            depths = self.waiting() or {"the broker does not answer": 1}
            state = (publisher.confirmed_count, depths)
            empty = empty + 1 if publisher.is_done and not any(depths.values()) else 0
            if empty == 2:  # between two looks a message cannot hide on its way from queue to queue
                return
            if state != last:
                last, since = state, time.monotonic()
            elif time.monotonic() - since > self._patience(depths):
                raise Stuck(f"no change for {time.monotonic() - since:.0f} s: {state[0]} confirmed, "
                            f"{ {name: count for name, count in depths.items() if count} }, {publisher.error}")
            words = ", ".join(f"{count} in {name}" for name, count in depths.items() if count) or "none waits"
            say(f"{publisher.confirmed_count} confirmed; {words}", every=30)
            time.sleep(1)

    @staticmethod
    def _patience(depths):
        """Seconds; every message lies on the ladder, or may be behind one that does."""
        rungs = [int(name.rpartition(".")[2][:-1]) for name, count in depths.items() if count and ".retry." in name]
        return 2 * max(rungs) + 60 if rungs else 300

    def left_over(self):
        """The events that still lie in a queue: event -> queue. They are gone from it then."""
        return {
            event_of(body): queue for queue in self.waiting() or () for body in self.broker.read_away(queue)
        }

    def finish(self):
        """The replicas end, and all that tells of the run is written out."""
        self.write("published-again.json", json.dumps(self.copies))
        for replica in self.replicas:
            replica.stop()
        self.network.tell("flush")
        self.sink.tell("flush")
        self.export_letters()
        self.postback("deliveries", "--json", output=f"{self.folder}/deliveries.ndjson", codes=(0, 1))
