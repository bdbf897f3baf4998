# SPDX-License-Identifier: Apache-2.0
"""Made by clients/make_types.py from protocol/schema; not to be edited."""
from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class CaptureGetArgs(TypedDict):
    capture: str


class Capture(TypedDict):
    capture: str
    visit: str
    job: str
    device: str
    page: int
    state: str
    profile: str
    geometry: PageGeometry
    raw_bytes: int
    adjusted: list[Adjustment]
    renditions: list[Rendition]
    error: NotRequired[ErrorBody]
    generations: list[Generation]
    acknowledged_by: NotRequired[str]
    discarded: bool
    raw_kept: bool
    report: NotRequired[Report]


class PageGeometry(TypedDict):
    width: int
    height: int
    stride_bytes: int
    format: Literal["bitonal", "gray", "rgb"]
    media_type: str
    dpi: float
    width_mm: float
    height_mm: float


class Adjustment(TypedDict):
    setting: str
    asked: str
    got: str


class Rendition(TypedDict):
    rendition: str
    media_type: str
    bytes: int
    sha256: str
    width: int
    height: int
    dpi: float
    width_mm: float
    height_mm: float


class ErrorBody(TypedDict):
    code: str
    remedy: str
    vi: str
    en: str
    device: NotRequired[str]
    operation: NotRequired[str]
    detail: NotRequired[str]
    native: NotRequired[NativeStatus]
    holder: NotRequired[str]
    retry_after_ms: NotRequired[int]


class NativeStatus(TypedDict):
    api: str
    name: str
    number: int


class Generation(TypedDict):
    generation: int
    state: str
    profile: str
    settings: PageSettings
    error: NotRequired[ErrorBody]


class PageSettings(TypedDict):
    rotate_deg: int
    dpi: int
    format: str
    max_bytes: int
    deskew: NotRequired[bool]
    crop: NotRequired[bool]
    whiten: NotRequired[bool]
    part: int


class Report(TypedDict):
    input: Input
    output: Input
    media_type: str
    bytes: int
    width_mm: float
    height_mm: float
    scale: str
    angle_deg: float
    confidence: float
    orientation: int
    sheet_found: bool
    quad_px: list[list[float]]
    transform: list[float]
    blank: bool
    whitened: bool
    codes: list[Code]
    quality: list[Quality]
    flags: list[str]
    layers: list[Layer]
    steps: list[Step]
    pdf_version: str
    conformance: str
    parts: int
    cut_px: list[int]


class Input(TypedDict):
    width: int
    height: int
    dpi: float


class Code(TypedDict):
    format: str
    text: str
    base64: str
    quad_px: list[list[float]]
    decoder: str


class Quality(TypedDict):
    code: str
    vi: str
    en: str
    box_px: list[int]
    value: float


class Layer(TypedDict):
    name: str
    codec: str
    grid: Input
    bytes: int


class Step(TypedDict):
    name: str
    cpu_ms: float


class DeviceDescribeArgs(TypedDict):
    device: str


class Device(TypedDict):
    id: str
    kind: str
    name: str
    identity: Identity
    status: str
    reasons: list[str]
    guest: bool
    scanner: NotRequired[ScannerAbilities]
    camera: NotRequired[Camera]
    card: NotRequired[Card]
    printer: NotRequired[Printer]
    recovery: NotRequired[Recovery]


class Identity(TypedDict):
    maker: str
    model: str
    serial: str
    port_path: str


class ScannerAbilities(TypedDict):
    sources: list[Literal["automatic", "flatbed", "adf", "adf_duplex"]]
    modes: list[Literal["color", "gray", "bitonal"]]
    resolutions_dpi: list[int]
    min_resolution_dpi: int
    max_resolution_dpi: int
    max_width_mm: float
    max_height_mm: float


class Camera(TypedDict):
    capture: bool
    live_view: bool
    iso: list[str]
    white_balances: list[str]
    image_sizes: list[str]
    focus: NotRequired[CameraDial]
    exposure: NotRequired[CameraDial]
    battery_percent: int
    pictures_left: int


class CameraDial(TypedDict):
    automatic: bool
    least: int
    most: int
    step: int


class Card(TypedDict):
    slots: list[Slot]


class Slot(TypedDict):
    reader: str
    state: str
    interface: str
    atr: str
    identity_card: NotRequired[bool]


