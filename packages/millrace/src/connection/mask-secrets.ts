const secretKey = /password|secret|jaas|\.key$|hmac|token(?!\.endpoint)/iu;

/** A configuration that may be shown: what is or may hold a secret is `[hidden]`. */
export function maskSecrets(
  properties: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const masked: Record<string, string> = {};
  for (const [key, value] of Object.entries(properties)) {
    masked[key] = secretKey.test(key) ? "[hidden]" : value;
  }
  return masked;
}
