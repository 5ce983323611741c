"""What all programs of a comparison have in common."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Setup:
    broker_port: int
    sink_port: int
    queue: str = "postback.conversions"
    scheme: str = "http"
    certificate: str = ""
    """PEM file to trust, for https."""
    in_flight: int = 100
    prefetch: int = 500
    hosts: int = 0
    """Destinations h0.bench.test, h1.bench.test, ..., each with an address of its own; 0: 127.0.0.1 alone."""
    name_port: int = 0
    """UDP port of the name server that knows them."""
    publishers: int = 100_000
    routes: int = 3
    """Postbacks of each publisher: one for everything, the others each for one offer."""
    lanes: int = 1
    latencies: str = ""
    """File for microseconds from receipt to completion, one a line, written by the programs that can."""

    def changed(self, **changes):
        return dataclasses.replace(self, **changes)

    def told(self, **more):
        """For the record: what a comparison's figures depend on, and `more` of it."""
        names = ["publishers", "routes", "scheme", "hosts", "in_flight", "prefetch", "lanes"]
        return {**{name: getattr(self, name) for name in names}, **more}

    def arguments(self):
        """For the programs that are written here."""
        words = ["--broker", self.broker_port, "--queue", self.queue, "--sink", self.sink_port, "--scheme", self.scheme,
                 "--in-flight", self.in_flight, "--prefetch", self.prefetch]
        if self.certificate:
            words += ["--certificate", self.certificate]
        if self.latencies:
            words += ["--latencies", self.latencies]
        return [str(word) for word in words]
