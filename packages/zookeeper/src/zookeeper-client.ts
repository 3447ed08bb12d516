import { ConnectionLossError, SessionEndedError, ZooKeeperError } from "./errors.ts";
import { errorCodes } from "./error-names.ts";
import { type CreateOptions, createMessage } from "./create.ts";
import { decode, type EncodedPart, encode, part } from "./jute/jute.ts";
import {
  type Acl,
  addWatchRequest,
  create2Response,
  getAclResponse,
  getChildren2Response,
  getDataResponse,
  opCodes,
  pathRequest,
  removeWatchesRequest,
  type Stat,
  setAclRequest,
  setDataRequest,
  statResponse,
  versionRequest,
  watchRequest,
} from "./messages.ts";
import { type MultiOperation, type MultiOutcome, multiMessage, readMultiAnswer } from "./multi.ts";
import { type ResolvedOptions, resolveOptions, type ZooKeeperOptions } from "./options.ts";
import type { Answer } from "./session/call.ts";
import { Session } from "./session/session.ts";
import type { SessionEvent, SessionListener, SessionState } from "./session/session-event.ts";
import { Users } from "./security/users.ts";
import type { Watcher } from "./watches/watch-event.ts";
import { Watches } from "./watches/watches.ts";

const anyVersion = -1;
/** ZooKeeper's number for watches of every kind (Watcher.WatcherType.Any). */
const anyWatchType = 3;

/** A node that was created; the path has the digits of a sequential one. */
export interface Created {
  readonly path: string;
  readonly stat: Stat;
}

/** A node's bytes, a view of what was received; null for a node that has none. */
export interface NodeData {
  readonly data: Uint8Array | null;
  readonly stat: Stat;
}

/** Names of a node's children, in no order. */
export interface Children {
  readonly children: readonly string[];
  readonly stat: Stat;
}

/** `persistent`: a node and its list of children. `persistentRecursive`: every node below, too. */
export type WatchMode = "persistent" | "persistentRecursive";

/** A persistent watch. */
export interface Watch {
  /** Nothing is told after it. */
  stop(): void;
}

/** With what an operation is done. */
interface Request<T> {
  readonly operation: string;
  readonly opCode: number;
  readonly path: string | undefined;
  readonly parts: readonly EncodedPart[];
  /** Makes the result; called for every answer of `accepts`. */
  readonly read: (answer: Answer) => T;
  /** An error that is an answer too. */
  readonly accepts?: number;
}

/**
 * A client of ZooKeeper 3.5 or newer: one session, from `connect` to `close` or until it ends.
 * Requests are answered in their order. Each may fail with
 * - ZooKeeperError: the server refused it, nothing has changed;
 * - ConnectionLossError: with `outcome` `unknown` it may or may not have been carried out, which
 *   only a read can tell; with `notSent` nothing has happened;
 * - SessionEndedError: for good; RequestNotTakenError: too large, or too many are waiting.
 */
export class ZooKeeperClient {
  readonly #options: ResolvedOptions;
  readonly #session: Session;
  readonly #watches: Watches;
  readonly #users: Users;
  readonly #listeners = new Set<SessionListener>();
  #isStarted = false;

