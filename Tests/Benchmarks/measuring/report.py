"""Results as JSON, tables and pictures; and the tables in README."""
import os
import statistics

from . import chart, machine, place, readme, sections, table, targets
from .results import Part, Results


class Report:
    """Writes to the folder of recorded results, where parts that are not measured now stay as they are, or to that of
    runs that are not to be kept, where nothing stays."""

    def __init__(self, about, is_recorded):
        self.about, self.is_recorded = about, is_recorded
        self.folder = place.RESULTS if is_recorded else f"{place.BUILT}/results"
        os.makedirs(self.folder, exist_ok=True)
        self.results = {name: Results(f"{self.folder}/{name}.json", is_recorded) for name in ["speed", "growth"]}

    def take(self, name, measured):
        """`measured` of `speed` or `growth`, a pair of setting and findings by part."""
        if not measured:
            return
        parts = {part: Part(self.about, setting, found) for part, (setting, found) in measured.items()}
        self.results[name].merge(parts)
        self.write()
        say = getattr(sections, name)
        print("\n" + "\n\n".join(say(part, found) for part, found in parts.items()))
        print(f"\n{machine.where(self.about)}.\n\nin full: {os.path.relpath(self.folder, place.ROOT)}/{name}.json")

    def write(self):
        """Tables and pictures of all results that there are; into README where they are recorded."""
        speed, growth = (self._ordered(name) for name in ["speed", "growth"])
        texts = {name: sections.speed(name, part) for name, part in speed.items()}
        if "throughput" in speed:
            self._write("speed.svg", self._speed_picture(speed["throughput"].found))
            texts["throughput"] = f"![speed](Tests/Benchmarks/results/speed.svg)\n\n{texts['throughput']}"
        if growth:
            self._write("growth.svg", self._growth_picture(growth))
            tables = [sections.growth(name, part) for name, part in growth.items()]
            texts["growth"] = "\n\n".join(["![growth](Tests/Benchmarks/results/growth.svg)", *tables])
        # Of both kinds, for what was aimed at is in both; `in_flight` is that of speed.
        both = {**growth, "in_flight": None, **speed}
        parts = {name: part for name, part in both.items() if part}
        abouts = [part.about for part in [*growth.values(), *speed.values()]]
        texts["targets"] = "\n\n".join([targets.markdown(parts), self._machines(abouts)])
        self._write("figures.md", "\n\n".join(texts[name] for name in ["targets", *sections.SPEED, "growth"]
                                              if name in texts) + "\n")
        if self.is_recorded:
            readme.put(texts)

    def _ordered(self, name):
        order = sections.SPEED if name == "speed" else list(sections.GROWTH)
        parts = self.results[name].parts
        return {part: parts[part] for part in order if part in parts}

    def _write(self, name, text):
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(text)

    @staticmethod
    def _machines(abouts):
        """Once where all are of one machine with the same versions."""
        wheres = list(dict.fromkeys(machine.where(about) for about in abouts))
        if len(wheres) < 2:
            return "".join(f"All on {where}." for where in wheres)
        dates = [sorted({about["date"] for about in abouts if machine.where(about) == where}) for where in wheres]
        return " ".join(f"{', '.join(of)}: {where}." for where, of in zip(wheres, dates))

    @staticmethod
    def _speed_picture(readings):
        def rows(member, unit):
            middles = {name: statistics.median(getattr(r, member) for r in rounds) for name, rounds in readings.items()}
            return [(name, value, f"{table.number(value)} {unit}") for name, value in middles.items()]
        left, height = chart.bars(14, 12, 400, "Processor time of the worker per delivery", rows("cpu", "µs"))
        right, _ = chart.bars(424, 12, 400, "Deliveries a second, one lane, 2 cores in all", rows("rate", "/s"))
        return chart.document(838, height + 20, left + right, "Processor time per delivery and deliveries a second")

    @staticmethod
    def _growth_picture(growth):
        parts, index = [], 0
        for name, part in growth.items():
            if name == "lanes":
                continue
            below, title = sections.GROWTH[name]
            series = {}
            for value, program, reading in part.found:
                series.setdefault(program, []).append((value, reading.cpu))
            series = {program: pairs for program, pairs in series.items() if len(pairs) > 1}
            x, y = 8 + index % 2 * 415, 8 + index // 2 * 235
            parts += chart.lines(x, y, 405, 225, f"{title}: CPU µs per delivery", below, series)
            index += 1
        return chart.document(838, 16 + (index + 1) // 2 * 235, parts, "Cost per delivery as things grow")
