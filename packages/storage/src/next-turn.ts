import type { Clock } from "@millrace/platform";

/** Lets the event loop do other work. */
export function nextTurn(context: { readonly clock: Clock }): Promise<void> {
  return new Promise((resolve) => context.clock.setImmediate(resolve));
}
