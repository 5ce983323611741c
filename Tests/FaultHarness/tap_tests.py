"""Tests of the taps: what is told of a connection that ended."""
import struct
import time
import unittest

import frames
import tap
from frames import method, short
from tap import BrokerTap, RequestTap


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
    """Of connections to the broker and to the sink."""

    def setUp(self):
        self.open = []
        self.tap = BrokerTap(lambda told: self.open.append((told.cause, told.event)))

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
        found = BrokerTap(lambda told: ages.append(told.age))
        found.to_client(delivery(1, 101) + delivery(2, 102))
        found.to_broker(acknowledgement(1))
        time.sleep(0.05)
        found.end()
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
            broken = BrokerTap(lambda *_: None)
            broken.to_client(method(1, frames.CONSUME_OK, short("me")) + message[:end])
            self.assertIsNone(broken.cancellation(), end)

    def requests(self, *pieces, by="client"):
        """What is told of a connection to the sink on which these pieces passed: > to it, < from it."""
        told = []
        requests = RequestTap(told.append)
        for piece in pieces:
            (requests.to_broker if piece[:1] == b">" else requests.to_client)(piece[1:])
        requests.end(by)
        return [(one.cause, one.letter, one.event) for one in told]

    ASKED = b">GET /a/ok?cid=e-%d HTTP/1.1\r\n\r\n"
    OK = b"<HTTP/1.1 200 OK\r\n\r\n"

    def test_a_request_is_unanswered_until_its_status_came(self):
        for head in (b"<HTTP/1.1 2", b"<HTTP/1.1 200 OK"):
            self.assertEqual(self.requests(self.ASKED % 5, self.OK, self.ASKED % 6, head), [("unanswered", "a", 6)])
        self.assertEqual(self.requests(self.ASKED % 5, b"<HTT", b"<P/1.1 200", b"< OK\r\n", by="server"), [])

    def test_an_answer_that_passed_just_before_the_client_hung_up_is_told(self):
        self.assertEqual(self.requests(self.ASKED % 5, self.OK), [("answered late", "a", 5)])
        self.assertEqual(self.requests(self.ASKED % 5, self.OK, by="server"), [])

    def test_the_postback_that_a_message_is_about_is_told(self):
        route = short("x-postback-route") + b"S" + struct.pack(">I", 9) + b"3/g/rou/d"
        table = short("x-postback-attempts") + b"I\0\0\0\1" + route
        header = struct.pack(">HHQH", 60, 0, 0, 0x2000) + struct.pack(">I", len(table)) + table
        self.assertEqual(tap.letter_of(header), "d")
        self.assertEqual(tap.letter_of(header.replace(b"postback-route", b"postback-ruote")), tap.ANY)

    def test_a_long_wait_on_the_ladder_is_told(self):
        told = []
        broker = BrokerTap(told.append)
        for queue in ("postback.retry.4s", "postback.retry.512s"):
            broker.to_broker(content(1, frames.PUBLISH, struct.pack(">H", 0) + short("") + short(queue) + b"\1",
                                     b'{"id":"e-7"}'))
        self.assertEqual([(one.cause, one.event, one.age) for one in told],
                         [("on the ladder", 7, 4), ("on the ladder", 7, 512)])

    def test_how_long_it_was_open_and_that_the_worker_said_goodbye_is_told(self):
        told = []
        broker = BrokerTap(told.append)
        broker.to_client(delivery(1, 101))
        time.sleep(0.05)
        broker.to_broker(method(1, frames.CHANNEL_CLOSE))
        broker.end()
        self.assertTrue(told[0].is_clean and 0.05 <= told[0].since < 5, told)
        self.assertEqual((told[0].letter, told[0].age), (tap.ANY, 0))

    def test_each_acknowledgement_is_told_at_once(self):
        settled = []
        broker = BrokerTap(lambda told: None, settled.append)
        broker.to_client(b"".join(delivery(tag, tag + 100) for tag in range(1, 6)))
        broker.to_broker(acknowledgement(2, multiple=1) + acknowledgement(4) + acknowledgement(3, number=frames.NACK))
        self.assertEqual(settled, [101, 102, 104])
