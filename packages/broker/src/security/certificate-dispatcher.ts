import type { Answer, FrameDispatcher } from "../server/answer.ts";
import type { AuthenticationMetrics } from "./authentication-metrics.ts";
import { subjectOf } from "./distinguished-name.ts";
import type { PrincipalMapping } from "./principal-mapping.ts";
import { userPrincipal } from "./principal.ts";
import type { IdentifiedDispatcher } from "./sasl/sasl-dispatcher.ts";

/** What a connection is known by that shows a certificate. */
export interface CertificateDispatcherOptions {
  readonly inner: IdentifiedDispatcher;
  readonly mapping: PrincipalMapping;
  readonly peerCertificate: () => Uint8Array | undefined;
  readonly metrics: AuthenticationMetrics;
}

/** A connection of a TLS listener that asks for certificates: known by the first request. */
export class CertificateDispatcher implements FrameDispatcher {
  readonly #options: CertificateDispatcherOptions;
  #isIdentified = false;

  constructor(options: CertificateDispatcherOptions) {
    this.#options = options;
  }

  mayOverlap(frame: Buffer): boolean {
    return this.#options.inner.mayOverlap(frame);
  }

  memoryOf(frame: Buffer): number {
    return this.#options.inner.memoryOf(frame);
  }

  dispatch(frame: Buffer, onSettled: () => void): Answer | Promise<Answer> {
    if (!this.#isIdentified) {
      const refusal = this.#identify();
      if (refusal !== undefined) return { kind: "close", reason: refusal };
      this.#isIdentified = true;
    }
    return this.#options.inner.dispatch(frame, onSettled);
  }

  closed(): void {
    this.#options.inner.closed?.();
  }

  /** @returns why it is nobody; undefined when it is somebody, or has shown nothing. */
  #identify(): string | undefined {
    const { inner, mapping, peerCertificate, metrics } = this.#options;
    const certificate = peerCertificate();
    if (certificate === undefined) return undefined;
    const subject = subjectOf(certificate);
    const name = subject === undefined ? undefined : mapping.nameOf(subject);
    if (name === undefined) {
      metrics.failed();
      const shown = JSON.stringify(subject ?? "a certificate without a subject");
      return `no rule of ssl.principal.mapping.rules fits ${shown}`;
    }
    metrics.succeeded();
    inner.identify(userPrincipal(name));
    return undefined;
  }
}
