/** What Java's client says of codes that brokers send alone, and the class of its exception. */
const exceptions: Readonly<Record<string, readonly [className: string, message: string]>> = {
  UNKNOWN_TOPIC_OR_PARTITION: [
    "UnknownTopicOrPartitionException",
    "This server does not host this topic-partition.",
  ],
  UNKNOWN_TOPIC_ID: ["UnknownTopicIdException", "This server does not host this topic ID."],
  OFFSET_OUT_OF_RANGE: [
    "OffsetOutOfRangeException",
    "The requested offset is not within the range of offsets maintained by the server.",
  ],
  REQUEST_TIMED_OUT: ["TimeoutException", "The request timed out."],
  COORDINATOR_NOT_AVAILABLE: [
    "CoordinatorNotAvailableException",
    "The coordinator is not available.",
  ],
  INVALID_TOPIC_EXCEPTION: [
    "InvalidTopicException",
    "The request attempted to perform an operation on an invalid topic.",
  ],
  INVALID_GROUP_ID: ["InvalidGroupIdException", "The group id is invalid."],
  UNKNOWN_MEMBER_ID: ["UnknownMemberIdException", "The coordinator is not aware of this member."],
  TOPIC_AUTHORIZATION_FAILED: ["TopicAuthorizationException", "Topic authorization failed."],
  GROUP_AUTHORIZATION_FAILED: ["GroupAuthorizationException", "Group authorization failed."],
  CLUSTER_AUTHORIZATION_FAILED: ["ClusterAuthorizationException", "Cluster authorization failed."],
  UNSUPPORTED_VERSION: ["UnsupportedVersionException", "The version of API is not supported."],
  TOPIC_ALREADY_EXISTS: ["TopicExistsException", "Topic with this name already exists."],
  INVALID_PARTITIONS: ["InvalidPartitionsException", "Number of partitions is below 1."],
  INVALID_CONFIG: ["InvalidConfigurationException", "Configuration is invalid."],
  SECURITY_DISABLED: ["SecurityDisabledException", "Security features are disabled."],
  NON_EMPTY_GROUP: ["GroupNotEmptyException", "The group is not empty."],
  GROUP_ID_NOT_FOUND: ["GroupIdNotFoundException", "The group id does not exist."],
  PREFERRED_LEADER_NOT_AVAILABLE: [
    "PreferredLeaderNotAvailableException",
    "The preferred leader was not available.",
  ],
  ELIGIBLE_LEADERS_NOT_AVAILABLE: [
    "EligibleLeadersNotAvailableException",
    "Eligible topic partition leaders are not available.",
  ],
  ELECTION_NOT_NEEDED: [
    "ElectionNotNeededException",
    "Leader election not needed for topic partition.",
  ],
  NO_REASSIGNMENT_IN_PROGRESS: [
    "NoReassignmentInProgressException",
    "No partition reassignment is in progress.",
  ],
  GROUP_SUBSCRIBED_TO_TOPIC: [
    "GroupSubscribedToTopicException",
    "Deleting offsets of a topic is forbidden while the consumer group is actively " +
      "subscribed to it.",
  ],
  FEATURE_UPDATE_FAILED: [
    "FeatureUpdateFailedException",
    "Unable to update finalized features due to an unexpected server error.",
  ],
  INVALID_UPDATE_VERSION: [
    "InvalidUpdateVersionException",
    "The given update version was invalid.",
  ],
  BROKER_ID_NOT_REGISTERED: [
    "BrokerIdNotRegisteredException",
    "The given broker ID was not registered.",
  ],
  TRANSACTIONAL_ID_NOT_FOUND: [
    "TransactionalIdNotFoundException",
    "The transactionalId could not be found.",
  ],
};

/**
 * Gives what Java's `getMessage()` would: the broker's own words, else what Java's client says of
 * the code, else our own.
 */
export function javaMessageOf(error: Error): string {
  if ("brokerMessage" in error && typeof error.brokerMessage === "string") {
    return error.brokerMessage;
  }
  const known = "code" in error ? exceptions[String(error.code)] : undefined;
  return known?.[1] ?? error.message;
}

/** The same of an error inside an ExecutionException: its class stands before it. */
export function javaExecutionMessageOf(error: Error): string {
  return `${javaErrorClassOf(error)}: ${javaMessageOf(error)}`;
}

/** The class that Java's client makes of an error. */
export function javaErrorClassOf(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  const className = exceptions[code]?.[0] ?? classNameOf(code);
  return `org.apache.kafka.common.errors.${className}`;
}

function classNameOf(code: string): string {
  const words = code.split("_").map((word) => word.slice(0, 1) + word.slice(1).toLowerCase());
  return `${words.join("")}Exception`;
}
