import { KafkaError } from "../errors/kafka-error.ts";

/** What `sasl.jaas.config` says: a login module and its options. */
export interface JaasEntry {
  /** Without its package: "ScramLoginModule". */
  readonly module: string;
  readonly options: ReadonlyMap<string, string>;
}

const entryPattern =
  /^\s*(?:[\w$]+\.)*([\w$]+)\s+(?:requi(?:red|site)|sufficient|optional)\b([\s\S]*?);?\s*$/i;

/**
 * Reads one entry: `package.Module required name="value" …;`
 * @throws KafkaError INVALID_OPTION that does not repeat what was written: a password is in it
 */
export function parseJaas(text: string): JaasEntry {
  const [, module, rest = ""] = entryPattern.exec(text) ?? [];
  if (module === undefined) throw malformed();
  const options = new Map<string, string>();
  const pattern = /\s*([\w.-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";]+))/y;
  let end = 0;
  for (let found = pattern.exec(rest); found !== null; found = pattern.exec(rest)) {
    const [, name = "", quoted, bare] = found;
    options.set(name, quoted?.replaceAll(/\\(.)/g, "$1") ?? bare ?? "");
    end = pattern.lastIndex;
  }
  if (rest.slice(end).trim() !== "") throw malformed();
  return { module, options };
}

function malformed(): KafkaError {
  return new KafkaError("INVALID_OPTION", "sasl.jaas.config cannot be read", {
    hint: 'Write: org.apache.kafka.…LoginModule required username="…" password="…";',
  });
}
