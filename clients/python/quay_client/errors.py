# SPDX-License-Identifier: Apache-2.0
"""Faults as exceptions: the error that quayd answered, or what the client itself found out about the way to quayd."""
from __future__ import annotations

from typing import Any, Mapping

# What a client says by itself, word for word as quayd's own table has it (protocol/schema/errors.json).
_OWN = {
    "daemon.unreachable": (
        "technician",
        "Dịch vụ quay không chạy: khởi động lại dịch vụ hoặc gọi kỹ thuật viên.",
        "quayd does not answer: start the service or call a technician.",
    ),
    "request.deadline": ("wait", "Quá thời gian chờ: thử lại.", "It took longer than allowed: try again."),
    "request.version": (
        "caller",
        "Phiên bản phần mềm không khớp với quay: cập nhật phần mềm.",
        "The program speaks another version than quay: update it.",
    ),
    "request.bad_argument": (
        "caller",
        "Phần mềm gửi tham số sai: báo người phát triển.",
        "The program sent a wrong argument: tell its developer.",
    ),
    "spool.corrupt": (
        "technician",
        "Tệp lưu bị hỏng: quét lại trang này và gọi kỹ thuật viên.",
        "A stored file is damaged: scan the page again and call a technician.",
    ),
}


class QuayError(Exception):
    """A fault. Show `vi` or `en` as it is: it names the action to take. Decide by `code`, or by `remedy` when you do not
    know the code: clerk, wait, technician, caller, bug (docs/protocol.md, "Errors")."""

    def __init__(self, body: Mapping[str, Any]):
        self.body = dict(body)
        self.code: str = body.get("code", "bug")
        self.remedy: str = body.get("remedy", "bug")
        self.vi: str = body.get("vi", "")
        self.en: str = body.get("en", "")
        self.device: str | None = body.get("device")
        self.operation: str | None = body.get("operation")
        self.detail: str | None = body.get("detail")
        self.native: Mapping[str, Any] | None = body.get("native")
        self.retry_after: float | None = body["retry_after_ms"] / 1000 if body.get("retry_after_ms") else None
        self.request_id: str | None = None  #: of a call that was perhaps carried out: call again with it to learn more
        super().__init__(str(self))

    def __str__(self) -> str:
        where = [f"device {self.device}" if self.device else "", self.operation or "", self.detail or ""]
        facts = ", ".join(fact for fact in where if fact)
        return f"{self.code}: {self.en}" + (f" ({facts})" if facts else "")


class DaemonUnreachable(QuayError):
    """Nobody listens, this user may not, or quayd went away and did not come back in time. Code daemon.unreachable."""


class NoAnswer(QuayError):
    """quayd is there but did not answer in time; the command was perhaps carried out. Code request.deadline."""


def own_error(code: str, operation: str, detail: str) -> QuayError:
    """A fault that the client found itself."""
    remedy, vi, en = _OWN[code]
    kind = {"daemon.unreachable": DaemonUnreachable, "request.deadline": NoAnswer}.get(code, QuayError)
    return kind({"code": code, "remedy": remedy, "vi": vi, "en": en, "operation": operation, "detail": detail})
