import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brokerKeys } from "../../src/config/broker-keys.ts";
import { topicKeys } from "../../src/config/keys/topic.ts";
import { keysNotShownYet } from "./keys-not-shown-yet.ts";

// A configuration that acts has a test in which it is set and something else happens. This test
// finds it by the configuration's name, in every test but those of the tables themselves.

const root = join(import.meta.dirname, "../../../..");

/** Tests of what configurations are, not of what they do. */
const isAboutTables = (path: string): boolean =>
  /broker\/test\/config\//.test(path) && !/-?effects\.test\.ts$/.test(path);

/** Shown by a test that does not name them: the file, and words of its test. */
const shownElsewhere: Readonly<Record<string, readonly [file: string, words: string]>> = {
  "broker.id": ["packages/broker/test/config/resolve-broker-config.test.ts", "broker.id"],
};

const texts = ["packages", "tests"]
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (path) => `${folder}/${path}`,
    ),
  )
  .filter((path) => /\.(ts|js|mjs|java|go|py)$/.test(path) && !path.includes("node_modules"))
  .filter((path) => /^tests\/|\/test\//.test(path) && !isAboutTables(path))
  .map((path) => readFileSync(join(root, path), "utf8"));

const acting = [...Object.entries(brokerKeys), ...Object.entries(topicKeys)]
  .filter(([, key]) => key.status.kind === "acts")
  .map(([name]) => name);

function isShown(name: string): boolean {
  const elsewhere = shownElsewhere[name];
  if (elsewhere !== undefined) {
    const [file, words] = elsewhere;
    const path = join(root, file);
    return existsSync(path) && readFileSync(path, "utf8").includes(words);
  }
  const word = new RegExp(`(?<![\\w.])${name.replaceAll(".", "\\.")}(?![\\w.])`);
  return texts.some((text) => word.test(text));
}

test("the tests are where this one looks for them", () => {
  assert.ok(texts.length > 300, `${texts.length} tests`);
  assert.ok(acting.length > 100, `${acting.length} configurations that act`);
});

test("each configuration that acts is shown to do so", () => {
  const missing = [...new Set(acting)].filter(
    (name) => !isShown(name) && !keysNotShownYet.includes(name),
  );
  assert.deepEqual(missing, [], "write a test in which they change what happens");
});

test("the list of what is not shown yet only gets shorter", (context) => {
  const unknown = keysNotShownYet.filter((name) => !acting.includes(name));
  assert.deepEqual(
    unknown,
    [],
    "these do not act, or are no configurations: take them off the list",
  );
  const shown = keysNotShownYet.filter(isShown);
  if (shown.length > 0)
    context.diagnostic(`shown now, take them off the list: ${shown.join(", ")}`);
});
