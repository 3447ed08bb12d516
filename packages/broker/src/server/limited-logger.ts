import type { Clock, LogFields, Logger } from "@millrace/platform";

/** Lines that say the same, but for their values, in one window. */
const linesPerWindowMax = 20;
const windowMs = 10_000;

/** How often a sentence was logged, or was not. */
interface Window {
  readonly beganMs: number;
  lines: number;
  leftOut: number;
}

/**
 * A logger for what strangers can cause as often as they like: of the warnings and errors of one
 * sentence it writes 20 in 10 seconds, and says with the first one after that how many it left out.
 */
export class LimitedLogger implements Logger {
  readonly #logger: Logger;
  readonly #clock: Pick<Clock, "monotonicMs">;
  /** By sentence: there are as many as the source has. */
  readonly #windows = new Map<string, Window>();

  constructor(logger: Logger, clock: Pick<Clock, "monotonicMs">) {
    this.#logger = logger;
    this.#clock = clock;
  }

  trace(message: string, fields?: LogFields): void {
    this.#logger.trace(message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.#logger.debug(message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#logger.info(message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    const extra = this.#admit(message);
    if (extra !== undefined) this.#logger.warn(message, { ...fields, ...extra });
  }

  error(message: string, fields?: LogFields): void {
    const extra = this.#admit(message);
    if (extra !== undefined) this.#logger.error(message, { ...fields, ...extra });
  }

  child(name: string): Logger {
    return new LimitedLogger(this.#logger.child(name), this.#clock);
  }

  /** What the line says besides; undefined when it is one too many. */
  #admit(message: string): LogFields | undefined {
    const nowMs = this.#clock.monotonicMs();
    const window = this.#windows.get(message);
    if (window === undefined || nowMs - window.beganMs >= windowMs) {
      this.#windows.set(message, { beganMs: nowMs, lines: 1, leftOut: 0 });
      return window === undefined || window.leftOut === 0 ? {} : { leftOut: window.leftOut };
    }
    if (window.lines >= linesPerWindowMax) {
      window.leftOut += 1;
      return undefined;
    }
    window.lines += 1;
    return {};
  }
}
