// SPDX-License-Identifier: Apache-2.0
// Front ends of quayd in Node. The shapes of commands and events: protocol.d.ts; what they mean: docs/protocol.md.
import type { Capture, Commands, Document, ErrorBody, Events, Hello, Job, ScanSettings, Snapshot } from "./protocol.js";

export * from "./protocol.js";

/** A fault. Show `vi` or `en` as it is: it names the action to take. Decide by `code`, or by `remedy` when you do not know the
 * code: clerk, wait, technician, caller, bug. */
export class QuayError extends Error {
  readonly body: ErrorBody;
  readonly code: string;
  readonly remedy: string;
  readonly vi: string;
  readonly en: string;
  readonly device?: string;
  readonly operation?: string;
  readonly detail?: string;
  readonly native?: ErrorBody["native"];
  readonly retryAfterMs?: number;
  /** Of a call that was perhaps carried out: call again with it to learn more. */
  readonly requestId?: string;
}

/** Nobody listens, this user may not, or quayd went away and did not come back in time. Code daemon.unreachable. */
export class DaemonUnreachable extends QuayError {}

/** quayd is there but did not answer in time; the command was perhaps carried out. Code request.deadline. */
export class NoAnswer extends QuayError {}

/** The last event that was handled. */
export interface Cursor {
  journal: string;
  seq: number;
}

/** A cursor on disk: whole or not at all, and durable when `write` has resolved. One program a file. */
export class CursorFile {
  constructor(path: string | URL);
  read(): Promise<Cursor | undefined>;
  write(cursor: Cursor): Promise<void>;
}

/** Events that the client makes itself. */
export interface OwnEvents {
  /** No sign of life for 3 s; the stream goes on by itself. */
  "daemon.lost": Record<string, never>;
  /** quayd is there again. */
  "daemon.back": Record<string, never>;
  /** quayd's journal was made anew: forget what you know, everything follows from its beginning. */
  "journal.changed": { before: string };
  /** What was missed is older than what quayd keeps: these are the pages and documents that nobody has acknowledged. */
  "replay.truncated": { oldest: number; captures: Array<Record<string, unknown>>; documents: Array<Record<string, unknown>> };
}

interface EventOf<Type extends string, Data> {
  type: Type;
  data: Data;
  /** Undefined for events that are not kept: job.progress and the client's own. */
  seq?: number;
  visit?: string;
  at?: string;
  journal?: string;
  request_id?: string;
}

type AllEvents = Events & OwnEvents;

/** What happened; narrow it by `type`. New types may come: leave alone what you do not know. */
export type QuayEvent = { [Type in keyof AllEvents]: EventOf<Type, AllEvents[Type]> }[keyof AllEvents];

/** An event counts as handled when the next one is asked for: then the cursor moves, and is on disk if there is a file. */
export class EventStream implements AsyncIterable<QuayEvent> {
  /** The last event that was handled, or skipped because of its topic. */
  readonly position: Cursor;
  /** The next event; undefined when `timeoutMs` pass without one. Says first that the last one was handled. */
  next(timeoutMs?: number): Promise<QuayEvent | undefined>;
  /** The event that `next` gave last has been handled. */
  commit(): Promise<void>;
  /** Leaves without committing the last event. A `for await` loop closes by itself. */
  close(): void;
  [Symbol.asyncIterator](): AsyncIterator<QuayEvent>;
}

/** One rendition, whole and checked. `number` is where to go on after a restart of your program. */
export interface PushedImage {
  number: number;
  id: string;
  rendition: string;
  mediaType: string;
  sha256: string;
  content: Buffer;
}

export interface FollowImagesOptions {
  /** Of preview, page, document; ["page"]. */
  renditions?: string[];
  /** Bytes that may be under way or wait here, 64 KiB to 4 MiB; 4 MiB. */
  credit?: number;
  /** `number` of the last PushedImage your program has, from an earlier run of it. */
  after?: number;
}

