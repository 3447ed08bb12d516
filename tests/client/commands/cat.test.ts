/** `millrace cat` beside kcat on the same broker, and `millrace tail`. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";

import { lacking } from "@millrace/conformance/harness";

import { type ClientBroker, eachBroker, uniqueName } from "../src/index.ts";
import { on, printing } from "./words.ts";

function kcat(broker: ClientBroker, words: readonly string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ["-b", broker.bootstrap, ...words];
    const child = execFile("kcat", args, { timeout: 20_000 }, (error, printed, errors) => {
      if (error === null) resolve(printed);
      else reject(new Error(`${error.message}: ${errors}`));
    });
    child.stdin?.end(input);
  });
}

const lines = "k:a\n\nb\nc:\n:d\n";

eachBroker("cat produces and prints what kcat does", async (broker, t) => {
  const missing = await lacking("kcat");
  if (missing !== false) return t.skip(missing);
  const ours = uniqueName("ours");
  const theirs = uniqueName("theirs");
  await printing(broker)(`topic create ${ours} ${theirs} -p 1`);
  const flags = "-p 0 -K: -H x=1 -H x=2";
  await printing(broker)(`cat -P -t ${ours} ${flags}`, lines);
  await printing(broker)(`cat -P -t ${ours} -p 0 -K: -Z`, "k:\n:\nz\n");
  await kcat(broker, ["-P", "-t", theirs, ...flags.split(" ")], lines);
  await kcat(broker, ["-P", "-t", theirs, "-p", "0", "-K:", "-Z"], "k:\n:\nz\n");
  const said = String.raw`%t [%p] %o %k=%s %S %K %h\n`;
  const format = String.raw`%o,%k=%s,%S,%K,%R,%h\n`;
  assert.equal(
    await kcat(broker, ["-C", "-e", "-q", "-t", ours, "-f", format]),
    await kcat(broker, ["-C", "-e", "-q", "-t", theirs, "-f", format]),
  );
  for (const words of [
    `-C -e -q -t ${theirs}`,
    `-C -e -q -t ${theirs} -K|`,
    `-C -e -q -t ${theirs} -K| -Z`,
    `-C -e -q -t ${theirs} -J`,
    `-C -q -t ${theirs} -o -2 -c 1 -D , -K\\t`,
    `-C -q -t ${theirs} -o 1 -c3 -p 0 -u`,
    `-C -q -t ${theirs} -o s@0 -e`,
    `-C -q -t ${theirs} -o 3 -c 1 -s b`,
    `-C -q -t ${theirs} -o 0 -c 2 -s value=B -s key=c -K:`,
    `-Q -t ${theirs}:0:0`,
    `-Q -t ${theirs}:0:1999999999999`,
    `-L -t ${theirs}`,
    `-L -t ${theirs} -J`,
  ]) {
    const expected = await kcat(broker, words.split(" "));
    assert.equal(await printing(broker)(`cat ${words}`), expected, words);
  }
  const expected = await kcat(broker, ["-C", "-e", "-q", "-t", theirs, "-f", said]);
  const words = said.replaceAll(" ", "\u00A0");
  const printed = await printing(broker)(`cat -C -e -q -t ${theirs} -f ${words}`);
  assert.equal(printed.replaceAll("\u00A0", " "), expected);
});

eachBroker("cat tells where it ends, and refuses two modes", async (broker) => {
  const topic = uniqueName("topic");
  await printing(broker)(`topic create ${topic} -p 1`);
  await printing(broker)(`cat -P -t ${topic}`, "one\ntwo\n");
  const { printed, errors } = await on(broker)(`cat -C -e -t ${topic}`);
  assert.equal(printed, "one\ntwo\n");
  assert.equal(errors, `% Reached end of topic ${topic} [0] at offset 2: exiting\n`);
  assert.equal(
    await printing(broker)(`cat -G ${uniqueName("g")} -c 1 -X auto.offset.reset=earliest ${topic}`),
    "one\n",
  );
  assert.equal((await on(broker)(`cat -C -P -t ${topic}`)).code, 2);
  const wrong = await on(broker)(`cat -C -q -t ${topic} -c 1 -s Q`);
  assert.equal(wrong.code, 1);
  assert.match(wrong.errors, /Q takes 8 bytes, 3 are left.*UNPACK_FAILED/);
});

eachBroker("tail shows the last records, then what comes in", async (broker) => {
  const topic = uniqueName("topic");
  await printing(broker)(`topic create ${topic} -p 2`);
  await printing(broker)(`produce ${topic} -p 0`, "a\nb\nc\n");
  const tailing = printing(broker)(`tail ${topic} -n 2 --count 3`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await printing(broker)(`produce ${topic} -p 1`, "d\n");
  assert.equal(await tailing, `${topic}/0 b\n${topic}/0 c\n${topic}/1 d\n`);
});
