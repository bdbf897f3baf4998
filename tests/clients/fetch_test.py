#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The Python client brings bytes over a bad road: whole, checked, and nothing twice that is here already."""
import hashlib
import unittest

from counter import Counter
from quay_client import Client, QuayError

LARGE = {"source": "adf", "resolution_dpi": 300}
CHUNK = 1 << 20


class Interrupted(Exception):
    pass


class AFetch(unittest.TestCase):
    """One counter for all: a document of several chunks."""

    @classmethod
    def setUpClass(cls):
        cls.counter = Counter(sheets=5, bridge=True)
        cls.addClassCleanup(cls.counter.close)
        cls.counter.start()
        cls.quay = Client(cls.counter.run)
        cls.addClassCleanup(cls.quay.close)
        visit = cls.quay.open_visit()
        scan = cls.quay.scan(visit, settings=LARGE, profile="original")
        cls.document = cls.quay.assemble(visit, scan.captures)
        cls.sha256 = cls.document["file"]["sha256"]
        cls.chunks = -(-cls.document["file"]["bytes"] // CHUNK)

    def setUp(self):
        self.assertGreater(self.chunks, 3)
        self.path = self.counter.path / "document.pdf"
        self.path.unlink(missing_ok=True)
        self.counter.bridge.forget_commands()

    def asked(self):
        return [command["args"]["offset"] for command in self.counter.bridge.seen("images.fetch")]

    def fetch(self, **more):
        return self.quay.fetch_to(self.path, self.document["document"], "document", **more)

    def check_file(self):
        self.assertEqual(hashlib.sha256(self.path.read_bytes()).hexdigest(), self.sha256)
        self.assertFalse(self.path.with_name("document.pdf.part").exists())

    def test_on_a_good_road_every_chunk_is_asked_for_once(self):
        self.assertEqual(self.fetch(), self.sha256)
        self.assertEqual(self.asked(), [CHUNK * number for number in range(self.chunks)])
        self.check_file()

    def test_lost_chunks_are_asked_for_again_and_only_those(self):
        self.counter.bridge.drop_replies("images.fetch", 1, after=1)
        self.fetch()
        asked = self.asked()
        self.assertEqual(set(asked), {CHUNK * number for number in range(self.chunks)})
        self.assertEqual(asked.count(0), 1)
        self.assertEqual(asked.count(CHUNK), 2)
        self.check_file()

    def test_an_interrupted_fetch_goes_on_where_it_was(self):
        def interrupt(done, total):
            if done >= 2 * CHUNK:
                raise Interrupted
        with self.assertRaises(Interrupted):
            self.fetch(progress=interrupt)
        self.assertFalse(self.path.exists())
        self.counter.bridge.forget_commands()
        self.fetch()
        self.assertGreaterEqual(min(self.asked()), 2 * CHUNK)
        self.check_file()

    def test_a_daemon_killed_in_mid_fetch_costs_a_pause(self):
        def kill(done, total):
            if done == CHUNK:
                self.counter.kill()
                self.counter.start()
        self.fetch(progress=kill)
        self.assertEqual(self.asked().count(0), 1)
        self.check_file()

    def test_the_rest_of_something_else_does_not_get_into_the_file(self):
        self.path.with_name("document.pdf.part").write_bytes(b"x" * (CHUNK + 7))
        self.fetch()
        self.check_file()
        self.path.with_name("document.pdf.part").write_bytes(b"x" * (CHUNK * (self.chunks + 1)))
        self.fetch()
        self.check_file()

    def test_what_is_not_there_is_said_in_the_daemons_words(self):
        with self.assertRaises(QuayError) as caught:
            self.quay.fetch(self.document["document"], "hologram")
        self.assertEqual(caught.exception.code, "rendition.unknown")


if __name__ == "__main__":
    unittest.main()
