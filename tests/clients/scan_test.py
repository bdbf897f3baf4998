#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The Python client at a real counter: scans, misfortunes of the way to quayd, and commands that are carried out once."""
import json
import threading
import unittest

from counter import ROOT, Counter
from quay_client import Client, DaemonUnreachable, NoAnswer, QuayError
from quay_client import errors

ADF = {"source": "adf", "resolution_dpi": 75}


def types_of(stream, last):
    """The types of all events up to the first of type `last`."""
    found = []
    for event in stream:
        found.append(event.type)
        if event.type == last:
            return found


class AVisit(unittest.TestCase):
    def test_from_the_feeder_to_the_document_and_gone(self):
        with Counter(sheets=3) as counter:
            counter.start()
            with Client(counter.run, name="test desk") as quay:
                self.assertEqual(quay.hello["api"].split(".")[0], "1")
                snapshot = quay.snapshot()
                self.assertEqual([(d["id"], d["status"]) for d in snapshot["devices"]], [("scanner-1", "ready")])
                visit = quay.open_visit()
                seen = []
                scan = quay.scan(visit, settings=ADF, pages_expected=3, on_event=lambda event: seen.append(event.type))
                self.assertEqual(len(scan.captures), 3)
                self.assertEqual(seen.count("capture.captured"), 3)
                self.assertIn("job.progress", seen)
                self.assertTrue(quay.fetch(scan.captures[0], "preview").startswith(b"\xff\xd8"))
                document = quay.assemble(visit, scan.captures)
                self.assertEqual(document["pages"], 3)
                path = counter.path / "dossier.pdf"
                digest = quay.fetch_to(path, document["document"], "document")
                self.assertEqual(digest, document["file"]["sha256"])
                self.assertEqual(path.read_bytes()[:5], b"%PDF-")
                self.assertEqual(path.stat().st_mode & 0o777, 0o600)
                quay.close_visit(visit)
                with self.assertRaises(QuayError):
                    quay.fetch(scan.captures[0], "page")
                with quay.follow(after=snapshot_cursor(snapshot)) as events:
                    types = types_of(events, "visit.closed")
                self.assertEqual(types.count("capture.ready"), 3)
                self.assertEqual(types[0], "visit.opened")

    def test_an_empty_feeder_is_an_exception_that_names_the_action_in_two_languages(self):
        with Counter(sheets=0) as counter:
            counter.start()
            with Client(counter.run) as quay:
                visit = quay.open_visit()
                with self.assertRaises(QuayError) as caught:
                    quay.scan(visit, settings=ADF)
                self.assertEqual((caught.exception.code, caught.exception.remedy), ("paper.empty", "clerk"))
                self.assertIn("Khay giấy trống", caught.exception.vi)
                self.assertIn("feeder is empty", str(caught.exception))
                failed = quay.scan(visit, settings=ADF, check=False)
                self.assertEqual((failed.error.code, failed.captures), ("paper.empty", []))


def snapshot_cursor(snapshot):
    from quay_client import Cursor
    return Cursor(snapshot["journal"], snapshot["seq"])


