"""Tests of the harness's own decisions, without broker or worker: python3 Tests/FaultHarness/selftest.py"""
import collections
import struct
import time
import types
import unittest

import events
import frames
import oracle
from fault import FaultLog, Happened
from frames import FrameReader, method, short
from schedule import plan
from tap import BrokerTap, RequestTap

KIND = {kind.publisher: kind for kind in events.FAULTS.kinds}


def number_of(publisher):
    return next(n for n in range(100) if events.FAULTS.kind(n).publisher == publisher)


def evidence(publisher, **found):
    """Of one confirmed event of this publisher."""
    number = number_of(publisher)
    confirmed = bytearray(number + 1)
    confirmed[number] = 1
    blank = {
        "confirmed": confirmed, "copies": collections.Counter(), "answered": collections.Counter(),
        "letters": collections.defaultdict(list), "causes": collections.defaultdict(list),
        "unknown": collections.Counter(), "resent": collections.Counter(),
        "logged_ends": collections.defaultdict(set), "left": {}, "broker_faults": [],
    }
    for name, value in found.items():
        if isinstance(blank[name], list):
            blank[name] += value(number)
        else:
            blank[name].update(value(number))
    return number, types.SimpleNamespace(**blank)


def judged(publisher, **found):
    return oracle.judge(evidence(publisher, **found)[1], events.FAULTS)


class OracleTests(unittest.TestCase):
    def test_an_event_without_any_end_is_lost(self):
        result = judged("1")
        self.assertEqual(len(result.lost), 1)
        self.assertFalse(result.is_good)

    def test_one_of_two_postbacks_may_be_lost_alone(self):
        result = judged("3", answered=lambda n: {(n, "c"): 1})
        self.assertEqual(result.lost, [(number_of("3"), "d")])

    def test_what_still_lies_in_a_queue_is_stuck(self):
        result = judged("1", left=lambda n: {n: "postback.retry.1s"})
        self.assertEqual((len(result.stuck), len(result.lost)), (1, 0))
        self.assertFalse(result.is_good)

    def test_a_double_without_a_cause_is_forbidden(self):
        result = judged("1", answered=lambda n: {(n, "a"): 2})
        self.assertEqual(len(result.forbidden), 1)
        self.assertFalse(result.is_good)

    def test_each_copy_needs_a_cause_of_its_own(self):
        cause = lambda n: {n: [(0.0, "broker-1", "unacknowledged", 0)]}
        self.assertTrue(judged("1", answered=lambda n: {(n, "a"): 2}, causes=cause).is_good)
        self.assertFalse(judged("1", answered=lambda n: {(n, "a"): 3}, causes=cause).is_good)

    def test_an_unknown_outcome_of_the_other_postback_is_no_cause(self):
        result = judged("3", answered=lambda n: {(n, "c"): 2, (n, "d"): 1}, unknown=lambda n: {(n, "d"): 1})
        self.assertFalse(result.is_good)

    def test_an_unanswered_request_that_the_log_tells_of_counts_once(self):
        result = judged("1", answered=lambda n: {(n, "a"): 3}, unknown=lambda n: {(n, "a"): 1},
                        causes=lambda n: {n: [(0.0, "site-calm", "unanswered a", 0)]})
        self.assertFalse(result.is_good)

    def test_an_unanswered_request_of_one_postback_excuses_no_other(self):
        cause = lambda n: {n: [(0.0, "site-calm", "unanswered c", 0)]}
        both = lambda c, d: lambda n: {(n, "c"): c, (n, "d"): d}
        self.assertTrue(judged("3", answered=both(2, 1), causes=cause).is_good)
        self.assertFalse(judged("3", answered=both(1, 2), causes=cause).is_good)

    def test_a_request_that_libcurl_sent_again_counts_once(self):
        found = {"resent": lambda n: {(n, "a"): 1}, "causes": lambda n: {n: [(0.0, "site-calm", "unanswered a", 0)]}}
        self.assertTrue(judged("1", answered=lambda n: {(n, "a"): 2}, **found).is_good)
        self.assertFalse(judged("1", answered=lambda n: {(n, "a"): 3}, **found).is_good)

    def test_what_was_acknowledged_long_before_is_no_cause_but_of_a_broker_that_failed(self):
        def late(age, faults=()):
            return judged("1", answered=lambda n: {(n, "a"): 2}, broker_faults=lambda n: faults,
                          causes=lambda n: {n: [(100.0, "broker-1", "acknowledged late", age)]}).is_good

        self.assertTrue(late(0.5))
        self.assertFalse(late(3))
        self.assertTrue(late(3, [(98.0, 102.0)]))
        self.assertFalse(late(3, [(10.0, 12.0)]))

    def test_an_end_that_no_postback_of_the_event_has_is_wrong(self):
        self.assertFalse(judged("1", answered=lambda n: {(n, "a"): 1}, letters=lambda n: {(n, "-"): ["poison"]}).is_good)
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


def content(channel, number, arguments, body):
    return (method(channel, number, arguments)
            + frames.frame(frames.HEADER, channel, struct.pack(">HHQH", 60, 0, len(body), 0))
            + frames.frame(frames.BODY, channel, body))


def delivery(tag, event):
    return content(1, frames.DELIVER, short("me") + struct.pack(">QB", tag, 0) + short("") + short("q"),
                   b'{"id":"e-%d"}' % event)


def acknowledgement(tag, multiple=0, number=frames.ACK):
    return method(1, number, struct.pack(">QB", tag, multiple))


