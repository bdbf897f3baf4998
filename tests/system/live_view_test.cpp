// SPDX-License-Identifier: Apache-2.0
// What goes beside the frames of a live view, and pages that are captured by themselves: a document camera, its worker,
// the image worker that judges, and quayd between them.
#include <gmock/gmock.h>

#include <zmq.hpp>

#include "clients/cpp/live_view.hpp"
#include "protocol/client/camera.hpp"
#include "tests/rig/support/wait_until.hpp"
#include "tests/system/overhead.hpp"

namespace quay::system_test {
namespace {

using protocol::JobState;
using protocol::LiveJudgement;
using protocol::PageTurn;

constexpr Milliseconds kPatience{20'000};

class JudgedView : public Overhead {
 protected:
  void SetUp() override {
    Overhead::SetUp();
    ASSERT_TRUE(counter_.device_becomes(protocol::DeviceStatus::ready, kOverhead)) << counter_.daemon().transcript();
  }

  void show(bool auto_capture = false) {
    protocol::CameraLiveArguments wanted;
    wanted.visit = visit_;
    wanted.device = kOverhead;
    wanted.frames_per_second = 15;
    wanted.auto_capture = auto_capture;
    wanted.settings.image_size = "1280x720";
    const auto live = client_->call_as<protocol::CameraLiveResult>("camera.live", wanted);
    ASSERT_TRUE(live) << describe(live.error());
    EXPECT_EQ(live->auto_capture, auto_capture);
    frames_.emplace(zmq_, zmq::socket_type::sub);
    frames_->set(zmq::sockopt::rcvtimeo, 5000);
    frames_->set(zmq::sockopt::linger, 0);
    frames_->set(zmq::sockopt::subscribe, live->topic);
    frames_->connect("ipc://" + (counter_.run_directory() / "live").string());
  }

  /// The next judgement; frames in between are counted.
  std::optional<LiveJudgement> next() {
    for (;;) {
      std::vector<zmq::message_t> parts(3);
      for (zmq::message_t& part : parts) {
        if (!frames_->recv(part)) {
          return std::nullopt;
        }
      }
      const auto head = protocol::json::parse(parts[1].to_string());
      if (head.at("type") == "live.frame") {
        last_frame_ = head.at("frame").to_number<std::uint64_t>();
        continue;
      }
      EXPECT_EQ(parts[2].size(), 0U);
      return protocol::from_json<LiveJudgement>(head).value();
    }
  }

  bool comes(const std::function<bool(const LiveJudgement&)>& wanted) {
    const Deadline until = deadline_in(kPatience);
    while (SteadyClock::now() < until) {
      const auto judged = next();
      if (judged && wanted(*judged)) {
        return true;
      }
    }
    return false;
  }
  bool says(const std::string& code) {
    return comes(
        [&](const LiveJudgement& judged) { return !judged.quality.empty() && judged.quality[0].code == code; });
  }
  bool turns(PageTurn page) {
    return comes([&](const LiveJudgement& judged) { return judged.page == page; });
  }
  std::size_t pages() { return counter_.captures(visit_).size(); }

  zmq::context_t zmq_;
  std::optional<zmq::socket_t> frames_;
  std::uint64_t last_frame_ = 0;
};

TEST_F(JudgedView, SaysWhereTheSheetLiesAndThatItIsGood) {
  show();
  ASSERT_TRUE(comes([](const LiveJudgement& judged) { return judged.sheet_found; })) << counter_.daemon().transcript();
  const auto judged = next();
  ASSERT_TRUE(judged);
  EXPECT_EQ(judged->device, kOverhead);
  EXPECT_EQ(judged->width, 1280);
  EXPECT_GT(judged->frame, 0U);
  EXPECT_LE(judged->frame, last_frame_);
  ASSERT_EQ(judged->quad_px.size(), 4U);
  EXPECT_THAT(judged->quality, testing::IsEmpty());
  EXPECT_EQ(judged->page, PageTurn::off);
}

TEST_F(JudgedView, SaysInWordsWhatIsWrongAndTakesItBack) {
  show();
  tell("hand on");
  ASSERT_TRUE(says("covered")) << counter_.daemon().transcript();
  tell("hand off");
  tell("light 30");
  ASSERT_TRUE(comes([](const LiveJudgement& judged) {
    return !judged.quality.empty() && judged.quality[0].code == "too-dark" && !judged.quality[0].vi.empty();
  }));
  tell("light 100");
  tell("fault blurred");
  EXPECT_TRUE(says("blur"));
  tell("fault none");
  EXPECT_TRUE(comes([](const LiveJudgement& judged) { return judged.sheet_found && judged.quality.empty(); }));
}

TEST_F(JudgedView, FramesComeOnWhileNobodyCanJudgeThem) {
  show();
  ASSERT_TRUE(comes([](const LiveJudgement& judged) { return judged.sheet_found; }));
  for (const pid_t worker : counter_.workers("quay-imaging")) {
    ::kill(worker, SIGSTOP);
  }
  const std::uint64_t before = last_frame_;
  const bool went_on = rig::wait_until(
      [&] {
        std::vector<zmq::message_t> parts(3);
        for (zmq::message_t& part : parts) {
          if (!frames_->recv(part)) {
            return false;
          }
        }
        const auto head = protocol::json::parse(parts[1].to_string());
        return head.at("type") == "live.frame" && head.at("frame").to_number<std::uint64_t>() > before + 20;
      },
      kPatience);
  EXPECT_TRUE(went_on);
  for (const pid_t worker : counter_.workers("quay-imaging")) {
    ::kill(worker, SIGCONT);
  }
}

TEST_F(JudgedView, ASheetThatLiesStillBecomesOnePageAndTheNextAnother) {
  tell("sheet 0");
  show(true);
  ASSERT_TRUE(turns(PageTurn::empty)) << counter_.daemon().transcript();
  EXPECT_EQ(pages(), 0U);
  tell("sheet 1");
  ASSERT_TRUE(turns(PageTurn::taken)) << counter_.daemon().transcript();
  EXPECT_EQ(pages(), 1U) << "it said so and there was no page";
  tell("at 3 1");  // pushed: the same sheet
  ASSERT_TRUE(turns(PageTurn::taken));
  tell("sheet 2");
  ASSERT_TRUE(turns(PageTurn::settling));
  ASSERT_TRUE(turns(PageTurn::taken));
  ASSERT_TRUE(rig::wait_until([&] { return pages() == 2; }, kPatience)) << counter_.daemon().transcript();
  tell("sheet 0");
  ASSERT_TRUE(turns(PageTurn::empty));
  EXPECT_EQ(pages(), 2U);
  for (const protocol::Capture& page : counter_.captures(visit_)) {
    EXPECT_EQ(counter_.await_end(page.job).state, JobState::done);
  }
}

TEST_F(JudgedView, TheCppClientGivesTheNewestFrameWithItsJudgementAndFreesTheCamera) {
  protocol::CameraLiveArguments wish;
  wish.visit = visit_;
  wish.device = kOverhead;
  wish.frames_per_second = 15;
  auto view = client::LiveView::open(*client_, wish);
  ASSERT_TRUE(view) << describe(view.error());
  std::uint64_t last = 0;
  bool judged = false;
  const Deadline until = deadline_in(kPatience);
  while (!judged && SteadyClock::now() < until) {
    const auto frame = view->next(until);
    ASSERT_TRUE(frame && *frame) << counter_.daemon().transcript();
    EXPECT_GT((*frame)->number, last);
    last = (*frame)->number;
    EXPECT_EQ(client::text_of((*frame)->jpeg).substr(0, 2), "\xFF\xD8");
    judged = (*frame)->judgement && (*frame)->judgement->sheet_found;
  }
  EXPECT_TRUE(judged);
  view->close();
  EXPECT_EQ(sim().status("streaming"), "0");
  const auto after = view->next(deadline_in(Milliseconds(50)));
  EXPECT_TRUE(after && !*after);
}

TEST_F(JudgedView, TheCppClientSaysThatTheVisitHasEnded) {
  protocol::CameraLiveArguments wish;
  wish.visit = visit_;
  wish.device = kOverhead;
  wish.frames_per_second = 15;
  auto view = client::LiveView::open(*client_, wish);
  ASSERT_TRUE(view) << describe(view.error());
  client::Client other = counter_.connect();
  ASSERT_TRUE(other.call_as<protocol::VisitClosed>("visit.close", protocol::VisitArguments{{}, visit_}));
  Result<std::optional<client::LiveFrame>> frame = std::optional<client::LiveFrame>();
  const Deadline until = deadline_in(kPatience);
  while (frame && SteadyClock::now() < until) {
    frame = view->next(until);
  }
  EXPECT_FALSE(frame);
}

TEST_F(JudgedView, ASheetThatNeverLiesStillIsNotCaptured) {
  tell("wobble on");
  show(true);
  ASSERT_TRUE(turns(PageTurn::moving)) << counter_.daemon().transcript();
  for (int i = 0; i < 20; ++i) {
    const auto judged = next();
    ASSERT_TRUE(judged);
    EXPECT_NE(judged->page, PageTurn::taken);
  }
  EXPECT_EQ(pages(), 0U);
}

TEST_F(JudgedView, APictureThatTheClerkAskedForIsNotTakenAgainByItself) {
  tell("fault blurred");  // not good enough to be captured by itself
  show(true);
  ASSERT_TRUE(turns(PageTurn::settling)) << counter_.daemon().transcript();
  EXPECT_EQ(capture().state, JobState::done);
  tell("fault none");
  ASSERT_TRUE(turns(PageTurn::taken));
  EXPECT_EQ(pages(), 1U);
}

TEST_F(JudgedView, ACaptureThatIsRefusedIsToldBesideTheFrames) {
  tell("sheet 0");
  show(true);
  ASSERT_TRUE(turns(PageTurn::empty));
  protocol::CameraLiveArguments portrait;
  portrait.visit = visit_;
  portrait.device = kOverhead;
  portrait.frames_per_second = 15;
  portrait.auto_capture = true;
  portrait.profile = "portrait";
  ASSERT_TRUE(client_->call_as<protocol::CameraLiveResult>("camera.live", portrait));
  tell("sheet 1");
  int called_taken = 0;  // and there is no page
  const auto is_told = [&](const LiveJudgement& judged) {
    called_taken += judged.page == PageTurn::taken ? 1 : 0;
    return judged.error && judged.error->code == "visit.consent_missing";
  };
  EXPECT_TRUE(comes(is_told)) << counter_.daemon().transcript();
  tell("at 3 1");  // a clerk who reads it may well touch the sheet
  EXPECT_TRUE(comes([](const LiveJudgement& judged) { return judged.page == PageTurn::moving; }));
  EXPECT_TRUE(comes(is_told));
  EXPECT_EQ(called_taken, 0);
  EXPECT_EQ(pages(), 0U);
  tell("sheet 0");
  EXPECT_TRUE(comes([](const LiveJudgement& judged) { return judged.page == PageTurn::empty && !judged.error; }));
}

TEST_F(JudgedView, ACaptureByItselfThatFailsIsToldAndNotCalledTaken) {
  tell("sheet 0");
  show(true);
  ASSERT_TRUE(turns(PageTurn::empty));
  tell("fault no-space above=1000000");  // the live view has room, a page has not
  protocol::CameraLiveArguments wanted;
  wanted.visit = visit_;
  wanted.device = kOverhead;
  wanted.frames_per_second = 15;
  wanted.auto_capture = true;
  wanted.settings.image_size = "2048x1536";
  ASSERT_TRUE(client_->call_as<protocol::CameraLiveResult>("camera.live", wanted));
  tell("sheet 1");
  int called_taken = 0;
  EXPECT_TRUE(comes([&](const LiveJudgement& judged) {
    called_taken += judged.page == PageTurn::taken ? 1 : 0;
    return judged.error && judged.error->code == "camera.usb_bandwidth";
  })) << counter_.daemon().transcript();
  EXPECT_EQ(called_taken, 0);
  EXPECT_EQ(pages(), 0U);
}

TEST_F(JudgedView, APageThatCameByItselfStandsInTheAccessLog) {
  tell("sheet 0");
  show(true);
  ASSERT_TRUE(turns(PageTurn::empty));
  const auto captures_told = [&] {
    const auto lines = client_->call_as<protocol::AuditListResult>("audit.list", protocol::AuditListArguments{});
    EXPECT_TRUE(lines) << describe(lines.error());
    const auto is_one = [&](const protocol::json::object& line) {
      const std::string text = boost::json::serialize(line);
      const auto says = [&](const std::string& word) { return text.find('"' + word + '"') != std::string::npos; };
      return says("camera.capture") && says(visit_) && says("page") && says("ok");
    };
    return lines ? std::count_if(lines->lines.begin(), lines->lines.end(), is_one) : 0;
  };
  EXPECT_EQ(captures_told(), 0);
  tell("sheet 1");
  ASSERT_TRUE(turns(PageTurn::taken)) << counter_.daemon().transcript();
  EXPECT_EQ(captures_told(), 1);
  EXPECT_EQ(capture().state, JobState::done);
  EXPECT_EQ(captures_told(), 2);
}

}  // namespace
}  // namespace quay::system_test
