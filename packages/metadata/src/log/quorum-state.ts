import type { FileSystem } from "@millrace/platform";
import { isUuid, ZERO_UUID } from "@millrace/protocol";
import type { Uuid } from "@millrace/protocol";

import { MetadataFileError, UnsupportedMetadataError } from "../metadata-errors.ts";
import { replaceFile } from "./durable-file.ts";

/** The file's name in `__cluster_metadata-0`. */
export const QUORUM_STATE_FILE = "quorum-state";

/**
 * What a node must not forget about elections: the epoch, and who leads in it.
 * Format: docs/formats/quorum-state.md.
 */
export interface QuorumState {
  /** 0 with voters from the configuration, 1 with voters from the log (kraft.version). */
  readonly version: number;
  /** -1 when unknown. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
  /** -1 when the node has not voted in this epoch. */
  readonly votedId: number;
  readonly votedDirectoryId: Uuid;
  /** Version 0 only; null in version 1. */
  readonly currentVoters: readonly number[] | null;
}

const VERSION_MAX = 1;

/**
 * Reads the file; undefined when there is none.
 * @throws MetadataFileError when it is no such file, UnsupportedMetadataError for a newer version.
 */
export function readQuorumState(fileSystem: FileSystem, path: string): QuorumState | undefined {
  if (!fileSystem.exists(path)) return undefined;
  const text = fileSystem.readFile(path).toString("utf8");
  let content: Readonly<Record<string, unknown>>;
  try {
    content = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new MetadataFileError(`${path} is not JSON`, { path, cause });
  }
  const version = numberIn(content, "data_version", path);
  if (version > VERSION_MAX) {
    throw new UnsupportedMetadataError(`${path} has version ${version}; ${VERSION_MAX} is known`);
  }
  const votedDirectoryId = content["votedDirectoryId"];
  return {
    version,
    leaderId: numberIn(content, "leaderId", path),
    leaderEpoch: numberIn(content, "leaderEpoch", path),
    votedId: numberIn(content, "votedId", path),
    votedDirectoryId:
      typeof votedDirectoryId === "string" && isUuid(votedDirectoryId)
        ? votedDirectoryId
        : ZERO_UUID,
    currentVoters: version === 0 ? votersIn(content, path) : null,
  };
}

/** Writes the file, durably and at once. */
export function writeQuorumState(fileSystem: FileSystem, path: string, state: QuorumState): void {
  const { leaderId, leaderEpoch, votedId, votedDirectoryId, version } = state;
  // Field for field as Kafka's QuorumStateDataJsonConverter prints them.
  const content =
    version === 0
      ? {
          clusterId: "",
          leaderId,
          leaderEpoch,
          votedId,
          appliedOffset: 0,
          currentVoters: (state.currentVoters ?? []).map((voterId) => ({ voterId })),
          data_version: version,
        }
      : { leaderId, leaderEpoch, votedId, votedDirectoryId, data_version: version };
  replaceFile(fileSystem, path, Buffer.from(JSON.stringify(content)));
}

function numberIn(content: Readonly<Record<string, unknown>>, name: string, path: string): number {
  const value = content[name];
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw new MetadataFileError(`${path} has no number ${name}`, { path });
}

function votersIn(content: Readonly<Record<string, unknown>>, path: string): readonly number[] {
  const voters: unknown = content["currentVoters"] ?? [];
  if (!Array.isArray(voters)) throw new MetadataFileError(`${path} has odd voters`, { path });
  return voters.map((voter: unknown) => {
    const fields = typeof voter === "object" && voter !== null ? voter : {};
    return numberIn({ ...fields }, "voterId", path);
  });
}
