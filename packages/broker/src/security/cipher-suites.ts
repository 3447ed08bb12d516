/** TLS 1.3's suites have the same names everywhere. */
const TLS13 =
  /^TLS_(AES_128_GCM_SHA256|AES_256_GCM_SHA384|CHACHA20_POLY1305_SHA256|AES_128_CCM(_8)?_SHA256)$/;

const keyExchanges: ReadonlyMap<string, string> = new Map([
  ["ECDHE_RSA", "ECDHE-RSA-"],
  ["ECDHE_ECDSA", "ECDHE-ECDSA-"],
  ["DHE_RSA", "DHE-RSA-"],
  ["RSA", ""],
]);

/** Cipher and hash as OpenSSL calls them: it does not name what GCM and CBC imply. */
const encryptions: ReadonlyMap<string, string> = new Map([
  ["AES_128_GCM_SHA256", "AES128-GCM-SHA256"],
  ["AES_256_GCM_SHA384", "AES256-GCM-SHA384"],
  ["CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305"],
  ["AES_128_CBC_SHA", "AES128-SHA"],
  ["AES_256_CBC_SHA", "AES256-SHA"],
  ["AES_128_CBC_SHA256", "AES128-SHA256"],
  ["AES_256_CBC_SHA256", "AES256-SHA256"],
  ["AES_256_CBC_SHA384", "AES256-SHA384"],
]);

/**
 * OpenSSL's name of a cipher suite that Kafka's configuration names as Java does; OpenSSL's own
 * names are taken as they are. undefined for one that nobody should use or knows.
 *
 * Example: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 → ECDHE-RSA-AES128-GCM-SHA256.
 */
export function opensslCipher(name: string): string | undefined {
  if (TLS13.test(name)) return name;
  const [, exchange = "", encryption = ""] = /^TLS_(.+)_WITH_(.+)$/.exec(name) ?? [];
  const prefix = keyExchanges.get(exchange);
  const suffix = encryptions.get(encryption);
  if (prefix !== undefined && suffix !== undefined) return `${prefix}${suffix}`;
  const isOpenssl = [...keyExchanges.values()].some((known) =>
    [...encryptions.values()].some((end) => name === `${known}${end}`),
  );
  return isOpenssl ? name : undefined;
}
