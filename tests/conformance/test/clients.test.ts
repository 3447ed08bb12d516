import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Broker, startBrokerUnderTest } from "../src/broker.ts";
import { type ClientWords, clients, type ForeignClient } from "../src/clients.ts";
import { kafkaTool } from "../src/java.ts";
import { kcatValues } from "../src/kcat.ts";
import { lacking } from "../src/needs.ts";
import { output } from "../src/program.ts";
import { sampleLines } from "../src/records.ts";

const lines = sampleLines(300);
const input = lines.map((line) => `${line}\n`).join("");
const clientsAtOnce = 3;
const utf8 = (values: readonly string[]) => Buffer.from(values.join("\n"), "latin1").toString();

describe("foreign clients", async () => {
  let broker: Broker;
  before(async () => {
    broker = await startBrokerUnderTest();
  });
  after(async () => broker[Symbol.asyncDispose]());

  const call = (client: ForeignClient, words: Omit<ClientWords, "bootstrap">) => {
    const command = client.command({ ...words, bootstrap: broker.bootstrap });
    return output(command, { input, env: client.environment ?? {} });
  };
  const topicOf = (client: ForeignClient, suffix: string) =>
    `${client.name.replaceAll(/[^a-z0-9]+/gi, "-").replaceAll(/^-|-$/g, "")}-${suffix}`;

  // Each mostly waits, for batches to fill and for groups.
  describe("each", { concurrency: clientsAtOnce }, async () => {
    for (const client of clients) {
      const skip = await lacking("kcat", ...(client.need === undefined ? [] : [client.need]));
      describe(client.name, { concurrency: 1 }, () => {
        if (client.creates) {
          test(`${client.name} creates a topic of three partitions`, { skip }, async () => {
            const topic = topicOf(client, "created");
            await call(client, { verb: "create", topic, argument: "3" });
            const listed = (
              await output(["kcat", "-b", broker.bootstrap, "-L", "-t", topic])
            ).toString();
            assert.match(listed, new RegExp(`topic "${topic}" with 3 partitions`));
          });
        }
        for (const codec of client.codecs) {
          test(`${client.name} produces with ${codec}, kcat reads every value`, {
            skip,
          }, async () => {
            const topic = topicOf(client, codec);
            if (client.creates) await call(client, { verb: "create", topic, argument: "1" });
            await call(client, { verb: "produce", topic, argument: codec });
            assert.equal(utf8(await kcatValues(broker.bootstrap, topic)), lines.join("\n"));
          });
        }
        if (client.consumes) {
          test(`${client.name} reads every value without a group`, { skip }, async () => {
            const topic = topicOf(client, client.codecs.at(-1) ?? "none");
            const argument = String(lines.length);
            const values = (await call(client, { verb: "consume", topic, argument })).toString();
            assert.equal(values, input);
          });
        }
        if (client.joinsGroups) {
          test(`${client.name} reads every value in a group`, { skip }, async () => {
            const topic = topicOf(client, client.codecs.at(-1) ?? "none");
            const argument = String(lines.length);
            const values = (await call(client, { verb: "group", topic, argument })).toString();
            assert.equal(values, input);
          });
        }
        if (client.joinsConsumerGroups) {
          test(`${client.name} reads every value in a consumer group (KIP-848)`, {
            skip,
          }, async () => {
            const topic = topicOf(client, client.codecs.at(-1) ?? "none");
            const argument = String(lines.length);
            const words = { verb: "consumer-group", topic, argument } as const;
            assert.equal((await call(client, words)).toString(), input);
          });
        }
      });
    }
  });

  const skip = await lacking("java", "go", "python");
  test("ConsumerGroupCommand finds that every group has committed all of it", {
    skip,
  }, async () => {
    const command = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    const where = ["--bootstrap-server", broker.bootstrap];
    const text = await kafkaTool(command, [...where, "--describe", "--all-groups"]);
    for (const client of clients.filter((one) => one.joinsGroups)) {
      const group = topicOf(client, client.codecs.at(-1) ?? "none");
      const names = client.joinsConsumerGroups ? [group, `${group}-next`] : [group];
      for (const name of names) {
        const row = text.split("\n").find((line) => line.startsWith(`${name} `)) ?? "";
        assert.match(row, new RegExp(`^${name} +${group} +0 +300 +300 +0 `), text);
      }
    }
  });

  test("DumpLogSegments finds each codec in the clients' files", {
    skip,
  }, async () => {
    const topics = clients.flatMap((client) =>
      client.codecs.map((codec) => ({ codec, folder: `${topicOf(client, codec)}-0` })),
    );
    const files = topics.map(
      ({ folder }) => `${broker.dataFolder}/${folder}/00000000000000000000.log`,
    );
    const dump = await kafkaTool("org.apache.kafka.tools.DumpLogSegments", [
      "--files",
      files.join(","),
    ]);
    assert.doesNotMatch(dump, /isvalid: false/);
    const parts = dump.split(/^Dumping /m).slice(1);
    for (const { codec, folder } of topics) {
      const part = parts.find((text) => text.includes(`/${folder}/`)) ?? "";
      const found = new Set([...part.matchAll(/compresscodec: (\w+)/g)].map(([, name]) => name));
      // A client sends a batch as it is when compressing does not make it smaller.
      assert.ok(found.has(codec), `${folder}: ${[...found].join(", ")}`);
    }
  });
});
