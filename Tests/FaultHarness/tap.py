"""What a connection had open when it ended, read from the bytes that a relay passes on.

This is how the oracle knows what may come twice: messages that were delivered and not acknowledged, messages that were
published and not confirmed, requests without an answer. Nothing is changed; only `cancellation` makes bytes of its own.
"""
import collections
import re
import struct
import time
from typing import NamedTuple

import frames
from frames import FrameReader

EVENT = re.compile(rb'"id":"e-(\d+)"')
# A member of a header table: the length of its name, the name, "S", four bytes of length, the key of a postback.
ROUTE = re.compile(rb"\x10x-postback-routeS\x00\x00(..)", re.S)
RUNG = re.compile(rb"retry\.(\d+)s")
GRACE = 5.0  # seconds for which what was settled is remembered
ANY = "*"  # in place of a letter: the message is about every postback of its event


class Open(NamedTuple):
    """A message that passed, until it is settled."""

    event: int
    letter: str  # of the postback that it is about, or ANY
    since: float  # monotonic


class Told(NamedTuple):
    """One event that a connection had open when it ended, or not long before."""

    cause: str
    event: int
    letter: str
    age: float  # seconds since a broker or worker was told that it is open no more; 0 when it was open still; a rung
    since: float  # seconds since it passed
    is_clean: bool  # the worker had said that it closes the connection


class Content:
    """A method that carries a message: publish, deliver or return, until its body is whole."""

    def __init__(self, number, tag, rung=0):
        self.number = number
        self.tag = tag
        self.rung = rung  # seconds that it is to lie on the ladder
        self.size = None
        self.letter = ANY
        self.body = b""


class BrokerTap:
    """Both directions of one connection. `report(Told)` is called at the end for each event that was open.

    What goes to the ladder is told at once, the rung as its age. What was settled is told as well, with
    its age: the message of that may have been lost with the connection. How old is old enough, the oracle decides.
    `settled(event)` is called for each acknowledgement that passes.
    """

    def __init__(self, report, settled=lambda event: None):
        self._report = report
        self._acknowledged = settled
        self._to_broker, self._to_client = FrameReader(), FrameReader()
        self._contents = {}  # (direction, channel) -> Content
        self._held = {}  # delivery tag -> Open
        self._open = {}  # publish sequence -> Open
        self._published = 0
        self._settled = collections.deque()  # (time, cause, Open), youngest last
        self._consumer = None  # (channel, tag)
        self._is_clean = False
        self.publishes = False  # it is a publisher's

    def to_broker(self, data):
        for kind, channel, payload in self._to_broker.feed(data):
            if kind == frames.METHOD:
                number = int.from_bytes(payload[:4], "big")
                if number == frames.ACK:
                    tag, multiple = struct.unpack_from(">QB", payload, 4)
                    for message in self._settle(self._held, tag, multiple & 1, "acknowledged late"):
                        self._acknowledged(message.event)
                elif number in (frames.NACK, frames.REJECT):
                    # Given back: nothing was begun with it, so this is no reason to come twice.
                    self._held.pop(int.from_bytes(payload[4:12], "big"), None)
                elif number == frames.CONFIRM_SELECT:
                    self.publishes = True
                elif number == frames.PUBLISH:
                    self._published += 1
                    rung = RUNG.search(payload)
                    self._contents[0, channel] = Content(number, self._published, int(rung.group(1)) if rung else 0)
                elif number in (frames.CONNECTION_CLOSE, frames.CHANNEL_CLOSE):
                    self._is_clean = True
            elif kind in (frames.HEADER, frames.BODY):
                self._content(0, channel, kind, payload)

    def to_client(self, data):
        now = time.monotonic()
        while self._settled and self._settled[0][0] < now - GRACE:
            self._settled.popleft()
        for kind, channel, payload in self._to_client.feed(data):
            if kind == frames.METHOD:
                number = int.from_bytes(payload[:4], "big")
                if number == frames.DELIVER:
                    length = payload[4]
                    tag = int.from_bytes(payload[5 + length:13 + length], "big")
                    self._contents[1, channel] = Content(number, tag)
                elif number in (frames.ACK, frames.NACK):
                    tag, bits = struct.unpack_from(">QB", payload, 4)
                    self._settle(self._open, tag, bits & 1, "confirmed late")
                elif number == frames.CONSUME_OK:
                    self._consumer = (channel, payload[4:5 + payload[4]])
                elif number in (frames.RETURN, frames.GET_OK):
                    self._contents[1, channel] = Content(number, 0)
            elif kind in (frames.HEADER, frames.BODY):
                self._content(1, channel, kind, payload)

    def cancellation(self):
        """A basic.cancel as the broker would send it, or None while it would break into a message."""
        if self._consumer is None or self._to_client.rest or any(key[0] == 1 for key in self._contents):
            return None
        channel, tag = self._consumer
        return frames.method(channel, frames.CANCEL, tag + b"\x01")

    @property
    def consumes(self):
        return self._consumer is not None and not self.publishes

    def end(self, by=""):
        """The connection is over, whoever ended it."""
        now = time.monotonic()
        for message in self._held.values():
            self._tell("unacknowledged", message, now, now)
        for message in self._open.values():
            self._tell("unconfirmed", message, now, now)
        for moment, cause, message in self._settled:
            self._tell(cause, message, moment, now)
        self._held, self._open, self._settled = {}, {}, collections.deque()

    def _tell(self, cause, message, moment, now):
        self._report(Told(cause, message.event, message.letter, now - moment, now - message.since, self._is_clean))

    def _content(self, direction, channel, kind, payload):
        content = self._contents.get((direction, channel))
        if content is None:
            return
        if kind == frames.HEADER:
            content.size = int.from_bytes(payload[4:12], "big")
            content.letter = letter_of(payload)
        else:
            content.body += payload
        if content.size is None or len(content.body) < content.size:
            return
        del self._contents[direction, channel]
        found = EVENT.search(content.body)
        # Records of the delivery log hold "event_id" instead, and are nobody's message.
        if found is None:
            return
        message = Open(int(found.group(1)), content.letter, time.monotonic())
        if content.number == frames.DELIVER:
            self._held[content.tag] = message
        elif content.number == frames.PUBLISH:
            self._open[content.tag] = message
            if content.rung:
                self._report(Told("on the ladder", message.event, message.letter, content.rung, 0, False))

    def _settle(self, table, tag, multiple, cause):
        """Returns what was settled by this."""
        now = time.monotonic()
        keys = [tag] if tag in table else []
        if multiple:
            keys = []
            for key in table:
                if key > tag:
                    break  # tags grow
                keys.append(key)
        found = [table.pop(key) for key in keys]
        self._settled.extend((now, cause, message) for message in found)
        return found


