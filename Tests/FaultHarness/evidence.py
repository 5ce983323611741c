"""What is known when a run is over, read from its files."""
import base64
import collections
import json

from typing import NamedTuple

from amqp import event_of


class Cause(NamedTuple):
    """Of a connection that ended: a message or request that it had open, or not long before. See tap.Told."""

    moment: float  # when it ended, seconds since 1970
    relay: str
    name: str
    letter: str  # of one postback, or tap.ANY
    age: float
    since: float
    is_clean: bool


class Evidence:
    """Keys are (event, letter): one delivery. Letter "-" where no postback was found."""

    def __init__(self, stage):
        self.confirmed = stage.confirmed
        self.copies = collections.Counter(stage.copies)  # event -> copies that the publisher itself made
        self.answered = collections.Counter()  # key -> answers of 2xx
        self.answers = collections.defaultdict(list)  # key -> when, only of those with several
        self.requests = 0
        self.letters = collections.defaultdict(list)  # key -> reasons
        self.causes = collections.defaultdict(list)  # event -> Cause
        self.waits = collections.Counter()  # event -> seconds on the ladder
        self.climbs = collections.defaultdict(list)  # event -> Cause: when it went to the ladder, for how long (since)
        self.acknowledged = {}  # event -> (when a message of it was last acknowledged, by whom)
        self.faults = stage.faults.happened
        self.ends = [end for replica in stage.replicas for end in replica.ends]
        self.turns = [turn for replica in stage.replicas for turn in replica.turns]  # see there
        self.dropped = int(sum(replica.dropped for replica in stage.replicas))  # records, by the workers' own count
        self.unknown = collections.Counter()  # key -> outcomes that the log calls unknown
        self.resent = collections.Counter()  # key -> sends beyond the first of an attempt
        self.logged_ends = collections.defaultdict(set)  # key -> ends in the log
        self.verdicts = collections.Counter()
        self.records = 0
        self.left = {}  # event -> queue in which it still lies
        self._read_sink(f"{stage.folder}/sink.txt")
        self._read_network(f"{stage.folder}/network.txt")
        self._read_acknowledged(f"{stage.folder}/acknowledged.txt")
        for path in stage.exports:
            self._read_letters(path)
        self._read_log(f"{stage.folder}/deliveries.ndjson")

    def _read_sink(self, path):
        first = {}
        with open(path) as file:
            for line in file:
                moment, _, letter, event, status = line.split("\t")
                self.requests += 1
                if status[0] != "2":
                    continue
                key = (int(event), letter)
                self.answered[key] += 1
                if key in first:
                    self.answers[key].append(float(moment))
                else:
                    first[key] = moment
        for key, moments in self.answers.items():
            moments.insert(0, float(first[key]))

    def _read_network(self, path):
        with open(path) as file:
            for line in file:
                moment, relay, cause, event, letter, age, since, clean = line.rstrip("\n").split("\t")
                if cause == "on the ladder":
                    self.waits[int(event)] += float(age)
                    self.climbs[int(event)].append(
                        Cause(float(moment), relay, "dead-lettered twice", letter, 0, float(age), False))
                    continue
                self.causes[int(event)].append(
                    Cause(float(moment), relay, cause, letter, float(age), float(since), clean == "1"))

    def _read_acknowledged(self, path):
        with open(path) as file:
            for line in file:
                event, moment, replica = line.rstrip("\n").split("\t")
                self.acknowledged[int(event)] = (float(moment), replica)

    def _read_letters(self, path):
        with open(path, "rb") as file:
            for line in file:
                letter = json.loads(line)
                raw = base64.b64decode(letter["body_base64"]) if "body_base64" in letter else line
                event = event_of(raw)
                headers = letter["headers"]
                route = headers.get("x-postback-route", "")
                reason = headers.get("x-postback-reason") or headers.get("x-first-death-reason", "unknown")
                self.letters[event, route.rpartition("/")[2] or "-"].append(reason)

    def _read_log(self, path):
        seen = set()
        with open(path) as file:
            for line in file:
                record = json.loads(line)
                if "event_id" not in record:
                    continue
                self.records += 1
                event = int(record["event_id"][2:])
                letter = record.get("route", "").rpartition("/")[2] or "-"
                if record["verdict"] in ("suppressed", "no_route", "invalid_event"):
                    letter = "-"
                key = (event, letter)
                self.verdicts[record["verdict"]] += 1
                self.logged_ends[key].add(record["verdict"] if record.get("end") == "not_sent" else record.get("end"))
                # A time-out that is taken for a fault of the worker's own network may have arrived as well.
                is_unknown = record["verdict"] == "unknown_outcome" or (
                    record["verdict"] == "own_fault" and record.get("sends", 0) > 0
                )
                if not is_unknown and record.get("sends", 0) < 2:
                    continue
                # A record may stand there twice, after a broken connection.
                once = (record["at"], key, record.get("replica"))
                if once in seen:
                    continue
                seen.add(once)
                if is_unknown:
                    self.unknown[key] += 1
                self.resent[key] += max(0, record.get("sends", 0) - 1)
