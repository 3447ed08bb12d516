import { MillraceError } from "@millrace/platform";

/** A cluster that a person works with, under a name. */
export interface ClusterContext {
  /** Java's names of a client's configuration, `bootstrap.servers` among them. May hold secrets. */
  readonly properties: Readonly<Record<string, string>>;
}

/** What the contexts file holds. */
export interface ContextFile {
  /** The name of the one in use. */
  readonly current: string | undefined;
  readonly contexts: Readonly<Record<string, ClusterContext>>;
}

/** The contexts file cannot be read or written. */
export class ContextFileError extends MillraceError {
  readonly code = "CONTEXT_FILE_UNUSABLE";
}

/** Where the contexts are kept: `MILLRACE_CONTEXTS`, else in the user's configuration folder. */
export function contextFilePath(environment: Readonly<Record<string, string | undefined>>): string {
  const { MILLRACE_CONTEXTS, XDG_CONFIG_HOME, HOME = "." } = environment;
  if (MILLRACE_CONTEXTS !== undefined) return MILLRACE_CONTEXTS;
  return `${XDG_CONFIG_HOME ?? `${HOME}/.config`}/millrace/contexts.json`;
}

/**
 * Reads what a contexts file says; `undefined` (no file) is one without contexts.
 * @throws ContextFileError when it is not one.
 */
export function parseContextFile(text: string | undefined, path: string): ContextFile {
  if (text === undefined) return { current: undefined, contexts: {} };
  const value = parseJson(text, path);
  if (!isRecord(value) || !isRecord(value["contexts"])) throw notContexts(path);
  const contexts: Record<string, ClusterContext> = {};
  for (const [name, context] of Object.entries(value["contexts"])) {
    if (!isRecord(context) || !isRecord(context["properties"])) throw notContexts(path);
    contexts[name] = { properties: textsOf(context["properties"]) };
  }
  const current = value["current"];
  return { current: typeof current === "string" ? current : undefined, contexts };
}

/** What is written into a contexts file. */
export function formatContextFile(file: ContextFile): string {
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ContextFileError(`${path} is not JSON; mend it or remove it`, { cause });
  }
}

function textsOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) texts[key] = String(value);
  return texts;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notContexts(path: string): ContextFileError {
  return new ContextFileError(`${path} is not a file of contexts; mend it or remove it`);
}
