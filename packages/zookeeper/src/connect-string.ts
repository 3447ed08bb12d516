import { ZooKeeperOptionsError } from "./errors.ts";

const clientPortDefault = 2181;
const portMax = 65_535;

/** Where a server listens. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The servers of an ensemble, and the node below which all paths of the client lie. */
export interface ConnectString {
  readonly servers: readonly ServerAddress[];
  /** `/a/b`, or empty for none. */
  readonly chroot: string;
}

/**
 * Reads `host1:2181,host2,[::1]:2183/chroot`, as Kafka's `zookeeper.connect` is written.
 * @throws ZooKeeperOptionsError when there is no server, or one that is none.
 */
export function parseConnectString(text: string): ConnectString {
  const slash = text.indexOf("/");
  const hosts = slash === -1 ? text : text.slice(0, slash);
  const chroot = slash === -1 ? "" : text.slice(slash).replace(/\/+$/, "");
  if (/\/\/|\/\.\.?(\/|$)/.test(chroot)) {
    throw new ZooKeeperOptionsError(`the chroot ${chroot} is not the path of a node`);
  }
  const servers = hosts
    .split(",")
    .map((host) => host.trim())
    .filter((host) => host !== "")
    .map((host) => parseServer(host));
  if (servers.length === 0) throw new ZooKeeperOptionsError(`"${text}" names no server`);
  return { servers, chroot };
}

function parseServer(text: string): ServerAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? clientPortDefault : Number(match[3]);
  if (host === undefined || port === 0 || port > portMax) {
    throw new ZooKeeperOptionsError(`"${text}" is not HOST or HOST:PORT`);
  }
  return { host, port };
}
