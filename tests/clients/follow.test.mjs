// SPDX-License-Identifier: Apache-2.0
// The Node client's promise about events: in order, each once, none lost, over deaths of either side.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Client, CursorFile } from "../../clients/node/index.js";
import { atCounter, waitUntil } from "./counter.mjs";

const ADF = { source: "adf", resolution_dpi: 75 };
const LIBRARY = new URL("../../clients/node/index.js", import.meta.url).href;

// A subscriber as a program of its own: writes down what it handled, then asks for the next.
const SUBSCRIBER = `
import { writeSync } from "node:fs";
import { Client } from "${LIBRARY}";
const quay = await Client.connect({ run: process.argv[1] });
for await (const event of await quay.follow({ cursorFile: process.argv[2], fromBeginning: true })) {
  if (event.seq) writeSync(1, event.seq + " " + event.type + "\\n");
}`;

/** Everything that the journal has, in order. */
async function kept(quay) {
  const { seq } = await quay.call("hello");
  const found = [];
  for await (const event of await quay.follow({ fromBeginning: true })) {
    if (event.seq) found.push([event.seq, event.type]);
    if (event.seq >= seq) break;
  }
  return found;
}

/** A subscriber in the background: what it was given, until it is told to end. */
class Recorder {
  events = [];
  #over = false;
  #done;

  constructor(stream) {
    this.#done = this.#run(stream);
  }

  async #run(stream) {
    while (!this.#over) {
      const event = await stream.next(200);
      if (event) this.events.push(event);
    }
    await stream.commit();
    stream.close();
  }

  async end() {
    this.#over = true;
    await this.#done;
  }

  has(type, times = 1) {
    return this.events.filter((event) => event.type === type).length >= times;
  }

  kept() {
    return this.events.filter((event) => event.seq).map((event) => [event.seq, event.type]);
  }
}

/** A started counter and a client connected to it. */
function atOpenCounter(options, body) {
  return atCounter(options, async (counter) => {
    await counter.start();
    const quay = await Client.connect({ run: counter.run });
    try {
      await body(counter, quay);
    } finally {
      quay.close();
    }
  });
}

test("a daemon killed in mid scan costs no event and doubles none", () => atOpenCounter({ sheets: 12 }, async (counter, quay) => {
  await counter.tell("set", "ppm", 120);
  const cursorFile = `${counter.path}/cursor`;
  const recorder = new Recorder(await quay.follow({ cursorFile, fromBeginning: true }));
  const visit = await quay.openVisit();
  const job = await quay.startScan(visit, { settings: ADF });
  await waitUntil(() => recorder.has("capture.captured", 2));
  await counter.kill();
  await counter.start();
  const ended = await quay.awaitJob(job, { check: false });
  assert.equal(ended.job.state, "interrupted");
  const again = await quay.scan(visit, { settings: ADF });
  const { captures } = await quay.call("capture.list", { visit });
  assert.equal(captures.length, ended.pages.length + again.pages.length);
  const everything = await kept(quay);
  await waitUntil(() => recorder.kept().length >= everything.length);
  await recorder.end();
  assert.deepEqual(recorder.kept(), everything);
  assert.deepEqual(await new CursorFile(cursorFile).read(), { journal: quay.hello.journal, seq: everything.at(-1)[0] });
}));

/** The lines that a subscriber writes until it has written `most`, and what else comes before the SIGKILL strikes. */
async function linesOfAShortLife(counter, most) {
  const program = spawn(process.execPath, ["--input-type=module", "-e", SUBSCRIBER, counter.run, `${counter.path}/cursor`],
    { stdio: ["ignore", "pipe", "inherit"], cwd: fileURLToPath(new URL(".", import.meta.url)) });
  const lines = [];
  for await (const line of createInterface({ input: program.stdout })) {
    lines.push(line);
    if (lines.length === most) program.kill("SIGKILL");
  }
  return lines;
}

test("a subscriber killed again and again goes on from its cursor file", () => atOpenCounter({ sheets: 6 }, async (counter, quay) => {
  const visit = await quay.openVisit();
  await quay.scan(visit, { settings: ADF });
  const everything = await kept(quay);
  const handled = [];
  while (handled.length < everything.length) {
    const lines = await linesOfAShortLife(counter, Math.min(7, everything.length - handled.length));
    if (handled.length && lines[0] === handled.at(-1)) lines.shift(); // killed before the cursor moved: given once more
    handled.push(...lines);
  }
  assert.deepEqual(handled, everything.map(([seq, type]) => `${seq} ${type}`));
}));

