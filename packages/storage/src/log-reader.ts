import { batchHeader as header, batchSizeAt, lastOffsetOf } from "@millrace/protocol";
import type { PooledBuffer } from "./buffer-pool.ts";
import type { LogEnvironment } from "./log-environment.ts";
import type { LogSegments, SegmentPlace } from "./log-segments.ts";

const hintCount = 8;
const scanBytes = 64 * 1024;
/** How densely an index that was found wrong is made anew: Kafka's default. */
const indexIntervalBytes = 4096;

/** A search as long as this makes one look whether the index is there. */
const scanDoubtBytes = 256 * 1024;

/** Which bytes of a log's files are wanted. */
export interface ColdReadOptions {
  readonly offset: number;
  /** Exclusive: no batch that reaches beyond it is given. */
  readonly endOffset: number;
  readonly maxBytes: number;
  readonly minOneBatch: boolean;
}

/** Whole batches read from a file. */
export interface ColdRead {
  /** Empty when nothing was within the limits. */
  readonly bytes: Buffer;
  /** The offset after the last batch; that asked for when there is none. */
  readonly endOffset: number;
  release(): void;
}

interface Hint {
  offset: number;
  baseOffset: number;
  position: number;
}

/**
 * Reads batches from a log's files without holding up the event loop. A reader that goes on where
 * it stopped needs no index: the places where reads ended are remembered.
 */
export class LogReader {
  readonly #environment: LogEnvironment;
  readonly #segments: LogSegments;
  readonly #hints: Hint[] = [];
  #nextHint = 0;
  /** Counts truncations: what was read while one happened is thrown away. */
  #generation = 0;

  constructor(environment: LogEnvironment, segments: LogSegments) {
    this.#environment = environment;
    this.#segments = segments;
  }

  /** Files were cut or replaced: known positions mean nothing any more. */
  forget(): void {
    this.#generation += 1;
    this.#hints.length = 0;
    this.#nextHint = 0;
  }

  /**
   * Reads whole batches from the one that holds an offset.
   * @returns undefined when the files changed meanwhile: the caller checks the offset again.
   * @throws IoError
   */
  async read(options: ColdReadOptions): Promise<ColdRead | undefined> {
    const generation = this.#generation;
    let place = this.#hinted(options.offset) ?? this.#segments.place(options.offset);
    for (;;) {
      const position = await this.#locate(place, options.offset);
      if (generation !== this.#generation) return undefined;
      if (position !== undefined) {
        const read = await this.#readAt({ ...place, position }, options);
        if (generation === this.#generation) return read;
        read.release();
        return undefined;
      }
      if (!place.isClosed) return nothing(options.offset);
      place = this.#segments.placeAfter(place.baseOffset);
    }
  }

  #hinted(offset: number): SegmentPlace | undefined {
    const hint = this.#hints.find((each) => each.offset === offset);
    if (hint === undefined) return undefined;
    return this.#segments.placeAt(hint.baseOffset, hint.position);
  }

  #remember(hint: Hint): void {
    this.#hints[this.#nextHint] = hint;
    this.#nextHint = (this.#nextHint + 1) % hintCount;
  }

