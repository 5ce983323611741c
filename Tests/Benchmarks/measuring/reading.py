"""What one measurement found."""
import dataclasses


@dataclasses.dataclass
class Reading:
    """Of the window of a run (see `Drain`); times in microseconds per delivery."""
    program: str
    deliveries: int
    rate: float
    """Deliveries a second. All share the machine, so this tells of broker and sink as well."""
    cpu: float
    broker: float
    sink: float
    memory: float
    """Most resident memory of the program in the whole run, MiB."""
    opened: float
    """Connections opened, per delivery: 0 when all are kept."""
    start: float
    """Seconds from the program's start to its first delivery."""
    left: int
    """Messages in the queue after the program has ended: 0 when all were acknowledged."""
    extra: int
    """Requests beyond the number of events."""
    other: float
    """Processors kept busy by what has nothing to do with this."""
    seconds: float = 0
    """How long the window was."""
    parked: int | None = None
    """Deliveries of the whole run put on the retry ladder before an attempt; None: the program does not say."""
    retried: int | None = None
    """The same after an attempt."""
    instructions: float = 0
    """User instructions per delivery, of runs under callgrind; 0 where they were not counted."""

    def faults(self):
        """Why the figures are not those of deliveries that go through at once; empty when they are."""
        return faults(self)

    def __str__(self):
        words = [f"{self.rate:8,.0f}/s {self.cpu:7.1f} µs each, {self.memory:4.0f} MiB, {self.start:.1f} s to the first",
                 f"{self.opened:.3f} connections each", f"{self.seconds:.2f} s long",
                 f"others took {self.other:.2f} processors"]
        return ", ".join(words + [fault.upper() for fault in self.faults()])


@dataclasses.dataclass
class Count:
    """User instructions per delivery; `parked` and so on as of `Reading`, the worst of the runs."""
    program: str
    each: float
    left: int = 0
    extra: int = 0
    parked: int | None = None
    retried: int | None = None

    def faults(self):
        return faults(self)

    def __str__(self):
        return ", ".join([f"{self.each:8,.0f} user instructions each", *(fault.upper() for fault in self.faults())])


@dataclasses.dataclass
class Wait:
    """How long deliveries took at a moderate rate: milliseconds by `latency.POINTS`; empty where not measured."""
    program: str
    arrival: dict
    completion: dict
    deliveries: int
    parked: int | None = None
    retried: int | None = None

    def faults(self):
        return faults(self)

    def __str__(self):
        return ", ".join([f"to arrival {self.arrival}", f"to completion {self.completion}",
                          *(fault.upper() for fault in self.faults())])


def faults(found):
    """Of what has some of `left`, `extra`, `parked` and `retried`."""
    words = [("left", "left in the queue"), ("extra", "sent too often"), ("parked", "parked"), ("retried", "retried")]
    return [f"{getattr(found, member):,} {what}" for member, what in words if getattr(found, member, None)]
