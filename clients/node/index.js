// SPDX-License-Identifier: Apache-2.0
// Front ends of quayd in Node: scan, follow, fetch; nothing lost, nothing doubled. See README.md.
export { Client, defaultRunDirectory } from "./lib/client.js";
export { CursorFile } from "./lib/cursor.js";
export { DaemonUnreachable, NoAnswer, QuayError } from "./lib/errors.js";
export { EventStream } from "./lib/events.js";
export { LiveView } from "./lib/live.js";
export { ImageStream } from "./lib/pushes.js";
