"""What is said of each part: its setting, its table, whether the figures are clean, and when it was measured."""
from . import machine, table

GROWTH = {
    "in_flight": ("requests in flight", "In flight"), "publishers": ("publishers", "Publishers"),
    "destinations": ("destinations", "Destinations"), "body": ("bytes of an event", "Event size"),
    "lanes": ("lanes", "Lanes"),
}
"""Of each part of growth: what grows, and the title of its picture."""
SPEED = ["throughput", "instructions", "latency", "https", "in_flight"]


def _several(number, what):
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def setting(told):
    """In words, of what `Setup.told` gives."""
    words = []
    if told["publishers"]:
        words.append(f"{told['publishers']:,} publishers")
    words.append(f"{_several(told['routes'], 'route')} for each publisher")
    if told["hosts"]:
        words.append(_several(told["hosts"], "destination"))
    if told["in_flight"]:
        words.append(f"{told['in_flight']:,} requests under way")
    if told["prefetch"]:
        words.append(f"`prefetch` {told['prefetch']:,}")
    if told["lanes"]:
        words.append(_several(told["lanes"], "lane"))
    if "events" in told:
        words.append(f"{told['events']:,} events")
    if "rounds" in told:
        words.append(_several(told["rounds"], "round"))
    return ", ".join(words)


def _ended(part, lines):
    return "\n\n".join([*(line for line in lines if line), machine.when(part.about) + "."])


def _throughput(part):
    return _ended(part, [f"**A full queue**, a sink that answers at once: {setting(part.setting)} (fewer events for "
                         "slow programs).", table.comparison(part.found), table.faults(part.found)])


def _instructions(part):
    told = part.setting
    return _ended(part, [f"**User instructions** of the whole process, by callgrind, {told['many']:,} deliveries less "
                         f"{told['few']:,}: {setting(told)}.", table.counts(part.found), table.faults(part.found)])


def _latency(part):
    told = part.setting
    return _ended(part, [f"**Milliseconds at {told['rate']:,} a second**, {told['seconds']} s: {setting(told)}.",
                         table.latencies(part.found), table.faults(part.found)])


def _https(part):
    return _ended(part, [f"**HTTPS**, HTTP/1.1, connections kept: {setting(part.setting)}.",
                         table.comparison(part.found), table.faults(part.found)])


def _in_flight(part):
    told = part.setting
    return _ended(part, [f"**{told['in_flight']:,} in flight** over {told['hosts']:,} hosts that take "
                         f"{told['delay']:g} s: {setting(told)}.",
                         table.comparison(part.found, memory=True), table.faults(part.found)])


def speed(name, part):
    return {"throughput": _throughput, "instructions": _instructions, "latency": _latency, "https": _https,
            "in_flight": _in_flight}[name](part)


def growth(name, part):
    readings = {f"{program} at {value:,}": [reading] for value, program, reading in part.found}
    below, title = GROWTH[name]
    return _ended(part, [f"**{title}**: {setting(part.setting)}.", table.growth(below, part.found),
                         table.faults(readings)])
