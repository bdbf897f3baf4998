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


class PageGeometry(TypedDict):
    width: int
    height: int
    stride_bytes: int
    format: Literal["bitonal", "gray", "rgb"]
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


class DeviceDescribeArgs(TypedDict):
    device: str


class Device(TypedDict):
    id: str
    kind: str
    name: str
    identity: Identity
    status: str
    reasons: list[str]
    scanner: NotRequired[ScannerAbilities]


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


class Document(TypedDict):
    document: str
    visit: str
    captures: list[str]
    pages: int
    file: Rendition


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
    findings: list[Finding]


class Finding(TypedDict):
    file: str
    line: int
    n: int
    fault: str
    text: str


class CaptureListArgs(TypedDict):
    visit: str
    job: NotRequired[str]


class CaptureListResult(TypedDict):
    captures: list[Capture]


class DeviceListResult(TypedDict):
    devices: list[Device]


class DeviceRefuseArgs(TypedDict):
    device: str
    visit: str


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


class ReplayResult(TypedDict):
    journal: str
    seq: int
    events: list[dict[str, Any]]


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


class CapturePreview(TypedDict):
    capture: str
    job: str
    page: int
    rendition: Rendition


class CaptureReady(TypedDict):
    capture: str
    job: str
    page: int
    renditions: list[Rendition]


class DeviceLeaseChanged(TypedDict):
    device: str
    change: str
    visit: NotRequired[str]
    wanted_by: NotRequired[str]


class Hb(TypedDict):
    seq: int
    status: str


class JobProgress(TypedDict):
    job: str
    device: str
    stage: str
    page: int
    percent: int


class SystemStarted(TypedDict):
    version: str


class VisitExpiring(TypedDict):
    visit: str
    reason: str
    seconds_left: int