def letter_of(header):
    """Of a content header: the letter of the postback that `x-postback-route` names, or ANY without one."""
    found = ROUTE.search(header)
    if found is None:
        return ANY
    end = found.end() + int.from_bytes(found.group(1), "big")
    return header[found.end():end].decode().rpartition("/")[2] or ANY


class RequestTap:
    """A connection to the sink, on which one request follows the other.

    Told at its end: the request of which no whole status line had arrived (`unanswered`), or the last one, when its
    answer passed just before the client hung up (`answered late`): the client may have given it up without seeing that.
    """

    _TARGET = re.compile(rb"GET /(\w)/\S*?cid=e-(\d+)")

    def __init__(self, report):
        self._report = report
        self._asked = None  # Open
        self._head = b""  # of the answer, until its status line is whole
        self._answered = None  # when it was

    def to_broker(self, data):  # the name of the direction, whoever is at the end
        found = self._TARGET.search(data)
        if found:
            self._asked = Open(int(found.group(2)), found.group(1).decode(), time.monotonic())
            self._head, self._answered = b"", None

    def to_client(self, data):
        if self._answered is None:
            self._head += data
            if self._head.startswith(b"HTTP/1.1 ") and b"\r\n" in self._head:
                self._answered = time.monotonic()

    def cancellation(self):
        return None

    consumes = publishes = False

    def end(self, by=""):
        """`by`: client, server or relay."""
        if self._asked is None:
            return
        now, asked = time.monotonic(), self._asked
        self._asked = None
        if self._answered is None:
            self._report(Told("unanswered", asked.event, asked.letter, 0, now - asked.since, False))
        elif by == "client":
            age = now - self._answered
            if age < GRACE:
                self._report(Told("answered late", asked.event, asked.letter, age, now - asked.since, False))
