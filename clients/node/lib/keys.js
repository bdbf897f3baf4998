// SPDX-License-Identifier: Apache-2.0
// Which visits are ours: their keys, and which job, page and document belongs to which visit, so that the right key goes
// with every command by itself. Learnt from replies and events; kept in memory only.
const NAMES = ["job", "capture", "document"];

export class KeyRing {
  #keys = new Map();
  #visits = new Map(); // of jobs, captures and documents of visits that are ours

  key(visit) {
    return this.#keys.get(visit);
  }

  add(visit, key) {
    this.#keys.set(visit, key);
  }

  forget(visit) {
    this.#keys.delete(visit);
    for (const [name, owner] of this.#visits) {
      if (owner === visit) this.#visits.delete(name);
    }
  }

  /** The key that a command with these arguments needs; undefined when it concerns no visit of ours. Something never heard of
   * is taken to belong to our only visit, when there is only one. */
  keyFor(args) {
    if (args.visit !== undefined) return this.#keys.get(args.visit);
    const named = [...NAMES, "id"].map((name) => args[name]).filter((name) => name !== undefined);
    if (named.length === 0) return undefined;
    const known = named.map((name) => this.#visits.get(name)).find(Boolean);
    const [only, ...others] = this.#keys.keys();
    return this.#keys.get(known ?? (others.length === 0 ? only : undefined));
  }

  /** Takes in what a reply says: keys, and what belongs to which visit. */
  learn(args, result) {
    if (result.visit && result.visit_key) this.add(result.visit, result.visit_key);
    this.#note(result, args.visit);
  }

  learnEvent(visit, data) {
    this.#note(data, visit);
  }

  #note(found, outer) {
    const visit = found.visit ?? outer;
    for (const inner of Object.values(found).flat()) {
      if (inner && typeof inner === "object") this.#note(inner, visit);
    }
    if (!this.#keys.has(visit)) return;
    const captures = (Array.isArray(found.captures) ? found.captures : []).filter((item) => typeof item === "string");
    const names = NAMES.map((name) => found[name]).filter((name) => typeof name === "string");
    for (const name of [...names, ...captures]) this.#visits.set(name, visit);
  }
}
