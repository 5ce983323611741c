"""Tests of a whole judgement, from the files of a run that is written here, and of what else the harness decides."""
import contextlib
import io
import json
import random
import shutil
import tempfile
import types
import unittest
from unittest import mock

import afterwards
import events
import main
import soak
from cluster import NodeFault
from fault import FaultLog, Happened
from publisher import Publisher
from relay import Link, Relay
from worker_faults import ConsumerCancel

BEGIN = 1_000_000.0  # seconds since 1970
COUNT = 200


class SmallRun:
    """200 events with which all is well, as a stage that is over; lines may be changed before it is judged."""

    mix = events.FAULTS

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="postback-selftest.")
        self.options = types.SimpleNamespace(seed=1, keep=False, mode="short")
        self.faults = FaultLog()
        self.publisher = types.SimpleNamespace(reconnects=0)
        self.confirmed, self.copies = bytearray(b"\1" * COUNT), {}
        self.replicas = [types.SimpleNamespace(ends=[], turns=[], dropped=0, starts=1, surprises=[])]
        self.troubles, self.exports = [], [f"{self.folder}/letters-0.ndjson"]
        self.sink, self.network, self.log, self.letters = [], [], [], []
        self.acknowledged = [f"{event}\t{BEGIN + event}\treplica-1" for event in range(COUNT)]
        for event in range(COUNT):
            for postback in self.mix.kind(event).postbacks:
                self._end(event, postback)

    def _end(self, event, postback):
        moment, name = BEGIN + event, f"e-{event}"
        record = {"at": str(moment), "event_id": name, "route": f"1/{postback.letter}", "verdict": "delivered",
                  "end": "delivered", "sends": 1, "replica": "replica-1"}
        if postback.end == events.DELIVERED:
            self.sink.append(f"{moment}\tcalm\t{postback.letter}\t{event}\t200")
        elif postback.end.startswith("dead letter"):
            reason = postback.end.rpartition(" ")[2]
            self.letters.append({"id": name, "headers": {
                "x-postback-route": f"1/{postback.letter}", "x-postback-reason": reason}})
            record |= {"verdict": reason, "end": "dead_letter"}
        else:
            record |= {"verdict": postback.end.rpartition(" ")[2], "end": "not_sent"}
        self.log.append(record)

    # What main.judge asks of a stage:

    def perform(self, *_):
        pass

    settle = finish = perform

    def keep(self):
        pass

    def judged(self):
        """(exit code, what was printed)"""
        for name, lines in (("sink.txt", self.sink), ("network.txt", self.network),
                            ("acknowledged.txt", self.acknowledged),
                            ("deliveries.ndjson", map(json.dumps, self.log)),
                            ("letters-0.ndjson", map(json.dumps, self.letters))):
            with open(f"{self.folder}/{name}", "w") as file:
                file.writelines(line + "\n" for line in lines)
        with mock.patch.object(main, "prove_alive"), contextlib.redirect_stdout(io.StringIO()) as out:
            code = main.judge(self, [], {}, lambda *_, **__: None)
        return code, out.getvalue()


class RunTests(unittest.TestCase):
    """From files to exit code: what is planted must be found."""

    def setUp(self):
        self.run_ = SmallRun()
        self.addCleanup(shutil.rmtree, self.run_.folder)

    def fails(self, words):
        code, text = self.run_.judged()
        self.assertEqual(code, 1, text)
        self.assertIn(words, text)

    def test_a_run_without_a_fault_is_fine(self):
        code, text = self.run_.judged()
        self.assertEqual(code, 0, text)

    def test_a_planted_loss_is_found(self):
        line = self.run_.sink.pop(7)
        self.fails(f"lost: event e-{line.split()[3]} ")

    def test_a_planted_double_is_found(self):
        moment, *rest = self.run_.sink[7].split("\t")
        self.run_.sink.append("\t".join([str(float(moment) + 9), *rest]))
        self.fails(f"doubled: event e-{rest[2]} ")
        self.run_.network.append(f"{float(moment) + 1}\tbroker-1\tunacknowledged\t{rest[2]}\t*\t0\t2\t0")
        code, text = self.run_.judged()
        self.assertEqual(code, 0, text)

    def test_a_double_is_booked_to_the_fault_under_way(self):
        moment, *rest = self.run_.sink[7].split("\t")
        moment = float(moment)
        self.run_.sink.append("\t".join([str(moment + 9), *rest]))
        for start, name in ((-20, "broker restarted"), (0, "broker connections cut"), (20, "broker frozen")):
            self.run_.faults.add(Happened(moment + start, moment + start + 3, name, "worker", ""))
        # One that is no cause of this copy, one that is.
        for at, letter in ((moment - 19, "*"), (moment + 1, "*"), (moment + 21, "z")):
            self.run_.network.append(f"{at}\tbroker-1\tunacknowledged\t{rest[2]}\t{letter}\t0\t2\t0")
        code, text = self.run_.judged()
        self.assertEqual(code, 0, text)
        self.assertRegex(text, r"broker connections cut +1 +1 +0\n")
        self.assertRegex(text, r"broker restarted +1 +0 +0\n")

    def test_a_letter_too_many_is_found(self):
        self.run_.letters.append(self.run_.letters[0])
        self.fails("doubled: event ")

    def test_a_record_that_vanished_is_found(self):
        vanished = next(record for record in self.run_.log if record["end"] == "not_sent")
        self.run_.log.remove(vanished)
        self.fails(f"not in the log: event {vanished['event_id']} ")

    def test_a_fault_that_never_was_is_found_in_every_mode(self):
        self.run_.options.mode = "cluster"
        self.run_.faults.add(Happened(BEGIN, BEGIN + 1, "node partitioned", "broker", "not done: it was never apart"))
        self.fails("it was never apart")

    def test_what_the_stage_found_fails_the_run(self):
        self.run_.troubles.append("replica-2 settled none")
        self.fails("replica-2 settled none")