test("an event is given again until it was handled", () => atOpenCounter({}, async (counter, quay) => {
  const cursorFile = `${counter.path}/cursor`;
  await quay.openVisit();
  const first = await quay.follow({ cursorFile, fromBeginning: true });
  const event = await first.next();
  first.close();
  const second = await quay.follow({ cursorFile });
  assert.deepEqual(await second.next(), event);
  await second.commit();
  second.close();
  const third = await quay.follow({ cursorFile });
  assert.equal((await third.next()).seq, event.seq + 1);
  third.close();
}));

test("who joins late has the state at once and goes on exactly there", () => atOpenCounter({ sheets: 5 }, async (counter, early) => {
  await counter.tell("set", "ppm", 120);
  const late = await Client.connect({ run: counter.run });
  const visit = await early.openVisit();
  const job = await early.startScan(visit, { settings: ADF });
  const snapshot = await late.snapshot();
  assert.deepEqual(snapshot.jobs.map((found) => found.job), [job]);
  const recorder = new Recorder(await late.follow({ after: snapshot }));
  await early.awaitJob(job);
  const expected = (await kept(early)).filter(([seq]) => seq > snapshot.seq);
  await waitUntil(() => recorder.kept().length >= expected.length);
  await recorder.end();
  late.close();
  assert.deepEqual(recorder.kept(), expected);
}));

test("what a deaf subscriber missed is asked for", () => atOpenCounter({ sheets: 3, bridge: true }, async (counter, quay) => {
  const recorder = new Recorder(await quay.follow());
  const visit = await quay.openVisit();
  await waitUntil(() => recorder.has("visit.opened"));
  await counter.tell("bridge.drop_events", true);
  await quay.scan(visit, { settings: ADF });
  assert.equal(recorder.has("job.finished"), false);
  await counter.tell("bridge.drop_events", false);
  await quay.closeVisit(visit);
  await waitUntil(() => recorder.has("visit.closed"));
  await recorder.end();
  const begin = recorder.kept()[0][0];
  assert.deepEqual(recorder.kept(), (await kept(quay)).filter(([seq]) => seq >= begin));
}));

test("a consumer slower than the events loses none", () => atOpenCounter({}, async (counter, quay) => {
  const stream = await quay.follow({ topics: ["visit."] });
  const visits = [];
  for (let number = 0; number < 150; number += 1) visits.push(await quay.openVisit()); // more than is read ahead
  const opened = [];
  while (opened.length < visits.length) {
    const event = await stream.next();
    if (event.type === "visit.opened") opened.push(event.data.visit);
  }
  stream.close();
  assert.deepEqual(opened, visits);
}));

test("a daemon that goes and comes back is said", () => atOpenCounter({}, async (counter, quay) => {
  const recorder = new Recorder(await quay.follow());
  await counter.kill();
  await waitUntil(() => recorder.has("daemon.lost"));
  await counter.start();
  await waitUntil(() => recorder.has("system.started"));
  await recorder.end();
  const own = recorder.events.map((event) => event.type).filter((type) => type.startsWith("daemon."));
  assert.deepEqual(own, ["daemon.lost", "daemon.back"]);
}));

test("a journal made anew is said and followed from its beginning", () => atOpenCounter({}, async (counter, quay) => {
  await quay.closeVisit(await quay.openVisit());
  const recorder = new Recorder(await quay.follow());
  await counter.kill();
  await counter.tell("forget_journal");
  await counter.start();
  await waitUntil(() => recorder.has("system.started"));
  const everything = await kept(quay);
  await waitUntil(() => recorder.kept().length >= everything.length);
  await recorder.end();
  assert.ok(recorder.has("journal.changed"));
  assert.deepEqual(recorder.kept(), everything);
}));

test("a damaged cursor file is named and not guessed", () => atOpenCounter({}, async (counter, quay) => {
  await writeFile(`${counter.path}/cursor`, "{");
  await assert.rejects(quay.follow({ cursorFile: `${counter.path}/cursor` }), /cursor: remove it/);
}));
