// SPDX-License-Identifier: Apache-2.0
// The bytes of pages on the `images` socket: asked for piece by piece (images.fetch), or pushed to the owner of a visit
// under credit (images.follow). What is pushed is no reply: it has a `type` and no `status`.
#pragma once

#include "protocol/client/error_body.hpp"

namespace quay::protocol {

inline constexpr std::uint64_t kMostCredit = 4ULL * 1024 * 1024;
inline constexpr std::uint64_t kLeastCredit = 64ULL * 1024;

/// images.fetch: reply frame, then the bytes as a second frame.
struct FetchArguments {
  std::string id;  ///< a capture or a document
  std::string rendition;
  std::uint64_t offset = 0;
  std::uint32_t length = 1024 * 1024;  ///< at most 1 MiB
  static constexpr bool is_optional(std::string_view name) { return name == "offset" || name == "length"; }
};

struct FetchResult : AllOptional {
  std::string id;
  std::string rendition;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;  ///< in the second frame
  std::uint64_t total = 0;
  std::string sha256;  ///< of the whole
};

/// images.follow: from now on every rendition of the visit comes by itself.
struct FollowArguments {
  std::string visit;
  std::vector<std::string> renditions = {"preview", "page", "document"};
  std::uint64_t credit = kMostCredit;  ///< bytes that may be on the way; 64 KiB to 4 MiB
  std::uint64_t after = 0;             ///< `number` of the last rendition that is whole here; 0: everything
  static constexpr bool is_optional(std::string_view name) { return name != "visit"; }
};

struct FollowResult : AllOptional {
  std::string follow;
  std::uint64_t credit = 0;
};

/// images.credit: `bytes` have been taken off the wire, as many more may come.
struct CreditArguments : AllRequired {
  std::string follow;
  std::uint64_t bytes = 0;
};

struct CreditResult : AllOptional {
  std::string follow;
};

/// images.unfollow.
struct UnfollowArguments : AllRequired {
  std::string follow;
};

/// Pushed: first frame `image.part`, second frame the bytes. Renditions come whole, one after another, in the order in
/// which they were stored. One that was made anew meanwhile begins again at offset 0 with another `number`.
struct ImagePart : AllOptional {
  int v = 1;
  std::string type = "image.part";
  std::string follow;
  std::uint64_t number = 0;  ///< grows with every rendition: where to go on after a reconnect
  std::string id;            ///< the capture or document
  std::string rendition;
  std::string media_type;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;  ///< in the second frame
  std::uint64_t total = 0;
  std::string sha256;  ///< of the whole
};

/// Pushed, one frame: nothing more comes.
struct ImageEnd : AllOptional {
  int v = 1;
  std::string type = "image.end";
  std::string follow;
  ErrorBody reason;
};

BOOST_DESCRIBE_STRUCT(FetchArguments, (), (id, rendition, offset, length))
BOOST_DESCRIBE_STRUCT(FetchResult, (), (id, rendition, offset, bytes, total, sha256))
BOOST_DESCRIBE_STRUCT(FollowArguments, (), (visit, renditions, credit, after))
BOOST_DESCRIBE_STRUCT(FollowResult, (), (follow, credit))
BOOST_DESCRIBE_STRUCT(CreditArguments, (), (follow, bytes))
BOOST_DESCRIBE_STRUCT(CreditResult, (), (follow))
BOOST_DESCRIBE_STRUCT(UnfollowArguments, (), (follow))
BOOST_DESCRIBE_STRUCT(ImagePart, (), (v, type, follow, number, id, rendition, media_type, offset, bytes, total, sha256))
BOOST_DESCRIBE_STRUCT(ImageEnd, (), (v, type, follow, reason))

}  // namespace quay::protocol
