"""Tables in Markdown."""
import statistics


def markdown(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def number(value):
    """With as many digits as say something."""
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values, write=number):
    """The median, and the least and the most where there are several."""
    values = [value for value in values if value is not None]
    if not values:
        return ""
    middle = write(statistics.median(values))
    return middle if len(values) == 1 else f"{middle} ({write(min(values))}–{write(max(values))})"


def ratios(readings, others, member):
    """Round by round: what `readings` have to what `others` have."""
    return [getattr(one, member) / getattr(other, member) for one, other in zip(readings, others)]


def ratio(value):
    return f"{value:.2f}"


def comparison(found, memory=False):
    """`found` by program, a list with one of each round; rates also as ratios to the Go peer's where there is one.
    `memory`: it, too, as a ratio."""
    floor, go = found["floor"], found.get("Go")
    head = ["", "deliveries/s", *(["× Go"] if go else []), "CPU µs each", "× floor", "broker µs", "sink µs",
            "memory MiB", *(["× floor"] if memory else [])]
    rows = []
    for name, rounds in found.items():
        row = [name, spread([r.rate for r in rounds])]
        if go:
            row.append(spread(ratios(rounds, go, "rate"), ratio))
        row += [spread([r.cpu for r in rounds]), spread(ratios(rounds, floor, "cpu"), ratio),
                spread([r.broker for r in rounds]), spread([r.sink for r in rounds]),
                number(max(r.memory for r in rounds))]
        if memory:
            row.append(spread(ratios(rounds, floor, "memory"), ratio))
        rows.append(row)
    return markdown(head, rows)


def counts(found):
    """`found` by program, a list with a `Count`."""
    rows = [[name, spread([count.each for count in of]), spread(ratios(of, found["floor"], "each"), ratio)]
            for name, of in found.items()]
    return markdown(["", "instructions each", "× floor"], rows)


def faults(found):
    """A line for each program that did anything else than to deliver at once; empty when none did."""
    lines = []
    for name, rounds in found.items():
        said = [f"{', '.join(one.faults())}" for one in rounds if one.faults()]
        if said:
            lines.append(f"**Not clean: {name}**: {'; '.join(said)}.")
    return "\n\n".join(lines)


def latencies(found):
    """`found` by program, a list with one of each round; medians of the rounds, in milliseconds."""
    head = ["", "to arrival p50", "p99", "p99.9", "to completion p50", "p99", "p99.9"]
    rows = []
    for name, rounds in found.items():
        row = [name]
        for kind in ["arrival", "completion"]:
            for point in ["p50", "p99", "p99.9"]:
                values = [getattr(r, kind)[point] for r in rounds if getattr(r, kind)]
                row.append(f"{statistics.median(values):.2f}" if values else "")
        rows.append(row)
    return markdown(head, rows)


def growth(below, rows):
    """`rows` of value, program, reading; a line for each."""
    counted = any(reading.instructions for _, _, reading in rows)
    head = [below, "", "deliveries/s", "CPU µs each", "connections opened each", "memory MiB", "s to the first"]
    if counted:
        head.insert(4, "instructions each")
    lines = []
    for value, program, reading in rows:
        line = [f"{value:,}", program, number(reading.rate), number(reading.cpu), f"{reading.opened:.3f}",
                number(reading.memory), f"{reading.start:.1f}"]
        if counted:
            line.insert(4, f"{reading.instructions:,.0f}" if reading.instructions else "")
        lines.append(line)
    return markdown(head, lines)
