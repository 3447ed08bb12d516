/** Sends records as bytes; a producer without serdes is one. */
export interface RecordSender {
  send(record: RecordToSend): Promise<unknown>;
}

/** A record to be sent. */
export interface RecordToSend {
  readonly topic: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
  readonly timestamp: number;
}
