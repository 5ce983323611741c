"""One worker with its queues, a healthy tracker and a bad one."""
import os
import subprocess
import sys
import time
import urllib.request

from measuring.channel import encoded

RUNGS = [1 << number for number in range(17)]


class Trial:
    """In the folder `here`, with queues named after `prefix`; the admin endpoint is at `address`, and the bad
    events are of `count` publishers. `end` removes all of it from the broker."""

    def __init__(self, programs, broker, prefix, here, healthy, bad, count, address):
        self.programs, self.broker, self.prefix, self.here = programs, broker, prefix, here
        self.healthy, self.bad, self.count, self.address = healthy, bad, count, address
        self.process, self.channel = None, None

    @staticmethod
    def event(number, publisher):
        now = int(time.time() * 1000)
        return (f'{{"id":"e-{publisher}-{number}","publisher_id":"{publisher}","click_id":"{now}-{number}",'
                f'"payout":{{"amount":"1.25","currency":"EUR"}}}}').encode()

    def publish(self, bodies):
        """Returns when all are confirmed: a quorum queue loses what is not when the connection goes."""
        self.channel = self.channel or self.broker.channel()
        messages = [encoded(f"{self.prefix}.conversions", body) for body in bodies]
        self.channel.fill((len(portion), b"".join(portion))
                          for portion in (messages[start:start + 500] for start in range(0, len(messages), 500)))

    def command(self, *arguments):
        subprocess.run([f"{self.programs}/postback", *arguments, "-c", "postback.yaml"], cwd=self.here, check=True,
                       stdout=subprocess.DEVNULL)

    def worker(self):
        with open(f"{self.here}/worker.log", "w") as log:
            self.process = subprocess.Popen([f"{self.programs}/postback", "run", "-c", "postback.yaml"], cwd=self.here,
                                            stdout=log, stderr=log)

    def _admin(self, path):
        with urllib.request.urlopen(f"http://{self.address}{path}", timeout=5) as answer:
            return answer.read().decode()

    def metric(self, name):
        """Its value; 0 while the worker does not answer."""
        try:
            for line in self._admin("/metrics").splitlines():
                if line.startswith(name + " "):
                    return int(float(line.split()[1]))
        except OSError:
            pass
        return 0

    def peak_megabytes(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(file.read().split("VmHWM:")[1].split()[0]) / 1024

    def wait_for(self, count, seconds=120):
        """For `count` healthy deliveries; the time when they were there."""
        end = time.time() + seconds
        while time.time() < end:
            total = self.healthy.total()
            if total >= count:
                return time.time()
            time.sleep(0.02)
        self._explain()
        raise RuntimeError(f"{total} of {count} healthy deliveries after {seconds} s")

    def _explain(self):
        lines = [line for line in self._admin("/metrics").splitlines() if line[:1] != "#" and not line.endswith(" 0")]
        print("\n".join(line for line in lines if line.startswith("postback_") and "_bucket" not in line),
              file=sys.stderr)
        print(self._admin("/destinations")[:2000], file=sys.stderr)
        print("ready:", self.broker.channel().depth(f"{self.prefix}.conversions"), file=sys.stderr)

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.healthy.stop()
        self.bad.stop()
        self.channel = self.channel or self.broker.channel()
        names = ["conversions", "dead-letters", "deliveries", "pauses", *(f"retry.{rung}s" for rung in RUNGS)]
        for name in names:
            self.channel.delete(f"{self.prefix}.{name}")
        self.channel.close()
