# SPDX-License-Identifier: Apache-2.0
"""How cost grows with resolution and with the number of pages."""
import json

from measures import run

PAGES = 100


def clean(inputs, args, folder):
    """CPU seconds, peak MiB, and CPU milliseconds of the steps of the first page."""
    done = run(f"{args.bin}/quayctl clean {inputs} -o {folder}/scaled.pdf --json {folder}/scaled.json", shell=True)
    if done["status"] != 0:
        raise RuntimeError(done["output"][-200:])
    steps = json.loads((folder / "scaled.json").read_text())["pages"][0]["steps"]
    return done["cpu"], done["rss"], sum(step["cpu_ms"] for step in steps)


def table(entries, args, folder):
    """Lines of Markdown."""
    page = args.pages / next(e["file"] for e in entries if e["dpi"] == 300)
    double = folder / "double.jpg"
    run(f"convert {page} -filter Catrom -resize 200% -units PixelsPerInch -density 600 -quality 90 {double}", shell=True)
    many = folder / "many"
    many.mkdir(exist_ok=True)
    for i in range(PAGES):
        (many / f"{i:03}.jpg").symlink_to(page.resolve())
    rows = [("one page at 300 dpi", clean(page, args, folder)), ("the same at 600 dpi", clean(double, args, folder)),
            (f"the same {PAGES} times, one document", clean(many, args, folder))]
    first = rows[0][1]
    lines = ["## How cost grows", "",
             f"{page.name}, start of the program and decoding of the JPEG included; clean and encode are the steps of one page alone.", "",
             "| input | CPU s | times | clean and encode, ms | RSS MiB |", "|---|---|---|---|---|"]
    for name, (cpu, rss, steps) in rows:
        lines.append(f"| {name} | {cpu:.2f} | {cpu / first[0]:.2f} | {steps:.0f} | {rss:.0f} |")
    return lines + [""]
