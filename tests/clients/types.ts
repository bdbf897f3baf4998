// SPDX-License-Identifier: Apache-2.0
// Never run: tsc says whether the types of the Node client allow what is right and refuse what is wrong.
import { Client, DaemonUnreachable, QuayError } from "../../clients/node/index.js";
import type { Device, QuayEvent, ScanResult } from "../../clients/node/index.js";

export async function right(): Promise<number> {
  const quay = await Client.connect({ name: "desk", waitMs: 1000 });
  const devices: Device[] = (await quay.snapshot()).devices;
  const visit: string = await quay.openVisit();
  const scan: ScanResult = await quay.scan(visit, { device: devices[0]?.id, settings: { source: "adf" }, onEvent: show });
  const listed = await quay.call("capture.list", { visit });
  for await (const event of await quay.follow({ cursorFile: "cursor", topics: ["job."] })) show(event);
  const bytes: Buffer = await quay.fetch(scan.captures[0] ?? "", "preview", { onProgress: (done, total) => done / total });
  return bytes.length + listed.captures.length;
}

function show(event: QuayEvent): string {
  switch (event.type) {
    case "job.progress":
      return `${event.data.page}: ${event.data.percent} %`;
    case "replay.truncated":
      return `${event.data.captures.length}`;
    default:
      return event.type;
  }
}

export async function watch(quay: Client): Promise<string> {
  const view = await quay.liveView("v", "overhead-1", { framesPerSecond: 5, autoCapture: true });
  for await (const { jpeg, judgement, number } of view) {
    if (judgement?.good) return `${number}: ${jpeg.length} bytes, ${judgement.sheet.length} corners`;
    for (const { vi, box } of judgement?.findings ?? []) console.log(vi, box[0]);
  }
  await view.change({ framesPerSecond: 1 });
  await view.close();
  return "";
}

export async function wrong(quay: Client): Promise<void> {
  // @ts-expect-error There is no such command.
  await quay.call("scan.begin", {});
  // @ts-expect-error The device is missing.
  await quay.call("scan.start", { visit: "v" });
  // @ts-expect-error There is no such source.
  await quay.scan("v", { settings: { source: "camera" } });
  // @ts-expect-error A client is made by connect().
  new Client();
}

export function fault(error: unknown): string {
  if (error instanceof DaemonUnreachable) return error.vi;
  return error instanceof QuayError ? `${error.code} ${error.native?.name} ${error.retryAfterMs}` : "";
}
