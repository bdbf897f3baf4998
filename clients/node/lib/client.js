// SPDX-License-Identifier: Apache-2.0
// The connection of a front end to quayd: commands, snapshot, events, bytes. What each takes and gives: index.d.ts; what the
// commands mean: docs/protocol.md.
import { randomUUID } from "node:crypto";
import { LocalAddress, TcpAddress } from "./address.js";
import { CursorFile } from "./cursor.js";
import { ownError } from "./errors.js";
import { EventStream } from "./events.js";
import { Fetch, MemoryFile, fetchToPath } from "./images.js";
import { KeyRing } from "./keys.js";
import { LiveView, checkPlace } from "./live.js";
import { ImageStream } from "./pushes.js";
import { awaitScan, chooseScanner } from "./scan.js";
import { Wire, envelope, now, pauseFor } from "./wire.js";

const CONNECT_PATIENCE_MS = 2000;
const CALL_PATIENCE_MS = 30000;
const FETCH_PATIENCE_MS = 60000;
const ASSEMBLE_PATIENCE_MS = 120000;
const MOST_CREDIT = 4 << 20;

export function defaultRunDirectory() {
  return process.env.QUAY_RUNTIME_DIRECTORY || "/run/quay";
}

export class Client {
  #address;
  #control;
  #keys = new KeyRing();
  #name;

  static async connect({ run = defaultRunDirectory(), name = "quay-client", waitMs = 0, address, serverKey, keyFile } = {}) {
    const client = new Client();
    client.run = run;
    client.#address = address ? new TcpAddress(address, { serverKey, keyFile }) : new LocalAddress(run);
    client.#name = name;
    await client.#connect(now() + waitMs);
    return client;
  }

  async #connect(until) {
    for (;;) {
      let wire;
      try {
        await this.#address.probe("control");
        wire = new Wire(this.#address, "control");
        this.hello = await wire.exchange(envelope("hello", { name: this.#name }), CONNECT_PATIENCE_MS);
        this.#control = wire;
        return;
      } catch (fault) {
        wire?.close();
        if (now() >= until) {
          // Somebody listens and says nothing.
          throw fault.code === "request.deadline" ? ownError("daemon.unreachable", "hello", fault.detail) : fault;
        }
        await pauseFor(100);
      }
    }
  }

  close() {
    this.#control.close();
  }

  // ---- commands ----------------------------------------------------------------------------------------------------

  async call(cmd, args = {}, { timeoutMs = CALL_PATIENCE_MS, requestId, visitKey, deadlineMs } = {}) {
    const command = envelope(cmd, args, {
      request_id: requestId ?? randomUUID(),
      visit_key: visitKey ?? this.#keys.keyFor(args),
      deadline_ms: deadlineMs,
    });
    const result = await this.#control.exchange(command, timeoutMs);
    this.#keys.learn(args, result);
    if (cmd === "visit.close") this.#keys.forget(args.visit);
    return result;
  }

  snapshot() {
    return this.call("state.get");
  }

  // ---- events ------------------------------------------------------------------------------------------------------

  async follow({ cursorFile, after, topics, fromBeginning = false } = {}) {
    const file = cursorFile && new CursorFile(cursorFile);
    let start = await file?.read();
    if (!start) {
      const { journal, seq } = after ?? (await this.call("hello", { name: this.#name }));
      start = { journal, seq: fromBeginning ? 0 : seq };
      await file?.write(start);
    }
    const onEvent = (event) => this.#keys.learnEvent(event.visit, event.data);
    return new EventStream(this.#address, start, { file, topics, onEvent });
  }

  // ---- visits ------------------------------------------------------------------------------------------------------

  async openVisit(facts = {}) {
    return (await this.call("visit.open", facts)).visit;
  }

  async adoptVisit(visit) {
    await this.call("visit.adopt", { visit });
  }

  async closeVisit(visit) {
    await this.call("visit.close", { visit });
  }

  visitKey(visit) {
    return this.#keys.key(visit);
  }

  useVisit(visit, key) {
    this.#keys.add(visit, key);
  }

  // ---- scans -------------------------------------------------------------------------------------------------------

  async startScan(visit, { device, settings = {}, profile, pagesExpected = 0, maxPages = 0, requestId } = {}) {
    const args = {
      visit,
      device: device ?? chooseScanner((await this.call("device.list")).devices),
      settings,
      profile,
      pages_expected: pagesExpected,
      max_pages: maxPages,
    };
    return (await this.call("scan.start", args, { requestId })).job;
  }

  async awaitJob(job, { onEvent, timeoutMs, check = true, after } = {}) {
    const events = await this.follow({ after });
    try {
      const result = await awaitScan(this, job, events, { onEvent, timeoutMs });
      if (check && result.error) throw result.error;
      return result;
    } finally {
      events.close();
    }
  }

  async scan(visit, { onEvent, timeoutMs, check, ...wish } = {}) {
    const { journal, seq } = await this.call("hello", { name: this.#name });
    const job = await this.startScan(visit, wish);
    return this.awaitJob(job, { onEvent, timeoutMs, check, after: { journal, seq } });
  }

  // ---- cameras -----------------------------------------------------------------------------------------------------

  async liveView(visit, device, { framesPerSecond = 10, autoCapture = false, profile = "hoso", settings = {} } = {}) {
    checkPlace(this.#address);
    const wish = { visit, device, frames_per_second: framesPerSecond, auto_capture: autoCapture, profile, settings };
    return new LiveView(this.#address, (cmd, args) => this.call(cmd, args), wish).open();
  }

  assemble(visit, captures, { timeoutMs = ASSEMBLE_PATIENCE_MS } = {}) {
    return this.call("document.assemble", { visit, captures }, { timeoutMs });
  }

  // ---- bytes -------------------------------------------------------------------------------------------------------

  async fetch(id, rendition, options = {}) {
    const file = new MemoryFile();
    await this.#fetching(id, rendition, options, (fetch) => fetch.into(file));
    return file.content();
  }

  async fetchTo(path, id, rendition, options = {}) {
    return this.#fetching(id, rendition, options, (fetch) => fetchToPath(fetch, String(path)));
  }

  async followImages(visit, { renditions = ["page"], credit = MOST_CREDIT, after = 0 } = {}) {
    await this.#address.probe("images");
    const wish = { visit, renditions, credit, after };
    return new ImageStream(new Wire(this.#address, "images"), wish, this.#keys.keyFor({ visit }));
  }

  async #fetching(id, rendition, { visit, timeoutMs = FETCH_PATIENCE_MS, onProgress }, work) {
    await this.#address.probe("images");
    const wire = new Wire(this.#address, "images");
    const visitKey = this.#keys.keyFor(visit ? { visit } : { id });
    try {
      return await work(new Fetch(wire, { id, rendition }, { visitKey, timeoutMs, onProgress }));
    } finally {
      wire.close();
    }
  }
}
