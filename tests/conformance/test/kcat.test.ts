import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { kcatValues } from "../src/kcat.ts";
import { builtFolder } from "../src/places.ts";
import { lacking } from "../src/needs.ts";
import { output } from "../src/program.ts";
import { machineLog } from "../src/records.ts";

const log = machineLog();

describe("kcat with a real log file of this machine", async () => {
  const skip = await lacking("kcat");
  let broker: Broker;
  before(async () => {
    broker = await startBrokerUnderTest();
  });
  after(async () => broker[Symbol.asyncDispose]());

  const bytesOf = (lines: readonly string[]) => {
    return Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1");
  };

  test(`kcat: every line of ${log.path} comes back byte for byte`, { skip }, async () => {
    const words = ["kcat", "-b", broker.bootstrap, "-t", "first", "-P", "-X", "acks=all"];
    await output(words, { input: bytesOf(log.lines) });
    assert.deepEqual(await kcatValues(broker.bootstrap, "first"), log.lines);
  });

  test("kcat: a broker that was stopped and started again has every line", { skip }, async () => {
    assert.equal(await broker.stop(), broker.kind === "kafka" ? 143 : 0);
    await broker.start();
    assert.deepEqual(await kcatValues(broker.bootstrap, "first"), log.lines);
  });

  const lacksLoader = skip || (await lacking("c"));
  test("kcat: kill -9 in the middle of a second load loses and doubles nothing", {
    skip: lacksLoader,
  }, async () => {
    const lines = repeated(log.lines, 20_000);
    // kcat itself ends when its only broker is down; a program on the same library waits for it.
    const loader = join(builtFolder("c"), "librdkafka");
    const words = ["produce", broker.bootstrap, "second", "none"];
    const child = spawn(loader, words, { stdio: ["pipe", "ignore", "ignore"] });
    const ended = new Promise((resolve) => child.once("close", resolve));
    const chunkLines = 500;
    for (let at = 0; at < lines.length; at += chunkLines) {
      child.stdin.write(bytesOf(lines.slice(at, at + chunkLines)));
      await sleep(20);
      if (at === lines.length / 2) await broker.kill().then(() => broker.start());
    }
    child.stdin.end();
    assert.equal(await ended, 0);
    assert.deepEqual(await kcatValues(broker.bootstrap, "second"), lines);
    assert.deepEqual(await kcatValues(broker.bootstrap, "first"), log.lines);
  });

  test("kcat: reads from an offset, the last records and a time", { skip }, async () => {
    const at = (place: string) => {
      const words = ["kcat", "-b", broker.bootstrap, "-C", "-t", "first", "-p", "0", "-e", "-q"];
      return output([...words, "-o", place, "-f", "%o\n"]);
    };
    const end = log.lines.length;
    assert.equal((await at(String(end - 3))).toString(), `${end - 3}\n${end - 2}\n${end - 1}\n`);
    assert.equal((await at("-2")).toString(), `${end - 2}\n${end - 1}\n`);
    assert.equal((await at("s@1")).toString().split("\n", 1)[0], "0");
  });

  test("kcat: keys, headers and partitions arrive", { skip }, async () => {
    const words = ["kcat", "-b", broker.bootstrap, "-t", "keyed"];
    await output([...words, "-P", "-K:", "-H", "trace=42", "-p", "0"], { input: "k:v\n" });
    const read = ["-C", "-p", "0", "-o", "beginning", "-e", "-q"];
    const text = await output([...words, ...read, "-f", "%k %s %h %p %o"]);
    assert.equal(text.toString(), "k v trace=42 0 0");
  });
});

function repeated(lines: readonly string[], count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => lines[index % lines.length] ?? "");
}
