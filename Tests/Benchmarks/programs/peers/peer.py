"""A worker as one would write it in Python: aio-pika, aiohttp, uvloop where it is installed.

It parses the event, sends the request, acknowledges. No validation, no retries, no metrics.
"""
import argparse
import asyncio
import json
import signal
import ssl
import time
from urllib.parse import quote

import aio_pika
import aiohttp

try:
    import uvloop
except ImportError:
    uvloop = None


async def main(options):
    trust = ssl.create_default_context(cafile=options.certificate) if options.certificate else None
    base = f"{options.scheme}://127.0.0.1:{options.sink}/pb?cid="
    limit = asyncio.Semaphore(options.in_flight)
    connection = await aio_pika.connect(f"amqp://guest:guest@127.0.0.1:{options.broker}/")
    channel = await connection.channel()
    await channel.set_qos(options.prefetch)
    queue = await channel.get_queue(options.queue)
    notes = open(options.latencies, "w") if options.latencies else None
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    connector = aiohttp.TCPConnector(limit=options.in_flight, ssl=trust)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def deliver(message):
            received = time.monotonic_ns()
            async with limit:
                event = json.loads(message.body)
                url = (base + quote(event["click_id"], safe="") + "&offer=" + quote(event["offer_id"], safe="")
                       + "&payout=" + quote(event["payout"]["amount"], safe=""))
                async with session.get(url) as answer:
                    answer.raise_for_status()
                    await answer.read()
            await message.ack()
            if notes:
                print((time.monotonic_ns() - received) // 1000, file=notes)

        await queue.consume(deliver)
        await over.wait()


parser = argparse.ArgumentParser()
for name in ["broker", "sink", "in-flight", "prefetch"]:
    parser.add_argument(f"--{name}", type=int)
for name in ["queue", "certificate", "latencies"]:
    parser.add_argument(f"--{name}")
parser.add_argument("--scheme", default="http")
if uvloop:
    uvloop.install()
asyncio.run(main(parser.parse_args()))
