import type { ApiSchema } from "../codec/schema.ts";

/** Produce: appends record batches to partitions. */
export const Produce = {
  key: 0,
  name: "Produce",
  listeners: ["broker"],
  versions: "3-13",
  flexibleVersions: "9+",
  request: {
    transactionalId: {
      type: "string",
      nullable: true,
      default: null,
      entityType: "transactionalId",
    },
    acks: { type: "int16" },
    timeoutMs: { type: "int32" },
    topicData: {
      type: "[]TopicProduceData",
      fields: {
        name: {
          type: "string",
          versions: "3-12",
          ignorable: true,
          mapKey: true,
          entityType: "topicName",
        },
        topicId: { type: "uuid", versions: "13+", ignorable: true, mapKey: true },
        partitionData: {
          type: "[]PartitionProduceData",
          fields: {
            index: { type: "int32" },
            records: { type: "records", nullable: true },
          },
        },
      },
    },
  },
  response: {
    responses: {
      type: "[]TopicProduceResponse",
      fields: {
        name: {
          type: "string",
          versions: "3-12",
          ignorable: true,
          mapKey: true,
          entityType: "topicName",
        },
        topicId: { type: "uuid", versions: "13+", ignorable: true, mapKey: true },
        partitionResponses: {
          type: "[]PartitionProduceResponse",
          fields: {
            index: { type: "int32" },
            errorCode: { type: "int16" },
            baseOffset: { type: "int64" },
            logAppendTimeMs: { type: "int64", default: -1, ignorable: true, as: "saturated" },
            logStartOffset: { type: "int64", versions: "5+", default: -1, ignorable: true },
            recordErrors: {
              type: "[]BatchIndexAndErrorMessage",
              versions: "8+",
              ignorable: true,
              fields: {
                batchIndex: { type: "int32" },
                batchIndexErrorMessage: { type: "string", nullable: true, default: null },
              },
            },
            errorMessage: {
              type: "string",
              versions: "8+",
              nullable: true,
              default: null,
              ignorable: true,
            },
            currentLeader: {
              type: "LeaderIdAndEpoch",
              versions: "10+",
              tag: 0,
              fields: {
                leaderId: { type: "int32", default: -1, entityType: "brokerId" },
                leaderEpoch: { type: "int32", default: -1 },
              },
            },
          },
        },
      },
    },
    throttleTimeMs: { type: "int32", default: 0, ignorable: true },
    nodeEndpoints: {
      type: "[]NodeEndpoint",
      versions: "10+",
      tag: 0,
      fields: {
        nodeId: { type: "int32", mapKey: true, entityType: "brokerId" },
        host: { type: "string" },
        port: { type: "int32" },
        rack: { type: "string", nullable: true, default: null },
      },
    },
  },
} as const satisfies ApiSchema;
