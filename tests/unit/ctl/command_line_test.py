#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""quayctl as a shell sees it, without a daemon: exit codes, languages, JSON. Usage: command_line_test.py QUAYCTL"""
import fcntl
import json
import os
import pathlib
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import unittest
import zlib

QUAYCTL = sys.argv.pop(1)


def quayctl(*arguments, **environment):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "QUAY_"))}
    done = subprocess.run([QUAYCTL, *arguments], capture_output=True, text=True, timeout=30,
                          env={**clean, **environment})
    return done.returncode, done.stdout, done.stderr


def run_limited(arguments, limit, most):
    """quayctl with no more of a resource than `most`."""
    def confine():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(limit, (most, most))
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "QUAY_"))}
    return subprocess.run([QUAYCTL, *arguments], capture_output=True, text=True, timeout=60, env=clean, preexec_fn=confine)


def png_size(path):
    """Width and height of a PNG whose pixels are all there."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n"), path
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    pixels, at = b"", 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", data[at + 8 + length:at + 12 + length])[0], path
        pixels += body if kind == b"IDAT" else b""
        at += 12 + length
    row = (width * depth * {0: 1, 2: 3}[colour] + 7) // 8
    assert len(zlib.decompress(pixels)) == height * (row + 1), path
    return width, height


def png_of_a_page(path):
    """Yellowed paper, 620 x 877 pixels at 75 dpi, with dark lines on it."""
    paper, line = bytes((232, 226, 208)) * 620, bytes((232, 226, 208)) * 60 + bytes((40, 40, 40)) * 500 + bytes((232, 226, 208)) * 60
    rows = b"".join(b"\0" + (line if y % 24 in (4, 5, 6, 7) and 60 < y < 800 else paper) for y in range(877))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 620, 877, 8, 2, 0, 0, 0)) +
                     chunk(b"pHYs", struct.pack(">IIB", 2953, 2953, 1)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    return str(path)


FORMS = str(pathlib.Path(__file__).resolve().parents[3] / "forms/templates")
LABEL = {"dossier_code": "000.21.35.H38-261126-0042", "applicant": "Nguyễn Thị Bưởi", "procedure": "Đăng ký khai sinh"}


def in_a_terminal(keys, *arguments):
    """What quayctl writes to a terminal of 60 x 12, its exit code, and whether the terminal is as it was."""
    with tempfile.TemporaryDirectory() as folder:
        leader, follower = os.openpty()
        fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 60, 0, 0))
        before = termios.tcgetattr(follower)
        child = subprocess.Popen([QUAYCTL, "--run", folder, *arguments], stdin=follower, stdout=follower, stderr=follower,
                                 env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
        written = b""
        while b"\x1b[J" not in written:  # the end of the first screen
            written += os.read(leader, 65536)
        os.write(leader, keys)
        code = child.wait(timeout=20)
        same = termios.tcgetattr(follower) == before
        os.set_blocking(leader, False)
        try:
            written += os.read(leader, 65536)
        except BlockingIOError:
            pass
        os.close(leader)
        os.close(follower)
        return written.decode(), code, same


class Top(unittest.TestCase):
    def test_it_gives_the_terminal_back_as_it_was(self):
        written, code, same = in_a_terminal(b"q", "--lang", "vi", "top")
        self.assertEqual(code, 0)
        self.assertTrue(same)
        self.assertTrue(written.startswith("\x1b[?1049h\x1b[?25l"))
        self.assertTrue(written.endswith("\x1b[?25h\x1b[?1049l"), written[-40:])
        self.assertIn("THIẾT BỊ", written)

    def test_without_a_terminal_it_says_so(self):
        code, _, err = quayctl("top")
        self.assertEqual(code, 2)
        self.assertIn("terminal", err)


class Forms(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def fill(self, values, output, *more):
        (self.folder / "values.json").write_text(json.dumps(values))
        return quayctl("form", "file-label", "--forms", FORMS, "--values", str(self.folder / "values.json"),
                       "-o", str(self.folder / output), *more)

    def test_forms_are_listed_and_say_what_they_ask_for(self):
        code, out, err = quayctl("--lang", "vi", "form", "--forms", FORMS)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("receipt-a5  Giấy tiếp nhận hồ sơ và hẹn trả kết quả", out)
        code, out, err = quayctl("--lang", "en", "form", "receipt-a5", "--forms", FORMS)
        self.assertEqual((code, err), (0, ""))
        self.assertIn("papers [title, kind, count]  Papers (required)", out)

    def test_a_filled_form_is_a_pdf_or_a_picture(self):
        self.assertEqual(self.fill(LABEL, "label.pdf"), (0, "", ""))
        self.assertTrue((self.folder / "label.pdf").read_bytes().startswith(b"%PDF-"))
        code, out, err = self.fill(LABEL, "label.png", "--json", "--dpi", "203")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(json.loads(out)["pages"], 1)
        self.assertEqual(png_size(self.folder / "label.png"), (719, 304))

    def test_what_is_wrong_with_the_values_is_named_and_nothing_is_written(self):
        for values, named in (({"applicant": "A", "procedure": "B"}, "dossier_code"), ({**LABEL, "colour": "red"}, "colour"),
                              ({**LABEL, "due": 3}, "due"), ([], "values")):
            code, out, err = self.fill(values, "label.pdf")
            self.assertEqual((code, out), (2, ""), err)
            self.assertIn("[form.field]", err)
            self.assertIn(named, err)
            self.assertFalse((self.folder / "label.pdf").exists())

    def test_a_form_that_does_not_exist_or_has_mistakes_is_told(self):
        code, _, err = quayctl("form", "nothing", "--forms", FORMS)
        self.assertEqual(code, 2)
        self.assertIn("[form.unknown]", err)
        (self.folder / "mine.toml").write_text("title_vi = 3\n")
        code, _, err = quayctl("form", "--forms", str(self.folder))
        self.assertEqual(code, 1)
        self.assertIn("mine.toml:1: title_vi", err)


class CommandLine(unittest.TestCase):
    def test_a_wrong_command_line_ends_with_2_and_says_what_is_wrong(self):
        for arguments in ([], ["scann"], ["scan", "--dpi", "many"], ["scan", "--source", "drawer"], ["close"],
                          ["--lang", "fr", "status"]):
            code, out, err = quayctl(*arguments)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertIn("[usage]", err)

    def test_without_a_daemon_every_verb_that_needs_one_ends_with_3(self):
        with tempfile.TemporaryDirectory() as nowhere:
            for verb in (["status"], ["devices"], ["watch"], ["close", "v"], ["scan", "-o", nowhere + "/x.pdf"]):
                code, out, err = quayctl("--run", nowhere, *verb)
                self.assertEqual((code, out), (3, ""), verb)
                self.assertIn("[daemon.unreachable]", err)

    def test_the_directory_of_sockets_comes_from_the_environment_too(self):
        _, _, err = quayctl("status", QUAY_RUNTIME_DIRECTORY="/nowhere/at/all")
        self.assertIn("/nowhere/at/all/control", err)

    def test_faults_are_json_on_standard_output_when_json_is_asked_for(self):
        code, out, err = quayctl("--json", "--run", "/nowhere", "status")
        self.assertEqual((code, err), (3, ""))
        error = json.loads(out)["error"]
        self.assertEqual(error["code"], "daemon.unreachable")
        self.assertTrue(error["vi"] and error["en"])

    def test_the_language_is_that_of_the_locale_unless_said_otherwise(self):
        self.assertIn("không chạy", quayctl("--run", "/nowhere", "status", LANG="vi_VN.UTF-8")[2])
        self.assertIn("does not answer", quayctl("--run", "/nowhere", "status", LANG="en_US.UTF-8")[2])
        self.assertIn("không chạy", quayctl("--lang", "vi", "--run", "/nowhere", "status", LANG="C")[2])

    def test_an_output_that_cannot_be_written_is_refused_before_anything_moves(self):
        code, _, err = quayctl("--run", "/nowhere", "scan", "-o", "/nonexistent/x.pdf")
        self.assertEqual(code, 2)
        self.assertIn("[file.unwritable]", err)

    def test_explain_knows_every_code_in_both_languages(self):
        code, out, _ = quayctl("--json", "explain")
        self.assertEqual(code, 0)
        rows = [json.loads(line) for line in out.splitlines()]
        self.assertGreater(len(rows), 40)
        for row in rows:
            self.assertTrue(row["vi"] and row["en"] and row["remedy"], row)
        self.assertIn("Paper jam", quayctl("explain", "paper.jam")[1])
        self.assertEqual(quayctl("explain", "no.such.code")[0], 2)

    def test_version_names_program_and_api(self):
        self.assertRegex(quayctl("version")[1], r"^quayctl \d+\.\d+\.\d+ \(API 1\)$")
        self.assertEqual(json.loads(quayctl("--json", "version")[1])["api"], 1)

    def test_help_ends_well_and_lists_every_verb(self):
        code, out, _ = quayctl("--help")
        self.assertEqual(code, 0)
        for verb in ("status", "devices", "scan", "watch", "clean", "close", "explain", "version"):
            self.assertRegex(out, rf"(?m)^  {verb} ")

    def test_clean_explains_a_page_by_a_picture_of_every_step(self):
        with tempfile.TemporaryDirectory() as place:
            folder, report = pathlib.Path(place, "new/steps"), pathlib.Path(place, "report.json")
            page = png_of_a_page(pathlib.Path(place, "page.png"))
            code, _, err = quayctl("clean", page, "-o", f"{place}/out.pdf", "--json", str(report), "--explain", str(folder))
            self.assertEqual((code, err), (0, ""))
            page = json.loads(report.read_text())["pages"][0]
            sizes = {path.name: png_size(path) for path in folder.iterdir()}
            of = {name: (page[name]["width"], page[name]["height"]) for name in ("input", "output")}
            self.assertEqual(sizes["page-001-01-input.png"], of["input"])
            self.assertEqual(sizes["page-001-02-sheet.png"], tuple(-(-side // 8) for side in of["input"]))
            for step in ("04-geometry", "06-illumination", "08-clean", "09-mask", "12-ink-1", "14-result"):
                self.assertEqual(sizes[f"page-001-{step}.png"], of["output"], step)

    def test_clean_that_cannot_explain_where_it_should_says_so(self):
        with tempfile.TemporaryDirectory() as place:
            page = png_of_a_page(pathlib.Path(place, "page.png"))
            code, _, err = quayctl("clean", page, "-o", f"{place}/out.pdf", "--explain", page)
            self.assertEqual((code, os.path.exists(f"{place}/out.pdf")), (2, False))
            self.assertIn("[file.unwritable]", err)

    def test_clean_of_what_is_no_whole_picture_says_which_code_and_writes_nothing(self):
        with tempfile.TemporaryDirectory() as place:
            whole = pathlib.Path(png_of_a_page(pathlib.Path(place, "page.png"))).read_bytes()
            jpeg = (pathlib.Path(__file__).parents[2] / "data/pages/s14_blank_bleed.jpg").read_bytes()
            ihdr = b"IHDR" + struct.pack(">II", 60000, 60000) + whole[24:29]
            bomb = whole[:12] + ihdr + struct.pack(">I", zlib.crc32(ihdr)) + whole[33:]
            for name, content, code in (("empty.jpg", b"", "image.unsupported"), ("cut.png", whole[:len(whole) // 2], "image.unreadable"),
                                        ("cut.jpg", jpeg[:len(jpeg) // 2], "image.unreadable"), ("text.jpg", b"no picture", "image.unsupported"),
                                        ("bomb.png", bomb, "image.too_large")):
                path = pathlib.Path(place, name)
                path.write_bytes(content)
                done = run_limited(["clean", str(path), "-o", f"{place}/out.pdf"], resource.RLIMIT_AS, 600 << 20)
                self.assertNotEqual(done.returncode, 0, name)
                self.assertIn(f"[{code}]", done.stderr, name)
                self.assertFalse(os.path.exists(f"{place}/out.pdf"), name)
            code, _, err = quayctl("clean", f"{place}/nowhere.jpg", "-o", f"{place}/out.pdf")
            self.assertNotEqual(code, 0)
            self.assertRegex(err, r"\[[a-z]+\.[a-z_]+\]")
            os.mkdir(f"{place}/folder")
            code, _, err = quayctl("clean", f"{place}/folder", "-o", f"{place}/out.pdf")
            self.assertNotEqual(code, 0)
            self.assertRegex(err, r"\[[a-z]+\.[a-z_]+\]")
            self.assertFalse(os.path.exists(f"{place}/out.pdf"))

    def test_clean_of_several_pages_numbers_its_pictures_and_never_writes_over_what_is_there(self):
        with tempfile.TemporaryDirectory() as place:
            sides = [png_of_a_page(pathlib.Path(place, f"card-{number}.png")) for number in (1, 2)]
            before = [pathlib.Path(side).read_bytes() for side in sides]
            code, _, err = quayctl("clean", *sides, "-o", f"{place}/card.png", "--profile", "photo")
            self.assertNotEqual(code, 0)
            self.assertIn("[file.unwritable]", err)
            self.assertEqual([pathlib.Path(side).read_bytes() for side in sides], before)
            code, _, err = quayctl("clean", sides[0], "-o", str(sides[0]), "--profile", "photo")
            self.assertEqual((code, pathlib.Path(sides[0]).read_bytes()), (2, before[0]), err)
            self.assertEqual(quayctl("clean", *sides, "-o", f"{place}/out.png", "--profile", "photo")[0], 0)
            self.assertEqual(sorted(path.name for path in pathlib.Path(place).glob("out*")), ["out-1.png", "out-2.png"])
            pathlib.Path(place, "out-1.png").unlink()
            pathlib.Path(place, "out-2.png").rename(f"{place}/out-3.png")  # of somebody who came before
            self.assertNotEqual(quayctl("clean", *sides, "-o", f"{place}/out.png", "--profile", "photo")[0], 0)
            self.assertFalse(os.path.exists(f"{place}/out-1.png"))

    def test_clean_on_a_full_disk_says_so_and_leaves_what_was_there(self):
        with tempfile.TemporaryDirectory() as place:
            page = png_of_a_page(pathlib.Path(place, "page.png"))
            out = pathlib.Path(place, "out.pdf")
            out.write_bytes(b"before")
            done = run_limited(["clean", page, "-o", str(out)], resource.RLIMIT_FSIZE, 512)  # as a disk that takes no more
            self.assertNotEqual(done.returncode, 0)
            self.assertRegex(done.stderr, r"\[[a-z]+\.[a-z_]+\]")
            self.assertEqual(out.read_bytes(), b"before")
            self.assertEqual(sorted(os.listdir(place)), ["out.pdf", "page.png"])


unittest.main()
