"""What a fault is, and the log of those that happened."""
import threading
import time
from typing import NamedTuple


class Fault:
    """One kind. `run` breaks something, waits, and mends it; it returns a few words about what was done.

    name: as in the report. room: broker, worker or sink: two faults of one room never happen at a time.
    alone: nothing else may happen meanwhile.
    """

    name = ""
    room = ""
    alone = False

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
    start: float  # seconds since 1970
    end: float
    name: str
    room: str
    words: str


class FaultLog:
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

    def blame(self, moment, room):
        """The fault under way at this moment, or the last one before it; of this room if there was one."""
        before = [h for h in self.happened if h.start <= moment]
        if not before:
            return None
        running = [h for h in before if h.end >= moment - 2]
        of_room = [h for h in running if h.room in room]
        return max(of_room or running or before, key=lambda h: h.start)
