import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { javaCommand } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { output, runProgram } from "../src/program.ts";
import { sampleLines } from "../src/records.ts";

const lines = sampleLines(100);
const input = lines.map((line) => `${line}\n`).join("");

/** Each test goes on with the groups of the one before. */
describe("Java's groups", async () => {
  const skip = await lacking("java");
  let broker: Broker;
  before(async () => {
    broker = await startBrokerUnderTest();
    await run("TopicCommand", "--create", "--topic", "orders", "--partitions", "1");
    await run("ConsoleProducer", "--topic", "orders");
  });
  after(async () => broker[Symbol.asyncDispose]());

  const words = (tool: string, args: readonly string[]) => {
    const where = ["--bootstrap-server", broker.bootstrap];
    return javaCommand(`org.apache.kafka.tools.${tool}`, [...where, ...args]);
  };
  const run = async (tool: string, ...args: readonly string[]) =>
    (await output(words(tool, args), { input })).toString();
  const groups = (...args: readonly string[]) =>
    run("consumer.group.ConsumerGroupCommand", ...args);

  for (const protocol of ["classic", "consumer"]) {
    test(`a console consumer reads in a group of the ${protocol} protocol`, { skip }, async () => {
      const property = ["--command-property", `group.protocol=${protocol}`];
      const place = ["--topic", "orders", "--group", protocol, "--from-beginning"];
      const count = ["--max-messages", "100", "--timeout-ms", "30000"];
      const text = await run("consumer.ConsoleConsumer", ...place, ...count, ...property);
      assert.equal(text, input);
    });

    test(`ConsumerGroupCommand describes the ${protocol} group's offsets`, { skip }, async () => {
      const text = await groups("--describe", "--group", protocol);
      assert.match(text, new RegExp(`^${protocol} +orders +0 +100 +100 +0 `, "m"));
    });
  }

  test("ConsumerGroupCommand lists both with state and type", { skip }, async () => {
    const text = await groups("--list", "--state", "--type");
    assert.match(text, /^classic +Classic +Empty/m);
    assert.match(text, /^consumer +Consumer +Empty/m);
  });

  test("ConsumerGroupCommand sets a group's offsets back", { skip }, async () => {
    const place = ["--group", "classic", "--topic", "orders", "--to-offset", "40", "--execute"];
    await groups("--reset-offsets", ...place);
    assert.match(await groups("--describe", "--group", "classic"), /orders +0 +40 +100 +60 /);
  });

  test("ConsumerGroupCommand deletes a group's offsets of a topic", { skip }, async () => {
    const text = await groups("--delete-offsets", "--group", "classic", "--topic", "orders");
    assert.match(text, /orders +0 +Successful/);
  });

  test("ConsumerGroupCommand deletes groups, and hears of one that is not there", {
    skip,
  }, async () => {
    assert.match(await groups("--delete", "--group", "consumer"), /was successful/);
    assert.doesNotMatch(await groups("--list"), /^consumer$/m);
    const again = words("consumer.group.ConsumerGroupCommand", ["--delete", "--group", "consumer"]);
    const { stdout, stderr } = await runProgram(again);
    assert.match(`${stdout.toString()}${stderr}`, /GroupIdNotFoundException/);
  });
});
