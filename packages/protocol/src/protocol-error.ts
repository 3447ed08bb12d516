/** The base of what this package throws: `code` is stable and listed in docs/errors.md. */
export abstract class ProtocolError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/**
 * Bytes that are not the message they claim to be: cut off, with a length that lies, or with
 * something behind their end. Who reads from a connection closes it.
 */
export class MalformedMessageError extends ProtocolError {
  readonly code = "MALFORMED_MESSAGE";
}

/**
 * A value that the message cannot carry: a number out of range, a required field that is not given,
 * or a field that this version does not have and that may not be dropped in silence.
 */
export class UnencodableMessageError extends ProtocolError {
  readonly code = "UNENCODABLE_MESSAGE";
}

/** A version outside the range that a message is defined for, or an unknown API key. */
export class UnsupportedVersionError extends ProtocolError {
  readonly code = "UNSUPPORTED_VERSION";
}
