/** Access control entries by Kafka's tool, and foreign clients that are let in and refused. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";

import { type Broker, startKafka, startMillrace } from "../src/broker.ts";
import { freePort } from "../src/free-port.ts";
import { kafkaTool } from "../src/java.ts";
import { lacking } from "../src/needs.ts";
import { secureClients } from "../security/clients.ts";

const plainModule = "org.apache.kafka.common.security.plain.PlainLoginModule";
const aclTool = "org.apache.kafka.tools.AclCommand";
const skip = await lacking("java", "kcat", "go");

function properties(): readonly string[] {
  const users = ["admin", "alice", "bob"].map((name) => `user_${name}="${name}-secret"`);
  return [
    "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OPEN:SASL_PLAINTEXT",
    "sasl.enabled.mechanisms=PLAIN",
    `listener.name.open.plain.sasl.jaas.config=${plainModule} required ${users.join(" ")};`,
    "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users=User:ANONYMOUS;User:admin",
  ];
}

function clientProperties(path: string, user: string): string {
  const lines = [
    "security.protocol=SASL_PLAINTEXT",
    "sasl.mechanism=PLAIN",
    `sasl.jaas.config=${plainModule} required username="${user}" password="${user}-secret";`,
  ];
  writeFileSync(path, lines.join("\n"));
  return path;
}

/** Each entry that the tool lists: `TOPIC orders LITERAL User:alice * READ ALLOW`. */
function entriesOf(printed: string): readonly string[] {
  const entries: string[] = [];
  let resource = "";
  for (const line of printed.split("\n")) {
    const [, type, name, pattern] =
      /resourceType=(\w+), name=(\S+), patternType=(\w+)\)/.exec(line) ?? [];
    if (type !== undefined) resource = `${type} ${name} ${pattern}`;
    const [, principal, host, operation, permission] =
      /principal=(\S+), host=(\S+), operation=(\w+), permissionType=(\w+)/.exec(line) ?? [];
    if (principal === undefined) continue;
    entries.push(`${resource} ${principal} ${host} ${operation} ${permission}`);
  }
  return entries.sort();
}

async function mayProduce(bootstrap: string, user: string, topic: string) {
  const credentials = {
    mechanism: "PLAIN" as const,
    username: user,
    password: `${user}-secret`,
  };
  const outcomes: Record<string, boolean> = {};
  for (const client of secureClients) {
    if ((await lacking(...(client.need === undefined ? [] : [client.need]))) !== false) continue;
    const { status } = await client.produce(bootstrap, topic, credentials);
    outcomes[client.name] = status === 0;
  }
  return outcomes;
}

