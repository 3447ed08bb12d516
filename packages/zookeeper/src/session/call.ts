import type { MillraceError } from "@millrace/platform";
import type { JuteReader } from "../jute/jute-reader.ts";

/** A request with what is done with its answer. */
export interface Call {
  readonly operation: string;
  readonly opCode: number;
  readonly path: string | undefined;
  /** The encoded request without its header. */
  readonly body: Uint8Array;
  /** Called in the turn in which the answer came. @throws JuteError when it cannot be read. */
  answered(answer: Answer): void;
  failed(error: MillraceError): void;
}

/** A server's answer; the reader stands behind its header. */
export interface Answer {
  /** 0, or ZooKeeper's number of the reason for the refusal. */
  readonly errorCode: number;
  readonly zxid: bigint;
  readonly reader: JuteReader;
}