  /** @throws ZooKeeperOptionsError. */
  constructor(options: ZooKeeperOptions) {
    this.#options = resolveOptions(options);
    this.#watches = new Watches(
      (path) => this.#inside(path),
      (error) => this.#session.dropConnection(error),
    );
    this.#users = new Users(this.#options.digests, (error) => {
      this.#session.end({ kind: "authFailed", cause: error });
    });
    this.#session = new Session(this.#options, {
      changed: (event) => this.#changed(event),
      notified: (event) => this.#watches.notified(event),
      restoreCalls: (lastZxid) => this.#watches.restoreCalls(lastZxid),
      authCalls: () => this.#users.calls(),
    });
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** As `ephemeralOwner` of a stat names it; 0 before the first connection. */
  get sessionId(): bigint {
    return this.#session.sessionId;
  }

  /** The session's time as the server granted it. */
  get sessionTimeoutMs(): number {
    return this.#session.timeoutMs;
  }

  /**
   * When the newest request or ping that was answered had been sent, on the monotonic clock: what
   * a lease is judged from. The README says what margin it needs.
   */
  get lastAnsweredSentMs(): number {
    return this.#session.lastAnsweredSentMs;
  }

  /** The newest transaction that this session has seen. */
  get lastZxid(): bigint {
    return this.#session.lastZxid;
  }

  /** Requests that wait, and those that were sent and are not answered. */
  get load(): { readonly waiting: number; readonly inFlight: number } {
    return { waiting: this.#session.waitingCount, inFlight: this.#session.inFlightCount };
  }

  /** Hears of the session from now on. @returns what ends that. */
  onSession(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Waits until a server keeps the session. Without a limit it goes on trying.
   * @throws ConnectionLossError after `timeoutMs`, and the client is closed; SessionEndedError.
   */
  async connect(timeoutMs?: number): Promise<void> {
    if (!this.#isStarted) {
      this.#isStarted = true;
      // It ends with the session; what goes wrong is told as events.
      void this.#session.run();
    }
    if (this.state === "connected") return;
    const done = Promise.withResolvers<void>();
    const stop = this.onSession((event) => {
      if (event.kind === "connected") done.resolve();
      else if (isEnd(event)) done.reject(new SessionEndedError(event.kind, "notSent"));
    });
    const timer =
      timeoutMs === undefined
        ? undefined
        : this.#options.platform.clock.setTimer(timeoutMs, () => {
            const message = `no ZooKeeper server within ${timeoutMs} ms`;
            done.reject(new ConnectionLossError(message, { outcome: "notSent" }));
            void this.close();
          });
    if (this.#session.hasEnded) done.reject(new SessionEndedError("closed", "notSent"));
    try {
      await done.promise;
    } finally {
      timer?.cancel();
      stop();
    }
  }

  /** Ends the session: its ephemeral nodes go at once if a server hears of it. */
  async close(): Promise<void> {
    await this.#session.close();
  }

  /** Creates a node. @throws ZooKeeperError NODE_EXISTS, NO_NODE (its parent), … */
  create(path: string, options: CreateOptions = {}): Promise<Created> {
    const { opCode, body } = createMessage(this.#outside(path), options);
    return this.#ask({
      operation: "create",
      opCode,
      path,
      parts: [body],
      read: ({ reader }) => {
        const created = decode(reader, create2Response);
        return { path: this.#inside(created.path), stat: created.stat };
      },
    });
  }

  /** Deletes a node of that version, or any. @throws ZooKeeperError NO_NODE, BAD_VERSION, … */
  delete(path: string, version: number = anyVersion): Promise<void> {
    return this.#ask({
      operation: "delete",
      opCode: opCodes.delete,
      path,
      parts: [part(versionRequest, { path: this.#outside(path), version })],
      read: () => undefined,
    });
  }

  /** @returns undefined when there is no such node; the watch then waits for it. */
  exists(path: string, watcher?: Watcher): Promise<Stat | undefined> {
    const full = this.#outside(path);
    return this.#ask({
      operation: "exists",
      opCode: opCodes.exists,
      path,
      parts: [part(watchRequest, { path: full, watch: watcher !== undefined })],
      accepts: errorCodes.NO_NODE,
      read: ({ errorCode, reader }) => {
        const stat = errorCode === 0 ? decode(reader, statResponse).stat : undefined;
        const kind = stat === undefined ? "exist" : "data";
        if (watcher !== undefined) this.#watches.add(kind, full, watcher);
        return stat;
      },
    });
  }

  /** Reads a node; the watch tells of one change. @throws ZooKeeperError NO_NODE, … */
  getData(path: string, watcher?: Watcher): Promise<NodeData> {
    const full = this.#outside(path);
    return this.#ask({
      operation: "getData",
      opCode: opCodes.getData,
      path,
      parts: [part(watchRequest, { path: full, watch: watcher !== undefined })],
      read: ({ reader }) => {
        const data = decode(reader, getDataResponse);
        if (watcher !== undefined) this.#watches.add("data", full, watcher);
        return data;
      },
    });
  }

  /** Writes a node of that version, or any. @throws ZooKeeperError NO_NODE, BAD_VERSION, … */
  setData(path: string, data: Uint8Array, version: number = anyVersion): Promise<Stat> {
    return this.#ask({
      operation: "setData",
      opCode: opCodes.setData,
      path,
      parts: [part(setDataRequest, { path: this.#outside(path), data, version })],
      read: ({ reader }) => decode(reader, statResponse).stat,
    });
  }

  /** Lists a node's children; the watch tells of one change of the list. */
  getChildren(path: string, watcher?: Watcher): Promise<Children> {
    const full = this.#outside(path);
    return this.#ask({
      operation: "getChildren",
      opCode: opCodes.getChildren2,
      path,
      parts: [part(watchRequest, { path: full, watch: watcher !== undefined })],
      read: ({ reader }) => {
        const children = decode(reader, getChildren2Response);
        if (watcher !== undefined) this.#watches.add("child", full, watcher);
        return children;
      },
    });
  }

  /** Reads behind it see all that was committed before it was sent, whoever wrote it. */
  sync(path = "/"): Promise<void> {
    return this.#ask({
      operation: "sync",
      opCode: opCodes.sync,
      path,
      parts: [part(pathRequest, { path: this.#outside(path) })],
      read: () => undefined,
    });
  }

  /** Does all of it or nothing. A step that cannot be done is a result, not an error. */
  multi(operations: readonly MultiOperation[]): Promise<MultiOutcome> {
    return this.#ask({
      operation: "multi",
      opCode: opCodes.multi,
      path: undefined,
      parts: multiMessage(operations, (path) => this.#outside(path)),
      read: ({ reader, zxid }) => readMultiAnswer(reader, zxid, (path) => this.#inside(path)),
    });
  }

  /** Reads who may do what with a node. */
  getAcl(path: string): Promise<{ readonly acl: readonly Acl[]; readonly stat: Stat }> {
    return this.#ask({
      operation: "getAcl",
      opCode: opCodes.getAcl,
      path,
      parts: [part(pathRequest, { path: this.#outside(path) })],
      read: ({ reader }) => decode(reader, getAclResponse),
    });
  }

  /** Says who may do what with a node; the version is that of its list, `aclVersion`. */
  setAcl(path: string, acl: readonly Acl[], version: number = anyVersion): Promise<Stat> {
    return this.#ask({
      operation: "setAcl",
      opCode: opCodes.setAcl,
      path,
      parts: [part(setAclRequest, { path: this.#outside(path), acl, version })],
      read: ({ reader }) => decode(reader, statResponse).stat,
    });
  }

  /**
   * Makes the session that user too (scheme `digest`), on this connection and the next ones.
   * A server that refuses ends the session: `authFailed`.
   */
  addDigest(username: string, password: string): void {
    this.#session.submitAuth(this.#users.add({ username, password }));
  }

  /**
   * Watches a node until it is stopped; it need not exist. For servers from 3.6 on.
   * @throws ZooKeeperError UNIMPLEMENTED of an older one: watch with the reads instead.
   */
  addWatch(path: string, mode: WatchMode, watcher: Watcher): Promise<Watch> {
    const full = this.#outside(path);
    const number = mode === "persistent" ? 0 : 1;
    return this.#ask({
      operation: "addWatch",
      opCode: opCodes.addWatch,
      path,
      parts: [part(addWatchRequest, { path: full, mode: number })],
      read: () => {
        this.#watches.add(mode, full, watcher);
        return { stop: () => this.#stopWatch(full, mode, watcher) };
      },
    });
  }

  #stopWatch(full: string, mode: WatchMode, watcher: Watcher): void {
    if (!this.#watches.remove(mode, full, watcher) || this.#session.hasEnded) return;
    this.#ask({
      operation: "removeWatches",
      opCode: opCodes.removeWatches,
      path: full,
      parts: [part(removeWatchesRequest, { path: full, type: anyWatchType })],
      read: () => undefined,
    }).catch(() => {
      // A server that goes on telling is not listened to; a new connection is not told to.
    });
  }

  #ask<T>(request: Request<T>): Promise<T> {
    const { operation, opCode, path, accepts, read } = request;
    return new Promise((resolve, reject) => {
      this.#session.submit({
        operation,
        opCode,
        path,
        body: encode(...request.parts),
        answered: (answer) => {
          const { errorCode } = answer;
          if (errorCode === 0 || errorCode === accepts) resolve(read(answer));
          else reject(new ZooKeeperError({ operation, errorCode, path }));
        },
        failed: reject,
      });
    });
  }

  #changed(event: SessionEvent): void {
    if (event.kind === "connected" && !event.isNew) this.#watches.restored();
    for (const listener of this.#listeners) listener(event);
    if (isEnd(event)) this.#watches.sessionEnded();
  }

  /** The path as the server knows it. */
  #outside(path: string): string {
    const { chroot } = this.#options;
    if (chroot === "") return path;
    return path === "/" ? chroot : chroot + path;
  }

  /** The path as the caller knows it. */
  #inside(path: string): string {
    const { chroot } = this.#options;
    if (chroot === "" || !path.startsWith(chroot)) return path;
    return path.slice(chroot.length) || "/";
  }
}

type SessionEnd = Extract<SessionEvent, { readonly kind: "expired" | "authFailed" | "closed" }>;

function isEnd(event: SessionEvent): event is SessionEnd {
  return event.kind === "expired" || event.kind === "authFailed" || event.kind === "closed";
}
