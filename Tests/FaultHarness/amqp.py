"""A connection to the broker for the harness itself: publishing with confirms, depths, and what lies in a queue."""
import re
import select
import socket
import struct

import frames
from frames import FrameReader, method, short


class Lost(Exception):
    """The connection is over."""


class Connection:
    """One channel, in confirm mode. Not for several threads."""

    CHANNEL = 1

    def __init__(self, port, seconds=10):
        self._reader = FrameReader()
        self._frames = []
        self._out = bytearray()
        self._queued = 0  # bytes that were ever put into it
        self.is_blocked = False
        try:
            self._socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
            self._socket.sendall(b"AMQP\x00\x00\x09\x01")
            self._method()
            yes = short("connection.blocked") + b"t\x01"
            capabilities = short("capabilities") + b"F" + struct.pack(">I", len(yes)) + yes
            properties = struct.pack(">I", len(capabilities)) + capabilities
            answer = b"\0guest\0guest"
            self._send(0, 0x000A000B, properties + short("PLAIN") + struct.pack(">I", len(answer)) + answer
                       + short("en_US"))
            tune = self._method()
            self._send(0, 0x000A001F, tune[4:10] + b"\0\0")  # no heartbeats
            self._send(0, 0x000A0028, short("/") + short("") + b"\0")
            self._method()
            self._send(self.CHANNEL, 0x0014000A, short(""))
            self._method()
            self._send(self.CHANNEL, 0x0055000A, b"\0")
            self._method()
        except (OSError, struct.error, IndexError) as error:
            raise Lost(str(error)) from None

    def close(self):
        self._socket.close()

    # Publishing: queue with `publish`, move bytes with `turn`.

    @property
    def sent(self):
        """Bytes of publishes that the kernel has taken."""
        return self._queued - len(self._out)

    def publish(self, exchange, key, body):
        """Returns how many bytes must be `sent` before the broker can have the message."""
        before = len(self._out)
        head = struct.pack(">I", frames.PUBLISH) + struct.pack(">H", 0) + short(exchange) + short(key) + b"\x01"
        properties = struct.pack(">HHQH", 60, 0, len(body), 0x9000) + short("application/json") + b"\x02"
        self._out += frames.frame(frames.METHOD, self.CHANNEL, head)
        self._out += frames.frame(frames.HEADER, self.CHANNEL, properties)
        self._out += frames.frame(frames.BODY, self.CHANNEL, body)
        self._queued += len(self._out) - before
        return self._queued

    def turn(self, seconds):
        """Sends and receives what can be, waiting so long at most.

        Returns [(kind, tag, multiple)] of confirms: "ack", "nack", and "return" with the body in place of the tag.
        """
        readable, writable, _ = select.select([self._socket], [self._socket] if self._out else [], [], seconds)
        try:
            if writable:
                self._socket.setblocking(False)
                try:
                    sent = self._socket.send(self._out)
                    del self._out[:sent]
                except BlockingIOError:
                    pass
                finally:
                    self._socket.settimeout(10)
            if readable:
                self._read()
        except OSError as error:
            raise Lost(str(error)) from None
        return self._confirms()

    def _confirms(self):
        found = []
        is_returned = False
        for kind, _, payload in self._frames:
            if kind == frames.BODY and is_returned:
                found.append(("return", payload, False))
                is_returned = False
            if kind != frames.METHOD:
                continue
            number = int.from_bytes(payload[:4], "big")
            if number in (frames.ACK, frames.NACK):
                tag, bits = struct.unpack_from(">QB", payload, 4)
                found.append(("ack" if number == frames.ACK else "nack", tag, bool(bits & 1)))
            elif number == frames.RETURN:
                is_returned = True
            elif number in (frames.BLOCKED, frames.UNBLOCKED):
                self.is_blocked = number == frames.BLOCKED
            elif number in (frames.CONNECTION_CLOSE, frames.CHANNEL_CLOSE):
                raise Lost(payload[7:7 + payload[6]].decode())
        # A return whose body has not come yet: small bodies come in the same write as a rule, so it is read now.
        self._frames = []
        if is_returned:
            self._await(frames.BODY)
            found.append(("return", self._frames.pop()[2], False))
        return found

    # Looking, on a connection that publishes nothing.

    def depth(self, queue):
        """Messages that lie ready in the queue; None when there is no such queue."""
        self._send(self.CHANNEL, 0x0032000A, struct.pack(">H", 0) + short(queue) + b"\x01" + struct.pack(">I", 0))
        answer = self._method()
        if int.from_bytes(answer[:4], "big") == frames.CHANNEL_CLOSE:
            return None
        return struct.unpack_from(">I", answer, 5 + answer[4])[0]

    def take(self, queue):
        """The bodies of all messages, which are gone then."""
        bodies = []
        while True:
            self._send(self.CHANNEL, 0x003C0046, struct.pack(">H", 0) + short(queue) + b"\x01")
            if int.from_bytes(self._method()[:4], "big") != frames.GET_OK:
                return bodies
            self._await(frames.HEADER)
            size = int.from_bytes(self._frames.pop(0)[2][4:12], "big")
            body = b""
            while len(body) < size:
                self._await(frames.BODY)
                body += self._frames.pop(0)[2]
            bodies.append(body)

    def _send(self, channel, number, arguments):
        self._socket.sendall(method(channel, number, arguments))

    def _read(self):
        data = self._socket.recv(1 << 18)
        if not data:
            raise Lost("the broker hung up")
        self._frames += self._reader.feed(data)

    def _await(self, kind):
        """Until a frame of this kind is the first one; others before it are dropped."""
        while True:
            while self._frames and self._frames[0][0] != kind:
                self._frames.pop(0)
            if self._frames:
                return
            try:
                self._read()
            except OSError as error:
                raise Lost(str(error)) from None

    def _method(self):
        self._await(frames.METHOD)
        return self._frames.pop(0)[2]


def event_of(body):
    """The number of the event in a message's body, or None."""
    found = re.search(rb'"id":\s*"e-(\d+)"', body)
    return int(found.group(1)) if found else None
