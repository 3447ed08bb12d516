import type { ApiSchema } from "@millrace/protocol";
import {
  apiSchemaList,
  decodeRequestBody,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  ProtocolError,
  versionsOf,
} from "@millrace/protocol";
import { sampleValue } from "./sample-value.ts";
import type { Shape } from "./sample-value.ts";

/** Integers from a seed: the same seed gives the same frames. */
export class FuzzRandom {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Gives an integer in [0, limit). The generator is mulberry32. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError("there is nothing to pick from");
    return value;
  }
}

/** A hostile frame, and how it is to be read. */
export interface FuzzFrame {
  readonly kind: "request" | "response";
  readonly api: ApiSchema;
  readonly version: number;
  readonly bytes: Buffer;
}

/** What became of the frames. */
export interface FuzzCounts {
  frames: number;
  decoded: number;
  refused: number;
  sizeBytes: number;
}

const sizePrefixBytes = 4;
/** Lengths that lie, as int32 and as unsigned varint, and one of each that only just lies. */
const hostileLengths = [
  "7fffffff",
  "80000000",
  "ffffffff",
  "fffffffe",
  "7ffffff0",
  "000f4240",
  "00010000",
  "ffffffff0f",
  "ffffffff07",
  "ffffffffff",
  "8080808080808001",
  "c0843d",
  "7fff",
  "8000",
].map((hex) => Buffer.from(hex, "hex"));
const randomSizeBytesMax = 200;

/** Makes hostile frames of every API and version: each is a mangled valid frame, or noise. */
export class FrameFuzzer {
  readonly random: FuzzRandom;
  readonly #valid = new Map<string, Buffer>();
  readonly #targets = apiSchemaList.flatMap((api) => {
    const { first, last } = versionsOf(api);
    const count = last - first + 1;
    return Array.from({ length: count }, (_, index) => ({ api, version: first + index }));
  });
  #next = 0;

  constructor(seed: number) {
    this.random = new FuzzRandom(seed);
  }

  /** How many pairs of API and version there are. */
  get targetCount(): number {
    return this.#targets.length;
  }

  /** Gives the next frame: the APIs and versions take turns. */
  next(): FuzzFrame {
    const { random } = this;
    const { api, version } = this.#targets[this.#next % this.#targets.length] ?? random.pick([]);
    this.#next += 1;
    const kind = random.below(4) === 0 ? "response" : "request";
    const shape = random.below(3) === 0 ? "sparse" : "full";
    const bytes = this.#mangled(Buffer.from(this.#validFrame({ kind, api, version, shape })));
    return { kind, api, version, bytes };
  }

  #validFrame(given: {
    readonly kind: "request" | "response";
    readonly api: ApiSchema;
    readonly version: number;
    readonly shape: Shape;
  }): Buffer {
    const { kind, api, version, shape } = given;
    const key = `${kind} ${api.key} ${version} ${shape}`;
    const known = this.#valid.get(key);
    if (known !== undefined) return known;
    const fields = kind === "request" ? api.request : api.response;
    const body = sampleValue({ name: api.name, fields }, version, shape) as never;
    const chunks =
      kind === "request"
        ? encodeRequest(api, version, { correlationId: 1, clientId: "fuzz", body })
        : encodeResponse(api, version, { correlationId: 1, body });
    const frame = Buffer.concat(chunks).subarray(sizePrefixBytes);
    this.#valid.set(key, frame);
    return frame;
  }

  #mangled(frame: Buffer): Buffer {
    const { random } = this;
    let bytes = frame;
    const count = 1 + random.below(3);
    for (let index = 0; index < count; index += 1) bytes = this.#mangledOnce(bytes);
    return bytes;
  }

  #mangledOnce(bytes: Buffer): Buffer {
    const { random } = this;
    const position = random.below(bytes.length + 1);
    switch (random.below(8)) {
      case 0:
        return bytes.subarray(0, position);
      case 1:
        return Buffer.concat([bytes, this.#noise(1 + random.below(8))]);
      case 2:
        return Buffer.concat([bytes.subarray(0, position), this.#noise(random.below(64))]);
      case 3:
        // The header's version: another one, or one that does not exist.
        if (bytes.length >= 4) bytes.writeInt16BE(random.below(24) - 2, 2);
        return bytes;
      case 4:
        return this.#noise(random.below(randomSizeBytesMax));
      case 5:
      case 6: {
        const length = random.pick(hostileLengths);
        length.copy(bytes, position);
        return bytes;
      }
      default:
        for (let flips = 1 + random.below(8); flips > 0 && bytes.length > 0; flips -= 1) {
          const at = random.below(bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
        }
        return bytes;
    }
  }

  #noise(sizeBytes: number): Buffer {
    const bytes = Buffer.alloc(sizeBytes);
    for (let index = 0; index < sizeBytes; index += 1) bytes[index] = this.random.below(256);
    return bytes;
  }
}

/** A frame did something else than to be decoded or refused with a typed error. */
export class FuzzFailure extends Error {
  readonly code = "FUZZ_FAILURE";
}

/**
 * Decodes a frame as a broker or a client would.
 * @throws FuzzFailure with the frame, if anything but a ProtocolError is thrown.
 */
export function decodeFuzzFrame(frame: FuzzFrame, counts: FuzzCounts): void {
  counts.frames += 1;
  counts.sizeBytes += frame.bytes.length;
  try {
    decode(frame);
    counts.decoded += 1;
  } catch (error) {
    if (!(error instanceof ProtocolError)) {
      const { kind, api, version, bytes } = frame;
      const what = `${api.name} v${version} ${kind} ${bytes.toString("hex")}`;
      throw new FuzzFailure(`frame ${counts.frames}: ${what}`, { cause: error });
    }
    counts.refused += 1;
  }
}

function decode({ kind, api, version, bytes }: FuzzFrame): void {
  if (kind === "response") {
    decodeResponse(api, version, bytes);
    return;
  }
  const header = decodeRequestHeader(bytes);
  decodeRequestBody(header.api, header, bytes);
}
