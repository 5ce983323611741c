"""`postback run`, complete: validation, routes of all publishers, metrics, and the delivery log or not."""
import http.client
import os
import re
import subprocess

from . import place
from .program import Program

TARGET = "pb?cid={{click_id}}&offer={{offer_id}}&payout={{payout}}&cur={{currency}}&status={{status}}"


def write_routes(setup, path):
    """Routes as YAML; publisher N's are for host N modulo the number of hosts."""
    origins = [f"{setup.scheme}://h{number}.bench.test:{setup.sink_port}/" for number in range(setup.hosts)] or [
        f"{setup.scheme}://127.0.0.1:{setup.sink_port}/"]
    with open(path, "w") as file:
        file.write("publishers:\n")
        for number in range(setup.publishers):
            url = origins[number % len(origins)] + TARGET
            text = f'  "p{number}":\n    global: {{ url: "{url}" }}\n'
            if setup.routes > 1:
                text += "    offers:\n"
            for offer in range(setup.routes - 1):
                text += f'      "o{number}-{offer}": {{ url: "{url}" }}\n'
            file.write(text)


class Worker(Program):
    """`folder` keeps the routes from one start to the next, `binary` is the program."""

    def __init__(self, name, log, folder, binary=None, settings=""):
        super().__init__(name)
        self.log, self.folder, self.settings = log, folder, settings
        self.binary = binary or f"{place.ROOT}/.build/release/postback"

    def routes(self, setup):
        name = f"routes-{setup.publishers}-{setup.routes}-{setup.scheme}-{setup.sink_port}-{setup.hosts}.yaml"
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            write_routes(setup, path)
        return path

    def configure(self, setup, folder):
        path = os.path.join(folder, "postback.yaml")
        names = f', name_servers: ["127.0.0.1:{setup.name_port}"]' if setup.name_port else ""
        trust = f', tls: {{ ca: "{setup.certificate}" }}' if setup.certificate else ""
        self.admin = place.free_port()
        with open(path, "w") as file:
            # A machine so busy that a request takes seconds must end the measurement late, not never.
            file.write(f"""
broker: {{ url: "amqp://guest:guest@127.0.0.1:{setup.broker_port}/%2f", prefetch: {setup.prefetch} }}
routes: {{ file: "{self.routes(setup)}" }}
dispatch: {{ concurrency: {setup.in_flight}, per_host: {setup.in_flight}, lanes: {setup.lanes},
            connect_timeout: 60s, timeout: 60s }}
retry: {{ first_delay: 1s, factor: 1 }}
egress: {{ allow: [127.0.0.0/8], ports: [{setup.sink_port}]{names}{trust} }}
admin: {{ listen: "127.0.0.1:{self.admin}" }}
deliveries: {{ log: {self.log} }}
log: {{ level: error }}
{self.settings}
""")
        return path

    def command(self, setup, folder):
        return [self.binary, "run", "-c", self.configure(setup, folder)]

    def told(self):
        """Deliveries that went to the retry ladder, where a measurement wants none: by the worker's metrics."""
        line = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=60)
        try:
            line.request("GET", "/metrics")
            text = line.getresponse().read().decode()
        except OSError as fault:
            raise RuntimeError(f"{self.name} does not tell its metrics: {fault}") from fault
        finally:
            line.close()
        return {"parked": self._sum(text, r"postback_parked_total\{.*\}"),
                "retried": self._sum(text, r'postback_deliveries_total\{outcome="retried"\}')}

    @staticmethod
    def _sum(text, series):
        found = re.findall(rf"^{series} (\d+)", text, re.MULTILINE)
        if not found:
            raise RuntimeError(f"the metrics have no {series}")
        return sum(int(number) for number in found)

    def declare(self, setup, folder):
        """Makes the queue and all else on the broker."""
        subprocess.run([self.binary, "topology", "declare", "-c", self.configure(setup.changed(publishers=1), folder)],
                       check=True, stdout=subprocess.DEVNULL)
