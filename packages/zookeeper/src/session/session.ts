import { type Logger, MillraceError, type Timer } from "@millrace/platform";
import type { ServerAddress } from "../connect-string.ts";
import { ConnectionLossError, RequestNotTakenError, SessionEndedError } from "../errors.ts";
import { part, type ValueOf } from "../jute/jute.ts";
import { connectRequest, opCodes, reservedXids, type watcherEvent } from "../messages.ts";
import type { ResolvedOptions } from "../options.ts";
import type { Call } from "./call.ts";
import { type Handshake, Link } from "./link.ts";
import { authenticate } from "./authenticate.ts";
import { type NextServer, ServerList } from "./server-list.ts";
import type { SessionEvent, SessionState } from "./session-event.ts";
import { WaitingCalls } from "./waiting-calls.ts";

/** A server that keeps the session for less is as good as one that cannot be reached. */
const steadyMs = 1000;
const headerBytes = 8;

/** What a session tells whom it belongs to. */
export interface SessionOwner {
  changed(event: SessionEvent): void;
  notified(event: ValueOf<typeof watcherEvent>): void;
  /** What to send first on a new connection, so that watches are in place before requests. */
  restoreCalls(lastZxid: bigint): readonly Call[];
  /** The users that the session is, to be told to each server. */
  authCalls(): readonly Call[];
}

/**
 * A session: one connection at a time, another when it is lost, and a clock of its own that says
 * when the servers may have ended it.
 */
export class Session {
  readonly #options: ResolvedOptions;
  readonly #owner: SessionOwner;
  readonly #logger: Logger;
  readonly #servers: ServerList;
  readonly #waiting: WaitingCalls;
  #state: SessionState = "connecting";
  #sessionId = 0n;
  #password: Uint8Array = Buffer.alloc(16);
  #timeoutMs: number;
  #lastZxid = 0n;
  #lastAnsweredSentMs = 0;
  #link: Link | undefined;
  #isPrimed = false;
  #isClosing = false;
  #expiryTimer: Timer | undefined;
  #wake: (() => void) | undefined;

