// SPDX-License-Identifier: Apache-2.0
#include "devices/form_setter/form_device.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "base/shared_buffer.hpp"
#include "forms/composition.hpp"
#include "forms/form_file.hpp"
#include "forms/rendering.hpp"

namespace quay::form_setter {

namespace frames = worker::frames;
using worker::Outcome;

namespace {

protocol::FormInfo info_of(const forms::Form& form) {
  protocol::FormInfo info{{}, form.name, form.title_vi, form.title_en, form.paper.width_mm, form.paper.height_mm, {}};
  for (const forms::Field& field : form.fields) {
    info.fields.push_back({{}, field.name, field.title_vi, field.title_en, field.required, field.list, field.columns});
  }
  return info;
}

Error malformed(const std::string& name, const char* expected) {
  return make_error(Errc::form_field, "form.fill", name + ": " + expected);
}

Result<forms::Row> row_of(const std::string& name, const protocol::json::value& value) {
  forms::Row row;
  if (!value.is_object()) {
    return failure(malformed(name, "a list of objects was expected"));
  }
  for (const auto& [column, text] : value.get_object()) {
    if (!text.is_string()) {
      return failure(malformed(name + "." + std::string(column), "text was expected"));
    }
    row[std::string(column)] = std::string(text.get_string());
  }
  return row;
}

/// Says what is wrong, never what was filled in.
Result<forms::Values> values_of(const protocol::json::object& filled) {
  forms::Values values;
  for (const auto& [key, value] : filled) {
    const std::string name(key);
    if (value.is_string()) {
      values.texts[name] = std::string(value.get_string());
      continue;
    }
    if (!value.is_array()) {
      return failure(malformed(name, "text or a list was expected"));
    }
    for (const auto& item : value.get_array()) {
      auto row = row_of(name, item);
      if (!row) {
        return failure(row.error());
      }
      values.lists[name].push_back(*std::move(row));
    }
  }
  return values;
}

Result<forms::Form> form_named(const std::filesystem::path& folder, const std::string& name) {
  auto all = forms::load_forms(folder);
  if (!all) {
    return failure(all.error());
  }
  for (forms::Form& form : all->forms) {
    if (form.name == name) {
      return std::move(form);
    }
  }
  return failure(Errc::form_unknown, "form.find", "\"" + name.substr(0, 64) + "\"");
}

std::string today() { return rfc3339_now().substr(0, 10); }

/// The picture of one page, or the whole as a PDF.
Result<std::vector<std::uint8_t>> bytes_of(const forms::Composition& composition, const frames::SetForm& order) {
  if (order.preview_page == 0) {
    return forms::to_pdf(composition, today());
  }
  if (order.preview_page < 1 || static_cast<std::size_t>(order.preview_page) > composition.pages()) {
    return failure(Errc::document_page_unknown, "form.preview", std::to_string(composition.pages()) + " pages");
  }
  return forms::to_png(composition, static_cast<std::size_t>(order.preview_page) - 1,
                       Dpi{static_cast<double>(order.dpi)});
}

}  // namespace

Outcome FormDevice::carry_out(const frames::ToWorker& request, std::vector<UniqueFd> /*descriptors*/,
                              worker::Job& job) {
  Status done = failure(Errc::device_unsupported, "worker.request", "here forms are set");
  if (std::holds_alternative<frames::ListForms>(request)) {
    done = list(job);
  } else if (const auto* order = std::get_if<frames::SetForm>(&request)) {
    done = set(*order, job);
  }
  return done ? Outcome{} : Outcome{0, done.error()};
}

Status FormDevice::list(worker::Job& job) const {
  const auto all = forms::load_forms(folder_);
  if (!all) {
    return failure(all.error());
  }
  frames::FormsListed listed;
  for (const forms::Form& form : all->forms) {
    listed.forms.forms.push_back(info_of(form));
  }
  for (const Error& fault : all->faults) {
    listed.forms.mistakes.push_back(fault.detail);
  }
  return job.send(std::move(listed));
}

Status FormDevice::set(const frames::SetForm& order, worker::Job& job) const {
  const auto form = form_named(folder_, order.form);
  const auto values = form ? values_of(order.values) : failure(form.error());
  if (!values) {
    return failure(values.error());
  }
  const forms::Fonts fonts;
  const auto composition = forms::Composition::make(*form, *values, fonts);
  if (!composition) {
    return failure(composition.error());
  }
  const auto bytes = bytes_of(*composition, order);
  if (!bytes) {
    return failure(bytes.error());
  }
  auto buffer = WritableBuffer::create(bytes->size());
  if (!buffer) {
    return failure(buffer.error());
  }
  std::copy(bytes->begin(), bytes->end(), buffer->bytes().begin());
  frames::Rendition rendition;
  rendition.bytes = bytes->size();
  rendition.media_type = order.preview_page == 0 ? "application/pdf" : "image/png";
  rendition.width_mm = composition->width_mm();
  rendition.height_mm = composition->height_mm();
  rendition.dpi = order.preview_page == 0 ? 0 : order.dpi;
  rendition.pages = static_cast<std::int32_t>(composition->pages());
  return job.send(std::move(rendition), {buffer->fd()});
}

}  // namespace quay::form_setter
