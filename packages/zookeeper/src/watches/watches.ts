import type { MillraceError } from "@millrace/platform";
import { encode, part, type ValueOf } from "../jute/jute.ts";
import { opCodes, setWatches2Request, setWatchesRequest, type watcherEvent } from "../messages.ts";
import type { Answer, Call } from "../session/call.ts";
import { ZooKeeperError } from "../errors.ts";
import { type WatchKind, WatchTable } from "./watch-table.ts";
import { changeTypes, type Watcher } from "./watch-event.ts";

/** Servers take 1 MB at once; many paths go in several requests, as the Java client sends them. */
const restoreBytesMax = 128 * 1024;
/** The length before each path. */
const pathOverheadBytes = 4;

/** The watches of a session: told of changes, and put in place again on a new connection. */
export class Watches {
  readonly #table = new WatchTable();
  readonly #insideOf: (path: string) => string;
  readonly #giveUp: (error: MillraceError) => void;

  /** `insideOf` takes the chroot off a path; `giveUp` closes a connection that refuses watches. */
  constructor(insideOf: (path: string) => string, giveUp: (error: MillraceError) => void) {
    this.#insideOf = insideOf;
    this.#giveUp = giveUp;
  }

  add(kind: WatchKind, path: string, watcher: Watcher): void {
    this.#table.add(kind, path, watcher);
  }

  /** @returns whether the server need no longer tell of the path. */
  remove(kind: WatchKind, path: string, watcher: Watcher): boolean {
    return this.#table.remove(kind, path, watcher);
  }

  /** Tells of what the server says. News of the connection are the session's to tell. */
  notified(event: ValueOf<typeof watcherEvent>): void {
    const type = changeTypes.get(event.type);
    if (type === undefined) return;
    const path = this.#insideOf(event.path);
    for (const watcher of this.#table.take({ type, path: event.path })) watcher({ type, path });
  }

  /** A new connection has been told of the watches. */
  restored(): void {
    for (const [path, watcher] of this.#table.persistent()) {
      watcher({ type: "restored", path: this.#insideOf(path) });
    }
  }

  sessionEnded(): void {
    for (const [path, watcher] of this.#table.takeAll()) {
      watcher({ type: "sessionEnded", path: this.#insideOf(path) });
    }
  }

  /**
   * Gives the requests that put the watches in place. The server answers them with the one-shot
   * watches that have fired since `lastZxid`: nothing is lost.
   */
  restoreCalls(lastZxid: bigint): readonly Call[] {
    const paths = this.#table.paths();
    const entries = watchKinds.flatMap((kind) => paths[kind].map((path) => ({ kind, path })));
    return inPortions(entries).map((portion) => {
      const of = (kind: WatchKind): readonly string[] =>
        portion.flatMap((entry) => (entry.kind === kind ? [entry.path] : []));
      const oneShot = {
        relativeZxid: lastZxid,
        data: of("data"),
        exist: of("exist"),
        child: of("child"),
      };
      const persistent = of("persistent");
      const persistentRecursive = of("persistentRecursive");
      // Servers before 3.6 know the first form only.
      if (persistent.length === 0 && persistentRecursive.length === 0) {
        return this.#call(opCodes.setWatches, encode(part(setWatchesRequest, oneShot)));
      }
      const all = { ...oneShot, persistent, persistentRecursive };
      return this.#call(opCodes.setWatches2, encode(part(setWatches2Request, all)));
    });
  }

  #call(opCode: number, body: Uint8Array): Call {
    const operation = "setWatches";
    return {
      operation,
      opCode,
      path: undefined,
      body,
      answered: ({ errorCode }: Answer) => {
        if (errorCode === 0) return;
        this.#giveUp(new ZooKeeperError({ operation, errorCode, path: undefined }));
      },
      // The next connection is told again.
      failed: () => undefined,
    };
  }
}

const watchKinds = ["data", "exist", "child", "persistent", "persistentRecursive"] as const;

function inPortions<T extends { readonly path: string }>(
  entries: readonly T[],
): readonly (readonly T[])[] {
  const portions: T[][] = [];
  let sizeBytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const entryBytes = Buffer.byteLength(entry.path) + pathOverheadBytes;
    if (sizeBytes + entryBytes > restoreBytesMax) {
      portions.push([]);
      sizeBytes = 0;
    }
    portions.at(-1)?.push(entry);
    sizeBytes += entryBytes;
  }
  return portions;
}
