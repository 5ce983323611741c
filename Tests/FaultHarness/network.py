"""The process that stands between the workers and everything else: relays, told what to do by lines of JSON.

usage: network.py RECORD    (each event that a connection had open when it ended: `seconds relay cause event age`, see tap.py)

  {"do":"relay","name":"broker-1","target":5672,"tap":"broker"}   -> {"port":N}
  {"do":"cut","relays":[...],"share":0.5,"seed":1,"only":"publishes"}    at once
  {"do":"truncate",...,"bytes":7,"to":"server"}    that many bytes more to that side, then the end
  {"do":"mode",...,"mode":"stall"}    pass, stall (no byte moves), swallow (bytes vanish); of new links too at share 1
  {"do":"delay","relays":[...],"seconds":0.2}
  {"do":"cancel","relays":[...]}      the broker seems to cancel the consumers
  {"do":"count","relays":[...]}       -> {"NAME":links, ...}
  {"do":"flush"}                      the record is on the disk
"""
import sys
import time

from helper import Helper
from relay import Relay
from tap import BrokerTap, RequestTap


class Network(Helper):
    def __init__(self, record):
        self._record = open(record, "w")
        self._relays = {}

    async def relay(self, name, target, tap):
        kind = {"broker": BrokerTap, "request": RequestTap}[tap]

        def report(cause, event, age):
            self._record.write(f"{time.time():.3f}\t{name}\t{cause}\t{event}\t{age:.3f}\n")

        made = Relay(name, target, lambda: kind(report))
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
            link.cancelled = True
        return {"links": len(links)}

    async def count(self, relays):
        return {name: len(self._relays[name].links) for name in relays}

    async def flush(self):
        self._record.flush()
        return {}


Network(sys.argv[1]).serve()
