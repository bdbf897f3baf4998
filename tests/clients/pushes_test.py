#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Pages come to the Python client by themselves: each once, whole, over deaths of quayd; and no faster than they are taken."""
import unittest

from counter import Counter
from quay_client import Client, QuayError

ADF = {"source": "adf", "resolution_dpi": 75}


def names(images):
    return [(image.id, image.rendition) for image in images]


def take(stream, count):
    """The next `count` renditions."""
    found = []
    while len(found) < count:
        image = stream.next(30)
        if image is None:
            raise AssertionError(f"{len(found)} of {count} came")
        found.append(image)
    return found


class Pushes(unittest.TestCase):
    def test_every_rendition_comes_by_itself_and_once_and_is_what_a_fetch_gives(self):
        with Counter(sheets=3) as counter:
            counter.start()
            with Client(counter.run) as quay:
                visit = quay.open_visit()
                with quay.follow_images(visit, ["preview", "page"]) as stream:
                    scan = quay.scan(visit, settings=ADF)
                    images = take(stream, 6)
                    self.assertIsNone(stream.next(0.3))
                wanted = {(page, rendition) for page in scan.captures for rendition in ("preview", "page")}
                self.assertEqual(set(names(images)), wanted)
                for image in images:
                    self.assertEqual(image.content, quay.fetch(image.id, image.rendition))
                self.assertEqual([image.number for image in images], sorted(image.number for image in images))

    def test_who_follows_late_gets_what_is_there_already_and_who_comes_again_only_the_rest(self):
        with Counter(sheets=2) as counter:
            counter.start()
            with Client(counter.run) as quay:
                visit = quay.open_visit()
                first = quay.scan(visit, settings=ADF)
                for _ in range(3):  # the first piece may be ready before the answer to images.follow
                    with quay.follow_images(visit) as stream:
                        self.assertEqual([image.id for image in take(stream, 2)], first.captures)
                        position = stream.position
                counter.load(1)
                with quay.follow_images(visit, after=position) as stream:
                    second = quay.scan(visit, settings=ADF)
                    self.assertEqual([image.id for image in take(stream, 1)], second.captures)
                    self.assertIsNone(stream.next(0.3))

    def test_a_daemon_killed_in_mid_scan_costs_no_page_and_doubles_none(self):
        with Counter(sheets=8) as counter:
            counter.set("ppm", 120)
            counter.start()
            with Client(counter.run) as quay:
                visit = quay.open_visit()
                with quay.follow_images(visit) as stream:
                    job = quay.start_scan(visit, settings=ADF)
                    images = take(stream, 2)
                    counter.kill()
                    counter.start()
                    quay.await_job(job, check=False)
                    pages = quay.call("capture.list", {"visit": visit})["captures"]
                    images += take(stream, len(pages) - 2)
                    self.assertIsNone(stream.next(0.5))
                self.assertEqual(sorted(image.id for image in images), sorted(page["capture"] for page in pages))

    def test_large_pages_come_in_pieces_and_who_takes_nothing_is_sent_no_more_than_the_credit(self):
        with Counter(sheets=3) as counter:
            counter.start()
            with Client(counter.run) as quay:
                visit = quay.open_visit()
                with quay.follow_images(visit, credit=64 << 10) as stream:
                    stream.next(0)
                    scan = quay.scan(visit, settings={"source": "adf", "resolution_dpi": 300}, profile="original")
                    for image in take(stream, 3):
                        self.assertGreater(len(image.content), 64 << 10)
                        self.assertEqual(image.content, quay.fetch(image.id, "page"))
                self.assertEqual(len(scan.captures), 3)

    def test_the_end_of_the_visit_ends_the_loop_and_a_takeover_is_an_error(self):
        with Counter(sheets=1) as counter:
            counter.start()
            with Client(counter.run) as quay:
                visit = quay.open_visit()
                with quay.follow_images(visit) as stream:
                    quay.scan(visit, settings=ADF)
                    take(stream, 1)
                    quay.close_visit(visit)
                    self.assertEqual(list(stream), [])
                visit = quay.open_visit()
                with quay.follow_images(visit) as stream:
                    self.assertIsNone(stream.next(0.3))
                    with Client(counter.run) as colleague:
                        colleague.adopt_visit(visit)
                    with self.assertRaises(QuayError) as caught:
                        list(stream)
                    self.assertEqual(caught.exception.code, "visit.not_owner")
                with quay.follow_images(visit) as stream, self.assertRaises(QuayError) as caught:
                    stream.next(10)
                self.assertEqual(caught.exception.code, "visit.not_owner")


if __name__ == "__main__":
    unittest.main()
