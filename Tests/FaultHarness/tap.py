"""What a connection to the broker had open when it ended, read from the bytes that a relay passes on.

This is how the oracle knows what may come twice: messages that were delivered and not acknowledged, and messages that
were published and not confirmed. Nothing is changed; only `cancellation` makes bytes of its own.
"""
import collections
import re
import struct
import time

import frames
from frames import FrameReader

EVENT = re.compile(rb'"id":"e-(\d+)"')
GRACE = 5.0  # seconds for which what was settled is remembered


class Content:
    """A method that carries a message: publish, deliver or return, until its body is whole."""

    def __init__(self, number, tag):
        self.number = number
        self.tag = tag
        self.size = None
        self.body = b""


class BrokerTap:
    """Both directions of one connection. `report(cause, event, age)` is called at the end for each event that was open.

    Age is 0, or the seconds since a broker or worker was told that it is open no more: the message of that may have been
    lost with the connection. How old is old enough, the oracle decides.
    """

    def __init__(self, report):
        self._report = report
        self._to_broker, self._to_client = FrameReader(), FrameReader()
        self._contents = {}  # (direction, channel) -> Content
        self._held = {}  # delivery tag -> event
        self._open = {}  # publish sequence -> event
        self._published = 0
        self._settled = collections.deque()  # (time, cause, event), youngest last
        self._consumer = None  # (channel, tag)
        self.publishes = False  # it is a publisher's

    def to_broker(self, data):
        for kind, channel, payload in self._to_broker.feed(data):
            if kind == frames.METHOD:
                number = int.from_bytes(payload[:4], "big")
                if number == frames.ACK:
                    tag, multiple = struct.unpack_from(">QB", payload, 4)
                    self._settle(self._held, tag, multiple & 1, "acknowledged late")
                elif number in (frames.NACK, frames.REJECT):
                    # Given back: nothing was begun with it, so this is no reason to come twice.
                    self._held.pop(int.from_bytes(payload[4:12], "big"), None)
                elif number == frames.CONFIRM_SELECT:
                    self.publishes = True
                elif number == frames.PUBLISH:
                    self._published += 1
                    self._contents[0, channel] = Content(number, self._published)
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

    def end(self):
        now = time.monotonic()
        for event in self._held.values():
            self._report("unacknowledged", event, 0)
        for event in self._open.values():
            self._report("unconfirmed", event, 0)
        for moment, cause, event in self._settled:
            self._report(cause, event, now - moment)
        self._held, self._open, self._settled = {}, {}, collections.deque()

    def _content(self, direction, channel, kind, payload):
        content = self._contents.get((direction, channel))
        if content is None:
            return
        if kind == frames.HEADER:
            content.size = int.from_bytes(payload[4:12], "big")
        else:
            content.body += payload
        if content.size is None or len(content.body) < content.size:
            return
        del self._contents[direction, channel]
        found = EVENT.search(content.body)
        # Records of the delivery log hold "event_id" instead, and are nobody's message.
        if found is None:
            return
        if content.number == frames.DELIVER:
            self._held[content.tag] = int(found.group(1))
        elif content.number == frames.PUBLISH:
            self._open[content.tag] = int(found.group(1))

    def _settle(self, table, tag, multiple, cause):
        now = time.monotonic()
        if not multiple:
            event = table.pop(tag, None)
            if event is not None:
                self._settled.append((now, cause, event))
            return
        for key in list(table):
            if key > tag:
                break  # tags grow
            self._settled.append((now, cause, table.pop(key)))


class RequestTap:
    """A connection to the sink: the postback's letter and the event whose status had not arrived when it ended."""

    _TARGET = re.compile(rb"GET /(\w)/\S*?cid=e-(\d+)")

    def __init__(self, report):
        self._report = report
        self._asked = None

    def to_broker(self, data):  # the name of the direction, whoever is at the end
        found = self._TARGET.search(data)
        if found:
            self._asked = (found.group(1).decode(), int(found.group(2)))

    def to_client(self, data):
        if data.startswith(b"HTTP/1.1 ") and len(data) >= 13:
            self._asked = None

    def cancellation(self):
        return None

    consumes = publishes = False

    def end(self):
        if self._asked is not None:
            letter, event = self._asked
            self._report(f"unanswered {letter}", event, 0)
            self._asked = None
