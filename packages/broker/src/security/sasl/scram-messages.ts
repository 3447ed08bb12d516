/** What a SCRAM client says first (RFC 5802 §7). */
export interface ClientFirst {
  /** With the comma at its end: channel binding and authorization id, sent again at the end. */
  readonly gs2Header: string;
  readonly authorizationId: string;
  readonly username: string;
  readonly nonce: string;
  /** It shows a delegation token: the user is the token's id (KIP-48). */
  readonly isToken: boolean;
  /** What the signatures cover. */
  readonly bare: string;
}

/** What a SCRAM client says at the end. */
export interface ClientFinal {
  readonly channelBinding: Buffer;
  readonly nonce: string;
  readonly proof: Buffer;
  /** What the signatures cover. */
  readonly withoutProof: string;
}

const NAME = "(?:[^=,\\0]|=2C|=3D)+";
const CLIENT_FIRST = new RegExp(
  `^(n,(?:a=(${NAME}))?,)(n=(${NAME}),r=([\\x21-\\x2B\\x2D-\\x7E]+)((?:,[A-Za-z]+=[^,\\0]+)*))$`,
);
const CLIENT_FINAL =
  /^(c=([A-Za-z0-9+/=]*),r=([\x21-\x2B\x2D-\x7E]+)(?:,[A-Za-z]=[^,\0]+)*),p=([A-Za-z0-9+/=]+)$/;

/** Longer messages are nobody's: names and nonces are short. */
const messageBytesMax = 4096;

/** Reads a client's first message; undefined when it is none, or wants channel binding. */
export function parseClientFirst(token: Buffer): ClientFirst | undefined {
  if (token.length > messageBytesMax) return undefined;
  const [, gs2Header, authorizationId = "", bare, name, nonce, extensions = ""] =
    CLIENT_FIRST.exec(token.toString("utf8")) ?? [];
  if (gs2Header === undefined || bare === undefined || name === undefined || nonce === undefined) {
    return undefined;
  }
  const isToken = extensions.toLowerCase().split(",").includes("tokenauth=true");
  return {
    gs2Header,
    authorizationId: plainName(authorizationId),
    username: plainName(name),
    nonce,
    isToken,
    bare,
  };
}

/** Reads a client's final message; undefined when it is none. */
export function parseClientFinal(token: Buffer): ClientFinal | undefined {
  if (token.length > messageBytesMax) return undefined;
  const [, withoutProof, binding, nonce, proof] = CLIENT_FINAL.exec(token.toString("utf8")) ?? [];
  if (withoutProof === undefined || nonce === undefined || proof === undefined) return undefined;
  return {
    channelBinding: Buffer.from(binding ?? "", "base64"),
    nonce,
    proof: Buffer.from(proof, "base64"),
    withoutProof,
  };
}

function plainName(name: string): string {
  return name.replaceAll("=2C", ",").replaceAll("=3D", "=");
}
