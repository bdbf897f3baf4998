// SPDX-License-Identifier: Apache-2.0
// The Node client at a real counter: scans, misfortunes of the way to quayd, and commands that are carried out once.
import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { Client, DaemonUnreachable, NoAnswer, QuayError } from "../../clients/node/index.js";
import { OWN } from "../../clients/node/lib/errors.js";
import { atCounter } from "./counter.mjs";

const ADF = { source: "adf", resolution_dpi: 75 };

async function typesUpTo(stream, last) {
  const types = [];
  for await (const event of stream) {
    types.push(event.type);
    if (event.type === last) break;
  }
  return types;
}

/** A connected client that is closed at the end. */
async function connected(counter, body) {
  const quay = await Client.connect({ run: counter.run });
  try {
    return await body(quay);
  } finally {
    quay.close();
  }
}

test("a visit goes from the feeder to the document and is gone", () => atCounter({ sheets: 3 }, async (counter) => {
  await counter.start();
  await connected(counter, async (quay) => {
    assert.match(quay.hello.api, /^1\./);
    const snapshot = await quay.snapshot();
    assert.deepEqual(snapshot.devices.map((d) => [d.id, d.status]), [["scanner-1", "ready"]]);
    const visit = await quay.openVisit();
    const seen = [];
    const onEvent = (event) => seen.push(event.type);
    const scan = await quay.scan(visit, { settings: ADF, pagesExpected: 3, onEvent });
    assert.equal(scan.captures.length, 3);
    assert.equal(seen.filter((type) => type === "capture.captured").length, 3);
    assert.ok(seen.includes("job.progress"));
    assert.equal((await quay.fetch(scan.captures[0], "preview")).subarray(0, 2).toString("hex"), "ffd8");
    const document = await quay.assemble(visit, scan.captures);
    const path = `${counter.path}/dossier.pdf`;
    assert.equal(await quay.fetchTo(path, document.document, "document"), document.file.sha256);
    assert.equal((await readFile(path)).subarray(0, 5).toString(), "%PDF-");
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    await quay.closeVisit(visit);
    await assert.rejects(quay.fetch(scan.captures[0], "page"), QuayError);
    const types = await typesUpTo(await quay.follow({ after: snapshot }), "visit.closed");
    assert.equal(types[0], "visit.opened");
    assert.equal(types.filter((type) => type === "capture.ready").length, 3);
  });
}));

test("an empty feeder is an error that names the action in two languages", () => atCounter({ sheets: 0 }, async (counter) => {
  await counter.start();
  await connected(counter, async (quay) => {
    const visit = await quay.openVisit();
    await assert.rejects(quay.scan(visit, { settings: ADF }), (error) => {
      assert.ok(error instanceof QuayError);
      assert.deepEqual([error.code, error.remedy], ["paper.empty", "clerk"]);
      assert.match(error.vi, /Khay giấy trống/);
      assert.match(error.message, /feeder is empty/);
      return true;
    });
    const failed = await quay.scan(visit, { settings: ADF, check: false });
    assert.deepEqual([failed.error.code, failed.captures], ["paper.empty", []]);
  });
}));

test("a lost reply is asked for again and nothing is scanned twice", () => atCounter({ sheets: 6, bridge: true }, async (counter) => {
  await counter.start();
  await connected(counter, async (quay) => {
    const events = await quay.follow({ topics: ["job."] });
    const visit = await quay.openVisit();
    await counter.tell("bridge.drop_replies", "scan.start", 2);
    const job = await quay.startScan(visit, { settings: ADF, maxPages: 3 });
    assert.equal((await quay.awaitJob(job)).captures.length, 3);
    const sent = await counter.tell("bridge.seen", "scan.start");
    assert.ok(sent.length > 1);
    assert.equal(new Set(sent.map((command) => command.request_id)).size, 1);
    const types = await typesUpTo(events, "job.finished");
    assert.equal(types.filter((type) => type === "job.started").length, 1);
    assert.equal(await counter.tell("sheets_left"), 3);
  });
}));

