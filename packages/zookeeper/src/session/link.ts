import type { Clock, Connection, Timer } from "@millrace/platform";
import { ConnectionLossError } from "../errors.ts";
import { FrameReader } from "../frame-reader.ts";
import { decode, type EncodedPart, encode, part, type ValueOf } from "../jute/jute.ts";
import { JuteError, JuteReader } from "../jute/jute-reader.ts";
import {
  connectResponse,
  opCodes,
  replyHeader,
  requestHeader,
  reservedXids,
  watcherEvent,
} from "../messages.ts";
import type { Call } from "./call.ts";

const xidMax = 0x7fff_ffff;
const empty = Buffer.alloc(0);

/** What a link tells whom it belongs to, in the turn in which the bytes came. */
export interface LinkOwner {
  /** Something that was sent at `sentMs` is answered: the session was alive at that moment. */
  answered(sentMs: number): void;
  /** An answer to a request; there is room for another one. */
  replied(zxid: bigint): void;
  notified(event: ValueOf<typeof watcherEvent>): void;
}

/** What a link works with. */
export interface LinkOptions {
  readonly socket: Connection;
  readonly address: string;
  readonly clock: Clock;
  readonly owner: LinkOwner;
  readonly frameBytesMax: number;
}

/** What a server answers to the first message. `timeoutMs` 0 or less: the session has expired. */
export type Handshake = ValueOf<typeof connectResponse>;

interface InFlight {
  readonly call: Call;
  readonly xid: number;
  readonly sentMs: number;
}

/**
 * One connection to a server. First the handshake, then requests, answered in their order, with
 * pings between them when it is quiet. A server that says nothing for two thirds of the session's
 * time is given up, so that a third is left to find another.
 */
export class Link {
  readonly address: string;
  /** Resolves with why the link has ended. */
  readonly closed: Promise<Error>;
  readonly #options: LinkOptions;
  readonly #frames: FrameReader;
  readonly #handshake = Promise.withResolvers<Handshake>();
  #isShaken = false;
  #error: Error | undefined;
  readonly #ended = Promise.withResolvers<Error>();
  /** Sent and not answered; those with a reserved number are answered out of turn. */
  #inFlight: InFlight[] = [];
  readonly #reserved: InFlight[] = [];
  #xid = 0;
  #outgoing: Uint8Array[] = [];
  #timer: Timer | undefined;
  #pingSentMs: number | undefined;
  #lastSentMs = 0;
  #lastReceivedMs = 0;
  #timeoutMs = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.address = options.address;
    this.closed = this.#ended.promise;
    this.#frames = new FrameReader(options.frameBytesMax);
    // Whoever waits for the handshake hears of its failure; nobody may wait any more.
    this.#handshake.promise.catch(() => undefined);
    const { socket } = options;
    socket.onData((bytes) => this.#received(bytes));
    socket.onClose((error) => this.close(error ?? new Error("the server closed the connection")));
  }

  get isOpen(): boolean {
    return this.#error === undefined;
  }

  inFlightCount(): number {
    return this.#inFlight.length;
  }