class AfterwardsTests(unittest.TestCase):
    """Whether each replica works when the faults are over."""

    def troubles(self, *settled):
        """Of replicas that have settled so many before and after."""
        replicas = [types.SimpleNamespace(name=f"replica-{number}", is_ready=True, metric=mock.Mock(side_effect=counts))
                    for number, counts in enumerate(settled, 1)]
        stage = types.SimpleNamespace(
            replicas=replicas, brokers=[], troubles=[], mix=events.FAULTS, wait=lambda *_: None,
            publisher=types.SimpleNamespace(confirmed=bytearray(50)), run_empty=lambda *_: None)
        with mock.patch.object(afterwards, "Publisher") as publisher:
            afterwards.prove_alive(stage, lambda *_: None)
            self.assertEqual(publisher.call_args.kwargs["first"], 50)
        return stage.troubles

    def test_a_replica_that_settles_nothing_is_told(self):
        self.assertEqual(self.troubles((10, 200), (20, 230)), [])
        self.assertEqual(len(self.troubles((10, 410), (20, 20))), 1)

    def test_a_replica_that_stays_where_its_node_was_is_told(self):
        consumers = {"broker-1-1": 1, "broker-1-2": 0, "broker-1-3": 0, "broker-2-2": 1, "broker-2-3": 0}
        stage = types.SimpleNamespace(
            brokers=[types.SimpleNamespace(name=f"n{n}") for n in (1, 2, 3)], troubles=[],
            relays_of=lambda n: [f"broker-{n}-{node}" for node in (1, 2, 3)],
            network=types.SimpleNamespace(tell=lambda do, relays, only: {r: consumers.get(r, 0) for r in relays}))
        fault = NodeFault(stage, None)
        self.assertEqual(fault.refugees(stage.brokers[0]), [1])
        fault.follow(stage.brokers[0], [2], 0)
        self.assertEqual(stage.troubles, [])
        fault.follow(stage.brokers[0], [1], 0)
        self.assertEqual(len(stage.troubles), 1)

    def test_a_cancellation_that_reached_nobody_is_not_done(self):
        told = {"cancel": {"links": 2}, "cancelled": {"links": 5}}
        stage = types.SimpleNamespace(broker_relays=lambda: ["broker-1"],
                                      network=types.SimpleNamespace(tell=lambda do, **_: told[do]))
        with mock.patch("time.sleep"):
            words = ConsumerCancel(stage, random.Random(1)).run()
        self.assertTrue(words.startswith("not done"), words)

    def test_a_cancellation_counts_when_it_was_sent(self):
        relay = Relay("broker-1", 0, lambda: mock.Mock(**{"cancellation.side_effect": [None, b"bytes"]}))
        link = Link(relay)
        link.client.transport = mock.Mock()
        link.cancel()
        self.assertEqual(relay.cancellations, 0)
        link.cancel_if_due()
        self.assertEqual(relay.cancellations, 1)
        link.client.transport.write.assert_called_once_with(b"bytes")


    def test_what_a_client_sent_that_hung_up_goes_to_no_server(self):
        link = Link(Relay("site-calm", 0, mock.Mock))
        link.client.transport = mock.Mock()
        link._onward(link.client, b"GET / HTTP/1.1")
        link.lost(link.client)
        link.server.connection_made(mock.Mock())
        link.server.transport.write.assert_not_called()
        link.server.transport.abort.assert_called_once_with()


class PublisherTests(unittest.TestCase):
    """What may be there twice when the publisher's connection is lost."""

    def test_what_never_left_and_what_was_returned_is_published_again_once(self):
        publisher = Publisher([1], "postback", events.FAULTS, 10, 10)
        publisher._connection = types.SimpleNamespace(sent=250)
        publisher._open = {1: (4, 100), 2: (5, 200), 3: (6, 300)}
        publisher._returned = {5}
        publisher._leave_open()
        self.assertEqual(publisher.twice, {4: 1, 5: 1})
        self.assertEqual((sorted(publisher._again), publisher._open, publisher._returned), ([4, 5, 6], {}, set()))


class SoakTests(unittest.TestCase):
    """What a soak asks for besides flat figures."""

    def test_its_rate_and_retries_before_their_time_are_judged(self):
        self.assertEqual(soak.judge(1990, 2000, {"a": -0.04, "b": -0.3}), [])
        self.assertEqual(len(soak.judge(1950, 2000, {"a": 0})), 1)
        self.assertEqual(len(soak.judge(2000, 2000, {"a": -0.06})), 1)
