"""A name server: hN.bench.test is at the Nth address from 127.1.0.0 on.

Each destination has an address of its own, because libcurl looks through all connections to an address one by one.
"""
import socket
import struct
import threading

from . import place


class Names:
    def __init__(self):
        self.port = place.free_port(socket.SOCK_DGRAM)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", self.port))
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _serve(self):
        while True:
            try:
                query, sender = self.socket.recvfrom(1500)
                self.socket.sendto(self.answer(query), sender)
            except OSError:
                return
            except (IndexError, ValueError, struct.error):
                continue

    @staticmethod
    def answer(query):
        """An address for five minutes to a question for an IPv4 address, nothing to any other."""
        end = 12
        while query[end]:
            end += query[end] + 1
        end += 5
        is_address = query[end - 4:end - 2] == b"\x00\x01"
        number = int(query[14:13 + query[12]] or b"0")
        head = query[:2] + b"\x81\x80" + struct.pack(">HHHH", 1, int(is_address), 0, 0)
        address = bytes([127, 1 + (number >> 16), number >> 8 & 255, number & 255])
        found = b"\xc0\x0c\x00\x01\x00\x01" + struct.pack(">IH", 300, 4) + address
        return head + query[12:end] + (found if is_address else b"")
