import type { RecordMetadata } from "./producer-record.ts";

/** Who waits for a record: told once, by one of the two. */
export interface Delivery {
  /** The record is stored. @param offset -1 when it is not known */
  delivered(place: DeliveryPlace, offset: number, timestamp: number): void;
  failed(error: Error): void;
}

/** The partition of a batch. */
export interface DeliveryPlace {
  readonly topicName: string;
  readonly partition: number;
}

/** Settles the promise of one record. */
export class SingleDelivery implements Delivery {
  readonly #resolve: (metadata: RecordMetadata) => void;
  readonly #reject: (error: Error) => void;

  constructor(resolve: (metadata: RecordMetadata) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  delivered(place: DeliveryPlace, offset: number, timestamp: number): void {
    this.#resolve(metadataOf(place, offset, timestamp));
  }

  failed(error: Error): void {
    this.#reject(error);
  }
}

/**
 * Settles one promise when all of several records are stored, or when the first of them failed for
 * good; the others go on by themselves.
 */
export class ManyDelivery {
  readonly promise: Promise<readonly RecordMetadata[]>;
  readonly #metadata: RecordMetadata[];
  #waiting: number;
  #resolve: (metadata: readonly RecordMetadata[]) => void = ignore;
  #reject: (error: Error) => void = ignore;

  constructor(recordsCount: number) {
    this.#metadata = Array.from({ length: recordsCount });
    this.#waiting = recordsCount;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (recordsCount === 0) this.#resolve(this.#metadata);
  }

  /** The delivery of the record at an index. */
  at(index: number): Delivery {
    return {
      delivered: (place, offset, timestamp) => {
        this.#metadata[index] = metadataOf(place, offset, timestamp);
        this.#waiting -= 1;
        if (this.#waiting === 0) this.#resolve(this.#metadata);
      },
      failed: (error) => {
        this.#reject(error);
      },
    };
  }
}

function metadataOf(place: DeliveryPlace, offset: number, timestamp: number): RecordMetadata {
  const { topicName, partition } = place;
  return { topic: topicName, partition, offset: BigInt(offset), timestamp };
}

function ignore(): void {
  // Replaced before anybody can call it: a promise runs its executor at once.
}
