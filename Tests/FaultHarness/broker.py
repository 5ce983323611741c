"""The private RabbitMQ of the harness, by deploy/broker: one node or three that are one cluster."""
import os
import re
import subprocess

from amqp import Connection, Lost

# -1 where nobody answers for the queue.
_DEPTHS = """[{element(4, amqqueue:get_name(Q)),
     try ra:leader_query(amqqueue:get_pid(Q), fun rabbit_fifo:overview/1) of
         {ok, {_, Overview}, _} -> maps:get(num_messages, Overview);
         _ -> -1
     catch _:_ -> -1
     end}
    || Q <- rabbit_amqqueue:list(), amqqueue:get_type(Q) =:= rabbit_quorum_queue]."""

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Node:
    """One node and its folder."""

    def __init__(self, folder):
        self.folder = folder
        self.port = None

    def _do(self, command, *arguments, check=True, seconds=180):
        result = subprocess.run(
            [f"{ROOT}/deploy/broker", command, self.folder, *arguments],
            capture_output=True, text=True, timeout=seconds, start_new_session=True,
        )
        if check and result.returncode != 0:
            raise RuntimeError(f"deploy/broker {command} {self.folder}: {result.stdout}{result.stderr}")
        return result.stdout

    def _read(self):
        with open(f"{self.folder}/env") as file:
            environment = dict(line.strip().split("=", 1) for line in file)
        self.port = int(environment["AMQP_PORT"])
        self.name = environment["NODENAME"]

    def start(self):
        os.makedirs(self.folder, exist_ok=True)
        self._do("start")
        self._read()

    def configure(self, lines):
        """Lines for rabbitmq.conf, before the start."""
        os.makedirs(self.folder, exist_ok=True)
        with open(f"{self.folder}/extra.conf", "w") as file:
            file.write(lines)

    def running(self):
        """The names of the nodes that this one knows to run."""
        told = self.control("eval", "rabbit_nodes:all_running().", check=False)
        return re.findall(r"postback-\d+@localhost", told)

    def reached(self):
        """The names of the nodes that this one's Erlang has a connection to, whether RabbitMQ runs there or not."""
        return re.findall(r"postback-\d+@localhost", self.control("eval", "nodes().", check=False))

    def join(self, other):
        """Starts as a further node of the other one's cluster."""
        os.makedirs(self.folder, exist_ok=True)
        self._do("join", other.folder)
        self._read()

    def stop(self):
        self._do("stop", check=False)

    def kill(self):
        self._do("kill")

    def pause(self):
        self._do("pause")

    def resume(self):
        self._do("resume", check=False)

    def remove(self):
        self._do("remove", check=False)

    def control(self, *arguments, check=True):
        return self._do("ctl", *arguments, check=check)

    def depths(self):
        """Messages of each quorum queue, unacknowledged ones included: name -> count; -1 for a queue without a leader.

        Asked of the queues themselves: `list_queues` tells what was true some seconds ago. Takes a second of processor.
        """
        told = self.control("eval", _DEPTHS, check=False)
        return {name: int(count) for name, count in re.findall(r'\{<<"([^"]+)">>,(-?\d+)\}', told)}

    def ready(self, *queues):
        """Messages in these queues that no worker has. Cheap; a queue without a leader seems empty by it, so it is only
        for a single node. Raises Lost when the broker does not answer, or a queue is missing."""
        connection = Connection(self.port)
        try:
            total = 0
            for queue in queues:
                count = connection.depth(queue)
                if count is None:
                    raise Lost(f"there is no {queue}")
                total += count
            return total
        finally:
            connection.close()

    def read_away(self, queue):
        """The bodies of a queue, which is empty afterwards."""
        try:
            connection = Connection(self.port)
            try:
                return connection.take(queue)
            finally:
                connection.close()
        except Lost:
            return []
