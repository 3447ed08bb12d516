import { type SimPlatform, Simulation } from "@millrace/platform/sim";
import type { ZooKeeperOptions } from "../src/options.ts";
import type { SessionEvent } from "../src/session/session-event.ts";
import { ZooKeeperClient } from "../src/zookeeper-client.ts";
import { ScriptedEnsemble } from "./scripted-ensemble.ts";

/** A client and its servers on simulated machines. */
export interface ScriptedWorld {
  readonly simulation: Simulation;
  readonly servers: readonly SimPlatform[];
  readonly ensemble: ScriptedEnsemble;
  readonly client: ZooKeeperClient;
  readonly events: SessionEvent[];
  /** Runs the simulation until a promise has settled. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** What a promise was rejected with. */
  failure(promise: Promise<unknown>): Promise<unknown>;
  /** Parts the client from every server. */
  part(): void;
  heal(): void;
  /** Closes every connection, and waits until the client has heard of it. */
  hangUp(): Promise<void>;
  kinds(): readonly string[];
}

/** Gives a client that is connected. */
export async function scriptedWorld(
  options: Partial<ZooKeeperOptions> & { readonly serverCount?: number } = {},
): Promise<ScriptedWorld> {
  const simulation = new Simulation(7);
  const ensemble = new ScriptedEnsemble();
  const { serverCount = 1, ...given } = options;
  const names = Array.from({ length: serverCount }, (_, index) => `zk${index + 1}`);
  const servers = names.map((host) => simulation.platform({ host }));
  for (const server of servers) await ensemble.listen(server, 2181);
  const machine = simulation.platform({ host: "broker" });
  const client = new ZooKeeperClient({
    platform: machine,
    connect: names.join(","),
    sessionTimeoutMs: 6000,
    ...given,
  });
  const events: SessionEvent[] = [];
  client.onSession((event) => events.push(event));
  const run = async <T>(promise: Promise<T>): Promise<T> => {
    let isSettled = false;
    const settled = promise.finally(() => {
      isSettled = true;
    });
    settled.catch(() => undefined);
    await simulation.heap.runUntil(() => isSettled, 600_000);
    if (!isSettled) throw new Error("nothing settled the promise within ten minutes");
    return settled;
  };
  await run(client.connect());
  return {
    simulation,
    servers,
    ensemble,
    client,
    events,
    run,
    failure: (promise) =>
      run(
        promise.then(
          () => undefined,
          (error: unknown) => error,
        ),
      ),
    part: () => {
      for (const name of names) simulation.wires.part("broker", name);
    },
    heal: () => simulation.wires.heal(),
    hangUp: async () => {
      ensemble.hangUp();
      await simulation.heap.runUntil(() => client.state === "suspended", 1000);
    },
    kinds: () => events.map(({ kind }) => kind),
  };
}
