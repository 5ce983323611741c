"""A TCP relay that can cut, stall, swallow, delay and truncate what passes through it."""
import asyncio
import random


class Half(asyncio.Protocol):
    """One of the two connections of a link."""

    def __init__(self, link, name):
        self.link = link
        self.name = name  # client or server
        self.transport = None
        self.other = None
        self.waiting = []  # what came before the other side stood
        self.due = 0  # when the last piece goes on, so that none overtakes another
        self.budget = None  # bytes that may still pass to this side before the end of both

    def connection_made(self, transport):
        self.transport = transport
        self.link.made(self)

    def data_received(self, data):
        self.link.arrived(self, data)

    def pause_writing(self):
        self.other.pause()

    def resume_writing(self):
        self.other.resume()

    def pause(self):
        if self.transport and not self.transport.is_closing():
            self.transport.pause_reading()

    def resume(self):
        if self.transport and not self.transport.is_closing() and self.link.mode != "stall":
            self.transport.resume_reading()

    def connection_lost(self, _):
        self.link.lost(self)


class Link:
    """A client's connection and ours to the server, and the tap that looks on."""

    def __init__(self, relay):
        self.relay = relay
        self.tap = relay.make_tap()
        self.client, self.server = Half(self, "client"), Half(self, "server")
        self.client.other, self.server.other = self.server, self.client
        self.mode = relay.mode
        self.cancelled = False  # a cancellation waits for its place
        self.is_over = False

    def made(self, half):
        if self.is_over:
            # The client hung up while the server was being called; nobody waits for the answer to what it had sent.
            half.transport.abort()
        elif half is self.client:
            self.relay.links.add(self)
            asyncio.ensure_future(self._connect())
        else:
            for data in self.client.waiting:
                self._pass(half, data, self.tap.to_broker)
            self.client.waiting = []
        if self.mode == "stall":
            half.pause()

    async def _connect(self):
        try:
            await asyncio.get_running_loop().create_connection(lambda: self.server, "127.0.0.1", self.relay.target)
        except OSError:
            self.cut()

    def arrived(self, half, data):
        if self.mode == "swallow" or self.is_over:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self.relay.delay or half.due > now:
            half.due = max(now + self.relay.delay, half.due + 1e-6)
            loop.call_at(half.due, self._onward, half, data)
        else:
            self._onward(half, data)

    def _onward(self, half, data):
        if self.mode == "swallow" or self.is_over:
            return
        if half is self.client:
            if self.server.transport is None:
                self.client.waiting.append(data)
            else:
                self._pass(self.server, data, self.tap.to_broker)
            return
        self._pass(self.client, data, self.tap.to_client)
        self.cancel_if_due()

    def cancel(self):
        """The broker seems to cancel the consumer, as soon as that does not break into a message."""
        self.cancelled = True
        self.cancel_if_due()

    def cancel_if_due(self):
        if not self.cancelled or self.is_over or self.client.budget is not None:
            return
        extra = self.tap.cancellation()
        if extra:
            self.cancelled = False
            self.relay.cancellations += 1
            self.client.transport.write(extra)

    def _pass(self, target, data, tap):
        if target.transport.is_closing():
            return
        if target.budget is not None:
            data = data[:target.budget]
            target.budget -= len(data)
        tap(data)
        target.transport.write(data)
        if target.budget == 0:
            self.close()

    def lost(self, half):
        """One side is gone: the other one is told as soon as it has got what was passed on; what is delayed is lost."""
        if not self.is_over:
            self.close(half.name)

    def close(self, by="relay"):
        self._end(lambda transport: transport.close(), by)

    def cut(self):
        """Both sides at once, whatever is still on its way."""
        self._end(lambda transport: transport.abort(), "relay")

    def _end(self, how, by):
        if self.is_over:
            return
        self.is_over = True
        self.relay.links.discard(self)
        for half in (self.client, self.server):
            if half.transport:
                how(half.transport)
        self.tap.end(by)

    def set_mode(self, mode):
        self.mode = mode
        for half in (self.client, self.server):
            if mode == "stall":
                half.pause()
            else:
                half.resume()


class Relay:
    """Listens on a port of its own for one server."""

    def __init__(self, name, target, make_tap):
        self.name = name
        self.target = target
        self.make_tap = make_tap
        self.links = set()
        self.mode = "pass"  # of new links: pass, stall or swallow
        self.delay = 0  # seconds, for every piece
        self.cancellations = 0  # that a client was sent
        self.port = None

    async def listen(self):
        server = await asyncio.get_running_loop().create_server(lambda: Link(self).client, "127.0.0.1", 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]

    def chosen(self, share, seed, only=None):
        """A share of the links, those that consume or publish only if asked for; the same for the same seed."""
        links = [link for link in self.links if only is None or getattr(link.tap, only)]
        count = max(1, round(len(links) * share)) if links else 0
        return random.Random(seed).sample(links, count)
