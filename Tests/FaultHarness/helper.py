"""Processes of the harness that do what they are told: one line of JSON in, one out. Both ends of it."""
import asyncio
import gc
import json
import os
import subprocess
import sys
import threading

FOLDER = os.path.dirname(os.path.abspath(__file__))


class Helper:
    """The process's side: each coroutine method is a command, its parameters are the members of the line."""

    def serve(self):
        gc.freeze()
        asyncio.run(self._serve())

    async def _serve(self):
        lines = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._fail)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
        while line := await lines.readline():
            order = json.loads(line)
            answer = await getattr(self, order.pop("do"))(**order)
            print(json.dumps(answer), flush=True)


    @staticmethod
    def _fail(loop, context):
        """A fault of the harness's own must not pass for one of those that it makes."""
        loop.default_exception_handler(context)
        sys.stderr.flush()
        os._exit(1)


class Handle:
    """The harness's side. Any thread."""

    def __init__(self, script, *arguments):
        self.process = subprocess.Popen(
            [sys.executable, "-B", os.path.join(FOLDER, script), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lock = threading.Lock()

    def tell(self, do, **parameters):
        with self._lock:
            self.process.stdin.write(json.dumps({"do": do, **parameters}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args[2]} ended at {do} {parameters}")
        return json.loads(line)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
