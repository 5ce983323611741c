"""Judges a run: every confirmed event has exactly one end per postback, and doubles have a cause. Pure.

What excuses a double is read from the wire alone. The workers' log must tell the same, but its word excuses nothing.
"""
import collections
from typing import NamedTuple

import events
from tap import ANY

# What was acknowledged or confirmed so many seconds before its connection ended may not have arrived: it lay in a
# buffer of RabbitMQ's channel, the kernel's or the worker's. A broker that dies or stands still forgets more.
LATE = 1.0
LATE_AT_A_BROKERS_END = 5.0
# An answer is late when it passed not longer than LATE before the worker hung up, and so many seconds or more after the
# request: of the 2 s that a worker waits, some are over before the relay gets to read that. A worker that got no
# processor meanwhile may have had it longer, unread: as long as its longest turn.
TIMED_OUT = 0.5
# Faults that keep back what was sent to a tracker.
HOLDING = ("sink connections stalled", "sink connections delayed")
# So long after a connection ended may both copies of a message still be under way, on the lower rungs of the ladder and
# behind others; what was parked for its site longer, by what the wire saw.
LADDER = 120.0
MOVING = 30.0  # so late may a busy broker move what lay on a rung
CLOCKS = 0.5  # between what two processes of the harness note of the same thing
BUSY = 20.0  # until the sink answers what nobody waits for any more
# Records leave a worker after 20 ms; those of so many seconds before its death may be gone on a busy machine.
HELD = 2.0

FORKS = ("unacknowledged", "unconfirmed", "acknowledged late", "confirmed late")


class Finding(NamedTuple):
    """Something about one delivery, as the report shows it."""

    key: tuple
    words: str = ""
    extra: int = 0  # copies more than one
    causes: tuple = ()  # what excuses copies: evidence.Cause

    def names(self):
        """The causes in words: name -> how often."""
        return collections.Counter(cause.name + (" at a goodbye" if cause.is_clean else "") for cause in self.causes)


class Judgement:
    """All findings of a run, by kind."""

    def __init__(self):
        self.ends = collections.Counter()  # expected end -> deliveries that had it
        self.lost = []
        self.stuck = []
        self.wrong = []
        self.allowed = []  # doubles that have causes
        self.forbidden = []  # doubles that have not
        self.false = []  # the log calls them delivered, and the sink knows nothing of them
        self.unrecorded = []  # no record tells of them, and their worker did not die with it
        self.gone = []  # likewise, and it may have
        self.dropped = 0  # records that the workers themselves say they gave up

    @property
    def is_good(self):
        return (not (self.lost or self.stuck or self.wrong or self.forbidden or self.false)
                and len(self.unrecorded) <= self.dropped)


def judge(evidence, mix):
    result = Judgement()
    result.dropped = evidence.dropped
    for event in range(len(evidence.confirmed)):
        if not evidence.confirmed[event]:
            continue
        for postback in mix.kind(event).postbacks:
            _judge_one(evidence, (event, postback.letter), postback.end, result)
    for key in {*evidence.answered, *evidence.letters}:
        if key[0] is None:
            result.wrong.append(Finding(key, "a dead letter of no event of ours"))
        elif key[1] not in [postback.letter for postback in mix.kind(key[0]).postbacks]:
            found = f"dead letter {evidence.letters[key]}" if key in evidence.letters else "delivered"
            result.wrong.append(Finding(key, f"{found}, though no postback of the event has this name"))
    for key, ends in evidence.logged_ends.items():
        if "delivered" in ends and not evidence.answered[key]:
            result.false.append(Finding(key))
    _judge_unknown(evidence, result)
    return result


def _judge_one(evidence, key, expected, result):
    event = key[0]
    answered = evidence.answered[key]
    # Before a postback is chosen, and where none is, a letter has no route.
    letters = evidence.letters.get(key, [])
    if answered and expected != events.DELIVERED:
        result.wrong.append(Finding(key, f"delivered, though it should end as {expected}"))
    for reason in letters:
        if expected != events.dead(reason):
            result.wrong.append(Finding(key, f"dead letter {reason}, though it should end as {expected}"))
            return
    if expected.startswith("not sent"):
        verdict = expected.rpartition(" ")[2]
        if event in evidence.left:
            result.stuck.append(Finding(key))
        elif verdict in evidence.logged_ends.get(key, ()):
            result.ends[expected] += 1
        elif event not in evidence.acknowledged:
            result.lost.append(Finding(key, "no worker acknowledged it, no record tells of it"))
        elif may_be_gone(evidence, *evidence.acknowledged[event]):
            result.gone.append(Finding(key))
        else:
            result.unrecorded.append(Finding(key, "acknowledged, and no record tells of it"))
        return
    count = answered if expected == events.DELIVERED else len(letters)
    if count == 0:
        (result.stuck if event in evidence.left else result.lost).append(Finding(key))
        return
    result.ends[expected] += 1
    if count > 1:
        causes = causes_of(evidence, key, expected)
        is_allowed = len(causes) + evidence.copies[event] >= count - 1
        words = "published twice" if evidence.copies[event] else ""
        (result.allowed if is_allowed else result.forbidden).append(Finding(key, words, count - 1, causes))


