import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import * as protocol from "@millrace/protocol";
import type { ApiSchema } from "@millrace/protocol";

import { digestOf } from "./digest.ts";
import { filled } from "./fill.ts";
import { type Row, rows, type World } from "./rows.ts";
import { ConnectionClosedError, SaslConnection } from "./sasl-connection.ts";
import { type Variant, variantsOf } from "./variants.ts";

/** As many users as the broker knows; the table has fewer. */
const userCount = 400;
const password = "p";
const ghostId = "AAAAAAAAAAAAAAAAAAAACQ";
const plainModule = "org.apache.kafka.common.security.plain.PlainLoginModule";

/** What stands for an answer that does not come. */
const connectionClosed = "(the connection is closed)";

/** Answers of one row and one group of users: answer to the operations that lead to it. */
type Answers = Map<string, string[]>;

/** Asks a broker everything in the name of everybody. */
export class AccessTable {
  /** What the broker is started with. */
  static readonly properties: readonly string[] = [
    "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,OPEN:SASL_PLAINTEXT",
    "sasl.enabled.mechanisms=PLAIN",
    `listener.name.open.plain.sasl.jaas.config=${plainModule} required ${users().join(" ")};`,
    "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users=User:ANONYMOUS;User:admin",
    "delegation.token.secret.key=a-secret-of-all-brokers",
    "offsets.topic.num.partitions=1",
    "transaction.state.log.num.partitions=1",
    "share.coordinator.state.topic.num.partitions=1",
    "share.coordinator.state.topic.replication.factor=1",
    "share.coordinator.state.topic.min.isr=1",
    "connections.max.idle.ms=600000",
  ];

  readonly #ports: { readonly plain: number; readonly open: number };
  readonly #apis = new Map(Object.values(protocol).flatMap(apiEntry));
  #world: Omit<World, "own"> = { topicId: "", ghostId };
  #variants: readonly Variant[] = [];

  /** @param ports of the listener without login, whose requests may do all, and of SASL/PLAIN */
  constructor(ports: { readonly plain: number; readonly open: number }) {
    this.#ports = ports;
  }

