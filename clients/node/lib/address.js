// SPDX-License-Identifier: Apache-2.0
// Where quayd is: a directory of sockets, or a port of 127.0.0.1 with CURVE keys. Says how to connect to each of its three
// sockets, and why that cannot be done.
import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { ownError } from "./errors.js";

const SOCKETS = ["events", "control", "images"]; // over tcp: on the port named, and on the next two
const Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"; // RFC 32
const LETTERS = 40;
const PKCS8_X25519 = Buffer.from("302e020100300506032b656e04220420", "hex"); // RFC 8410, before the 32 bytes
const PROBE_PATIENCE_MS = 1000;

const REASONS = {
  EACCES: "permission denied; only root and members of the group of that socket may speak to quayd",
  ENOENT: "no such socket; is quayd running, and is QUAY_RUNTIME_DIRECTORY its runtime directory?",
  ECONNREFUSED: "connection refused: quayd has ended",
};

/** Rejects with DaemonUnreachable, and the reason in words, unless somebody listens at `place` (net.connect). */
function probe(place, endpoint) {
  return new Promise((resolve, reject) => {
    const socket = connect(place);
    const end = (reason) => {
      socket.destroy();
      if (reason) reject(ownError("daemon.unreachable", `connect ${endpoint}`, reason));
      else resolve();
    };
    socket.setTimeout(PROBE_PATIENCE_MS, () => end("no answer"));
    socket.once("connect", () => end());
    socket.once("error", (fault) => end(fault.code === "EAGAIN" ? undefined : (REASONS[fault.code] ?? fault.message)));
  });
}

/** Sockets in a directory. */
export class LocalAddress {
  hint = "";
  #run;

  constructor(run) {
    this.#run = run;
  }

  endpoint(name) {
    return `ipc://${this.#run}/${name}`;
  }

  /** What a ZeroMQ socket needs before it connects. */
  options() {
    return {};
  }

  probe(name) {
    const path = `${this.#run}/${name}`;
    return probe({ path }, path);
  }
}

function z85Decode(text) {
  const bytes = Buffer.alloc((text.length / 5) * 4);
  for (let at = 0; at < text.length; at += 5) {
    const word = [...text.slice(at, at + 5)].reduce((sum, letter) => sum * 85 + Z85.indexOf(letter), 0);
    bytes.writeUInt32BE(word, (at / 5) * 4);
  }
  return bytes;
}

function z85Encode(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    let word = bytes.readUInt32BE(at);
    let letters = "";
    for (let i = 0; i < 5; i += 1) {
      letters = Z85[word % 85] + letters;
      word = Math.floor(word / 85);
    }
    text += letters;
  }
  return text;
}

/** The public key of a secret one, both in Z85: CURVE's are X25519's (ZeroMQ RFC 26). */
export function publicKeyOf(secretKey) {
  const der = Buffer.concat([PKCS8_X25519, z85Decode(secretKey)]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return z85Encode(Buffer.from(createPublicKey(secret).export({ format: "jwk" }).x, "base64url"));
}

function checkKey(key, where) {
  const good = typeof key === "string" && key.length === LETTERS && [...key].every((letter) => Z85.includes(letter));
  if (!good) throw new Error(`${where}: a key of ${LETTERS} characters was expected`);
  return key;
}

/** A port of 127.0.0.1, that of `events`. */
export class TcpAddress {
  hint = "; is that the server's key, and is yours in its list ([[tcp.client]] of quay.toml)?";
  #port;
  #options;

  /** Throws when something is missing or misspelt. */
  constructor(address, { serverKey, keyFile }) {
    const port = Number(/^tcp:\/\/127\.0\.0\.1:(\d{1,5})$/.exec(address)?.[1]);
    if (!(port > 0 && port <= 65533)) {
      throw new Error(`${address}: tcp://127.0.0.1:PORT was expected, PORT as in [tcp] of quay.toml`);
    }
    if (!serverKey || !keyFile) {
      throw new Error(`${address}: the key of the server and the file with your own were expected too`);
    }
    const curveSecretKey = checkKey(readFileSync(keyFile, "utf8").split("\n")[0].trim(), String(keyFile));
    this.#port = port;
    this.#options = {
      curveServerKey: checkKey(serverKey, "serverKey"), curveSecretKey, curvePublicKey: publicKeyOf(curveSecretKey),
    };
  }

  endpoint(name) {
    return `tcp://127.0.0.1:${this.#port + SOCKETS.indexOf(name)}`;
  }

  options() {
    return this.#options;
  }

  probe(name) {
    return probe({ host: "127.0.0.1", port: this.#port + SOCKETS.indexOf(name) }, this.endpoint(name));
  }
}
