/** One authentication by one mechanism. Made anew for each connection and each renewal. */
export interface SaslExchange {
  /** What is sent first. @throws KafkaError */
  first(): Buffer | Promise<Buffer>;
  /**
   * What is sent after the broker's message; undefined when it was the last, and was right.
   * @throws KafkaError SASL_AUTHENTICATION_FAILED when the broker does not prove itself
   */
  next(challenge: Buffer): Buffer | undefined;
}

/** A mechanism with the credentials in it. */
export interface SaslMechanism {
  /** As the broker calls it: "SCRAM-SHA-256". */
  readonly name: string;
  begin(): Promise<SaslExchange>;
}
