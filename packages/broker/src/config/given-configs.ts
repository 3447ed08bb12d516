/** A configuration's text, and where it was given. */
export interface GivenConfig {
  readonly value: string;
  /** "server.properties line 12", "--override", "environment KAFKA_…"; undefined if dynamic. */
  readonly origin: string | undefined;
}

/** What was given, by configuration name. */
export type GivenConfigs = ReadonlyMap<string, GivenConfig>;
