import type { FileSystem } from "@millrace/platform";
import { isUuid } from "@millrace/protocol";
import type { Uuid } from "@millrace/protocol";

import { replaceFile } from "../log/durable-file.ts";
import { MetadataFileError, UnsupportedMetadataError } from "../metadata-errors.ts";

/** The file's name in every log directory. */
export const META_PROPERTIES_FILE = "meta.properties";

const VERSION = 1;

/** Whose a log directory is. Format: docs/formats/meta-properties.md. */
export interface MetaProperties {
  readonly clusterId: string;
  readonly nodeId: number;
  /** The directory's own id (KIP-858); undefined in folders of Kafka before 3.7. */
  readonly directoryId: Uuid | undefined;
}

/**
 * Reads a log directory's file; undefined when there is none: the directory is not formatted.
 * @throws MetadataFileError when something is missing, UnsupportedMetadataError for versions but 1.
 */
export function readMetaProperties(
  fileSystem: FileSystem,
  logDirectory: string,
): MetaProperties | undefined {
  const path = `${logDirectory}/${META_PROPERTIES_FILE}`;
  if (!fileSystem.exists(path)) return undefined;
  const properties = parseProperties(fileSystem.readFile(path).toString("utf8"));
  const version = properties.get("version");
  if (version !== String(VERSION)) {
    throw new UnsupportedMetadataError(
      `${path} has version ${version ?? "none"}; only ${VERSION} (KRaft) is supported`,
    );
  }
  const clusterId = properties.get("cluster.id");
  const nodeId = Number(properties.get("node.id"));
  if (clusterId === undefined || !Number.isSafeInteger(nodeId)) {
    throw new MetadataFileError(`${path} lacks cluster.id or node.id`, { path });
  }
  const directoryId = properties.get("directory.id");
  if (directoryId === undefined) return { clusterId, nodeId, directoryId };
  if (isUuid(directoryId)) return { clusterId, nodeId, directoryId };
  throw new MetadataFileError(`${path} has an odd directory.id`, { path });
}

/** Writes a log directory's file, durably and at once. */
export function writeMetaProperties(
  fileSystem: FileSystem,
  logDirectory: string,
  properties: MetaProperties,
): void {
  const { clusterId, nodeId, directoryId } = properties;
  const lines = [
    `node.id=${nodeId}`,
    ...(directoryId === undefined ? [] : [`directory.id=${directoryId}`]),
    `version=${VERSION}`,
    `cluster.id=${escapeProperty(clusterId)}`,
  ];
  const path = `${logDirectory}/${META_PROPERTIES_FILE}`;
  replaceFile(fileSystem, path, Buffer.from(`${lines.join("\n")}\n`));
}

// Java's Properties: a backslash takes the meaning from the character after it.
function parseProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#!\s=:][^\s=:]*)\s*[=:]\s*(.*)$/.exec(line);
    const [, name, value] = match ?? [];
    if (name !== undefined && value !== undefined) {
      properties.set(name, value.replaceAll(/\\(.)/g, "$1"));
    }
  }
  return properties;
}

function escapeProperty(value: string): string {
  return value.replaceAll(/[\\=:#!]/g, (character) => `\\${character}`);
}
