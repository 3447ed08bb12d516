import { MillraceError } from "@millrace/platform";

/** A record of the metadata log does not fit the state before it, or has a kind we do not know. */
export class MetadataReplayError extends MillraceError {
  readonly code = "METADATA_REPLAY_ERROR";
}

/** A folder's metadata is of a kind that this version cannot serve: the message says why. */
export class UnsupportedMetadataError extends MillraceError {
  readonly code = "UNSUPPORTED_METADATA";
}

/** A file of the metadata log (a snapshot, quorum-state, meta.properties) cannot be read. */
export class MetadataFileError extends MillraceError {
  readonly code = "METADATA_FILE_ERROR";
  readonly path: string;

  constructor(message: string, details: { readonly path: string; readonly cause?: unknown }) {
    super(message, { cause: details.cause });
    this.path = details.path;
  }
}

/** The node could not write what a new controller writes first to its own metadata log. */
export class ActivationError extends MillraceError {
  readonly code = "METADATA_ACTIVATION_FAILED";
}
