// SPDX-License-Identifier: Apache-2.0
#include "devices/document_camera/found_document_cameras.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "devices/document_camera/picture_format.hpp"

namespace quay::document_camera {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> names_in(const fs::path& folder) {
  std::vector<fs::path> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    names.push_back(entry.path());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string text_of(const __u8* field, std::size_t size) {
  const auto* text = reinterpret_cast<const char*>(field);
  return {text, std::find(text, text + size, '\0')};
}

}  // namespace

std::vector<protocol::worker::FoundDocumentCamera> find_document_cameras(const fs::path& names) {
  std::vector<protocol::worker::FoundDocumentCamera> found;
  std::set<fs::path> nodes;
  for (const char* kind : {"by-id", "by-path"}) {
    for (const fs::path& name : names_in(names / kind)) {
      std::error_code none;
      const fs::path node = fs::canonical(name, none);
      if (none || nodes.contains(node)) {
        continue;
      }
      const auto open = VideoNode::open(name);
      if (open && formats_of(*open)) {
        nodes.insert(node);
        found.push_back({{}, text_of(open->about().card, sizeof open->about().card), name.string()});
      }
    }
  }
  return found;
}

}  // namespace quay::document_camera
