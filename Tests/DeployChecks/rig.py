"""A broker, trackers and workers of one check's own, on free ports of 127.0.0.1, in one temporary folder.

Used by live.py and rehearsal.py. Everything ends with the `with` block, by process id.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def fail(text):
    print(f"FAILED: {text}", file=sys.stderr)
    raise SystemExit(1)


def wait(what, condition, seconds=60, state=lambda: ""):
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            fail(f"not within {seconds} s: {what} {state()}")
        time.sleep(0.1)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def get(url, seconds=10):
    """The body; raises on every other status than 200."""
    with urllib.request.urlopen(url, timeout=seconds) as answer:
        return answer.read().decode()


class Worker:
    def __init__(self, rig, name, binary, configuration, environment=None):
        self.name = name
        self.log_path = f"{rig.folder}/{name}-{len(rig.children)}.log"
        self.process = rig.start(
            [f"{binary}/postback", "run", "-c", configuration, "--name", name], self.log_path, environment
        )
        self._address = None

    def log(self):
        with open(self.log_path) as file:
            return file.read()

    @property
    def address(self):
        if self._address is None:
            found = re.search(r'"message":"admin endpoint listens","address":"([^"]+)"', self.log())
            self._address = found and found.group(1)
        return self._address

    def answers(self, path):
        try:
            return self.address and get(f"http://{self.address}{path}")
        except OSError:
            return None

    def wait_until_ready(self):
        wait(f"{self.name} is ready", lambda: self.alive() and self.answers("/readyz"), 60, self.log)
        return self

    def alive(self):
        if self.process.poll() is not None:
            fail(f"{self.name} ended with {self.process.returncode}: {self.log()[-2000:]}")
        return True

    def metric(self, name):
        """The sum of all samples of this name, of any labels."""
        text = self.answers("/metrics") or ""
        return sum(float(value) for value in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.M))

    def drain(self):
        """SIGTERM, and how many seconds it took to its end."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(60) != 0:
            fail(f"{self.name} ended with {self.process.returncode}: {self.log()[-2000:]}")
        return time.monotonic() - start


class Rig:
    def __init__(self, binaries, plugins=None, broker_lines=""):
        self.binaries = binaries
        self.folder = tempfile.mkdtemp(prefix="postback-deploy.")
        self.children = []
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("POSTBACK_")}
        self._plugins = plugins
        self._broker_lines = broker_lines

    def __enter__(self):
        try:
            broker = f"{self.folder}/broker"
            os.mkdir(broker)
            if self._plugins:
                with open(f"{broker}/extra.plugins", "w") as file:
                    file.write(self._plugins)
            with open(f"{broker}/extra.conf", "w") as file:
                file.write(self._broker_lines)
            self.run([f"{ROOT}/deploy/broker", "start", broker], seconds=300)
            with open(f"{broker}/env") as file:
                self.broker = dict(line.strip().split("=", 1) for line in file)
            self.url = self.broker["AMQP_URL"]
            return self
        except BaseException:
            self.__exit__(None, None, None)
            raise

    def __exit__(self, *_):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
        subprocess.run([f"{ROOT}/deploy/broker", "remove", f"{self.folder}/broker"], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, command, seconds=60, check=True, input=None, environment=None):
        result = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=seconds,
            input=input,
            env={**self.environment, **(environment or {})},
        )
        if check and result.returncode != 0:
            fail(f"{' '.join(command)} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        return result

    def start(self, command, log, environment=None):
        with open(log, "ab") as output:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**self.environment, **(environment or {})},
            )
        self.children.append(child)
        return child

    def control(self, *arguments):
        return self.run([f"{ROOT}/deploy/broker", "ctl", f"{self.folder}/broker", *arguments]).stdout

    def tracker(self, record=None):
        """Starts a sample tracker; returns its origin."""
        log = f"{self.folder}/tracker-{len(self.children)}.log"
        self.start(
            [f"{self.binaries}/sample-tracker", "--listen", "127.0.0.1:0"] + (["--record", record] if record else []),
            log,
        )
        found = wait("the tracker listens", lambda: re.search(r"listening on (\S+)", open(log).read()))
        return f"http://{found.group(1)}"

    def write(self, name, text):
        path = f"{self.folder}/{name}"
        with open(path, "w") as file:
            file.write(text)
        return path

    def configure(self, routes, url=None, name="postback.yaml", **sections):
        """Writes a configuration and the routes, {publisher: URL}."""
        lines = "".join(f'  "{key}": {{ global: {{ url: "{value}" }} }}\n' for key, value in routes.items())
        self.write("routes.yaml", "publishers:\n" + lines)
        settings = {
            "broker": {"url": url or self.url},
            "admin": {"listen": "127.0.0.1:0"},
            "egress": {"allow_private": True, "ports": ["1-65535"]},
            **sections,
        }
        # JSON is YAML.
        return self.write(name, json.dumps(settings))

    def worker(self, name, configuration, binary=None, environment=None):
        return Worker(self, name, binary or self.binaries, configuration, environment)


def event(identifier, publisher="1"):
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps(
        {
            "id": identifier,
            "publisher_id": publisher,
            "click_id": identifier,
            "occurred_at": now,
            "payout": {"amount": "1.25", "currency": "EUR"},
        }
    )


def binaries(argument):
    """The folder with postback and sample-tracker."""
    folder = os.path.abspath(argument)
    for name in ("postback", "sample-tracker"):
        if not os.access(f"{folder}/{name}", os.X_OK):
            fail(f"there is no {folder}/{name}; swift build makes it")
    return folder
