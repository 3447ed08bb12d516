import type { Socket } from "node:net";
import type { BusyPoll } from "./busy-poll.ts";

/** A connection, as whoever reads its bytes sees it. */
export interface ReadTarget {
  /** The memory for the next read: the receiver's, else the given one. */
  bufferForRead(shared: Uint8Array): Uint8Array;
  /** Hands over what was read into `buffer`: the receiver's own, or the shared one. */
  received(buffer: Uint8Array, sizeBytes: number, isReceivers: boolean): void;
}

/** What reads of a connection go into, and what is told of them. */
export interface SocketReaderOptions {
  /** The memory for reads of connections whose receiver has none of its own. */
  readonly sharedBuffer: Uint8Array;
  readonly busyPoll?: BusyPoll | undefined;
}

/** Connects a socket's `onread` option with the connection that is made after the socket. */
export class SocketReader {
  connection: ReadTarget | undefined;
  /** Given to the socket's constructor. */
  readonly option: {
    readonly buffer: () => Uint8Array;
    readonly callback: (sizeBytes: number, buffer: Uint8Array) => boolean;
  };
  #isReceivers = false;

  constructor({ sharedBuffer, busyPoll }: SocketReaderOptions) {
    this.option = {
      buffer: () => {
        const buffer = this.connection?.bufferForRead(sharedBuffer) ?? sharedBuffer;
        this.#isReceivers = buffer !== sharedBuffer;
        return buffer;
      },
      callback: (sizeBytes, buffer) => {
        busyPoll?.noteInput(sizeBytes);
        this.connection?.received(buffer, sizeBytes, this.#isReceivers);
        return true;
      },
    };
  }
}

/**
 * Gives a socket that exists the option `onread`, which its constructor takes alone: TLS sockets of
 * a server are made without it. What it sets is not documented.
 * @returns false where this Node has no such parts; the socket is as before then.
 */
export function giveReader(socket: Socket, { option }: SocketReader): boolean {
  const handle: unknown = Reflect.get(socket, "_handle");
  if (typeof handle !== "object" || handle === null) return false;
  const setBuffer: unknown = Reflect.get(handle, "useUserBuffer");
  const symbols = new Map(
    Object.getOwnPropertySymbols(socket).map((symbol) => [symbol.description, symbol]),
  );
  const current = symbols.get("kBuffer");
  const next = symbols.get("kBufferGen");
  const callback = symbols.get("kBufferCb");
  if (typeof setBuffer !== "function" || !current || !next || !callback) return false;
  const first = option.buffer();
  Reflect.apply(setBuffer, handle, [first]);
  Reflect.set(socket, current, first);
  Reflect.set(socket, next, option.buffer);
  Reflect.set(socket, callback, option.callback);
  return true;
}
