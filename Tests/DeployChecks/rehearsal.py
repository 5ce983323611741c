"""Replicas come and go under load. Usage: rehearsal.py BINARIES OLD-BINARIES EVENTS-PER-SECOND"""
import collections
import json
import subprocess
import sys
import threading
import time

from rig import Rig, binaries, event, fail, wait

PUBLISHERS = {"1": "/ok", "2": "/delay/50ms/late", "3": "/fail-first/1/flaky"}


class Load:
    """A steady stream of conversions, through one `postback publish` that reads them as they come."""

    def __init__(self, rig, configuration, prefix, rate):
        self.prefix = prefix
        self.published = 0
        self.rate = rate
        self._stop = threading.Event()
        self._process = subprocess.Popen(
            [f"{rig.binaries}/postback", "publish", "-c", configuration, "-"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=rig.environment,
        )
        rig.children.append(self._process)
        self._thread = threading.Thread(target=self._feed)
        self._start = time.monotonic()
        self._thread.start()

    def _feed(self):
        while not self._stop.wait(0.02):
            due = int((time.monotonic() - self._start) * self.rate)
            while self.published < due:
                # A tenth to the slow one, a tenth to the one that fails first.
                publisher = {0: "2", 1: "3"}.get(self.published % 10, "1")
                self._process.stdin.write(event(f"{self.prefix}-{self.published}", publisher) + "\n")
                self.published += 1
            self._process.stdin.flush()

    def end(self):
        self._stop.set()
        self._thread.join()
        output, _ = self._process.communicate(timeout=120)
        if self._process.returncode != 0:
            fail(f"publish: {output}")
        return self.published


def arrived(record, prefix):
    """How often each conversion was answered with success: click id -> count."""
    counts = collections.Counter()
    with open(record) as file:
        for line in file:
            request = json.loads(line)
            if request["status"] == 200:
                identifier = request["target"].partition("cid=")[2]
                if identifier.startswith(prefix + "-"):
                    counts[identifier] += 1
    return counts


def settle(rig, record, prefix, published):
    try:
        wait(
            f"all {published} arrived",
            lambda: len(arrived(record, prefix)) >= published,
            90,
        )
    except SystemExit:
        print(rig.control("list_queues", "name", "messages"))
        raise
    time.sleep(2)  # for a double that is still on its way
    counts = arrived(record, prefix)
    doubled = sum(1 for count in counts.values() if count > 1)
    lost = published - len(counts)
    if lost or doubled:
        fail(f"{prefix}: of {published} conversions {lost} were lost and {doubled} doubled")
    return lost, doubled


def main():
    folder, old = binaries(sys.argv[1]), binaries(sys.argv[2])
    rate = int(sys.argv[3])
    with Rig(folder) as rig:
        record = f"{rig.folder}/requests.ndjson"
        origin = rig.tracker(record)
        routes = {key: f"{origin}{path}?cid={{{{click_id}}}}" for key, path in PUBLISHERS.items()}
        configuration = rig.configure(routes, retry={"first_delay": "1s", "jitter": 0})

        # 1 -> 4 -> 1
        workers = [rig.worker("replica-1", configuration).wait_until_ready()]
        load = Load(rig, configuration, "scale", rate)
        starts, stops = [], []
        time.sleep(3)
        for number in (2, 3, 4):
            begin = time.monotonic()
            workers.append(rig.worker(f"replica-{number}", configuration).wait_until_ready())
            starts.append(time.monotonic() - begin)
            time.sleep(3)
        shares = [int(worker.metric("postback_attempts_total")) for worker in workers]
        for worker in workers[:0:-1]:
            stops.append(worker.drain())
            time.sleep(3)
        published = load.end()
        settle(rig, record, "scale", published)
        stops.append(workers[0].drain())
        print(
            f"1 -> 4 -> 1 replicas at {rate} conversions a second: {published} published, 0 lost, 0 doubled; "
            f"attempts by replica when there were four: {shares}; ready after {max(starts):.2f} s at most, "
            f"drained in {max(stops):.2f} s at most"
        )

        # Old ones are replaced one by one; meanwhile both versions work on the queue.
        version = lambda path: rig.run([f"{path}/postback", "version"]).stdout.strip()
        workers = [rig.worker(f"old-{number}", configuration, binary=old).wait_until_ready() for number in (1, 2, 3)]
        load = Load(rig, configuration, "upgrade", rate)
        stops = []
        time.sleep(2)
        for number, worker in enumerate(list(workers), 1):
            workers.append(rig.worker(f"new-{number}", configuration).wait_until_ready())
            time.sleep(2)
            stops.append(worker.drain())
            workers.remove(worker)
        time.sleep(2)
        published = load.end()
        settle(rig, record, "upgrade", published)
        for worker in workers:
            worker.drain()
        print(
            f"three workers replaced one by one ({version(old)} by {version(folder)}) at {rate} conversions a second: "
            f"{published} published, 0 lost, 0 doubled; drained in {max(stops):.2f} s at most"
        )


main()
