"""The network: publishes the events at a rate, and knows which of them the broker has confirmed."""
import threading
import time

from amqp import Connection, Lost, event_of

WINDOW = 400  # not yet confirmed at a time
SILENCE = 15  # seconds without a confirm, while some are due, after which another broker is tried


class Publisher(threading.Thread):
    """Events `first` to `count` - 1. What a lost connection leaves open is published again, as careful producers do."""

    def __init__(self, ports, exchange, mix, count, rate, spare=0.0, first=0):
        """`spare`: so much of the events at last is published at a tenth of the rate. `first`: they begin with this."""
        super().__init__(daemon=True)
        self._spared_from = (1 - spare) * count
        self._ports = ports
        self._exchange = exchange
        self._mix = mix
        self._count = count
        self._rate = rate
        self.first = self._next = first
        self._again = []  # events that were refused, returned or left open
        self._open = {}  # tag -> (event, how much is sent when it is)
        self._connection = None
        self._returned = set()
        self._hold = threading.Event()  # set: publish nothing new
        self._hurry = False
        self._end = False
        self.confirmed = bytearray(count)
        self.confirmed_count = 0
        self.twice = {}  # event -> how many copies more than one the broker may hold
        self.reconnects = 0
        self.error = None

    # Any thread:

    @property
    def is_done(self):
        return self.confirmed_count >= self._count - self.first

    def hold(self):
        """Publishes nothing new, until `go_on`; what is open is confirmed still."""
        self._hold.set()

    def go_on(self):
        self._hold.clear()

    def hurry(self):
        """Publishes the rest as fast as it goes."""
        self._hurry = True

    def give_up_the_rest(self):
        """Publishes none that it has not begun with."""
        self._count = self._next

    def stop(self):
        self._end = True

    # Its own thread:

    def run(self):
        turn = 0
        while not self.is_done and not self._end:
            try:
                self._connected(Connection(self._ports[turn % len(self._ports)]))
            except (Lost, OSError) as error:
                self.error = str(error)
                self.reconnects += 1
                turn += 1
                self._leave_open()
                time.sleep(0.3)

    def _leave_open(self):
        """The connection is lost: what it had open is published again, and may be there twice if it was sent."""
        for event, end in self._open.values():
            if self._connection.sent >= end:
                self.twice[event] = self.twice.get(event, 0) + 1
            self._again.append(event)
        self._open = {}
        # Of those, too, whose confirm never came.
        self._returned = set()

    def _connected(self, connection):
        self._connection = connection
        tag = 0
        due = float(self._next)  # events that may have been published by now
        heard = last = time.monotonic()
        while not self.is_done and not self._end:
            now = time.monotonic()
            rate = self._rate if self._next < self._spared_from else self._rate / 10
            due += (now - last) * rate
            last = now
            if self._hold.is_set():
                due = self._next
            if self._hurry or due > self._count:
                due = self._count
            while len(self._open) < WINDOW and not self._hold.is_set() and (self._again or self._next < int(due)):
                if self._again:
                    event = self._again.pop()
                else:
                    event = self._next
                    self._next += 1
                tag += 1
                self._open[tag] = event, connection.publish(self._exchange, "conversions", self._mix.body(event))
            if not self._open or connection.is_blocked:
                heard = now
            answers = connection.turn(0.01)
            if answers:
                heard = now
            elif now - heard > SILENCE:
                connection.close()
                raise Lost(f"no confirm for {SILENCE} s")
            for kind, what, multiple in answers:
                self._settle(kind, what, multiple)
        connection.close()

    def _settle(self, kind, what, multiple):
        if kind == "return":  # comes before its confirm
            self._returned.add(event_of(what))
            return
        tags = [tag for tag in self._open if tag <= what] if multiple else [what]
        for tag in tags:
            if tag not in self._open:
                continue
            event, _ = self._open.pop(tag)
            if kind == "nack" or event in self._returned:
                self._returned.discard(event)
                self._again.append(event)
            elif not self.confirmed[event]:
                self.confirmed[event] = 1
                self.confirmed_count += 1
