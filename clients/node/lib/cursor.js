// SPDX-License-Identifier: Apache-2.0
// The file that remembers how far a program has come in the journal, over a restart.
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

/** Makes a rename in `directory` durable (fsync(2)). */
export async function syncDirectory(directory) {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A cursor `{journal, seq}` on disk: whole or not at all, and durable when `write` has resolved. One program a file. */
export class CursorFile {
  constructor(path) {
    this.path = String(path);
  }

  /** Undefined when there is no file yet. Rejects when it holds no cursor: it was damaged, or is another file. */
  async read() {
    let text;
    try {
      text = await readFile(this.path, "utf8");
    } catch (fault) {
      if (fault.code === "ENOENT") return undefined;
      throw fault;
    }
    try {
      const { journal, seq } = JSON.parse(text);
      if (typeof journal === "string" && Number.isSafeInteger(seq)) return { journal, seq };
    } catch {
      // Said below.
    }
    throw new Error(`${this.path} holds no cursor: remove it to begin anew`);
  }

  async write({ journal, seq }) {
    const draft = `${this.path}.new`;
    const handle = await open(draft, "w");
    try {
      await handle.writeFile(`${JSON.stringify({ journal, seq })}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, this.path);
    await syncDirectory(dirname(this.path));
  }
}
