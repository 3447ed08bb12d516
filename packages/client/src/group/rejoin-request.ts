/** Remembers that the group has to be joined again, and why; the first reason stays. */
export class RejoinRequest {
  #reason: string | undefined;
  #wake: (() => void) | undefined;

  /** Asks for it. */
  ask(reason: string): void {
    this.#reason ??= reason;
    this.#wake?.();
  }

  get isAsked(): boolean {
    return this.#reason !== undefined;
  }

  /** Waits until it is asked for, and takes the reason; undefined once the signal is aborted. */
  async taken(signal: AbortSignal): Promise<string | undefined> {
    while (this.#reason === undefined && !signal.aborted) await this.#asked(signal);
    if (signal.aborted) return undefined;
    const reason = this.#reason;
    this.#reason = undefined;
    return reason;
  }

  /** Takes back what was asked for. */
  clear(): void {
    this.#reason = undefined;
  }

  #asked(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        this.#wake = undefined;
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener("abort", wake, { once: true });
    });
  }
}
