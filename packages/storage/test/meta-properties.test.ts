import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { CorruptFileError } from "../src/errors.ts";
import { readMetaProperties, writeMetaProperties } from "../src/meta-properties.ts";
import { replaceFile } from "../src/small-file.ts";

function readText(content: string): ReturnType<typeof readMetaProperties> {
  const { fileSystem } = simPlatform({ seed: 1 });
  replaceFile(fileSystem, "/meta.properties", { content, durability: "cached" });
  return readMetaProperties(fileSystem, "/");
}

test("the file of Apache Kafka 4.3.1 is read", () => {
  const text =
    "#\n#Mon Nov 23 09:06:21 UTC 2026\nnode.id=1\ndirectory.id=ir7xuCYKBo1rEb8j0UIHjg\n" +
    "version=1\ncluster.id=6AxpE74pR3a61vGfbzdQsg\n";
  assert.deepEqual(readText(text), {
    clusterId: "6AxpE74pR3a61vGfbzdQsg",
    nodeId: 1,
    directoryId: "ir7xuCYKBo1rEb8j0UIHjg",
  });
});

test("what is written is read back", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  assert.equal(readMetaProperties(fileSystem, "/"), undefined);
  const properties = { clusterId: "abc", nodeId: 3, directoryId: undefined };
  writeMetaProperties(fileSystem, "/", properties);
  assert.deepEqual(readMetaProperties(fileSystem, "/"), properties);
});

test("another version, or a file without a cluster, is refused", () => {
  assert.throws(() => readText("version=0\nbroker.id=1\n"), CorruptFileError);
  assert.throws(() => readText("version=1\nnode.id=1\n"), CorruptFileError);
});
