"""Tests of the oracle: which ends are right, and which causes excuse a double."""
import collections
import types
import unittest

import broker_faults
import cluster
import events
import oracle
import tap
from evidence import Cause
from fault import Happened
from replica import End


def number_of(publisher):
    return next(n for n in range(100) if events.FAULTS.kind(n).publisher == publisher)


def evidence(publisher, **found):
    """Of one confirmed event of this publisher: each value is a function of its number."""
    number = number_of(publisher)
    confirmed = bytearray(number + 1)
    confirmed[number] = 1
    blank = {
        "confirmed": confirmed, "copies": collections.Counter(), "answered": collections.Counter(), "answers": {},
        "letters": collections.defaultdict(list), "causes": collections.defaultdict(list), "acknowledged": {},
        "unknown": collections.Counter(), "resent": collections.Counter(), "waits": collections.Counter(),
        "climbs": {},
        "logged_ends": collections.defaultdict(set), "left": {}, "faults": [], "ends": [], "turns": [],
        "dropped": 0,
    }
    for name, value in found.items():
        if isinstance(blank[name], list):
            blank[name] += value(number)
        elif isinstance(blank[name], int):
            blank[name] = value(number)
        else:
            blank[name].update(value(number))
    # When the answers were: one a second from second 100 on, unless told.
    for key, count in blank["answered"].items():
        blank["answers"].setdefault(key, [100.0 + one for one in range(count)])
    return number, types.SimpleNamespace(**blank)


def cause(name, moment=101.0, letter=tap.ANY, age=0.0, since=2.0, relay="broker-1", is_clean=False):
    return Cause(moment, relay, name, letter, age, since, is_clean)


def happened(name="broker kill -9", start=98.0, end=102.0, room="broker", forgets=False):
    return Happened(start, end, name, room, "", forgets)


def judged(publisher, **found):
    return oracle.judge(evidence(publisher, **found)[1], events.FAULTS)