def _judge_unknown(evidence, result):
    """What the wire saw go out and never be answered, the log must call an unknown outcome."""
    for event, causes in evidence.causes.items():
        unanswered = collections.defaultdict(list)
        for cause in causes:
            if cause.name == "unanswered":
                unanswered[cause.letter].append(cause)
        for letter, found in unanswered.items():
            key = (event, letter)
            missing = len(found) - evidence.unknown[key] - evidence.resent[key]
            if missing <= 0:
                continue
            gone = sum(may_be_gone(evidence, cause.moment) for cause in found)
            kind = result.gone if gone >= missing else result.unrecorded
            kind.append(Finding(key, "not answered, and the log does not call its outcome unknown"))


def may_be_gone(evidence, moment, replica=None):
    """Whether the record of what was over at this moment may have died with this worker, or with any of them."""
    for end in evidence.ends:
        if replica not in (None, end.replica) or moment > end.moment + HELD:
            continue
        if end.is_kill and moment >= end.moment - HELD:
            return True
        # While the broker is away or blocked, records wait in the worker.
        if any(moment >= fault.start - HELD for fault in disturbances(evidence, end.moment, end.moment)):
            return True
    return False


def disturbances(evidence, start, end):
    """What came between workers and broker meanwhile; that one of them ended is no such thing."""
    return [h for h in evidence.faults
            if h.room != "sink" and h.is_near(start, end) and h.name not in ("replica SIGTERM", "replica kill -9")]


def causes_of(evidence, key, expected):
    """Why this delivery may have happened again, each once."""
    answers = evidence.answers.get(key, ()) if expected == events.DELIVERED else None
    patient = LADDER + evidence.waits[key[0]]
    found = [cause for cause in evidence.causes.get(key[0], ())
             if cause.letter in (key[1], ANY) and is_cause(evidence, cause, answers, patient)]
    found += [climb for climb in evidence.climbs.get(key[0], ())
              if climb.letter in (key[1], ANY) and is_moved_twice(evidence, climb, answers, patient)]
    return tuple(found)


def is_moved_twice(evidence, climb, answers, ladder):
    """A rung's message is copied to the work queue before it is removed from the rung: a broker that dies between does
    it again. So both answers come after the climb, and one at least after that."""
    for fault in evidence.faults:
        if not fault.forgets or climb.moment > fault.end or fault.start > climb.moment + climb.since + MOVING:
            continue
        if answers is None or (answers[-1] >= fault.start and sum(
                climb.moment - CLOCKS <= answer <= fault.end + ladder for answer in answers) > 1):
            return True
    return False


def is_cause(evidence, cause, answers, ladder):
    """`answers`: when the sink answered 2xx, in order; None for what is no delivery. `ladder`: seconds."""
    begin = cause.moment - cause.since - CLOCKS
    if cause.name in FORKS:
        if cause.age > patience(evidence, cause):
            return False
        # A worker that was asked to end, and says goodbye, has settled what it did. (The broker may lose that all the
        # same: RabbitMQ keeps acknowledgements in the channel while many are on their way, and drops them at its end.)
        if cause.is_clean and cause.age == 0 and not disturbances(evidence, cause.moment - 2, cause.moment):
            return False
        # Both copies are of the message that was open then.
        end = cause.moment + ladder
        return answers is None or sum(begin <= answer <= end for answer in answers) > 1
    # One request more, of the same message: a dead letter does not come twice by that.
    if answers is None:
        return False
    if cause.name == "answered late" and (
            not had_time_to_time_out(evidence, cause) or cause.age > LATE + longest_turn(evidence, cause.moment)):
        return False
    return any(begin <= answer <= cause.moment + BUSY for answer in answers[:-1])


def had_time_to_time_out(evidence, cause):
    """Whether the worker can have waited as long as it does. A request is seen when it passes: what was held on its way
    was sent before that."""
    if cause.since >= TIMED_OUT:
        return True
    return any(h.name in HOLDING and h.start <= cause.moment and cause.moment - cause.since <= h.end + CLOCKS
               for h in evidence.faults)


def longest_turn(evidence, moment):
    """Seconds for which a worker did not look at its sockets, of the minutes around this moment."""
    return max((seconds for told, seconds in evidence.turns if 0 <= told - moment <= 60), default=0)


def patience(evidence, cause):
    """How many seconds before the end of its connection something counts as late."""
    forgets = any(h.forgets and h.is_near(cause.moment, cause.moment) for h in evidence.faults)
    return LATE_AT_A_BROKERS_END if forgets else LATE
