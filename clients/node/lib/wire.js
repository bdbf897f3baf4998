// SPDX-License-Identifier: Apache-2.0
// One connection to `control` or `images`, and the exchange of one command: sent, and sent again under the same request_id
// until it is answered. Knows envelopes; knows nothing of what the commands mean.
import { randomUUID } from "node:crypto";
import { Dealer } from "zeromq";
import { QuayError, ownError } from "./errors.js";

const RESEND_AFTER_MS = 3000; // a reply is lost only with its connection
const LONGEST_RESEND_MS = 15000;
const NOT_YET = new Set(["request.in_progress", "request.too_many"]); // nothing was decided: ask again, or wait
export const LARGEST_MESSAGE = 8 << 20;

export const now = () => performance.now();
export const pauseFor = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A command under a new message id. Members that are undefined are left out. */
export function envelope(cmd, args, more = {}) {
  return { v: 1, id: randomUUID(), cmd, args, ...more };
}

/** The result that a reply carries; throws the error that it carries instead. */
export function resultOf(reply) {
  if (reply.status === "done" || reply.status === "accepted") return reply.result ?? {};
  throw new QuayError(reply.error ?? { code: "bug", remedy: "bug", vi: "", en: `the reply says ${reply.status}` });
}

/** Where replies wait for one who awaits them. */
export class Mailbox {
  #letters = [];
  #wake;

  put(letter) {
    this.#letters.push(letter);
    this.#wake?.();
  }

  /** The next letter; undefined when none comes before the time `until`. */
  async take(until) {
    if (this.#letters.length === 0) {
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.min(Math.max(0, until - now()), 2 ** 31 - 1));
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    return this.#letters.shift();
  }
}

/** A DEALER socket that connects again by itself. Many exchanges may be under way. */
export class Wire {
  #socket;
  #waiting = new Map(); // message id -> mailbox
  #sending = Promise.resolve();

  /** Gets what is no reply: (head, frames). */
  onPush = () => {};

  constructor(address, name) {
    this.address = address;
    this.name = name;
    this.#socket = new Dealer({
      ...address.options(),
      linger: 0, // a leaving program never waits for a dead daemon
      immediate: true, // nothing is queued for a daemon that is not there
      reconnectInterval: 100,
      maxMessageSize: LARGEST_MESSAGE,
      sendTimeout: 250,
    });
    this.#socket.connect(address.endpoint(name));
    this.#listen();
  }

  async #listen() {
    try {
      for await (const frames of this.#socket) {
        const reply = JSON.parse(frames[0].toString());
        if (!reply.status) {
          this.onPush(reply, frames);
          continue;
        }
        this.#waiting.get(reply.id)?.put({ reply, frames });
      }
    } catch (fault) {
      if (!this.#socket.closed) throw fault;
    }
  }

  close() {
    this.#socket.close();
  }

  /** Sends a command whose answers go to `mailbox`; false when nobody took it before the time `until`. */
  async send(command, until, mailbox) {
    this.#waiting.set(command.id, mailbox);
    const turn = this.#sending.then(() => this.#push(JSON.stringify(command), until));
    this.#sending = turn.catch(() => {});
    return turn;
  }

  async #push(text, until) {
    for (;;) {
      try {
        await this.#socket.send(text);
        return true;
      } catch (fault) {
        if (fault.code !== "EAGAIN") throw fault;
        if (now() >= until) return false;
      }
    }
  }

  /** No answer to this message is awaited any more. */
  forget(id) {
    this.#waiting.delete(id);
  }

  /** The `result` of a command's first reply. It is sent again, under its request_id, as long as no answer comes. Rejects
   * with what quayd answered; DaemonUnreachable or NoAnswer, with requestId, when the time is over. */
  async exchange(command, timeoutMs) {
    const until = now() + timeoutMs;
    const mailbox = new Mailbox();
    const ids = new Set();
    try {
      let sendAt = now();
      let pause = RESEND_AFTER_MS;
      while (now() < until) {
        if (now() >= sendAt) {
          const again = { ...command, id: randomUUID() };
          if (await this.send(again, until, mailbox)) ids.add(again.id);
          else this.forget(again.id);
          sendAt = now() + pause;
          pause = Math.min(pause * 2, LONGEST_RESEND_MS);
        }
        const letter = await mailbox.take(Math.min(sendAt, until));
        if (!letter) continue;
        try {
          return resultOf(letter.reply);
        } catch (fault) {
          if (!NOT_YET.has(fault.code)) throw fault;
          sendAt = now() + (fault.retryAfterMs ?? 1000);
        }
      }
      throw await this.#silence(command, ids.size > 0, timeoutMs);
    } finally {
      ids.forEach((id) => this.forget(id));
    }
  }

  async #silence(command, wasSent, timeoutMs) {
    let fault = ownError("request.deadline", command.cmd, `no answer within ${timeoutMs} ms`);
    try {
      await this.address.probe(this.name);
      if (!wasSent) {
        fault = ownError("daemon.unreachable", command.cmd, `nobody took the command within ${timeoutMs} ms${this.address.hint}`);
      }
    } catch (unreachable) {
      fault = unreachable;
    }
    fault.requestId = command.request_id;
    return fault;
  }
}
