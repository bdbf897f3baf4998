// SPDX-License-Identifier: Apache-2.0
// Faults as exceptions: the error that quayd answered, or what the client itself found out about the way to quayd.

/** What a client says by itself, word for word as quayd's own table has it (protocol/schema/errors.json). */
export const OWN = {
  "daemon.unreachable": {
    remedy: "technician",
    vi: "Dịch vụ quay không chạy: khởi động lại dịch vụ hoặc gọi kỹ thuật viên.",
    en: "quayd does not answer: start the service or call a technician.",
  },
  "request.deadline": {
    remedy: "wait",
    vi: "Quá thời gian chờ: thử lại.",
    en: "It took longer than allowed: try again.",
  },
  "request.bad_argument": {
    remedy: "caller",
    vi: "Phần mềm gửi tham số sai: báo người phát triển.",
    en: "The program sent a wrong argument: tell its developer.",
  },
  "spool.corrupt": {
    remedy: "technician",
    vi: "Tệp lưu bị hỏng: quét lại trang này và gọi kỹ thuật viên.",
    en: "A stored file is damaged: scan the page again and call a technician.",
  },
};

export class QuayError extends Error {
  constructor(body) {
    const where = [body.device ? `device ${body.device}` : "", body.operation, body.detail];
    const facts = where.filter(Boolean).join(", ");
    super(`${body.code}: ${body.en}${facts ? ` (${facts})` : ""}`);
    this.name = new.target.name;
    this.body = body;
    this.code = body.code;
    this.remedy = body.remedy;
    this.vi = body.vi;
    this.en = body.en;
    this.device = body.device;
    this.operation = body.operation;
    this.detail = body.detail;
    this.native = body.native;
    this.retryAfterMs = body.retry_after_ms;
    this.requestId = undefined;
  }
}

/** Nobody listens, this user may not, or quayd went away and did not come back in time. */
export class DaemonUnreachable extends QuayError {}

/** quayd is there but did not answer in time; the command was perhaps carried out. */
export class NoAnswer extends QuayError {}

/** A fault that the client found itself. */
export function ownError(code, operation, detail) {
  const Kind = { "daemon.unreachable": DaemonUnreachable, "request.deadline": NoAnswer }[code] ?? QuayError;
  return new Kind({ code, ...OWN[code], operation, detail });
}
