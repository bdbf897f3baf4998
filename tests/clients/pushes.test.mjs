// SPDX-License-Identifier: Apache-2.0
// Pages come to the Node client by themselves: each once, whole, over deaths of quayd; and over tcp with CURVE too.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { Client, DaemonUnreachable } from "../../clients/node/index.js";
import { atCounter } from "./counter.mjs";

const ADF = { source: "adf", resolution_dpi: 75 };

/** The next `count` renditions. */
async function take(stream, count) {
  const found = [];
  while (found.length < count) {
    const image = await stream.next(30000);
    assert.ok(image, `${found.length} of ${count} came`);
    found.push(image);
  }
  return found;
}

const ids = (images) => images.map((image) => image.id);

test("every rendition comes by itself and once, and is what a fetch gives", () =>
  atCounter({ sheets: 3 }, async (counter) => {
    await counter.start();
    const quay = await Client.connect({ run: counter.run });
    const visit = await quay.openVisit();
    const stream = await quay.followImages(visit, { renditions: ["preview", "page"] });
    const scanning = quay.scan(visit, { settings: ADF });
    const images = await take(stream, 6);
    const { captures } = await scanning;
    assert.equal(await stream.next(300), undefined);
    const wanted = captures.flatMap((id) => [`${id} page`, `${id} preview`]).sort();
    assert.deepEqual(images.map(({ id, rendition }) => `${id} ${rendition}`).sort(), wanted);
    for (const { id, rendition, content } of images) assert.ok(content.equals(await quay.fetch(id, rendition)));
    const position = stream.position;
    stream.close();
    const late = await quay.followImages(visit);
    assert.deepEqual(ids(await take(late, 3)), captures);
    late.close();
    const rest = await quay.followImages(visit, { renditions: ["preview", "page"], after: position });
    assert.equal(await rest.next(300), undefined);
    await quay.closeVisit(visit);
    for await (const image of rest) assert.fail(image.id);
    quay.close();
  }));

test("a daemon killed in mid-scan costs no page and doubles none", () =>
  atCounter({ sheets: 8 }, async (counter) => {
    await counter.tell("set", "ppm", 120);
    await counter.start();
    const quay = await Client.connect({ run: counter.run });
    const visit = await quay.openVisit();
    const stream = await quay.followImages(visit);
    const job = await quay.startScan(visit, { settings: ADF });
    const images = await take(stream, 2);
    await counter.kill();
    await counter.start();
    await quay.awaitJob(job, { check: false });
    const { captures } = await quay.call("capture.list", { visit });
    images.push(...(await take(stream, captures.length - 2)));
    assert.equal(await stream.next(500), undefined);
    assert.deepEqual(ids(images).sort(), captures.map((page) => page.capture).sort());
    stream.close();
    quay.close();
  }));

test("large pages come in pieces under a small credit; a takeover is an error", () =>
  atCounter({ sheets: 2 }, async (counter) => {
    await counter.start();
    const quay = await Client.connect({ run: counter.run });
    const visit = await quay.openVisit();
    const stream = await quay.followImages(visit, { credit: 64 << 10 });
    const { captures } = await quay.scan(visit, { settings: { source: "adf", resolution_dpi: 300 }, profile: "original" });
    const images = await take(stream, 2);
    assert.deepEqual(ids(images), captures);
    for (const { id, content } of images) {
      assert.ok(content.length > 64 << 10);
      assert.ok(content.equals(await quay.fetch(id, "page")));
    }
    const colleague = await Client.connect({ run: counter.run });
    await colleague.adoptVisit(visit);
    await assert.rejects(stream.next(10000), { code: "visit.not_owner" });
    colleague.close();
    stream.close();
    quay.close();
  }));

test("all of it over tcp with CURVE; and what is wrong with an address is said", () =>
  atCounter({ sheets: 2, tcp: true }, async (counter) => {
    await counter.start();
    const { connect: address, server_key: serverKey, key_file: keyFile } = counter;
    const quay = await Client.connect({ address, serverKey, keyFile });
    assert.equal(quay.hello.peer, "kiosk");
    const visit = await quay.openVisit();
    const events = await quay.follow();
    const images = await quay.followImages(visit);
    const { captures } = await quay.scan(visit, { settings: ADF });
    const pushed = await take(images, 2);
    assert.deepEqual(ids(pushed), captures);
    assert.ok(pushed[0].content.equals(await quay.fetch(captures[0], "page")));
    assert.equal((await events.next(10000)).type, "job.started");
    events.close();
    images.close();
    quay.close();
    await writeFile(`${counter.path}/stranger.key`, "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\n");
    const stranger = Client.connect({ address, serverKey, keyFile: `${counter.path}/stranger.key` });
    await assert.rejects(stranger, (fault) => fault instanceof DaemonUnreachable && /yours in its list/.test(fault.message));
    await assert.rejects(Client.connect({ address: "tcp://10.0.0.1:7320", serverKey, keyFile }), /was expected/);
    await assert.rejects(Client.connect({ address, keyFile }), /key of the server/);
    await assert.rejects(Client.connect({ address, serverKey: "short", keyFile }), /40 characters/);
  }));
