// SPDX-License-Identifier: Apache-2.0
// What every source of pages has to do in the same way, as the conformance suite (source_test.cpp) asks it. A new kind
// of source is a class here and a row in sources(); it gets no test of its own for what the suite asks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/system/counter.hpp"

namespace quay::system_test {

struct SourceOrder {
  std::string visit;
  int pages = 1;
  std::string request_id{};
};

/// One kind of source and its misfortunes, spelled for its simulator.
class Source {
 public:
  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  virtual ~Source() = default;

  /// Of a counter that has such a source.
  virtual CounterOptions options() const = 0;
  virtual std::string device() const = 0;
  /// The program that serves it.
  virtual std::string worker() const = 0;
  virtual protocol::DeviceKind kind() const = 0;

  /// Puts paper for `pages` pages before it, where it needs any.
  virtual void load(Counter& counter, int pages) = 0;
  /// Starts a job that gives `order.pages` pages, when the source is left alone.
  virtual Result<std::string> start(Counter& counter, const SourceOrder& order) = 0;
  /// A job takes about a third of a second a page from now on.
  virtual void slow_down(Counter& counter) = 0;
  /// The device never answers again in the middle of page `page` of the next job.
  virtual void hang(Counter& counter, int page) = 0;
  /// Its cable is pulled in the middle of that page.
  virtual void tear(Counter& counter, int page) = 0;
  /// All is well again.
  virtual void heal(Counter& counter) = 0;
  /// How many pages it has given since the counter was opened.
  virtual int given(Counter& counter) = 0;
};

struct SourceRow {
  const char* name;  ///< of the tests
  std::unique_ptr<Source> (*make)();
};

std::vector<SourceRow> sources();

std::unique_ptr<Source> make_scanner_source();
std::unique_ptr<Source> make_camera_source();
std::unique_ptr<Source> make_document_camera_source();

}  // namespace quay::system_test
