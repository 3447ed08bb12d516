import { assert } from "../assert.ts";
import { NetworkError } from "../errors.ts";
import type { Connection, Receiver } from "../network.ts";
import { copyTo } from "../receive.ts";
import type { EventHash } from "./event-hash.ts";
import type { EventHeap } from "./event-heap.ts";
import type { SimRandom } from "./random.ts";

/** What the network of a simulation is made with. */
export interface SimWireOptions {
  readonly heap: EventHeap;
  readonly random: SimRandom;
  readonly events: EventHash;
}

/** What a connection needs to know of the wires between the machines. */
export interface SimWire {
  readonly options: SimWireOptions;
  /** Whether bytes from one machine reach the other. */
  reaches(from: string, to: string): boolean;
  /** When something sent now arrives. */
  arrivalMs(): number;
  /** Forgets a connection that is closed. */
  forget(connection: SimConnection): void;
}

/** A machine and a port. */
export interface SimAddress {
  readonly host: string;
  readonly port: number;
}

/** Above this, `write` asks the sender to wait, as a socket does. */
const highWaterMarkBytes = 64 * 1024;

/** What is under way to the other end. */
type Parcel = { readonly kind: "bytes"; readonly bytes: Buffer } | { readonly kind: "end" };

/** One end of a simulated connection. */
export class SimConnection implements Connection {
  readonly localHost: string;
  readonly remoteHost: string;
  readonly remotePort: number;
  peer: SimConnection | undefined;
  readonly #wires: SimWire;
  /** Sent by this end and not yet taken by the other, in order. */
  readonly #parcels: Parcel[] = [];
  #queuedBytes = 0;
  #isDelivering = false;
  #isPaused = false;
  #isClosed = false;
  #hasEnded = false;
  #dataHandler: ((bytes: Buffer) => void) | undefined;
  #receiver: Receiver | undefined;
  #drainHandler: (() => void) | undefined;
  #closeHandler: ((error: Error | undefined) => void) | undefined;

  constructor(wires: SimWire, local: SimAddress, remote: SimAddress) {
    this.#wires = wires;
    this.localHost = local.host;
    this.remoteHost = remote.host;
    this.remotePort = remote.port;
  }

  peerCertificate(): undefined {
    return undefined;
  }

  onData(handler: (bytes: Buffer) => void): void {
    this.#dataHandler = handler;
  }

  receiveInto(receiver: Receiver): void {
    this.#receiver = receiver;
  }

  onClose(handler: (error: Error | undefined) => void): void {
    this.#closeHandler = handler;
  }

  onDrain(handler: () => void): void {
    this.#drainHandler = handler;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    if (this.#isClosed || this.#hasEnded) return true;
    const bytes = Buffer.concat(chunks);
    this.#parcels.push({ kind: "bytes", bytes });
    this.#queuedBytes += bytes.length;
    this.deliver();
    return this.#queuedBytes < highWaterMarkBytes;
  }

  queuedBytes(): number {
    return this.#queuedBytes;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.peer?.deliver();
  }

  end(): void {
    if (this.#isClosed || this.#hasEnded) return;
    this.#hasEnded = true;
    this.#parcels.push({ kind: "end" });
    this.deliver();
  }

  destroy(): void {
    if (this.#isClosed) return;
    const { peer } = this;
    const hasUnread = peer !== undefined && peer.#parcels.length > 0;
    this.#close(undefined);
    // What was sent before the close still arrives, unless this end had not read everything: then
    // TCP resets, as real stacks do.
    if (hasUnread) this.#parcels.length = 0;
    this.#parcels.push({ kind: "end" });
    this.deliver();
  }

  /** The process of this end is gone: it hears nothing more, the other end a reset. */
  vanish(): void {
    if (this.#isClosed) return;
    this.#closeHandler = undefined;
    this.#close(undefined);
    this.#parcels.length = 0;
    const { peer } = this;
    this.#wires.options.heap.schedule(this.#wires.arrivalMs(), () => {
      if (peer === undefined) return;
      peer.#close(new NetworkError("the peer has gone", { systemCode: "ECONNRESET" }));
    });
  }

  /** Brings what is under way to the other end, one parcel an event, while the wire is whole. */
  deliver(): void {
    const { peer } = this;
    const isReady = !this.#isDelivering && this.#parcels.length > 0 && peer !== undefined;
    if (!isReady || !this.#wires.reaches(this.localHost, this.remoteHost)) return;
    if (peer.#isPaused) return;
    this.#isDelivering = true;
    this.#wires.options.heap.schedule(this.#wires.arrivalMs(), () => {
      this.#isDelivering = false;
      if (!this.#wires.reaches(this.localHost, this.remoteHost) || peer.#isPaused) return;
      this.#deliverOne(peer);
      this.deliver();
    });
  }

  #deliverOne(peer: SimConnection): void {
    const parcel = this.#parcels[0];
    if (parcel === undefined) return;
    if (parcel.kind === "end") {
      this.#parcels.shift();
      peer.#close(undefined);
      this.#close(undefined);
      return;
    }
    const { bytes } = parcel;
    const { random, events } = this.#wires.options;
    // TCP keeps no message boundaries: now and then bytes arrive in two parts.
    const cut = bytes.length > 1 && random.happens(4) ? 1 + random.nextInt(bytes.length - 1) : 0;
    const arriving = cut === 0 ? bytes : bytes.subarray(0, cut);
    if (cut === 0) this.#parcels.shift();
    else this.#parcels[0] = { kind: "bytes", bytes: bytes.subarray(cut) };
    this.#queuedBytes -= arriving.length;
    events.add(`${this.localHost}>${this.remoteHost}:${this.remotePort}`, arriving);
    peer.#take(arriving);
    if (this.#queuedBytes === 0 && !this.#isClosed) this.#drainHandler?.();
  }

  #take(bytes: Buffer): void {
    if (this.#isClosed) return;
    if (this.#receiver !== undefined) {
      copyTo(this.#receiver, bytes);
      return;
    }
    assert(this.#dataHandler !== undefined, "a connection was given without a receiver");
    this.#dataHandler(bytes);
  }

  #close(error: Error | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#wires.forget(this);
    const handler = this.#closeHandler;
    // As on a real socket, the close is heard after the call that caused it.
    this.#wires.options.heap.schedule(this.#wires.options.heap.nowMs(), () => handler?.(error));
  }
}
