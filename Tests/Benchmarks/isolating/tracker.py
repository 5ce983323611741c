"""`sample-tracker`, which answers as the path says and knows what it was asked."""
import json
import subprocess
import tempfile
import time
import urllib.request


class Tracker:
    """`programs` is the folder of the builds; `port` is on 127.0.0.1."""

    def __init__(self, programs, folder):
        self.log = tempfile.NamedTemporaryFile("w+", dir=folder, suffix=".log")
        self.process = subprocess.Popen([f"{programs}/sample-tracker", "--listen", "127.0.0.1:0"],
                                        stdout=self.log, stderr=self.log)
        for _ in range(200):
            with open(self.log.name) as file:
                text = file.read()
            if "listening on " in text:
                self.port = int(text.split("listening on ")[1].split()[0].split(":")[-1])
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError("the tracker does not start: " + text)

    def _get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
            return answer.read()

    def total(self):
        return json.loads(self._get("/_count"))["total"]

    def requests(self):
        return [json.loads(line) for line in self._get("/_requests").splitlines()]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()
