import type { ClusterImage } from "../image/cluster-image.ts";
import { configsOf } from "../image/configs-image.ts";
import type { QuorumState } from "../log/quorum-state.ts";
import type { RaftVoters } from "../log/raft-voters.ts";
import { UnsupportedMetadataError } from "../metadata-errors.ts";

/** Who this node is. */
export interface NodeIdentity {
  readonly nodeId: number;
  /** `directory.id` of the metadata log's directory. */
  readonly directoryId: string | undefined;
}

/**
 * Refuses a folder that belongs to a quorum of several controllers, or to another one.
 * @throws UnsupportedMetadataError
 */
export function refuseForeignQuorum(
  node: NodeIdentity,
  quorumState: QuorumState | undefined,
  voters: RaftVoters,
): void {
  const configured = quorumState?.currentVoters ?? [];
  const inLog = voters.voters?.voters ?? [];
  const ids = inLog.length > 0 ? inLog.map(({ voterId }) => voterId) : configured;
  if (ids.length > 1) {
    throw new UnsupportedMetadataError(
      `the folder belongs to a quorum of ${ids.length} voters (${ids.join(", ")}), not to one node`,
    );
  }
  const [only] = ids;
  if (only !== undefined && only !== node.nodeId) {
    throw new UnsupportedMetadataError(
      `the folder's metadata is led by node ${only}, not by node ${node.nodeId}`,
    );
  }
  const directoryId = inLog[0]?.voterDirectoryId;
  if (directoryId !== undefined && directoryId !== node.directoryId) {
    const own = node.directoryId ?? "one without an id";
    throw new UnsupportedMetadataError(
      `the metadata log belongs to the directory ${directoryId}, not to ${own}`,
    );
  }
}

/**
 * Refuses state that a node that is alone cannot serve: replicas elsewhere, and topics whose older
 * records lie in remote storage.
 * @throws UnsupportedMetadataError naming the first such topic.
 */
export function refuseForeignTopics(nodeId: number, image: ClusterImage): void {
  for (const { name, partitions } of image.topics.byId.values()) {
    const configs = configsOf(image.configs, { type: "topic", name });
    if (configs.get("remote.storage.enable") === "true") {
      throw new UnsupportedMetadataError(
        `topic ${name} has remote.storage.enable=true; tiered storage is not supported`,
      );
    }
    const index = partitions.findIndex(({ replicas }) => replicas.some((id) => id !== nodeId));
    const foreign = partitions[index]?.replicas.find((id) => id !== nodeId);
    if (foreign === undefined) continue;
    throw new UnsupportedMetadataError(
      `partition ${name}-${index} has a replica on node ${foreign}, which a single node cannot reach`,
    );
  }
}

/** Metadata that decides who may do what. */
export type SecurityMetadata = "acls" | "scramCredentials" | "delegationTokens";

const securityNames: Readonly<Record<SecurityMetadata, string>> = {
  acls: "access control lists",
  scramCredentials: "SCRAM users",
  delegationTokens: "delegation tokens",
};

const remedies: Readonly<Record<SecurityMetadata, string>> = {
  acls: "set authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
  scramCredentials: "configure a SASL listener",
  delegationTokens: "configure a SASL listener",
};

/**
 * Refuses a folder that says who may do what, where nobody here would keep to it: served all the
 * same, it would be open to everybody in silence.
 * @throws UnsupportedMetadataError naming what it has.
 */
export function refuseUnservedSecurity(
  image: ClusterImage,
  served: readonly SecurityMetadata[],
): void {
  for (const kind of ["acls", "scramCredentials", "delegationTokens"] as const) {
    if (served.includes(kind) || image[kind].size === 0) continue;
    throw new UnsupportedMetadataError(
      `the folder has ${securityNames[kind]} (${image[kind].size}), which nobody would keep to; ${remedies[kind]}`,
    );
  }
}