test("a wish repeated under its own request id gives the same job", () => atCounter({ sheets: 2 }, async (counter) => {
  await counter.start();
  await connected(counter, async (quay) => {
    const visit = await quay.openVisit();
    const wish = { settings: ADF, requestId: "my-wish" };
    const job = await quay.startScan(visit, wish);
    await quay.awaitJob(job);
    assert.equal(await quay.startScan(visit, wish), job);
    const other = { settings: { source: "flatbed" }, requestId: "my-wish" };
    await assert.rejects(quay.startScan(visit, other), { code: "request.key_reused" });
  });
}));

test("a call waits for a daemon that is being restarted", () => atCounter({}, async (counter) => {
  await counter.start();
  await connected(counter, async (quay) => {
    await counter.kill();
    const [snapshot] = await Promise.all([quay.snapshot(), counter.start()]);
    assert.equal(snapshot.devices.length, 1);
  });
}));

test("many calls are under way at once", () => atCounter({}, async (counter) => {
  await counter.start();
  await connected(counter, async (quay) => {
    const opened = await Promise.all(Array.from({ length: 8 }, () => quay.openVisit()));
    const { visits } = await quay.snapshot();
    assert.deepEqual(visits.map((visit) => visit.visit).sort(), opened.sort());
    assert.equal(new Set(opened).size, 8);
  });
}));

test("neither of two clients gets at the other's visit", () => atCounter({ sheets: 2 }, async (counter) => {
  await counter.start();
  await connected(counter, (ours) => connected(counter, async (theirs) => {
    const visit = await ours.openVisit();
    const [page] = (await ours.scan(visit, { settings: ADF })).captures;
    const notOwner = { code: "visit.not_owner" };
    await assert.rejects(theirs.fetch(page, "page", { visit }), notOwner);
    await assert.rejects(theirs.call("capture.list", { visit }), notOwner);
    theirs.useVisit(visit, "x".repeat(43));
    await assert.rejects(theirs.fetch(page, "page", { visit }), notOwner);
    theirs.useVisit(visit, ours.visitKey(visit));
    assert.ok((await theirs.fetch(page, "page")).length);
    await theirs.adoptVisit(visit);
    await assert.rejects(ours.call("capture.list", { visit }), notOwner);
    await theirs.closeVisit(visit);
  }));
}));

test("no daemon is said at once and why", () => atCounter({}, async (counter) => {
  await assert.rejects(Client.connect({ run: counter.run }), (error) => {
    assert.ok(error instanceof DaemonUnreachable);
    assert.deepEqual([error.code, error.remedy], ["daemon.unreachable", "technician"]);
    assert.match(error.message, /QUAY_RUNTIME_DIRECTORY/);
    return true;
  });
}));

test("a daemon that hangs is said too", () => atCounter({}, async (counter) => {
  await counter.start();
  await counter.tell("freeze");
  await assert.rejects(Client.connect({ run: counter.run }), DaemonUnreachable);
}));

test("a call that gets no answer says under which request id to ask again", () => atCounter({}, async (counter) => {
  await counter.start();
  await connected(counter, async (quay) => {
    await counter.tell("freeze");
    const fault = await quay.call("visit.open", {}, { timeoutMs: 1000 }).catch((error) => error);
    assert.ok(fault instanceof NoAnswer);
    await counter.tell("thaw");
    const { visit } = await quay.call("visit.open", {}, { requestId: fault.requestId });
    assert.deepEqual((await quay.snapshot()).visits.map((open) => open.visit), [visit]);
  });
}));

test("a front end may be there before the daemon", () => atCounter({}, async (counter) => {
  const [quay] = await Promise.all([Client.connect({ run: counter.run, waitMs: 30000 }), counter.start()]);
  assert.ok(quay.hello.journal);
  quay.close();
}));

test("what the client says by itself is what the daemon says", async () => {
  const table = new URL("../../protocol/schema/errors.json", import.meta.url);
  const rows = JSON.parse(await readFile(table, "utf8")).errors;
  for (const [code, words] of Object.entries(OWN)) {
    const { remedy, vi, en } = rows.find((row) => row.code === code);
    assert.deepEqual(words, { remedy, vi, en });
  }
});
