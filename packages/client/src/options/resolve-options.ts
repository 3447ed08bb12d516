import { KafkaError } from "../errors/kafka-error.ts";
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
