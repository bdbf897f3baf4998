// SPDX-License-Identifier: Apache-2.0
// The closed list of what can go wrong at a counter. The wire spelling, the remedy and the Vietnamese and
// English sentences of each code stand in protocol/client/error_table.cpp; a code without them does not build.
#pragma once

#include <cstdint>

namespace quay {

/// One fault, named after the standard that knows it best (SANE_STATUS_*, IPP printer-state-reasons, PC/SC).
/// Add new codes before `count_` together with their row in the error table.
enum class Errc : std::uint8_t {
  // Paper and device, what a clerk can put right.
  paper_empty,
  paper_jam,
  cover_open,
  device_absent,
  device_busy,
  device_access_denied,
  device_warming_up,
  device_locked,
  device_io,
  device_unsupported,
  device_invalid_setting,
  device_no_memory,
  device_timeout,
  device_quarantined,
  device_unknown,
  device_leased,
  // A scan as a whole.
  scan_cancelled,
  scan_page_incomplete,
  scan_pages_missing,
  scan_too_large,
  // Cameras.
  camera_store_full,
  camera_no_focus,
  camera_no_picture,
  // Worker processes.
  worker_crashed,
  worker_start_failed,
  worker_protocol,
  // Pictures and documents.
  image_unreadable,
  image_too_large,
  image_unsupported,
  image_encode_failed,
  image_over_budget,
  document_empty,
  document_page_unknown,
  document_too_large,
  document_no_such_step,
  document_changed,
  document_code_invalid,
  // What a portal would refuse.
  portal_unknown,
  portal_kind_unknown,
  portal_media_type,
  portal_file_too_large,
  portal_dossier_too_large,
  portal_too_many_pages,
  portal_too_many_files,
  portal_resolution_low,
  portal_resolution_high,
  portal_colour_required,
  portal_page_size,
  portal_pixels_low,
  portal_picture_shape,
  portal_pdf_version,
  portal_pdfa_required,
  portal_file_name,
  portal_scale_estimated,
  portal_page_blank,
  // What is taken out of a picture.
  text_language_missing,
  text_failed,
  card_not_found,
  signature_not_found,
  portrait_no_face,
  portrait_several_faces,
  portrait_too_small,
  portrait_ground,
  portrait_blurred,
  portrait_exposure,
  // What lives in the journal.
  visit_unknown,
  visit_closed,
  visit_not_owner,
  visit_consent_missing,
  job_unknown,
  job_finished,
  job_interrupted,
  capture_unknown,
  capture_not_ready,
  capture_set_aside,
  capture_original_gone,
  document_unknown,
  rendition_unknown,
  // Requests of clients.
  request_malformed,
  request_too_large,
  request_unknown_command,
  request_bad_argument,
  request_version,
  request_key_reused,
  request_deadline,
  request_in_progress,
  request_too_many,
  // Who asks.
  peer_not_allowed,
  // Storage and service.
  spool_full,
  spool_failed,
  spool_corrupt,
  journal_failed,
  key_unusable,
  access_log_failed,
  access_log_broken,
  config_invalid,
  daemon_unreachable,
  daemon_stopping,
  daemon_running,
  daemon_crowded,
  file_unreadable,
  file_unwritable,
  usage,
  bug,
  count_
};

}  // namespace quay
