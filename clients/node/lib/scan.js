// SPDX-License-Identifier: Apache-2.0
// One scan seen from a front end: which scanner, and how it ended.
import { DaemonUnreachable, NoAnswer, QuayError, ownError } from "./errors.js";
import { now } from "./wire.js";

const LOOK_AGAIN_MS = 5000; // without news of the job for this long it is looked at anyway
const RUNNING = ["queued", "running"];
const NEWS = ["job.finished", "capture.ready", "capture.failed"];

/** How a job ended: `pages` are its captures in order, failed ones included; `captures` the ids of the good ones. */
function outcome(job, pages) {
  const captures = pages.filter((page) => page.state === "ready").map((page) => page.capture);
  const body = [job, ...pages].map((one) => one.error).find(Boolean);
  return { job, pages, captures, error: body && new QuayError(body) };
}

/** The only scanner. Throws request.bad_argument when there is none or more than one. */
export function chooseScanner(devices) {
  const scanners = devices.filter((device) => device.kind === "scanner").map((device) => device.id);
  if (scanners.length === 1) return scanners[0];
  const found = scanners.join(", ") || "none; see quayctl devices";
  throw ownError("request.bad_argument", "scan.start", `name the device, there are: ${found}`);
}

/** Looks at the job when an event concerns it, and now and then anyway. */
export async function awaitScan(client, job, events, { onEvent, timeoutMs = Infinity }) {
  const until = now() + timeoutMs;
  for (;;) {
    const result = await look(client, job);
    if (result) return result;
    if (now() >= until) throw ownError("request.deadline", "job.get", `job ${job} is not over after ${timeoutMs} ms`);
    await awaitNews(events, job, onEvent, Math.min(until, now() + LOOK_AGAIN_MS));
  }
}

async function awaitNews(events, job, onEvent, until) {
  while (now() < until) {
    const event = await events.next(until - now());
    if (!event || event.type === "daemon.back" || event.type === "journal.changed") return;
    if (event.data.job !== job) continue;
    await onEvent?.(event);
    if (NEWS.includes(event.type)) return;
  }
}

/** The job with its pages when all is over; undefined as long as it is not, or quayd is restarting. */
async function look(client, job) {
  const patience = { timeoutMs: LOOK_AGAIN_MS };
  try {
    const found = await client.call("job.get", { job }, patience);
    if (RUNNING.includes(found.state)) return undefined;
    const { captures } = await client.call("capture.list", { visit: found.visit, job }, patience);
    return captures.some((page) => page.state === "captured") ? undefined : outcome(found, captures);
  } catch (fault) {
    if (fault instanceof DaemonUnreachable || fault instanceof NoAnswer) return undefined;
    throw fault;
  }
}
