import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { camelCase } from "../../src/config/broker-config.ts";
import { brokerKeys } from "../../src/config/broker-keys.ts";
import { groupKeys } from "../../src/config/keys/group.ts";
import { topicKeys } from "../../src/config/keys/topic.ts";
import { brokerSynonymOfTopicKey, brokerSynonyms } from "../../src/config/synonyms.ts";

// A status is a claim about the code. These tests cannot see what code does with a value, but they
// see at once when nobody reads a value that "acts", or somebody one that "has no effect".

const packages = join(import.meta.dirname, "../../..");

/** What carries a value out of this folder under another name, or acts on it here. */
const indirect: Readonly<Record<string, readonly [file: string, words: string]>> = {
  "advertised.listeners": ["broker/src/lifecycle/advertised-endpoints.ts", ".advertised"],
  "broker.id": ["broker/src/config/resolve-broker-config.ts", "nodeId: fields.brokerId"],
  "controller.listener.names": ["broker/src/config/listeners.ts", "controllerListenerNames"],
  "controller.quorum.bootstrap.servers": [
    "broker/src/config/combinations.ts",
    "controllerQuorumBootstrapServers",
  ],
  "controller.quorum.voters": ["broker/src/config/combinations.ts", "controllerQuorumVoters"],
  "inter.broker.listener.name": ["broker/src/config/listeners.ts", "interBrokerListenerName"],
  "listener.security.protocol.map": [
    "broker/src/config/listeners.ts",
    "listenerSecurityProtocolMap",
  ],
  "log.dir": ["broker/src/config/resolve-broker-config.ts", "fields.logDirs ?? fields.logDir"],
  "millrace.http.security.protocol": [
    "broker/src/config/listeners.ts",
    "millraceHttpSecurityProtocol",
  ],
  "security.inter.broker.protocol": [
    "broker/src/config/listeners.ts",
    "securityInterBrokerProtocol",
  ],
  "process.roles": ["broker/src/config/combinations.ts", "fields.processRoles"],
  "producer.id.expiration.ms": ["storage/src/partition-log.ts", "producerIdExpirationMs"],
};

const sources = ["broker", "storage", "metadata", "coordinators", "millrace"].flatMap((name) => {
  const folder = join(packages, name, "src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({
      path: `${name}/src/${path}`,
      text: readFileSync(join(folder, path), "utf8"),
    }));
});
const ofBroker = sources.filter(({ path }) => {
  return /^(broker|millrace)\//.test(path) && !path.startsWith("broker/src/config/");
});
const ofLogs = sources.filter(({ path }) => {
  return !path.startsWith("broker/src/config/") && !path.endsWith("/log-config.ts");
});

test("the sources are where this test looks for them", () => {
  assert.ok(ofBroker.length > 30, `${ofBroker.length} sources of the broker`);
  assert.ok(ofLogs.length > ofBroker.length + 30, `${ofLogs.length} sources in all`);
});

test("somebody reads each configuration that acts", () => {
  const unread = Object.entries(brokerKeys)
    .filter(([name, key]) => key.status.kind === "acts" && !isBrokerKeyRead(name))
    .map(([name]) => name);
  assert.deepEqual(unread, []);
  const unreadOfTopics = Object.entries(topicKeys)
    .filter(([name, key]) => key.status.kind === "acts" && !isTopicKeyRead(name))
    .map(([name]) => name);
  assert.deepEqual(unreadOfTopics, []);
});

test("nobody reads a configuration that has no effect", () => {
  const read = Object.entries(brokerKeys)
    .filter(([, key]) => key.status.kind === "accepted")
    .map(([name]) => name)
    .filter((name) => {
      const pattern = new RegExp(`(config|current|config\\(\\))\\.${camelCase(name)}\\b`);
      return ofBroker.some(({ text }) => pattern.test(text));
    });
  assert.deepEqual(read, []);
});

/** Each listener's own or that of all: read by name, where listeners are worked out. */
function isListenerKeyRead(name: string): boolean {
  const path = "broker/src/config/listener-security.ts";
  const text = sources.find((source) => source.path === path)?.text ?? "";
  const ofStores = name.replace(/^ssl\.(keystore|truststore)\./, "ssl.${kind}.");
  return text.includes(`"${name}"`) || text.includes(`\`${ofStores}\``);
}

/** The default of a group's own configuration: read where that is. */
function isGroupDefaultRead(name: string): boolean {
  const ofGroup = name.replace(/^group\./, "");
  if (ofGroup === name || !Object.hasOwn(groupKeys, ofGroup)) return false;
  return ofBroker.some(({ text }) => text.includes(`group.${camelCase(ofGroup)}`));
}

function isBrokerKeyRead(name: string): boolean {
  if (isGroupDefaultRead(name)) return true;
  if (isListenerKeyRead(name)) return true;
  const [file, words] = indirect[name] ?? [];
  if (file !== undefined && words !== undefined) {
    return sources.some(({ path, text }) => path === file && text.includes(words));
  }
  const inheriting = Object.keys(topicKeys).filter((topicName) => {
    const synonym = brokerSynonymOfTopicKey(topicName);
    return synonym !== undefined && brokerSynonyms(synonym).includes(name);
  });
  return isRead(name, ofBroker) || inheriting.some(isTopicKeyRead);
}

function isTopicKeyRead(name: string): boolean {
  if (name === "internal.segment.bytes") return isTopicKeyRead("segment.bytes");
  // The metadata's controller reads a topic's configurations by their names in the image.
  const byName = ofLogs.some(({ text }) => new RegExp(`"${name}"(?!:)`).test(text));
  return isRead(name, ofLogs) || byName;
}

function isRead(name: string, among: readonly { readonly text: string }[]): boolean {
  const pattern = new RegExp(`(\\.|[{,]\\s*)${camelCase(name)}\\b(?!:)`);
  return among.some(({ text }) => pattern.test(text));
}
