// SPDX-License-Identifier: Apache-2.0
// Made by clients/make_types.py from protocol/schema; not to be edited.

export interface CaptureGetArgs {
  capture: string;
}

export interface Capture {
  capture: string;
  visit: string;
  job: string;
  device: string;
  page: number;
  state: "captured" | "ready" | "failed" | (string & {});
  profile: string;
  geometry: PageGeometry;
  raw_bytes: number;
  adjusted: Array<Adjustment>;
  renditions: Array<Rendition>;
  error?: ErrorBody;
}

export interface PageGeometry {
  width: number;
  height: number;
  stride_bytes: number;
  format: "bitonal" | "gray" | "rgb";
  dpi: number;
  width_mm: number;
  height_mm: number;
}

export interface Adjustment {
  setting: string;
  asked: string;
  got: string;
}

export interface Rendition {
  rendition: string;
  media_type: string;
  bytes: number;
  sha256: string;
  width: number;
  height: number;
  dpi: number;
  width_mm: number;
  height_mm: number;
}

export interface ErrorBody {
  code: string;
  remedy: string;
  vi: string;
  en: string;
  device?: string;
  operation?: string;
  detail?: string;
  native?: NativeStatus;
  holder?: string;
  retry_after_ms?: number;
}

export interface NativeStatus {
  api: string;
  name: string;
  number: number;
}

export interface DeviceDescribeArgs {
  device: string;
}

export interface Device {
  id: string;
  kind: "scanner" | "camera" | "printer" | "card" | (string & {});
  name: string;
  identity: Identity;
  status: "absent" | "starting" | "ready" | "busy" | "needs_attention" | "faulty" | "quarantined" | (string & {});
  reasons: Array<string>;
  scanner?: ScannerAbilities;
}

export interface Identity {
  maker: string;
  model: string;
  serial: string;
  port_path: string;
}

export interface ScannerAbilities {
  sources: Array<"automatic" | "flatbed" | "adf" | "adf_duplex">;
  modes: Array<"color" | "gray" | "bitonal">;
  resolutions_dpi: Array<number>;
  min_resolution_dpi: number;
  max_resolution_dpi: number;
  max_width_mm: number;
  max_height_mm: number;
}

export interface DeviceLeaseArgs {
  device: string;
  visit: string;
  seconds?: number;
}

export interface Lease {
  device: string;
  state: "free" | "held" | "working" | (string & {});
  visit?: string;
  holder?: string;
  seconds_left: number;
  wanted_by?: string;
}

export interface DocumentAssembleArgs {
  visit: string;
  captures: Array<string>;
}

export interface Document {
  document: string;
  visit: string;
  captures: Array<string>;
  pages: number;
  file: Rendition;
}

export interface HelloArgs {
  name?: string;
  api_from?: number;
  api_to?: number;
}

export interface Hello {
  api: string;
  version: string;
  journal: string;
  seq: number;
  features: Array<string>;
  peer: string;
  roles: Array<string>;
  limits: Limit;
}

export interface Limit {
  command_bytes: number;
  chunk_bytes: number;
  commands_per_second: number;
  commands_in_flight: number;
  lease_seconds: number;
}

export interface JobGetArgs {
  job: string;
}

export interface Job {
  job: string;
  kind: string;
  visit: string;
  device: string;
  state: "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted" | (string & {});
  pages: number;
  captures: Array<string>;
  error?: ErrorBody;
}

export interface ScanStartArgs {
  visit: string;
  device: string;
  settings?: ScanSettings;
  profile?: string;
  max_pages?: number;
  pages_expected?: number;
}

export interface ScanSettings {
  source?: "automatic" | "flatbed" | "adf" | "adf_duplex";
  mode?: "color" | "gray" | "bitonal";
  resolution_dpi?: number;
  width_mm?: number;
  height_mm?: number;
}

export interface JobAccepted {
  job: string;
}

export interface Snapshot {
  journal: string;
  seq: number;
  devices: Array<Device>;
  visits: Array<Visit>;
  jobs: Array<Job>;
  leases: Array<Lease>;
}

export interface Visit {
  visit: string;
  state: string;
  opened_at: string;
  closed_at: string;
  reason: string;
  pages: number;
  documents: number;
  bytes: number;
  receipt?: Receipt;
}

export interface VisitCloseArgs {
  visit: string;
}

export interface Receipt {
  n: number;
  hash: string;
}

export interface VisitOpenArgs {
  operator_id?: string;
  procedure?: string;
}

export interface VisitOpened {
  visit: string;
  state: string;
  opened_at: string;
  visit_key: string;
}

export interface AuditListArgs {
  from?: number;
  limit?: number;
}

export interface AuditListResult {
  last: number;
  lines: Array<Record<string, unknown>>;
}

export interface AuditVerifyResult {
  good: boolean;
  lines: number;
  first: number;
  last: number;
  unproved: number;
  end_checked: boolean;
  findings: Array<Finding>;
}

