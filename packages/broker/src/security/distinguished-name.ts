import { DerError, derAt, derObjectIdentifier, derTags, type DerValue, readDer } from "./der.ts";

/**
 * The subject of a certificate (DER) as Java writes it (RFC 2253): the last part first, keywords
 * for a few attributes and numbers for the others, `+` between parts that belong together.
 * undefined for bytes that are no certificate.
 *
 * Example: `CN=alice,OU=Test,O=Example,C=DE`.
 */
export function subjectOf(certificate: Uint8Array): string | undefined {
  try {
    const [whole] = readDer(Buffer.from(certificate));
    const [toBeSigned] = readDer(whole?.content ?? Buffer.alloc(0));
    const fields = readDer(toBeSigned?.content ?? Buffer.alloc(0));
    // An explicit version comes first where it is not 1; then serial number, signature algorithm,
    // issuer, validity and subject.
    const versionCount = derAt(fields, 0).tag === derTags.context0 ? 1 : 0;
    const names = readDer(derAt(fields, versionCount + 4).content);
    return names.toReversed().map(relativeName).join(",");
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** RFC 2253's keywords: Java writes no others. */
const keywords: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.6", "C"],
  ["2.5.4.9", "STREET"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  ["0.9.2342.19200300.100.1.1", "UID"],
]);

function relativeName(set: DerValue): string {
  const parts = readDer(set.content).map((attribute) => {
    const [type, value] = readDer(attribute.content);
    if (type?.tag !== derTags.objectIdentifier || value === undefined) {
      throw new DerError("an attribute is expected");
    }
    const identifier = derObjectIdentifier(type.content);
    const keyword = keywords.get(identifier);
    const text = keyword === undefined ? undefined : textOf(value);
    if (keyword === undefined || text === undefined) return `${identifier}=#${hexOf(value)}`;
    return `${keyword}=${escape(text)}`;
  });
  return parts.join("+");
}

function textOf({ tag, content }: DerValue): string | undefined {
  switch (tag) {
    case derTags.utf8String:
      return content.toString("utf8");
    case derTags.printableString:
    case derTags.ia5String:
    case derTags.teletexString:
      return content.toString("latin1");
    case derTags.bmpString:
      return Buffer.from(content).swap16().toString("utf16le");
    default:
      return undefined;
  }
}

/** The whole value with its tag and length: below 128 bytes, or with one or two bytes of length. */
function hexOf({ tag, content }: DerValue): string {
  const { length } = content;
  const prefix =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(prefix), content]).toString("hex");
}

/** As Java: RFC 2253's special characters, `=` and `#` wherever they stand, spaces at the ends. */
function escape(text: string): string {
  return text
    .replaceAll(/[,=+"\\<>;#]/g, (character) => `\\${character}`)
    .replaceAll(/^ +| +$/g, (spaces) => spaces.replaceAll(" ", "\\ "));
}