class OracleTests(unittest.TestCase):
    """Of one confirmed event each."""

    def test_an_event_without_any_end_is_lost(self):
        result = judged("1")
        self.assertEqual(len(result.lost), 1)
        self.assertFalse(result.is_good)

    def test_one_of_two_postbacks_may_be_lost_alone(self):
        result = judged("3", answered=lambda n: {(n, "c"): 1})
        self.assertEqual([one.key for one in result.lost], [(number_of("3"), "d")])

    def test_what_still_lies_in_a_queue_is_stuck(self):
        result = judged("1", left=lambda n: {n: "postback.retry.1s"})
        self.assertEqual((len(result.stuck), len(result.lost)), (1, 0))
        self.assertFalse(result.is_good)

    def test_a_double_without_a_cause_is_forbidden(self):
        result = judged("1", answered=lambda n: {(n, "a"): 2})
        self.assertEqual(len(result.forbidden), 1)
        self.assertFalse(result.is_good)

    def double(self, *causes, copies=2, at=None, publisher="1", letter="a", **more):
        """Whether so many answers are fine with these causes; the log tells of the unanswered ones, unless told."""
        other = {"3": "d" if letter == "c" else "c"}.get(publisher)
        unknown = collections.Counter(one.letter for one in causes if one.name == "unanswered")
        found = {
            "answered": lambda n: {(n, letter): copies} | ({(n, other): 1} if other else {}),
            "answers": lambda n: {(n, letter): at} if at else {},
            "causes": lambda n: {n: list(causes)},
            "unknown": lambda n: {(n, one): count for one, count in unknown.items()},
        }
        return judged(publisher, **(found | more)).is_good

    def test_each_copy_needs_a_cause_of_its_own(self):
        self.assertTrue(self.double(cause("unacknowledged")))
        self.assertFalse(self.double(cause("unacknowledged"), copies=3))
        self.assertTrue(self.double(cause("unacknowledged"), cause("unconfirmed"), copies=3))

    def test_the_log_alone_excuses_nothing(self):
        self.assertFalse(self.double(unknown=lambda n: {(n, "a"): 1}))
        self.assertFalse(self.double(resent=lambda n: {(n, "a"): 1}))
        # Answered in time, and then taken for a time-out.
        answered = cause("answered late", 102.0, "a", age=1.9, since=2.0, relay="site-calm")
        self.assertFalse(self.double(answered, unknown=lambda n: {(n, "a"): 1}))

    def test_an_unanswered_request_excuses_one_copy_of_its_own_postback(self):
        self.assertTrue(self.double(cause("unanswered", letter="a")))
        self.assertFalse(self.double(cause("unanswered", letter="a"), copies=3))
        self.assertTrue(self.double(cause("unanswered", letter="c"), publisher="3", letter="c"))
        self.assertFalse(self.double(cause("unanswered", letter="c"), publisher="3", letter="d"))

    def test_an_unanswered_request_that_the_sink_never_answered_excuses_nothing(self):
        self.assertFalse(self.double(cause("unanswered", 70.0, "a", since=1.0)))
        self.assertFalse(self.double(cause("unanswered", 103.0, "a", since=1.0)))

    def test_an_answer_that_came_when_the_worker_gave_up_excuses_one_copy(self):
        late = cause("answered late", 101.0, "a", age=0.1, since=2.0)
        self.assertTrue(self.double(late))
        self.assertFalse(self.double(late._replace(age=1.5)))
        self.assertFalse(self.double(late._replace(since=0.2), at=[100.9, 102.0]))
        # It was held on its way, and passed when the worker had waited long enough.
        held = late._replace(age=0.01, since=0.02)
        stall = lambda end: lambda n: [Happened(98.0, end, "sink connections stalled", "sink", "")]
        self.assertTrue(self.double(held, at=[101.0, 102.0], faults=stall(101.0)))
        self.assertFalse(self.double(held, at=[101.0, 102.0], faults=stall(99.0)))
        # It lay in the socket of a worker that got no processor.
        self.assertTrue(self.double(late._replace(age=1.5), turns=lambda n: [(120.0, 0.6)]))
        self.assertFalse(self.double(late._replace(age=1.5), turns=lambda n: [(120.0, 0.4), (200.0, 2.0), (90.0, 2.0)]))

    def test_what_the_wire_calls_unanswered_the_log_must_call_unknown(self):
        silent = {"unknown": lambda n: {}}
        request = cause("unanswered", letter="a")
        end = lambda moment, is_kill: {"ends": lambda n: [End(moment, is_kill, "replica-1")]}
        self.assertFalse(self.double(request, **silent))
        self.assertFalse(self.double(request, copies=1, **silent))
        self.assertTrue(self.double(request, resent=lambda n: {(n, "a"): 1}, **silent))
        self.assertTrue(self.double(request, dropped=lambda n: 1, **silent))
        self.assertTrue(self.double(request, **end(101.5, True), **silent))
        self.assertFalse(self.double(request, **end(105.0, True), **silent))
        self.assertFalse(self.double(request, **end(101.5, False), **silent))

    def test_what_was_acknowledged_long_before_is_no_cause_but_of_a_broker_that_failed(self):
        def late(age, *faults):
            return self.double(cause("acknowledged late", 100.0, age=age, since=4.0), at=[98.0, 101.0],
                               faults=lambda n: faults)

        self.assertTrue(late(0.5))
        self.assertFalse(late(3))
        self.assertTrue(late(3, happened(forgets=True)))
        self.assertFalse(late(3, happened(forgets=True, start=10.0, end=12.0)))
        self.assertFalse(late(3, happened("memory alarm")))

    def test_only_what_takes_its_memory_from_a_broker_forgets(self):
        forgetful = {fault.name for fault in broker_faults.FAULTS + cluster.FAULTS if fault.forgets}
        self.assertEqual(forgetful, {"broker restarted", "broker kill -9", "broker frozen", "node kill -9",
                                     "node restarted", "node frozen", "node partitioned"})

    def test_a_cause_of_one_postback_excuses_no_other(self):
        self.assertTrue(self.double(cause("unacknowledged", letter="d"), publisher="3", letter="d"))
        self.assertFalse(self.double(cause("unacknowledged", letter="d"), publisher="3", letter="c"))
        self.assertTrue(self.double(cause("unacknowledged"), publisher="3", letter="c"))

    def test_a_cause_excuses_only_what_came_of_the_message_that_was_open(self):
        message = cause("unacknowledged", 10.0, since=1.0)
        self.assertTrue(self.double(message, at=[9.5, 12.0]))
        self.assertTrue(self.double(message, at=[60.0, 100.0]))
        self.assertFalse(self.double(message, at=[5.0, 12.0]))
        self.assertFalse(self.double(message, at=[9.5, 500.0]))
        self.assertFalse(self.double(message, at=[495.0, 500.0]))
        self.assertTrue(self.double(message, at=[495.0, 500.0], waits=lambda n: {n: 512}))

    def test_a_broker_that_dies_may_move_what_lay_on_a_rung_twice(self):
        climb = {"climbs": lambda n: {n: [cause("dead-lettered twice", 96.0, "a", since=4.0)]}}
        kill = lambda start, **more: {"faults": lambda n: [happened(start=start, end=start + 4, **more)]}
        self.assertFalse(self.double(**climb))
        self.assertTrue(self.double(**climb, **kill(98.0, forgets=True)))
        self.assertFalse(self.double(**climb, **kill(98.0)))
        self.assertFalse(self.double(**climb, **kill(80.0, forgets=True)))
        self.assertFalse(self.double(**climb, **kill(140.0, forgets=True)))
        self.assertFalse(self.double(**climb, **kill(98.0, forgets=True), copies=3))
        self.assertFalse(self.double(**climb, **kill(98.0, forgets=True), at=[90.0, 101.0]))

    def test_a_worker_that_says_goodbye_has_settled_what_it_did(self):
        message = cause("unacknowledged", is_clean=True)
        drain = happened("replica SIGTERM", room="worker")
        self.assertFalse(self.double(message))
        self.assertFalse(self.double(message, faults=lambda n: [drain]))
        self.assertFalse(self.double(message, faults=lambda n: [drain, happened("sink down", room="sink")]))
        self.assertTrue(self.double(message, faults=lambda n: [drain, happened("memory alarm")]))
        # What the worker did acknowledge, the broker's channel may drop.
        self.assertTrue(self.double(cause("acknowledged late", age=0.2, is_clean=True), faults=lambda n: [drain]))
        self.assertFalse(self.double(cause("acknowledged late", age=1.2, is_clean=True), faults=lambda n: [drain]))

    def test_a_dead_letter_does_not_come_twice_by_a_request_without_an_answer(self):
        twice = {"letters": lambda n: {(n, "g"): ["rejected", "rejected"]}, "unknown": lambda n: {(n, "g"): 1}}
        self.assertFalse(judged("6", causes=lambda n: {n: [cause("unanswered", letter="g")]}, **twice).is_good)
        self.assertTrue(judged("6", causes=lambda n: {n: [cause("unconfirmed", letter="g")]}, **twice).is_good)

    def test_what_was_not_to_be_sent_is_in_the_log_or_its_worker_died_with_it(self):
        acknowledged = {"acknowledged": lambda n: {n: (100.0, "replica-1")}}
        end = lambda moment, is_kill=True, who="replica-1": {"ends": lambda n: [End(moment, is_kill, who)]}
        self.assertEqual(len(judged("7").lost), 1)
        self.assertFalse(judged("7", **acknowledged).is_good)
        self.assertTrue(judged("7", **acknowledged, **end(100.5)).is_good)
        self.assertFalse(judged("7", **acknowledged, **end(100.5, who="replica-2")).is_good)
        self.assertFalse(judged("7", **acknowledged, **end(100.5, is_kill=False)).is_good)
        self.assertFalse(judged("7", **acknowledged, **end(105.0)).is_good)
        # Held while the broker took nothing.
        self.assertTrue(judged("7", **acknowledged, **end(105.0), faults=lambda n: [happened("memory alarm")]).is_good)
        self.assertTrue(judged("7", **acknowledged, dropped=lambda n: 1).is_good)

    def test_an_end_that_no_postback_of_the_event_has_is_wrong(self):
        self.assertFalse(judged("1", answered=lambda n: {(n, "a"): 1},
                                letters=lambda n: {(n, "-"): ["poison"]}).is_good)
        self.assertFalse(judged("1", answered=lambda n: {(n, "a"): 1, (n, "b"): 1}).is_good)
        self.assertFalse(judged("8", answered=lambda n: {(n, "a"): 1},
                                logged_ends=lambda n: {(n, "-"): {"no_route"}}).is_good)

    def test_two_different_ends_are_wrong(self):
        self.assertFalse(judged("1", answered=lambda n: {(n, "a"): 1},
                                letters=lambda n: {(n, "a"): ["exhausted"]}).is_good)

    def test_a_dead_letter_with_another_reason_is_wrong(self):
        self.assertTrue(judged("6", letters=lambda n: {(n, "g"): ["rejected"]}).is_good)
        self.assertFalse(judged("6", letters=lambda n: {(n, "g"): ["poison"]}).is_good)

    def test_what_must_not_be_sent_and_was_is_wrong(self):
        self.assertTrue(judged("7", logged_ends=lambda n: {(n, "-"): {"suppressed"}}).is_good)
        self.assertFalse(judged("7", answered=lambda n: {(n, "a"): 1},
                                logged_ends=lambda n: {(n, "-"): {"suppressed"}}).is_good)

    def test_a_delivery_that_only_the_log_knows_is_told(self):
        self.assertFalse(judged("6", letters=lambda n: {(n, "g"): ["rejected"]},
                                logged_ends=lambda n: {(n, "g"): {"delivered"}}).is_good)
