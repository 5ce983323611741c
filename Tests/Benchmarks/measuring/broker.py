"""A RabbitMQ of our own, by `deploy/broker`."""
import os
import subprocess

from . import place
from .channel import Channel


class Broker:
    def __init__(self, folder):
        self.folder = os.path.join(folder, "broker")

    def __enter__(self):
        started = subprocess.run([f"{place.ROOT}/deploy/broker", "start", self.folder], capture_output=True, text=True)
        if started.returncode != 0:
            raise RuntimeError("the broker does not start: " + started.stderr)
        with open(f"{self.folder}/env") as file:
            self.port = int(dict(line.strip().split("=", 1) for line in file)["AMQP_PORT"])
        with open(f"{self.folder}/pid") as file:
            self.pids = [int(file.read())]
        return self

    def __exit__(self, *_):
        subprocess.run([f"{place.ROOT}/deploy/broker", "remove", self.folder], stdout=subprocess.DEVNULL, check=False)

    @property
    def url(self):
        return f"amqp://guest:guest@127.0.0.1:{self.port}/%2f"

    def channel(self):
        return Channel(self.port)
