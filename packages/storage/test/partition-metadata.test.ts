import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";
import { CorruptFileError } from "../src/errors.ts";
import { readTopicId, writeTopicId } from "../src/partition-metadata.ts";
import { replaceFile } from "../src/small-file.ts";

test("the topic id is written as Kafka writes it, and read back", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  assert.equal(readTopicId(fileSystem, "/"), undefined);
  writeTopicId(fileSystem, "/", "iGgV0SYNRienIWl5bhYD0w");
  const text = fileSystem.readFile("/partition.metadata").toString();
  assert.equal(text, "version: 0\ntopic_id: iGgV0SYNRienIWl5bhYD0w");
  assert.equal(readTopicId(fileSystem, "/"), "iGgV0SYNRienIWl5bhYD0w");
});

test("a file that a power loss left empty counts as none; another one that cannot be read does not", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  for (const content of ["", "\0\0\0"]) {
    replaceFile(fileSystem, "/partition.metadata", { content, durability: "cached" });
    assert.equal(readTopicId(fileSystem, "/"), undefined);
  }
  const content = "version: 1\ntopic_id: x";
  replaceFile(fileSystem, "/partition.metadata", { content, durability: "cached" });
  assert.throws(() => readTopicId(fileSystem, "/"), CorruptFileError);
});
