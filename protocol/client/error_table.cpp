// SPDX-License-Identifier: Apache-2.0
#include "protocol/client/error_table.hpp"

#include <algorithm>
#include <array>

namespace quay::protocol {
namespace {

using enum Remedy;

constexpr std::array kTable{
    ErrorRow{Errc::paper_empty, "paper.empty", clerk, "Khay giấy trống: đặt giấy vào khay rồi bấm Quét lại.",
             "The feeder is empty: put the paper in and press Scan again."},
    ErrorRow{Errc::paper_jam, "paper.jam", clerk, "Kẹt giấy: mở nắp máy, rút giấy ra, xếp lại rồi bấm Quét lại.",
             "Paper jam: open the cover, pull the paper out, reload it and press Scan again."},
    ErrorRow{Errc::cover_open, "cover.open", clerk, "Nắp máy quét đang mở: đóng nắp rồi bấm Quét lại.",
             "The scanner cover is open: close it and press Scan again."},
    ErrorRow{Errc::device_absent, "device.absent", clerk,
             "Không thấy thiết bị: kiểm tra dây cắm và nút nguồn rồi thử lại.",
             "The device is not there: check its cable and power button, then try again."},
    ErrorRow{Errc::device_busy, "device.busy", wait, "Thiết bị đang bận: chờ việc trước xong rồi thử lại.",
             "The device is busy: wait for the running job to end, then try again."},
    ErrorRow{Errc::device_access_denied, "device.access_denied", technician,
             "quay không được phép dùng thiết bị: gọi kỹ thuật viên kiểm tra quyền truy cập.",
             "quay may not use the device: ask a technician to check its permissions."},
    ErrorRow{Errc::device_warming_up, "device.warming_up", wait, "Máy quét đang khởi động: chờ một phút rồi thử lại.",
             "The scanner is warming up: wait a minute and try again."},
    ErrorRow{Errc::device_locked, "device.locked", clerk, "Máy quét bị khóa vận chuyển: mở khóa ở đáy máy rồi thử lại.",
             "The scanner's transport lock is on: open the lock under it and try again."},
    ErrorRow{Errc::device_io, "device.io", clerk, "Mất liên lạc với thiết bị: rút dây, cắm lại rồi thử lại.",
             "Lost contact with the device: unplug it, plug it in and try again."},
    ErrorRow{Errc::device_unsupported, "device.unsupported", technician,
             "Thiết bị không hỗ trợ yêu cầu này: chọn cách quét khác hoặc gọi kỹ thuật viên.",
             "The device cannot do this: choose another way to scan or call a technician."},
    ErrorRow{Errc::device_invalid_setting, "device.invalid_setting", caller,
             "Thiết bị từ chối thông số quét: chọn lại kiểu quét.",
             "The device refused a scan setting: choose the settings again."},
    ErrorRow{Errc::device_no_memory, "device.no_memory", wait,
             "Máy tính thiếu bộ nhớ: đóng bớt chương trình rồi thử lại.",
             "The computer is out of memory: close some programs and try again."},
    ErrorRow{Errc::device_timeout, "device.timeout", clerk,
             "Thiết bị không trả lời: tắt máy, bật lại rồi bấm Quét lại.",
             "The device stopped answering: turn it off and on, then press Scan again."},
    ErrorRow{Errc::device_quarantined, "device.quarantined", technician,
             "Thiết bị hỏng nhiều lần nên tạm dừng dùng: tắt, bật lại máy hoặc gọi kỹ thuật viên.",
             "The device failed again and again and is parked: power-cycle it or call a technician."},
    ErrorRow{Errc::device_unknown, "device.unknown", caller, "Không có thiết bị mang tên này: chọn lại thiết bị.",
             "There is no device of that name: choose a device again."},
    ErrorRow{Errc::device_leased, "device.leased", wait,
             "Thiết bị đang được quầy khác giữ: chờ, hoặc xin quầy đó bàn giao.",
             "Another front end holds the device: wait, or ask it to hand over."},
    ErrorRow{Errc::scan_cancelled, "scan.cancelled", clerk, "Đã dừng quét: các trang đã quét vẫn được giữ.",
             "The scan was stopped: pages already scanned are kept."},
    ErrorRow{Errc::scan_page_incomplete, "scan.page_incomplete", clerk,
             "Một trang quét chưa hết: đặt lại trang đó rồi quét lại.",
             "A page was cut short: put that page back and scan it again."},
    ErrorRow{Errc::scan_pages_missing, "scan.pages_missing", clerk,
             "Số trang quét được ít hơn số tờ giấy: đếm lại và quét các tờ còn thiếu.",
             "Fewer pages came than sheets were put in: count again and scan the missing ones."},
    ErrorRow{Errc::scan_too_large, "scan.too_large", caller, "Trang quét quá lớn: chọn độ phân giải thấp hơn.",
             "The page is too large: choose a lower resolution."},
    ErrorRow{Errc::worker_crashed, "worker.crashed", clerk,
             "Bộ điều khiển thiết bị vừa lỗi và đã tự chạy lại: bấm Quét lại.",
             "The device's driver crashed and was restarted: press Scan again."},
    ErrorRow{Errc::worker_start_failed, "worker.start_failed", technician,
             "Không khởi động được bộ điều khiển thiết bị: gọi kỹ thuật viên.",
             "The device's driver cannot be started: call a technician."},
    ErrorRow{Errc::worker_protocol, "worker.protocol", bug,
             "Lỗi nội bộ của bộ điều khiển: thử lại, nếu vẫn lỗi gọi kỹ thuật viên.",
             "The device's driver spoke nonsense: try again, then call a technician."},
    ErrorRow{Errc::image_unreadable, "image.unreadable", clerk, "Không đọc được ảnh: chụp hoặc quét lại trang này.",
             "The picture cannot be read: scan or photograph this page again."},
    ErrorRow{Errc::image_too_large, "image.too_large", caller, "Ảnh quá lớn: chọn độ phân giải thấp hơn.",
             "The picture is too large: choose a lower resolution."},
    ErrorRow{Errc::image_unsupported, "image.unsupported", caller,
             "Kiểu ảnh này chưa dùng được: dùng JPEG, PNG, TIFF hoặc PDF.",
             "This kind of file is not supported: use JPEG, PNG, TIFF or PDF."},
    ErrorRow{Errc::image_encode_failed, "image.encode_failed", technician,
             "Không nén được trang: thử lại, nếu vẫn lỗi gọi kỹ thuật viên.",
             "The page could not be compressed: try again, then call a technician."},
    ErrorRow{Errc::document_empty, "document.empty", caller, "Tài liệu chưa có trang nào: chọn ít nhất một trang.",
             "The document has no page: choose at least one."},
    ErrorRow{Errc::text_language_missing, "text.language_missing", technician,
             "Chưa có dữ liệu đọc chữ: cài gói tesseract-ocr-vie; trang vẫn dùng được.",
             "No data to read text with: install tesseract-ocr-vie; pages stay usable as they are."},
    ErrorRow{Errc::text_failed, "text.failed", wait,
             "Không đọc được chữ trên trang: trang vẫn dùng được, có thể thử lại sau.",
             "The text of the page could not be read: the page is usable, you may try again later."},
    ErrorRow{Errc::card_not_found, "card.not_found", clerk,
             "Không thấy thẻ: đặt thẻ nằm hẳn trong mặt kính, cách mép một chút rồi quét lại.",
             "No card was found: lay it fully on the glass, a little off the edge, and scan again."},
    ErrorRow{Errc::signature_not_found, "signature.not_found", clerk,
             "Không thấy chữ ký: ký bằng bút đậm trên giấy trắng rồi quét lại.",
             "No signature was found: sign with a dark pen on white paper and scan again."},
    ErrorRow{Errc::portrait_no_face, "portrait.no_face", clerk,
             "Không thấy khuôn mặt: nhìn thẳng, đủ sáng, không che mặt rồi chụp lại.",
             "No face was found: look straight ahead in good light, face uncovered, and take it again."},
    ErrorRow{Errc::portrait_several_faces, "portrait.several_faces", clerk,
             "Có nhiều khuôn mặt: chỉ để một người trong ảnh rồi chụp lại.",
             "There are several faces: take the picture again with one person in it."},
    ErrorRow{Errc::portrait_too_small, "portrait.too_small", clerk,
             "Ảnh quá nhỏ để in: chụp gần hơn hoặc quét ở độ phân giải cao hơn.",
             "The picture is too small to print: go nearer, or scan at a higher resolution."},
    ErrorRow{Errc::portrait_ground, "portrait.ground", clerk,
             "Nền ảnh không đạt: chụp lại trước nền trắng hoặc xanh, không có bóng.",
             "The background will not do: take it again before a plain white or blue wall, without shadow."},
    ErrorRow{Errc::portrait_blurred, "portrait.blurred", clerk, "Ảnh bị mờ: lau ống kính, giữ yên máy rồi chụp lại.",
             "The picture is blurred: wipe the lens, hold still and take it again."},
    ErrorRow{Errc::portrait_exposure, "portrait.exposure", clerk,
             "Khuôn mặt quá tối hoặc quá sáng: chỉnh đèn rồi chụp lại.",
             "The face is too dark or too bright: change the light and take it again."},
    ErrorRow{Errc::visit_unknown, "visit.unknown", caller, "Lượt phục vụ này không còn: mở lượt mới cho người dân.",
             "This visit does not exist any more: open a new one for the citizen."},
    ErrorRow{Errc::visit_closed, "visit.closed", caller, "Lượt phục vụ đã đóng: mở lượt mới cho người dân.",
             "The visit is closed: open a new one for the citizen."},
    ErrorRow{Errc::visit_not_owner, "visit.not_owner", caller,
             "Lượt phục vụ này của người khác: mở lượt mới hoặc xin nhận bàn giao.",
             "This visit belongs to somebody else: open a new one or take it over."},
    ErrorRow{Errc::visit_consent_missing, "visit.consent_missing", clerk,
             "Người dân chưa đồng ý: hỏi, ghi nhận đồng ý rồi làm lại.",
             "The citizen has not agreed to this yet: ask, record the consent, then try again."},
    ErrorRow{Errc::job_unknown, "job.unknown", caller, "Không có công việc này: tải lại danh sách.",
             "There is no such job: reload the list."},
    ErrorRow{Errc::job_finished, "job.finished", caller, "Công việc đã xong: không cần dừng nữa.",
             "The job is already over: nothing to cancel."},
    ErrorRow{Errc::job_interrupted, "job.interrupted", clerk,
             "Việc quét bị ngắt giữa chừng: kiểm tra các trang đã có rồi quét tiếp phần còn lại.",
             "The scan was interrupted: check the pages kept and scan the rest."},
    ErrorRow{Errc::capture_unknown, "capture.unknown", caller,
             "Không có trang này trong lượt phục vụ: tải lại danh sách.",
             "There is no such page in this visit: reload the list."},
    ErrorRow{Errc::capture_not_ready, "capture.not_ready", wait, "Trang đang được xử lý: chờ vài giây rồi thử lại.",
             "The page is still being processed: wait a few seconds and try again."},
    ErrorRow{Errc::document_unknown, "document.unknown", caller, "Không có tài liệu này: tạo lại tài liệu.",
             "There is no such document: make it again."},
    ErrorRow{Errc::rendition_unknown, "rendition.unknown", caller, "Không có bản này của trang: chọn bản khác.",
             "The page has no such rendition: choose another."},
    ErrorRow{Errc::request_malformed, "request.malformed", caller,
             "Phần mềm gửi lệnh sai định dạng: báo người phát triển.",
             "The program sent a malformed request: tell its developer."},
    ErrorRow{Errc::request_too_large, "request.too_large", caller, "Phần mềm gửi lệnh quá dài: báo người phát triển.",
             "The program sent a request that is too long: tell its developer."},
    ErrorRow{Errc::request_unknown_command, "request.unknown_command", caller,
             "Phần mềm gửi lệnh không có: cập nhật phần mềm hoặc báo người phát triển.",
             "The program sent an unknown command: update it or tell its developer."},
    ErrorRow{Errc::request_bad_argument, "request.bad_argument", caller,
             "Phần mềm gửi tham số sai: báo người phát triển.",
             "The program sent a wrong argument: tell its developer."},
    ErrorRow{Errc::request_version, "request.version", caller,
             "Phiên bản phần mềm không khớp với quay: cập nhật phần mềm.",
             "The program speaks another version than quay: update it."},
    ErrorRow{Errc::request_key_reused, "request.key_reused", caller,
             "Phần mềm dùng lại mã yêu cầu cho lệnh khác: báo người phát triển.",
             "The program reused a request id for another command: tell its developer."},
    ErrorRow{Errc::request_deadline, "request.deadline", wait, "Quá thời gian chờ: thử lại.",
             "It took longer than allowed: try again."},
    ErrorRow{Errc::request_in_progress, "request.in_progress", wait,
             "Yêu cầu này đang được thực hiện: chờ vài giây rồi hỏi lại.",
             "This request is being carried out: wait a few seconds and ask again."},
    ErrorRow{Errc::request_too_many, "request.too_many", wait, "Phần mềm gửi lệnh quá nhanh: chờ một lát rồi thử lại.",
             "The program asks too often: wait a moment and try again."},
    ErrorRow{Errc::peer_not_allowed, "peer.not_allowed", technician,
             "Tài khoản này không được phép làm việc đó: nhờ kỹ thuật viên cấp quyền.",
             "This account may not do that: ask a technician to allow it."},
    ErrorRow{Errc::spool_full, "spool.full", technician,
             "Ổ đĩa sắp đầy: kết thúc lượt cũ hoặc gọi kỹ thuật viên dọn đĩa.",
             "The disk is nearly full: close old visits or call a technician."},
    ErrorRow{Errc::spool_failed, "spool.failed", technician,
             "Không ghi được vào ổ đĩa: ngừng quét và gọi kỹ thuật viên.",
             "The disk cannot be written: stop scanning and call a technician."},
    ErrorRow{Errc::spool_corrupt, "spool.corrupt", technician,
             "Tệp lưu bị hỏng: quét lại trang này và gọi kỹ thuật viên.",
             "A stored file is damaged: scan the page again and call a technician."},
    ErrorRow{Errc::journal_failed, "journal.failed", technician,
             "Không ghi được nhật ký: ngừng quét và gọi kỹ thuật viên.",
             "The journal cannot be written: stop scanning and call a technician."},
    ErrorRow{Errc::key_unusable, "key.unusable", technician,
             "Khóa bảo mật của dịch vụ không dùng được: gọi kỹ thuật viên.",
             "The service key cannot be used: call a technician."},
    ErrorRow{Errc::access_log_failed, "audit.failed", technician,
             "Không ghi được nhật ký truy cập nên không mở dữ liệu: gọi kỹ thuật viên.",
             "The access log cannot be written, so nothing is handed out: call a technician."},
    ErrorRow{Errc::access_log_broken, "audit.broken", technician,
             "Nhật ký truy cập đã bị sửa hoặc cắt: giữ nguyên tệp và báo người phụ trách.",
             "The access log was edited or cut: keep the file as it is and tell who is responsible."},
    ErrorRow{Errc::config_invalid, "config.invalid", technician, "Tệp cấu hình có lỗi: sửa dòng được nêu rồi chạy lại.",
             "The configuration is wrong: mend the line that is named and start again."},
    ErrorRow{Errc::daemon_unreachable, "daemon.unreachable", technician,
             "Dịch vụ quay không chạy: khởi động lại dịch vụ hoặc gọi kỹ thuật viên.",
             "quayd does not answer: start the service or call a technician."},
    ErrorRow{Errc::daemon_stopping, "daemon.stopping", wait,
             "Dịch vụ quay đang khởi động lại: chờ vài giây rồi thử lại.",
             "quayd is restarting: wait a few seconds and try again."},
    ErrorRow{Errc::daemon_running, "daemon.running", technician, "Dịch vụ quay đã chạy rồi: không cần chạy thêm.",
             "quayd is already running here: there is no need for a second one."},
    ErrorRow{Errc::file_unreadable, "file.unreadable", caller, "Không đọc được tệp: kiểm tra tên tệp và quyền đọc.",
             "The file cannot be read: check its name and permissions."},
    ErrorRow{Errc::file_unwritable, "file.unwritable", caller, "Không ghi được tệp: kiểm tra thư mục và chỗ trống.",
             "The file cannot be written: check the folder and its free space."},
    ErrorRow{Errc::usage, "usage", caller, "Lệnh gõ chưa đúng: xem hướng dẫn với --help.",
             "The command line is wrong: see --help."},
    ErrorRow{Errc::bug, "bug", bug, "Lỗi của phần mềm quay: thử lại và báo kỹ thuật viên.",
             "This is a fault in quay: try again and tell a technician."},
};

consteval bool every_code_has_its_row() {
  if (kTable.size() != static_cast<std::size_t>(Errc::count_)) {
    return false;
  }
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    const ErrorRow& row = kTable[i];
    if (static_cast<std::size_t>(row.code) != i || row.wire.empty() || row.vi.empty() || row.en.empty()) {
      return false;
    }
  }
  return true;
}
static_assert(every_code_has_its_row(),
              "each Errc needs a row here, in the order of the enum, with vi and en sentences");

}  // namespace

std::span<const ErrorRow> error_table() { return kTable; }

const ErrorRow& error_row(Errc code) {
  const auto index = static_cast<std::size_t>(code);
  return kTable[index < kTable.size() ? index : static_cast<std::size_t>(Errc::bug)];
}

std::optional<Errc> errc_from_wire(std::string_view wire) {
  const auto* row = std::find_if(kTable.begin(), kTable.end(), [&](const ErrorRow& r) { return r.wire == wire; });
  return row == kTable.end() ? std::nullopt : std::optional(row->code);
}

std::string_view remedy_name(Remedy remedy) {
  switch (remedy) {
    case clerk: return "clerk";
    case wait: return "wait";
    case technician: return "technician";
    case caller: return "caller";
    case bug: return "bug";
  }
  return "bug";
}

}  // namespace quay::protocol
