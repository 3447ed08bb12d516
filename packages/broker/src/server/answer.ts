/** What becomes of a request: bytes to send, nothing to send, or the end of the connection. */
export type Answer = SentAnswer | SilentAnswer | ClosingAnswer;

/** Bytes for the client. */
export interface SentAnswer {
  readonly kind: "send";
  readonly chunks: readonly Uint8Array[];
  /** Called once the chunks have left, or never will: pooled memory behind them is free again. */
  readonly onSent?: () => void;
  /** For how many milliseconds nothing of the connection is begun or read (KIP-219). */
  readonly muteMs?: number;
  /** Why the connection ends once the chunks have left; it goes on without it. */
  readonly thenClose?: string;
}

/** Nothing is to be sent: Produce with acks=0. */
export interface SilentAnswer {
  readonly kind: "silent";
  /** As in `SentAnswer`. */
  readonly muteMs?: number;
}

/** The connection ends, as Apache Kafka ends it for what it cannot answer. */
export interface ClosingAnswer {
  readonly kind: "close";
  readonly reason: string;
}

/** Turns frames into answers; the connection knows nothing of what they mean. */
export interface FrameDispatcher {
  /** Whether this frame may begin while an earlier one of the connection only waits. */
  mayOverlap(frame: Buffer): boolean;
  /** Estimated bytes that the request takes while it is handled, beside its frame. */
  memoryOf(frame: Buffer): number;
  /**
   * Begins a request. The frame's bytes are lent: they are valid until dispatch returns.
   * Never throws and never rejects: what is malformed answers `close`.
   * @param onSettled called when the request has done all that later requests could observe, and
   * only waits.
   */
  dispatch(frame: Buffer, onSettled: () => void): Answer | Promise<Answer>;
  /** The connection is gone. */
  closed?(): void;
  /** Where clients have to say who they are: how long and how much they may talk before. */
  readonly authentication?: Authentication;
}

/** What a connection may do until its client has said who it is. */
export interface Authentication {
  readonly isDone: boolean;
  /** `sasl.server.max.receive.size`. */
  readonly frameBytesMax: number;
  /** It takes no longer, or the connection is closed. */
  readonly timeoutMs: number;
}
