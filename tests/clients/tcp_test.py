#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The Python client over tcp with CURVE does all that it does over ipc; and says why when it cannot."""
import unittest

import zmq
from counter import Counter
from quay_client import Client, DaemonUnreachable

ADF = {"source": "adf", "resolution_dpi": 75}


class Tcp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.counter = Counter(sheets=2, tcp=True)
        cls.addClassCleanup(cls.counter.close)
        cls.counter.start()

    def client(self, **other):
        return Client(**{"connect": self.counter.connect, "server_key": self.counter.server_key,
                         "key_file": self.counter.key_file, **other})

    def test_scan_follow_fetch_and_pages_that_come_by_themselves(self):
        with self.client() as quay:
            self.assertEqual(quay.hello["peer"], "kiosk")
            visit = quay.open_visit()
            with quay.follow() as events, quay.follow_images(visit) as images:
                scan = quay.scan(visit, settings=ADF)
                pushed = [images.next(30) for _ in range(2)]
                self.assertEqual([image.id for image in pushed], scan.captures)
                self.assertEqual(pushed[0].content, quay.fetch(scan.captures[0], "page"))
                self.assertEqual(next(iter(events)).type, "job.started")
            quay.close_visit(visit)

    def test_a_key_that_is_not_in_the_list_and_another_server_are_not_talked_to(self):
        public, secret = (key.decode() for key in zmq.curve_keypair())
        (self.counter.path / "stranger.key").write_text(secret)
        for other in ({"key_file": self.counter.path / "stranger.key"}, {"server_key": public}):
            with self.assertRaisesRegex(DaemonUnreachable, "is yours in its list"):
                self.client(**other)

    def test_an_address_that_cannot_be_meant_is_refused_in_words(self):
        for other in ({"connect": "tcp://10.0.0.1:7320"}, {"connect": "tcp://127.0.0.1:x"}, {"server_key": None},
                      {"server_key": "short"}):
            with self.assertRaisesRegex(ValueError, "expected"):
                self.client(**other)
        with self.assertRaises(FileNotFoundError):
            self.client(key_file="/nonexistent")

    def test_nobody_there_is_said_at_once(self):
        with self.assertRaisesRegex(DaemonUnreachable, "refused"):
            self.client(connect="tcp://127.0.0.1:1024")


if __name__ == "__main__":
    unittest.main()
