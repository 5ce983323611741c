"""What the oracle must find: faults of the harness itself, only when asked for by name."""
import time

from amqp import Connection
from broker_faults import QueueFault
from fault import Fault


class PlantedLoss(QueueFault):
    """Messages of the work queue are thrown away: the run must end with events lost."""

    name = "planted loss"

    def run(self):
        relays = self.stage.broker_relays()
        self.stage.network.tell("mode", relays=relays, mode="stall", only="consumes")
        try:
            # The workers take no more than their prefetch; what comes then lies in the queue.
            self.stage.wait("something lies in the queue", lambda: self._ready() > 0, 60)
            self.stage.broker.control("purge_queue", "postback.conversions")
        finally:
            self.stage.network.tell("mode", relays=relays, mode="pass", only="consumes")
        return ""

    def _ready(self):
        return self.stage.broker.ready("postback.conversions")


class PlantedDouble(Fault):
    """An event is published again, and the publisher does not know: the run must end with a double without a cause."""

    name, room = "planted double", "worker"

    def run(self):
        publisher = self.stage.publisher
        self.stage.wait("something is confirmed", lambda: publisher.confirmed_count > 0, 60)
        again = next(n for n, yes in enumerate(publisher.confirmed) if yes and self.stage.mix.kind(n).publisher == "1")
        # Long after the first one is over.
        time.sleep(8)
        connection = Connection(self.stage.broker.port)
        connection.publish("postback", "conversions", self.stage.mix.body(again))
        while not connection.turn(1):
            pass
        connection.close()
        return ""


class PlantedAbsence(Fault):
    """A worker never reaches the broker again: the run must end with a replica that is not ready.

    Nothing is lost by that, for the other one empties the queue.
    """

    name, room = "planted absence", "worker"

    def run(self):
        relays = self.stage.relays_of(2)
        self.stage.network.tell("mode", relays=relays, mode="swallow")
        self.stage.network.tell("cut", relays=relays)
        return "replica-2"


FAULTS = (PlantedLoss, PlantedDouble, PlantedAbsence)
