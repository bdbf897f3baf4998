// SPDX-License-Identifier: Apache-2.0
#include "tests/rig/printer/page_count.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#include <cups/raster.h>
#include <qpdf/qpdf-c.h>

namespace quay::rig {
namespace {

struct Cursor {
  const std::vector<std::uint8_t>* bytes;
  std::size_t at = 0;
};

ssize_t read_from(void* from, unsigned char* buffer, std::size_t count) {
  auto& cursor = *static_cast<Cursor*>(from);
  const std::size_t taken = std::min(count, cursor.bytes->size() - cursor.at);
  std::memcpy(buffer, cursor.bytes->data() + cursor.at, taken);
  cursor.at += taken;
  return static_cast<ssize_t>(taken);
}

struct QpdfRelease {
  void operator()(_qpdf_data* pdf) const { qpdf_cleanup(&pdf); }
};

int pdf_pages(const std::vector<std::uint8_t>& document) {
  const std::unique_ptr<_qpdf_data, QpdfRelease> pdf(qpdf_init());
  qpdf_set_suppress_warnings(pdf.get(), QPDF_TRUE);
  qpdf_silence_errors(pdf.get());
  const auto* bytes = reinterpret_cast<const char*>(document.data());
  const QPDF_ERROR_CODE read = qpdf_read_memory(pdf.get(), "document", bytes, document.size(), nullptr);
  return (read & QPDF_ERRORS) != 0 ? 0 : qpdf_get_num_pages(pdf.get());
}

/// Every row is read: a page that breaks off is none.
int raster_pages(const std::vector<std::uint8_t>& document) {
  Cursor cursor{&document};
  cups_raster_t* raster = cupsRasterOpenIO(read_from, &cursor, CUPS_RASTER_READ);
  int pages = 0;
  cups_page_header2_t header{};
  while (raster != nullptr && cupsRasterReadHeader2(raster, &header) != 0) {
    std::vector<unsigned char> row(header.cupsBytesPerLine);
    unsigned rows = 0;
    while (rows < header.cupsHeight && cupsRasterReadPixels(raster, row.data(), header.cupsBytesPerLine) != 0) {
      ++rows;
    }
    pages += rows == header.cupsHeight ? 1 : 0;
  }
  cupsRasterClose(raster);
  return pages;
}

}  // namespace

int count_pages(const std::string& format, const std::vector<std::uint8_t>& document) {
  return format == "application/pdf" ? pdf_pages(document) : raster_pages(document);
}

}  // namespace quay::rig
