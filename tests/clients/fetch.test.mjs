// SPDX-License-Identifier: Apache-2.0
// The Node client brings bytes over a bad road: whole, checked, and nothing twice that is here already.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { access, readFile, rm, writeFile } from "node:fs/promises";
import { after, before, beforeEach, test } from "node:test";
import { Client } from "../../clients/node/index.js";
import { Counter } from "./counter.mjs";

const CHUNK = 1 << 20;
let counter;
let quay;
let document; // of several chunks
let chunks;
let path;

before(async () => {
  counter = await Counter.make({ sheets: 5, bridge: true });
  await counter.start();
  quay = await Client.connect({ run: counter.run });
  const visit = await quay.openVisit();
  const scan = await quay.scan(visit, { settings: { source: "adf", resolution_dpi: 300 }, profile: "original" });
  document = await quay.assemble(visit, scan.captures);
  chunks = Math.ceil(document.file.bytes / CHUNK);
  assert.ok(chunks > 3);
  path = `${counter.path}/document.pdf`;
});

after(async () => {
  quay.close();
  await counter.close();
});

beforeEach(async () => {
  await rm(path, { force: true });
  await counter.tell("bridge.forget_commands");
});

const offsets = async () => (await counter.tell("bridge.seen", "images.fetch")).map((command) => command.args.offset);
const fetchIt = (options) => quay.fetchTo(path, document.document, "document", options);
const allOffsets = () => Array.from({ length: chunks }, (_, number) => number * CHUNK);

async function checkFile() {
  assert.equal(createHash("sha256").update(await readFile(path)).digest("hex"), document.file.sha256);
  await assert.rejects(access(`${path}.part`));
}

test("on a good road every chunk is asked for once", async () => {
  assert.equal(await fetchIt(), document.file.sha256);
  assert.deepEqual(await offsets(), allOffsets());
  await checkFile();
  const bytes = await quay.fetch(document.document, "document");
  assert.equal(createHash("sha256").update(bytes).digest("hex"), document.file.sha256);
});

test("lost chunks are asked for again and only those", async () => {
  await counter.tell("bridge.drop_replies", "images.fetch", 1, 1);
  await fetchIt();
  const asked = await offsets();
  assert.deepEqual([...new Set(asked)].sort((a, b) => a - b), allOffsets());
  assert.equal(asked.filter((offset) => offset === 0).length, 1);
  assert.equal(asked.filter((offset) => offset === CHUNK).length, 2);
  await checkFile();
});

test("an interrupted fetch goes on where it was", async () => {
  const onProgress = (done) => {
    if (done >= 2 * CHUNK) throw new Error("interrupted");
  };
  await assert.rejects(fetchIt({ onProgress }), /interrupted/);
  await assert.rejects(access(path));
  await counter.tell("bridge.forget_commands");
  await fetchIt();
  assert.ok(Math.min(...(await offsets())) >= 2 * CHUNK);
  await checkFile();
});

test("a daemon killed in mid fetch costs a pause", async () => {
  const onProgress = async (done) => {
    if (done !== CHUNK) return;
    await counter.kill();
    await counter.start();
  };
  await fetchIt({ onProgress });
  assert.equal((await offsets()).filter((offset) => offset === 0).length, 1);
  await checkFile();
});

test("the rest of something else does not get into the file", async () => {
  for (const length of [CHUNK + 7, CHUNK * (chunks + 1)]) {
    await writeFile(`${path}.part`, "x".repeat(length));
    await fetchIt();
    await checkFile();
  }
});

test("what is not there is said in the daemon's words", async () => {
  await assert.rejects(quay.fetch(document.document, "hologram"), { code: "rendition.unknown" });
});
