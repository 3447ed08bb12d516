import assert from "node:assert/strict";
import { test } from "node:test";
import { runWords } from "./support/run-words.ts";

function run(...words: readonly string[]) {
  return runWords(words);
}

test("help shows the commands", async () => {
  for (const words of [["help"], ["--help"], ["-h"]]) {
    const { code, printed } = await run(...words);
    assert.equal(code, 0);
    assert.match(printed, /^ {2}start +start a broker/m);
  }
});

test("help of a command shows its examples", async () => {
  for (const words of [
    ["start", "--help"],
    ["help", "start"],
  ]) {
    const { code, printed } = await run(...words);
    assert.equal(code, 0);
    assert.match(printed, /Examples:/);
  }
});

test("an unknown command says what was meant, and ends with 2", async () => {
  const { code, errors } = await run("strat");
  assert.equal(code, 2);
  assert.match(errors, /there is no command "strat": did you mean "start"\?/);
});

test("version prints the version", async () => {
  for (const word of ["version", "--version"]) {
    assert.match((await run(word)).printed, /^\d+\.\d+\.\d+\n$/);
  }
});

test("a wrong option of start ends with 2 and a sentence", async () => {
  const { code, errors } = await run("start", "--port", "9");
  assert.equal(code, 2);
  assert.match(errors, /Unknown option '--port'/);
});

test("a properties file that is not there ends with 2 and its name", async () => {
  const { code, errors } = await run("start", "no-such.properties");
  assert.equal(code, 2);
  assert.match(errors, /there is no file no-such\.properties/);
});
