"""What was aimed at, beside what was measured."""
import statistics

from . import table

OURS, LOGGED, FLOOR, GO = "postback, no log", "postback", "floor", "Go"
MILLION, THOUSAND = 1_000_000, 1000
AT_MOST, AT_LEAST = "≤", "≥"


def _cpu(part, name):
    return table.ratios(part.found[name], part.found[FLOOR], "cpu")


def _instructions(part, name):
    return table.ratios(part.found[name], part.found[FLOOR], "each")


def _rate(part, name):
    return table.ratios(part.found[name], part.found[GO], "rate")


def _memory(part, name):
    return table.ratios(part.found[name], part.found[FLOOR], "memory")


def _later(part, name):
    """Milliseconds more than the floor's, of the slowest of a hundred."""
    return [one.arrival["p99"] - other.arrival["p99"]
            for one, other in zip(part.found[name], part.found[FLOOR])]


def _at(part, value, name):
    return next(reading for at, program, reading in part.found if at == value and program == name)


def _larger(part, name):
    return [_at(part, MILLION, name).cpu / _at(part, THOUSAND, name).cpu]


def _start(part, name):
    return [_at(part, MILLION, name).start]


def _held(part, name):
    """In units of 10^6 bytes, which the target is in."""
    return [_at(part, MILLION, name).memory * 1.048576]


ROWS = [
    ("processor time × floor's, no log", AT_MOST, {"gate": 1.5, "goal": 1.2}, "throughput", _cpu, OURS),
    ("the same with the delivery log", AT_MOST, {"": 1.6}, "throughput", _cpu, LOGGED),
    ("user instructions × floor's, no log", AT_MOST, {"gate": 1.5, "goal": 1.2}, "instructions", _instructions, OURS),
    ("the same with the delivery log", AT_MOST, {"": 1.6}, "instructions", _instructions, LOGGED),
    ("deliveries/s of one lane × Go's, no log", AT_LEAST, {"": 2}, "throughput", _rate, OURS),
    ("the same with the delivery log", AT_LEAST, {"": 2}, "throughput", _rate, LOGGED),
    ("HTTPS: processor time × floor's, no log", AT_MOST, {"": 1.2}, "https", _cpu, OURS),
    ("10,000 in flight: processor time × that of a floor with one multi handle", AT_MOST, {"": 0.35}, "in_flight", _cpu,
     OURS),
    ("10,000 in flight: memory × the same floor's", AT_MOST, {"": 1.15}, "in_flight", _memory, OURS),
    ("p99 to arrival at 1,000/s, ms more than the floor's, no log", AT_MOST, {"": 1}, "latency", _later, OURS),
    ("the same with the delivery log", AT_MOST, {"": 1}, "latency", _later, LOGGED),
    ("processor time with 1,000,000 publishers × that with 1,000", AT_MOST, {"": 1.1}, "publishers", _larger, OURS),
    ("s from start to the first delivery with 1,000,000 publishers", AT_MOST, {"": 5}, "publishers", _start, OURS),
    ("memory with 1,000,000 publishers, MB", AT_MOST, {"": 400}, "publishers", _held, OURS),
]
"""What, in which direction, how far (by name, where there are two), from which part, how, and of which program."""


def _verdict(relation, bounds, middle):
    words = []
    for name, bound in bounds.items():
        is_met = middle <= bound if relation == AT_MOST else middle >= bound
        words.append((f"{name} " if name else "") + ("met" if is_met else "**missed**"))
    return ", ".join(words)


def markdown(parts):
    """`parts` of speed by name, and of growth as well: `in_flight` is that of speed."""
    rows = []
    for what, relation, bounds, name, measure, program in ROWS:
        aim = ", ".join(f"{bound_name + ' ' if bound_name else ''}{relation} {bound:g}"
                        for bound_name, bound in bounds.items())
        try:
            values = measure(parts[name], program)
        except (KeyError, StopIteration):
            rows.append([what, aim, "see below", ""])
            continue
        rows.append([what, aim, table.spread(values), _verdict(relation, bounds, statistics.median(values))])
    return table.markdown(["of each delivery, where nothing else is said", "aimed at", "measured", ""], rows)
