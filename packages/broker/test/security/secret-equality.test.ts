import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { isSameSecret } from "../../src/security/secret-equality.ts";

test("secrets of any length are compared", () => {
  assert.ok(isSameSecret("a", "a") && isSameSecret("", "") && isSameSecret("ä", Buffer.from("ä")));
  assert.ok(!isSameSecret("a", "b") && !isSameSecret("a", "aa") && !isSameSecret("", "a"));
});

// CVE-2021-38153: credentials were compared in a time that told how much was right.
test("no password, proof or key is compared in any other way", () => {
  const folder = join(import.meta.dirname, "../../src/security");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  assert.ok(files.length > 20);
  const secret =
    /(password|proof|hmac|storedKey|secret)\w*(\.\w+)?\s*[!=]==?(?!=|\s*(?:null|undefined|""|-?\d))/i;
  for (const file of files) {
    const lines = readFileSync(join(folder, file), "utf8").split("\n");
    const found = lines.filter((line) => {
      return secret.test(line) && !/\.kind|\.length|\.type/.test(line);
    });
    assert.deepEqual(found, [], file);
  }
});
