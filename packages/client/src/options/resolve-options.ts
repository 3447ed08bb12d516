import { logLevels } from "@millrace/platform";
import { KafkaError } from "../errors/kafka-error.ts";
import { checkChoice } from "./check-choice.ts";
import { checkKeys } from "./check-keys.ts";
import type { ClientOptions, TlsOptions } from "./client-options.ts";
import type { HostPort, ResolvedClientOptions } from "./resolved-options.ts";

const second = 1_000;
const minute = 60 * second;

/** Java's defaults (CommonClientConfigs). */
const defaults = {
  clientId: "millrace-client",
  requestTimeoutMs: 30 * second,
  defaultApiTimeoutMs: minute,
  retryBackoffMs: 100,
  retryBackoffMaxMs: second,
  reconnectBackoffMs: 50,
  reconnectBackoffMaxMs: second,
  socketConnectionSetupTimeoutMs: 10 * second,
  socketConnectionSetupTimeoutMaxMs: 30 * second,
  connectionsMaxIdleMs: 9 * minute,
  metadataMaxAgeMs: 5 * minute,
  metadataMaxIdleMs: 5 * minute,
  metadataRecoveryStrategy: "rebootstrap",
  metadataRecoveryRebootstrapTriggerMs: 5 * minute,
  clientDnsLookup: "use_all_dns_ips",
  enableMetricsPush: true,
} as const satisfies Partial<ClientOptions>;

const otherKeys = ["bootstrap", "tls", "sasl", "clientRack", "logger", "logLevel"];
const knownKeys: ReadonlySet<string> = new Set([...Object.keys(defaults), ...otherKeys]);

/**
 * Checks options and fills in Java's defaults.
 * @throws KafkaError INVALID_OPTION naming the option
 */
export function resolveOptions(given: ClientOptions): ResolvedClientOptions {
  checkKeys(given, knownKeys, "client");
  const { bootstrap, tls, sasl, clientRack, logger: _, logLevel: _level, ...plain } = given;
  const chosen = Object.fromEntries(
    Object.entries(plain).filter(([, value]) => value !== undefined),
  );
  for (const [name, value] of Object.entries(chosen)) checkDuration(name, value);
  checkChoices(given);
  checkNested(given);
  return {
    ...defaults,
    ...chosen,
    bootstrap: parseBootstrap(bootstrap),
    tls: tlsOf(tls),
    sasl,
    clientRack,
  };
}

/**
 * Reads bootstrap addresses: `host:port`, `[::1]:port`, `SECURITY://host:port`, with commas
 * between.
 * @throws KafkaError INVALID_OPTION
 */
export function parseBootstrap(bootstrap: string | readonly string[]): readonly HostPort[] {
  const texts = typeof bootstrap === "string" ? bootstrap.split(",") : bootstrap;
  const addresses = texts
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map(parseAddress);
  if (addresses.length > 0) return addresses;
  throw new KafkaError("INVALID_OPTION", "bootstrap names no address", {
    hint: 'Give "host:port".',
  });
}

function parseAddress(text: string): HostPort {
  const [, bracketed, plain, portText] =
    /^(?:[A-Za-z0-9_]+:\/\/)?(?:\[([^\]]+)\]|([^\s:[\]/]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(portText);
  if (host !== undefined && port > 0 && port <= 65_535) return { host, port };
  throw new KafkaError("INVALID_OPTION", `bootstrap has the address "${text}"`, {
    hint: 'Write it "host:port"; an IPv6 address in brackets.',
  });
}

/** Values of which there are few. */
const choices: Readonly<Partial<Record<keyof ClientOptions, readonly unknown[]>>> = {
  metadataRecoveryStrategy: ["rebootstrap", "none"],
  enableMetricsPush: [true, false],
  logLevel: logLevels,
};

function checkChoices(given: ClientOptions): void {
  const { clientDnsLookup, clientId } = given;
  for (const [name, list] of Object.entries(choices)) {
    const value: unknown = Reflect.get(given, name);
    if (value !== undefined) checkChoice(name, value, list);
  }
  if (clientId !== undefined && typeof clientId !== "string") {
    throw new KafkaError("INVALID_OPTION", "clientId is no text", { hint: "Give a name." });
  }
  // Java resolves canonical names for Kerberos alone, which this client does not have.
  if (clientDnsLookup === undefined || clientDnsLookup === "use_all_dns_ips") return;
  const hint = 'Leave it out: every address of a name is tried ("use_all_dns_ips").';
  throw new KafkaError("INVALID_OPTION", `clientDnsLookup cannot be ${String(clientDnsLookup)}`, {
    hint,
  });
}

const tlsKeys: ReadonlySet<string> = new Set<keyof TlsOptions>([
  "ca",
  "certificate",
  "key",
  "keyStore",
  "passphrase",
  "verifyHostname",
  "serverName",
  "versionMin",
  "versionMax",
  "ciphers",
]);
const userKeys = new Set(["mechanism", "username", "password", "tokenAuth"]);
const tokenKeys = new Set(["mechanism", "token", "oidc", "extensions"]);
const oidcKeys = new Set([
  "tokenEndpointUrl",
  "clientId",
  "clientSecret",
  "scope",
  "parameters",
  "urlEncodeHeader",
  "timeoutMs",
]);

/** A misspelt name in `tls` or `sasl` would take a protection away without a word. */
function checkNested({ tls, sasl }: ClientOptions): void {
  if (typeof tls === "object") {
    checkKeys(tls, tlsKeys, "tls");
    const versions = ["TLSv1.2", "TLSv1.3"];
    if (tls.versionMin !== undefined) checkChoice("tls.versionMin", tls.versionMin, versions);
    if (tls.versionMax !== undefined) checkChoice("tls.versionMax", tls.versionMax, versions);
  }
  if (sasl === undefined) return;
  checkChoice("sasl.mechanism", sasl.mechanism, [
    "plain",
    "scram-sha-256",
    "scram-sha-512",
    "oauthbearer",
  ]);
  checkKeys(sasl, sasl.mechanism === "oauthbearer" ? tokenKeys : userKeys, "sasl");
  if (sasl.mechanism !== "oauthbearer") {
    checkGiven("sasl", sasl, ["username", "password"]);
    return;
  }
  const isOidc = "oidc" in sasl;
  if (isOidc === "token" in sasl) {
    throw new KafkaError("INVALID_OPTION", "sasl has not one of token and oidc", {
      hint: "Give a function that gives a token, or where and as whom to fetch one.",
    });
  }
  if (!isOidc) return;
  checkKeys(sasl.oidc, oidcKeys, "sasl.oidc");
  checkGiven("sasl.oidc", sasl.oidc, ["tokenEndpointUrl", "clientId", "clientSecret"]);
}

function checkGiven(what: string, given: object, names: readonly string[]): void {
  for (const name of names) {
    const value: unknown = Reflect.get(given, name);
    if (typeof value === "string" || typeof value === "function") continue;
    throw new KafkaError("INVALID_OPTION", `${what} has no ${name}`, { hint: "Give it." });
  }
}

function tlsOf(tls: ClientOptions["tls"]): TlsOptions | undefined {
  if (tls === undefined || tls === false) return undefined;
  return tls === true ? {} : tls;
}

function checkDuration(name: string, value: unknown): void {
  if (!name.endsWith("Ms")) return;
  const isOff = name === "connectionsMaxIdleMs" && value === -1;
  if (isOff || (typeof value === "number" && Number.isFinite(value) && value >= 0)) return;
  const message = `${name} is ${String(value)}`;
  throw new KafkaError("INVALID_OPTION", message, { hint: "Give milliseconds, 0 or more." });
}
