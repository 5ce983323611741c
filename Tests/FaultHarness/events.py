"""What is published: kinds of events, how often each occurs, and how each of its deliveries must end. Pure."""
import json
import time
from typing import NamedTuple

DELIVERED = "delivered"


def dead(reason):
    return f"dead letter {reason}"


def not_sent(verdict):
    return f"not sent {verdict}"


class Postback(NamedTuple):
    """One postback of a publisher: its letter is the route's name and the first segment of its path."""

    letter: str
    site: str  # which of the sink's sites
    mode: str  # what the sink does with it: see sink.py
    end: str


class Kind(NamedTuple):
    """Events of one publisher, all with the same ends."""

    publisher: str
    share: int  # of a hundred
    postbacks: tuple
    note: str


class Mix:
    """Which kind the event of a number is: fixed, and well mixed."""

    def __init__(self, kinds):
        self.kinds = kinds
        self._line = [kind for kind in kinds for _ in range(kind.share)]

    def kind(self, number):
        return self._line[number * 37 % 100]

    def body(self, number):
        """The event as the network would publish it, as bytes."""
        kind = self.kind(number)
        name = f"e-{number}"
        event = {"id": name, "publisher_id": kind.publisher, "click_id": name}
        if kind.publisher == "9":
            del event["click_id"]
        if kind.publisher == "10":
            del event["publisher_id"]
        event["occurred_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        event["payout"] = {"amount": "1.25", "currency": "EUR"}
        return json.dumps(event, separators=(",", ":")).encode()

    def routes(self, origins):
        """The routes file, as JSON (which is YAML). `origins`: site -> http://HOST:PORT."""
        publishers = {}
        for kind in self.kinds:
            if kind.publisher == "7":
                publishers["7"] = {"global": {"suppress": True}}
            elif kind.postbacks[0].site:
                publishers[kind.publisher] = {
                    "global": [
                        {"name": p.letter, "url": f"{origins[p.site]}/{p.letter}/{p.mode}?cid={{{{click_id}}}}"}
                        for p in kind.postbacks
                    ]
                }
        return json.dumps({"publishers": publishers}, indent=1)


FAULTS = Mix((
    Kind("1", 32, (Postback("a", "calm", "ok", DELIVERED),), "to the calm site"),
    Kind("12", 11, (Postback("m", "fussy", "ok", DELIVERED),), "to the site that says 429 to others"),
    Kind("2", 5, (Postback("b", "stormy", "ok", DELIVERED),), "to the sites that have most of the faults"),
    Kind("21", 5, (Postback("j", "windy", "ok", DELIVERED),), "likewise"),
    Kind("22", 5, (Postback("k", "rainy", "ok", DELIVERED),), "likewise"),
    Kind("23", 5, (Postback("l", "snowy", "ok", DELIVERED),), "likewise"),
    Kind("3", 10, (Postback("c", "calm", "ok", DELIVERED), Postback("d", "stormy", "ok", DELIVERED)), "two postbacks"),
    Kind("4", 6, (Postback("e", "calm", "503-first", DELIVERED),), "503 to the first attempt"),
    Kind("5", 1, (Postback("f", "fussy", "429-first", DELIVERED),), "429 first, Retry-After long past"),
    Kind("6", 5, (Postback("g", "calm", "404", dead("rejected")),), "404"),
    Kind("7", 5, (Postback("-", "", "", not_sent("suppressed")),), "suppressed"),
    Kind("8", 4, (Postback("-", "", "", not_sent("no_route")),), "a publisher without routes"),
    Kind("9", 2, (Postback("h", "calm", "ok", dead("missing_token")),), "no click id"),
    Kind("10", 3, (Postback("-", "", "", dead("invalid_event")),), "no publisher"),
    Kind("11", 1, (Postback("i", "forbidden", "ok", dead("blocked_destination")),), "an address that egress denies"),
))

# Of what can fail, one in twenty does on its first attempt.
SOAK = Mix((
    Kind("1", 90, (Postback("a", "calm", "5of100-503", DELIVERED),), "503 now and then"),
    Kind("2", 10, (Postback("b", "stormy", "5of100-hang", DELIVERED),), "no answer now and then"),
))
