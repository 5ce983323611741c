"""A private RabbitMQ node, the processor time it uses, and a program's."""
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """User and system time of a process, all threads; a hundredth of a second exact."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Node:
    """Started and removed by `deploy/broker`, or one that runs already."""

    def __init__(self, folder, given=None):
        self.folder = given or os.path.join(folder, "node")
        self.is_given = given is not None
        if not self.is_given:
            subprocess.run([f"{ROOT}/deploy/broker", "start", self.folder], check=True, stdout=subprocess.DEVNULL)
        with open(f"{self.folder}/env") as file:
            self.variables = dict(line.strip().split("=", 1) for line in file)
        with open(f"{self.folder}/pid") as file:
            self.pid = int(file.read())

    @property
    def url(self):
        return self.variables["AMQP_URL"]

    def cpu(self):
        return cpu_seconds(self.pid)

    def ctl(self, *arguments):
        return subprocess.run([f"{ROOT}/deploy/broker", "ctl", self.folder, *arguments], check=True,
                              capture_output=True, text=True).stdout

    def depths(self):
        """Messages by queue."""
        lines = (line.split() for line in self.ctl("-q", "list_queues", "name", "messages").splitlines())
        return {words[0]: int(words[1]) for words in lines if len(words) == 2 and words[1].isdigit()}

    def end(self):
        if not self.is_given:
            subprocess.run([f"{ROOT}/deploy/broker", "remove", self.folder], check=False, stdout=subprocess.DEVNULL)
