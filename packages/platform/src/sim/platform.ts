import { NetworkError } from "../errors.ts";
import type { HttpClient, HttpPoster } from "../http-client.ts";
import { InlineOffload } from "../inline-offload.ts";
import type { LogLine } from "../log-line.ts";
import type { LogLevel } from "../logger.ts";
import { LoggerTree } from "../logger-tree.ts";
import { MetricsRegistry } from "../metrics-registry.ts";
import type { Platform } from "../platform.ts";
import { SimClock } from "./clock.ts";
import type { CrashKind } from "./crash.ts";
import { SimFileSystem } from "./file-system.ts";
import type { EventHash } from "./event-hash.ts";
import type { EventHeap } from "./event-heap.ts";
import { SimNetwork } from "./network.ts";
import type { SimRandom } from "./random.ts";
import type { SimWires } from "./wires.ts";

/** The newest lines are kept; a run must not grow with what it logs. */
const logLinesMax = 10_000;

/** What all machines of a simulation share. */
export interface SimWorld {
  readonly heap: EventHeap;
  readonly events: EventHash;
  readonly random: SimRandom;
  readonly wires: SimWires;
}

/** What a machine of a simulation is made with. */
export interface SimPlatformOptions {
  /** By this name other machines connect to it; `localhost` when not given. */
  readonly host?: string;
  /** What is recorded of the log; `info` when not given. */
  readonly logLevel?: LogLevel;
  /** Bytes its disk takes; without end when not given. */
  readonly capacityBytes?: number;
}

/** A machine of a simulation: a Platform whose parts a test can reach into. */
export class SimPlatform implements Platform {
  readonly host: string;
  readonly world: SimWorld;
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly fileSystem: SimFileSystem;
  readonly network: SimNetwork;
  /** Nobody answers: what is asked over HTTP is not simulated. */
  readonly http: HttpClient & HttpPoster = {
    getText: nobodyAnswers,
    postForm: nobodyAnswers,
  };
  readonly logLevels: LoggerTree;
  readonly logLines: LogLine[] = [];
  offload: InlineOffload;
  metrics: MetricsRegistry;

  constructor(world: SimWorld, options: SimPlatformOptions) {
    const { events } = world;
    this.world = world;
    this.host = options.host ?? "localhost";
    this.clock = new SimClock(world.heap);
    this.random = world.random.fork();
    const { clock } = this;
    const { capacityBytes } = options;
    this.fileSystem = new SimFileSystem({
      clock,
      random: world.random.fork(),
      events,
      ...(capacityBytes === undefined ? {} : { capacityBytes }),
    });
    this.network = new SimNetwork(world.wires, this.host);
    this.offload = new InlineOffload({ fileSystem: this.fileSystem, clock });
    this.logLevels = new LoggerTree({
      clock,
      level: options.logLevel ?? "info",
      write: (line) => {
        if (this.logLines.length >= logLinesMax) this.logLines.shift();
        this.logLines.push(line);
      },
    });
    this.metrics = new MetricsRegistry(() => clock.monotonicMs());
  }

  get logger(): LoggerTree["root"] {
    return this.logLevels.root;
  }

  /** Ends the process as a crash does, and makes the machine ready for the next one. */
  restart(kind: CrashKind): void {
    this.world.wires.endProcess(this.host);
    this.fileSystem.disk.restart(kind);
    this.offload = new InlineOffload({ fileSystem: this.fileSystem, clock: this.clock });
    this.metrics = new MetricsRegistry(() => this.clock.monotonicMs());
  }
}

function nobodyAnswers(url: string): Promise<string> {
  const message = `asking ${url} failed: it is not simulated`;
  return Promise.reject(new NetworkError(message, { systemCode: "ENETUNREACH" }));
}