describe("access control entries", { skip }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-acls-"));
  const ports = { OPEN: await freePort() };
  const bootstrap = `127.0.0.1:${ports.OPEN}`;
  const admin = join(folder, "admin.properties");
  const alice = join(folder, "alice.properties");
  let broker: Broker;
  before(async () => {
    broker = await startMillrace({ listeners: ports, properties: properties() });
    clientProperties(admin, "admin");
    clientProperties(alice, "alice");
    const where = ["--bootstrap-server", bootstrap, "--command-config", admin];
    const tool = "org.apache.kafka.tools.TopicCommand";
    await kafkaTool(tool, [...where, "--create", "--topic", "orders", "--partitions", "1"]);
  });
  after(async () => {
    await broker[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const acls = (args: readonly string[], config = admin) =>
    kafkaTool(aclTool, ["--bootstrap-server", bootstrap, "--command-config", config, ...args]);

  test("every foreign client is refused without an entry, and let in with one", async () => {
    const before = await mayProduce(bootstrap, "alice", "orders");
    assert.ok(Object.keys(before).length >= 4);
    assert.deepEqual(new Set(Object.values(before)), new Set([false]), JSON.stringify(before));
    await acls(["--add", "--allow-principal", "User:alice", "--producer", "--topic", "orders"]);
    const then = await mayProduce(bootstrap, "alice", "orders");
    assert.deepEqual(new Set(Object.values(then)), new Set([true]), JSON.stringify(then));
    const log = readFileSync(join(dirname(broker.dataFolder), "broker.log"), "utf8");
    assert.match(log, /"User:alice".*"request":"Metadata".*"orders".*denied by the authorizer/);
  });

  test("the tool's conveniences make what they make of Apache Kafka, and list it", async () => {
    const to = ["--add", "--allow-principal", "User:bob"];
    await acls([
      ...to,
      "--consumer",
      "--topic",
      "pay",
      "--group",
      "g",
      "--resource-pattern-type",
      "prefixed",
    ]);
    await acls([...to, "--producer", "--idempotent", "--topic", "pay", "--transactional-id", "tx"]);
    await acls([...to, "--operation", "Alter", "--cluster", "--allow-host", "10.0.0.7"]);
    await acls([...to, "--operation", "Describe", "--delegation-token", "token"]);
    await acls([...to, "--operation", "CreateTokens", "--user-principal", "User:carol"]);
    await acls(["--add", "--deny-principal", "User:bob", "--operation", "Delete", "--topic", "*"]);
    const listed = entriesOf(await acls(["--list", "--principal", "User:bob"]));
    assert.deepEqual(listed, [
      "CLUSTER kafka-cluster LITERAL User:bob * IDEMPOTENT_WRITE ALLOW",
      "CLUSTER kafka-cluster LITERAL User:bob 10.0.0.7 ALTER ALLOW",
      "DELEGATION_TOKEN token LITERAL User:bob * DESCRIBE ALLOW",
      "GROUP g PREFIXED User:bob * READ ALLOW",
      "TOPIC * LITERAL User:bob * DELETE DENY",
      "TOPIC pay LITERAL User:bob * CREATE ALLOW",
      "TOPIC pay LITERAL User:bob * DESCRIBE ALLOW",
      "TOPIC pay LITERAL User:bob * WRITE ALLOW",
      "TOPIC pay PREFIXED User:bob * DESCRIBE ALLOW",
      "TOPIC pay PREFIXED User:bob * READ ALLOW",
      "TRANSACTIONAL_ID tx LITERAL User:bob * DESCRIBE ALLOW",
      "TRANSACTIONAL_ID tx LITERAL User:bob * WRITE ALLOW",
      "USER User:carol LITERAL User:bob * CREATE_TOKENS ALLOW",
    ]);
  });

  test("who may not describe the cluster may not list, and who may not alter it may not add", async () => {
    await assert.rejects(acls(["--list"], alice), /Cluster authorization failed/);
    const add = ["--add", "--allow-principal", "User:alice", "--operation", "All", "--cluster"];
    await assert.rejects(acls(add, alice), /Cluster authorization failed/);
  });

  test("a broker started again keeps to the entries, until they are removed", async () => {
    assert.equal(await broker.stop(), 0);
    await broker.start();
    assert.deepEqual(await franzGo("alice"), true);
    assert.deepEqual(await franzGo("bob"), false);
    await acls([
      "--remove",
      "--allow-principal",
      "User:alice",
      "--producer",
      "--topic",
      "orders",
      "--force",
    ]);
    assert.deepEqual(await franzGo("alice"), false);
  });

  test("the tool for the metadata's quorum describes it", async () => {
    const tool = "org.apache.kafka.tools.MetadataQuorumCommand";
    const where = ["--bootstrap-server", bootstrap, "--command-config", admin, "describe"];
    const status = await kafkaTool(tool, [...where, "--status"]);
    assert.match(status, /LeaderId:\s+1\n/);
    assert.match(status, /MaxFollowerLag:\s+0\n/);
    const replication = await kafkaTool(tool, [...where, "--replication"]);
    assert.match(replication, /^1\s.*\sLeader\s*$/m);
  });

  async function franzGo(user: string): Promise<boolean> {
    const client = secureClients.find(({ name }) => name === "franz-go");
    const credentials = { username: user, password: `${user}-secret` };
    const result = await client?.produce(bootstrap, "orders", {
      mechanism: "PLAIN",
      ...credentials,
    });
    return result?.status === 0;
  }
});

test("a folder of Apache Kafka is kept to, and is refused without an authorizer", {
  skip,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-acl-folder-"));
  const dataFolder = join(folder, "data");
  const ports = { OPEN: await freePort() };
  const bootstrap = `127.0.0.1:${ports.OPEN}`;
  const franz = secureClients.find(({ name }) => name === "franz-go");
  const produces = async (user: string) => {
    const credentials = { username: user, password: `${user}-secret` };
    const result = await franz?.produce(bootstrap, "orders", {
      mechanism: "PLAIN",
      ...credentials,
    });
    return result?.status === 0;
  };
  try {
    {
      await using kafka = await startKafka({ listeners: ports, properties: properties() });
      const add = ["--add", "--allow-principal", "User:alice", "--producer", "--topic", "orders"];
      const where = ["--bootstrap-server", kafka.bootstrap];
      const create = ["--create", "--topic", "orders", "--partitions", "1"];
      await kafkaTool("org.apache.kafka.tools.TopicCommand", [...where, ...create]);
      await kafkaTool(aclTool, [...where, ...add]);
      assert.equal(await produces("alice"), true);
      await kafka.stop();
      cpSync(kafka.dataFolder, dataFolder, { recursive: true });
    }
    {
      await using millrace = await startMillrace({
        listeners: ports,
        properties: properties(),
        dataFolder,
      });
      assert.equal(await produces("alice"), true);
      assert.equal(await produces("bob"), false);
      await millrace.stop();
    }
    const open = properties().filter((line) => !/^authorizer|^super/.test(line));
    const starting = startMillrace({ listeners: ports, properties: open, dataFolder });
    await assert.rejects(starting, /authorizer\.class\.name=org\.apache\.kafka/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