class Printer(TypedDict):
    path: str
    format: str
    media: list[str]
    media_ready: list[str]
    duplex: bool
    color: bool
    most_copies: int
    state_reasons: list[str]


class Recovery(TypedDict):
    cancels: int
    kills: int
    resets: int


class DeviceLeaseArgs(TypedDict):
    device: str
    visit: str
    seconds: NotRequired[int]


class Lease(TypedDict):
    device: str
    state: str
    visit: NotRequired[str]
    holder: NotRequired[str]
    seconds_left: int
    wanted_by: NotRequired[str]


class DocumentAssembleArgs(TypedDict):
    visit: str
    captures: list[str]
    code: NotRequired[str]
    ordinal: NotRequired[int]
    portal: NotRequired[str]
    kind: NotRequired[str]
    max_bytes: NotRequired[int]
    fit: NotRequired[bool]


class Document(TypedDict):
    document: str
    visit: str
    captures: list[str]
    pages: int
    file: Rendition
    revision: int
    can_undo: bool
    can_redo: bool
    page_list: list[PageList]
    name: str
    code: str
    ordinal: int
    portal: str
    kind: str
    findings: list[Finding]


class PageList(TypedDict):
    page: int
    capture: str
    generation: int
    rotate_deg: int
    text: bool


class Finding(TypedDict):
    code: str
    severity: str
    page: int
    vi: str
    en: str
    have: NotRequired[float]
    allowed: NotRequired[float]
    unit: str
    found: NotRequired[str]
    accepted: NotRequired[str]
    mend: Mend


class Mend(TypedDict):
    action: str
    pages: list[int]
    parts: list[list[int]]
    dpi: int
    format: str


class HelloArgs(TypedDict):
    name: NotRequired[str]
    api_from: NotRequired[int]
    api_to: NotRequired[int]


class Hello(TypedDict):
    api: str
    version: str
    journal: str
    seq: int
    features: list[str]
    peer: str
    roles: list[str]
    limits: Limit


class Limit(TypedDict):
    command_bytes: int
    chunk_bytes: int
    commands_per_second: int
    commands_in_flight: int
    lease_seconds: int
    fetches_in_flight: int


class JobGetArgs(TypedDict):
    job: str


class Job(TypedDict):
    job: str
    kind: str
    visit: str
    device: str
    state: str
    pages: int
    captures: list[str]
    error: NotRequired[ErrorBody]
    print: NotRequired[Print]


class Print(TypedDict):
    state: str
    source: str
    media: str
    copies: int
    duplex: bool
    pages: int
    sheets_expected: int
    sheets_printed: int
    settled: bool
    stale: bool
    reasons: list[str]


class ScanStartArgs(TypedDict):
    visit: str
    device: str
    settings: NotRequired[ScanSettings]
    profile: NotRequired[str]
    max_pages: NotRequired[int]
    pages_expected: NotRequired[int]


class ScanSettings(TypedDict):
    source: NotRequired[Literal["automatic", "flatbed", "adf", "adf_duplex"]]
    mode: NotRequired[Literal["color", "gray", "bitonal"]]
    resolution_dpi: NotRequired[int]
    width_mm: NotRequired[float]
    height_mm: NotRequired[float]


class JobAccepted(TypedDict):
    job: str


class Snapshot(TypedDict):
    journal: str
    seq: int
    devices: list[Device]
    visits: list[Visit]
    jobs: list[Job]
    leases: list[Lease]


class Visit(TypedDict):
    visit: str
    state: str
    opened_at: str
    closed_at: str
    reason: str
    pages: int
    documents: int
    bytes: int
    receipt: NotRequired[Receipt]


class VisitCloseArgs(TypedDict):
    visit: str


class Receipt(TypedDict):
    n: int
    hash: str


class VisitOpenArgs(TypedDict):
    operator_id: NotRequired[str]
    procedure: NotRequired[str]


class VisitOpened(TypedDict):
    visit: str
    state: str
    opened_at: str
    visit_key: str


AuditListArgs = TypedDict("AuditListArgs", {"from": "NotRequired[int]", "limit": "NotRequired[int]"})


class AuditListResult(TypedDict):
    last: int
    lines: list[dict[str, Any]]


class AuditVerifyResult(TypedDict):
    good: bool
    lines: int
    first: int
    last: int
    unproved: int
    end_checked: bool
    findings: list[AuditVerifyResultFinding]


