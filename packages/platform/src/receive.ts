import { assert } from "./assert.ts";
import type { Receiver } from "./network.ts";

/** Gives bytes to a receiver through its own buffers, until it has them all. */
export function copyTo(receiver: Receiver, bytes: Uint8Array): void {
  let position = 0;
  while (position < bytes.length) {
    const buffer = receiver.nextBuffer();
    const sizeBytes = Math.min(buffer.length, bytes.length - position);
    assert(sizeBytes > 0, "a receiver gave an empty buffer");
    buffer.set(bytes.subarray(position, position + sizeBytes));
    position += sizeBytes;
    receiver.received(sizeBytes);
  }
}
