"""The conversions that are delivered: about 520 bytes each, spread evenly over publishers and their offers."""
import json
import random
import time

from . import channel

AGENTS = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
]
COUNTRIES = ["US", "DE", "BR", "IN", "PL", "ID"]


class Events:
    """Messages for a queue, made once and sent as often as wanted: the same for all programs.

    `publishers` is how many there are; of three events of a publisher one is for each of its two offers and one for
    an offer without a route of its own. `size` is the body's length in bytes, 0 for the usual one. No more than
    `KEPT` bytes of large ones are made: after that they come again.
    """

    PORTION = 500
    KEPT = 150_000_000

    def __init__(self, queue, publishers, size=0):
        self.queue, self.publishers, self.size = queue, publishers, size
        self.dice = random.Random(7)
        self.portions = []
        self.count = 0

    def body(self, number, click=None):
        dice = self.dice
        publisher = dice.randrange(self.publishers)
        identifier = f"{dice.getrandbits(128):032x}"
        event = {
            "id": identifier, "type": "conversion", "occurred_at": "2026-11-20T09:58:43.201Z",
            "publisher_id": f"p{publisher}", "offer_id": f"o{publisher}-{number % 3}",
            "advertiser_id": f"ad{number % 1000:04}", "click_id": click or f"{identifier[:8]}-{identifier[8:28]}",
            "transaction_id": f"T-{number}", "status": "approved",
            "payout": {"amount": f"{dice.randrange(1, 9999) / 100:.2f}", "currency": "USD"},
            "country": dice.choice(COUNTRIES), "ip": f"203.0.113.{number % 256}", "user_agent": AGENTS[number % 2],
            "sub_ids": {"1": f"cmp_{dice.randrange(100_000)}", "2": f"kw {number % 1000}/summer sale", "3": ""},
            "test": False,
        }
        body = json.dumps(event, separators=(",", ":")).encode()
        if self.size > len(body):
            # More of what the network knows, as parameters of 64 bytes and one that fills up.
            rest = self.size - len(body) - len(b',"parameters":{}')
            pieces = [f'"n{index:05}":"{"x" * 54}"' for index in range(max(0, rest - 80) // 65)]
            left = rest - sum(len(piece) + 1 for piece in pieces) - len('"z":""')
            pieces.append(f'"z":"{"x" * max(0, left)}"')
            body = body[:-1] + b',"parameters":{' + ",".join(pieces).encode() + b"}}"
        return body

    def take(self, count):
        """The first `count` as portions for `Channel.fill`."""
        different = min(count, max(self.PORTION, self.KEPT // self.size)) if self.size else count
        while self.count < different:
            messages = [channel.encoded(self.queue, self.body(self.count + index)) for index in range(self.PORTION)]
            self.portions.append(messages)
            self.count += self.PORTION
        for start in range(0, count, self.PORTION):
            messages = self.portions[start // self.PORTION % len(self.portions)][:count - start]
            yield len(messages), b"".join(messages)

    def stamped(self):
        """A function that makes a new message each time, with the moment of its making in the click id."""
        mark = "t" + "0" * 19 + "-"
        variants = []
        for number in range(2000):
            message = channel.encoded(self.queue, self.body(number, click=f"{mark}{number % 10_000:04}"))
            at = message.index(mark.encode()) + 1
            variants.append((message[:at], message[at + 19:]))
        number = -1

        def message():
            nonlocal number
            number += 1
            before, behind = variants[number % len(variants)]
            return before + b"%019d" % time.monotonic_ns() + behind

        return message
