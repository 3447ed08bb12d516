import { MillraceError } from "@millrace/platform";

/** A listener's certificates, keys or users cannot be read, or do not fit together. */
export class SecurityConfigurationError extends MillraceError {
  readonly code = "SECURITY_CONFIGURATION";
}
