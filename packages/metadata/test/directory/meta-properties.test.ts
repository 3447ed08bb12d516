import assert from "node:assert/strict";
import { test } from "node:test";
import { simPlatform } from "@millrace/platform/sim";

import { readMetaProperties, writeMetaProperties } from "../../src/directory/meta-properties.ts";
import { idOf } from "../support/decisions.ts";

function directoryWith(content: string) {
  const { fileSystem } = simPlatform({ seed: 1 });
  fileSystem.makeDirectory("/d");
  fileSystem.open("/d/meta.properties", "createNew").writeSync([Buffer.from(content)], 0);
  return fileSystem;
}

test("a file that Kafka's StorageTool wrote is read", () => {
  const fileSystem = directoryWith(
    "#\n#Mon Nov 23 08:24:23 UTC 2026\nnode.id=1\ndirectory.id=AYXAIO76ZD-G4GLD7QfQYA\nversion=1\ncluster.id=5L6g3nShT-eMCtK--X86sw\n",
  );
  assert.deepEqual(readMetaProperties(fileSystem, "/d"), {
    clusterId: "5L6g3nShT-eMCtK--X86sw",
    nodeId: 1,
    directoryId: "AYXAIO76ZD-G4GLD7QfQYA",
  });
});

test("what is written is read, whatever the cluster's id holds", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  fileSystem.makeDirectory("/d");
  for (const clusterId of ["plain", "a=b:c#d!e\\f"]) {
    const properties = { clusterId, nodeId: 3, directoryId: idOf(1) };
    writeMetaProperties(fileSystem, "/d", properties);
    assert.deepEqual(readMetaProperties(fileSystem, "/d"), properties);
  }
});

test("a directory without the file is not formatted", () => {
  const { fileSystem } = simPlatform({ seed: 1 });
  fileSystem.makeDirectory("/d");
  assert.equal(readMetaProperties(fileSystem, "/d"), undefined);
});

test("a folder of Kafka with ZooKeeper is refused by name, a damaged file is an error", () => {
  const zooKeeper = directoryWith("version=0\nbroker.id=1\ncluster.id=x\n");
  assert.throws(() => readMetaProperties(zooKeeper, "/d"), { code: "UNSUPPORTED_METADATA" });
  for (const content of ["version=1\nnode.id=1\n", "version=1\ncluster.id=x\nnode.id=a\n"]) {
    const fileSystem = directoryWith(content);
    assert.throws(() => readMetaProperties(fileSystem, "/d"), { code: "METADATA_FILE_ERROR" });
  }
  const odd = directoryWith("version=1\nnode.id=1\ncluster.id=x\ndirectory.id=short\n");
  assert.throws(() => readMetaProperties(odd, "/d"), { code: "METADATA_FILE_ERROR" });
});