class TapTests(unittest.TestCase):
    def setUp(self):
        self.open = []
        self.tap = BrokerTap(lambda cause, event, age: self.open.append((cause, event)))

    def test_what_was_not_acknowledged_is_told(self):
        self.tap.to_client(b"".join(delivery(tag, tag + 100) for tag in range(1, 6)))
        self.tap.to_broker(acknowledgement(2, multiple=1) + acknowledgement(4))
        self.tap.end()
        self.assertEqual([e for c, e in self.open if c == "unacknowledged"], [103, 105])
        self.assertEqual([e for c, e in self.open if c == "acknowledged late"], [101, 102, 104])

    def test_what_was_given_back_is_no_reason_to_come_twice(self):
        self.tap.to_client(delivery(1, 101))
        self.tap.to_broker(acknowledgement(1, number=frames.NACK))
        self.tap.end()
        self.assertEqual(self.open, [])

    def test_how_long_ago_it_was_settled_is_told(self):
        ages = []
        tap = BrokerTap(lambda cause, event, age: ages.append(age))
        tap.to_client(delivery(1, 101) + delivery(2, 102))
        tap.to_broker(acknowledgement(1))
        time.sleep(0.05)
        tap.end()
        self.assertEqual(ages[0], 0)
        self.assertTrue(0.05 <= ages[1] < 5, ages)

    def test_bytes_may_come_in_any_pieces(self):
        stream = b"".join(delivery(tag, tag) for tag in range(1, 20))
        for start in range(0, len(stream), 7):
            self.tap.to_client(stream[start:start + 7])
        self.tap.end()
        self.assertEqual([e for _, e in self.open], list(range(1, 20)))

    def test_what_was_not_confirmed_is_told(self):
        publish = lambda n: content(1, frames.PUBLISH, struct.pack(">H", 0) + short("") + short("q") + b"\1",
                                    b'{"id":"e-%d"}' % n)
        self.tap.to_broker(b"AMQP\0\0\x09\x01" + publish(7) + publish(8))
        self.tap.to_client(acknowledgement(1))
        self.tap.end()
        self.assertIn(("unconfirmed", 8), self.open)
        self.assertNotIn(("unconfirmed", 7), self.open)

    def test_records_of_the_delivery_log_are_no_events(self):
        self.tap.to_broker(content(1, frames.PUBLISH, struct.pack(">H", 0) + short("") + short("postback.deliveries")
                                   + b"\1", b'{"event_id":"e-7"}'))
        self.tap.end()
        self.assertEqual(self.open, [])

    def test_a_cancellation_never_breaks_into_a_message(self):
        self.tap.to_client(method(1, frames.CONSUME_OK, short("me")))
        self.assertEqual(self.tap.cancellation(), method(1, frames.CANCEL, short("me") + b"\1"))
        message = delivery(1, 1)
        for end in range(1, len(message)):
            tap = BrokerTap(lambda *_: None)
            tap.to_client(method(1, frames.CONSUME_OK, short("me")) + message[:end])
            self.assertIsNone(tap.cancellation(), end)

    def test_a_request_is_unanswered_until_its_status_came(self):
        told = []
        tap = RequestTap(lambda cause, event, age: told.append((cause, event)))
        tap.to_broker(b"GET /a/ok?cid=e-5 HTTP/1.1\r\n\r\n")
        tap.to_client(b"HTTP/1.1 200 OK\r\n\r\n")
        tap.to_broker(b"GET /a/ok?cid=e-6 HTTP/1.1\r\n\r\n")
        tap.to_client(b"HTTP/1.1 2")
        tap.end()
        self.assertEqual(told, [("unanswered a", 6)])


class ScheduleTests(unittest.TestCase):
    class Alone:
        room, alone = "broker", True

    class Broker:
        room, alone = "broker", False

    class Sink:
        room, alone = "sink", False

    CATALOGUE = {"a": Alone, "b": Broker, "c": Broker, "s": Sink, "t": Sink}

    def test_a_seed_gives_the_same_schedule(self):
        self.assertEqual(plan(5, 40, 100, self.CATALOGUE), plan(5, 40, 100, self.CATALOGUE))
        self.assertNotEqual(plan(5, 40, 100, self.CATALOGUE), plan(6, 40, 100, self.CATALOGUE))

    def test_each_fault_comes_equally_often_and_keeps_its_distance(self):
        for seed in range(50):
            steps = plan(seed, 40, 100, self.CATALOGUE)
            names = collections.Counter(fault.name for step in steps for fault in step.faults)
            self.assertEqual(set(names.values()), {8})
            for step in steps:
                rooms = [self.CATALOGUE[fault.name].room for fault in step.faults]
                self.assertEqual(len(rooms), len(set(rooms)))
                self.assertTrue(len(rooms) == 1 or not any(self.CATALOGUE[f.name].alone for f in step.faults))


class FaultLogTests(unittest.TestCase):
    def test_what_was_never_done_is_told_once(self):
        log = FaultLog()
        for name, words in (("a", "not done: x"), ("b", ""), ("a", "not done: y"), ("c", "not done: z"), ("c", "")):
            log.add(Happened(0, 1, name, "broker", words))
        self.assertEqual([(h.name, h.words) for h in log.undone()], [("a", "not done: y")])


class FrameTests(unittest.TestCase):
    def test_the_greeting_is_passed_over(self):
        self.assertEqual(FrameReader().feed(b"AMQP\0\0\x09\x01" + method(0, 5)), [(1, 0, struct.pack(">I", 5))])


if __name__ == "__main__":
    unittest.main()
