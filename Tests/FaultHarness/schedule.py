"""Which fault comes when: decided by the seed alone. Pure."""
import random
from typing import NamedTuple


class Planned(NamedTuple):
    """A fault that is to happen."""

    name: str
    seed: int  # of the fault's own choices


class Step(NamedTuple):
    """Faults that happen at the same time."""

    at: float  # seconds after the first event
    faults: tuple  # Planned, at the same time


def plan(seed, count, seconds, catalogue):
    """`count` faults within `seconds`, each of `catalogue` (name -> fault class) as often as the others.

    Three in ten steps have two faults of different rooms; what is `alone` never has company.
    """
    chance = random.Random(seed)
    names = []
    while len(names) < count:
        names += chance.sample(sorted(catalogue), len(catalogue))
    del names[count:]
    groups = []
    while names:
        group = [names.pop(0)]
        first = catalogue[group[0]]
        if not first.alone and chance.random() < 0.3:
            company = next(
                (n for n in names if catalogue[n].room != first.room and not catalogue[n].alone), None
            )
            if company:
                names.remove(company)
                group.append(company)
        groups.append(group)
    pace = seconds / max(1, len(groups))
    return [
        Step(round((index + 0.3) * pace, 2), tuple(Planned(name, chance.getrandbits(32)) for name in group))
        for index, group in enumerate(groups)
    ]
