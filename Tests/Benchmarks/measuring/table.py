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


def comparison(readings, floor, instructions=None):
    """`readings` by program, a list with one of each round."""
    counted = bool(instructions)
    head = ["", "deliveries/s", "CPU µs each", "× floor", "broker µs", "sink µs", "memory MiB"]
    if counted:
        head += ["instructions each", "× floor"]
    rows = []
    for name, rounds in readings.items():
        row = [name, spread([r.rate for r in rounds]), spread([r.cpu for r in rounds]),
               spread(ratios(rounds, readings[floor], "cpu"), ratio),
               spread([r.broker for r in rounds]), spread([r.sink for r in rounds]),
               number(max(r.memory for r in rounds))]
        if counted:
            count = instructions.get(name)
            row += ["", ""] if count is None else [f"{count:,.0f}", ratio(count / instructions[floor])]
        rows.append(row)
    return markdown(head, rows)


def latencies(found):
    """`found` by program, a list with one of each round; medians of the rounds, in milliseconds."""
    head = ["", "to arrival p50", "p99", "p99.9", "to completion p50", "p99", "p99.9"]
    rows = []
    for name, rounds in found.items():
        row = [name]
        for kind in ["arrival", "completion"]:
            for point in ["p50", "p99", "p99.9"]:
                values = [r[kind][point] for r in rounds if r[kind]]
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
