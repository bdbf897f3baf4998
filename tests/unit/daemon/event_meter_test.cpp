// SPDX-License-Identifier: Apache-2.0
// From events, as they go out, to metrics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/jobs/event_meter.hpp"
#include "daemon/jobs/ledger.hpp"
#include "protocol/client/documents.hpp"
#include "protocol/client/events.hpp"

namespace quay::daemon::jobs {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kVisit = "3b0c8e6e-0000-4000-8000-000000000001";

class EventMeterTest : public testing::Test {
 protected:
  template <class Data>
  void hear(const char* topic, const Data& data, double at_s = 0) {
    protocol::Event event = make_event(topic, data, kVisit);
    event.seq = 1;
    publish::Notice notice{topic, 1, kVisit, protocol::encode(event)};
    events_.hear(notice, Deadline{} + std::chrono::duration_cast<Deadline::duration>(
                                          std::chrono::duration<double>(1000 + at_s)));
  }

  static protocol::Job job(protocol::JobState state, const std::string& code = {}) {
    protocol::Job job;
    job.job = "job-1";
    job.kind = "scan";
    job.visit = kVisit;
    job.device = "scanner-1";
    job.state = state;
    if (!code.empty()) {
      job.error = protocol::ErrorBody{};
      job.error->code = code;
    }
    return job;
  }

  void know_scanner() {
    protocol::Device device;
    device.id = "scanner-1";
    device.kind = protocol::DeviceKind::scanner;
    hear(protocol::topic::kDeviceChanged, device);
  }

  core::Meter meter_;
  EventMeter events_{meter_};
};

TEST_F(EventMeterTest, APageIsCountedWithItsSourceItsBytesAndItsWayToBeingReady) {
  know_scanner();
  hear(protocol::topic::kCaptureCaptured, protocol::CaptureCaptured{{}, "page-1", "job-1", "scanner-1", 1, 5000}, 0);
  protocol::CaptureReady ready{{}, "page-1", "job-1", 1, {{{}, "page", "application/pdf", 700}}, 1, {}, 1, 0};
  ready.quality = {{{}, "blur", "", ""}};
  hear(protocol::topic::kCaptureReady, ready, 1.5);
  ready.renditions[0].rendition = "page-2";
  ready.generation = 2;
  hear(protocol::topic::kCaptureReady, ready, 90);
  const std::string text = meter_.text();
  EXPECT_THAT(text, HasSubstr("quay_pages_captured_total{source=\"scanner\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("quay_captured_bytes_total{source=\"scanner\"} 5000\n"));
  EXPECT_THAT(text, HasSubstr("quay_published_bytes_total{rendition=\"page\"} 1400\n"));
  EXPECT_THAT(text, HasSubstr("quay_page_quality_total{code=\"blur\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("quay_page_ready_seconds_sum{source=\"scanner\"} 1.5\n"))
      << "a page made anew was not waited for since its scan";
}

TEST_F(EventMeterTest, APhoneIsASourceOfItsOwn) {
  protocol::Device phone;
  phone.id = "iphone-1";
  phone.kind = protocol::DeviceKind::camera;
  phone.guest = true;
  hear(protocol::topic::kDeviceChanged, phone);
  hear(protocol::topic::kCaptureCaptured, protocol::CaptureCaptured{{}, "page-1", "job-1", "iphone-1", 1, 1});
  EXPECT_THAT(meter_.text(), HasSubstr("quay_pages_captured_total{source=\"phone\"} 1\n"));
}

TEST_F(EventMeterTest, JobsAreCountedByTheirEndAndFailuresByDeviceAndCode) {
  hear(protocol::topic::kJobStarted, job(protocol::JobState::running), 0);
  hear(protocol::topic::kJobFinished, job(protocol::JobState::failed, "paper.jam"), 4);
  hear(protocol::topic::kJobFinished, job(protocol::JobState::cancelled, "scan.cancelled"));
  const std::string text = meter_.text();
  EXPECT_THAT(text, HasSubstr("quay_jobs_total{kind=\"scan\",state=\"failed\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("quay_jobs_total{kind=\"scan\",state=\"cancelled\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("quay_job_failures_total{device=\"scanner-1\",code=\"paper.jam\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("code=\"scan.cancelled\""))) << "a wish that was taken back is no failure";
  EXPECT_THAT(text, HasSubstr("quay_job_duration_seconds_sum{kind=\"scan\"} 4\n"));
}

TEST_F(EventMeterTest, SheetsAreThoseThatThePrinterCounted) {
  protocol::Job print = job(protocol::JobState::done);
  print.kind = "print";
  print.device = "printer-1";
  print.print = protocol::PrintReport{};
  print.print->sheets_printed = 4;
  hear(protocol::topic::kJobFinished, print);
  EXPECT_THAT(meter_.text(), HasSubstr("quay_sheets_printed_total{device=\"printer-1\"} 4\n"));
}

TEST_F(EventMeterTest, WithItsVisitGoesAllThatWasRememberedOfAPageAndNothingNamesTheVisit) {
  know_scanner();
  hear(protocol::topic::kVisitOpened, protocol::Visit{{}, kVisit, "open", ""});
  hear(protocol::topic::kCaptureCaptured, protocol::CaptureCaptured{{}, "page-1", "job-1", "scanner-1", 1, 5000});
  protocol::VisitClosed closed;
  closed.visit = kVisit;
  closed.reason = "idle";
  hear(protocol::topic::kVisitClosed, closed);
  hear(protocol::topic::kCaptureReady, protocol::CaptureReady{{}, "page-1", "job-1", 1, {}, 1, {}, 1, 0}, 50);
  const std::string text = meter_.text();
  EXPECT_THAT(text, HasSubstr("quay_visits_opened_total 1\n"));
  EXPECT_THAT(text, HasSubstr("quay_visits_closed_total{reason=\"idle\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("quay_page_ready_seconds_count")));
  EXPECT_THAT(text, Not(HasSubstr(kVisit)));
  EXPECT_THAT(text, Not(HasSubstr("page-1")));
}

TEST_F(EventMeterTest, AnEventThatCannotBeReadCountsByItsTopic) {
  events_.hear(publish::Notice{protocol::topic::kJobFinished, 1, "", "no JSON"}, Deadline{});
  EXPECT_THAT(meter_.text(), HasSubstr("quay_events_total{topic=\"job.finished\"} 1\n"));
}

}  // namespace
}  // namespace quay::daemon::jobs
