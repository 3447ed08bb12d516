/** An answer that Millrace gives otherwise than Apache Kafka, on purpose. */
export interface Exception {
  readonly row: string;
  readonly kafka: string;
  readonly millrace: string;
  readonly reason: string;
}

/** Every such answer. */
export const exceptions: readonly Exception[] = [
  {
    row: "AlterShareGroupOffsets 0",
    kafka: "[orders id [TOPIC_AUTHORIZATION_FAILED]",
    millrace: "[orders [TOPIC_AUTHORIZATION_FAILED]",
    reason: "Kafka tells a topic's id, and so that it exists, to who may not read it",
  },
  {
    row: "DescribeQuorum 2",
    kafka: "NONE [__cluster_metadata [NONE]] [[CONTROLLER]]",
    millrace: "NONE [__cluster_metadata [NONE]]",
    reason: "a node that is alone does not listen as a controller, and names no address for it",
  },
];
