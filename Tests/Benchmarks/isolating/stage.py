"""What is measured, each beside a run without the bad events."""
import os
import socket
import time

from measuring import place

from .tracker import Tracker
from .trial import Trial


class Stage:
    """`programs` is the folder of the builds, `broker` a `measuring.broker.Broker`."""

    def __init__(self, programs, folder, broker):
        self.programs, self.folder, self.broker, self.number = programs, folder, broker, 0
        # Refuses connections as long as it is held: bound, but nobody listens.
        self.closed = socket.socket()
        self.closed.bind(("127.0.0.1", 0))

    def _routes(self, case, healthy, bad):
        """The routes, and how many publishers the bad events have."""
        lines = [f'  "1": {{ global: {{ url: "http://127.0.0.1:{healthy.port}/delay/20ms?cid={{{{click_id}}}}" }} }}']
        closed = self.closed.getsockname()[1]
        target = {
            "black_hole": f"127.0.0.1:{bad.port}/hang",
            "slow": f"127.0.0.1:{bad.port}/delay/5s",
            "refused": f"127.0.0.1:{closed}/pb",
            "status_500": f"127.0.0.1:{bad.port}/status/500",
        }.get(case)
        count = 10_000 if case == "dead_hosts" else 1
        for number in range(count):
            host = target or f"127.{1 + number // 65536}.{number // 256 % 256}.{number % 256}:{closed}/pb"
            lines.append(f'  "b{number}": {{ global: {{ url: "http://{host}?cid={{{{click_id}}}}" }} }}')
        return "publishers:\n" + "\n".join(lines) + "\n", count

    def _begin(self, case, settings="timeout: 10s", prefetch=500):
        self.number += 1
        prefix = f"bench{self.number}"
        healthy, bad = Tracker(self.programs, self.folder), Tracker(self.programs, self.folder)
        routes, count = self._routes(case, healthy, bad)
        here = os.path.join(self.folder, prefix)
        os.mkdir(here)
        address = f"127.0.0.1:{place.free_port()}"
        with open(f"{here}/routes.yaml", "w") as file:
            file.write(routes)
        with open(f"{here}/postback.yaml", "w") as file:
            file.write(f"""broker: {{ url: "{self.broker.url}", prefetch: {prefetch} }}
names: {{ prefix: {prefix} }}
admin: {{ listen: "{address}" }}
egress: {{ allow_private: true, ports: ["1-65535"] }}
dispatch: {{ {settings} }}
""")
        trial = Trial(self.programs, self.broker, prefix, here, healthy, bad, count, address)
        trial.command("topology", "declare")
        return trial

    @staticmethod
    def _bodies(trial, case, numbers):
        """Of each four healthy events a bad one, where the case has any."""
        bodies = []
        for number in numbers:
            bodies.append(trial.event(number, "1"))
            if case and number % 4 == 3:
                bodies.append(trial.event(number, f"b{number // 4 % trial.count}"))
        return bodies

    def rate(self, case, events):
        """Healthy deliveries a second from a full queue."""
        trial = self._begin(case)
        try:
            trial.publish(self._bodies(trial, case, range(events)))
            trial.worker()
            # From the first tenth on: what start-up costs is not the question.
            started = trial.wait_for(events // 10)
            ended = trial.wait_for(events)
            return (events - events // 10) / (ended - started)
        finally:
            trial.end()

    def latency(self, case, seconds):
        """Milliseconds from publishing to arrival, of the slowest of a hundred, at 400 healthy events a second."""
        trial = self._begin(case)
        try:
            trial.worker()
            trial.publish([trial.event(0, "1")])
            trial.wait_for(1)
            begin = time.time()
            number = 0
            while time.time() - begin < seconds:
                due = int((time.time() - begin) * 400)
                if due > number:
                    trial.publish(self._bodies(trial, case, range(number + 1, due + 1)))
                    number = due
                time.sleep(0.005)
            trial.wait_for(number + 1)
            late = sorted(request["time"] - int(request["query"]["cid"].split("-")[0])
                          for request in trial.healthy.requests() if request["time"] / 1000 > begin + 2)
            return late[len(late) * 99 // 100]
        finally:
            trial.end()

    def memory(self):
        """Ten thousand requests under way at once, to a tracker that takes twenty seconds: how many there were at most,
        and the most resident memory in MiB."""
        trial = self._begin("slow", "concurrency: 10000, per_host: 10000, timeout: 60s", prefetch=12_000)
        try:
            with open(f"{trial.here}/routes.yaml", "w") as file:
                url = f"http://127.0.0.1:{trial.healthy.port}/delay/20s?cid={{{{click_id}}}}"
                file.write(f'publishers:\n  "1": {{ global: {{ url: "{url}" }} }}\n')
            trial.publish([trial.event(number, "1") for number in range(11_000)])
            trial.worker()
            most = 0
            end = time.time() + 60
            while time.time() < end and most < 10_000:
                most = max(most, trial.metric("postback_in_flight"))
                time.sleep(0.2)
            return most, trial.peak_megabytes()
        finally:
            trial.end()