class AuditVerifyResultFinding(TypedDict):
    file: str
    line: int
    n: int
    fault: str
    text: str


class CameraCaptureArgs(TypedDict):
    visit: str
    device: str
    settings: NotRequired[CameraCaptureArgsScanSettings]
    profile: NotRequired[str]
    pictures: NotRequired[int]


class CameraCaptureArgsScanSettings(TypedDict):
    trigger: NotRequired[Literal["command", "button"]]
    iso: NotRequired[str]
    white_balance: NotRequired[str]
    image_size: NotRequired[str]
    focus: NotRequired[str]
    exposure: NotRequired[str]


class CameraLiveArgs(TypedDict):
    visit: str
    device: str
    frames_per_second: NotRequired[float]
    auto_capture: NotRequired[bool]
    profile: NotRequired[str]
    settings: NotRequired[CameraCaptureArgsScanSettings]


class CameraLiveResult(TypedDict):
    device: str
    topic: str
    frames_per_second: float
    auto_capture: bool


class CaptureAckArgs(TypedDict):
    visit: str
    consumer: str
    captures: NotRequired[list[str]]
    documents: NotRequired[list[str]]


class CaptureAckResult(TypedDict):
    captures: list[str]
    documents: list[str]


class CaptureDiscardArgs(TypedDict):
    visit: str
    captures: list[str]


class CaptureDiscardResult(TypedDict):
    captures: list[str]


class CaptureListArgs(TypedDict):
    visit: str
    job: NotRequired[str]
    with_discarded: NotRequired[bool]


class CaptureListResult(TypedDict):
    captures: list[Capture]


class CaptureReworkArgs(TypedDict):
    capture: str
    profile: NotRequired[str]
    settings: NotRequired[CaptureReworkArgsPageSettings]


class CaptureReworkArgsPageSettings(TypedDict):
    rotate_deg: NotRequired[int]
    dpi: NotRequired[int]
    format: NotRequired[str]
    max_bytes: NotRequired[int]
    deskew: NotRequired[bool]
    crop: NotRequired[bool]
    whiten: NotRequired[bool]
    part: NotRequired[int]


class CaptureReworkResult(TypedDict):
    capture: str
    generation: int


class CardGetArgs(TypedDict):
    visit: str
    job: str


class CardGetResult(TypedDict):
    job: str
    source: str
    parts: list[str]
    complete: bool
    values: Value
    portrait: NotRequired[Portrait]
    checks: list[Check]
    authenticity: NotRequired[Authenticity]


class Value(TypedDict):
    number: NotRequired[str]
    name: NotRequired[str]
    birth_date: NotRequired[str]
    sex: NotRequired[str]
    nationality: NotRequired[str]
    expiry_date: NotRequired[str]
    issue_date: NotRequired[str]
    old_number: NotRequired[str]
    ethnicity: NotRequired[str]
    religion: NotRequired[str]
    origin: NotRequired[str]
    residence: NotRequired[str]
    marks: NotRequired[str]
    parents: list[str]
    spouse: NotRequired[str]
    other_numbers: list[str]
    zone: NotRequired[str]


class Portrait(TypedDict):
    media_type: str
    base64: str


class Check(TypedDict):
    between: str
    number: str
    name: str
    birth_date: str
    expiry_date: str


class Authenticity(TypedDict):
    truth: str
    reasons: list[str]
    opened_by: str


class CardReadArgs(TypedDict):
    visit: str
    source: str
    fields: list[str]
    can: NotRequired[str]
    number: NotRequired[str]
    capture_id: NotRequired[str]
    device: NotRequired[str]
    wait_s: NotRequired[int]


class DeviceListResult(TypedDict):
    devices: list[Device]


class DeviceRefuseArgs(TypedDict):
    device: str
    visit: str


class DeviceTraceArgs(TypedDict):
    device: NotRequired[str]
    after: NotRequired[int]


class DeviceTraceResult(TypedDict):
    device: str
    kind: str
    now_ms: int
    entries: list[Entrie]
    lost: bool


class Entrie(TypedDict):
    number: int
    at_ms: int
    way: Literal["process", "to_worker", "from_worker"]
    frame: dict[str, Any]
    payloads: list[Payload]


class Payload(TypedDict):
    bytes: int
    sha256: str


