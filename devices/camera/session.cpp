// SPDX-License-Identifier: Apache-2.0
#include "devices/camera/session.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "devices/camera/gphoto_error.hpp"

namespace quay::camera {
namespace {

using AbilitiesList = std::unique_ptr<CameraAbilitiesList, Freed<gp_abilities_list_free>>;
using PortList = std::unique_ptr<GPPortInfoList, Freed<gp_port_info_list_free>>;
using File = std::unique_ptr<CameraFile, Freed<gp_file_unref>>;

/// What the library hands over malloc'ed (gp_camera_get_storageinfo, gp_camera_wait_for_event).
void give_back(void* memory) { std::free(memory); }  // NOLINT(cppcoreguidelines-no-malloc,*-owning-memory)

constexpr int kMostOldNews = 200;
constexpr std::string_view kGenericModels[] = {"PTP/IP Camera", "USB PTP Class Camera"};

File new_file() {
  CameraFile* file = nullptr;
  return gp_file_new(&file) == GP_OK ? File(file) : File();
}

/// The bytes of `file`; they are copied, the library's go with it.
Result<std::vector<std::uint8_t>> bytes_of(CameraFile* file) {
  const char* data = nullptr;
  unsigned long size = 0;
  if (const int got = gp_file_get_data_and_size(file, &data, &size); got < GP_OK) {
    return failure(gphoto_error(got, "gp_file_get_data_and_size", {}));
  }
  const auto* begin = reinterpret_cast<const std::uint8_t*>(data);
  return std::vector<std::uint8_t>(begin, begin + size);
}

Result<CameraAbilities> abilities_of(const std::string& model, GPContext* context) {
  CameraAbilitiesList* raw = nullptr;
  if (const int made = gp_abilities_list_new(&raw); made < GP_OK) {
    return failure(gphoto_error(made, "gp_abilities_list_new", {}));
  }
  const AbilitiesList list(raw);
  if (const int loaded = gp_abilities_list_load(list.get(), context); loaded < GP_OK) {
    return failure(gphoto_error(loaded, "gp_abilities_list_load", {}));
  }
  const int index = gp_abilities_list_lookup_model(list.get(), model.c_str());
  CameraAbilities abilities{};
  if (index < GP_OK || gp_abilities_list_get_abilities(list.get(), index, &abilities) < GP_OK) {
    return failure(Errc::device_unsupported, "gp_abilities_list_lookup_model", "no driver for \"" + model + "\"");
  }
  return abilities;
}

}  // namespace

Session::Session() : context_(gp_context_new()) {
  log_ = gp_log_add_func(GP_LOG_ERROR, note_log, this);
  gp_context_set_error_func(context_.get(), note_error, this);
  gp_context_set_cancel_func(context_.get(), ask_unwanted, this);
}

Session::~Session() {
  if (camera_) {
    unwanted_ = {};
    gp_camera_exit(camera_.get(), context_.get());
  }
  gp_log_remove_func(log_);
}

void Session::note_error(GPContext* /*context*/, const char* text, void* self) {
  static_cast<Session*>(self)->said_ = text;
}

GPContextFeedback Session::ask_unwanted(GPContext* /*context*/, void* self) {
  const Unwanted& unwanted = static_cast<Session*>(self)->unwanted_;
  return unwanted && unwanted() ? GP_CONTEXT_FEEDBACK_CANCEL : GP_CONTEXT_FEEDBACK_OK;
}

/// "'ptp_getstorageids (params, &sids)' failed: PTP Access Denied (0x200f)": every failing operation is logged so, some
/// of them nowhere else.
void Session::note_log(GPLogLevel /*level*/, const char* /*domain*/, const char* text, void* self) {
  if (std::string_view(text).find("(0x") != std::string_view::npos) {
    static_cast<Session*>(self)->logged_ = text;
  }
}

Error Session::error(int number, const char* operation) {
  const std::string logged = std::exchange(logged_, {});
  const std::string said = std::exchange(said_, {});
  return gphoto_error(number, operation, said.empty() ? logged : said);
}

Result<std::unique_ptr<Session>> Session::open(const Address& address) {
  std::unique_ptr<Session> session(new Session);
  if (Status ready = session->init(address); !ready) {
    return failure(std::move(ready).error());
  }
  return session;
}

Status Session::init(const Address& address) {
  const auto abilities = abilities_of(address.model, context_.get());
  if (!abilities) {
    return failure(abilities.error());
  }
  abilities_ = *abilities;
  GPPortInfoList* raw = nullptr;
  if (const int made = gp_port_info_list_new(&raw); made < GP_OK) {
    return failure(error(made, "gp_port_info_list_new"));
  }
  const PortList ports(raw);
  gp_port_info_list_load(ports.get());
  const int index = gp_port_info_list_lookup_path(ports.get(), address.port.c_str());
  GPPortInfo port{};
  if (index < GP_OK || gp_port_info_list_get_info(ports.get(), index, &port) < GP_OK) {
    return failure(Errc::device_absent, "gp_port_info_list_lookup_path", "no port " + address.port);
  }
  Camera* camera = nullptr;
  if (const int made = gp_camera_new(&camera); made < GP_OK) {
    return failure(error(made, "gp_camera_new"));
  }
  std::unique_ptr<Camera, Freed<gp_camera_unref>> fresh(camera);
  gp_camera_set_abilities(fresh.get(), abilities_);
  gp_camera_set_port_info(fresh.get(), port);
  if (const int begun = gp_camera_init(fresh.get(), context_.get()); begun < GP_OK) {
    Error fault = error(begun, "gp_camera_init");
    fault.code = trouble_of_opening(fault.code, address.port);
    return failure(std::move(fault));
  }
  camera_ = std::move(fresh);
  read_settings();
  recognise_guest();
  said_.clear();
  return {};
}

/// Android says so in its MTP extensions, an iPhone by its maker; no camera says either.
void Session::recognise_guest() {
  apple_ = text_setting("manufacturer").value_or("").starts_with("Apple");
  guest_ = apple_ || text_setting("vendorextension").value_or("").find("android.com") != std::string::npos;
}

Status Session::refuse_guest(const char* operation) const {
  return guest_ ? Status(failure(Errc::device_unsupported, operation, "nothing is changed on a citizen's phone"))
                : Status();
}

bool Session::is_generic() const {
  return std::find(std::begin(kGenericModels), std::end(kGenericModels), abilities_.model) != std::end(kGenericModels);
}

Result<Storage> Session::storage() {
  CameraStorageInformation* cards = nullptr;
  int count = 0;
  if (const int got = gp_camera_get_storageinfo(camera_.get(), &cards, &count, context_.get()); got < GP_OK) {
    return failure(error(got, "gp_camera_get_storageinfo"));
  }
  const std::unique_ptr<CameraStorageInformation, Freed<give_back>> owner(cards);
  Storage storage;
  for (int i = 0; i < count; ++i) {
    if ((cards[i].fields & GP_STORAGEINFO_BASE) != 0) {
      storage.folders.emplace_back(cards[i].basedir);
    }
    if ((cards[i].fields & GP_STORAGEINFO_FREESPACEIMAGES) != 0) {
      storage.pictures_left = storage.pictures_left.value_or(0) + static_cast<std::int64_t>(cards[i].freeimages);
    }
  }
  return storage;
}

/// The question for its memories is the cheapest that every driver passes on to the camera.
Status Session::alive() {
  const auto answered = storage();
  return answered || !means_torn(answered.error()) ? Status() : Status(failure(answered.error()));
}

Status Session::trigger() {
  if (Status allowed = refuse_guest("gp_camera_trigger_capture"); !allowed) {
    return allowed;
  }
  const int done = gp_camera_trigger_capture(camera_.get(), context_.get());
  return done >= GP_OK ? Status() : Status(failure(error(done, "gp_camera_trigger_capture")));
}

Result<FilePath> Session::capture() {
  if (const Status allowed = refuse_guest("gp_camera_capture"); !allowed) {
    return failure(allowed.error());
  }
  CameraFilePath path{};
  const int done = gp_camera_capture(camera_.get(), GP_CAPTURE_IMAGE, &path, context_.get());
  if (done < GP_OK) {
    return failure(error(done, "gp_camera_capture"));
  }
  return FilePath{path.folder, path.name};
}

Result<CameraNews> Session::news(Milliseconds patience) {
  CameraEventType type = GP_EVENT_UNKNOWN;
  void* data = nullptr;
  const int done =
      gp_camera_wait_for_event(camera_.get(), static_cast<int>(patience.count()), &type, &data, context_.get());
  const std::unique_ptr<void, Freed<give_back>> owner(data);
  if (done < GP_OK) {
    return failure(error(done, "gp_camera_wait_for_event"));
  }
  switch (type) {
    case GP_EVENT_TIMEOUT: return CameraNews{};
    case GP_EVENT_CAPTURE_COMPLETE: return CameraNews{CameraNews::Kind::complete, {}};
    case GP_EVENT_FILE_ADDED: {
      const auto* path = static_cast<const CameraFilePath*>(data);
      return CameraNews{CameraNews::Kind::file, {path->folder, path->name}};
    }
    default: break;
  }
  // ptp2 hands the event over as a word only.
  const bool full = data != nullptr && std::string_view(static_cast<const char*>(data)).find("PTP Event 400a") == 0;
  if (type == GP_EVENT_UNKNOWN && full) {
    return failure(Errc::camera_store_full, "gp_camera_wait_for_event", "StoreFull");
  }
  return CameraNews{CameraNews::Kind::other, {}};
}

Result<std::vector<FilePath>> Session::news_so_far() {
  std::vector<FilePath> files;
  for (int i = 0; i < kMostOldNews; ++i) {
    auto told = news(Milliseconds(1));
    if (!told && told.error().code != Errc::camera_store_full) {
      return failure(told.error());
    }
    if (told && told->kind == CameraNews::Kind::nothing) {
      break;
    }
    if (told && told->kind == CameraNews::Kind::file) {
      files.push_back(std::move(told->file));
    }
  }
  return files;
}

Result<std::vector<std::uint8_t>> Session::download(const FilePath& path) {
  const File file = new_file();
  if (!file) {
    return failure(Errc::device_no_memory, "gp_file_new", {});
  }
  const int done = gp_camera_file_get(camera_.get(), path.folder.c_str(), path.name.c_str(), GP_FILE_TYPE_NORMAL,
                                      file.get(), context_.get());
  if (done == GP_ERROR_BAD_PARAMETERS || done == GP_ERROR_FILE_NOT_FOUND) {
    const std::string said = said_;
    const Status answers = alive();  // the driver finds no file also where the camera did not answer
    return answers ? failure(Errc::camera_no_picture, "gp_camera_file_get", said) : failure(answers.error());
  }
  if (done < GP_OK) {
    return failure(error(done, "gp_camera_file_get"));
  }
  auto bytes = bytes_of(file.get());
  CameraFileInfo info{};
  const bool told =
      gp_camera_file_get_info(camera_.get(), path.folder.c_str(), path.name.c_str(), &info, context_.get()) >= GP_OK &&
      (info.file.fields & GP_FILE_INFO_SIZE) != 0;
  if (bytes && told && bytes->size() < info.file.size) {
    return failure(Errc::scan_page_incomplete, "gp_camera_file_get",
                   fmt::format("{} of {} bytes came", bytes->size(), info.file.size));
  }
  return bytes;
}

Status Session::remove(const FilePath& file) {
  if (Status allowed = refuse_guest("gp_camera_file_delete"); !allowed) {
    return allowed;
  }
  const int done = gp_camera_file_delete(camera_.get(), file.folder.c_str(), file.name.c_str(), context_.get());
  return done >= GP_OK ? Status() : Status(failure(error(done, "gp_camera_file_delete")));
}

Result<std::vector<std::uint8_t>> Session::preview() {
  if (const Status allowed = refuse_guest("gp_camera_capture_preview"); !allowed) {
    return failure(allowed.error());
  }
  const File file = new_file();
  if (!file) {
    return failure(Errc::device_no_memory, "gp_file_new", {});
  }
  const int done = gp_camera_capture_preview(camera_.get(), file.get(), context_.get());
  return done >= GP_OK ? bytes_of(file.get()) : failure(error(done, "gp_camera_capture_preview"));
}

}  // namespace quay::camera
