/** The finalized features. */
export interface FeaturesImage {
  /** The level of metadata.version; 0 before the first record. */
  readonly metadataVersion: number;
  /** The other features' levels; absent is level 0. */
  readonly levels: ReadonlyMap<string, number>;
}
