import type { BrokerKind } from "@millrace/conformance/harness";

/** The listeners that every broker of these tests has. */
export const listenerNames = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] as const;

/** One of `listenerNames`. */
export type ListenerName = (typeof listenerNames)[number];

/** Where a running broker is: what one process tells another. */
export interface BrokerDescription {
  readonly kind: BrokerKind;
  /** `127.0.0.1:PORT` of each listener. */
  readonly listeners: Readonly<Record<ListenerName, string>>;
  /** Where its certificates and keys are: see `Secrets`. */
  readonly secretsFolder: string;
}

/** The environment variable with the descriptions of brokers that a whole stage shares, as JSON. */
export const sharedBrokersVariable = "MILLRACE_CLIENT_BROKERS";
