"""Results as JSON, tables and pictures; and the place of the tables in README."""
import dataclasses
import json
import os
import re
import statistics

from . import chart, machine, place, table


class Report:
    """Writes to `folder`: that of recorded results, or that of a run that is not to be kept."""

    def __init__(self, about, is_recorded):
        self.about, self.is_recorded = about, is_recorded
        self.folder = place.RESULTS if is_recorded else f"{place.BUILT}/results"
        os.makedirs(self.folder, exist_ok=True)

    def _write(self, name, text):
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(text)

    def _plain(self, value):
        if dataclasses.is_dataclass(value):
            return {key: round(entry, 3) if isinstance(entry, float) else entry
                    for key, entry in dataclasses.asdict(value).items()}
        if isinstance(value, dict):
            return {key: self._plain(entry) for key, entry in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._plain(entry) for entry in value]
        return round(value, 3) if isinstance(value, float) else value

    def _finish(self, name, results, text):
        """JSON and table into the folder, the table into README where it is recorded, and out."""
        self._write(f"{name}.json", json.dumps({"about": self.about, **self._plain(results)}, indent=1) + "\n")
        text = f"{text}\n\n{machine.sentence(self.about)}.\n"
        self._write(f"{name}.md", text)
        if self.is_recorded:
            into_readme(name, f"![{name}](Tests/Benchmarks/results/{name}.svg)\n\n{text}")
        print(f"\n{text}\nin full: {os.path.relpath(self.folder, place.ROOT)}/{name}.json")

    def speed(self, found, floor):
        """`found` holds what was measured of throughput, instructions, latency, https, in_flight."""
        parts = []
        if "throughput" in found:
            parts.append(table.comparison(found["throughput"], floor, found.get("instructions")))
        if "latency" in found:
            parts.append("Milliseconds at 1,000 a second:\n\n" + table.latencies(found["latency"]))
        if "https" in found:
            parts.append("HTTPS:\n\n" + table.comparison(found["https"], floor))
        if "in_flight" in found:
            parts.append("10,000 in flight over 100 hosts that take 2 s:\n\n"
                         + table.comparison(found["in_flight"], floor))
        if "throughput" in found:
            self._write("speed.svg", self._speed_picture(found["throughput"]))
        self._finish("speed", found, "\n\n".join(parts))

    @staticmethod
    def _speed_picture(readings):
        def rows(member, unit):
            middles = {name: statistics.median(getattr(r, member) for r in rounds) for name, rounds in readings.items()}
            return [(name, value, f"{table.number(value)} {unit}") for name, value in middles.items()]
        left, height = chart.bars(14, 12, 400, "Processor time of the worker per delivery", rows("cpu", "µs"))
        right, _ = chart.bars(424, 12, 400, "Deliveries a second, one lane, 2 cores in all", rows("rate", "/s"))
        return chart.document(838, height + 20, left + right, "Processor time per delivery and deliveries a second")

    def growth(self, found):
        """`found` by what grew: rows of value, program, reading."""
        words = {
            "in_flight": ("requests in flight", "In flight"), "publishers": ("publishers", "Publishers"),
            "destinations": ("destinations", "Destinations"), "body": ("bytes of an event", "Event size"),
            "lanes": ("lanes", "Lanes"),
        }
        texts, parts, index = [], [], 0
        for name, rows in found.items():
            below, title = words[name]
            texts.append(table.growth(below, rows))
            if name == "lanes":
                continue
            series = {}
            for value, program, reading in rows:
                series.setdefault(program, []).append((value, reading.cpu))
            series = {program: pairs for program, pairs in series.items() if len(pairs) > 1}
            x, y = 8 + index % 2 * 415, 8 + index // 2 * 235
            parts += chart.lines(x, y, 405, 225, f"{title}: CPU µs per delivery", below, series)
            index += 1
        height = 16 + (index + 1) // 2 * 235
        self._write("growth.svg", chart.document(838, height, parts, "Cost per delivery as things grow"))
        self._finish("growth", found, "\n\n".join(texts))


def into_readme(name, text):
    """Between `<!-- figures: NAME -->` and `<!-- end of figures -->`."""
    path = f"{place.ROOT}/README.md"
    with open(path) as file:
        readme = file.read()
    pattern = re.compile(rf"(<!-- figures: {name} -->\n).*?(<!-- end of figures -->)", re.DOTALL)
    if not pattern.search(readme):
        raise RuntimeError(f"README.md has no place for the figures of {name}")
    with open(path, "w") as file:
        file.write(pattern.sub(lambda found: found.group(1) + text + found.group(2), readme))
