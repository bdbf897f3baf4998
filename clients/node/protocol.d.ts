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
  generations: Array<Generation>;
  acknowledged_by?: string;
  discarded: boolean;
  raw_kept: boolean;
  report?: Report;
}

export interface PageGeometry {
  width: number;
  height: number;
  stride_bytes: number;
  format: "bitonal" | "gray" | "rgb";
  media_type: string;
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

export interface Generation {
  generation: number;
  state: "captured" | "ready" | "failed" | (string & {});
  profile: string;
  settings: PageSettings;
  error?: ErrorBody;
}

export interface PageSettings {
  rotate_deg: number;
  dpi: number;
  format: string;
  max_bytes: number;
  deskew?: boolean;
  crop?: boolean;
  whiten?: boolean;
  part: number;
}

export interface Report {
  input: Input;
  output: Input;
  media_type: string;
  bytes: number;
  width_mm: number;
  height_mm: number;
  scale: string;
  angle_deg: number;
  confidence: number;
  orientation: number;
  sheet_found: boolean;
  quad_px: Array<Array<number>>;
  transform: Array<number>;
  blank: boolean;
  whitened: boolean;
  codes: Array<Code>;
  quality: Array<Quality>;
  flags: Array<string>;
  layers: Array<Layer>;
  steps: Array<Step>;
  pdf_version: string;
  conformance: string;
  parts: number;
  cut_px: Array<number>;
}

export interface Input {
  width: number;
  height: number;
  dpi: number;
}

export interface Code {
  format: string;
  text: string;
  base64: string;
  quad_px: Array<Array<number>>;
  decoder: string;
}

export interface Quality {
  code: string;
  vi: string;
  en: string;
  box_px: Array<number>;
  value: number;
}

export interface Layer {
  name: string;
  codec: string;
  grid: Input;
  bytes: number;
}

export interface Step {
  name: string;
  cpu_ms: number;
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
  guest: boolean;
  scanner?: ScannerAbilities;
  camera?: Camera;
  card?: Card;
  printer?: Printer;
  recovery?: Recovery;
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

export interface Camera {
  capture: boolean;
  live_view: boolean;
  iso: Array<string>;
  white_balances: Array<string>;
  image_sizes: Array<string>;
  focus?: CameraDial;
  exposure?: CameraDial;
  battery_percent: number;
  pictures_left: number;
}

export interface CameraDial {
  automatic: boolean;
  least: number;
  most: number;
  step: number;
}

export interface Card {
  slots: Array<Slot>;
}

export interface Slot {
  reader: string;
  state: "empty" | "card" | "mute" | "in_use" | (string & {});
  interface: "unknown" | "contact" | "contactless" | (string & {});
  atr: string;
  identity_card?: boolean;
}

export interface Printer {
  path: "direct" | "queue" | (string & {});
  format: string;
  media: Array<string>;
  media_ready: Array<string>;
  duplex: boolean;
  color: boolean;
  most_copies: number;
  state_reasons: Array<string>;
}

export interface Recovery {
  cancels: number;
  kills: number;
  resets: number;
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
  code?: string;
  ordinal?: number;
  portal?: string;
  kind?: string;
  max_bytes?: number;
  fit?: boolean;
}

export interface Document {
  document: string;
  visit: string;
  captures: Array<string>;
  pages: number;
  file: Rendition;
  revision: number;
  can_undo: boolean;
  can_redo: boolean;
  page_list: Array<PageList>;
  name: string;
  code: string;
  ordinal: number;
  portal: string;
  kind: string;
  findings: Array<Finding>;
}

export interface PageList {
  page: number;
  capture: string;
  generation: number;
  rotate_deg: number;
  text: boolean;
}

export interface Finding {
  code: string;
  severity: "refused" | "remark" | (string & {});
  page: number;
  vi: string;
  en: string;
  have?: number;
  allowed?: number;
  unit: string;
  found?: string;
  accepted?: string;
  mend: Mend;
}

export interface Mend {
  action: "none" | "split" | "join" | "rework" | "rescan" | "drop" | "name" | (string & {});
  pages: Array<number>;
  parts: Array<Array<number>>;
  dpi: number;
  format: string;
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
  fetches_in_flight: number;
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
  print?: Print;
}

export interface Print {
  state: "queued" | "sending" | "printed" | "not_printed" | "partly" | "uncertain" | (string & {});
  source: string;
  media: string;
  copies: number;
  duplex: boolean;
  pages: number;
  sheets_expected: number;
  sheets_printed: number;
  settled: boolean;
  stale: boolean;
  reasons: Array<string>;
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
  findings: Array<AuditVerifyResultFinding>;
}

export interface AuditVerifyResultFinding {
  file: string;
  line: number;
  n: number;
  fault: "malformed" | "edited" | "forged" | "missing" | "moved" | "replaced" | "cut" | "unknown" | (string & {});
  text: string;
}

export interface CameraCaptureArgs {
  visit: string;
  device: string;
  settings?: CameraCaptureArgsScanSettings;
  profile?: string;
  pictures?: number;
}

export interface CameraCaptureArgsScanSettings {
  trigger?: "command" | "button";
  iso?: string;
  white_balance?: string;
  image_size?: string;
  focus?: string;
  exposure?: string;
}

export interface CameraLiveArgs {
  visit: string;
  device: string;
  frames_per_second?: number;
  auto_capture?: boolean;
  profile?: string;
  settings?: CameraCaptureArgsScanSettings;
}

export interface CameraLiveResult {
  device: string;
  topic: string;
  frames_per_second: number;
  auto_capture: boolean;
}

export interface CaptureAckArgs {
  visit: string;
  consumer: string;
  captures?: Array<string>;
  documents?: Array<string>;
}

export interface CaptureAckResult {
  captures: Array<string>;
  documents: Array<string>;
}

export interface CaptureDiscardArgs {
  visit: string;
  captures: Array<string>;
}

export interface CaptureDiscardResult {
  captures: Array<string>;
}

export interface CaptureListArgs {
  visit: string;
  job?: string;
  with_discarded?: boolean;
}

export interface CaptureListResult {
  captures: Array<Capture>;
}

export interface CaptureReworkArgs {
  capture: string;
  profile?: string;
  settings?: CaptureReworkArgsPageSettings;
}

export interface CaptureReworkArgsPageSettings {
  rotate_deg?: number;
  dpi?: number;
  format?: string;
  max_bytes?: number;
  deskew?: boolean;
  crop?: boolean;
  whiten?: boolean;
  part?: number;
}

export interface CaptureReworkResult {
  capture: string;
  generation: number;
}

export interface CardGetArgs {
  visit: string;
  job: string;
}

export interface CardGetResult {
  job: string;
  source: "qr" | "chip" | (string & {});
  parts: Array<"identity" | "details" | "portrait" | "authenticity" | (string & {})>;
  complete: boolean;
  values: Value;
  portrait?: Portrait;
  checks: Array<Check>;
  authenticity?: Authenticity;
}

export interface Value {
  number?: string;
  name?: string;
  birth_date?: string;
  sex?: string;
  nationality?: string;
  expiry_date?: string;
  issue_date?: string;
  old_number?: string;
  ethnicity?: string;
  religion?: string;
  origin?: string;
  residence?: string;
  marks?: string;
  parents: Array<string>;
  spouse?: string;
  other_numbers: Array<string>;
  zone?: string;
}

export interface Portrait {
  media_type: string;
  base64: string;
}

export interface Check {
  between: string;
  number: "agrees" | "differs" | "unknown" | (string & {});
  name: "agrees" | "differs" | "unknown" | (string & {});
  birth_date: "agrees" | "differs" | "unknown" | (string & {});
  expiry_date: "agrees" | "differs" | "unknown" | (string & {});
}

export interface Authenticity {
  truth: "valid" | "signer_unknown" | "invalid" | (string & {});
  reasons: Array<string>;
  opened_by: string;
}

export interface CardReadArgs {
  visit: string;
  source: "qr" | "chip" | (string & {});
  fields: Array<"number" | "name" | "birth_date" | "sex" | "nationality" | "expiry_date" | "issue_date" | "old_number" | "ethnicity" | "religion" | "origin" | "residence" | "marks" | "parents" | "spouse" | "other_numbers" | "zone" | "portrait" | (string & {})>;
  can?: string;
  number?: string;
  capture_id?: string;
  device?: string;
  wait_s?: number;
}

export interface DeviceListResult {
  devices: Array<Device>;
}

export interface DeviceRefuseArgs {
  device: string;
  visit: string;
}

export interface DeviceTraceArgs {
  device?: string;
  after?: number;
}

export interface DeviceTraceResult {
  device: string;
  kind: "scanner" | "camera" | "printer" | "card" | (string & {});
  now_ms: number;
  entries: Array<Entrie>;
  lost: boolean;
}

export interface Entrie {
  number: number;
  at_ms: number;
  way: "process" | "to_worker" | "from_worker";
  frame: Record<string, unknown>;
  payloads: Array<Payload>;
}

export interface Payload {
  bytes: number;
  sha256: string;
}

export interface DocumentEditArgs {
  document: string;
  edits: Array<Edit>;
  revision?: number;
}

export interface Edit {
  op: "insert" | "move" | "replace" | "rotate" | "drop" | "undo" | "redo" | "restore";
  page?: number;
  to?: number;
  capture?: string;
  generation?: number;
  rotate_deg?: number;
  revision?: number;
}

export interface DocumentGetArgs {
  document: string;
}

export interface DocumentLabelArgs {
  document: string;
  code?: string;
  ordinal?: number;
  portal?: string;
  kind?: string;
  max_bytes?: number;
}

export interface DocumentListResult {
  documents: Array<Document>;
}

export interface DocumentManifestResult {
  document: string;
  revision: number;
  rendition: string;
  file: DocumentManifestResultRendition;
  pages: Array<Page>;
  chain_sha256: string;
}

export interface DocumentManifestResultRendition {
  name: string;
  media_type: string;
  bytes: number;
  sha256: string;
  chunk_bytes: number;
  chunks: Array<string>;
}

export interface Page {
  page: number;
  capture: string;
  generation: number;
  rotate_deg: number;
  text: boolean;
  bytes: number;
  sha256: string;
  raw_bytes: number;
  raw_sha256: string;
  profile: string;
  steps: Array<string>;
  flags: Array<string>;
  angle_deg: number;
  whitened: boolean;
}

export interface DocumentPreflightArgs {
  visit: string;
  portal: string;
  documents?: Array<string>;
  files?: Array<File>;
}

export interface File {
  document?: string;
  capture?: string;
  kind?: string;
}

export interface DocumentPreflightResult {
  portal: string;
  accepted: boolean;
  bytes: number;
  files: Array<DocumentPreflightResultFile>;
  dossier: Array<Finding>;
}

export interface DocumentPreflightResultFile {
  id: string;
  kind: string;
  name: string;
  accepted: boolean;
  bytes: number;
  findings: Array<Finding>;
}

export interface FormListResult {
  forms: Array<Form>;
  mistakes: Array<string>;
}

export interface Form {
  form: string;
  title_vi: string;
  title_en: string;
  width_mm: number;
  height_mm: number;
  fields: Array<Field>;
}

export interface Field {
  name: string;
  title_vi: string;
  title_en: string;
  required: boolean;
  list: boolean;
  columns: Array<string>;
}

export interface FormPreviewArgs {
  visit: string;
  form: string;
  values: Record<string, unknown>;
  page?: number;
  dpi?: number;
}

export interface FormPreviewResult {
  media_type: string;
  bytes: number;
  page: number;
  pages: number;
  width: number;
  height: number;
}

export interface ImagesCreditArgs {
  follow: string;
  bytes: number;
}

export interface ImagesCreditResult {
  follow: string;
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

export interface ImagesFollowArgs {
  visit: string;
  renditions?: Array<string>;
  credit?: number;
  after?: number;
}

export interface ImagesFollowResult {
  follow: string;
  credit: number;
}

export interface ImagesUnfollowArgs {
  follow: string;
}

export interface MetricsGetResult {
  content_type: string;
  text: string;
}

export interface PortalListResult {
  portals: Array<Portal>;
  mistakes: Array<string>;
}

export interface Portal {
  portal: string;
  title_vi: string;
  title_en: string;
  source: string;
  checked: string;
  max_dossier_bytes: number;
  max_files: number;
  papers: Array<Paper>;
}

export interface Paper {
  kind: string;
  title_vi: string;
  title_en: string;
  media_types: Array<string>;
  max_bytes: number;
  max_pages: number;
  min_dpi: number;
  max_dpi: number;
  colour_required: boolean;
  page_sizes: Array<string>;
  min_width_px: number;
  min_height_px: number;
  shape: string;
  pdf_min_version: string;
  pdfa_required: boolean;
  file_name: string;
}

export interface PrintSettleArgs {
  job: string;
  state: "queued" | "sending" | "printed" | "not_printed" | "partly" | "uncertain" | (string & {});
}

export interface PrintSubmitArgs {
  visit: string;
  device?: string;
  document?: string;
  captures?: Array<string>;
  form?: string;
  values?: Record<string, unknown>;
  again?: string;
  media?: string;
  copies?: number;
  duplex?: boolean;
}

export interface ReplayArgs {
  from?: number;
  limit?: number;
  topics?: Array<string>;
}

export interface ReplayResult {
  journal: string;
  seq: number;
  oldest: number;
  next: number;
  events: Array<Record<string, unknown>>;
  truncated: boolean;
  captures: Array<ReplayResultCapture>;
  documents: Array<ReplayResultDocument>;
}

export interface ReplayResultCapture {
  capture: string;
  visit: string;
  job: string;
  page: number;
  state: string;
}

export interface ReplayResultDocument {
  document: string;
  visit: string;
  pages: number;
}

export interface UsageGetArgs {
  from: string;
  to: string;
}

export interface UsageGetResult {
  rows: Array<Row>;
}

export interface Row {
  day: string;
  measure: string;
  label: string;
  value: number;
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

export interface CaptureAcknowledged {
  captures: Array<string>;
  documents: Array<string>;
  consumer: string;
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
  generation: number;
}

export interface CapturePreview {
  capture: string;
  job: string;
  page: number;
  rendition: CapturePreviewRendition;
  generation: number;
}

export interface CapturePreviewRendition {
  rendition: string;
  media_type: string;
  bytes: number;
}

export interface CaptureReady {
  capture: string;
  job: string;
  page: number;
  renditions: Array<CapturePreviewRendition>;
  generation: number;
  quality: Array<CaptureReadyQuality>;
  parts: number;
  part: number;
}

export interface CaptureReadyQuality {
  code: string;
  vi: string;
  en: string;
}

export interface CardPartRead {
  job: string;
  device: string;
  part: "identity" | "details" | "portrait" | "authenticity" | (string & {});
}

export interface DeviceLeaseChanged {
  device: string;
  change: string;
  visit?: string;
  wanted_by?: string;
}

export interface DocumentReady {
  document: string;
  visit: string;
  revision: number;
  pages: number;
  bytes: number;
}

export interface Hb {
  seq: number;
  status: string;
  roots: Record<string, unknown>;
  devices: Array<HbDevice>;
}

export interface HbDevice {
  id: string;
  kind: "scanner" | "camera" | "printer" | "card" | (string & {});
  name: string;
  status: "absent" | "starting" | "ready" | "busy" | "needs_attention" | "faulty" | "quarantined" | (string & {});
  reasons: Array<string>;
}

export interface JobProgress {
  job: string;
  device: string;
  stage: string;
  page: number;
  percent: number;
}

export interface PrintChanged {
  job: string;
  device: string;
  print: Print;
}

export interface SystemEased {
  kind: string;
  used: number;
  limit: number;
  error?: ErrorBody;
}

export interface SystemStarted {
  version: string;
}

export interface VisitExpiring {
  visit: string;
  reason: string;
  seconds_left: number;
}

export interface ImageEnd {
  v: 1;
  type: "image.end";
  follow: string;
  reason: ErrorBody;
}

export interface ImagePart {
  v: 1;
  type: "image.part";
  follow: string;
  number: number;
  id: string;
  rendition: string;
  media_type: string;
  offset: number;
  bytes: number;
  total: number;
  sha256: string;
}

/** Every command: what it takes and what its first reply gives. */
export interface Commands {
  "audit.list": { args: AuditListArgs; result: AuditListResult };
  "audit.verify": { args: Record<string, never>; result: AuditVerifyResult };
  "camera.capture": { args: CameraCaptureArgs; result: JobAccepted };
  "camera.live": { args: CameraLiveArgs; result: CameraLiveResult };
  "capture.ack": { args: CaptureAckArgs; result: CaptureAckResult };
  "capture.discard": { args: CaptureDiscardArgs; result: CaptureDiscardResult };
  "capture.get": { args: CaptureGetArgs; result: Capture };
  "capture.list": { args: CaptureListArgs; result: CaptureListResult };
  "capture.restore": { args: CaptureDiscardArgs; result: CaptureDiscardResult };
  "capture.rework": { args: CaptureReworkArgs; result: CaptureReworkResult };
  "card.get": { args: CardGetArgs; result: CardGetResult };
  "card.read": { args: CardReadArgs; result: JobAccepted };
  "device.describe": { args: DeviceDescribeArgs; result: Device };
  "device.lease": { args: DeviceLeaseArgs; result: Lease };
  "device.list": { args: Record<string, never>; result: DeviceListResult };
  "device.refuse": { args: DeviceRefuseArgs; result: Lease };
  "device.release": { args: DeviceRefuseArgs; result: Lease };
  "device.request": { args: DeviceRefuseArgs; result: Lease };
  "device.trace": { args: DeviceTraceArgs; result: DeviceTraceResult };
  "document.assemble": { args: DocumentAssembleArgs; result: Document };
  "document.edit": { args: DocumentEditArgs; result: Document };
  "document.get": { args: DocumentGetArgs; result: Document };
  "document.label": { args: DocumentLabelArgs; result: Document };
  "document.list": { args: VisitCloseArgs; result: DocumentListResult };
  "document.manifest": { args: DocumentGetArgs; result: DocumentManifestResult };
  "document.preflight": { args: DocumentPreflightArgs; result: DocumentPreflightResult };
  "form.list": { args: Record<string, never>; result: FormListResult };
  "form.preview": { args: FormPreviewArgs; result: FormPreviewResult };
  "hello": { args: HelloArgs; result: Hello };
  "images.credit": { args: ImagesCreditArgs; result: ImagesCreditResult };
  "images.fetch": { args: ImagesFetchArgs; result: ImagesFetchResult };
  "images.follow": { args: ImagesFollowArgs; result: ImagesFollowResult };
  "images.unfollow": { args: ImagesUnfollowArgs; result: ImagesCreditResult };
  "job.cancel": { args: JobGetArgs; result: Job };
  "job.get": { args: JobGetArgs; result: Job };
  "metrics.get": { args: Record<string, never>; result: MetricsGetResult };
  "portal.list": { args: Record<string, never>; result: PortalListResult };
  "print.settle": { args: PrintSettleArgs; result: Job };
  "print.submit": { args: PrintSubmitArgs; result: JobAccepted };
  "replay": { args: ReplayArgs; result: ReplayResult };
  "scan.start": { args: ScanStartArgs; result: JobAccepted };
  "state.get": { args: Record<string, never>; result: Snapshot };
  "usage.get": { args: UsageGetArgs; result: UsageGetResult };
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
  "capture.acknowledged": CaptureAcknowledged;
  "capture.captured": CaptureCaptured;
  "capture.discarded": CaptureDiscardResult;
  "capture.failed": CaptureFailed;
  "capture.preview": CapturePreview;
  "capture.raw_dropped": CaptureDiscardResult;
  "capture.ready": CaptureReady;
  "capture.restored": CaptureDiscardResult;
  "capture.text": CapturePreview;
  "card.part_read": CardPartRead;
  "device.changed": Device;
  "device.lease_changed": DeviceLeaseChanged;
  "document.ready": DocumentReady;
  "hb": Hb;
  "job.finished": Job;
  "job.progress": JobProgress;
  "job.started": Job;
  "print.changed": PrintChanged;
  "system.eased": SystemEased;
  "system.started": SystemStarted;
  "system.stopping": SystemStarted;
  "system.strained": SystemEased;
  "visit.closed": Visit;
  "visit.expiring": VisitExpiring;
  "visit.handed_over": Visit;
  "visit.opened": Visit;
}
