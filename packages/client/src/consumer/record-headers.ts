import type { RecordHeader } from "@millrace/protocol";
import type { SerdeHeaders } from "../serdes/serde.ts";

/** The headers of a record that was read: in their order, and a name may come more than once. */
export class RecordHeaders implements SerdeHeaders, Iterable<RecordHeader> {
  #headers: readonly RecordHeader[];

  constructor(headers: readonly RecordHeader[]) {
    this.#headers = headers;
  }

  /** How many there are. */
  get count(): number {
    return this.#headers.length;
  }

  /** The last header of that name; undefined when there is none, null when it has no value. */
  last(name: string): Buffer | null | undefined {
    return this.#headers.findLast((header) => header.key === name)?.value;
  }

  /** The last header of that name as UTF-8 text. */
  text(name: string): string | null | undefined {
    const value = this.last(name);
    return value === null || value === undefined ? value : value.toString("utf8");
  }

  /** The values of every header of that name. */
  all(name: string): readonly (Buffer | null)[] {
    return this.#headers.filter((header) => header.key === name).map((header) => header.value);
  }

  /** Adds one at the end, to what the application sees. */
  add(name: string, value: Uint8Array | null): void {
    const bytes = value === null ? null : Buffer.from(value);
    this.#headers = [...this.#headers, { key: name, value: bytes }];
  }

  [Symbol.iterator](): Iterator<RecordHeader> {
    return this.#headers[Symbol.iterator]();
  }
}
