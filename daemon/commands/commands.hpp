// SPDX-License-Identifier: Apache-2.0
// All families of commands in one place, for Daemon. A new family is one member and one line here.
#pragma once

#include "daemon/commands/audit_commands.hpp"
#include "daemon/commands/camera_commands.hpp"
#include "daemon/commands/capture_commands.hpp"
#include "daemon/commands/card_commands.hpp"
#include "daemon/commands/delivery_commands.hpp"
#include "daemon/commands/device_commands.hpp"
#include "daemon/commands/dispatcher.hpp"
#include "daemon/commands/document_commands.hpp"
#include "daemon/commands/image_commands.hpp"
#include "daemon/commands/print_commands.hpp"
#include "daemon/commands/report_commands.hpp"
#include "daemon/commands/scan_commands.hpp"
#include "daemon/commands/session_commands.hpp"
#include "daemon/commands/visit_commands.hpp"

namespace quay::daemon::commands {

class Commands {
 public:
  explicit Commands(Services services)
      : services_(std::move(services)),
        session_(services_),
        devices_(services_),
        visits_(services_),
        scans_(services_),
        cameras_(services_),
        cards_(services_),
        captures_(services_),
        delivery_(services_),
        documents_(services_),
        images_(services_),
        prints_(services_),
        audit_(services_),
        reports_(services_),
        dispatcher_(services_, table_) {
    session_.add_to(table_);
    devices_.add_to(table_);
    visits_.add_to(table_);
    scans_.add_to(table_);
    cameras_.add_to(table_);
    cards_.add_to(table_);
    captures_.add_to(table_);
    delivery_.add_to(table_);
    documents_.add_to(table_);
    images_.add_to(table_);
    prints_.add_to(table_);
    audit_.add_to(table_);
    reports_.add_to(table_);
  }
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;
  ~Commands() = default;

  void set_technician_may_adopt(bool may) { services_.technician_may_adopt = may; }

  void set_card_patience(Milliseconds patience) { cards_.set_patience(patience); }

  Dispatcher& dispatcher() { return dispatcher_; }
  const CommandSet& table() const { return table_; }

 private:
  Services services_;
  SessionCommands session_;
  DeviceCommands devices_;
  VisitCommands visits_;
  ScanCommands scans_;
  CameraCommands cameras_;
  CardCommands cards_;
  CaptureCommands captures_;
  DeliveryCommands delivery_;
  DocumentCommands documents_;
  ImageCommands images_;
  PrintCommands prints_;
  AuditCommands audit_;
  ReportCommands reports_;
  CommandSet table_;
  Dispatcher dispatcher_;
};

}  // namespace quay::daemon::commands
