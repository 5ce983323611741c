"""As little AMQP 0-9-1 as it takes to fill a queue, to count what is left in it, and to empty it."""
import socket
import struct
import time

FRAME_END = b"\xce"


def short(text):
    raw = text.encode()
    return bytes([len(raw)]) + raw


def frame(kind, channel, payload):
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + FRAME_END


def encoded(queue, body):
    """A persistent message for `queue`, as frames of channel 1."""
    method = struct.pack(">HHH", 60, 40, 0) + short("") + short(queue) + b"\0"
    header = struct.pack(">HHQH", 60, 0, len(body), 0x9000) + short("application/json") + b"\x02"
    bodies = b"".join(frame(3, 1, body[at:at + 131_000]) for at in range(0, len(body), 131_000))
    return frame(1, 1, method) + frame(2, 1, header) + bodies


class Channel:
    """One connection with one channel in confirm mode. Raises RuntimeError when the broker says no."""

    WINDOW = 4000
    """Messages that may wait for their confirmation."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.socket.sendall(b"AMQP\x00\x00\x09\x01")
        self._read()
        self._method(0, 10, 11, struct.pack(">I", 0) + short("PLAIN") + struct.pack(">I", 12)
                     + b"\0guest\0guest" + short("en_US"))
        # The broker's own bounds, and no heartbeats.
        tune = self._read()
        self._method(0, 10, 31, tune[4:10] + b"\0\0")
        self._method(0, 10, 40, short("/") + short("") + b"\0")
        self._read()
        self._method(1, 20, 10, short(""))
        self._read()
        self._method(1, 85, 10, b"\0")
        self._read()
        self.published = self.confirmed = 0
        self.apart = set()

    def _method(self, channel, group, number, arguments):
        self.socket.sendall(frame(1, channel, struct.pack(">HH", group, number) + arguments))

    def _read(self):
        while True:
            if len(self.buffer) >= 7:
                kind, _, size = struct.unpack(">BHI", self.buffer[:7])
                if len(self.buffer) >= size + 8:
                    payload, self.buffer = self.buffer[7:7 + size], self.buffer[8 + size:]
                    if kind == 1:
                        return payload
                    continue
            more = self.socket.recv(65_536)
            if not more:
                raise RuntimeError("the broker closed the connection")
            self.buffer += more

    def _take_confirm(self):
        answer = self._read()
        if answer[:4] != b"\x00\x3c\x00\x50":
            raise RuntimeError(f"not confirmed: {answer!r}")
        tag, multiple = struct.unpack(">QB", answer[4:13])
        if multiple:
            self.confirmed = max(self.confirmed, tag)
            self.apart = {other for other in self.apart if other > tag}
        else:
            self.apart.add(tag)
        while self.confirmed + 1 in self.apart:
            self.confirmed += 1
            self.apart.discard(self.confirmed)

    def _confirm_down_to(self, window):
        while self.published - self.confirmed - len(self.apart) > window:
            self._take_confirm()

    def fill(self, portions):
        """Publishes portions (`count, frames`) of encoded messages; returns when the broker has all of them."""
        for count, frames in portions:
            self.socket.sendall(frames)
            self.published += count
            self._confirm_down_to(self.WINDOW)
        self._confirm_down_to(0)

    def pace(self, message, rate, seconds):
        """Publishes what `message()` makes (an encoded message), `rate` a second; returns how many."""
        begin = time.monotonic()
        total = int(rate * seconds)
        for number in range(total):
            wait = begin + number / rate - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            self.socket.sendall(message())
            self.published += 1
            # Confirmations are read far behind, so that no message waits for the one before it.
            self._confirm_down_to(int(rate))
        self._confirm_down_to(0)
        return total

    def depth(self, queue):
        """Messages ready in `queue`; what a consumer holds is not counted."""
        self._method(1, 50, 10, struct.pack(">H", 0) + short(queue) + b"\x01" + struct.pack(">I", 0))
        answer = self._read()
        if answer[:4] != b"\x00\x32\x00\x0b":
            raise RuntimeError(f"no queue {queue}: {answer!r}")
        answer = answer[4:]
        return struct.unpack(">I", answer[1 + answer[0]:5 + answer[0]])[0]

    def purge(self, queue):
        self._method(1, 50, 30, struct.pack(">H", 0) + short(queue) + b"\0")
        self._read()

    def delete(self, queue):
        self._method(1, 50, 40, struct.pack(">H", 0) + short(queue) + b"\0")
        self._read()

    def close(self):
        self._method(0, 10, 50, struct.pack(">H", 200) + short("") + struct.pack(">HH", 0, 0))
        self._read()
        self.socket.close()
