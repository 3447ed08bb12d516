import type { Repository } from "./repository.ts";

/** Where exceptions stand, with their reasons. */
export const exceptionsPath = "tidy-exceptions.json";

/** What is allowed to differ from the style, each with a reason. */
export interface Exceptions {
  /**
   * Sources without a mirror test: a path, or a folder that ends with a slash → the reason, which
   * says what tests them instead.
   */
  readonly withoutMirrorTest: Readonly<Record<string, string>>;
  /** Lengths over the limit: `path`, or `path#function` → today's number, which may only shrink. */
  readonly lengths: Readonly<Record<string, LengthException>>;
}

/** A length over the limit. */
export interface LengthException {
  readonly lines: number;
  readonly reason: string;
}

/** No exception at all. */
export const noExceptions: Exceptions = { withoutMirrorTest: {}, lengths: {} };

/** The repository's exceptions. */
export function readExceptions(repository: Repository): Exceptions {
  if (!repository.has(exceptionsPath)) return noExceptions;
  const given = JSON.parse(repository.read(exceptionsPath)) as Partial<Exceptions>;
  return { ...noExceptions, ...given };
}
