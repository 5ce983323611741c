"""Faults of the workers, of what they read, and of their connections to the broker."""
import os
import time

from fault import Fault

GARBAGE = (b"", b"publishers: [", b"\x00\xff\xfe garbage \x80" * 40, b"publishers:\n  \"1\": { global: { url: 7 } }\n",
           b"publishers: {}\nnonsense: true\n")


class ReplicaKill(Fault):
    """Dies, and is started."""

    name, room = "replica kill -9", "worker"

    def run(self):
        replica = self.replica()
        replica.kill()
        self.pause(1, 2)
        return replica.name


class ReplicaDrain(Fault):
    """SIGTERM: it must end with code 0 and leave nothing half done."""

    name, room = "replica SIGTERM", "worker"

    def run(self):
        replica = self.replica()
        replica.drain()
        self.pause(1, 2)
        return replica.name


class RoutesGarbage(Fault):
    """The routes file is no routes file for a while; a worker that starts meanwhile may refuse to."""

    name, room = "routes file garbage", "worker"

    def run(self):
        path = f"{self.stage.folder}/routes.yaml"
        with open(path, "rb") as file:
            good = file.read()
        for replica in self.stage.replicas:
            replica.may_refuse(True)
        try:
            self._write(path, self.chance.choice(GARBAGE + (good[:len(good) // 2],)))
            self.pause(1.5, 4)
        finally:
            self._write(path, good)
        self.pause(1, 1)
        for replica in self.stage.replicas:
            replica.may_refuse(False)
        return ""

    @staticmethod
    def _write(path, raw):
        with open(path + ".new", "wb") as file:
            file.write(raw)
        os.replace(path + ".new", path)


class LinkFault(Fault):
    """Of the connections between one worker, or both, and the broker; or of a kind of them."""

    room = "worker"

    def choose(self):
        relays = self.stage.broker_relays()
        chosen = relays if self.chance.random() < 0.4 else [self.chance.choice(relays)]
        return {"relays": chosen, "seed": self.chance.getrandbits(32)}

    def which(self):
        only = self.chance.choice([None, None, "publishes", "consumes"])
        return {**self.choose(), "share": self.chance.choice([0.5, 1]), "only": only}

    def tell(self, verb, **which):
        """Does it to links that there are: a worker may just be connecting. Returns words for the report."""
        for _ in range(100):
            links = self.stage.network.tell(verb, **which)["links"]
            if links:
                return f"{links} connections"
            time.sleep(0.1)
        return "not done: no connection within 10 s"


class BrokerCut(LinkFault):
    """Ended at once, whatever was on its way."""

    name = "broker connections cut"

    def run(self):
        words = self.tell("cut", **self.which())
        self.pause(0.5, 2)
        return words


class BrokerStall(LinkFault):
    """No byte moves; then they go on."""

    name = "broker connections stalled"

    def run(self):
        chosen = self.which()
        words = self.tell("mode", mode="stall", **chosen)
        self.pause(2, 6)
        self.stage.network.tell("mode", mode="pass", relays=self.stage.broker_relays())
        return words


class BrokerSwallow(LinkFault):
    """What is sent vanishes; then they are cut."""

    name = "broker connections into a black hole"

    def run(self):
        chosen = {**self.choose(), "share": 1}
        words = self.tell("mode", mode="swallow", **chosen)
        self.pause(1, 4)
        self.stage.network.tell("cut", **chosen)
        self.stage.network.tell("mode", mode="pass", relays=self.stage.broker_relays())
        return words


class BrokerDelay(LinkFault):
    """Each piece takes longer."""

    name = "broker connections delayed"

    def run(self):
        relays = self.choose()["relays"]
        seconds = round(self.chance.uniform(0.02, 0.3), 3)
        self.stage.network.tell("delay", relays=relays, seconds=seconds)
        self.pause(2, 5)
        self.stage.network.tell("delay", relays=relays, seconds=0)
        return f"{seconds} s each way"


class BrokerTruncate(LinkFault):
    """Ended within a frame, as a rule."""

    name = "broker connections truncated"

    def run(self):
        side = self.chance.choice(["client", "server"])
        words = self.tell("truncate", **self.choose(), bytes=self.chance.randrange(1, 3000), to=side)
        self.pause(1, 3)
        return f"{words}, to the {'worker' if side == 'client' else 'broker'}"


class ConsumerCancel(LinkFault):
    """The broker seems to say basic.cancel, as it does when a queue goes."""

    name = "consumer cancelled"

    def run(self):
        network, relays = self.stage.network, self.choose()["relays"]
        before = network.tell("cancelled", relays=relays)["links"]
        words = self.tell("cancel", relays=relays)
        if words.startswith("not done"):
            return words
        for _ in range(100):
            done = network.tell("cancelled", relays=relays)["links"] - before
            if done:
                self.pause(1, 3)
                return f"{done} consumers"
            time.sleep(0.1)
        return "not done: no consumer was told within 10 s"


FAULTS = (ReplicaKill, ReplicaDrain, RoutesGarbage, BrokerCut, BrokerStall, BrokerSwallow, BrokerDelay, BrokerTruncate,
          ConsumerCancel)
