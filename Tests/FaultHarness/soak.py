"""A steady load for a long time: what a worker takes must not grow, and the ladder must not drift."""
import collections
import os
import statistics
import time

import events
from amqp import Lost
from stage import Stage, Stuck

DELAY = 4.0  # seconds on the ladder after the first failure
TIMEOUT = 1.0
EARLY = 0.05  # seconds
INTERVAL = 10.0
QUEUE = "postback.conversions"
LADDER = [f"postback.retry.{1 << power}s" for power in range(17)]


class SoakStage(Stage):
    """No relays: workers reach broker and sink directly."""

    mix = events.SOAK
    settings = {
        **Stage.settings,
        "dispatch": {"timeout": f"{TIMEOUT:g}s", "connect_timeout": "1s"},
        "retry": {"first_delay": f"{DELAY:g}s", "jitter": 0},
        "deliveries": {"max_bytes": "512MiB"},
    }

    def way(self, name, port, tap):
        return port


class Sample:
    """Of one replica at one moment."""

    def __init__(self, pid):
        with open(f"/proc/{pid}/status") as file:
            fields = dict(line.split(":", 1) for line in file)
        self.memory = int(fields["VmRSS"].split()[0]) / 1024  # MiB
        self.threads = int(fields["Threads"])
        self.descriptors = len(os.listdir(f"/proc/{pid}/fd"))


class Series:
    """Figures over time, and whether they are flat: the last quarter against the second (the first is warm-up)."""

    def __init__(self, name, unit, factor, allowance):
        self.name, self.unit = name, unit
        self.factor, self.allowance = factor, allowance
        self.values = []

    def parts(self):
        quarter = max(1, len(self.values) // 4)
        return self.values[quarter:2 * quarter] or self.values, self.values[-quarter:]

    @property
    def is_flat(self):
        early, late = map(statistics.median, self.parts())
        return late <= early * self.factor + self.allowance

    def __str__(self):
        early, late = self.parts()
        return (f"{self.name:<44}{statistics.median(early):>10.2f}{statistics.median(late):>10.2f}"
                f"{max(self.values):>10.2f}  {self.unit:<4}{'flat' if self.is_flat else 'GROWS'}")


def run(options, say):
    """Returns the exit code."""
    with SoakStage(options) as stage:
        series = {}

        def note(name, unit, factor, allowance, value):
            series.setdefault(name, Series(name, unit, factor, allowance)).values.append(value)

        start = time.monotonic()
        stage.publisher.start()
        try:
            while not stage.publisher.is_done and time.monotonic() - start < options.seconds:
                keep_pace(stage, INTERVAL)
                for replica in stage.replicas:
                    sample = Sample(replica.process.pid)
                    note(f"{replica.name}: memory", "MiB", 1.10, 8, sample.memory)
                    note(f"{replica.name}: descriptors", "", 1.10, 20, sample.descriptors)
                    note(f"{replica.name}: threads", "", 1, 2, sample.threads)
                note("ladder: messages", "", 1.5, 500, stage.broker.ready(*LADDER))
                note("queue: messages", "", 1.5, 5000, stage.broker.ready(QUEUE))
                if len(series["ladder: messages"].values) % 6 == 1:
                    say(f"{stage.publisher.confirmed_count} confirmed; "
                        + ", ".join(f"{one.name} {one.values[-1]:g}" for one in series.values()))
            published = time.monotonic() - start
            # A machine that is too slow publishes fewer, not longer.
            stage.publisher.give_up_the_rest()
            stage.publisher.go_on()
            stage.settle(say)
        except (Stuck, OSError, Lost) as error:
            stage.keep()
            print(f"FAILED: {error}; everything is in {stage.folder}")
            return 1
        for replica in stage.replicas:
            replica.stop()
        stage.sink.tell("flush")
        lost, doubled, late = read(f"{stage.folder}/sink.txt", stage.publisher)
        # What timed out is not judged: the gate of a site that times out may send its retries to the ladder again.
        drift = Series("ladder: late after a 503, median of 10 s", "s", 1, 0.5)
        drift.values = [statistics.median(late["a"][slot]) for slot in sorted(late["a"])]
        series["drift"] = drift
        worst = {letter: max(max(values) for values in slots.values()) for letter, slots in late.items()}
        early = {letter: min(min(values) for values in slots.values()) for letter, slots in late.items()}
        print(f"{stage.publisher.confirmed_count} events in {published:.0f} s, "
              f"{stage.publisher.confirmed_count / published:.0f} a second, lost {lost}, doubled {doubled}")
        print(f"{'':<44}{'2ND QUART':>10}{'LAST':>10}{'MOST':>10}   (medians)")
        for one in series.values():
            print(one)
        for letter, kind in (("a", "503"), ("b", "time-out")):
            count = sum(len(values) for values in late[letter].values())
            print(f"after a {kind}: {count} came back {early[letter]:.2f} to {worst[letter]:.2f} s "
                  f"after their {DELAY:g} s were over")
        troubles = [surprise for replica in stage.replicas for surprise in replica.surprises]
        troubles += judge(stage.publisher.confirmed_count / published, options.events / options.seconds, early)
        if lost or doubled or troubles or not all(one.is_flat for one in series.values()):
            print("\n".join(troubles))
            stage.keep()
            print(f"FAILED; everything is in {stage.folder}")
            return 1
        print("ok: nothing grows, nothing drifts, nothing lost or doubled")
        return 0


def judge(rate, wanted, early):
    """Troubles in words. `early`: letter -> seconds, below 0 when a retry came before its time.

    When a time-out began the sink cannot know to 50 ms, so only retries after an answer are judged.
    """
    troubles = []
    if rate < 0.98 * wanted:
        troubles.append(f"{rate:.0f} events a second, {wanted:.0f} were wanted: less than 98 %")
    if early.get("a", 0) < -EARLY:
        troubles.append(f"a retry after a 503 came {-early['a']:.3f} s before its time; {EARLY:g} s are allowed")
    return troubles


def keep_pace(stage, seconds):
    """Holds the publisher while the workers are behind, else a busy machine would show as lateness of the ladder."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not stage.publisher.is_done:
        behind = stage.broker.ready(QUEUE)
        if behind > 2000:
            stage.publisher.hold()
        elif behind < 500:
            stage.publisher.go_on()
        time.sleep(1)


def read(path, publisher):
    """From the sink's record: events lost and doubled, and letter -> slot of 10 s -> seconds late of the retries."""
    good = bytearray(len(publisher.confirmed))
    failed = {}
    late = collections.defaultdict(lambda: collections.defaultdict(list))
    doubled = 0
    with open(path) as file:
        for line in file:
            moment, _, letter, event, status = line.split("\t")
            event, moment = int(event), float(moment)
            if status[0] != "2":
                # A destination that has enough sends some to the ladder unasked; only what failed is timed.
                failed.setdefault(event, (moment + (TIMEOUT if status[0] == "0" else 0), letter))
                continue
            if event in failed and not good[event]:
                begin, letter = failed.pop(event)
                late[letter][int(moment / 10)].append(moment - begin - DELAY)
            doubled += good[event] > 0
            good[event] = 1
    lost = sum(1 for event, yes in enumerate(publisher.confirmed) if yes and not good[event])
    return lost, doubled, late
