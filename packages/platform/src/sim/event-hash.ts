import { crc32 } from "node:zlib";

/** Sums up everything that happened in a run: two runs with one seed must end with one value. */
export class EventHash {
  #low = 0;
  #high = 0;
  #count = 0;
  /** Hears every event, for somebody who looks into a run. */
  observer: ((label: string) => void) | undefined;

  /** Adds an event: what kind, where, and its bytes if it has any. */
  add(label: string, bytes?: Uint8Array): void {
    this.#count += 1;
    this.observer?.(bytes === undefined ? label : `${label} ${bytes.length} bytes`);
    this.#low = crc32(label, this.#low);
    if (bytes !== undefined) this.#low = crc32(bytes, this.#low);
    this.#high = (Math.imul(this.#high ^ this.#low, 0x01000193) + this.#count) >>> 0;
  }

  /** How many events there were. */
  count(): number {
    return this.#count;
  }

  /** The sum so far: 16 hexadecimal digits. */
  value(): string {
    return `${toHex(this.#high)}${toHex(this.#low)}`;
  }
}

function toHex(word: number): string {
  return word.toString(16).padStart(8, "0");
}
