"""Faults of the publishers' trackers and of the way to them."""
from fault import Fault
from stage import SITES


class SinkFault(Fault):
    """Of one site of the sink, or all."""

    room = "sink"

    def sites(self):
        """One, the calm one seldom; all of them now and then."""
        return list(SITES) if self.chance.random() < 0.1 else [self.chance.choice(SITES)]

    def relays(self):
        return [f"site-{name}" for name in self.sites()]

    @staticmethod
    def words(links):
        return f"{links} connections" if links else "not done: no connection"


class Mood(SinkFault):
    """Sites do something else than to answer, for a while."""

    mood = ""
    longest = 5

    def run(self):
        sites = self.sites()
        self.stage.sink.tell("mood", sites=sites, mood=self.mood)
        try:
            self.pause(1, self.longest)
        finally:
            self.stage.sink.tell("mood", sites=sites, mood="ok")
        return ", ".join(sites)


class SinkDown(Mood):
    """Nobody listens."""

    name, mood = "sink down", "down"


class SinkErrors(Mood):
    """500 to everything."""

    name, mood = "sink answers 500", "error"


class SinkHangs(Mood):
    """No answer at all."""

    name, mood = "sink hangs", "hang"


class SinkSlow(Mood):
    """Answers that take most of a second."""

    name, mood = "sink slow", "slow"


class SinkBreaksOff(Mood):
    """The connection ends within the status line."""

    name, mood = "sink ends before its status", "broken"


class SinkHalf(Mood):
    """The connection ends within the body of a 200."""

    name, mood = "sink ends within its body", "half"


class SinkFlaps(SinkFault):
    """From one mood to the other, several times."""

    name = "sink flaps"

    def run(self):
        sites = self.sites()
        for _ in range(self.chance.randrange(3, 7)):
            self.stage.sink.tell("mood", sites=sites, mood=self.chance.choice(["down", "error", "broken", "hang"]))
            self.pause(0.1, 0.7)
            self.stage.sink.tell("mood", sites=sites, mood="ok")
            self.pause(0.1, 0.5)
        return ", ".join(sites)


class SinkCut(SinkFault):
    """Connections ended at once, three times."""

    name = "sink connections cut"

    def run(self):
        links = 0
        for _ in range(3):
            chosen = {"relays": self.relays(), "share": 0.5, "seed": self.chance.getrandbits(32)}
            links += self.stage.network.tell("cut", **chosen)["links"]
            self.pause(0.2, 0.6)
        return self.words(links)


class SinkTruncate(SinkFault):
    """Connections end after so many bytes of an answer."""

    name = "sink's answers truncated"

    def run(self):
        links = self.stage.network.tell("truncate", relays=self.relays(), bytes=self.chance.randrange(1, 40))["links"]
        self.pause(1, 2)
        return self.words(links)


class SinkStall(SinkFault):
    """No byte moves; then they go on."""

    name = "sink connections stalled"

    def run(self):
        relays = self.relays()
        self.stage.network.tell("mode", relays=relays, mode="stall")
        self.pause(1, 4)
        self.stage.network.tell("mode", relays=relays, mode="pass")
        return ""


class SinkSwallow(SinkFault):
    """What is sent vanishes; then they are cut."""

    name = "sink connections into a black hole"

    def run(self):
        relays = self.relays()
        self.stage.network.tell("mode", relays=relays, mode="swallow")
        self.pause(1, 4)
        self.stage.network.tell("cut", relays=relays)
        self.stage.network.tell("mode", relays=relays, mode="pass")
        return ""


class SinkDelay(SinkFault):
    """Each piece takes longer: also longer than a worker waits."""

    name = "sink connections delayed"

    def run(self):
        relays = self.relays()
        seconds = round(self.chance.uniform(0.1, 1.2), 3)
        self.stage.network.tell("delay", relays=relays, seconds=seconds)
        self.pause(2, 4)
        self.stage.network.tell("delay", relays=relays, seconds=0)
        return f"{seconds} s each way"


FAULTS = (SinkDown, SinkErrors, SinkHangs, SinkSlow, SinkBreaksOff, SinkHalf, SinkFlaps, SinkCut, SinkTruncate,
          SinkStall, SinkSwallow, SinkDelay)
