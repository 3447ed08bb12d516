import { type MillraceError, NetworkError } from "@millrace/platform";

/** What a failure means to the person who typed the command: what happened, then what to do. */
export function describeFailure(error: MillraceError): string {
  const advice = adviceFor(error);
  const lines = error.message.split("\n");
  const separator = lines.length > 1 ? "\n  " : " ";
  const head = `millrace:${separator}${lines.join("\n  ")} [${error.code}]`;
  return advice === undefined ? head : `${head}\n${advice}`;
}

function adviceFor(error: MillraceError): string | undefined {
  if (error instanceof NetworkError) return networkAdvice(error.systemCode);
  switch (error.code) {
    case "CONFIGURATION_INVALID":
      return "Every key is described in docs/configuration.md and in Kafka's documentation.";
    case "LOG_DIRECTORY_UNUSABLE":
      return "A folder serves one Millrace or Apache Kafka at a time, and its user must be able to write there: choose another with --override log.dirs=FOLDER.";
    default:
      return undefined;
  }
}

function networkAdvice(systemCode: string): string | undefined {
  switch (systemCode) {
    case "EADDRINUSE":
      return "Another program listens there: stop it, or choose another port with --override listeners=PLAINTEXT://:9093.";
    case "EACCES":
      return "This user may not listen there: ports below 1024 belong to root.";
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return "This machine has no such address: listeners takes an address of its own, or none (PLAINTEXT://:9092) for all; what clients shall use goes into advertised.listeners.";
    default:
      return undefined;
  }
}
