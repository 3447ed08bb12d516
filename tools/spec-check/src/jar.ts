import { inflateRawSync } from "node:zlib";

/** A jar that cannot be read: cut off, or packed in a way that jars are not. */
export class JarError extends Error {
  readonly code = "JAR_UNREADABLE";
}

const endOfDirectory = 0x0605_4b50;
const endOfDirectorySizeBytes = 22;
const directoryEntry = 0x0201_4b50;
const directoryEntrySizeBytes = 46;
const localHeaderSizeBytes = 30;
const stored = 0;

/** Gives the files of a jar whose path ends in `suffix`, by path. */
export function filesOfJar(jar: Buffer, suffix: string): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = jar.lastIndexOf(signature(endOfDirectory));
  if (end < 0 || end + endOfDirectorySizeBytes > jar.length) {
    throw new JarError("the jar has no directory");
  }
  const count = jar.readUInt16LE(end + 10);
  let position = jar.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (jar.readUInt32LE(position) !== directoryEntry) throw new JarError("the directory is cut");
    const nameSizeBytes = jar.readUInt16LE(position + 28);
    const nameStart = position + directoryEntrySizeBytes;
    const name = jar.toString("utf8", nameStart, nameStart + nameSizeBytes);
    if (name.endsWith(suffix)) files.set(name, contentOf(jar, position));
    const extraSizeBytes = jar.readUInt16LE(position + 30) + jar.readUInt16LE(position + 32);
    position = nameStart + nameSizeBytes + extraSizeBytes;
  }
  return files;
}

function contentOf(jar: Buffer, entry: number): Buffer {
  const method = jar.readUInt16LE(entry + 10);
  const sizeBytes = jar.readUInt32LE(entry + 20);
  const header = jar.readUInt32LE(entry + 42);
  const variable = jar.readUInt16LE(header + 26) + jar.readUInt16LE(header + 28);
  const start = header + localHeaderSizeBytes + variable;
  const content = jar.subarray(start, start + sizeBytes);
  return method === stored ? content : inflateRawSync(content);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
