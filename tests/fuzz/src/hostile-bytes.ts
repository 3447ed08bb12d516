import { buildRecordBatch, encodeRequest, Produce } from "@millrace/protocol";
import { FrameFuzzer, type FuzzRandom } from "@millrace/protocol/samples";

const compressions = ["none", "gzip", "snappy", "lz4", "zstd"] as const;

/** Lengths that a frame may announce, whatever follows. */
const announcedLengths = [0x7fffffff, -1, 0, 1, -0x80000000, 100 * 1024 * 1024, 104857601];

/** Makes what a hostile client sends: the same seed makes the same bytes. */
export class HostileBytes {
  readonly #frames: FrameFuzzer;
  readonly #topic: string;

  constructor(seed: number, topic: string) {
    this.#frames = new FrameFuzzer(seed);
    this.#topic = topic;
  }

  get random(): FuzzRandom {
    return this.#frames.random;
  }

  /** The next bytes: a mangled request, a lie about a length, or batches nobody should write. */
  next(): Buffer {
    const { random } = this;
    switch (random.below(8)) {
      case 0:
        return withLength(this.#request(), random.pick(announcedLengths));
      case 1:
        return this.#request();
      case 2:
      case 3:
        return framed(this.#produce());
      default:
        return framed(this.#request());
    }
  }

  #request(): Buffer {
    for (;;) {
      const { kind, bytes } = this.#frames.next();
      if (kind === "request") return bytes;
    }
  }

  /** A good request with a batch that is mangled, or was damaged before its checksum was made. */
  #produce(): Buffer {
    const { random } = this;
    const value = Buffer.alloc(1 + random.below(3000), "value");
    const batch = buildRecordBatch([{ key: null, value, timestamp: 1 }], {
      compression: random.pick(compressions),
      ...(random.below(2) === 0 ? {} : { producerId: BigInt(random.below(3)), producerEpoch: 0 }),
    });
    for (let flips = random.below(4); flips > 0; flips -= 1) {
      const at = random.below(batch.length);
      batch[at] = (batch[at] ?? 0) ^ (1 << random.below(8));
    }
    const records = random.below(3) === 0 ? batch.subarray(0, random.below(batch.length)) : batch;
    const body = {
      acks: random.pick([-1, 0, 1, 7]),
      timeoutMs: 1000,
      topicData: [{ name: this.#topic, partitionData: [{ index: random.below(2), records }] }],
    };
    const options = { correlationId: 1, clientId: "fuzz", body };
    return Buffer.concat(encodeRequest(Produce, 9, options)).subarray(4);
  }
}

function framed(bytes: Buffer): Buffer {
  return withLength(bytes, bytes.length);
}

function withLength(bytes: Buffer, length: number): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeInt32BE(length);
  return Buffer.concat([prefix, bytes]);
}
