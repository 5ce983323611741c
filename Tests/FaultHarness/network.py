"""The process that stands between the workers and everything else: relays, told what to do by lines of JSON.

usage: network.py RECORD ACKNOWLEDGED
  RECORD: each event that a connection had open when it ended, see tap.Told:
    `seconds relay cause event letter age since clean`
  ACKNOWLEDGED: `event seconds replica`: when a worker last acknowledged a message of this event, and which

  {"do":"relay","name":"broker-1","target":5672,"tap":"broker"}   -> {"port":N}
  {"do":"cut","relays":[...],"share":0.5,"seed":1,"only":"publishes"}    at once
  {"do":"truncate",...,"bytes":7,"to":"server"}    that many bytes more to that side, then the end
  {"do":"mode",...,"mode":"stall"}    pass, stall (no byte moves), swallow (bytes vanish); of new links too at share 1
  {"do":"delay","relays":[...],"seconds":0.2}
  {"do":"cancel","relays":[...]}      the broker seems to cancel the consumers
  {"do":"cancelled","relays":[...]}   -> {"links":N}    so many clients were sent that since the relays began
  {"do":"count","relays":[...],"only":"consumes"}    -> {"NAME":links, ...}
  {"do":"flush"}                      the record is on the disk
"""
import array
import sys
import time

from helper import Helper
from relay import Relay
from tap import BrokerTap, RequestTap


class Network(Helper):
    """All relays of a run, by name, and what their taps tell."""

    def __init__(self, record, acknowledged):
        self._record = open(record, "w")
        self._acknowledged_path = acknowledged
        self._acknowledged = array.array("d")  # event -> seconds since 1970, 0 where it never was
        self._replicas = bytearray()  # event -> the number of the replica
        self._relays = {}

    async def relay(self, name, target, tap):
        def report(told):
            self._record.write(f"{time.time():.3f}\t{name}\t{told.cause}\t{told.event}\t{told.letter}\t{told.age:.3f}"
                               f"\t{told.since:.3f}\t{int(told.is_clean)}\n")

        replica = int(name.split("-")[1]) if tap == "broker" else 0

        def settled(event):
            if event >= len(self._replicas):
                missing = event + 10_000 - len(self._replicas)
                self._acknowledged.extend([0] * missing)
                self._replicas.extend(bytes(missing))
            self._acknowledged[event] = time.time()
            self._replicas[event] = replica

        make = {"broker": lambda: BrokerTap(report, settled), "request": lambda: RequestTap(report)}[tap]
        made = Relay(name, target, make)
        await made.listen()
        self._relays[name] = made
        return {"port": made.port}

    def _links(self, relays, share, seed, only=None):
        return [link for name in relays for link in self._relays[name].chosen(share, seed, only)]

    async def cut(self, relays, share=1, seed=0, only=None):
        links = self._links(relays, share, seed, only)
        for link in links:
            link.cut()
        return {"links": len(links)}

    async def truncate(self, relays, bytes, to="client", share=1, seed=0):
        links = self._links(relays, share, seed)
        for link in links:
            getattr(link, to).budget = bytes
        return {"links": len(links)}

    async def mode(self, relays, mode, share=1, seed=0, only=None):
        links = self._links(relays, share, seed, only)
        for link in links:
            link.set_mode(mode)
        if share == 1:
            for name in relays:
                self._relays[name].mode = mode
        return {"links": len(links)}

    async def delay(self, relays, seconds):
        for name in relays:
            self._relays[name].delay = seconds
        return {}

    async def cancel(self, relays):
        links = [link for name in relays for link in self._relays[name].chosen(1, 0, "consumes")]
        for link in links:
            link.cancel()
        return {"links": len(links)}

    async def cancelled(self, relays):
        return {"links": sum(self._relays[name].cancellations for name in relays)}

    async def count(self, relays, only=None):
        return {name: len(self._relays[name].chosen(1, 0, only)) for name in relays}

    async def flush(self):
        self._record.flush()
        with open(self._acknowledged_path, "w") as file:
            file.writelines(f"{event}\t{moment:.3f}\treplica-{self._replicas[event]}\n"
                            for event, moment in enumerate(self._acknowledged) if moment)
        return {}


Network(*sys.argv[1:]).serve()
