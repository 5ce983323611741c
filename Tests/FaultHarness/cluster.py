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
        """Of the first node that knows the queues: all of them answer for all."""
        for node in self.brokers:
            depths = {n: c for n, c in node.depths().items() if n.startswith(self.QUEUES)}
            if depths:
                return depths
        return None


class NodeFault(Fault):
    """Of one node, while the other two go on."""

    room, alone, forgets = "broker", False, True

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
            depths = self.stage.waiting() or {"none": -1}
            if all(len(node.running()) == 3 for node in self.stage.brokers) and min(depths.values()) >= 0:
                return
            time.sleep(1)
        raise RuntimeError(f"the cluster is not whole after {seconds} s")


    def refugees(self, node):
        """The replicas that consume from this node, now."""
        number = self.stage.brokers.index(node)
        return [n for n in (1, 2) if self._consumers([self.stage.relays_of(n)[number]])]

    def follow(self, node, replicas, seconds=60):
        """Until each of these replicas consumes from another node; that none does is the stage's trouble."""
        number = self.stage.brokers.index(node)
        end = time.monotonic() + seconds
        for replica in replicas:
            elsewhere = [relay for index, relay in enumerate(self.stage.relays_of(replica)) if index != number]
            while not self._consumers(elsewhere):
                if time.monotonic() > end:
                    self.stage.troubles.append(f"{self.name}: replica-{replica} did not go to another node than "
                                               f"{node.name} within {seconds} s")
                    break
                time.sleep(0.2)
        return f"{node.name}, {len(replicas)} of 2 replicas went to another node"

    def _consumers(self, relays):
        return sum(self.stage.network.tell("count", relays=relays, only="consumes").values())


class NodeKill(NodeFault):
    """Dies, and is started; whoever consumed from it must have gone elsewhere before."""

    name = "node kill -9"

    def run(self):
        node = self.node()
        replicas = self.refugees(node)
        node.kill()
        self.pause(3, 8)
        words = self.follow(node, replicas)
        node.start()
        self.whole()
        return words


class NodeRestart(NodeFault):
    """Stopped in order, and started; whoever consumed from it must have gone elsewhere before."""

    name = "node restarted"

    def run(self):
        node = self.node()
        replicas = self.refugees(node)
        node.control("stop_app")
        self.pause(3, 6)
        words = self.follow(node, replicas)
        node.control("start_app")
        self.whole()
        return words


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
        replicas = self.refugees(node)
        rest = [other for other in self.stage.brokers if other is not node]
        others = ", ".join(f"'{other.name}'" for other in rest)
        # A cookie that the others do not have: no connection between them comes about, from either side.
        node.control("eval", f"[begin erlang:set_cookie(N, apart), erlang:disconnect_node(N) end || N <- [{others}]].")
        try:
            is_apart = self._are_apart(node, rest)
            self.pause(8, 15)
            words = self.follow(node, replicas) if is_apart else f"not done: {node.name} was never apart"
        finally:
            heal = "erlang:set_cookie(N, erlang:get_cookie()), net_adm:ping(N)"
            node.control("eval", f"[begin {heal} end || N <- [{others}]].")
        self.whole()
        return words

    @staticmethod
    def _are_apart(node, rest):
        """Whether both sides come to see it: the one node none of the others, the others it no more."""
        for _ in range(15):
            if not set(node.reached()) & {other.name for other in rest} and all(
                    node.name not in other.reached() and len(other.running()) == 2 for other in rest):
                return True
            time.sleep(1)
        return False


FAULTS = (NodeKill, NodeRestart, NodeFreeze, NodePartition)
