// SPDX-License-Identifier: Apache-2.0
#include "devices/printer/ticket.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <cups/pwg.h>
#include <fmt/format.h>

namespace quay::printer {
namespace {

constexpr std::string_view kLongEdge = "two-sided-long-edge";

struct FormatRow {
  Format format;
  std::string_view media_type;
};

/// In the order of preference.
constexpr std::array kFormats{
    FormatRow{Format::pdf, "application/pdf"},
    FormatRow{Format::pwg_raster, "image/pwg-raster"},
    FormatRow{Format::urf, "image/urf"},
};

/// Two millimetres: an A4 page of a scanner is rarely 210.0 x 297.0.
constexpr int kNear = 200;

bool is_near(int left, int right) { return std::abs(left - right) <= kNear; }

bool is_near(const MediaSize& left, const MediaSize& right) {
  return is_near(left.width, right.width) && is_near(left.length, right.length);
}

int hundredths(double mm) { return static_cast<int>(std::lround(mm * 100)); }

bool holds(const MediaRange& range, const MediaSize& size) {
  return size.width >= range.least_width && size.width <= range.most_width && size.length >= range.least_length &&
         size.length <= range.most_length;
}

/// The printer's own word for that paper. A page that lies on its side goes on paper that stands.
std::optional<MediaSize> offered(const PrinterFacts& facts, const MediaSize& wanted) {
  const MediaSize turned{wanted.name, wanted.length, wanted.width};
  for (const MediaSize& size : {wanted, turned}) {
    const auto found =
        std::find_if(facts.media.begin(), facts.media.end(), [&](const MediaSize& one) { return is_near(one, size); });
    if (found != facts.media.end()) {
      return *found;
    }
  }
  const bool custom =
      std::any_of(facts.ranges.begin(), facts.ranges.end(), [&](const MediaRange& one) { return holds(one, wanted); });
  return custom ? std::optional(wanted) : std::nullopt;
}

Result<MediaSize> choose_media(const PrinterFacts& facts, const Wish& wish) {
  MediaSize wanted{"", hundredths(wish.first_page.width), hundredths(wish.first_page.height)};
  if (!wish.media.empty()) {
    auto named = size_named(wish.media);
    if (!named) {
      return failure(named.error());
    }
    wanted = *std::move(named);
  }
  if (wanted.name.empty()) {
    const pwg_media_t* known = pwgMediaForSize(wanted.width, wanted.length);
    wanted.name = known != nullptr ? known->pwg : "";
  }
  const bool says_nothing = facts.media.empty() && facts.ranges.empty();
  const auto media = says_nothing ? std::optional(wanted) : offered(facts, wanted);
  if (!media) {
    return failure(Errc::device_invalid_setting, "print.media",
                   fmt::format("the printer takes no paper of {} x {} mm", wanted.width / 100, wanted.length / 100));
  }
  return *media;
}

bool can_turn(const PrinterFacts& facts) {
  return std::find(facts.sides.begin(), facts.sides.end(), kLongEdge) != facts.sides.end();
}

void add_media(IppMessage& request, const Ticket& ticket, const PrinterFacts& facts) {
  if (!facts.takes_media_col) {
    request.add_text(IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", ticket.media.name);
    return;
  }
  ipp_t* size = ippNew();
  ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension", ticket.media.width);
  ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension", ticket.media.length);
  ipp_t* media = ippNew();
  ippAddCollection(media, IPP_TAG_ZERO, "media-size", size);
  ippAddCollection(request.get(), IPP_TAG_JOB, "media-col", media);
  ippDelete(size);
  ippDelete(media);
}

}  // namespace

std::string_view media_type_of(Format format) {
  return std::find_if(kFormats.begin(), kFormats.end(), [&](const FormatRow& row) { return row.format == format; })
      ->media_type;
}

Result<Format> choose_format(const PrinterFacts& facts) {
  for (const FormatRow& row : kFormats) {
    if (std::find(facts.formats.begin(), facts.formats.end(), row.media_type) != facts.formats.end()) {
      return row.format;
    }
  }
  return failure(Errc::print_format, "print.format", "the printer reads neither PDF nor PWG raster nor URF");
}

Result<Ticket> make_ticket(const PrinterFacts& facts, const Wish& wish) {
  const auto format = choose_format(facts);
  auto media = format ? choose_media(facts, wish) : failure(format.error());
  if (!media) {
    return failure(media.error());
  }
  if (wish.copies < 1 || wish.copies > facts.most_copies) {
    return failure(Errc::device_invalid_setting, "print.copies",
                   fmt::format("1 to {} copies can be made at once", facts.most_copies));
  }
  Ticket ticket;
  ticket.format = *format;
  ticket.media = *std::move(media);
  ticket.copies = wish.copies;
  ticket.duplex = wish.duplex && wish.pages > 1 && can_turn(facts);
  ticket.pages = wish.pages;
  ticket.sheets = wish.copies * (ticket.duplex ? (wish.pages + 1) / 2 : wish.pages);
  return ticket;
}

int sheets_of(int impressions, const Ticket& ticket) {
  if (!ticket.duplex) {
    return impressions;
  }
  const int whole = impressions / ticket.pages;  // copies that are complete; a copy never shares a sheet with the next
  const int rest = impressions % ticket.pages;
  return whole * ((ticket.pages + 1) / 2) + (rest + 1) / 2;
}

void add_to(IppMessage& request, const Ticket& ticket, const PrinterFacts& facts) {
  add_media(request, ticket, facts);
  request.add_integer(IPP_TAG_JOB, IPP_TAG_INTEGER, "copies", ticket.copies);
  request.add_text(IPP_TAG_JOB, IPP_TAG_KEYWORD, "sides", std::string(ticket.duplex ? kLongEdge : "one-sided"));
  if (facts.takes_no_scaling) {
    request.add_text(IPP_TAG_JOB, IPP_TAG_KEYWORD, "print-scaling", "none");
  }
}

}  // namespace quay::printer
