import type { ApiSchema, BrokerId } from "@millrace/protocol";
import type { KafkaError } from "../errors/kafka-error.ts";
import type { Frame } from "./frame-reader.ts";

/**
 * A request on its way, whatever its API: it waits in a lane, then on a connection, and is settled
 * once: answered, failed, or abandoned by its caller.
 */
export interface Exchange {
  readonly api: ApiSchema;
  readonly minVersion: number | undefined;
  readonly maxVersion: number | undefined;
  readonly noAnswer: boolean;
  readonly isSettled: boolean;
  /** Called when its time is over, while it is not settled; who holds it sets it. */
  onTimeout: (() => void) | undefined;
  /** The request's bytes. @throws UnencodableMessageError */
  encode(version: number, correlationId: number, clientId: string): readonly Uint8Array[];
  /**
   * Takes its answer.
   * @returns for how long the broker wants nothing more, in milliseconds
   * @throws MalformedMessageError: the connection is not to be used any more
   */
  answered(frame: Frame, version: number, node: BrokerId): number;
  /** It was sent, and no answer will come. */
  sent(version: number, node: BrokerId): void;
  failed(error: KafkaError): void;
}
