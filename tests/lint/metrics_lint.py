#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Everybody speaks of the metrics that there are: docs/metrics.md has each with its kind and labels, alert rules and dashboard
name no other, and Prometheus' own tool finds the rules sound and right in the cases they were written for."""
import json
import re
import subprocess
import unittest

from sources import ROOT

TABLE = (ROOT / "daemon" / "core" / "metric_table.cpp").read_text()
ENUM = (ROOT / "daemon" / "core" / "metric_table.hpp").read_text()
ROW = re.compile(r'MetricRow\{\s*Metric::\w+,\s*"(\w+)",\s*(\w+),\s*"[^"]*",\s*\{([^}]*)\}')
RULES = ROOT / "monitoring" / "quay-alerts.yml"
SUFFIX = re.compile(r"_(bucket|sum|count)$")
NODE_EXPORTER = {"node_exporter", "node_textfile_mtime_seconds"}


def rows():
    """name -> (kind, labels)"""
    return {name: (kind, re.findall(r'"(\w+)"', labels)) for name, kind, labels in ROW.findall(TABLE)}


def plain(name, known):
    """A histogram's series by the name of the histogram."""
    return name if name in known else SUFFIX.sub("", name)


def promtool(*words):
    done = subprocess.run(["promtool", *words], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


class Metrics(unittest.TestCase):
    def test_every_row_of_the_table_is_seen_here(self):
        members = re.search(r"enum class Metric .*?\{(.*?)count_", ENUM, re.S).group(1)
        self.assertEqual(len(rows()), len(re.findall(r"\w+", members)))

    def test_the_document_lists_each_with_kind_and_labels_and_no_other(self):
        listed = {}
        for line in (ROOT / "docs" / "metrics.md").read_text().splitlines():
            if line.startswith("| `quay_"):
                name, kind, labels = [cell.strip() for cell in line.strip("|").split("|")[:3]]
                listed[name.strip("`")] = (kind, re.findall(r"`(\w+)`", labels))
        self.assertEqual(listed, rows())

    def test_rules_and_dashboard_name_no_metric_that_is_not_there(self):
        known = rows()
        for path in (RULES, ROOT / "monitoring" / "quay-dashboard.json"):
            used = set(re.findall(r"\b(?:quay|node)_[a-z_]+\b", path.read_text())) - NODE_EXPORTER
            used = {plain(name, known) for name in used}
            self.assertGreater(len(used), 9, path.name)
            self.assertEqual(used - set(known), set(), path.name)

    def test_labels_in_rules_and_dashboard_are_those_of_the_metric(self):
        known = rows()
        for path in (RULES, ROOT / "monitoring" / "quay-dashboard.json"):
            for name, labels in re.findall(r"\b(quay_[a-z_]+)\{([^}]*)\}", path.read_text().replace('\\"', '"')):
                for label in re.findall(r"(\w+)(?:=~|!~|!=|=)", labels):
                    self.assertIn(label, known[plain(name, known)][1] + ["instance"], f"{path.name}: {name}")

    def test_the_dashboard_is_one(self):
        board = json.loads((ROOT / "monitoring" / "quay-dashboard.json").read_text())
        ids = [panel["id"] for panel in board["panels"]]
        self.assertEqual(len(set(ids)), len(ids))
        for panel in board["panels"]:
            self.assertTrue(panel["title"] and panel["targets"], panel["id"])

    def test_prometheus_takes_the_rules(self):
        code, said = promtool("check", "rules", str(RULES))
        self.assertEqual(code, 0, said)

    def test_the_rules_fire_when_they_should_and_not_otherwise(self):
        code, said = promtool("test", "rules", str(ROOT / "tests" / "lint" / "alerts_test.yml"))
        self.assertEqual(code, 0, said)


if __name__ == "__main__":
    unittest.main()
