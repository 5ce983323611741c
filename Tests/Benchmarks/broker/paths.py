"""The ways on which messages are published: each is run once and measured."""
import json
import os
import re
import resource
import signal
import socket
import subprocess
import time
import urllib.request

from node import cpu_seconds


class Measure:
    """Messages a second, and microseconds of processor time a message: ours and the broker's."""

    def __init__(self, count, seconds, ours, broker, peak=None):
        self.rate = count / seconds
        self.ours = ours / count * 1e6
        self.broker = broker / count * 1e6
        self.peak = peak

    def __str__(self):
        memory = f", {self.peak:.0f} MB at most" if self.peak else ""
        return f"{self.rate:7.0f}/s   {self.ours:5.1f} us ours, {self.broker:5.1f} us broker{memory}"


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class Stage:
    """A folder with the configuration of one build, and queues of its own on the node."""

    def __init__(self, node, build, folder, prefix, extra=""):
        self.node, self.build, self.folder, self.prefix = node, build, folder, prefix
        os.makedirs(folder)
        self.admin, self.tracker = free_port(), free_port()
        # Whether the work queue holds the events.
        self.holds_events = False
        self.dead = 0
        # A port that nobody listens on.
        self.closed = free_port()
        with open(f"{folder}/postback.yaml", "w") as file:
            file.write(f"""broker: {{ url: "{node.url}", prefetch: 1000 }}
names: {{ prefix: {prefix} }}
admin: {{ listen: "127.0.0.1:{self.admin}" }}
egress: {{ allow_private: true, ports: ["1-65535"] }}
log: {{ level: error }}
{extra}
""")
        self.route("http://127.0.0.1:1/pb")
        self.command("topology", "declare")

    def route(self, url):
        with open(f"{self.folder}/routes.yaml", "w") as file:
            file.write(f'publishers:\n  "1": {{ global: {{ url: "{url}" }} }}\n')

    def command(self, *arguments):
        """Runs a command to its end.

        Returns its output, its processor seconds and its peak memory in MB."""
        with open(f"{self.folder}/errors", "w") as errors:
            process = subprocess.Popen([f"{self.build}/postback", *arguments, "-c", "postback.yaml"], cwd=self.folder,
                                       stdout=subprocess.PIPE, stderr=errors, text=True)
            output = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            with open(f"{self.folder}/errors") as errors:
                raise RuntimeError(f"postback {' '.join(arguments)}: {process.returncode}: {errors.read()[-2000:]}{output[-500:]}")
        return output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def timed(self, count, *arguments):
        broker, start = self.node.cpu(), time.monotonic()
        output, ours, peak = self.command(*arguments)
        return output, Measure(count, time.monotonic() - start, ours, self.node.cpu() - broker, peak)

    # The paths.

    def publish(self, events, count):
        output, measure = self.timed(count, "publish", events, "--json")
        if json.loads(output)["published"] != count:
            raise RuntimeError(f"publish: {output}")
        return measure

    def replay(self, _):
        """Of all that lies there; the events are in the work queue again."""
        count, self.dead = self.dead, 0
        output, measure = self.timed(count, "dead-letters", "replay", "--all", "--yes", "--json")
        if json.loads(output.splitlines()[-1])["replayed"] != count:
            raise RuntimeError(f"replay: {output}")
        return measure

    def letters(self, count):
        """A worker that makes a dead letter of each event without a request: the address is a reserved one."""
        self.route("http://192.0.2.1/pb?c={{click_id}}")
        self.dead += count
        return self.work(count, "postback_dead_letters_total")

    def rejected(self, count):
        """A worker whose tracker rejects all."""
        tracker = subprocess.Popen([f"{self.build}/sample-tracker", "--listen", f"127.0.0.1:{self.tracker}"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.route(f"http://127.0.0.1:{self.tracker}/status/404?c={{{{click_id}}}}")
            self.dead += count
            return self.work(count, "postback_dead_letters_total")
        finally:
            tracker.terminate()
            tracker.wait()

    def ladder(self, count):
        """A worker whose destination refuses connections: attempts, then the breaker, and all goes down the ladder."""
        self.route(f"http://127.0.0.1:{self.closed}/pb?c={{{{click_id}}}}")
        return self.work(count, "postback_parked_total", 'postback_deliveries_total{outcome="retried"')

    def work(self, count, *counters):
        """Runs a worker until the counters have reached `count`; measured from a tenth of it to nine."""
        with open(f"{self.folder}/worker.log", "w") as log:
            worker = subprocess.Popen([f"{self.build}/postback", "run", "-c", "postback.yaml"], cwd=self.folder,
                                      stdout=log, stderr=log)
        try:
            end = time.monotonic() + 60 + count / 500
            first = last = None
            while last is None or last[0] < count:
                if worker.poll() is not None or time.monotonic() > end:
                    with open(f"{self.folder}/worker.log") as log:
                        raise RuntimeError(f"the worker came to {last} of {count}: {log.read()[-2000:]}")
                time.sleep(0.05)
                reached = self.metric(*counters)
                sample = (reached, time.monotonic(), cpu_seconds(worker.pid), self.node.cpu())
                if reached >= count // 10 and first is None:
                    first = sample
                if last is None or last[0] < count * 9 // 10:
                    last = sample
                elif reached >= count:
                    break
            worker.send_signal(signal.SIGTERM)
            worker.wait(timeout=60)
            return Measure(last[0] - first[0], last[1] - first[1], last[2] - first[2], last[3] - first[3])
        finally:
            if worker.poll() is None:
                worker.kill()
                worker.wait()

    def metric(self, *names):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/metrics", timeout=5) as answer:
                text = answer.read().decode()
        except OSError:
            return 0
        return sum(int(float(line.split()[-1])) for line in text.splitlines() if line.startswith(names))

    def end(self):
        subprocess.run([f"{self.build}/postback", "topology", "delete", "--yes", "-c", "postback.yaml"],
                       cwd=self.folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name in self.node.depths():
            if name.startswith(f"{self.prefix}."):
                try:
                    self.node.ctl("-q", "delete_queue", name)
                except subprocess.CalledProcessError:
                    pass  # listed, and gone by now


class Loader:
    """Another publisher to compare with: run with --queue, --type and --count, the node's port in AMQP_PORT."""

    def __init__(self, node, program):
        self.node, self.program = node, program

    def publish(self, count):
        environment = dict(os.environ, AMQP_PORT=self.node.variables["AMQP_PORT"])
        broker, start = self.node.cpu(), time.monotonic()
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run = subprocess.run([self.program, "--queue", "bench.loader", "--type", "quorum", "--count", str(count)],
                             check=True, env=environment, capture_output=True, text=True)
        # What it says of itself leaves out how it begins and ends.
        told = re.search(r"in ([0-9.]+)s", run.stderr + run.stdout)
        seconds = float(told.group(1)) if told else time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        ours = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        measure = Measure(count, seconds, ours, self.node.cpu() - broker)
        self.node.ctl("-q", "delete_queue", "bench.loader")
        return measure