class Commands(unittest.TestCase):
    def test_a_lost_reply_is_asked_for_again_and_nothing_is_scanned_twice(self):
        with Counter(sheets=6, bridge=True) as counter:
            counter.start()
            with Client(counter.run) as quay, quay.follow(topics=["job."]) as events:
                visit = quay.open_visit()
                counter.bridge.drop_replies("scan.start", 2)  # accepted, and the last word of the job
                job = quay.start_scan(visit, settings=ADF, max_pages=3)
                self.assertTrue(quay.await_job(job).captures)
                wishes = {command["request_id"] for command in counter.bridge.seen("scan.start")}
                self.assertGreater(len(counter.bridge.seen("scan.start")), 1)
                self.assertEqual(len(wishes), 1)
                self.assertEqual(types_of(events, "job.finished").count("job.started"), 1)
                self.assertEqual(counter.sheets_left(), 3)

    def test_a_program_that_was_killed_before_the_reply_repeats_its_wish_and_gets_the_same_job(self):
        with Counter(sheets=2) as counter:
            counter.start()
            with Client(counter.run) as quay:
                visit = quay.open_visit()
                first = quay.start_scan(visit, settings=ADF, request_id="my-wish")
                quay.await_job(first)
                self.assertEqual(quay.start_scan(visit, settings=ADF, request_id="my-wish"), first)
                with self.assertRaises(QuayError) as caught:
                    quay.start_scan(visit, settings={"source": "flatbed"}, request_id="my-wish")
                self.assertEqual(caught.exception.code, "request.key_reused")

    def test_a_call_waits_for_a_daemon_that_is_being_restarted(self):
        with Counter() as counter:
            counter.start()
            with Client(counter.run) as quay:
                counter.kill()
                again = threading.Thread(target=counter.start)
                again.start()
                self.assertEqual(len(quay.snapshot()["devices"]), 1)
                again.join()

    def test_many_threads_share_one_client(self):
        with Counter() as counter:
            counter.start()
            with Client(counter.run) as quay:
                opened = []
                threads = [threading.Thread(target=lambda: opened.append(quay.open_visit())) for _ in range(8)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                self.assertEqual(sorted(opened), sorted(visit["visit"] for visit in quay.snapshot()["visits"]))
                self.assertEqual(len(set(opened)), 8)


class WhoseVisit(unittest.TestCase):
    def test_each_of_two_clients_has_its_own_visit_and_neither_gets_at_the_others(self):
        with Counter(sheets=2) as counter:
            counter.start()
            with Client(counter.run) as ours, Client(counter.run) as theirs:
                visit = ours.open_visit()
                scan = ours.scan(visit, settings=ADF)
                for wish in (lambda: theirs.fetch(scan.captures[0], "page", visit=visit),
                             lambda: theirs.call("capture.list", {"visit": visit})):
                    with self.assertRaises(QuayError) as caught:
                        wish()
                    self.assertEqual(caught.exception.code, "visit.not_owner")
                theirs.use_visit(visit, "x" * 43)
                with self.assertRaises(QuayError) as caught:
                    theirs.fetch(scan.captures[0], "page", visit=visit)
                self.assertEqual(caught.exception.code, "visit.not_owner")
                theirs.use_visit(visit, ours.visit_key(visit))
                self.assertTrue(theirs.fetch(scan.captures[0], "page", visit=visit))

    def test_a_client_with_several_visits_sends_each_its_own_key(self):
        with Counter(sheets=1) as counter:
            counter.start()
            with Client(counter.run) as quay:
                first, second = quay.open_visit(), quay.open_visit()
                pages = {}
                for visit in (first, second):
                    counter.load(1)
                    pages[visit] = quay.scan(visit, settings=ADF).captures[0]
                    # Busy until the visit's hold on the scanner ends, or free at once when it is given back.
                    quay.call("device.release", {"device": "scanner-1", "visit": visit})
                for visit in (first, second):
                    self.assertTrue(quay.fetch(pages[visit], "page"))
                    self.assertEqual(quay.call("capture.get", {"capture": pages[visit]})["visit"], visit)

    def test_a_visit_whose_key_was_lost_is_taken_over(self):
        with Counter() as counter:
            counter.start()
            with Client(counter.run) as before, Client(counter.run) as after:
                visit = before.open_visit()
                after.adopt_visit(visit)
                with self.assertRaises(QuayError) as caught:
                    before.call("capture.list", {"visit": visit})
                self.assertEqual(caught.exception.code, "visit.not_owner")
                after.close_visit(visit)
                self.assertEqual(after.snapshot()["visits"], [])


class NobodyThere(unittest.TestCase):
    def test_no_daemon_is_said_at_once_and_why(self):
        with Counter() as counter:
            with self.assertRaises(DaemonUnreachable) as caught:
                Client(counter.run)
            self.assertEqual((caught.exception.code, caught.exception.remedy), ("daemon.unreachable", "technician"))
            self.assertIn("QUAY_RUNTIME_DIRECTORY", str(caught.exception))
            self.assertIn("Dịch vụ quay không chạy", caught.exception.vi)

    def test_a_daemon_that_hangs_is_said_too(self):
        with Counter() as counter:
            counter.start()
            counter.freeze()
            with self.assertRaises(DaemonUnreachable) as caught:
                Client(counter.run)
            self.assertIn("hello", str(caught.exception))

    def test_a_call_that_gets_no_answer_says_under_which_request_id_to_ask_again(self):
        with Counter() as counter:
            counter.start()
            with Client(counter.run) as quay:
                counter.freeze()
                with self.assertRaises(NoAnswer) as caught:
                    quay.call("visit.open", timeout=1.0)
                counter.thaw()
                opened = quay.call("visit.open", request_id=caught.exception.request_id)
                self.assertEqual([visit["visit"] for visit in quay.snapshot()["visits"]], [opened["visit"]])

    def test_a_front_end_may_be_there_before_the_daemon(self):
        with Counter() as counter:
            late = threading.Timer(0.5, counter.start)
            late.start()
            with Client(counter.run, wait=30) as quay:
                self.assertTrue(quay.hello["journal"])
            late.join()


class Words(unittest.TestCase):
    def test_what_the_client_says_by_itself_is_what_the_daemon_says(self):
        rows = json.loads((ROOT / "protocol" / "schema" / "errors.json").read_text())["errors"]
        said = {row["code"]: (row["remedy"], row["vi"], row["en"]) for row in rows}
        for code, words in errors._OWN.items():
            self.assertEqual(said[code], words)


if __name__ == "__main__":
    unittest.main()
