#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Live views through the Python client, at a real counter with a document camera."""
import unittest

import quay_client
from counter import Counter, wait_until


SMALL = {"image_size": "1280x720"}


class Live(unittest.TestCase):
    def setUp(self):
        self.counter = self.enterContext(Counter(camera=True))
        self.counter.start()
        self.quay = self.enterContext(quay_client.Client(self.counter.run))
        self.visit = self.quay.open_visit()
        self.await_camera()

    def await_camera(self):
        def is_ready():
            devices = self.quay.call("device.list")["devices"]
            return [d for d in devices if d["id"] == "overhead-1" and d["status"] == "ready"]
        wait_until(is_ready)

    def show(self, **wish):
        return self.quay.live_view(self.visit, "overhead-1", frames_per_second=15, **wish)

    def frames_given(self):
        status = dict(word.split("=") for word in self.counter.tell_camera("status").split()[1:])
        return int(status["frames"])

    def judged(self, view, what):
        """The first frame whose judgement is so."""
        for frame in view:
            if frame.judgement and what(frame.judgement):
                return frame

    def test_frames_come_with_what_is_seen_on_them(self):
        with self.show() as view:
            frame = self.judged(view, lambda judgement: judgement.good)
            self.assertEqual(frame.jpeg[:2], b"\xff\xd8")
            self.assertEqual((frame.judgement.width, len(frame.judgement.sheet), frame.judgement.page), (1280, 4, "off"))
            self.assertLessEqual(frame.judgement.frame, frame.number)
            self.counter.tell_camera("hand on")
            finding = self.judged(view, lambda judgement: judgement.findings).judgement.findings[0]
            self.assertEqual(finding.code, "covered")
            self.assertIn("ngón tay", finding.vi)
            self.assertEqual(len(finding.box), 4)

    def test_a_slow_reader_gets_the_newest_frame_not_the_oldest(self):
        with self.show() as view:
            first = next(frame for frame in view if frame.number > 20)  # drawn once, they come at their pace
            wait_until(lambda: self.frames_given() > first.number + 40)
            given = self.frames_given()
            self.assertGreaterEqual(view.next(10).number, given - 5)

    def test_the_camera_is_free_when_the_view_is_closed_and_closing_twice_is_no_fault(self):
        view = self.show()
        self.assertIsNotNone(view.next(10))
        view.close()
        view.close()
        self.assertIn("streaming=0", self.counter.tell_camera("status"))
        self.assertIsNone(view.next(0.1))

    def test_the_pace_can_be_changed_on_the_way(self):
        with self.show() as view:
            self.assertIsNotNone(view.next(10))
            view.change(frames_per_second=1)
            self.assertIsNotNone(view.next(10))
            self.assertIsNone(view.next(0.3) and view.next(0.3))

    def test_a_sheet_that_lies_still_becomes_a_page_by_itself(self):
        with self.quay.follow(topics=["capture.ready"]) as events, self.show(auto_capture=True, settings=SMALL) as view:
            self.assertIsNotNone(self.judged(view, lambda judgement: judgement.page == "taken"))
            ready = events.next(30)
            self.assertEqual(ready.visit, self.visit)

    def test_the_view_goes_on_after_a_restart_of_quayd(self):
        with self.show() as view:
            self.assertIsNotNone(view.next(10))
            self.counter.kill()
            self.counter.start()
            self.assertIsNotNone(view.next(30))

    def test_it_ends_with_the_visit_and_says_so(self):
        with self.show() as view:
            self.assertIsNotNone(view.next(10))
            self.quay.close_visit(self.visit)
            with self.assertRaises(quay_client.QuayError) as raised:
                while True:
                    view.next()
            self.assertIn(raised.exception.code, ("visit.closed", "visit.unknown", "visit.not_owner"))


if __name__ == "__main__":
    unittest.main()
