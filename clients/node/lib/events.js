// SPDX-License-Identifier: Apache-2.0
// Events in order, each once: subscribes, notices what is missing and asks quayd's journal for it, over restarts of both
// sides. The contract is in docs/protocol.md, "How to lose nothing".
import { Subscriber } from "zeromq";
import { DaemonUnreachable, NoAnswer } from "./errors.js";
import { LARGEST_MESSAGE, Mailbox, Wire, envelope, now } from "./wire.js";

const SILENCE_MS = 3000; // quayd sends a heartbeat each second; after this long without any frame it counts as gone
const REPLAY_PAGE = 200;
const REPLAY_PATIENCE_MS = 5000;
const MOST_WAITING = 64; // frames read ahead; more wait in ZeroMQ, which drops what is too much: then there is a replay

/** Types of the events that the client makes itself. */
export const OWN_EVENTS = ["daemon.lost", "daemon.back", "journal.changed", "replay.truncated"];

const own = (type, data = {}) => ({ type, data });

export class EventStream {
  #topics;
  #file;
  #cursor; // everything up to here has been given out or skipped
  #handled;
  #saved;
  #onEvent;
  #ready = [];
  #behind = true; // what happened before the subscription took effect
  #lost = false;
  #left = new Set(); // journals that are no more: what they still had on the way is not news
  #silentAt = now() + SILENCE_MS;
  #control;
  #socket;
  #live = new Mailbox();
  #waiting = 0;
  #room = () => {};

  constructor(address, start, { file, topics = [], onEvent }) {
    this.#topics = topics.length ? topics : [""];
    this.#file = file;
    this.#cursor = this.#handled = this.#saved = start;
    this.#onEvent = onEvent;
    this.#control = new Wire(address, "control");
    this.#socket = new Subscriber({
      ...address.options(), linger: 0, reconnectInterval: 100, maxMessageSize: LARGEST_MESSAGE,
    });
    this.#socket.subscribe("");
    this.#socket.connect(address.endpoint("events"));
    this.#pump();
  }

  async #pump() {
    try {
      for await (const frames of this.#socket) {
        this.#waiting += 1;
        this.#live.put(JSON.parse(frames[2].toString()));
        if (this.#waiting >= MOST_WAITING) {
          await new Promise((resolve) => {
            this.#room = resolve;
          });
        }
      }
    } catch (fault) {
      if (!this.#socket.closed) throw fault;
    }
  }

  get position() {
    return this.#handled;
  }

  async next(timeoutMs = Infinity) {
    await this.commit();
    const until = now() + timeoutMs;
    for (;;) {
      const event = this.#ready.shift();
      if (event) {
        if (this.#handOut(event)) return event;
      } else if (!(this.#behind && (await this.#replay())) && !(await this.#listen(until))) {
        return undefined;
      }
    }
  }

  async commit() {
    this.#handled = this.#cursor;
    if (this.#file && this.#handled !== this.#saved) await this.#file.write(this.#handled);
    this.#saved = this.#handled;
  }

  async *[Symbol.asyncIterator]() {
    try {
      for (;;) {
        const event = await this.next();
        if (event) yield event;
      }
    } finally {
      this.close();
    }
  }

  close() {
    this.#room();
    this.#socket.close();
    this.#control.close();
  }

  /** Moves the cursor to the event; false when it was there already or nobody asked for its topic. */
  #handOut(event) {
    if (event.seq !== undefined) {
      if (event.journal === this.#cursor.journal && event.seq <= this.#cursor.seq) return false;
      this.#cursor = { journal: event.journal, seq: event.seq };
    }
    const wanted = OWN_EVENTS.includes(event.type) || this.#topics.some((topic) => event.type.startsWith(topic));
    if (wanted) this.#onEvent(event);
    return wanted;
  }

  /** Takes one message of the socket, or says that none comes any more. False when `until` has passed. */
  async #listen(until) {
    const message = await this.#live.take(Math.min(until, this.#silentAt));
    if (!message) {
      if (now() >= this.#silentAt) this.#sayLost();
      return now() < until;
    }
    this.#waiting -= 1;
    this.#room();
    this.#silentAt = now() + SILENCE_MS;
    if (this.#lost) {
      this.#lost = false;
      this.#ready.push(own("daemon.back"));
    }
    this.#judge(message);
    return true;
  }

  #sayLost() {
    this.#silentAt = now() + SILENCE_MS;
    if (!this.#lost) this.#ready.push(own("daemon.lost"));
    this.#lost = true;
  }

  /** Puts a message from the wire where it belongs: handed out, ignored, or a sign that something is missing. */
  #judge(message) {
    if (this.#left.has(message.journal)) return;
    this.#followJournal(message.journal);
    if (message.type === "hb") {
      this.#behind ||= message.data.seq > this.#cursor.seq;
    } else if (message.seq === undefined || message.seq === this.#cursor.seq + 1) {
      this.#ready.push(message);
    } else if (message.seq > this.#cursor.seq) {
      this.#behind = true;
    }
  }

  #followJournal(journal) {
    if (!journal || journal === this.#cursor.journal) return;
    this.#ready.push(own("journal.changed", { before: this.#cursor.journal }));
    this.#left.add(this.#cursor.journal);
    this.#cursor = { journal, seq: 0 };
    this.#behind = true;
  }

  /** Asks for what is missing, one page of it. False when quayd is not there to answer. */
  async #replay() {
    let page;
    try {
      await this.#control.address.probe("control");
      const from = envelope("replay", { from: this.#cursor.seq + 1, limit: REPLAY_PAGE });
      page = await this.#control.exchange(from, REPLAY_PATIENCE_MS);
    } catch (fault) {
      if (fault instanceof DaemonUnreachable || fault instanceof NoAnswer) return false;
      throw fault;
    }
    if (page.journal !== this.#cursor.journal) {
      this.#followJournal(page.journal);
      return true;
    }
    const { journal, seq, events, next, truncated, oldest, captures = [], documents = [] } = page;
    if (truncated) this.#ready.push(own("replay.truncated", { oldest, captures, documents }));
    this.#ready.push(...events);
    const reached = Math.max((next ?? 0) - 1, ...events.map((event) => event.seq));
    this.#behind = events.length > 0 && reached < seq;
    if (events.length === 0) { // nothing there is for us
      this.#cursor = { journal, seq: Math.max(this.#cursor.seq, next === undefined ? seq : reached) };
    }
    return true;
  }
}
