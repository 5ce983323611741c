"""Faults of the broker itself."""
import time

from fault import Fault


class BrokerRestart(Fault):
    """Stopped in order, and started."""

    name, room, forgets = "broker restarted", "broker", True

    def run(self):
        self.stage.broker.stop()
        self.pause(0, 2)
        self.stage.broker.start()
        return ""


class BrokerKill(Fault):
    """Dies, and is started."""

    name, room, forgets = "broker kill -9", "broker", True

    def run(self):
        self.stage.broker.kill()
        self.pause(0, 2)
        self.stage.broker.start()
        return ""


class BrokerFreeze(Fault):
    """Stands still with all its connections."""

    name, room, forgets = "broker frozen", "broker", True

    def run(self):
        self.stage.broker.pause()
        try:
            self.pause(2, 6)
        finally:
            self.stage.broker.resume()
        return ""


class MemoryAlarm(Fault):
    """It takes no messages: connection.blocked."""

    name, room = "memory alarm", "broker"

    def run(self):
        self.stage.broker.control("set_vm_memory_high_watermark", "absolute", "1MB")
        try:
            self.pause(3, 6)
        finally:
            self.stage.broker.control("set_vm_memory_high_watermark", "0.4")
        return ""


class DiskAlarm(Fault):
    """Likewise, for want of room on the disk."""

    name, room = "disk alarm", "broker"

    def run(self):
        self.stage.broker.control("set_disk_free_limit", "900000GB")
        try:
            self.pause(3, 6)
        finally:
            self.stage.broker.control("set_disk_free_limit", "100MB")
        return ""


class QueueFault(Fault):
    """A queue is deleted while workers run, at a moment when nothing in it can be lost, and declared again."""

    room, alone = "broker", True

    def is_empty(self, queues, seconds):
        """Whether the queues are found empty within so long, unacknowledged messages included, twice in a row."""
        end = time.monotonic() + seconds
        seen = 0
        while time.monotonic() < end:
            depths = self.stage.broker.depths()
            seen = seen + 1 if all(depths.get(queue) == 0 for queue in queues) else 0
            if seen == 2:
                return True
        return False

    def without_publishers(self, act):
        """Calls `act` while the workers' publishing connections stand still, so that nothing new gets in."""
        relays = self.stage.broker_relays()
        self.stage.network.tell("mode", relays=relays, mode="stall", only="publishes")
        try:
            return act()
        finally:
            self.stage.network.tell("mode", relays=relays, mode="pass", only="publishes")

    def declare(self):
        self.pause(1, 4)
        self.stage.postback("topology", "declare")
        # RabbitMQ 3.10 itself forgets a queue, confirmed messages included, when it is killed within half a second of
        # the declaration.
        time.sleep(2)


class LadderQueue(QueueFault):
    """One of the shorter rungs, while it is empty."""

    name = "retry queue deleted"

    def run(self):
        queue = f"postback.retry.{self.chance.choice([1, 2])}s"

        def delete():
            if not self.is_empty([queue], 15):
                return False
            self.stage.broker.control("delete_queue", queue)
            return True

        if not self.without_publishers(delete):
            return f"not done: {queue} was not empty within 15 s"
        self.declare()
        return queue


class DeadLetterQueue(QueueFault):
    """With the letters in it, which are exported before."""

    name = "dead-letter queue deleted"

    def run(self):
        def delete():
            time.sleep(0.5)  # what had passed the relay is in the queue
            self.stage.export_letters()
            self.stage.broker.control("delete_queue", "postback.dead-letters")

        self.without_publishers(delete)
        self.declare()
        return "its letters were exported before"


class WorkQueue(QueueFault):
    """While all queues are empty."""

    name = "work queue deleted"

    def run(self):
        self.stage.publisher.hold()
        try:
            queues = list(self.stage.waiting() or ())
            # What is parked comes back after 32 s, or 64 s the second time.
            if not self.is_empty(queues, 90):
                return "not done: the queues were not empty within 90 s"
            self.stage.broker.control("delete_queue", "postback.conversions")
            self.declare()
        finally:
            self.stage.publisher.go_on()
        return "the broker cancelled the consumers"


FAULTS = (BrokerRestart, BrokerKill, BrokerFreeze, MemoryAlarm, DiskAlarm, LadderQueue, DeadLetterQueue, WorkQueue)
