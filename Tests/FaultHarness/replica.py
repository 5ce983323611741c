"""A worker process that is started again when it ends, as systemd would."""
import http.client
import re
import signal
import subprocess
import threading
import time
import urllib.request
from typing import NamedTuple


class End(NamedTuple):
    """When a worker was told to end, and how."""

    moment: float  # seconds since 1970
    is_kill: bool
    replica: str


class Replica(threading.Thread):
    """One worker, whichever process it is at the moment: this thread begins the next one."""

    def __init__(self, name, binary, configuration, log):
        super().__init__(daemon=True)
        self.name = name
        self._command = [binary, "run", "-c", configuration, "--name", name]
        self._log = log
        self._expected = None  # the code with which it may end now
        self._refusing = False  # it may refuse to start
        self._stopped = False
        self._lock = threading.Lock()
        self.process = None
        self.starts = 0
        self.ends = []  # End
        # (seconds since 1970, a worker's longest turn within the last one to two minutes: it did not look at sockets)
        self.turns = []
        self.dropped = 0  # records of the delivery log, as each process last told
        self.surprises = []  # ends that nobody asked for

    def run(self):
        while not self._stopped:
            with self._lock:
                if self._stopped:
                    return
                self._expected = None
                with open(self._log, "ab") as output:
                    self._begin = output.tell()
                    self.process = subprocess.Popen(
                        self._command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
                    )
                self.starts += 1
            code = self._wait()
            if code != self._expected and not (self._refusing and code == 2):
                self.surprises.append(f"{self.name} ended with {code}, the end of its log is in {self._log}")
            time.sleep(0.5)

    def _wait(self):
        """The code with which it ends."""
        while True:
            try:
                return self.process.wait(20)
            except subprocess.TimeoutExpired:
                self._note_turn()

    def _note_turn(self):
        self.turns.append((time.time(), self.metric("postback_lane_turn_seconds_max")))

    def kill(self):
        """kill -9; it comes again."""
        with self._lock:
            self._note_end(is_kill=True)
            self._expected = -signal.SIGKILL
            self.process.kill()

    def _note_end(self, is_kill):
        self.dropped += self.metric("postback_delivery_records_dropped_total")
        self._note_turn()
        self.ends.append(End(time.time(), is_kill, self.name))

    def drain(self, seconds=60):
        """SIGTERM, which must end it with code 0; it comes again unless `stop` was called."""
        with self._lock:
            self._note_end(is_kill=False)
            process, self._expected = self.process, 0
            process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.surprises.append(f"{self.name} had not drained after {seconds} s")
            self._expected = -signal.SIGKILL
            self.ends.append(End(time.time(), True, self.name))
            process.kill()

    def stop(self):
        self._stopped = True
        if self.process and self.process.poll() is None:
            self.drain()

    def end(self):
        """At once, on the way out."""
        self._stopped = True
        if self.process and self.process.poll() is None:
            self._expected = -signal.SIGKILL
            self.process.kill()
            self.process.wait()

    def may_refuse(self, refusing):
        self._refusing = refusing

    def get(self, path):
        """The admin endpoint's answer, None when there is none or it is no 200."""
        try:
            with open(self._log, "rb") as file:
                file.seek(self._begin)
                found = re.findall(rb'"message":"admin endpoint listens","address":"([^"]+)"', file.read())
            with urllib.request.urlopen(f"http://{found[-1].decode()}{path}", timeout=10) as answer:
                return answer.read().decode()
        except (OSError, http.client.HTTPException, IndexError, AttributeError):
            return None

    @property
    def is_ready(self):
        return self.process is not None and self.process.poll() is None and self.get("/readyz") is not None

    def metric(self, name):
        """The sum of all samples of this name, of any labels."""
        text = self.get("/metrics") or ""
        return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.M))
