// SPDX-License-Identifier: Apache-2.0
// What a camera sees, as it sees it: the newest frame with what is seen on it; whoever is slow misses frames and never lags
// behind. Asks for the view again when quayd was restarted. The contract is in docs/protocol.md, "Live view".
import { Subscriber } from "zeromq";
import { QuayError, ownError } from "./errors.js";
import { LARGEST_MESSAGE, now } from "./wire.js";

const SILENCE_MS = 3000; // then quayd is asked whether it still shows
const RETRY_MS = 200; // while nobody is there, or the camera does something else
const FRAMES = 4; // that may wait in the socket
const LATER = new Set([
  "device.busy", "device.absent", "device.io", "device.timeout", "daemon.unreachable", "request.deadline", "worker.crashed",
]);

function judgementOf(head) {
  const sheet = head.quad_px ?? [];
  const findings = (head.quality ?? []).map(({ code, vi, en, box_px: box }) => ({ code, vi, en, box }));
  return {
    frame: head.frame, width: head.width, height: head.height, sheet, findings, page: head.page ?? "off",
    error: head.error ? new QuayError(head.error) : undefined, good: sheet.length > 0 && findings.length === 0,
  };
}

/** Throws unless frames can be had there: they do not go over tcp. */
export function checkPlace(address) {
  if (!address.endpoint("control").startsWith("ipc://")) {
    throw ownError("device.unsupported", "camera.live", "frames of a live view are given on the machine of the camera only");
  }
}

export class LiveView {
  #address;
  #call;
  #wish;
  #topic;
  #socket;
  #frame; // the newest that nobody has taken
  #judgement;
  #wake;
  #silentAt = 0;
  #over = false;

  constructor(address, call, wish) {
    this.#address = address;
    this.#call = call;
    this.#wish = wish;
  }

  /** Asks for the view. */
  async open() {
    await this.#ask();
    return this;
  }

  async next(timeoutMs = Infinity) {
    const until = now() + timeoutMs;
    while (!this.#over) {
      if (this.#frame) {
        const frame = { ...this.#frame, judgement: this.#judgement };
        this.#frame = undefined;
        return frame;
      }
      if (now() >= until) return undefined;
      if (now() >= this.#silentAt) await this.#askAgain();
      else await this.#pause(Math.min(until, this.#silentAt));
    }
    return undefined;
  }

  async *[Symbol.asyncIterator]() {
    try {
      for (let frame; (frame = await this.next());) yield frame;
    } finally {
      await this.close();
    }
  }

  async change({ framesPerSecond, autoCapture, profile, settings }) {
    const wish = { frames_per_second: framesPerSecond, auto_capture: autoCapture, profile, settings };
    for (const [name, value] of Object.entries(wish)) if (value !== undefined) this.#wish[name] = value;
    await this.#ask();
  }

  async close() {
    if (this.#over) return;
    this.#over = true;
    this.#socket?.close();
    this.#wake?.();
    try {
      await this.#call("camera.live", { ...this.#wish, frames_per_second: 0 });
    } catch (fault) {
      if (!(fault instanceof QuayError)) throw fault; // else quayd or the visit is gone, and the view with it
    }
  }

  #pause(until) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.min(Math.max(0, until - now()), 2 ** 31 - 1));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #ask() {
    const { topic } = await this.#call("camera.live", this.#wish);
    this.#silentAt = now() + SILENCE_MS;
    if (topic !== this.#topic && !this.#over) this.#subscribe(topic);
  }

  /** Silent for a while: a picture is being taken, or this quayd never heard of the view. */
  async #askAgain() {
    try {
      await this.#ask();
    } catch (fault) {
      if (!LATER.has(fault.code)) throw fault;
      this.#silentAt = now() + RETRY_MS;
    }
  }

  #subscribe(topic) {
    this.#socket?.close();
    this.#topic = topic;
    this.#judgement = this.#frame = undefined;
    this.#socket = new Subscriber({
      ...this.#address.options(), linger: 0, receiveHighWaterMark: FRAMES, reconnectInterval: 100, maxMessageSize: LARGEST_MESSAGE,
    });
    this.#socket.subscribe(topic);
    this.#socket.connect(this.#address.endpoint("live"));
    this.#listen(this.#socket);
  }

  async #listen(socket) {
    try {
      for await (const [, text, jpeg] of socket) {
        const head = JSON.parse(text.toString());
        if (head.type === "live.frame") {
          this.#frame = { number: head.frame, jpeg };
          this.#silentAt = now() + SILENCE_MS;
          this.#wake?.();
        } else if (head.type === "live.judgement") {
          this.#judgement = judgementOf(head);
        }
      }
    } catch (fault) {
      if (!socket.closed) throw fault;
    }
  }
}
