import { UsageError } from "../usage-error.ts";
import type { ContextFile } from "./context-file.ts";

/** Where a client of a single machine finds its broker. */
export const defaultBootstrap = "127.0.0.1:9092";

/** What says how to reach a cluster. */
export interface ConnectionSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `-b`. */
  readonly bootstrap: string | undefined;
  /** `-c`. */
  readonly context: string | undefined;
  /** `-X key=value`, each. */
  readonly overrides: readonly string[];
  /** What `--command-config` names, read. */
  readonly fileProperties: Readonly<Record<string, string>>;
  readonly contexts: ContextFile;
}

/**
 * A client's configuration by Java's names. What is said later wins: the context, the file,
 * MILLRACE_BOOTSTRAP, `-X`, `-b`.
 * @throws UsageError when the context is not there, or an override has no `=`.
 */
export function resolveProperties(sources: ConnectionSources): Readonly<Record<string, string>> {
  const { environment, bootstrap, fileProperties, overrides } = sources;
  const fromEnvironment = environment["MILLRACE_BOOTSTRAP"];
  return {
    "bootstrap.servers": defaultBootstrap,
    ...contextProperties(sources),
    ...fileProperties,
    ...(fromEnvironment === undefined ? {} : { "bootstrap.servers": fromEnvironment }),
    ...Object.fromEntries(overrides.map(parseOverride)),
    ...(bootstrap === undefined ? {} : { "bootstrap.servers": bootstrap }),
  };
}

function contextProperties(sources: ConnectionSources): Readonly<Record<string, string>> {
  const { environment, contexts } = sources;
  const name = sources.context ?? environment["MILLRACE_CONTEXT"] ?? contexts.current;
  if (name === undefined) return {};
  const found = contexts.contexts[name];
  if (found !== undefined) return found.properties;
  const names = Object.keys(contexts.contexts);
  const hint = names.length === 0 ? "there are none yet" : `there are ${names.join(", ")}`;
  throw new UsageError(
    `there is no context "${name}": ${hint}. millrace context add ${name} -b HOST:PORT makes one`,
  );
}

function parseOverride(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new UsageError(`-X takes key=value, as in -X security.protocol=SSL, not "${text}"`);
}
