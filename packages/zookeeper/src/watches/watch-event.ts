/** What a watch tells. */
export type WatchEvent =
  | {
      readonly type: "created" | "deleted" | "dataChanged" | "childrenChanged";
      readonly path: string;
    }
  /**
   * A persistent watch is in place again after a reconnection. Servers do not say what changed
   * meanwhile: read again. (One-shot watches lose nothing: what changed meanwhile is told.)
   */
  | { readonly type: "restored"; readonly path: string }
  /** The session is over, and with it every watch. */
  | { readonly type: "sessionEnded"; readonly path: string };

/** Is called with each event, before the answers that the server sends behind it. */
export type Watcher = (event: WatchEvent) => void;

/** ZooKeeper's numbers (Watcher.Event.EventType) of changes. */
export const changeTypes: ReadonlyMap<
  number,
  "created" | "deleted" | "dataChanged" | "childrenChanged"
> = new Map([
  [1, "created"],
  [2, "deleted"],
  [3, "dataChanged"],
  [4, "childrenChanged"],
] as const);
