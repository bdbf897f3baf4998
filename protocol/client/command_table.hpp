// SPDX-License-Identifier: Apache-2.0
// Every command of API version 1 in one table: its name, what it takes, what it gives, on which socket. The JSON
// Schemas and the AsyncAPI document are made from it.
#pragma once

#include <string_view>
#include <tuple>

#include "protocol/client/commands.hpp"
#include "protocol/client/documents.hpp"
#include "protocol/client/images.hpp"
#include "protocol/client/trace.hpp"
#include "protocol/client/usage.hpp"

namespace quay::protocol {

/// `once`: one reply, done or failed. `job`: `accepted` with JobAccepted at once, then done, failed or cancelled with
/// the result.
enum class Answer : std::uint8_t { once, job };

/// The ROUTER socket that takes the command.
enum class Endpoint : std::uint8_t { control, images };

template <class ArgumentsType, class ResultType>
struct CommandRow {
  using Arguments = ArgumentsType;
  using Outcome = ResultType;

  std::string_view name;
  std::string_view what;  ///< one sentence for documents
  Answer answer = Answer::once;
  Endpoint endpoint = Endpoint::control;
};

inline constexpr std::tuple kCommandTable{
    CommandRow<HelloArguments, HelloResult>{"hello", "Says which API, version and journal are at the other end."},
    CommandRow<NoArguments, StateResult>{"state.get", "Gives devices, open visits and unfinished jobs at one moment."},
    CommandRow<ReplayArguments, ReplayResult>{"replay", "Gives events again, from a sequence number on."},
    CommandRow<NoArguments, DeviceListResult>{"device.list", "Gives every device with its status."},
    CommandRow<DeviceArguments, Device>{"device.describe", "Gives one device with what it can do."},
    CommandRow<LeaseArguments, Lease>{"device.lease", "Reserves a device for a visit, or renews that."},
    CommandRow<DeviceVisitArguments, Lease>{"device.release", "Gives a device back, to whoever asked for it."},
    CommandRow<DeviceVisitArguments, Lease>{"device.request", "Asks the visit that has a device to hand it over."},
    CommandRow<DeviceVisitArguments, Lease>{"device.refuse", "Says no to a visit that asked for a device."},
    CommandRow<DeviceTraceArguments, DeviceTraceResult>{
        "device.trace", "Gives what went between quayd and a device, with nothing personal in it."},
    CommandRow<VisitOpenArguments, VisitOpened>{"visit.open", "Opens a visit: one citizen at the counter."},
    CommandRow<VisitArguments, VisitOpened>{"visit.adopt", "Takes a visit over: a new key, the old one is void."},
    CommandRow<VisitArguments, VisitClosed>{"visit.close", "Closes a visit and erases all that belongs to it."},
    CommandRow<ConsentArguments, VisitDetails>{"visit.consent", "Notes that the citizen agrees, or does not any more."},
    CommandRow<DeliveredArguments, VisitDetails>{"visit.delivered", "Notes that the portal has it."},
    CommandRow<VisitArguments, VisitDetails>{"visit.get", "Gives a visit as its owner sees it."},
    CommandRow<NoArguments, VisitListResult>{"visit.list", "Gives the open visits."},
    CommandRow<NoArguments, AccessReport>{"audit.verify", "Checks every line of the access log."},
    CommandRow<AuditListArguments, AuditListResult>{"audit.list", "Gives lines of the access log."},
    CommandRow<NoArguments, MetricsResult>{"metrics.get", "Gives how the daemon is, for a monitoring system."},
    CommandRow<UsageArguments, UsageResult>{"usage.get", "Gives what the counter did, day by day, for reports."},
    CommandRow<ScanStartArguments, Job>{"scan.start", "Scans pages into a visit.", Answer::job},
    CommandRow<CameraCaptureArguments, Job>{"camera.capture", "Takes pictures into a visit.", Answer::job},
    CommandRow<CameraLiveArguments, CameraLiveResult>{"camera.live", "Shows what a camera sees, or ends that."},
    CommandRow<CardReadArguments, Job>{"card.read", "Reads an identity card: its QR code or its chip.", Answer::job},
    CommandRow<CardGetArguments, CardReading>{"card.get", "Gives what was read of a card, once."},
    CommandRow<PrintSubmitArguments, Job>{"print.submit", "Prints a document, pages or a filled form.", Answer::job},
    CommandRow<PrintSettleArguments, Job>{"print.settle", "Says whether an uncertain print came out."},
    CommandRow<NoArguments, FormListResult>{"form.list", "Gives the forms that can be printed, and what they ask for."},
    CommandRow<JobArguments, Job>{"job.get", "Gives a job as it stands."},
    CommandRow<JobArguments, Job>{"job.cancel", "Stops a job; pages already read are kept."},
    CommandRow<CaptureListArguments, CaptureListResult>{"capture.list", "Gives the pages of a visit, or of one job."},
    CommandRow<CaptureArguments, Capture>{"capture.get", "Gives one page with its renditions."},
    CommandRow<CaptureReworkArguments, CaptureReworkResult>{
        "capture.rework", "Makes a page again from its raw page, as a new generation beside those there are."},
    CommandRow<AcknowledgeArguments, AcknowledgeResult>{"capture.ack",
                                                        "Says that a consumer has pages and documents safe."},
    CommandRow<CapturesArguments, CapturesResult>{"capture.discard", "Sets pages aside, to be taken back if need be."},
    CommandRow<CapturesArguments, CapturesResult>{"capture.restore", "Takes pages back that were set aside."},
    CommandRow<DocumentAssembleArguments, Document>{"document.assemble",
                                                    "Joins pages into one PDF, in the order given."},
    CommandRow<DocumentEditArguments, Document>{
        "document.edit", "Makes the next revision of a document: insert, move, replace, rotate, drop, undo, redo."},
    CommandRow<DocumentLabelArguments, Document>{"document.label", "Says what a document is for: dossier and portal."},
    CommandRow<DocumentArguments, Document>{"document.get", "Gives a document as it stands."},
    CommandRow<DocumentListArguments, DocumentListResult>{"document.list", "Gives the documents of a visit."},
    CommandRow<DocumentArguments, Manifest>{
        "document.manifest", "Gives the hashes of a document's file, chunks and pages, and their making."},
    CommandRow<PreflightArguments, PreflightResult>{"document.preflight",
                                                    "Says what a portal would refuse, and how to mend it."},
    CommandRow<NoArguments, PortalListResult>{"portal.list", "Gives the portals whose rules are known."},
    CommandRow<FetchArguments, FetchResult>{"images.fetch", "Gives bytes of a rendition as a second frame.",
                                            Answer::once, Endpoint::images},
    CommandRow<FormPreviewArguments, FormPreviewResult>{
        "form.preview", "Gives a page of a filled form as a PNG in a second frame.", Answer::once, Endpoint::images},
    CommandRow<FollowArguments, FollowResult>{"images.follow", "Pushes every rendition of a visit, under credit.",
                                              Answer::once, Endpoint::images},
    CommandRow<CreditArguments, CreditResult>{"images.credit", "Lets a follow go on: so many bytes were taken.",
                                              Answer::once, Endpoint::images},
    CommandRow<UnfollowArguments, CreditResult>{"images.unfollow", "Ends a follow.", Answer::once, Endpoint::images},
};

/// Calls `visit(row)` with each CommandRow, in the order of the table.
template <class Visitor>
void for_each_command(Visitor&& visit) {
  std::apply([&](const auto&... rows) { (visit(rows), ...); }, kCommandTable);
}

}  // namespace quay::protocol
