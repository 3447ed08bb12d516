import type { Clock, Logger, Network, Random, TlsClientOptions } from "@millrace/platform";
import { parseConnectString, type ServerAddress } from "./connect-string.ts";
import { ZooKeeperOptionsError } from "./errors.ts";
import type { Credentials } from "./security/digest-md5.ts";

const sessionTimeoutMsDefault = 18_000;
const sessionTimeoutMsMax = 0x7fff_ffff;
/** Servers refuse more than `jute.maxbuffer`, 1 MB when it is not set, and close the connection. */
const requestBytesMaxDefault = 0xf_ffff;
/** A list of children may be larger than a request; 4 MB is what the Java client takes. */
const answerBytesMaxDefault = 4 * 1024 * 1024;
/** Servers slow everybody down from `globalOutstandingLimit`, 1,000, requests on. */
const inFlightMaxDefault = 500;
const waitingMaxDefault = 10_000;

/** What the client needs of the world. */
export interface ZooKeeperPlatform {
  readonly clock: Clock;
  readonly network: Network;
  readonly random: Random;
  readonly logger: Logger;
}

/** What a client is made with. Whatever has a default may be left out. */
export interface ZooKeeperOptions {
  readonly platform: ZooKeeperPlatform;
  /** `host:2181,host:2181/chroot`. */
  readonly connect: string;
  /** What to ask for, 18 s by default; the server decides (2 to 20 of its ticks by default). */
  readonly sessionTimeoutMs?: number;
  /**
   * What the client does when by its own clock the servers may have ended the session. False, the
   * default: the session is given up and `expired`. True: it is `inDoubt` until a server answers,
   * so that a session may outlive an outage of all servers.
   */
  readonly resumesAfterDoubt?: boolean;
  /** With it, connections are encrypted. */
  readonly tls?: TlsClientOptions;
  /** SASL with DIGEST-MD5 before anything else is asked. Secret. */
  readonly sasl?: Credentials;
  /** Scheme `digest`: users that the session is, for access control lists. Secret. */
  readonly digests?: readonly Credentials[];
  /** How long a request waits for a connection before it fails; the session's time by default. */
  readonly waitMs?: number;
  readonly inFlightMax?: number;
  readonly waitingMax?: number;
  readonly requestBytesMax?: number;
  readonly answerBytesMax?: number;
}

/** The options with every default in place. */
export interface ResolvedOptions {
  readonly platform: ZooKeeperPlatform;
  readonly servers: readonly ServerAddress[];
  readonly chroot: string;
  readonly sessionTimeoutMs: number;
  readonly resumesAfterDoubt: boolean;
  readonly tls: TlsClientOptions | undefined;
  readonly sasl: Credentials | undefined;
  readonly digests: readonly Credentials[];
  readonly waitMs: number;
  readonly inFlightMax: number;
  readonly waitingMax: number;
  readonly requestBytesMax: number;
  readonly answerBytesMax: number;
}

/** Puts defaults in. @throws ZooKeeperOptionsError for what cannot be used. */
export function resolveOptions(options: ZooKeeperOptions): ResolvedOptions {
  const sessionTimeoutMs = options.sessionTimeoutMs ?? sessionTimeoutMsDefault;
  if (!(sessionTimeoutMs >= 1 && sessionTimeoutMs <= sessionTimeoutMsMax)) {
    throw new ZooKeeperOptionsError(`a session time-out of ${sessionTimeoutMs} ms cannot be`);
  }
  const resolved = {
    platform: options.platform,
    ...parseConnectString(options.connect),
    sessionTimeoutMs: Math.round(sessionTimeoutMs),
    resumesAfterDoubt: options.resumesAfterDoubt ?? false,
    tls: options.tls,
    sasl: options.sasl,
    digests: options.digests ?? [],
    waitMs: options.waitMs ?? sessionTimeoutMs,
    ...limits(options),
  };
  return resolved;
}

function limits(
  options: ZooKeeperOptions,
): Pick<ResolvedOptions, "inFlightMax" | "waitingMax" | "requestBytesMax" | "answerBytesMax"> {
  return {
    inFlightMax: options.inFlightMax ?? inFlightMaxDefault,
    waitingMax: options.waitingMax ?? waitingMaxDefault,
    requestBytesMax: options.requestBytesMax ?? requestBytesMaxDefault,
    answerBytesMax: options.answerBytesMax ?? answerBytesMaxDefault,
  };
}
