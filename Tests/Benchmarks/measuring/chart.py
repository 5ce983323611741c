"""Pictures as SVG: bars and lines on a card of their own, legible on light and dark pages."""
import math
from xml.sax.saxutils import escape

COLOURS = ["#2f6fd6", "#d9822b", "#2a9d6f", "#a05ec4", "#c2455a"]
STYLE = """
.card { fill: #ffffff; stroke: #d0d7de } .text { fill: #1f2328 } .faint { fill: #59636e } .rule { stroke: #d8dee4 }
@media (prefers-color-scheme: dark) {
  .card { fill: #161b22; stroke: #3d444d } .text { fill: #e6edf3 } .faint { fill: #9198a1 } .rule { stroke: #30363d }
}
text { font: 12px -apple-system, "Segoe UI", Helvetica, Arial, sans-serif }
.title { font-size: 14px; font-weight: 600 }
"""


def _text(x, y, words, kind="text", anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def _rule(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="rule"/>'


def short(value):
    """1000 as 1k; a picture has little room."""
    for size, letter in [(1_000_000, "M"), (1000, "k")]:
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def document(width, height, parts, title):
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img" aria-label="{escape(title)}">\n<style>{STYLE}</style>\n'
            f'<rect class="card" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>\n'
            + "\n".join(parts) + "\n</svg>\n")


def bars(x, y, width, title, rows):
    """Horizontal bars: `rows` of name, value, label. Returns the parts and the height."""
    parts = [_text(x, y + 16, title, "text title")]
    left, most = x + 150, max(value for _, value, _ in rows)
    room = width - 150 - 100
    for index, (name, value, label) in enumerate(rows):
        top = y + 32 + index * 26
        length = max(2, room * value / most)
        parts.append(_text(left - 8, top + 13, name, "text", "end"))
        parts.append(f'<rect x="{left}" y="{top}" width="{length:.1f}" height="18" rx="2" fill="{COLOURS[index % 5]}"/>')
        parts.append(_text(left + length + 6, top + 13, label, "faint"))
    return parts, 32 + len(rows) * 26 + 10


def _ticks(low, high):
    """Round values for an axis from 0."""
    step = 10 ** math.floor(math.log10(high / 4))
    step = next(step * factor for factor in (1, 2, 5, 10) if high / (step * factor) <= 5)
    return [step * index for index in range(int(high / step) + 2)]


def lines(x, y, width, height, title, below, series):
    """Lines over a logarithmic axis from left to right: `series` by name, pairs of x and y."""
    parts = [_text(x, y + 16, title, "text title")]
    pairs = [pair for values in series.values() for pair in values]
    ticks = _ticks(0, max(pair[1] for pair in pairs) * 1.05)
    left, right, top, bottom = x + 44, x + width - 14, y + 48, y + height - 40
    low, high = (math.log10(edge(pair[0] for pair in pairs)) for edge in (min, max))

    def across(value):
        return left + (right - left) * ((math.log10(value) - low) / (high - low) if high > low else 0.5)

    def up(value):
        return bottom - (bottom - top) * value / ticks[-1]

    for tick in ticks:
        parts.append(_rule(left, up(tick), right, up(tick)))
        parts.append(_text(left - 6, up(tick) + 4, short(tick), "faint", "end"))
    for value in sorted({pair[0] for pair in pairs}):
        parts.append(_text(across(value), bottom + 16, short(value), "faint", "middle"))
    parts.append(_text((left + right) / 2, bottom + 32, below, "faint", "middle"))
    for index, (name, values) in enumerate(series.items()):
        colour = COLOURS[index % 5]
        path = " ".join(f"{across(a):.1f},{up(b):.1f}" for a, b in values)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{across(a):.1f}" cy="{up(b):.1f}" r="3" fill="{colour}"/>' for a, b in values]
        at = x + 8 + index * (width - 16) / max(1, len(series))
        parts.append(f'<rect x="{at:.1f}" y="{y + 25}" width="10" height="10" rx="2" fill="{colour}"/>')
        parts.append(_text(at + 14, y + 34, name, "faint"))
    return parts
