import { connect } from "node:net";
import process from "node:process";
import type { Client } from "@millrace/client";
import type { Cli } from "../../tree/cli.ts";
import { version } from "../../version.ts";

/** One thing that was looked at. */
export interface Finding {
  readonly check: string;
  readonly isGood: boolean;
  readonly found: string;
}

const nodeVersionMin = 24;
const connectWaitMs = 3000;

/** Looks at this machine, at the way to the cluster and at the cluster. */
export async function findings(cli: Cli): Promise<readonly Finding[]> {
  const bootstrap = cli.properties()["bootstrap.servers"] ?? "127.0.0.1:9092";
  const addresses = bootstrap.split(",").map((one) => one.trim().replace(/^[A-Z_]+:\/\//u, ""));
  const found: Finding[] = [nodeFinding(), { check: "millrace", isGood: true, found: version }];
  for (const address of addresses) found.push(await reach(address, "bootstrap"));
  if (!found.slice(2).some(({ isGood }) => isGood)) return found;
  try {
    found.push(...(await cli.withClient((client) => clusterFindings(cli, client))));
  } catch (error) {
    found.push({ check: "the cluster answers", isGood: false, found: messageOf(error) });
  }
  return found;
}

function nodeFinding(): Finding {
  const { node } = process.versions;
  return { check: "node", isGood: Number.parseInt(node, 10) >= nodeVersionMin, found: node };
}

async function clusterFindings(cli: Cli, client: Client): Promise<readonly Finding[]> {
  await using admin = client.admin();
  const began = cli.context.clock.monotonicMs();
  const cluster = await admin.describeCluster();
  const tookMs = Math.round(cli.context.clock.monotonicMs() - began);
  const answer = `cluster ${cluster.clusterId}, ${tookMs} ms`;
  const found: Finding[] = [{ check: "the cluster answers", isGood: true, found: answer }];
  // Clients are told these addresses and go there, whatever they began with.
  for (const { id, host, port } of cluster.brokers) {
    found.push(await reach(`${host}:${port}`, `advertised by broker ${id}`));
  }
  const { finalized } = await admin.describeFeatures();
  const level = finalized.get("metadata.version")?.max;
  const said = level === undefined ? "not told" : `metadata.version ${level}`;
  return [...found, { check: "version of the cluster", isGood: true, found: said }];
}

/** Whether somebody listens there. */
async function reach(address: string, what: string): Promise<Finding> {
  const check = `${address} (${what})`;
  const at = address.lastIndexOf(":");
  const host = address.slice(0, at).replace(/^\[|\]$/gu, "");
  const cause = await tryConnect(host, Number(address.slice(at + 1)));
  if (cause === undefined) return { check, isGood: true, found: "reachable" };
  return { check, isGood: false, found: `${cause}: ${adviceFor(cause, what)}` };
}

function tryConnect(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: connectWaitMs });
    const end = (cause: string | undefined): void => {
      socket.destroy();
      resolve(cause);
    };
    socket.on("connect", () => end(undefined));
    socket.on("timeout", () => end("ETIMEDOUT"));
    socket.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

function adviceFor(cause: string, what: string): string {
  if (what !== "bootstrap") {
    return "clients here cannot go there; set advertised.listeners to an address that they reach";
  }
  if (cause === "ECONNREFUSED") return "nobody listens there; is the broker running?";
  if (cause === "ENOTFOUND" || cause === "EAI_AGAIN") return "the name is not known here";
  return "a firewall, or a wrong address";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
