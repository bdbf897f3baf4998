// SPDX-License-Identifier: Apache-2.0
// Live views through the Node client, at a real counter with a document camera.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, QuayError } from "../../clients/node/index.js";
import { atCounter, waitUntil } from "./counter.mjs";

/** Runs `work` at a counter whose camera is ready. */
const withCamera = (work) =>
  atCounter({ camera: true }, async (counter) => {
    await counter.start();
    const quay = await Client.connect({ run: counter.run });
    const visit = await quay.openVisit();
    await waitUntil(async () => {
      const { devices } = await quay.call("device.list");
      return devices.some(({ id, status }) => id === "overhead-1" && status === "ready");
    });
    const show = (wish) => quay.liveView(visit, "overhead-1", { framesPerSecond: 15, ...wish });
    await work({ counter, quay, visit, show });
    quay.close();
  });

async function judged(view, what) {
  for (;;) {
    const frame = await view.next(20000);
    assert.ok(frame);
    if (frame.judgement && what(frame.judgement)) return frame;
  }
}

test("frames come with what is seen on them", () => withCamera(async ({ counter, show }) => {
  const view = await show();
  const { jpeg, judgement, number } = await judged(view, ({ good }) => good);
  assert.deepEqual([...jpeg.subarray(0, 2)], [0xff, 0xd8]);
  assert.equal(judgement.width, 1280);
  assert.equal(judgement.sheet.length, 4);
  assert.ok(judgement.frame <= number);
  await counter.tell("tell_camera", "hand on");
  const covered = await judged(view, ({ findings }) => findings.length > 0);
  assert.equal(covered.judgement.findings[0].code, "covered");
  assert.match(covered.judgement.findings[0].vi, /ngón tay/);
  await view.close();
}));

test("a slow reader gets the newest frame, not the oldest", () => withCamera(async ({ show }) => {
  const view = await show();
  const first = await view.next(10000);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const second = await view.next(10000);
  assert.ok(second.number - first.number > 10);
  await view.close();
}));

test("leaving the loop frees the camera", () => withCamera(async ({ counter, show }) => {
  const view = await show();
  for await (const frame of view) {
    assert.ok(frame.number > 0);
    break;
  }
  assert.match(await counter.tell("tell_camera", "status"), /streaming=0/);
  await view.close();
}));

test("a sheet that lies still becomes a page by itself", () => withCamera(async ({ quay, visit, show }) => {
  const events = await quay.follow({ topics: ["capture.ready"] });
  const view = await show({ autoCapture: true, settings: { image_size: "1280x720" } });
  await judged(view, ({ page }) => page === "taken");
  const ready = await events.next(30000);
  assert.equal(ready.visit, visit);
  events.close();
  await view.close();
}));

test("it ends with the visit and says so", () => withCamera(async ({ quay, visit, show }) => {
  const view = await show();
  assert.ok(await view.next(10000));
  await quay.closeVisit(visit);
  await assert.rejects(async () => {
    for (;;) await view.next();
  }, QuayError);
  await view.close();
}));
