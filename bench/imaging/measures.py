# SPDX-License-Identifier: Apache-2.0
"""What a page lost and kept on its way through a cleaner, against the truth of tests/data/pages.

red, blue  share of the truth's coloured ink pixels (eroded by one pixel, overprinted ones left out) that are still red or blue
dE         distance in the a*b* plane between the mean seal colour before and after
lost       truth ink pixels that fall outside the output
angle      |angle found - truth|, degrees
cer        character error of tesseract on the output: each truth line against its best substring of what was read
"""
import json
import os
import re
import subprocess
import sys
import time
import unicodedata

import cv2
import numpy as np


# Starts the command from a small process: the peak memory that the kernel keeps for a child begins with its parent's.
STARTER = """
import json, os, subprocess, sys
child = subprocess.Popen(json.loads(sys.argv[1]), shell=sys.argv[2] == "1", stdout=1, stderr=2)
_, status, usage = os.wait4(child.pid, 0)
os.write(int(sys.argv[3]), json.dumps([os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024]).encode())
"""


def run(command, shell=False):
    """Runs a command: exit status, output, CPU seconds of it and its children, peak MiB of the largest, wall seconds."""
    began = time.monotonic()
    reader, writer = os.pipe()
    child = subprocess.Popen([sys.executable, "-I", "-S", "-c", STARTER, json.dumps(command), "1" if shell else "0", str(writer)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=[writer],
                             env=dict(os.environ, OMP_THREAD_LIMIT="1", LC_ALL="C.UTF-8"))
    os.close(writer)
    output = child.communicate()[0]
    with os.fdopen(reader) as figures:
        status, cpu, rss = json.loads(figures.read() or "[-1, 0, 0]")
    return {"status": status, "output": output.decode("utf8", "replace"), "cpu": cpu, "rss": rss, "wall": time.monotonic() - began}


def truth_masks(folder, name, page):
    """Truth ink in pixels of the input: red and blue without what is printed over them, and all ink."""
    stem = os.path.join(folder, "gt", os.path.splitext(name)[0])
    found = {colour: cv2.imread(f"{stem}.{colour}.png", 0) for colour in ("red", "blue", "black")}
    found = {colour: mask > 127 for colour, mask in found.items() if mask is not None}
    if not found:
        return {}
    none = np.zeros(page.shape[:2], bool)
    black, red, blue = (found.get(colour, none) for colour in ("black", "red", "blue"))
    core = lambda mask: cv2.erode(mask.astype(np.uint8), np.ones((3, 3))) > 0
    masks = {"ink": black | red | blue}
    if page.ndim == 3 and not np.array_equal(page[:, :, 0], page[:, :, 2]):
        masks |= {"red": core(red & ~black & ~blue), "blue": core(blue & ~black & ~red)}
    return {colour: mask for colour, mask in masks.items() if mask.sum() >= 400}


def is_red(pixels):
    return pixels[:, 2] - np.maximum(pixels[:, 0], pixels[:, 1]) > 30


def is_blue(pixels):
    return pixels[:, 0] - pixels[:, 2] > 30


def mean_ab(pixels):
    return cv2.cvtColor(pixels[None].astype(np.float32) / 255, cv2.COLOR_BGR2LAB)[0][:, 1:].mean(0)


def ink_kept(before, after, masks, transform):
    """red, blue, dE, lost; transform maps input pixels to pixels of `after`."""
    height, width = after.shape[:2]
    kept = {}
    for colour, mask in masks.items():
        y, x = np.nonzero(mask)
        to = transform @ np.stack([x, y, np.ones_like(x)]).astype(float)
        to = np.rint(to[:2] / to[2]).astype(int)
        inside = (to[0] >= 0) & (to[1] >= 0) & (to[0] < width) & (to[1] < height)
        if colour == "ink":
            kept["lost"] = int((~inside).sum())
            continue
        was = before[y, x].astype(np.int16)
        now = after[to[1, inside], to[0, inside]].astype(np.int16)
        test = is_red if colour == "red" else is_blue
        kept[colour] = float(test(now).sum()) / len(x) / max(float(test(was).mean()), 1e-6)
        if colour == "red" and len(now):
            kept["dE"] = float(np.linalg.norm(mean_ab(was) - mean_ab(now)))
    return kept


def plain(text):
    text = unicodedata.normalize("NFC", text)
    for fancy, simple in (("‘", "'"), ("’", "'"), ("`", "'"), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-")):
        text = text.replace(fancy, simple)
    return re.sub(r"\s+", " ", text).strip()


def best_distance(pattern, text):
    """Smallest edit distance of `pattern` to any substring of `text` (Myers 1999, bit-parallel)."""
    length = len(pattern)
    places = {}
    for i, letter in enumerate(pattern):
        places[letter] = places.get(letter, 0) | 1 << i
    full, top = (1 << length) - 1, 1 << (length - 1)
    plus, minus, score, best = full, 0, length, length
    for letter in text:
        equal = places.get(letter, 0)
        vertical = equal | minus
        horizontal = (((equal & plus) + plus) ^ plus) | equal
        up, down = minus | ~(horizontal | plus) & full, plus & horizontal
        score += bool(up & top) - bool(down & top)
        up, down = up << 1 & full, down << 1 & full
        plus, minus = down | ~(vertical | up) & full, up & vertical
        best = min(best, score)
    return best


def character_error(truth_lines, text):
    text, lines = plain(text), [line for line in map(plain, truth_lines) if line]
    return sum(best_distance(line, text) for line in lines) / max(sum(map(len, lines)), 1)
