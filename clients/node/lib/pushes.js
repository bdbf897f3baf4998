// SPDX-License-Identifier: Apache-2.0
// The pages of a visit as they become safe, without asking for each: follows the visit on `images`, gives credit back as pieces
// are taken, checks the SHA-256, never hands out the same rendition twice, and follows again when quayd was restarted.
import { createHash } from "node:crypto";
import { QuayError, ownError } from "./errors.js";
import { Mailbox, envelope, now } from "./wire.js";

const SILENCE_MS = 3000; // then quayd is asked whether it still knows this follow
const PATIENCE_MS = 5000; // for the answer to that, and to images.follow
const RETRY_MS = 200; // while nobody is there
const OVER = "visit.closed";

/** Pieces wait in a mailbox until `next` takes them; credit is given back then, so that no more wait than were paid for. */
export class ImageStream {
  #wire;
  #wish;
  #key;
  #mailbox = new Mailbox();
  #follow;
  #awaited = new Map(); // message id -> command
  #parts = [];
  #bytes = 0;
  #seen = new Set();
  #silentAt = 0;
  #over = false;

  constructor(wire, wish, visitKey) {
    this.#wire = wire;
    this.#wish = wish;
    this.#key = visitKey;
    wire.onPush = (head, frames) => this.#mailbox.put({ reply: head, frames });
  }

  get position() {
    return this.#wish.after;
  }

  async next(timeoutMs = Infinity) {
    const until = now() + timeoutMs;
    while (!this.#over) {
      if (!this.#follow && this.#awaited.size === 0) await this.#send("images.follow", this.#wish);
      const letter = await this.#mailbox.take(Math.min(until, this.#silentAt));
      const image = letter && (await this.#take(letter));
      if (image) return image;
      if (!letter && now() >= this.#silentAt) await this.#look();
      if (now() >= until) return undefined;
    }
    return undefined;
  }

  async *[Symbol.asyncIterator]() {
    try {
      for (let image; (image = await this.next());) yield image;
    } finally {
      this.close();
    }
  }

  close() {
    this.#over = true;
    this.#wire.close();
  }

  async #send(cmd, args) {
    const command = envelope(cmd, args, cmd === "images.follow" ? { visit_key: this.#key } : {});
    const sent = await this.#wire.send(command, now() + RETRY_MS, this.#mailbox);
    if (sent) this.#awaited.set(command.id, cmd);
    else this.#wire.forget(command.id);
    this.#silentAt = now() + (sent ? PATIENCE_MS : RETRY_MS);
  }

  /** Nothing came for a while: perhaps there is nothing, perhaps this quayd never heard of the follow. */
  async #look() {
    if (this.#awaited.size > 0 || !this.#follow) this.#beginAgain();
    else await this.#send("images.credit", { follow: this.#follow, bytes: 0 });
  }

  #beginAgain() {
    this.#follow = undefined;
    this.#parts = [];
    this.#bytes = 0;
    for (const id of this.#awaited.keys()) this.#wire.forget(id);
    this.#awaited.clear();
  }

  async #take({ reply: head, frames }) {
    this.#silentAt = now() + SILENCE_MS;
    if (head.status) this.#hear(head);
    else if (head.follow !== this.#follow) return undefined; // of a follow that is over
    else if (head.type === "image.end") this.#end(head.reason);
    else if (head.type === "image.part") return this.#add(head, frames[1]);
    return undefined;
  }

  #hear(reply) {
    const cmd = this.#awaited.get(reply.id);
    this.#awaited.delete(reply.id);
    this.#wire.forget(reply.id);
    if (cmd === "images.follow" && reply.status === "done") this.#follow = reply.result.follow;
    else if (cmd === "images.credit" && reply.status !== "done") this.#beginAgain();
    else if (cmd === "images.follow" && reply.error?.code !== "request.too_many") this.#end(reply.error);
  }

  #end(reason) {
    this.#over = true;
    if (reason.code !== OVER) throw new QuayError(reason);
  }

  async #add(head, piece) {
    if (head.offset === 0) {
      this.#parts = [];
      this.#bytes = 0;
    }
    if (head.offset !== this.#bytes) {
      this.#beginAgain(); // a piece was lost
      return undefined;
    }
    this.#parts.push(piece);
    this.#bytes += piece.length;
    await this.#send("images.credit", { follow: this.#follow, bytes: piece.length });
    return this.#bytes < head.total ? undefined : this.#finish(head);
  }

  #finish(head) {
    const { number, id, rendition, media_type: mediaType, sha256 } = head;
    const content = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    if (createHash("sha256").update(content).digest("hex") !== sha256) {
      throw ownError("spool.corrupt", "images.follow", "the SHA-256 of what came is not the one announced");
    }
    this.#wish.after = number;
    const name = `${id} ${rendition} ${sha256}`;
    if (this.#seen.has(name)) return undefined;
    this.#seen.add(name);
    return { number, id, rendition, mediaType, sha256, content };
  }
}
