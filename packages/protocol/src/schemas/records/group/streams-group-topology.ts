import type { Fields, MessageSchema } from "../../../codec/schema.ts";

const topicConfig = {
  key: { type: "string" },
  value: { type: "string" },
} as const satisfies Fields;

const topicInfo = {
  name: { type: "string" },
  partitions: { type: "int32" },
  replicationFactor: { type: "int16" },
  topicConfigs: { type: "[]TopicConfig", fields: topicConfig },
} as const satisfies Fields;

/** Key of a streams group's topology in `__consumer_offsets`. */
export const StreamsGroupTopologyKey = {
  name: "StreamsGroupTopologyKey",
  type: "coordinator-key",
  apiKey: 23,
  versions: "0",
  flexibleVersions: "none",
  fields: {
    groupId: { type: "string" },
  },
} as const satisfies MessageSchema;

/** A streams group's topology in `__consumer_offsets`. */
export const StreamsGroupTopologyValue = {
  name: "StreamsGroupTopologyValue",
  type: "coordinator-value",
  apiKey: 23,
  versions: "0",
  flexibleVersions: "0+",
  fields: {
    epoch: { type: "int32" },
    subtopologies: {
      type: "[]Subtopology",
      fields: {
        subtopologyId: { type: "string" },
        sourceTopics: { type: "[]string" },
        sourceTopicRegex: { type: "[]string" },
        stateChangelogTopics: { type: "[]TopicInfo", fields: topicInfo },
        repartitionSinkTopics: { type: "[]string" },
        repartitionSourceTopics: { type: "[]TopicInfo", fields: topicInfo },
        copartitionGroups: {
          type: "[]CopartitionGroup",
          fields: {
            sourceTopics: { type: "[]int16" },
            sourceTopicRegex: { type: "[]int16" },
            repartitionSourceTopics: { type: "[]int16" },
          },
        },
      },
    },
  },
} as const satisfies MessageSchema;
