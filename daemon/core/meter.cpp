// SPDX-License-Identifier: Apache-2.0
#include "daemon/core/meter.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace quay::daemon::core {
namespace {

std::string_view kind_name(MetricKind kind) {
  switch (kind) {
    case MetricKind::counter: return "counter";
    case MetricKind::gauge: return "gauge";
    case MetricKind::histogram: return "histogram";
  }
  return "untyped";
}

std::size_t label_count(const MetricRow& row) {
  return static_cast<std::size_t>(
      std::count_if(row.labels.begin(), row.labels.end(), [](std::string_view name) { return !name.empty(); }));
}

/// A backslash and a line end are escaped everywhere, a quote in the value of a label.
std::string escaped(std::string_view text, bool quotes) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\\' || (c == '"' && quotes)) {
      result += {'\\', c};
    } else {
      result += c;
    }
  }
  return result;
}

/// `{a="x",b="y"}`, or nothing when there are none.
std::string braces(const std::vector<std::string>& pairs) {
  return pairs.empty() ? std::string() : fmt::format("{{{}}}", fmt::join(pairs, ","));
}

std::vector<std::string> pairs_of(const MetricRow& row, const Meter::Labels& labels) {
  std::vector<std::string> pairs;
  for (std::size_t at = 0; at < labels.size(); ++at) {
    pairs.push_back(fmt::format("{}=\"{}\"", row.labels.at(at), escaped(labels[at], true)));
  }
  return pairs;
}

void write_histogram(std::string& out, const MetricRow& row, const Meter::Labels& labels,
                     const std::vector<std::uint64_t>& buckets, double sum) {
  const std::vector<std::string> pairs = pairs_of(row, labels);
  std::uint64_t so_far = 0;
  for (std::size_t at = 0; at < buckets.size(); ++at) {
    so_far += buckets[at];
    std::vector<std::string> with_bound = pairs;
    with_bound.push_back(at < row.bounds.size() ? fmt::format("le=\"{}\"", row.bounds[at]) : "le=\"+Inf\"");
    out += fmt::format("{}_bucket{} {}\n", row.name, braces(with_bound), so_far);
  }
  out += fmt::format("{0}_sum{1} {2}\n{0}_count{1} {3}\n", row.name, braces(pairs), sum, so_far);
}

}  // namespace

/// A counter without labels is there, with 0, before anything happened: a rate needs a first value.
Meter::Meter() {
  for (const MetricRow& row : metric_table()) {
    if (row.kind != MetricKind::gauge && label_count(row) == 0) {
      series(row.metric, row.kind, {});
    }
  }
}

Meter::Series& Meter::series(Metric metric, MetricKind kind, const Labels& labels) {
  const MetricRow& row = metric_row(metric);
  if (row.kind != kind || label_count(row) != labels.size()) {
    throw std::logic_error(fmt::format("{} is not fed so", row.name));
  }
  Family& family = families_.at(static_cast<std::size_t>(metric));
  const bool full = family.size() >= kMostSeries && !family.contains(labels);
  Series& found = family[full ? Labels(labels.size(), "other") : labels];
  if (kind == MetricKind::histogram && found.buckets.empty()) {
    found.buckets.resize(row.bounds.size() + 1);
  }
  return found;
}

void Meter::add(Metric counter, const Labels& labels, double by) {
  series(counter, MetricKind::counter, labels).value += std::max(by, 0.0);
}

void Meter::set(Metric gauge, const Labels& labels, double value) {
  series(gauge, MetricKind::gauge, labels).value = value;
}

void Meter::clear(Metric gauge) { families_.at(static_cast<std::size_t>(gauge)).clear(); }

void Meter::observe(Metric histogram, const Labels& labels, double value) {
  Series& found = series(histogram, MetricKind::histogram, labels);
  const std::span<const double> bounds = metric_row(histogram).bounds;
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin();
  found.buckets[static_cast<std::size_t>(bucket)] += 1;
  found.value += value;
}

std::string Meter::text() const {
  std::string out;
  for (const MetricRow& row : metric_table()) {
    const Family& family = families_.at(static_cast<std::size_t>(row.metric));
    if (family.empty()) {
      continue;
    }
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", row.name, escaped(row.help, false), kind_name(row.kind));
    for (const auto& [labels, one] : family) {
      if (row.kind == MetricKind::histogram) {
        write_histogram(out, row, labels, one.buckets, one.value);
      } else {
        out += fmt::format("{}{} {}\n", row.name, braces(pairs_of(row, labels)), one.value);
      }
    }
  }
  return out;
}

}  // namespace quay::daemon::core
