// SPDX-License-Identifier: Apache-2.0
// quayctl card read: one identity card by its chip. What opens it is typed and never an argument, since everybody may
// see the arguments of a program; what it says goes to standard output and is kept nowhere.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <memory>

#include "base/atomic_file.hpp"
#include "base/encoding.hpp"
#include "clients/cpp/event_stream.hpp"
#include "ctl/interrupt.hpp"
#include "ctl/verbs.hpp"
#include "protocol/client/card.hpp"
#include "protocol/client/events.hpp"

namespace quay::ctl {
namespace {

using protocol::CardField;

constexpr Milliseconds kLook{500};
constexpr int kTriesToClose = 4;  // each waits two seconds for what runs
constexpr std::size_t kCanDigits = 6, kNumberDigits = 12;

struct CardWish {
  std::vector<std::string> fields{"number", "name", "birth_date", "sex", "expiry_date"};
  std::int32_t wait_s = 30;
  bool agreed = false;             ///< by the citizen
  std::filesystem::path portrait;  ///< empty: none is wanted
};

/// How a field is called on the card.
struct Label {
  std::string_view field, vi, en;
};

constexpr std::array<Label, 17> kLabels{{{"number", "Số", "Number"},
                                         {"name", "Họ và tên", "Name"},
                                         {"birth_date", "Ngày sinh", "Born"},
                                         {"sex", "Giới tính", "Sex"},
                                         {"nationality", "Quốc tịch", "Nationality"},
                                         {"expiry_date", "Có giá trị đến", "Valid until"},
                                         {"issue_date", "Ngày cấp", "Issued"},
                                         {"old_number", "Số cũ", "Old number"},
                                         {"ethnicity", "Dân tộc", "Ethnicity"},
                                         {"religion", "Tôn giáo", "Religion"},
                                         {"origin", "Quê quán", "Place of origin"},
                                         {"residence", "Nơi thường trú", "Place of residence"},
                                         {"marks", "Đặc điểm nhận dạng", "Marks"},
                                         {"parents", "Cha, mẹ", "Parents"},
                                         {"spouse", "Vợ, chồng", "Spouse"},
                                         {"other_numbers", "Số khác", "Other numbers"},
                                         {"zone", "Vùng đọc máy", "Machine-readable zone"}}};

/// The line that was typed or piped. Errors: usage.
Result<std::string> ask_number(const Session& session) {
  if (::isatty(STDIN_FILENO) == 1) {
    session.remark(
        session.say("Số in trên thẻ (12 số, hoặc 6 số cuối):", "Number on the card (12 digits, or the last 6):"));
  }
  std::string line;
  std::getline(std::cin, line);
  const bool digits = std::all_of(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; });
  const bool known = line.size() == kCanDigits || line.size() == kNumberDigits;
  return digits && known ? Result<std::string>(std::move(line))
                         : failure(Errc::usage, "card.read", "6 or 12 digits were expected on standard input");
}

protocol::CardReadArguments order_of(const CardWish& wish, const std::string& number, const std::string& visit) {
  protocol::CardReadArguments order;
  order.visit = visit;
  order.source = protocol::CardSource::chip;
  std::transform(wish.fields.begin(), wish.fields.end(), std::back_inserter(order.fields),
                 [](const std::string& name) { return *protocol::enum_from_name<CardField>(name); });
  if (!wish.portrait.empty()) {
    order.fields.push_back(CardField::portrait);
  }
  (number.size() == kCanDigits ? order.can : order.number) = number;
  order.wait_s = wish.wait_s;
  return order;
}

/// One reading, in a visit of its own that ends with it.
class CardRun {
 public:
  CardRun(const Session& session, client::Client& client, Interrupt& interrupt)
      : session_(session), client_(client), interrupt_(interrupt) {}

  Result<protocol::CardReading> read(const CardWish& wish, const std::string& number) {
    const auto visit = client_.call_as<protocol::VisitOpened>("visit.open", protocol::NoArguments{});
    if (!visit) {
      return failure(visit.error());
    }
    auto reading = read_in(visit->visit, wish, number);
    if (const Status closed = close(visit->visit); !closed) {
      session_.remark(fault_text(session_.language, closed.error()));
    }
    return reading;
  }

