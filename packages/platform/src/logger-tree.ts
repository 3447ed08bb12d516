import type { Clock } from "./clock.ts";
import type { LogLine } from "./log-line.ts";
import { type LogFields, type Logger, type LogLevel, type LogLevels, logLevels } from "./logger.ts";

const rootName = "root";

/** How a tree of loggers begins. */
export interface LoggerTreeOptions {
  readonly clock: Clock;
  readonly level: LogLevel;
  /** Takes each line that its logger's level lets pass. */
  readonly write: (line: LogLine) => void;
}

/**
 * Loggers by their full names, with levels that are inherited along the dots of the name and can
 * be changed at any time. A line below the level costs one comparison.
 */
export class LoggerTree implements LogLevels {
  readonly root: Logger;
  readonly #loggers = new Map<string, TreeLogger>();
  readonly #ownLevels = new Map<string, LogLevel>();
  readonly #rootLevel: LogLevel;
  readonly #options: LoggerTreeOptions;

  constructor(options: LoggerTreeOptions) {
    this.#options = options;
    this.#rootLevel = options.level;
    this.root = this.#get(rootName);
  }

  names(): readonly string[] {
    return [...this.#loggers.keys()].sort();
  }

  levelOf(name: string): LogLevel {
    for (let at = name; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf(".")))) {
      const level = this.#ownLevels.get(at);
      if (level !== undefined) return level;
    }
    return this.#ownLevels.get(rootName) ?? this.#rootLevel;
  }

  setLevel(name: string, level: LogLevel | undefined): void {
    if (level === undefined) this.#ownLevels.delete(name);
    else this.#ownLevels.set(name, level);
    for (const logger of this.#loggers.values()) {
      logger.minimumRank = logLevels.indexOf(this.levelOf(logger.name));
    }
  }

  #get(name: string): TreeLogger {
    const existing = this.#loggers.get(name);
    if (existing !== undefined) return existing;
    const logger = new TreeLogger(name, {
      clock: this.#options.clock,
      write: this.#options.write,
      get: (childName) => this.#get(childName),
    });
    logger.minimumRank = logLevels.indexOf(this.levelOf(name));
    this.#loggers.set(name, logger);
    return logger;
  }
}

interface TreeAccess {
  readonly clock: Clock;
  readonly write: (line: LogLine) => void;
  readonly get: (name: string) => TreeLogger;
}

class TreeLogger implements Logger {
  readonly name: string;
  minimumRank = 0;
  readonly #tree: TreeAccess;

  constructor(name: string, tree: TreeAccess) {
    this.name = name;
    this.#tree = tree;
  }

  trace(message: string, fields?: LogFields): void {
    this.#log(0, message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.#log(1, message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log(2, message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log(3, message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#log(4, message, fields);
  }

  child(name: string): Logger {
    return this.#tree.get(name);
  }

  #log(rank: number, message: string, fields: LogFields | undefined): void {
    if (rank < this.minimumRank) return;
    const level = logLevels[rank] ?? "error";
    const timeMs = this.#tree.clock.nowMs();
    this.#tree.write({ timeMs, level, logger: this.name, message, fields });
  }
}
