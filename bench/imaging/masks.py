# SPDX-License-Identifier: Apache-2.0
"""The same black and white mask, coded without loss by ours and by the coders that Debian has: bytes, CPU, and the proof."""
import json
import re

import cv2
import numpy as np

from measures import run

CODERS = [  # name, extension of what it writes, command
    ("quay, JBIG2", "pdf", "{bin}/quayctl clean {tmp}/mask.tif -o {out} --profile bitonal --keep-geometry --json {tmp}/mask.json"),
    ("cjb2, lossless", "djvu", "cjb2 -dpi {dpi} {tmp}/mask.pbm {out}"),
    ("minidjvu, lossless", "djvu", "minidjvu -d {dpi} {tmp}/mask.pbm {out}"),
    ("group 4 (libtiff)", "tif", "convert {tmp}/mask.pbm -compress Group4 {out}"),
]
DECODERS = {
    "pdf": "pdfimages -png -f 1 -l 1 {out} {tmp}/back && cp {tmp}/back-000.png {tmp}/back.png",
    "djvu": "ddjvu -format=pbm -page=1 {out} {tmp}/back.pbm && convert {tmp}/back.pbm {tmp}/back.png",
    "tif": "convert {out} {tmp}/back.png",
}


def make_mask(source, args, folder):
    """The mask of a page as TIFF and PBM in `folder`, and its pixels."""
    run(f"{args.bin}/quayctl clean {source} -o {folder}/mask.tif --profile bitonal && convert {folder}/mask.tif {folder}/mask.pbm", shell=True)
    return cv2.imread(str(folder / "mask.pbm"), 0) < 128


def is_exact(back, mask):
    """A stencil comes out of pdfimages with ink black or white, and cut to its ink."""
    if back is None:
        return False
    for ink in (back < 128, back >= 128):
        if ink.shape == mask.shape:
            if np.array_equal(ink, mask):
                return True
            continue
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        box = mask[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
        if ink.shape == box.shape and np.array_equal(ink, box):
            return True
    return False


def code(coder, dpi, args, folder):
    """bytes, CPU seconds, exact."""
    _, extension, command = coder
    out = folder / f"coded.{extension}"
    fill = {"bin": args.bin, "tmp": folder, "out": out, "dpi": int(dpi)}
    for stale in (out, folder / "back.png"):
        stale.unlink(missing_ok=True)
    done = run(command.format(**fill), shell=True)
    if done["status"] != 0:
        raise RuntimeError(done["output"][-200:])
    size = out.stat().st_size
    if extension == "pdf":
        size = sum(layer["bytes"] for layer in json.loads((folder / "mask.json").read_text())["pages"][0]["output"]["layers"])
    elif extension == "djvu":
        size = int(re.search(r"Sjbz \[(\d+)\]", run(f"djvudump {out}", shell=True)["output"]).group(1))
    run(DECODERS[extension].format(**fill), shell=True)
    return size, done["cpu"], cv2.imread(str(folder / "back.png"), 0)


def table(entries, args, folder):
    """Lines of Markdown."""
    sums = {coder[0]: [0, 0.0, True] for coder in CODERS}
    for entry in entries:
        mask = make_mask(args.pages / entry["file"], args, folder)
        for coder in CODERS:
            size, cpu, back = code(coder, entry["dpi"], args, folder)
            known = sums[coder[0]]
            sums[coder[0]] = [known[0] + size, known[1] + cpu, known[2] and is_exact(back, mask)]
    lines = ["## The mask alone, without loss", "",
             f"The ink of the same {len(entries)} pages as `--profile bitonal` has it, one bitmap for all coders. Bytes are those of the coded "
             "mask without its container, summed; CPU with the start of the program. Exact: decoded by another program, every pixel is the same.", "",
             "| coder | bytes | CPU s | exact |", "|---|---|---|---|"]
    for name, (size, cpu, exact) in sums.items():
        lines.append(f"| {'**' + name + '**' if name.startswith('quay') else name} | {size:,} | {cpu:.2f} | {'yes' if exact else 'NO'} |")
    return lines + [""]
