#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The Python client's promise about events: in order, each once, none lost, over deaths of either side."""
import signal
import subprocess
import sys
import threading
import unittest

from counter import Counter, wait_until
from quay_client import Client, Cursor, CursorFile

ADF = {"source": "adf", "resolution_dpi": 75}

# A subscriber as a program of its own: writes down what it handled, then asks for the next.
SUBSCRIBER = """
import sys, quay_client
with quay_client.Client(sys.argv[1]) as quay, quay.follow(sys.argv[2], from_beginning=True) as events:
    for event in events:
        if event.seq:
            print(event.seq, event.type, flush=True)
"""


def kept(quay):
    """Everything that the journal has: (seq, type), in order."""
    found, newest = [], quay.call("hello")["seq"]
    with quay.follow(from_beginning=True) as events:
        while not found or found[-1][0] < newest:
            event = events.next()
            if event and event.seq:
                found.append((event.seq, event.type))
    return found


class Recorder(threading.Thread):
    """A subscriber in a thread: what it was given, until it is told to end."""

    def __init__(self, stream):
        super().__init__()
        self.events, self._stream, self._over = [], stream, False
        self.start()

    def run(self):
        with self._stream:
            while not self._over:
                event = self._stream.next(0.2)
                if event:
                    self.events.append(event)

    def end(self):
        self._over = True
        self.join()

    def has(self, kind, times=1):
        return [event.type for event in self.events].count(kind) >= times

    def kept(self):
        return [(event.seq, event.type) for event in self.events if event.seq]


