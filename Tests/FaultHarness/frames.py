"""AMQP 0-9-1 frames: as much as it takes to publish, to look on and to tell who says what."""
import struct

METHOD, HEADER, BODY, HEARTBEAT = 1, 2, 3, 8
END = b"\xce"

# (class << 16 | method)
OPEN_OK, CONNECTION_CLOSE, CONNECTION_CLOSE_OK = 0x000A0029, 0x000A0032, 0x000A0033
BLOCKED, UNBLOCKED = 0x000A003C, 0x000A003D
CHANNEL_CLOSE = 0x00140028
CONSUME, CONSUME_OK, CANCEL = 0x003C0014, 0x003C0015, 0x003C001E
PUBLISH, RETURN, DELIVER, GET_OK = 0x003C0028, 0x003C0032, 0x003C003C, 0x003C0047
CONFIRM_SELECT = 0x0055000A
ACK, REJECT, NACK = 0x003C0050, 0x003C005A, 0x003C0078


def short(text):
    """A short string: one byte of length before it."""
    raw = text.encode()
    return bytes([len(raw)]) + raw


def frame(kind, channel, payload):
    return struct.pack(">BHI", kind, channel, len(payload)) + payload + END


def method(channel, number, arguments=b""):
    return frame(METHOD, channel, struct.pack(">I", number) + arguments)


class FrameReader:
    """Cuts a stream of bytes into frames: `feed` gives (kind, channel, payload); `rest`: bytes left over."""

    def __init__(self):
        self._left = bytearray()

    @property
    def rest(self):
        return len(self._left)

    def feed(self, data):
        left = self._left
        left += data
        at, size = 0, len(left)
        frames = []
        while size - at >= 8:
            kind, channel, length = struct.unpack_from(">BHI", left, at)
            if kind == 65:  # "AMQP", the greeting
                at += 8
                continue
            end = at + 7 + length
            if size < end + 1:
                break
            frames.append((kind, channel, bytes(left[at + 7:end])))
            at = end + 1
        if at:
            del left[:at]
        return frames
