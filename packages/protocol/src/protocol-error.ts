/** The base of every error that this package throws: `code` is stable and listed in docs/errors.md. */
export abstract class ProtocolError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}