class Follow(unittest.TestCase):
    def test_a_daemon_killed_in_mid_scan_costs_no_event_and_doubles_none(self):
        with Counter(sheets=12) as counter:
            counter.set("ppm", 120)
            counter.start()
            file = counter.path / "cursor"
            with Client(counter.run) as quay:
                recorder = Recorder(quay.follow(file, from_beginning=True))
                visit = quay.open_visit()
                job = quay.start_scan(visit, settings=ADF)
                wait_until(lambda: recorder.has("capture.captured", 2))
                counter.kill()
                counter.start()
                ended = quay.await_job(job, check=False)
                self.assertEqual(ended.job["state"], "interrupted")
                again = quay.scan(visit, settings=ADF)
                wait_until(lambda: recorder.has("job.finished", 2))
                pages = quay.call("capture.list", {"visit": visit})["captures"]
                self.assertEqual(len(pages), len(ended.pages) + len(again.pages))
                everything = kept(quay)
                wait_until(lambda: len(recorder.kept()) >= len(everything))
                recorder.end()
                self.assertEqual(recorder.kept(), everything)
                self.assertEqual(CursorFile(file).read(), Cursor(quay.hello["journal"], everything[-1][0]))

    def test_a_subscriber_killed_again_and_again_goes_on_from_its_cursor_file(self):
        with Counter(sheets=6) as counter:
            counter.start()
            with Client(counter.run) as quay:
                visit = quay.open_visit()
                quay.scan(visit, settings=ADF)
                everything = kept(quay)
                handled = []
                while len(handled) < len(everything):
                    lines = self.lines_of_a_short_life(counter, 5, len(everything) - len(handled))
                    if handled and lines and lines[0] == handled[-1]:
                        lines = lines[1:]  # killed after the work and before the cursor moved: given once more, not lost
                    handled += lines
                self.assertEqual(handled, [f"{seq} {kind}" for seq, kind in everything])

    def lines_of_a_short_life(self, counter, most, left):
        program = subprocess.Popen([sys.executable, "-c", SUBSCRIBER, counter.run, str(counter.path / "cursor")],
                                   stdout=subprocess.PIPE, text=True)
        lines = [program.stdout.readline().strip() for _ in range(min(most, left))]
        program.send_signal(signal.SIGKILL)
        lines += program.stdout.read().split("\n")[:-1]
        program.stdout.close()
        program.wait()
        return lines

    def test_an_event_is_given_again_until_it_was_handled(self):
        with Counter() as counter:
            counter.start()
            file = counter.path / "cursor"
            with Client(counter.run) as quay:
                quay.open_visit()
                with quay.follow(file, from_beginning=True) as events:
                    first = events.next()
                with quay.follow(file) as events:
                    self.assertEqual(events.next(), first)
                    second = events.next()
                    events.commit()
                with quay.follow(file) as events:
                    self.assertEqual(events.next().seq, second.seq + 1)

    def test_who_joins_late_has_the_state_at_once_and_goes_on_exactly_there(self):
        with Counter(sheets=5) as counter:
            counter.set("ppm", 120)
            counter.start()
            with Client(counter.run) as early, Client(counter.run) as late:
                visit = early.open_visit()
                job = early.start_scan(visit, settings=ADF)
                snapshot = late.snapshot()
                self.assertEqual([found["job"] for found in snapshot["jobs"]], [job])
                self.assertEqual([found["visit"] for found in snapshot["visits"]], [visit])
                recorder = Recorder(late.follow(after=snapshot))
                early.await_job(job)
                expected = [row for row in kept(early) if row[0] > snapshot["seq"]]
                wait_until(lambda: len(recorder.kept()) >= len(expected))
                recorder.end()
                self.assertEqual(recorder.kept(), expected)

    def test_what_a_deaf_subscriber_missed_is_asked_for(self):
        with Counter(sheets=3, bridge=True) as counter:
            counter.start()
            with Client(counter.run) as quay:
                recorder = Recorder(quay.follow())
                visit = quay.open_visit()
                wait_until(lambda: recorder.has("visit.opened"))
                counter.bridge.drop_events(True)
                quay.scan(visit, settings=ADF)
                self.assertFalse(recorder.has("job.finished"))
                counter.bridge.drop_events(False)
                quay.close_visit(visit)
                wait_until(lambda: recorder.has("visit.closed"))
                recorder.end()
                begin = recorder.kept()[0][0]
                self.assertEqual(recorder.kept(), [row for row in kept(quay) if row[0] >= begin])

    def test_the_loss_of_the_very_last_event_is_noticed_by_the_heartbeat(self):
        with Counter(bridge=True) as counter:
            counter.start()
            with Client(counter.run) as quay, quay.follow() as events:
                events.next(1.5)
                counter.bridge.drop_events(True)
                quay.open_visit()
                counter.bridge.drop_events(False)
                self.assertEqual(next(iter(events)).type, "visit.opened")

    def test_a_daemon_that_goes_and_comes_back_is_said(self):
        with Counter() as counter:
            counter.start()
            with Client(counter.run) as quay:
                recorder = Recorder(quay.follow())
                wait_until(lambda: recorder.is_alive())
                counter.kill()
                wait_until(lambda: recorder.has("daemon.lost"))
                counter.start()
                wait_until(lambda: recorder.has("system.started"))
                recorder.end()
                own = [event.type for event in recorder.events if event.type.startswith("daemon.")]
                self.assertEqual(own, ["daemon.lost", "daemon.back"])

    def test_a_journal_made_anew_is_said_and_followed_from_its_beginning(self):
        with Counter() as counter:
            counter.start()
            with Client(counter.run) as quay:
                quay.close_visit(quay.open_visit())
                recorder = Recorder(quay.follow(counter.path / "cursor"))
                counter.kill()
                counter.forget_journal()
                counter.start()
                wait_until(lambda: recorder.has("system.started"))
                everything = kept(quay)
                wait_until(lambda: len(recorder.kept()) >= len(everything))
                recorder.end()
                self.assertTrue(recorder.has("journal.changed"))
                self.assertEqual(recorder.kept(), everything)

    def test_only_the_topics_asked_for_are_given(self):
        with Counter(sheets=1) as counter:
            counter.start()
            with Client(counter.run) as quay, quay.follow(topics=["visit.", "job.finished"]) as events:
                visit = quay.open_visit()
                quay.scan(visit, settings=ADF)
                quay.close_visit(visit)
                self.assertEqual([next(iter(events)).type for _ in range(3)], ["visit.opened", "job.finished", "visit.closed"])

    def test_a_damaged_cursor_file_is_named_and_not_guessed(self):
        with Counter() as counter:
            counter.start()
            (counter.path / "cursor").write_text("{")
            with Client(counter.run) as quay, self.assertRaisesRegex(ValueError, "cursor: remove it"):
                quay.follow(counter.path / "cursor")


if __name__ == "__main__":
    unittest.main()