  /** Sends the first message. @throws Error when there is no answer before the deadline. */
  shakeHands(request: EncodedPart, deadlineMs: number): Promise<Handshake> {
    this.#write(encode(request));
    this.#timer = this.#options.clock.setTimer(deadlineMs, () => {
      this.close(new Error(`no handshake within ${Math.round(deadlineMs)} ms`));
    });
    return this.#handshake.promise;
  }

  /** Begins to ping, for a session that lives so long without. */
  keepAlive(timeoutMs: number): void {
    this.#timeoutMs = timeoutMs;
    this.#watchOver();
  }

  /** Sends a request. What becomes of it is told to the call. */
  send(call: Call): void {
    this.#xid = this.#xid === xidMax ? 1 : this.#xid + 1;
    this.#inFlight.push(this.#transmit(call, this.#xid));
  }

  /** Sends a request under a number that several may share. */
  sendReserved(call: Call, xid: number): void {
    this.#reserved.push(this.#transmit(call, xid));
  }

  /** Closes at once. What was sent and not answered may or may not have been carried out. */
  close(error: Error): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#timer?.cancel();
    this.#options.socket.destroy();
    const left = [...this.#reserved.splice(0), ...this.#inFlight.splice(0)];
    for (const { call } of left) {
      const message = `${call.operation} was sent to ${this.address} and not answered`;
      call.failed(new ConnectionLossError(message, { outcome: "unknown", cause: error }));
    }
    this.#handshake.reject(error);
    this.#ended.resolve(error);
  }

  #transmit(call: Call, xid: number): InFlight {
    this.#write(encode(part(requestHeader, { xid, opCode: call.opCode })), call.body);
    return { call, xid, sentMs: this.#lastSentMs };
  }

  /** Gathers what is sent in one turn into one write. */
  #write(head: Uint8Array, body: Uint8Array = empty): void {
    const prefix = Buffer.allocUnsafe(4);
    prefix.writeInt32BE(head.length + body.length);
    this.#lastSentMs = this.#options.clock.monotonicMs();
    if (this.#outgoing.length === 0) queueMicrotask(() => this.#flush());
    this.#outgoing.push(prefix, head, body);
  }

  #flush(): void {
    const chunks = this.#outgoing;
    this.#outgoing = [];
    if (this.#error === undefined) this.#options.socket.write([Buffer.concat(chunks)]);
  }

  #received(bytes: Buffer): void {
    if (this.#error !== undefined) return;
    this.#lastReceivedMs = this.#options.clock.monotonicMs();
    try {
      const refused = this.#frames.take(bytes, (frame) => this.#take(frame));
      if (refused === undefined) return;
      const limit = this.#options.frameBytesMax;
      this.close(new JuteError(`the server announced ${refused} bytes; at most ${limit}`));
    } catch (error) {
      if (!(error instanceof JuteError)) throw error;
      this.close(error);
    }
  }

  #take(frame: Buffer): void {
    if (this.#error !== undefined) return;
    const reader = new JuteReader(frame);
    if (!this.#isShaken) {
      this.#isShaken = true;
      this.#timer?.cancel();
      this.#handshake.resolve(decode(reader, connectResponse));
      return;
    }
    const header = decode(reader, replyHeader);
    if (header.xid === reservedXids.notification) {
      this.#options.owner.notified(decode(reader, watcherEvent));
    } else if (header.xid === reservedXids.ping) {
      this.#pinged();
    } else {
      this.#answer(header, reader);
    }
  }

  #answer(header: ValueOf<typeof replyHeader>, reader: JuteReader): void {
    const { owner } = this.#options;
    const found = this.#find(header.xid);
    if (found === undefined) {
      throw new JuteError(`an answer to request ${header.xid}, which is not the next one`);
    }
    owner.answered(found.sentMs);
    const { call } = found;
    try {
      call.answered({ errorCode: header.error, zxid: header.zxid, reader });
    } catch (error) {
      if (!(error instanceof JuteError)) throw error;
      const message = `the answer to ${call.operation} cannot be read`;
      call.failed(new ConnectionLossError(message, { outcome: "unknown", cause: error }));
      throw error;
    }
    owner.replied(header.zxid);
  }

  #find(xid: number): InFlight | undefined {
    if (xid > 0) return this.#inFlight[0]?.xid === xid ? this.#inFlight.shift() : undefined;
    const index = this.#reserved.findIndex((sent) => sent.xid === xid);
    return index === -1 ? undefined : this.#reserved.splice(index, 1)[0];
  }

  #pinged(): void {
    const sentMs = this.#pingSentMs;
    if (sentMs === undefined) return;
    this.#pingSentMs = undefined;
    this.#options.owner.answered(sentMs);
    this.#watchOver();
  }

  /** Pings when it is quiet, gives the server up when it is silent, and plans the next look. */
  #watchOver(): void {
    this.#timer?.cancel();
    if (this.#error !== undefined) return;
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const silentMs = this.#lastReceivedMs + (this.#timeoutMs * 2) / 3;
    if (nowMs >= silentMs) {
      this.close(
        new Error(`the server said nothing for ${Math.round(nowMs - this.#lastReceivedMs)} ms`),
      );
      return;
    }
    if (this.#pingSentMs === undefined && nowMs >= this.#lastSentMs + this.#timeoutMs / 3) {
      this.#write(encode(part(requestHeader, { xid: reservedXids.ping, opCode: opCodes.ping })));
      this.#pingSentMs = nowMs;
    }
    const pingMs =
      this.#pingSentMs === undefined ? this.#lastSentMs + this.#timeoutMs / 3 : silentMs;
    // A timer may fire a little early; a look that finds nothing to do must not repeat at once.
    const delayMs = Math.max(1, Math.min(pingMs, silentMs) - nowMs);
    this.#timer = clock.setTimer(delayMs, () => this.#watchOver());
  }
}
