import type { FileSystem } from "@millrace/platform";
import { CorruptFileError } from "./errors.ts";
import { directoryFileNames, joinPath } from "./file-names.ts";
import { replaceFile } from "./small-file.ts";

/** What `meta.properties` says of a log directory; version 1, Kafka's form since KRaft. */
export interface MetaProperties {
  readonly clusterId: string;
  readonly nodeId: number;
  /** Names this directory in the cluster's metadata (KIP-858). */
  readonly directoryId: string | undefined;
}

/**
 * Reads `meta.properties`; undefined when it is not there. Format: docs/formats/checkpoints.md §5.
 * @throws CorruptFileError when it has another version or lacks something.
 */
export function readMetaProperties(
  fileSystem: FileSystem,
  logDirectory: string,
): MetaProperties | undefined {
  const path = joinPath(logDirectory, directoryFileNames.metaProperties);
  if (!fileSystem.exists(path)) return undefined;
  const values = parseProperties(fileSystem.readFile(path).toString("latin1"));
  const version = values.get("version");
  if (version !== "1") {
    throw new CorruptFileError(`meta.properties has version ${version}, 1 is read`, { path });
  }
  const clusterId = values.get("cluster.id");
  const nodeId = Number(values.get("node.id"));
  if (clusterId === undefined || !Number.isSafeInteger(nodeId)) {
    throw new CorruptFileError("meta.properties lacks cluster.id or node.id", { path });
  }
  return { clusterId, nodeId, directoryId: values.get("directory.id") };
}

/** Writes `meta.properties`, durably. */
export function writeMetaProperties(
  fileSystem: FileSystem,
  logDirectory: string,
  properties: MetaProperties,
): void {
  const lines = [
    "#",
    `cluster.id=${properties.clusterId}`,
    ...(properties.directoryId === undefined ? [] : [`directory.id=${properties.directoryId}`]),
    `node.id=${properties.nodeId}`,
    "version=1",
  ];
  const path = joinPath(logDirectory, directoryFileNames.metaProperties);
  const content = `${lines.join("\n")}\n`;
  replaceFile(fileSystem, path, { content, durability: "synced" });
}

/** Reads the part of Java's properties that these files use: `key=value` lines and comments. */
function parseProperties(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r\n|\n|\r/u)) {
    const match = /^\s*([^#!\s=:][^=:\s]*)\s*[=:]\s*(.*?)\s*$/u.exec(line);
    const [, key, value] = match ?? [];
    if (key !== undefined && value !== undefined) values.set(key, value.replaceAll("\\", ""));
  }
  return values;
}