  /** Finds the first batch from a place on that ends at or beyond an offset. */
  async #locate(place: SegmentPlace, offset: number): Promise<number | undefined> {
    let { position } = place;
    if (this.#hints.some((hint) => hint.offset === offset && hint.position === position)) {
      return position < place.endPosition ? position : undefined;
    }
    const pooled = this.#environment.buffers.take(scanBytes);
    let { indexedOffset } = place;
    try {
      while (position < place.endPosition) {
        const want = Math.min(pooled.buffer.length, place.endPosition - position);
        const file = this.#environment.files.get(place.path);
        const count = await file.read(pooled.buffer.subarray(0, want), position);
        if (indexedOffset >= 0 && !leadsTo(pooled.buffer, count, place)) {
          // The index is wrong: the segment is read from its beginning.
          this.#segments.doubtIndexes(place.baseOffset, indexIntervalBytes);
          indexedOffset = -1;
          position = 0;
          continue;
        }
        indexedOffset = -1;
        const walked = walkTo(pooled.buffer, count, offset);
        position += walked.position;
        if (walked.isFound) return position;
        if (walked.position === 0) return undefined;
        this.#checkScan(place, position);
      }
      return undefined;
    } finally {
      pooled.release();
    }
  }

  /** A search through much of a closed segment means that it has no index to speak of. */
  #checkScan(place: SegmentPlace, position: number): void {
    const isLong = position - place.position > scanDoubtBytes;
    if (isLong && place.isClosed && !this.#segments.hasIndex(place.baseOffset)) {
      this.#segments.doubtIndexes(place.baseOffset, indexIntervalBytes);
    }
  }

  async #readAt(place: SegmentPlace, options: ColdReadOptions): Promise<ColdRead> {
    const left = place.endPosition - place.position;
    const { coldReadBytesMax } = this.#environment.limits;
    const wanted = Math.max(header.HEADER_SIZE_BYTES, options.maxBytes);
    let pooled = await this.#load(place, Math.min(left, coldReadBytesMax, wanted));
    const firstBytes = batchSizeAt(pooled.buffer, 0, pooled.count);
    const isCut = firstBytes > pooled.count;
    if (isCut && (options.minOneBatch || firstBytes <= options.maxBytes) && firstBytes <= left) {
      pooled.release();
      pooled = await this.#load(place, firstBytes);
    }
    const end = cut(pooled.buffer, pooled.count, options);
    this.#remember({
      offset: end.offset,
      baseOffset: place.baseOffset,
      position: place.position + end.position,
    });
    const { buffer } = pooled;
    return {
      bytes: buffer.subarray(0, end.position),
      endOffset: end.offset,
      release: () => pooled.release(),
    };
  }

  async #load(place: SegmentPlace, sizeBytes: number): Promise<LoadedBuffer> {
    const pooled = this.#environment.buffers.take(sizeBytes);
    try {
      const file = this.#environment.files.get(place.path);
      const count = await file.read(pooled.buffer.subarray(0, sizeBytes), place.position);
      return { buffer: pooled.buffer, count, release: () => pooled.release() };
    } catch (error) {
      pooled.release();
      throw error;
    }
  }
}

interface LoadedBuffer extends PooledBuffer {
  readonly count: number;
}

function nothing(offset: number): ColdRead {
  return { bytes: Buffer.alloc(0), endOffset: offset, release: () => {} };
}

/** Whether what lies where an index points to is the batch that the index names. */
function leadsTo(buffer: Buffer, count: number, place: SegmentPlace): boolean {
  if (count < header.HEADER_SIZE_BYTES || batchSizeAt(buffer, 0, count) <= 0) return false;
  if (header.baseOffset(buffer, 0) < place.baseOffset) return false;
  const lastOffset = lastOffsetOf(buffer, 0);
  return lastOffset >= place.baseOffset && lastOffset <= place.indexedOffset;
}

/** Walks over the batches that end before an offset. */
function walkTo(
  buffer: Buffer,
  count: number,
  offset: number,
): { readonly position: number; readonly isFound: boolean } {
  let position = 0;
  while (count - position >= header.HEADER_SIZE_BYTES) {
    const size = batchSizeAt(buffer, position, count);
    if (size <= 0) break;
    if (lastOffsetOf(buffer, position) >= offset) return { position, isFound: true };
    position += size;
  }
  return { position, isFound: false };
}

/** Finds where whole batches within the limits end; the first is given even if it is large. */
function cut(
  buffer: Buffer,
  count: number,
  options: ColdReadOptions,
): { readonly position: number; readonly offset: number } {
  let position = 0;
  let { offset } = options;
  for (;;) {
    const size = batchSizeAt(buffer, position, count);
    if (size <= 0 || position + size > count) break;
    const isFirst = position === 0 && options.minOneBatch;
    if (position + size > options.maxBytes && !isFirst) break;
    const next = lastOffsetOf(buffer, position) + 1;
    if (next > options.endOffset) break;
    position += size;
    offset = next;
  }
  return { position, offset };
}