  /** Makes the topic, the group, the token and the entries. */
  async prepare(): Promise<void> {
    using admin = await SaslConnection.open(this.#ports.open, { name: "admin", password });
    const ask = (name: string, version: number, body: object): Promise<unknown> =>
      this.#ask(admin, { api: name, version, about: "", body: () => body }, "");
    await ask("CreateTopics", 7, {
      timeoutMs: 10_000,
      topics: [
        {
          name: "orders",
          numPartitions: 1,
          replicationFactor: 1,
          // The records of the table are old.
          configs: [{ name: "retention.ms", value: "-1" }],
        },
      ],
    });
    const topicId = await until(async () => {
      const { topics } = await admin.ask(protocol.Metadata, 12, {
        topics: [{ name: "orders" }],
      } as never);
      return topics[0]?.errorCode === 0 ? topics[0].topicId : undefined;
    });
    this.#world = { topicId, ghostId };
    for (const [keyType, key] of ["group", "tx", `group:${topicId}:0`].entries()) {
      const body = { keyType, coordinatorKeys: [key] };
      await until(async () => {
        const { coordinators } = await admin.ask(protocol.FindCoordinator, 6, body as never);
        return coordinators[0]?.errorCode === 0 ? true : undefined;
      });
    }
    const commit = {
      groupId: "group",
      topics: [{ name: "orders", partitions: [{ partitionIndex: 0 }] }],
    };
    await until(async () => {
      return (await ask("OffsetCommit", 9, commit)) === "[orders [NONE]]" ? true : undefined;
    });
    const init = { transactionalId: "tx", transactionTimeoutMs: 1000 };
    await until(async () => ((await ask("InitProducerId", 5, init)) === "NONE" ? true : undefined));
    const token = await admin.ask(protocol.CreateDelegationToken, 3, {
      renewers: [],
      maxLifetimeMs: -1,
      ownerPrincipalType: "User",
      ownerPrincipalName: "token-owner",
    });
    assert.equal(token.errorCode, 0);
    await this.#createEntries(admin, token.tokenId);
  }

  /** Asks, and gives a line for each row and answer. */
  async ask(): Promise<readonly string[]> {
    const answers = new Map<string, Map<string, Answers>>();
    for (const variant of this.#variants) {
      const user = { name: variant.user, password };
      let connection = await SaslConnection.open(this.#ports.open, user);
      for (const row of rows) {
        const label = [row.api, row.version, row.about].filter((part) => part !== "").join(" ");
        const answer = await this.#ask(connection, row, variant.own).catch(closed);
        if (answer === connectionClosed) {
          connection[Symbol.dispose]();
          connection = await SaslConnection.open(this.#ports.open, user);
        }
        const ofRow = emplace(answers, label, () => new Map<string, Answers>());
        const ofGroup = emplace(ofRow, variant.group, (): Answers => new Map());
        emplace(ofGroup, answer, (): string[] => []).push(variant.operation);
      }
      connection[Symbol.dispose]();
    }
    return [...answers].flatMap(([label, ofRow]) => linesOf(label, ofRow));
  }

  /** The names of the APIs that the broker says it has and that no row asks. */
  async unasked(): Promise<readonly string[]> {
    using connection = await SaslConnection.open(this.#ports.plain);
    const client = { clientSoftwareName: "table", clientSoftwareVersion: "1" };
    const { apiKeys } = await connection.ask(protocol.ApiVersions, 3, client);
    const asked = new Set(rows.map(({ api }) => this.#apis.get(api)?.key));
    const names = new Map([...this.#apis.values()].map(({ key, name }) => [key, name]));
    return apiKeys
      .filter(({ apiKey }) => !asked.has(apiKey))
      .map(({ apiKey }) => names.get(apiKey) ?? `${apiKey}`);
  }

  async #createEntries(admin: SaslConnection, tokenId: string): Promise<void> {
    this.#variants = variantsOf({ tokenId });
    assert.ok(this.#variants.length <= userCount);
    const creations = this.#variants.flatMap(({ entries }) => entries);
    for (let at = 0; at < creations.length; at += 400) {
      const { results } = await admin.ask(protocol.CreateAcls, 3, {
        creations: creations.slice(at, at + 400),
      });
      for (const { errorCode, errorMessage } of results)
        assert.equal(errorCode, 0, errorMessage ?? "");
    }
    const last = this.#variants.findLast(({ group }) => group === "deny USER");
    assert.ok(last !== undefined);
    using connection = await SaslConnection.open(this.#ports.open, { name: last.user, password });
    const row = rows.find(({ api }) => api === "DeleteTopics");
    assert.ok(row !== undefined);
    // The controller decides about this one, the broker about that.
    await until(async () => {
      const answer = await this.#ask(connection, row, last.own);
      return answer.includes("AUTHORIZATION") ? undefined : true;
    });
    await until(async () => {
      const { topics } = await connection.ask(protocol.Metadata, 12, {
        topics: [{ name: "orders" }],
      } as never);
      return topics[0]?.errorCode === 0 ? true : undefined;
    });
  }

  async #ask(connection: SaslConnection, row: Row, own: string): Promise<string> {
    const api = this.#apis.get(row.api);
    assert.ok(api !== undefined, `no API ${row.api}`);
    const body = filled(api.request, row.version, row.body({ ...this.#world, own }));
    const answer = await connection.ask(api, row.version, body as never);
    return digestOf(answer, own);
  }
}

function users(): readonly string[] {
  const names = ["admin", ...Array.from({ length: userCount }, (_, index) => `u${index}`)];
  return names.map((name) => `user_${name}="${password}"`);
}

function apiEntry(value: unknown): readonly (readonly [string, ApiSchema])[] {
  if (typeof value !== "object" || value === null) return [];
  return "key" in value && "request" in value && "name" in value
    ? [[String(value.name), value as ApiSchema]]
    : [];
}

function closed(error: unknown): string {
  if (error instanceof ConnectionClosedError) return connectionClosed;
  throw error;
}

/** Tries until there is something, for at most 20 s. */
async function until<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const got = await attempt();
    if (got !== undefined) return got;
    await sleep(50);
  }
  throw new Error("it never comes about");
}

function emplace<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** The answer that most users of a kind get is written once, as theirs. */
function linesOf(label: string, ofRow: ReadonlyMap<string, Answers>): readonly string[] {
  const counts = { allow: new Map<string, number>(), deny: new Map<string, number>() };
  for (const [group, answers] of ofRow) {
    const kind = counts[group.startsWith("deny") ? "deny" : "allow"];
    for (const [answer, operations] of answers) {
      kind.set(answer, (kind.get(answer) ?? 0) + operations.length);
    }
  }
  const usual = { allow: mostOften(counts.allow), deny: mostOften(counts.deny) };
  const lines = new Map<string, string[]>();
  emplace(lines, usual.allow, (): string[] => []).push("otherwise");
  emplace(lines, usual.deny, (): string[] => []).push("otherwise when all is allowed");
  for (const [group, answers] of ofRow) {
    const isUsual = usual[group.startsWith("deny") ? "deny" : "allow"];
    for (const [answer, operations] of answers) {
      if (answer === isUsual) continue;
      emplace(lines, answer, (): string[] => []).push(`${group} ${operations.join(",")}`.trim());
    }
  }
  return [...lines].map(([answer, who]) => `${label}\t${answer}\t${who.join("; ")}`);
}

function mostOften(counts: ReadonlyMap<string, number>): string {
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? "";
}
