// SPDX-License-Identifier: Apache-2.0
#include "devices/card/context.hpp"

#include <utility>

#include "devices/card/pcsc_error.hpp"

namespace quay::card {

Result<Context> Context::open() {
  SCARDCONTEXT context = 0;
  const LONG made = SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context);
  return made == SCARD_S_SUCCESS ? Result<Context>(Context(context))
                                 : failure(pcsc_error(made, "SCardEstablishContext"));
}

Context::Context(Context&& other) noexcept : context_(std::exchange(other.context_, 0)) {}

Context& Context::operator=(Context&& other) noexcept {
  std::swap(context_, other.context_);
  return *this;
}

Context::~Context() {
  if (context_ != 0) {
    SCardReleaseContext(context_);
  }
}

Result<std::vector<std::string>> Context::readers() const {
  std::vector<std::string> list;
  DWORD size = 0;
  LONG listed = SCardListReaders(context_, nullptr, nullptr, &size);
  std::string names;
  while (listed == SCARD_S_SUCCESS) {
    names.resize(size);
    listed = SCardListReaders(context_, nullptr, names.data(), &size);
    if (listed == SCARD_S_SUCCESS) {
      for (const char* name = names.c_str(); *name != '\0'; name += list.back().size() + 1) {
        list.emplace_back(name);
      }
      return list;
    }
    // One more reader came between the two calls: its name needs room.
    listed = listed == SCARD_E_INSUFFICIENT_BUFFER ? SCARD_S_SUCCESS : listed;
  }
  return listed == SCARD_E_NO_READERS_AVAILABLE ? Result<std::vector<std::string>>(list)
                                                : failure(pcsc_error(listed, "SCardListReaders"));
}

}  // namespace quay::card
