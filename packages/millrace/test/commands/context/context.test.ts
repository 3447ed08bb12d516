import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runWords } from "../../support/run-words.ts";

const folder = mkdtempSync(join(tmpdir(), "millrace-context-"));
after(() => rmSync(folder, { recursive: true }));

function contextsIn(name: string) {
  const environment = { MILLRACE_CONTEXTS: join(folder, name, "contexts.json") };
  return (...words: readonly string[]) => runWords(["context", ...words], { environment });
}

test("the first context that is added is in use; others by their name", async () => {
  const context = contextsIn("first");
  assert.equal((await context("add", "one", "-b", "one:9092")).code, 0);
  assert.equal((await context("add", "two", "-b", "two:9092")).code, 0);
  assert.deepEqual(JSON.parse((await context("list", "-o", "json")).printed), [
    { name: "one", isCurrent: true, bootstrap: "one:9092", protocol: "PLAINTEXT" },
    { name: "two", isCurrent: false, bootstrap: "two:9092", protocol: "PLAINTEXT" },
  ]);
  await context("use", "two");
  assert.match((await context("list")).printed, /^two +yes +two:9092/mu);
  await context("remove", "two");
  assert.equal((await context("list", "-o", "name")).printed, "one\n");
});

test("a properties file and -X are kept, readable by the user alone, and shown without secrets", async () => {
  const context = contextsIn("secret");
  const file = join(folder, "client.properties");
  writeFileSync(file, "bootstrap.servers=far:9093\nsecurity.protocol=SASL_SSL\n");
  const jaas = 'sasl.jaas.config=Login required username="a" password="hidden-word";';
  await context("add", "far", "--command-config", file, "-X", jaas);
  const { mode } = statSync(join(folder, "secret", "contexts.json"));
  assert.equal(mode & 0o777, 0o600);
  const { printed } = await context("show", "far");
  assert.match(printed, /^bootstrap\.servers +far:9093$/mu);
  assert.match(printed, /^sasl\.jaas\.config +\[hidden\]$/mu);
  assert.doesNotMatch(printed, /hidden-word/u);
});

test("a context that is not there is told with those that are", async () => {
  const context = contextsIn("absent");
  await context("add", "here", "-b", "here:9092");
  const { code, errors } = await context("use", "there");
  assert.equal(code, 3);
  assert.match(errors, /there is no context "there": there are here/u);
});

test("a file that is no contexts file is refused, not overwritten", async () => {
  const path = join(folder, "broken.json");
  writeFileSync(path, "{");
  const environment = { MILLRACE_CONTEXTS: path };
  const { code, errors } = await runWords(["context", "add", "x"], { environment });
  assert.equal(code, 1);
  assert.match(errors, /broken\.json is not JSON.*CONTEXT_FILE_UNUSABLE/u);
});

test("help has examples; a wrong word names the right one and ends with 2", async () => {
  const context = contextsIn("help");
  const help = await context("--help");
  assert.equal(help.code, 0);
  assert.match(help.printed, /Examples:\n {2}millrace context add/u);
  const wrong = await context("lst");
  assert.equal(wrong.code, 2);
  assert.match(wrong.errors, /unknown command 'lst'\n\(Did you mean one of list, ls\?\)/u);
});