/** Pages of a visit as they become safe. Ends when the visit is closed. However slow you are, no more than `credit` waits here. */
export class ImageStream implements AsyncIterable<PushedImage> {
  private constructor();
  /** Number of the last rendition that was handed out. */
  readonly position: number;
  /** The next rendition; undefined when `timeoutMs` pass without one, or the visit is closed. Rejects with what else ends a
   * follow: visit.not_owner, request.too_many; and with what quayd says to images.follow. */
  next(timeoutMs?: number): Promise<PushedImage | undefined>;
  /** Ends the follow. A `for await` loop closes by itself. */
  close(): void;
  [Symbol.asyncIterator](): AsyncIterator<PushedImage>;
}

/** Something that is wrong with a picture. */
export interface Finding {
  code: string;
  vi: string;
  en: string;
  /** Left, top, right, bottom in pixels of the frame. */
  box: number[];
}

/** What is seen on a frame. */
export interface Judgement {
  /** Its number and size. */
  frame: number;
  width: number;
  height: number;
  /** The sheet's corners clockwise, as [x, y]; empty: none was found. */
  sheet: number[][];
  /** Worst first; empty: good. */
  findings: Finding[];
  /** A whole sheet, and nothing wrong with it. */
  good: boolean;
  /** Where automatic capture stands. */
  page: "off" | "empty" | "moving" | "settling" | "taken" | (string & {});
  /** Why it did not capture what lies there. */
  error?: QuayError;
}

export interface LiveFrame {
  /** Counts what the camera gave. */
  number: number;
  jpeg: Buffer;
  /** The newest there is, of this frame or of one a little earlier. */
  judgement?: Judgement;
}

export interface LiveWish {
  /** At most; 10. */
  framesPerSecond?: number;
  /** A sheet that lies still and is good becomes a page of the visit by itself, once: follow its events. */
  autoCapture?: boolean;
  /** Of those pages. */
  profile?: string;
  settings?: object;
}

/** What a camera sees: the newest frame. Whoever is slow misses frames and never lags behind. */
export class LiveView implements AsyncIterable<LiveFrame> {
  private constructor();
  /** The newest frame; undefined when `timeoutMs` pass without one, or the view was closed. Rejects with what ends a live view
   * for good: visit.closed, device.leased, device.unsupported. */
  next(timeoutMs?: number): Promise<LiveFrame | undefined>;
  /** From now on otherwise. */
  change(wish: LiveWish): Promise<void>;
  /** Ends it; the camera is free then. A `for await` loop closes by itself. */
  close(): Promise<void>;
  [Symbol.asyncIterator](): AsyncIterator<LiveFrame>;
}

export interface ConnectOptions {
  /** Directory of quayd's sockets; $QUAY_RUNTIME_DIRECTORY or /run/quay. */
  run?: string;
  /** What a technician sees. */
  name?: string;
  /** How long quayd may still be starting. */
  waitMs?: number;
  /** tcp://127.0.0.1:PORT instead of `run`, where the technician has set it up; with both keys. */
  address?: string;
  /** The server's public key. */
  serverKey?: string;
  /** A file that `quayctl keys new FILE` made. */
  keyFile?: string | URL;
}

export interface CallOptions {
  /** How long to wait here; 30 s. */
  timeoutMs?: number;
  /** Yours, if the wish has to survive a restart of your program. */
  requestId?: string;
  /** Of the visit that the command concerns; found by itself for visits of this client. */
  visitKey?: string;
  /** After which quayd gives the whole job up. */
  deadlineMs?: number;
}

export interface FollowOptions {
  /** Remembers how far you have come, durably; where the next run of your program goes on. */
  cursorFile?: string;
  /** Where to begin when there is no cursor file yet: a cursor, a snapshot, or by default now. */
  after?: Cursor;
  /** Begin with the oldest event kept instead. */
  fromBeginning?: boolean;
  /** Only these, or only those that begin so: ["job.finished", "capture."]. */
  topics?: string[];
}

export interface ScanWish {
  /** May be left out when there is only one scanner. */
  device?: string;
  settings?: ScanSettings;
  profile?: "hoso" | "photo" | "card" | "signature" | "original" | (string & {});
  /** Sheets counted by the clerk: fewer pages end the job with scan.pages_missing. */
  pagesExpected?: number;
  maxPages?: number;
  requestId?: string;
}