export interface Finding {
  file: string;
  line: number;
  n: number;
  fault: "malformed" | "edited" | "forged" | "missing" | "moved" | "replaced" | "cut" | "unknown" | (string & {});
  text: string;
}

export interface CaptureListArgs {
  visit: string;
  job?: string;
}

export interface CaptureListResult {
  captures: Array<Capture>;
}

export interface DeviceListResult {
  devices: Array<Device>;
}

export interface DeviceRefuseArgs {
  device: string;
  visit: string;
}

export interface ImagesFetchArgs {
  id: string;
  rendition: string;
  offset?: number;
  length?: number;
}

export interface ImagesFetchResult {
  id: string;
  rendition: string;
  offset: number;
  bytes: number;
  total: number;
  sha256: string;
}

export interface ReplayResult {
  journal: string;
  seq: number;
  events: Array<Record<string, unknown>>;
}

export interface VisitConsentArgs {
  visit: string;
  kind: "portrait" | "id_card_image" | "chip";
  given?: boolean;
}

export interface VisitConsentResult {
  visit: string;
  state: string;
  opened_at: string;
  operator_id: string;
  procedure: string;
  consents: Array<Consent>;
  pages: number;
  documents: number;
  bytes: number;
  delivered_at?: string;
  closed_at?: string;
  reason?: string;
  seconds_left?: number;
}

export interface Consent {
  kind: "portrait" | "id_card_image" | "chip";
  given_at: string;
  withdrawn_at?: string;
}

export interface VisitDeliveredArgs {
  visit: string;
  document?: string;
}

export interface VisitListResult {
  visits: Array<Visit>;
}

export interface CaptureCaptured {
  capture: string;
  job: string;
  device: string;
  page: number;
  raw_bytes: number;
}

export interface CaptureFailed {
  capture: string;
  job: string;
  page: number;
  error: ErrorBody;
}

export interface CapturePreview {
  capture: string;
  job: string;
  page: number;
  rendition: Rendition;
}

export interface CaptureReady {
  capture: string;
  job: string;
  page: number;
  renditions: Array<Rendition>;
}

export interface DeviceLeaseChanged {
  device: string;
  change: string;
  visit?: string;
  wanted_by?: string;
}

export interface Hb {
  seq: number;
  status: string;
}

export interface JobProgress {
  job: string;
  device: string;
  stage: string;
  page: number;
  percent: number;
}

export interface SystemStarted {
  version: string;
}

export interface VisitExpiring {
  visit: string;
  reason: string;
  seconds_left: number;
}

/** Every command: what it takes and what its first reply gives. */
export interface Commands {
  "audit.list": { args: AuditListArgs; result: AuditListResult };
  "audit.verify": { args: Record<string, never>; result: AuditVerifyResult };
  "capture.get": { args: CaptureGetArgs; result: Capture };
  "capture.list": { args: CaptureListArgs; result: CaptureListResult };
  "device.describe": { args: DeviceDescribeArgs; result: Device };
  "device.lease": { args: DeviceLeaseArgs; result: Lease };
  "device.list": { args: Record<string, never>; result: DeviceListResult };
  "device.refuse": { args: DeviceRefuseArgs; result: Lease };
  "device.release": { args: DeviceRefuseArgs; result: Lease };
  "device.request": { args: DeviceRefuseArgs; result: Lease };
  "document.assemble": { args: DocumentAssembleArgs; result: Document };
  "hello": { args: HelloArgs; result: Hello };
  "images.fetch": { args: ImagesFetchArgs; result: ImagesFetchResult };
  "job.cancel": { args: JobGetArgs; result: Job };
  "job.get": { args: JobGetArgs; result: Job };
  "replay": { args: AuditListArgs; result: ReplayResult };
  "scan.start": { args: ScanStartArgs; result: JobAccepted };
  "state.get": { args: Record<string, never>; result: Snapshot };
  "visit.adopt": { args: VisitCloseArgs; result: VisitOpened };
  "visit.close": { args: VisitCloseArgs; result: Visit };
  "visit.consent": { args: VisitConsentArgs; result: VisitConsentResult };
  "visit.delivered": { args: VisitDeliveredArgs; result: VisitConsentResult };
  "visit.get": { args: VisitCloseArgs; result: VisitConsentResult };
  "visit.list": { args: Record<string, never>; result: VisitListResult };
  "visit.open": { args: VisitOpenArgs; result: VisitOpened };
}

/** Every event of quayd: what stands in its `data`. */
export interface Events {
  "capture.captured": CaptureCaptured;
  "capture.failed": CaptureFailed;
  "capture.preview": CapturePreview;
  "capture.ready": CaptureReady;
  "device.changed": Device;
  "device.lease_changed": DeviceLeaseChanged;
  "document.ready": Document;
  "hb": Hb;
  "job.finished": Job;
  "job.progress": JobProgress;
  "job.started": Job;
  "system.started": SystemStarted;
  "system.stopping": SystemStarted;
  "visit.closed": Visit;
  "visit.expiring": VisitExpiring;
  "visit.handed_over": Visit;
  "visit.opened": Visit;
}
