import { MillraceError } from "@millrace/platform";
import type { ClusterContext, ContextFile } from "../../connection/context-file.ts";

/** There is no context of that name. */
export class ContextNotFoundError extends MillraceError {
  readonly code = "CONTEXT_NOT_FOUND";
}

/** A context by its name. @throws ContextNotFoundError that names those there are. */
export function knownContext(file: ContextFile, name: string): ClusterContext {
  const found = file.contexts[name];
  if (found !== undefined) return found;
  const names = Object.keys(file.contexts);
  const hint = names.length === 0 ? "there are none yet" : `there are ${names.join(", ")}`;
  throw new ContextNotFoundError(`there is no context "${name}": ${hint}`);
}
