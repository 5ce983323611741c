"""What a fault is, and the log of those that happened."""
import threading
import time
from typing import NamedTuple


class Fault:
    """One kind. `run` breaks something, waits, and mends it; it returns a few words about what was done.

    name: as in the report. room: broker, worker or sink: two faults of one room never happen at a time.
    alone: nothing else may happen meanwhile. forgets: the broker may lose what it was told in the last seconds.
    """

    name = ""
    room = ""
    alone = False
    forgets = False

    def __init__(self, stage, chance):
        self.stage = stage
        self.chance = chance  # random.Random of this fault's own

    def run(self):
        raise NotImplementedError

    def replica(self):
        return self.chance.choice(self.stage.replicas)

    def pause(self, low, high):
        time.sleep(self.chance.uniform(low, high))


class Happened(NamedTuple):
    """A fault that is over."""

    start: float  # seconds since 1970
    end: float
    name: str
    room: str
    words: str
    forgets: bool = False

    def is_near(self, start, end):
        """Whether it was under way, or its consequences were, at any moment of this time."""
        return self.start - 1 <= end and start <= self.end + 5


class FaultLog:
    """All that happened, in the order of their ends."""

    def __init__(self):
        self._lock = threading.Lock()
        self.happened = []

    def add(self, happened):
        with self._lock:
            self.happened.append(happened)

    def undone(self):
        """The last tries of those that never came about."""
        done = {h.name for h in self.happened if not h.words.startswith("not done")}
        last = {h.name: h for h in self.happened}
        return [happened for name, happened in last.items() if name not in done]

    def blame(self, moment, rooms):
        """The fault under way at this moment, or within the two seconds before it; of these rooms if there was one."""
        running = [h for h in self.happened if h.start <= moment <= h.end + 2]
        of_room = [h for h in running if h.room in rooms]
        return max(of_room or running, key=lambda h: h.start, default=None)
