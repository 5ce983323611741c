"""Three nodes on this machine that are one cluster, and what can happen to them."""
import time

from broker import Node
from fault import Fault
from stage import Stage


class ClusterStage(Stage):
    """The replicas know all three nodes, each through a relay of its own."""

    def __init__(self, options):
        super().__init__(options)
        self.brokers = [Node(f"{self.folder}/broker-{number}") for number in (1, 2, 3)]
        self.broker = self.brokers[0]

    def start_brokers(self):
        for node in self.brokers:
            # The side with one node stops itself, instead of going on with a life of its own.
            node.configure("cluster_partition_handling = pause_minority\n")
        self.broker.start()
        for node in self.brokers[1:]:
            node.join(self.broker)

    def waiting(self):
        for node in self.brokers:
            depths = {n: c for n, c in node.depths().items() if n.startswith(self.QUEUES)}
            if depths:
                return depths
        return None


class NodeFault(Fault):
    room, alone = "broker", False

    def node(self):
        """As a rule one that workers are connected to, so that they have to go elsewhere."""
        number = self.chance.randrange(3)
        links = self.stage.network.tell("count", relays=self.stage.broker_relays())
        busy = sorted({int(name[-1]) - 1 for name, count in links.items() if count})
        if busy and self.chance.random() < 0.8:
            number = busy[number % len(busy)]
        return self.stage.brokers[number]

    def whole(self, seconds=300):
        """Until all three nodes know each other and every queue has a leader."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if all(len(node.running()) == 3 for node in self.stage.brokers) and self.stage.waiting():
                return
            time.sleep(1)
        raise RuntimeError(f"the cluster is not whole after {seconds} s")


class NodeKill(NodeFault):
    name = "node kill -9"

    def run(self):
        node = self.node()
        node.kill()
        self.pause(3, 8)
        node.start()
        self.whole()
        return node.name


class NodeRestart(NodeFault):
    name = "node restarted"

    def run(self):
        node = self.node()
        node.control("stop_app")
        self.pause(3, 6)
        node.control("start_app")
        self.whole()
        return node.name


class NodeFreeze(NodeFault):
    """Longer than heartbeats wait now and then: the workers must go elsewhere."""

    name = "node frozen"

    def run(self):
        node = self.node()
        seconds = self.chance.choice([10, 15, 75])
        node.pause()
        try:
            time.sleep(seconds)
        finally:
            node.resume()
        self.whole()
        return f"{node.name}, {seconds} s"


class NodePartition(NodeFault):
    """One node and the other two do not reach each other; clients reach all of them."""

    name = "node partitioned"

    def run(self):
        node = self.node()
        others = ", ".join(f"'{other.name}'" for other in self.stage.brokers if other is not node)
        # A cookie that the others do not have: no connection between them comes about, from either side.
        node.control("eval", f"[begin erlang:set_cookie(N, apart), erlang:disconnect_node(N) end || N <- [{others}]].")
        self.pause(8, 15)
        heal = "erlang:set_cookie(N, erlang:get_cookie()), net_adm:ping(N)"
        node.control("eval", f"[begin {heal} end || N <- [{others}]].")
        self.whole()
        return node.name


FAULTS = (NodeKill, NodeRestart, NodeFreeze, NodePartition)