  constructor(options: ResolvedOptions, owner: SessionOwner) {
    const { platform } = options;
    this.#options = options;
    this.#owner = owner;
    this.#timeoutMs = options.sessionTimeoutMs;
    this.#logger = platform.logger.child("zookeeper.session");
    this.#servers = new ServerList(options.servers, platform.random);
    this.#waiting = new WaitingCalls(platform.clock, options.waitMs);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** 0 before the first connection. */
  get sessionId(): bigint {
    return this.#sessionId;
  }

  /** What the server granted; what was asked for before that. */
  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  get lastZxid(): bigint {
    return this.#lastZxid;
  }

  /** On the monotonic clock: no server may end the session before this plus its time-out. */
  get lastAnsweredSentMs(): number {
    return this.#lastAnsweredSentMs;
  }

  get waitingCount(): number {
    return this.#waiting.count;
  }

  get inFlightCount(): number {
    return this.#link?.inFlightCount() ?? 0;
  }

  get hasEnded(): boolean {
    const state = this.#state;
    return state === "expired" || state === "authFailed" || state === "closed";
  }

  /** Looks for a server until the session has ended. */
  async run(): Promise<void> {
    while (!this.hasEnded) {
      const server = this.#servers.next();
      if (server.pauseMs > 0) await this.#pause(server.pauseMs);
      if (this.hasEnded) return;
      const link = await this.#attempt(server);
      if (link === undefined) {
        this.#servers.failed();
        continue;
      }
      const sinceMs = this.#nowMs();
      await link.closed;
      if (this.#nowMs() - sinceMs >= steadyMs) this.#servers.succeeded();
      else this.#servers.failed();
    }
  }

  /** Sends a request as soon as there is a connection and room. */
  submit(call: Call): void {
    if (this.hasEnded || this.#isClosing) {
      call.failed(new SessionEndedError(this.#endReason(), "notSent"));
      return;
    }
    const { requestBytesMax, waitingMax } = this.#options;
    const sizeBytes = call.body.length + headerBytes;
    if (sizeBytes > requestBytesMax) {
      const message = `${call.operation} has ${sizeBytes} bytes; servers take ${requestBytesMax}`;
      call.failed(new RequestNotTakenError(message));
    } else if (this.#waiting.count >= waitingMax) {
      const message = `${waitingMax} requests wait for ZooKeeper already`;
      call.failed(new RequestNotTakenError(message));
    } else {
      this.#waiting.add(call);
      this.#flush();
    }
  }

  /** Sends a user's proof to the server in use; the next ones hear of it by `authCalls`. */
  submitAuth(call: Call): void {
    if (this.#isPrimed) this.#link?.sendReserved(call, reservedXids.auth);
  }

  /** Gives the connection up, and looks for another. */
  dropConnection(error: Error): void {
    this.#link?.close(error);
  }

  /** Ends the session at the server, if there is a connection, and in any case here. */
  async close(): Promise<void> {
    if (this.hasEnded || this.#isClosing) return;
    this.#isClosing = true;
    this.#waiting.failAll(new SessionEndedError("closed", "notSent"));
    const link = this.#link;
    if (link !== undefined && this.#isPrimed) await this.#sayGoodbye(link);
    this.end({ kind: "closed" });
  }

  /** Ends the session here, for good. */
  end(event: Extract<SessionEvent, { kind: "expired" | "authFailed" | "closed" }>): void {
    if (this.hasEnded) return;
    this.#state = event.kind;
    this.#isPrimed = false;
    this.#expiryTimer?.cancel();
    this.#link?.close(new Error(`the session has ended: ${event.kind}`));
    this.#waiting.failAll(new SessionEndedError(event.kind, "notSent"));
    this.#wake?.();
    this.#owner.changed(event);
  }

  async #attempt({ address, failedRounds }: NextServer): Promise<Link | undefined> {
    const server = `${address.host}:${address.port}`;
    const limitMs = this.#attemptMs(failedRounds);
    try {
      const link = await this.#openLink(address, limitMs);
      if (link === undefined) return undefined;
      const sentMs = this.#nowMs();
      const handshake = await link.shakeHands(this.#connectRequest(), limitMs);
      this.#adopt(handshake, sentMs);
      if (this.hasEnded) return undefined;
      const { sasl } = this.#options;
      if (sasl !== undefined) await authenticate(link, sasl, this.#options.platform.random);
      return this.#prime(link, server) ? link : undefined;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#link?.close(error);
      this.#logger.debug("a ZooKeeper server could not be used", { server, error: error.message });
      if (isRefusal(error)) this.end({ kind: "authFailed", cause: error });
      return undefined;
    }
  }

  async #openLink(address: ServerAddress, timeoutMs: number): Promise<Link | undefined> {
    const { platform, tls, answerBytesMax } = this.#options;
    const options = { ...address, timeoutMs, ...(tls === undefined ? {} : { tls }) };
    const socket = await platform.network.connect(options);
    const link = new Link({
      socket,
      address: `${address.host}:${address.port}`,
      clock: platform.clock,
      frameBytesMax: answerBytesMax,
      owner: {
        answered: (sentMs) => this.#wasAlive(sentMs),
        replied: (zxid) => {
          if (zxid > this.#lastZxid) this.#lastZxid = zxid;
          this.#flush();
        },
        notified: (event) => this.#owner.notified(event),
      },
    });
    if (this.hasEnded) {
      link.close(new Error("the session has ended"));
      return undefined;
    }
    this.#link = link;
    return link;
  }

  #connectRequest(): ReturnType<typeof part> {
    return part(connectRequest, {
      protocolVersion: 0,
      lastZxidSeen: this.#lastZxid,
      timeoutMs: this.#options.sessionTimeoutMs,
      sessionId: this.#sessionId,
      password: this.#password,
      readOnly: false,
    });
  }

  #adopt(handshake: Handshake, sentMs: number): void {
    if (this.hasEnded) return;
    if (handshake.timeoutMs <= 0) {
      this.end({ kind: "expired", by: "server" });
      return;
    }
    this.#sessionId = handshake.sessionId;
    this.#password = Buffer.from(handshake.password ?? []);
    this.#timeoutMs = handshake.timeoutMs;
    this.#wasAlive(sentMs);
    this.#armExpiry();
  }

  /** Tells the server who we are and what we watch, then lets requests go. */
  #prime(link: Link, server: string): boolean {
    if (this.hasEnded || !link.isOpen) return false;
    const isNew = this.#state === "connecting";
    link.keepAlive(this.#timeoutMs);
    for (const call of this.#owner.authCalls()) link.sendReserved(call, reservedXids.auth);
    for (const call of this.#owner.restoreCalls(this.#lastZxid)) {
      link.sendReserved(call, reservedXids.setWatches);
    }
    this.#isPrimed = true;
    this.#state = "connected";
    this.#logger.info("connected to ZooKeeper", {
      server,
      sessionId: `0x${BigInt.asUintN(64, this.#sessionId).toString(16)}`,
      timeoutMs: this.#timeoutMs,
      isNew,
    });
    void link.closed.then((error) => this.#lost(error));
    this.#waiting.resume();
    this.#flush();
    this.#owner.changed({ kind: "connected", isNew, server });
    return true;
  }

  #lost(error: Error): void {
    this.#isPrimed = false;
    if (this.hasEnded) return;
    this.#waiting.pause();
    this.#logger.warn("the connection to ZooKeeper is lost", { error: error.message });
    if (this.#state !== "connected") return;
    this.#state = "suspended";
    this.#owner.changed({ kind: "suspended", cause: error });
  }

  #wasAlive(sentMs: number): void {
    if (sentMs > this.#lastAnsweredSentMs) this.#lastAnsweredSentMs = sentMs;
  }

  #armExpiry(): void {
    this.#expiryTimer?.cancel();
    const { clock } = this.#options.platform;
    const endMs = this.#lastAnsweredSentMs + this.#timeoutMs;
    const delayMs = Math.max(1, endMs - clock.monotonicMs());
    this.#expiryTimer = clock.setTimer(delayMs, () => this.#checkExpiry());
  }

  #checkExpiry(): void {
    if (this.hasEnded) return;
    if (this.#nowMs() < this.#lastAnsweredSentMs + this.#timeoutMs) {
      this.#armExpiry();
      return;
    }
    if (!this.#options.resumesAfterDoubt) {
      this.end({ kind: "expired", by: "clock" });
      return;
    }
    this.#state = "inDoubt";
    this.#owner.changed({ kind: "inDoubt" });
    this.#link?.close(new Error("the session is in doubt"));
  }

  #flush(): void {
    const link = this.#link;
    while (this.#isPrimed && link?.isOpen === true) {
      if (link.inFlightCount() >= this.#options.inFlightMax) return;
      const call = this.#waiting.next();
      if (call === undefined) return;
      link.send(call);
    }
  }

  async #sayGoodbye(link: Link): Promise<void> {
    const answer = Promise.withResolvers<void>();
    link.send({
      operation: "closeSession",
      opCode: opCodes.closeSession,
      path: undefined,
      body: Buffer.alloc(0),
      answered: () => answer.resolve(),
      failed: () => answer.resolve(),
    });
    const { clock } = this.#options.platform;
    const timer = clock.setTimer(this.#timeoutMs / 3, () => answer.resolve());
    await answer.promise;
    timer.cancel();
  }

  async #pause(pauseMs: number): Promise<void> {
    const { clock } = this.#options.platform;
    const done = Promise.withResolvers<void>();
    const timer = clock.setTimer(pauseMs, () => done.resolve());
    this.#wake = () => done.resolve();
    await done.promise;
    timer.cancel();
    this.#wake = undefined;
  }

  /**
   * When a silent server is given up a third of the session's time is left: all the others can be
   * tried in it. Servers that are slow get more time in later rounds.
   */
  #attemptMs(failedRounds: number): number {
    const firstMs = this.#timeoutMs / 3 / this.#servers.count;
    return Math.max(1, Math.min(this.#timeoutMs, firstMs * 2 ** failedRounds));
  }

  #endReason(): "expired" | "authFailed" | "closed" {
    const state = this.#state;
    return state === "expired" || state === "authFailed" ? state : "closed";
  }

  #nowMs(): number {
    return this.#options.platform.clock.monotonicMs();
  }
}

/** Whether trying again would end the same. */
function isRefusal(error: Error): boolean {
  return (
    error instanceof MillraceError &&
    !(error instanceof ConnectionLossError) &&
    (error.code === "ZOOKEEPER_SASL_FAILED" || error.code === "ZOOKEEPER_REFUSED")
  );
}
