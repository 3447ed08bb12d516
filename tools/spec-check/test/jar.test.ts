import assert from "node:assert/strict";
import { test } from "node:test";
import { filesOfJar, JarError } from "../src/jar.ts";
import { jarOf } from "./jar-of.ts";

test("files come out of a jar, deflated or stored, by their ending", () => {
  const jar = jarOf({ "a/One.json": "{}".repeat(50), "Two.class": "no", "b/Three.json": "[]" });
  const files = filesOfJar(jar, ".json");
  const texts = [...files].map(([path, content]) => [path, content.toString()]);
  assert.deepEqual(texts, [
    ["a/One.json", "{}".repeat(50)],
    ["b/Three.json", "[]"],
  ]);
});

test("what is no jar is refused", () => {
  assert.throws(() => filesOfJar(Buffer.from("not a jar"), ".json"), JarError);
});
