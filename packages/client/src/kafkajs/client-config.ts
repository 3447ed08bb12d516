import type { TlsVersion } from "@millrace/platform";
import { checkKeys } from "../options/check-keys.ts";
import type { ClientOptions, SaslOptions, TlsOptions } from "../options/client-options.ts";
import { KafkaJSNonRetriableError, KafkaJSNotImplemented, asKafkaJsError } from "./errors.ts";
import type { KafkaConfig, KafkaSasl, RetryOptions, SslOptions } from "./types.ts";

const clientKeys = new Set([
  "brokers",
  "ssl",
  "sasl",
  "clientId",
  "connectionTimeout",
  "requestTimeout",
  "enforceRequestTimeout",
  "retry",
  "logLevel",
  "logCreator",
]);
/** What kafkajs has and this library has not, with what to do. */
const refusedKeys: Readonly<Record<string, string>> = {
  socketFactory: "sockets are opened by the platform; there is no hook for them",
  authenticationTimeout: "authentication is part of connectionTimeout",
  reauthenticationThreshold: "it is renewed before the session ends by itself",
};
const retryKeys = new Set([
  "maxRetryTime",
  "initialRetryTime",
  "factor",
  "multiplier",
  "retries",
  "restartOnFailure",
]);
const sslKeys = new Set([
  "ca",
  "cert",
  "key",
  "pfx",
  "passphrase",
  "servername",
  "rejectUnauthorized",
  "minVersion",
  "maxVersion",
  "ciphers",
]);

/** Says what is wrong with a config now, before anything connects. @throws KafkaJSError */
export function checkKafkaConfig(config: KafkaConfig): void {
  checkConfig(config, clientKeys, "Kafka");
  if (config.retry !== undefined) checkConfig(config.retry, retryKeys, "retry");
  const { brokers } = config;
  const isEmpty = typeof brokers !== "function" && !brokers?.some((one) => one !== "");
  if (isEmpty) throw new KafkaJSNonRetriableError("Failed to connect: brokers is empty");
  if (config.enforceRequestTimeout === false) {
    throw new KafkaJSNotImplemented("enforceRequestTimeout: a request always has a time-out");
  }
  tlsOf(config.ssl);
  saslOf(config.sasl);
}

/** Refuses options that are not known, naming the nearest. @throws KafkaJSError */
export function checkConfig(given: object, known: ReadonlySet<string>, what: string): void {
  for (const key of Object.keys(given)) {
    const why = refusedKeys[key];
    if (why !== undefined) throw new KafkaJSNotImplemented(`${what}: ${key} is not there: ${why}`);
  }
  try {
    checkKeys(given, known, what);
  } catch (error) {
    throw asKafkaJsError(error);
  }
}

/** Gives the client's options for a config of kafkajs; `brokers` may be a function. */
export async function clientOptionsOf(
  config: KafkaConfig,
  retry: RetryOptions | undefined,
): Promise<ClientOptions> {
  const { brokers, clientId = "kafkajs", connectionTimeout = 1_000 } = config;
  const bootstrap = typeof brokers === "function" ? await brokers() : brokers;
  const { initialRetryTime, maxRetryTime } = { ...config.retry, ...retry };
  const tls = tlsOf(config.ssl);
  const sasl = saslOf(config.sasl);
  return {
    bootstrap,
    clientId,
    socketConnectionSetupTimeoutMs: connectionTimeout,
    socketConnectionSetupTimeoutMaxMs: Math.max(30_000, connectionTimeout),
    requestTimeoutMs: config.requestTimeout ?? 30_000,
    ...(tls === undefined ? {} : { tls }),
    ...(sasl === undefined ? {} : { sasl }),
    ...(initialRetryTime === undefined ? {} : { retryBackoffMs: initialRetryTime }),
    ...(maxRetryTime === undefined ? {} : { retryBackoffMaxMs: maxRetryTime }),
  };
}

function tlsOf(ssl: KafkaConfig["ssl"]): boolean | TlsOptions | undefined {
  if (typeof ssl !== "object") return ssl;
  checkConfig(ssl, sslKeys, "ssl");
  if (ssl.rejectUnauthorized === false) {
    const instead = "name the authority of the brokers' certificates in ssl.ca";
    throw new KafkaJSNotImplemented(`ssl.rejectUnauthorized cannot be false: ${instead}`);
  }
  const { ca, cert, key, pfx, passphrase, servername, ciphers } = ssl;
  return {
    ...(ca === undefined ? {} : { ca: isList(ca) ? ca.map(String) : String(ca) }),
    ...(cert === undefined ? {} : { certificate: cert }),
    ...(key === undefined ? {} : { key }),
    ...(pfx === undefined ? {} : { keyStore: pfx }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(servername === undefined ? {} : { serverName: servername }),
    ...(ciphers === undefined ? {} : { ciphers: ciphers.split(":") }),
    ...versionsOf(ssl),
  };
}

function versionsOf(ssl: SslOptions): Pick<TlsOptions, "versionMin" | "versionMax"> {
  const versionMin = versionOf(ssl.minVersion);
  const versionMax = versionOf(ssl.maxVersion);
  return {
    ...(versionMin === undefined ? {} : { versionMin }),
    ...(versionMax === undefined ? {} : { versionMax }),
  };
}

function versionOf(version: string | undefined): TlsVersion | undefined {
  if (version === undefined || version === "TLSv1.2" || version === "TLSv1.3") return version;
  throw new KafkaJSNotImplemented(`${version} is not spoken: give TLSv1.2 or TLSv1.3`);
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

function saslOf(sasl: KafkaSasl | undefined): SaslOptions | undefined {
  if (sasl === undefined) return undefined;
  if (sasl.mechanism === "oauthbearer") {
    const { mechanism, oauthBearerProvider } = sasl;
    return { mechanism, token: async () => (await oauthBearerProvider()).value };
  }
  const mechanism = mechanisms.find((one) => one === sasl.mechanism.toLowerCase());
  if (mechanism === undefined) {
    const those = [...mechanisms, "oauthbearer"].join(", ");
    const what = `SASL ${String(sasl.mechanism)} mechanism is not supported: ${those} are`;
    throw new KafkaJSNotImplemented(what);
  }
  return { mechanism, username: sasl.username, password: sasl.password };
}

const mechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;