export interface AwaitOptions {
  /** Gets each event of the job, progress too. */
  onEvent?: (event: QuayEvent) => unknown;
  timeoutMs?: number;
  /** false: gives a failed job instead of throwing its error, with the pages that are safe. */
  check?: boolean;
}

export interface ScanResult {
  job: Job;
  /** In order, failed ones included. */
  pages: Capture[];
  /** The ids of the good pages, in order: what `assemble` takes. */
  captures: string[];
  error?: QuayError;
}

export interface FetchOptions {
  /** Only needed for something this client has not met before. */
  visit?: string;
  timeoutMs?: number;
  onProgress?: (done: number, total: number) => unknown;
}

/** $QUAY_RUNTIME_DIRECTORY, else /run/quay. */
export function defaultRunDirectory(): string;

/** A connected front end. Calls may be under way at the same time. */
export class Client {
  private constructor();
  /** Finds quayd and says hello. Rejects with DaemonUnreachable within two seconds (`waitMs` more) when nobody is there. */
  static connect(options?: ConnectOptions): Promise<Client>;
  /** Closes the connection. Visits stay open: close those that are over first. */
  close(): void;

  readonly run: string;
  /** What quayd said of itself on connect. */
  readonly hello: Hello;

  /** Carries out one command and gives its result: of one that becomes a job {job}, see awaitJob. It is sent again under the
   * same request_id as long as no answer comes: over a lost reply and over a restart of quayd it is carried out once.
   * The key of its visit goes along by itself. Rejects with QuayError, DaemonUnreachable, NoAnswer. */
  call<Name extends keyof Commands>(cmd: Name, args?: Commands[Name]["args"], options?: CallOptions): Promise<Commands[Name]["result"]>;

  /** Devices, open visits and unfinished jobs, and up to which event that is true: follow({after: snapshot}) goes on there. */
  snapshot(): Promise<Snapshot>;

  /** Events in order, each once, without gaps, for ever. */
  follow(options?: FollowOptions): Promise<EventStream>;

  /** Opens a visit, one citizen at the counter, and gives its id. Its key stays here and goes with every command. */
  openVisit(facts?: Commands["visit.open"]["args"]): Promise<string>;
  /** Takes over a visit of this account whose key was lost, or a colleague's at the same desk: older keys are void. */
  adoptVisit(visit: string): Promise<void>;
  /** Ends a visit: everything that belongs to it is erased, for good. */
  closeVisit(visit: string): Promise<void>;
  /** The key of a visit of ours, for a program that wants to go on with it after its own restart. Keep it secret. */
  visitKey(visit: string): string | undefined;
  /** Goes on with a visit whose key this program has kept. */
  useVisit(visit: string, key: string): void;

  /** Starts a scan and gives the id of its job. */
  startScan(visit: string, wish?: ScanWish): Promise<string>;
  /** Waits until a job is over and every page of it is clean or given up, over restarts of quayd. */
  awaitJob(job: string, options?: AwaitOptions & { after?: Cursor }): Promise<ScanResult>;
  /** startScan and awaitJob. */
  scan(visit: string, options?: ScanWish & AwaitOptions): Promise<ScanResult>;
  /** What a camera sees now, and what is seen on it, until it is closed. */
  liveView(visit: string, device: string, wish?: LiveWish): Promise<LiveView>;
  /** Joins pages, in this order, into one PDF. Fetch it as fetch(document.document, "document"). */
  assemble(visit: string, captures: string[], options?: { timeoutMs?: number }): Promise<Document>;

  /** Every rendition of the visit, whole and checked, the moment it is safe, and once, until the visit is closed. */
  followImages(visit: string, options?: FollowImagesOptions): Promise<ImageStream>;

  /** The bytes of a rendition (preview, page, document) of a capture or document, checked against their SHA-256. */
  fetch(id: string, rendition: string, options?: FetchOptions): Promise<Buffer>;
  /** The same into a file, which appears when it is whole, checked and durable; gives the SHA-256. What came before an
   * interruption stays in PATH.part (readable by this user only) and is not fetched again. */
  fetchTo(path: string | URL, id: string, rendition: string, options?: FetchOptions): Promise<string>;
}
