"""Judges a run: every confirmed event has exactly one end per postback, and doubles have a cause. Pure."""
import collections

import events

# What was acknowledged or confirmed so many seconds before its connection ended may not have arrived: it lay in a buffer
# of RabbitMQ's channel, the kernel's or the worker's. A broker that is killed forgets more.
LATE = 1.0
LATE_AT_BROKER_FAULT = 5.0


class Judgement:
    def __init__(self):
        self.ends = collections.Counter()  # expected end -> deliveries that had it
        self.lost = []  # keys
        self.stuck = []  # keys
        self.wrong = []  # (key, what was found)
        self.allowed = []  # (key, copies more than one, causes in words)
        self.forbidden = []  # (key, copies more than one, causes in words)
        self.unrecorded = []  # keys that were not to be sent, of which no record tells
        self.false = []  # keys that the log calls delivered, and the sink knows nothing of

    @property
    def is_good(self):
        return not (self.lost or self.stuck or self.wrong or self.forbidden or self.false)


def judge(evidence, mix):
    result = Judgement()
    for event in range(len(evidence.confirmed)):
        if not evidence.confirmed[event]:
            continue
        for postback in mix.kind(event).postbacks:
            _judge_one(evidence, (event, postback.letter), postback.end, result)
    for key in {*evidence.answered, *evidence.letters}:
        if key[0] is None:
            result.wrong.append((key, "a dead letter of no event of ours"))
        elif key[1] not in [postback.letter for postback in mix.kind(key[0]).postbacks]:
            found = f"dead letter {evidence.letters[key]}" if key in evidence.letters else "delivered"
            result.wrong.append((key, f"{found}, though no postback of the event has this name"))
    for key, ends in evidence.logged_ends.items():
        if "delivered" in ends and not evidence.answered[key]:
            result.false.append(key)
    return result


def _judge_one(evidence, key, expected, result):
    event = key[0]
    answered = evidence.answered[key]
    # Before a postback is chosen, and where none is, a letter has no route.
    letters = evidence.letters.get(key, [])
    if answered and expected != events.DELIVERED:
        result.wrong.append((key, f"delivered, though it should end as {expected}"))
    for reason in letters:
        if expected != events.dead(reason):
            result.wrong.append((key, f"dead letter {reason}, though it should end as {expected}"))
            return
    if expected.startswith("not sent"):
        verdict = expected.rpartition(" ")[2]
        if event in evidence.left:
            result.stuck.append(key)
        elif verdict in evidence.logged_ends.get(key, ()):
            result.ends[expected] += 1
        else:
            result.unrecorded.append(key)
        return
    count = answered if expected == events.DELIVERED else len(letters)
    if count == 0:
        (result.stuck if event in evidence.left else result.lost).append(key)
        return
    result.ends[expected] += 1
    if count > 1:
        causes = causes_of(evidence, key)
        kind = result.allowed if sum(causes.values()) >= count - 1 else result.forbidden
        kind.append((key, count - 1, dict(causes)))


def causes_of(evidence, key):
    """Why this delivery may have happened again: cause -> how often."""
    causes = collections.Counter()
    causes["published twice"] = evidence.copies[key[0]]
    causes["unknown outcome"] = evidence.unknown[key]
    causes["sent again by libcurl"] = evidence.resent[key]
    wire = collections.Counter(
        cause for moment, _, cause, age in evidence.causes.get(key[0], ()) if age <= patience(evidence, moment)
    )
    # What the wire saw and the log tells too is one cause; of the log of a killed worker only the wire tells.
    unanswered = {cause: wire.pop(cause) for cause in list(wire) if cause.startswith("unanswered ")}
    told = evidence.unknown[key] + evidence.resent[key]
    causes["unanswered, record lost"] = max(0, unanswered.get(f"unanswered {key[1]}", 0) - told)
    causes.update(wire)
    return +causes


def patience(evidence, moment):
    """How many seconds before the end of a connection at this moment count as late."""
    is_broker = any(start - 1 <= moment <= end + 5 for start, end in evidence.broker_faults)
    return LATE_AT_BROKER_FAULT if is_broker else LATE