class DocumentEditArgs(TypedDict):
    document: str
    edits: list[Edit]
    revision: NotRequired[int]


class Edit(TypedDict):
    op: Literal["insert", "move", "replace", "rotate", "drop", "undo", "redo", "restore"]
    page: NotRequired[int]
    to: NotRequired[int]
    capture: NotRequired[str]
    generation: NotRequired[int]
    rotate_deg: NotRequired[int]
    revision: NotRequired[int]


class DocumentGetArgs(TypedDict):
    document: str


class DocumentLabelArgs(TypedDict):
    document: str
    code: NotRequired[str]
    ordinal: NotRequired[int]
    portal: NotRequired[str]
    kind: NotRequired[str]
    max_bytes: NotRequired[int]


class DocumentListResult(TypedDict):
    documents: list[Document]


class DocumentManifestResult(TypedDict):
    document: str
    revision: int
    rendition: str
    file: DocumentManifestResultRendition
    pages: list[Page]
    chain_sha256: str


class DocumentManifestResultRendition(TypedDict):
    name: str
    media_type: str
    bytes: int
    sha256: str
    chunk_bytes: int
    chunks: list[str]


class Page(TypedDict):
    page: int
    capture: str
    generation: int
    rotate_deg: int
    text: bool
    bytes: int
    sha256: str
    raw_bytes: int
    raw_sha256: str
    profile: str
    steps: list[str]
    flags: list[str]
    angle_deg: float
    whitened: bool


class DocumentPreflightArgs(TypedDict):
    visit: str
    portal: str
    documents: NotRequired[list[str]]
    files: NotRequired[list[File]]


class File(TypedDict):
    document: NotRequired[str]
    capture: NotRequired[str]
    kind: NotRequired[str]


class DocumentPreflightResult(TypedDict):
    portal: str
    accepted: bool
    bytes: int
    files: list[DocumentPreflightResultFile]
    dossier: list[Finding]


class DocumentPreflightResultFile(TypedDict):
    id: str
    kind: str
    name: str
    accepted: bool
    bytes: int
    findings: list[Finding]


class FormListResult(TypedDict):
    forms: list[Form]
    mistakes: list[str]


class Form(TypedDict):
    form: str
    title_vi: str
    title_en: str
    width_mm: float
    height_mm: float
    fields: list[Field]


class Field(TypedDict):
    name: str
    title_vi: str
    title_en: str
    required: bool
    list: bool
    columns: list[str]


class FormPreviewArgs(TypedDict):
    visit: str
    form: str
    values: dict[str, Any]
    page: NotRequired[int]
    dpi: NotRequired[int]


class FormPreviewResult(TypedDict):
    media_type: str
    bytes: int
    page: int
    pages: int
    width: int
    height: int


class ImagesCreditArgs(TypedDict):
    follow: str
    bytes: int


class ImagesCreditResult(TypedDict):
    follow: str


class ImagesFetchArgs(TypedDict):
    id: str
    rendition: str
    offset: NotRequired[int]
    length: NotRequired[int]


class ImagesFetchResult(TypedDict):
    id: str
    rendition: str
    offset: int
    bytes: int
    total: int
    sha256: str


class ImagesFollowArgs(TypedDict):
    visit: str
    renditions: NotRequired[list[str]]
    credit: NotRequired[int]
    after: NotRequired[int]


class ImagesFollowResult(TypedDict):
    follow: str
    credit: int


class ImagesUnfollowArgs(TypedDict):
    follow: str


class MetricsGetResult(TypedDict):
    content_type: str
    text: str


class PortalListResult(TypedDict):
    portals: list[Portal]
    mistakes: list[str]


class Portal(TypedDict):
    portal: str
    title_vi: str
    title_en: str
    source: str
    checked: str
    max_dossier_bytes: int
    max_files: int
    papers: list[Paper]


class Paper(TypedDict):
    kind: str
    title_vi: str
    title_en: str
    media_types: list[str]
    max_bytes: int
    max_pages: int
    min_dpi: int
    max_dpi: int
    colour_required: bool
    page_sizes: list[str]
    min_width_px: int
    min_height_px: int
    shape: str
    pdf_min_version: str
    pdfa_required: bool
    file_name: str


class PrintSettleArgs(TypedDict):
    job: str
    state: str


