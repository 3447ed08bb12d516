/**
 * A client library as the bench uses it: what its own documentation shows for each kind of work.
 */
export interface ClientUnderTest {
  openProducer(topic: string): Promise<BenchProducer>;
  /**
   * Reads a topic from its beginning in a group. `onRecords` hears of each record, or of each batch
   * of records where the library has batches.
   */
  consume(work: ConsumeWork): Promise<BenchConsumer>;
}

/** Sends values to one topic; acks all. */
export interface BenchProducer {
  /** Sends one value, with a promise of its own. */
  sendOne(value: Buffer): Promise<unknown>;
  /** Sends values with one promise for all. */
  sendArray(values: readonly Buffer[]): Promise<unknown>;
  /**
   * Takes a value without a promise for it, where the library can; a promise when the next one has
   * to wait.
   */
  enqueue: ((value: Buffer) => Promise<unknown> | undefined) | undefined;
  /** Resolves when all that was enqueued is stored. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** What is read, and how. */
export interface ConsumeWork {
  readonly topic: string;
  readonly groupId: string;
  readonly inBatches: boolean;
  /** Hears how many records came, and the bytes of their values, which were looked at. */
  readonly onRecords: (count: number, sizeBytes: number) => void;
}

/** A consumer under way. */
export interface BenchConsumer {
  close(): Promise<void>;
}
