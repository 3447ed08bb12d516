/**
 * What becomes of a session.
 *
 *     connecting → connected ⇄ suspended → expired
 *                                 ⇅
 *                              inDoubt → expired
 *
 * and from everywhere authFailed and closed. The last three are for good.
 */
export type SessionState =
  | "connecting"
  | "connected"
  | "suspended"
  | "inDoubt"
  | "expired"
  | "authFailed"
  | "closed";

/** News of a session. */
export type SessionEvent =
  /** `isNew` is false when the session goes on after a lost connection. */
  | { readonly kind: "connected"; readonly isNew: boolean; readonly server: string }
  /** The connection is lost; the session lives for now, and a server is looked for. */
  | { readonly kind: "suspended"; readonly cause: Error }
  /**
   * By our clock the servers may have ended the session. The client looks for a server all the
   * same; `connected` or `expired` follows. Only where `resumesAfterDoubt` is chosen.
   */
  | { readonly kind: "inDoubt" }
  /** The session is over: a server said so, or by our clock one may have decided it. */
  | { readonly kind: "expired"; readonly by: "server" | "clock" }
  | { readonly kind: "authFailed"; readonly cause: Error }
  | { readonly kind: "closed" };

/** Is called with each event, in the turn in which it came. */
export type SessionListener = (event: SessionEvent) => void;
