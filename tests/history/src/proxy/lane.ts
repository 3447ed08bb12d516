import type { Socket } from "node:net";
import { FrameCutter } from "./frame-cutter.ts";

/** A lane holds this much before it lets its sender wait. */
const heldSizeBytesMax = 8 * 1024 * 1024;

/** What a lane asks for each frame. */
export interface LaneEvents {
  /** Milliseconds for which the next frame is held. */
  readonly delayMs: () => number;
  /** The last held frame is on its way and no other will come. */
  readonly onDrained: () => void;
  /** A frame was cut half-way: nothing more goes through. */
  readonly onCut: () => void;
}

/** One direction of one connection: frames in, and later the same frames out, in order. */
export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #events: LaneEvents;
  readonly #cutter = new FrameCutter();
  readonly #held: { readonly frame: Buffer; readonly dueMs: number }[] = [];
  #heldSizeBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #isFrozen = false;
  #cutsNext = false;
  #hasEnded = false;
  #isClosed = false;

  constructor(from: Socket, to: Socket, events: LaneEvents) {
    this.#from = from;
    this.#to = to;
    this.#events = events;
    from.on("data", (bytes: Buffer) => this.#take(bytes));
    from.once("close", () => this.#end());
  }

  /** Whether frames are held. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** Holds everything until `thaw`. */
  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#pump();
  }

  /** Lets half of the next frame through, and no more. */
  cutNextFrame(): void {
    this.#cutsNext = true;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#held.length = 0;
  }

  #take(bytes: Buffer): void {
    if (this.#isClosed) return;
    for (const frame of this.#cutter.take(bytes)) {
      this.#held.push({ frame, dueMs: performance.now() + this.#events.delayMs() });
      this.#heldSizeBytes += frame.length;
    }
    if (this.#heldSizeBytes > heldSizeBytesMax) this.#from.pause();
    this.#pump();
  }

  #end(): void {
    this.#hasEnded = true;
    this.#pump();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#isFrozen || this.#isClosed) return;
    for (;;) {
      const next = this.#held[0];
      if (next === undefined) break;
      const waitMs = next.dueMs - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#pump(), waitMs);
        return;
      }
      this.#held.shift();
      this.#heldSizeBytes -= next.frame.length;
      if (this.#cutsNext) {
        this.#to.write(next.frame.subarray(0, next.frame.length >> 1), this.#events.onCut);
        this.close();
        return;
      }
      this.#to.write(next.frame);
    }
    if (this.#heldSizeBytes <= heldSizeBytesMax) this.#from.resume();
    if (this.#hasEnded) this.#events.onDrained();
  }
}
