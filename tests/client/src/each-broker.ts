import process from "node:process";
import { after, test, type TestContext } from "node:test";

import { type BrokerKind, lacking } from "@millrace/conformance/harness";

import { brokerNames, type ClientBroker, type OwnBroker, ownBroker } from "./client-broker.ts";
import { type ApiName, lackedBy } from "./needs.ts";
import { SharedBrokers } from "./shared-brokers.ts";
import { startClientBroker } from "./start-broker.ts";

/** What a test asks for besides the sentence that it shows. */
export interface EachBrokerOptions {
  /** Requests that the broker must have; on Millrace it is skipped without them. */
  readonly needs?: readonly ApiName[];
  /** What Millrace does not have yet, a noun: the test is skipped there. */
  readonly millraceLacks?: string;
  /** It is about one broker alone: no test for the other. */
  readonly only?: BrokerKind;
  readonly timeoutMs?: number;
}

/** What a test asks for whose broker is its own. */
export interface OwnBrokerOptions extends EachBrokerOptions {
  /** It may stop it, and it pays for the start: Apache Kafka takes 5 to 10 s. */
  readonly broker: "own";
  /** Lines of server.properties besides the usual ones. */
  readonly properties?: readonly string[];
}

type Body<B> = (broker: B, t: TestContext) => Promise<void>;

const kinds: readonly BrokerKind[] = ["millrace", "kafka"];

let shared: SharedBrokers | undefined;

/**
 * Runs a test on Millrace and on Apache Kafka: two tests, whose names end with the broker's. A
 * shared broker has other tests' topics and groups: take names from `uniqueName`, and count
 * nothing that is not your own.
 *
 * CLIENT_BROKER=millrace or =kafka runs one of both.
 */
export function eachBroker(name: string, body: Body<ClientBroker>): void;
export function eachBroker(
  name: string,
  options: EachBrokerOptions & { readonly broker?: never },
  body: Body<ClientBroker>,
): void;
export function eachBroker(name: string, options: OwnBrokerOptions, body: Body<OwnBroker>): void;
export function eachBroker(
  name: string,
  ...rest:
    | [Body<ClientBroker>]
    | [EachBrokerOptions & { readonly broker?: never }, Body<ClientBroker>]
    | [OwnBrokerOptions, Body<OwnBroker>]
): void {
  prepareShared();
  const trial = trialOf(rest);
  const only = process.env["CLIENT_BROKER"];
  for (const kind of kinds) {
    if (only !== undefined && only !== kind) continue;
    const { timeoutMs, only: about } = trial.options;
    if (about !== undefined && about !== kind) continue;
    const options = timeoutMs === undefined ? {} : { timeout: timeoutMs };
    test(`${name} (${brokerNames[kind]})`, options, (t) => attempt(kind, trial, t));
  }
}

interface Trial {
  readonly options: EachBrokerOptions;
  /** Runs the body on a broker, unless that lacks something: then the reason. */
  readonly run: (kind: BrokerKind, t: TestContext) => Promise<string | undefined>;
}

function trialOf(
  rest:
    | [Body<ClientBroker>]
    | [EachBrokerOptions & { readonly broker?: never }, Body<ClientBroker>]
    | [OwnBrokerOptions, Body<OwnBroker>],
): Trial {
  if (rest.length === 1) return { options: {}, run: onShared({}, rest[0]) };
  if (isOwn(rest)) return { options: rest[0], run: onOwn(rest[0], rest[1]) };
  return { options: rest[0], run: onShared(rest[0], rest[1]) };
}

function isOwn(
  rest:
    | [EachBrokerOptions & { readonly broker?: never }, Body<ClientBroker>]
    | [OwnBrokerOptions, Body<OwnBroker>],
): rest is [OwnBrokerOptions, Body<OwnBroker>] {
  return rest[0].broker === "own";
}

async function attempt(kind: BrokerKind, trial: Trial, t: TestContext): Promise<void> {
  const missing = kind === "kafka" ? await lacking("java") : false;
  const { millraceLacks } = trial.options;
  const isLacked = kind === "millrace" && millraceLacks !== undefined;
  const reason = isLacked ? `Millrace lacks ${millraceLacks}` : missing || undefined;
  const skipped = reason ?? (await trial.run(kind, t));
  if (skipped !== undefined) t.skip(skipped);
}

function onShared(options: EachBrokerOptions, body: Body<ClientBroker>): Trial["run"] {
  return async (kind, t) => {
    const broker = await prepareShared().broker(kind);
    const lacked = await reasonToSkip(broker, options);
    if (lacked === undefined) await body(broker, t);
    return lacked;
  };
}

function onOwn(options: OwnBrokerOptions, body: Body<OwnBroker>): Trial["run"] {
  return async (kind, t) => {
    await using started = await startClientBroker(kind, options.properties);
    const broker = ownBroker(started.description, started.process);
    const lacked = await reasonToSkip(broker, options);
    if (lacked === undefined) await body(broker, t);
    return lacked;
  };
}

/** Apache Kafka has everything: there a need that is not met fails the test. */
async function reasonToSkip(
  broker: ClientBroker,
  { needs = [] }: EachBrokerOptions,
): Promise<string | undefined> {
  const lacked = await lackedBy(broker, needs);
  if (lacked !== undefined && broker.kind === "kafka") throw new Error(lacked);
  return lacked;
}

/** One set for all tests of this process, ended after the last. */
function prepareShared(): SharedBrokers {
  if (shared !== undefined) return shared;
  const brokers = new SharedBrokers();
  after(() => brokers.close());
  shared = brokers;
  return brokers;
}

let nameCount = 0;

/** A name that no other test uses, on a broker that all share: for topics, groups, clients. */
export function uniqueName(prefix: string): string {
  nameCount += 1;
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${nameCount}`;
}
