// SPDX-License-Identifier: Apache-2.0
// The counter of counter.py for tests in Node: the same program, told what to do over a pipe.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = fileURLToPath(new URL("counter.py", import.meta.url));

/** Gives what `what` resolves to as soon as it is true. */
export async function waitUntil(what, patienceMs = 30000) {
  for (const until = Date.now() + patienceMs; ;) {
    const found = await what();
    if (found) return found;
    if (Date.now() > until) throw new Error("did not come true in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export class Counter {
  #program;
  #lines;

  /** Options: sheets, bridge. */
  static async make(options = {}) {
    const counter = new Counter();
    counter.#program = spawn("/usr/bin/python3", [PROGRAM, JSON.stringify(options)], { stdio: ["pipe", "pipe", "inherit"] });
    counter.#lines = createInterface({ input: counter.#program.stdout })[Symbol.asyncIterator]();
    Object.assign(counter, JSON.parse((await counter.#lines.next()).value));
    return counter;
  }

  /** Calls a method of the Counter in Python, or of its bridge: tell("bridge.drop_replies", "scan.start", 1). */
  async tell(method, ...args) {
    this.#program.stdin.write(`${JSON.stringify({ do: method, with: args })}\n`);
    const { value } = await this.#lines.next();
    const { gave, failed } = JSON.parse(value);
    if (failed) throw new Error(failed);
    return gave;
  }

  start() {
    return this.tell("start");
  }

  kill() {
    return this.tell("kill");
  }

  async close() {
    const ended = new Promise((resolve) => this.#program.once("exit", resolve));
    this.#program.stdin.end();
    await ended;
  }
}

/** Runs `body(counter)` at a counter of its own. */
export async function atCounter(options, body) {
  const counter = await Counter.make(options);
  try {
    return await body(counter);
  } finally {
    await counter.close();
  }
}
