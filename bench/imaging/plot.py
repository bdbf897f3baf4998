# SPDX-License-Identifier: Apache-2.0
"""Bytes against CPU seconds, both on logarithmic axes, as an SVG that needs nothing but a browser."""
import html
import math

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 900, 560, 80, 50, 40, 60
COLOURS = {"ours": "#0b7a4b", "PDF": "#b3372a", "DjVu": "#8a5a00", "picture": "#3b5b92"}


class Axis:
    def __init__(self, values, begin, end):
        self.low, self.high = math.log10(min(values)) - 0.12, math.log10(max(values)) + 0.12
        self.begin, self.end = begin, end

    def at(self, value):
        return self.begin + (math.log10(value) - self.low) / (self.high - self.low) * (self.end - self.begin)

    def ticks(self):
        for power in range(math.floor(self.low), math.ceil(self.high) + 1):
            for step in (1, 2, 5):
                if self.low <= math.log10(step * 10.0 ** power) <= self.high:
                    yield step * 10.0 ** power


def free_place(x, y, text, taken):
    """Where a label fits: right of its point, else above, below or left, farther and farther out."""
    width = 6.2 * len(text)
    for distance in range(0, 90, 6):
        for dx, dy in ((8, 4 - distance), (8, 4 + distance), (-8 - width, 4 - distance), (-8 - width, 4 + distance)):
            box = (x + dx, y + dy - 10, x + dx + width, y + dy + 3)
            inside = box[0] > LEFT and box[2] < WIDTH - 4 and box[1] > TOP - 14 and box[3] < HEIGHT - BOTTOM
            if inside and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken):
                taken.append(box)
                return x + dx, y + dy
    return x + 8, y + 4


def svg(points, title):
    """points: (name, kind, kilobytes, CPU seconds)."""
    across = Axis([p[2] for p in points], LEFT, WIDTH - RIGHT)
    up = Axis([p[3] for p in points], HEIGHT - BOTTOM, TOP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
           f'<text x="{LEFT}" y="26" font-size="15" font-weight="bold">{html.escape(title)}</text>']
    for value in across.ticks():
        x = across.at(value)
        out += [f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e4e4e4"/>',
                f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#555">{value:g}</text>']
    for value in up.ticks():
        y = up.at(value)
        out += [f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e4e4e4"/>',
                f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{value:g}</text>']
    out += [f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 16}" text-anchor="middle">kilobytes a page (median)</text>',
            f'<text transform="translate(22 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">CPU seconds a page (median)</text>']
    taken = [(across.at(p[2]) - 6, up.at(p[3]) - 6, across.at(p[2]) + 6, up.at(p[3]) + 6) for p in points]
    for name, kind, kilobytes, seconds in sorted(points, key=lambda p: p[1] != "ours"):
        x, y = across.at(kilobytes), up.at(seconds)
        to_x, to_y = free_place(x, y, name, taken)
        weight = ' font-weight="bold"' if kind == "ours" else ""
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{COLOURS[kind]}"/>',
                f'<text x="{to_x:.1f}" y="{to_y:.1f}" fill="{COLOURS[kind]}"{weight}>{html.escape(name)}</text>']
    for i, (kind, label) in enumerate((("ours", "quay"), ("PDF", "PDF"), ("DjVu", "DjVu"), ("picture", "picture"))):
        x = WIDTH - RIGHT - 260 + 65 * i
        out += [f'<circle cx="{x}" cy="22" r="5" fill="{COLOURS[kind]}"/>', f'<text x="{x + 9}" y="26">{label}</text>']
    return "\n".join(out + ["</svg>", ""])
