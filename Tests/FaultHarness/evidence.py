"""What is known when a run is over, read from its files."""
import base64
import collections
import json

from amqp import event_of


class Evidence:
    """Keys are (event, letter): one delivery. Letter "-" where no postback was found."""

    def __init__(self, stage):
        self.confirmed = stage.publisher.confirmed
        self.copies = collections.Counter(stage.publisher.twice)  # event -> copies that the publisher itself made
        self.answered = collections.Counter()  # key -> answers of 2xx
        self.answers = collections.defaultdict(list)  # key -> when, only of those with several
        self.requests = 0
        self.letters = collections.defaultdict(list)  # key -> reasons
        self.causes = collections.defaultdict(list)  # event -> (when, relay, cause, age)
        # When a broker, of whose word something may be lost, was at fault.
        self.broker_faults = [(h.start, h.end) for h in stage.faults.happened if h.room == "broker"]
        self.unknown = collections.Counter()  # key -> outcomes that the log calls unknown
        self.resent = collections.Counter()  # key -> sends beyond the first of an attempt
        self.logged_ends = collections.defaultdict(set)  # key -> ends in the log
        self.verdicts = collections.Counter()
        self.records = 0
        self.left = {}  # event -> queue in which it still lies
        self._read_sink(f"{stage.folder}/sink.txt")
        self._read_network(f"{stage.folder}/network.txt")
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
                moment, relay, cause, event, age = line.rstrip("\n").split("\t")
                self.causes[int(event)].append((float(moment), relay, cause, float(age)))

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
