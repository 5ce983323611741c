"""Tests of the harness's own decisions, without broker or worker: python3 Tests/FaultHarness/selftest.py"""
import collections
import struct
import unittest

from fault import FaultLog, Happened
from frames import FrameReader, method
from oracle_tests import OracleTests  # noqa: F401
from run_tests import AfterwardsTests, PublisherTests, RunTests, SoakTests  # noqa: F401
from schedule import plan
from tap_tests import TapTests  # noqa: F401


class ScheduleTests(unittest.TestCase):
    """From a seed to steps."""

    class Alone:
        """Has no company."""

        room, alone = "broker", True

    class Broker:
        """Of one room."""

        room, alone = "broker", False

    class Sink:
        """Of another."""

        room, alone = "sink", False

    CATALOGUE = {"a": Alone, "b": Broker, "c": Broker, "s": Sink, "t": Sink}

    def test_a_seed_gives_the_same_schedule(self):
        self.assertEqual(plan(5, 40, 100, self.CATALOGUE), plan(5, 40, 100, self.CATALOGUE))
        self.assertNotEqual(plan(5, 40, 100, self.CATALOGUE), plan(6, 40, 100, self.CATALOGUE))

    def test_each_fault_comes_equally_often_and_keeps_its_distance(self):
        for seed in range(50):
            steps = plan(seed, 40, 100, self.CATALOGUE)
            names = collections.Counter(fault.name for step in steps for fault in step.faults)
            self.assertEqual(set(names.values()), {8})
            for step in steps:
                rooms = [self.CATALOGUE[fault.name].room for fault in step.faults]
                self.assertEqual(len(rooms), len(set(rooms)))
                self.assertTrue(len(rooms) == 1 or not any(self.CATALOGUE[f.name].alone for f in step.faults))


class FaultLogTests(unittest.TestCase):
    """What was done, and what is to blame."""

    def test_what_was_never_done_is_told_once(self):
        log = FaultLog()
        for name, words in (("a", "not done: x"), ("b", ""), ("a", "not done: y"), ("c", "not done: z"), ("c", "")):
            log.add(Happened(0, 1, name, "broker", words))
        self.assertEqual([(h.name, h.words) for h in log.undone()], [("a", "not done: y")])


    def test_a_moment_is_booked_to_what_was_under_way(self):
        log = FaultLog()
        log.add(Happened(10, 12, "a", "broker", ""))
        log.add(Happened(11, 14, "s", "sink", ""))
        self.assertEqual(log.blame(11.5, ("broker",)).name, "a")
        self.assertEqual(log.blame(15.5, ("broker",)).name, "s")
        self.assertIsNone(log.blame(20, ("broker",)))
        self.assertIsNone(log.blame(5, ("broker",)))


class FrameTests(unittest.TestCase):
    """Cutting bytes into frames."""

    def test_the_greeting_is_passed_over(self):
        self.assertEqual(FrameReader().feed(b"AMQP\0\0\x09\x01" + method(0, 5)), [(1, 0, struct.pack(">I", 5))])


if __name__ == "__main__":
    unittest.main()