 private:
  /// Consent goes first: a chip that still answers is let go of at once, and the visit then has nothing left that runs.
  Status close(const std::string& visit) {
    [[maybe_unused]] const auto withdrawn =
        client_.call("visit.consent", {{"visit", visit}, {"kind", "chip"}, {"given", false}});
    Status closed;
    for (int i = 0; i < kTriesToClose; ++i) {
      const auto answer = client_.call_as<protocol::Visit>("visit.close", protocol::VisitArguments{{}, visit});
      closed = answer ? Status() : Status(failure(answer.error()));
      if (closed || closed.error().code != Errc::device_busy) {
        break;
      }
    }
    return closed;
  }

  Result<protocol::CardReading> read_in(const std::string& visit, const CardWish& wish, const std::string& number) {
    const auto agreed = client_.call("visit.consent", {{"visit", visit}, {"kind", "chip"}, {"given", true}});
    auto events = agreed ? client::EventStream::open(client_, {client_.hello().journal, client_.hello().seq})
                         : Result<client::EventStream>(failure(agreed.error()));
    if (!events) {
      return failure(events.error());
    }
    const auto accepted = client_.call_as<protocol::JobAccepted>("card.read", order_of(wish, number, visit));
    if (!accepted) {
      return failure(accepted.error());
    }
    if (const Status over = follow(*events, accepted->job); !over) {
      return failure(over.error());
    }
    return client_.call_as<protocol::CardReading>("card.get", protocol::CardGetArguments{{}, visit, accepted->job});
  }

  /// Until the job is over. The first Ctrl-C stops it, the second leaves at once.
  Status follow(client::EventStream& events, const std::string& job) {
    bool stopping = false;
    for (;;) {
      const auto event = events.next(deadline_in(kLook), interrupt_.fd());
      if (!event) {
        return failure(event.error());
      }
      if (*event) {
        if (const auto over = hear(**event, job)) {
          return *over;
        }
      } else if (interrupt_.take()) {
        if (std::exchange(stopping, true)) {
          return failure(Errc::scan_cancelled, "card.read", "stopped by a signal");
        }
        [[maybe_unused]] const auto asked = client_.call("job.cancel", {{"job", job}});
      }
    }
  }

  std::optional<Status> hear(const protocol::Event& event, const std::string& job) {
    const protocol::json::value* of = event.data.if_contains("job");
    if (of == nullptr || !of->is_string() || of->get_string() != job) {
      return std::nullopt;
    }
    if (event.type == protocol::topic::kJobProgress) {
      const auto progress = protocol::from_json<protocol::JobProgress>(event.data);
      if (progress && progress->stage == "waiting_for_card" && !std::exchange(told_, true)) {
        session_.remark(session_.say("Đặt thẻ căn cước lên đầu đọc...", "Lay the identity card on the reader..."));
      }
      return std::nullopt;
    }
    if (event.type != protocol::topic::kJobFinished) {
      return std::nullopt;
    }
    const auto ended = protocol::from_json<protocol::Job>(event.data);
    if (!ended) {
      return failure(ended.error());
    }
    return ended->error ? Status(failure(protocol::from_body(*ended->error))) : Status();
  }

