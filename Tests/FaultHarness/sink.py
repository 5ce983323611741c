"""The publishers' trackers: sites on ports of their own, which can be made to fail; every request is recorded.

usage: sink.py RECORD       (RECORD: `seconds site letter event status`; status 0: no answer was sent)

  {"do":"site","name":"calm"}                        -> {"port":N}
  {"do":"mood","sites":[...],"mood":"error"}         ok, error (500), hang, slow, broken (ends before its status),
                                                     half (ends within the body), or down (nobody listens)
  {"do":"flush"}

The path's second segment says what a site does by itself: ok, 404, 503-first, 429-first (Retry-After in the past),
Nof100-503, Nof100-hang (so many of a hundred events, on their first attempt).
"""
import asyncio
import sys
import time

from helper import Helper

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ERROR = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 5\r\n\r\nsorry"
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy"
PAST = (b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        b"Content-Length: 8\r\n\r\ntoo many")
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"
SLOW = 0.7  # seconds


class Site:
    """A port, its mood, and what was asked for there."""

    def __init__(self, name, record):
        self.name = name
        self.mood = "ok"
        self.port = 0
        self.connections = set()
        self._record = record
        self._attempted = set()
        self._server = None

    async def open(self):
        if self._server is None:
            self._server = await asyncio.get_running_loop().create_server(
                lambda: Connection(self), "127.0.0.1", self.port, backlog=1024, reuse_address=True
            )
            self.port = self._server.sockets[0].getsockname()[1]

    def shut(self):
        if self._server:
            self._server.close()
            self._server = None
        for connection in list(self.connections):
            connection.transport.abort()

    def is_first(self, letter, event):
        if (letter, event) in self._attempted:
            return False
        self._attempted.add((letter, event))
        return True

    def write(self, letter, event, status):
        self._record.write(f"{time.time():.3f}\t{self.name}\t{letter}\t{event}\t{status}\n")


class Connection(asyncio.Protocol):
    """One of a site's; answers request after request."""

    def __init__(self, site):
        self.site = site
        self.transport = None
        self.left = b""

    def connection_made(self, transport):
        self.transport = transport
        self.site.connections.add(self)

    def connection_lost(self, _):
        self.site.connections.discard(self)

    def data_received(self, data):
        self.left += data
        while b"\r\n\r\n" in self.left:
            head, _, self.left = self.left.partition(b"\r\n\r\n")
            self.request(head)

    def request(self, head):
        target = head[:head.index(b"\r\n")].split(b" ")[1].decode()
        _, letter, rest = target.split("/", 2)
        habit, _, query = rest.partition("?cid=e-")
        event = int(query)
        mood = self.site.mood
        if mood == "error":
            self.answer(letter, event, 500, ERROR)
        elif mood == "hang":
            self.site.write(letter, event, 0)
        elif mood == "slow":
            asyncio.get_running_loop().call_later(SLOW, self.usual, letter, event, habit)
        elif mood == "broken":
            self.site.write(letter, event, 0)
            self.transport.write(OK[:10])
            self.transport.close()
        elif mood == "half" and habit == "ok":
            self.answer(letter, event, 200, HALF)
            self.transport.close()
        else:
            self.usual(letter, event, habit)

    def usual(self, letter, event, habit):
        if habit == "404":
            self.answer(letter, event, 404, MISSING)
        elif habit == "503-first" and self.site.is_first(letter, event):
            self.answer(letter, event, 503, BUSY)
        elif habit == "429-first" and self.site.is_first(letter, event):
            self.answer(letter, event, 429, PAST)
        elif "of100-" in habit and self.fails(letter, event, habit):
            pass
        else:
            self.answer(letter, event, 200, OK)

    def fails(self, letter, event, habit):
        """Whether this is the first attempt of one of the share that fails; it is answered, or left hanging, here."""
        share, how = habit.split("of100-")
        if (event * 2654435761 >> 16) % 100 >= int(share) or not self.site.is_first(letter, event):
            return False
        if how == "503":
            self.answer(letter, event, 503, BUSY)
        else:
            self.site.write(letter, event, 0)
        return True

    def answer(self, letter, event, status, raw):
        """Recorded before it is sent, so that nothing seems to follow early; as 0 when the other side is gone."""
        if self.transport.is_closing():
            status = 0
        self.site.write(letter, event, status)
        if status:
            self.transport.write(raw)


class Sink(Helper):
    """All sites by name."""

    def __init__(self, record):
        self._record = open(record, "w", buffering=1 << 16)
        self._sites = {}

    async def site(self, name):
        site = Site(name, self._record)
        await site.open()
        self._sites[name] = site
        return {"port": site.port}

    async def mood(self, sites, mood):
        for name in sites:
            site = self._sites[name]
            if mood == "down":
                site.shut()
            else:
                await site.open()
            site.mood = mood
        return {}

    async def flush(self):
        self._record.flush()
        return {}


Sink(sys.argv[1]).serve()
