"""Tests of the measuring itself: `Tests/Benchmarks/run --self-test`; --quick begins with them."""
import json
import os
import tempfile
import time
import unittest
from unittest import mock

from . import drain, processes, readme, sections, table, targets
from .events import Events
from .reading import Count, Reading, Wait
from .results import Part, Results
from .setup import Setup

ABOUT = {"date": "today", "load_before": 1, "commit": "abc", "command": "run"}


def reading(program="floor", cpu=10.0, rate=1000.0, **more):
    return Reading(program, 100, rate, cpu, 1, 1, 10, 0, 0, 0, 0, 0, **more)


def compared(**cpu):
    return {name: [reading(name, value)] for name, value in cpu.items()}


class Sink:
    """Has made `step` more deliveries at each look."""

    def __init__(self, step):
        self.step, self.done, self.pids = step, -step, []

    def count(self):
        self.done += self.step
        return min(self.done, 1000)

    def totals(self):
        return [min(self.done, 1000), 0]


class Running:
    pid = os.getpid()

    def is_over(self):
        return False


class WindowTests(unittest.TestCase):
    def test_it_ends_before_what_is_only_finished(self):
        sink = Sink(100)
        draining = drain.Drain(mock.Mock(pids=[]), sink, "")
        marks = []
        with mock.patch.object(draining, "_marks", side_effect=lambda pids, base: marks.append(sink.done) or
                               (sink.done, time.monotonic(), 0, 0, 0, 0, 0, 0)):
            found = draining._watch(mock.Mock(), Running(), 1000, (200, 600), 0, time.monotonic())
        self.assertEqual((marks, found.deliveries, sink.done), ([200, 600], 400, 1000))


class ClockTests(unittest.TestCase):
    def test_a_thread_that_is_over_is_counted(self):
        import threading
        before = processes.seconds([os.getpid()])
        thread = threading.Thread(target=lambda: sum(range(3_000_000)))
        thread.start()
        thread.join()
        self.assertGreater(processes.seconds([os.getpid()]) - before, 0.005)


class EventsTests(unittest.TestCase):
    def test_large_ones_come_again_and_the_count_is_kept(self):
        events = Events("q", 10, size=1000)
        events.KEPT = 500_000
        portions = list(events.take(1700))
        self.assertEqual([count for count, _ in portions], [500, 500, 500, 200])
        self.assertEqual(portions[0], portions[1])
        self.assertTrue(portions[0][1].startswith(portions[3][1]))


class ResultsTests(unittest.TestCase):
    def test_a_part_that_is_measured_leaves_the_others(self):
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/speed.json"
            wait = Wait("floor", {"p99": 1.0}, {}, 5, parked=3)
            Results(path, True).merge({"latency": Part(ABOUT, {"a": 1}, {"floor": [wait]}),
                                       "instructions": Part(ABOUT, {}, {"floor": [Count("floor", 5.0)]})})
            later = Part({**ABOUT, "date": "later"}, {}, {"floor": [Count("floor", 6.0)]})
            Results(path, True).merge({"instructions": later})
            parts = Results(path, True).parts
            self.assertEqual(parts["latency"].found["floor"], [wait])
            self.assertEqual((parts["instructions"].about["date"], parts["instructions"].found["floor"][0].each),
                             ("later", 6.0))
            self.assertEqual(parts["latency"].about["date"], "today")
            Results(path, False).merge({"https": Part(ABOUT, {}, compared(floor=1.0))})
            with open(path) as file:
                self.assertEqual(list(json.load(file)), ["https"])

    def test_README_keeps_the_places_that_are_not_written(self):
        with tempfile.NamedTemporaryFile("w+") as file, mock.patch.object(readme, "PATH", file.name):
            file.write("<!-- figures: a -->\n1\n<!-- end of figures -->\n\n"
                       "<!-- figures: b -->\n2\n<!-- end of figures -->\n")
            file.flush()
            readme.put({"b": "3"})
            with open(file.name) as written:
                self.assertEqual(written.read(), "<!-- figures: a -->\n1\n<!-- end of figures -->\n\n"
                                                 "<!-- figures: b -->\n3\n<!-- end of figures -->\n")
            self.assertRaises(RuntimeError, readme.put, {"c": "4"})


class TableTests(unittest.TestCase):
    def test_what_was_parked_is_told(self):
        found = {"floor": [reading()], "postback": [reading("postback", parked=0, retried=0),
                                                    reading("postback", parked=1200, retried=2)]}
        self.assertEqual(table.faults(found), "**Not clean: postback**: 1,200 parked, 2 retried.")
        told = Setup(0, 0).told(events=5, rounds=2)
        self.assertIn("1,200 parked", sections.speed("throughput", Part(ABOUT, told, found)))
        self.assertEqual(table.faults({"floor": [reading()]}), "")

    def test_what_was_aimed_at(self):
        found = compared(**{"floor": 10.0, "postback, no log": 13.0, "postback": 17.0})
        rows = targets.markdown({"throughput": Part(ABOUT, {}, found)}).splitlines()
        self.assertIn("| gate ≤ 1.5, goal ≤ 1.2 | 1.30 | gate met, goal **missed** |", rows[2])
        self.assertIn("| ≤ 1.6 | 1.70 | **missed** |", rows[3])
        # Without Go there is no ratio to it.
        self.assertIn("see below", rows[6])
        found["Go"] = [reading("Go", 20.0, rate=400.0)]
        self.assertIn("| ≥ 2 | 2.50 | met |", targets.markdown({"throughput": Part(ABOUT, {}, found)}).splitlines()[6])


def passes():
    """Whether all of them hold; says which do not."""
    tests = unittest.defaultTestLoader.loadTestsFromName(__name__)
    return unittest.TextTestRunner(verbosity=0).run(tests).wasSuccessful()