  const Session& session_;
  client::Client& client_;
  Interrupt& interrupt_;
  bool told_ = false;
};

std::string text_of(const protocol::json::value& value) {
  if (value.is_string()) {
    return std::string(value.get_string());
  }
  std::string all;
  for (const protocol::json::value& one : value.get_array()) {
    all += (all.empty() ? "" : ", ") + std::string(one.get_string());
  }
  return all;
}

std::string_view truth_text(const Session& session, protocol::CardTruth truth) {
  switch (truth) {
    case protocol::CardTruth::valid: return session.say("Thẻ thật", "The card is genuine");
    case protocol::CardTruth::invalid: return session.say("THẺ GIẢ HOẶC BỊ SỬA", "THE CARD IS FALSE OR WAS CHANGED");
    default: return session.say("Không rõ ai cấp thẻ", "Nobody vouches for who issued the card");
  }
}

void print_words(const Session& session, const protocol::CardReading& reading) {
  const protocol::json::object values = protocol::to_json_object(reading.values);
  for (const Label& label : kLabels) {
    const protocol::json::value* value = values.if_contains(label.field);
    const std::string text = value != nullptr && !value->is_null() ? text_of(*value) : "";
    if (!text.empty()) {
      session.print(fmt::format("{}: {}", session.say(label.vi, label.en), text));
    }
  }
  if (reading.authenticity) {
    const std::string reasons = fmt::format("{}", fmt::join(reading.authenticity->reasons, ", "));
    session.print(fmt::format("{}{}", truth_text(session, reading.authenticity->truth),
                              reasons.empty() ? "" : " (" + reasons + ")"));
  }
}

Status write_portrait(const protocol::CardReading& reading, const std::filesystem::path& path) {
  const auto picture = reading.portrait ? from_base64(reading.portrait->base64) : std::nullopt;
  return picture ? write_atomically(path, {reinterpret_cast<const std::uint8_t*>(picture->data()), picture->size()})
                 : Status(failure(Errc::card_data_malformed, "card.read", "no portrait came"));
}

/// Its exit code tells a false card, so that a script need not read words.
int show(const Session& session, protocol::CardReading& reading) {
  reading.portrait.reset();
  if (session.json) {
    session.print(protocol::to_json(reading));
  } else {
    print_words(session, reading);
  }
  const bool is_false = reading.authenticity && reading.authenticity->truth == protocol::CardTruth::invalid;
  return static_cast<int>(is_false ? Exit::clerk : Exit::ok);
}

Result<protocol::CardReading> read_card(const Session& session, const CardWish& wish) {
  const Status writable = wish.portrait.empty() ? Status() : check_writable(wish.portrait);
  auto number = writable ? ask_number(session) : Result<std::string>(failure(writable.error()));
  auto interrupt = number ? Interrupt::create() : Result<Interrupt>(failure(number.error()));
  auto client = interrupt ? session.connect() : Result<client::Client>(failure(interrupt.error()));
  auto reading = client ? CardRun(session, *client, *interrupt).read(wish, *number)
                        : Result<protocol::CardReading>(failure(client.error()));
  const Status kept = reading && !wish.portrait.empty() ? write_portrait(*reading, wish.portrait) : Status();
  return kept ? std::move(reading) : failure(kept.error());
}

int run(const Session& session, const CardWish& wish) {
  if (!wish.agreed) {
    return session.complain(make_error(Errc::visit_consent_missing, "card.read", "--consent says that it was given"));
  }
  auto reading = read_card(session, wish);
  return reading ? show(session, *reading) : session.complain(reading.error());
}

std::vector<std::string> field_names() {
  std::vector<std::string> names;
  std::transform(kLabels.begin(), kLabels.end(), std::back_inserter(names),
                 [](const Label& label) { return std::string(label.field); });
  return names;
}

}  // namespace

void add_card(CommandLine& line) {
  CLI::App* verb = line.app.add_subcommand("card", "Try a card reader");
  verb->require_subcommand(1);
  CLI::App* read = verb->add_subcommand("read", "Read one identity card; its number is typed, or piped");
  auto wish = std::make_shared<CardWish>();
  read->add_flag("--consent", wish->agreed, "The holder of the card has agreed");
  read->add_option("--field", wish->fields, "What to read, may be given again [number name birth_date sex expiry_date]")
      ->check(CLI::IsMember(field_names()));
  read->add_option("--portrait", wish->portrait, "Write the picture in the chip there");
  read->add_option("--wait", wish->wait_s, "Seconds for a card to be laid down")
      ->check(CLI::Range(0, 300))
      ->capture_default_str();
  read->callback([&line, wish] { line.action = [&session = line.session, wish] { return run(session, *wish); }; });
}

}  // namespace quay::ctl