class PrintSubmitArgs(TypedDict):
    visit: str
    device: NotRequired[str]
    document: NotRequired[str]
    captures: NotRequired[list[str]]
    form: NotRequired[str]
    values: NotRequired[dict[str, Any]]
    again: NotRequired[str]
    media: NotRequired[str]
    copies: NotRequired[int]
    duplex: NotRequired[bool]


ReplayArgs = TypedDict("ReplayArgs", {"from": "NotRequired[int]", "limit": "NotRequired[int]", "topics": "NotRequired[list[str]]"})


class ReplayResult(TypedDict):
    journal: str
    seq: int
    oldest: int
    next: int
    events: list[dict[str, Any]]
    truncated: bool
    captures: list[ReplayResultCapture]
    documents: list[ReplayResultDocument]


class ReplayResultCapture(TypedDict):
    capture: str
    visit: str
    job: str
    page: int
    state: str


class ReplayResultDocument(TypedDict):
    document: str
    visit: str
    pages: int


UsageGetArgs = TypedDict("UsageGetArgs", {"from": "str", "to": "str"})


class UsageGetResult(TypedDict):
    rows: list[Row]


class Row(TypedDict):
    day: str
    measure: str
    label: str
    value: int


class VisitConsentArgs(TypedDict):
    visit: str
    kind: Literal["portrait", "id_card_image", "chip"]
    given: NotRequired[bool]


class VisitConsentResult(TypedDict):
    visit: str
    state: str
    opened_at: str
    operator_id: str
    procedure: str
    consents: list[Consent]
    pages: int
    documents: int
    bytes: int
    delivered_at: NotRequired[str]
    closed_at: NotRequired[str]
    reason: NotRequired[str]
    seconds_left: NotRequired[int]


class Consent(TypedDict):
    kind: Literal["portrait", "id_card_image", "chip"]
    given_at: str
    withdrawn_at: NotRequired[str]


class VisitDeliveredArgs(TypedDict):
    visit: str
    document: NotRequired[str]


class VisitListResult(TypedDict):
    visits: list[Visit]


class CaptureAcknowledged(TypedDict):
    captures: list[str]
    documents: list[str]
    consumer: str


class CaptureCaptured(TypedDict):
    capture: str
    job: str
    device: str
    page: int
    raw_bytes: int


class CaptureFailed(TypedDict):
    capture: str
    job: str
    page: int
    error: ErrorBody
    generation: int


class CapturePreview(TypedDict):
    capture: str
    job: str
    page: int
    rendition: CapturePreviewRendition
    generation: int


class CapturePreviewRendition(TypedDict):
    rendition: str
    media_type: str
    bytes: int


class CaptureReady(TypedDict):
    capture: str
    job: str
    page: int
    renditions: list[CapturePreviewRendition]
    generation: int
    quality: list[CaptureReadyQuality]
    parts: int
    part: int


class CaptureReadyQuality(TypedDict):
    code: str
    vi: str
    en: str


class CardPartRead(TypedDict):
    job: str
    device: str
    part: str


class DeviceLeaseChanged(TypedDict):
    device: str
    change: str
    visit: NotRequired[str]
    wanted_by: NotRequired[str]


class DocumentReady(TypedDict):
    document: str
    visit: str
    revision: int
    pages: int
    bytes: int


class Hb(TypedDict):
    seq: int
    status: str
    roots: dict[str, Any]
    devices: list[HbDevice]


class HbDevice(TypedDict):
    id: str
    kind: str
    name: str
    status: str
    reasons: list[str]


class JobProgress(TypedDict):
    job: str
    device: str
    stage: str
    page: int
    percent: int


class PrintChanged(TypedDict):
    job: str
    device: str
    print: Print


class SystemEased(TypedDict):
    kind: str
    used: int
    limit: int
    error: NotRequired[ErrorBody]


class SystemStarted(TypedDict):
    version: str


class VisitExpiring(TypedDict):
    visit: str
    reason: str
    seconds_left: int


class ImageEnd(TypedDict):
    v: Literal[1]
    type: Literal["image.end"]
    follow: str
    reason: ErrorBody


class ImagePart(TypedDict):
    v: Literal[1]
    type: Literal["image.part"]
    follow: str
    number: int
    id: str
    rendition: str
    media_type: str
    offset: int
    bytes: int
    total: int
    sha256: str
