import type { Exceptions } from "./exceptions.ts";
import type { Repository } from "./repository.ts";
import type { SourceFile } from "./source-file.ts";

/** A rule of style that no ready-made tool knows. */
export interface Rule {
  readonly name: string;
  check(subject: Subject): readonly Finding[];
}

/** What rules look at. */
export interface Subject {
  readonly repository: Repository;
  /** The repository's TypeScript, parsed once for all rules. */
  readonly sources: readonly SourceFile[];
  readonly exceptions: Exceptions;
}

/** A place that breaks a rule. */
export interface Finding {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What is wrong and what to do instead. */
  readonly message: string;
}
