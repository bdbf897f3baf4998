# SPDX-License-Identifier: Apache-2.0
"""What the lints share: the files of the tree, and C++ text without its comments and literals."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = {"build", ".git", "__pycache__", "node_modules"}
BINARY = {".jpg", ".png", ".pdf", ".tif", ".bin", ".icc", ".ppm"}


def files(*suffixes):
    """Every file of the tree with one of the suffixes (all text files without one), sorted."""
    found = []
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        if SKIPPED.isdisjoint(inside.parts) and path.is_file() and path.suffix not in BINARY:
            if not suffixes or path.suffix in suffixes:
                found.append(path)
    return found


def name(path):
    return str(path.relative_to(ROOT))


LITERALS_AND_COMMENTS = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<fence>[^(\s]*)\(.*?\)(?P=fence)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def bare(text):
    """C++ `text` with comments blanked and literals emptied; line numbers stay."""
    def blank(match):
        token = match.group(0)
        if token[0] == "/":
            return re.sub(r"[^\n]", " ", token)
        if token[0] == "'":
            return "' '"
        return '""' + "\n" * token.count("\n")
    # 1'000 holds no character literal.
    return LITERALS_AND_COMMENTS.sub(blank, re.sub(r"(?<=\d)'(?=\d)", "", text))
