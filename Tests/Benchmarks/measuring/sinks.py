"""What the requests go to: nginx, which answers 204 as fast as anything can, and our own, which waits and takes notes."""
import http.client
import os
import resource
import subprocess
import time

from . import place, processes


class Sink:
    """One process; `port` is where it listens on 127.0.0.1. `count()` is how many requests it has answered."""

    path = "/_count"

    def _run(self, command, log):
        self.log = open(log, "w")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        for _ in range(200):
            try:
                self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                self._get(self.path)
                break
            except OSError:
                time.sleep(0.05)
        else:
            with open(log) as file:
                raise RuntimeError(f"{command[0]} does not listen: {file.read()}")
        self.pids = processes.tree(self.process.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.line.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def _get(self, path):
        self.line.request("GET", path)
        return self.line.getresponse().read().decode()

    def totals(self):
        """Requests answered, and connections accepted."""
        return [int(word) for word in self._get(self.path).split()]

    def count(self):
        return self.totals()[0]


class Nginx(Sink):
    """One worker, keep-alive without end, no log; `https_port` with TLS and a certificate of our own."""

    path = "/_status"

    def __init__(self, folder):
        here = os.path.join(folder, "nginx")
        os.mkdir(here)
        self.port, self.https_port = place.free_port(), place.free_port()
        self.certificate = f"{here}/certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:*.bench.test",
             "-keyout", f"{here}/key.pem", "-out", self.certificate], check=True, capture_output=True)
        descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        paths = "".join(f"{kind}_temp_path {here}/{kind}; "
                        for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        with open(f"{here}/nginx.conf", "w") as file:
            file.write(f"""
worker_processes 1;
daemon off;
pid {here}/pid;
error_log {here}/error.log error;
worker_rlimit_nofile {descriptors};
events {{ worker_connections {min(descriptors, 30_000) - 100}; }}
http {{
    access_log off;
    keepalive_timeout 3600s;
    keepalive_requests 1000000000;
    {paths}
    server {{
        listen 127.0.0.1:{self.port} backlog=16384;
        listen 127.0.0.1:{self.https_port} ssl backlog=16384;
        ssl_certificate {self.certificate};
        ssl_certificate_key {here}/key.pem;
        location = /_status {{ stub_status; }}
        location / {{ return 204; }}
    }}
}}
""")
        self.asked = 0
        self._run(["nginx", "-e", f"{here}/error.log", "-p", here, "-c", f"{here}/nginx.conf"], f"{here}/output")

    def _get(self, path):
        self.asked += 1
        return super()._get(path)

    def totals(self):
        accepted, _, requests = self._get(self.path).split("\n")[2].split()
        return [int(requests) - self.asked, int(accepted)]


class OwnSink(Sink):
    """Answers after `delay` milliseconds, and knows how long stamped events took to arrive."""

    def __init__(self, folder, delay=0):
        self.port = place.free_port()
        self._run([f"{place.BUILT}/sink", "--port", str(self.port), "--delay", str(delay)],
                  f"{folder}/sink-{self.port}.log")

    def arrivals(self):
        """Microseconds from stamp to arrival of all requests since the last call."""
        return [int(line) for line in self._get("/_arrivals").split()]
