// SPDX-License-Identifier: Apache-2.0
// Brings the bytes of a page, preview or document: in chunks, several on the way at once, what was lost asked for again,
// what a killed program had already kept, and the SHA-256 of the whole checked before anybody sees them.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { ownError } from "./errors.js";
import { syncDirectory } from "./cursor.js";
import { Mailbox, envelope, now, resultOf } from "./wire.js";

const CHUNK = 1 << 20;
const MOST_OUTSTANDING = 4;
const STALL_MS = 2000; // without any chunk for this long, what is outstanding is asked for again

/** The rendition was made anew meanwhile, or the kept part is of another one. */
class Stale extends Error {}

/** A growing file in memory with the three calls of a FileHandle that a fetch needs. */
export class MemoryFile {
  #parts = [];
  size = 0;

  async append(bytes) {
    this.#parts.push(bytes);
    this.size += bytes.length;
  }

  async empty() {
    this.#parts = [];
    this.size = 0;
  }

  async digest() {
    const hash = createHash("sha256");
    this.#parts.forEach((part) => hash.update(part));
    return hash.digest("hex");
  }

  content() {
    return Buffer.concat(this.#parts);
  }
}

/** The same on disk, going on with what is there. */
export class DiskFile {
  #handle;
  size = 0;

  static async open(path) {
    const file = new DiskFile();
    file.#handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    file.size = (await file.#handle.stat()).size;
    return file;
  }

  async append(bytes) {
    await this.#handle.write(bytes, 0, bytes.length, this.size);
    this.size += bytes.length;
  }

  async empty() {
    await this.#handle.truncate(0);
    this.size = 0;
  }

  async digest() {
    const hash = createHash("sha256");
    const piece = Buffer.alloc(CHUNK);
    for (let at = 0; at < this.size;) {
      const { bytesRead } = await this.#handle.read(piece, 0, CHUNK, at);
      hash.update(piece.subarray(0, bytesRead));
      at += bytesRead;
    }
    return hash.digest("hex");
  }

  async sync() {
    await this.#handle.sync();
  }

  async close() {
    await this.#handle.close();
  }
}

/** One rendition on its way into a file. */
export class Fetch {
  #wire;
  #what;
  #options;
  #until;
  #mailbox = new Mailbox();
  #asked = new Map(); // message id -> offset
  #askAfter = 0; // quayd had enough: not before then
  #early = new Map(); // chunks that came before those in front of them
  #total;
  #sha256;

  /** `what`: {id, rendition}. `options`: visitKey, timeoutMs, onProgress. */
  constructor(wire, what, options) {
    this.#wire = wire;
    this.#what = what;
    this.#options = options;
    this.#until = now() + options.timeoutMs;
  }

  /** Fills `file` from its end on; the SHA-256 of the whole, checked. A file that holds the beginning of something else is
   * emptied and filled anew. */
  async into(file) {
    for (let attempt = 0; attempt < 2;) {
      try {
        await this.#fill(file);
        if ((await file.digest()) === this.#sha256) return this.#sha256;
        attempt += 1;
      } catch (fault) {
        if (!(fault instanceof Stale)) throw fault;
      }
      await file.empty();
    }
    throw ownError("spool.corrupt", "images.fetch", "the SHA-256 of what came is not the one announced");
  }

  async #fill(file) {
    this.#total = undefined;
    this.#early.clear();
    this.#giveUpAsked();
    while (this.#total === undefined || file.size < this.#total) {
      await this.#ask(file.size);
      await this.#take();
      for (let chunk; (chunk = this.#early.get(file.size));) {
        this.#early.delete(file.size);
        if (chunk.length === 0) break;
        await file.append(chunk);
        await this.#options.onProgress?.(file.size, this.#total);
      }
    }
  }

  /** Asks for what comes next, as much as may be outstanding; the first answer says how much there is. */
  async #ask(written) {
    while (now() >= this.#askAfter && this.#asked.size < (this.#total === undefined ? 1 : MOST_OUTSTANDING)) {
      const known = new Set([...this.#early.keys(), ...this.#asked.values()]);
      let offset = written;
      while (known.has(offset)) offset += CHUNK;
      if (this.#total !== undefined && offset >= this.#total) return;
      const key = this.#options.visitKey;
      const command = envelope("images.fetch", { ...this.#what, offset, length: CHUNK }, { visit_key: key });
      const patience = Math.min(this.#until, now() + STALL_MS);
      if (!(await this.#wire.send(command, patience, this.#mailbox))) return;
      this.#asked.set(command.id, offset);
    }
  }

  /** Takes one answer; when none comes, everything outstanding is lost. */
  async #take() {
    const pausing = now() < this.#askAfter;
    const letter = await this.#mailbox.take(Math.min(this.#until, pausing ? this.#askAfter : now() + STALL_MS));
    if (!letter) {
      if (now() >= this.#until) throw await this.#tooLate();
      if (!pausing) this.#giveUpAsked();
      return;
    }
    const { reply, frames } = letter;
    const offset = this.#asked.get(reply.id);
    this.#asked.delete(reply.id);
    this.#wire.forget(reply.id);
    if (offset !== undefined) this.#hold(offset, reply, frames);
  }

  #hold(offset, reply, frames) {
    let head;
    try {
      head = resultOf(reply);
    } catch (fault) {
      if (fault.code === "request.too_many") { // what went before a pause of the road is still being answered
        this.#askAfter = now() + (fault.retryAfterMs ?? 100);
        return;
      }
      // What was kept is longer than the whole: it is something else.
      throw fault.code === "request.bad_argument" && offset > 0 && this.#total === undefined ? new Stale() : fault;
    }
    if (this.#total !== undefined && head.sha256 !== this.#sha256) throw new Stale();
    this.#total = head.total;
    this.#sha256 = head.sha256;
    this.#early.set(offset, frames[1]);
  }

  #giveUpAsked() {
    for (const id of this.#asked.keys()) this.#wire.forget(id);
    this.#asked.clear();
  }

  async #tooLate() {
    try {
      await this.#wire.address.probe("images");
    } catch (unreachable) {
      return unreachable;
    }
    return ownError("request.deadline", "images.fetch", `not complete within ${this.#options.timeoutMs} ms`);
  }
}

/** Fetches into `path`.part, which a later call goes on with, and renames it when it is whole, checked and durable. */
export async function fetchToPath(fetch, path) {
  const part = `${path}.part`;
  const file = await DiskFile.open(part);
  let digest;
  try {
    digest = await fetch.into(file);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  await syncDirectory(dirname(path));
  return digest;
}
