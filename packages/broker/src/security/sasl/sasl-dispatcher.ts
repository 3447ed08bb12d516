import { AssertionError, type Clock, type Logger } from "@millrace/platform";
import {
  type ApiSchema,
  ApiVersions,
  errorCodes,
  ProtocolError,
  Reader,
  requestCodec,
  type RequestOf,
  type ResponseInput,
  SaslAuthenticate,
  SaslHandshake,
} from "@millrace/protocol";

import { encodeAnswer, type RequestHeader, skipTaggedFields } from "../../api/bound-handler.ts";
import type { Answer, Authentication, FrameDispatcher } from "../../server/answer.ts";
import { readHeader } from "../../server/request-dispatcher.ts";
import type { Principal } from "../principal.ts";
import type { AuthenticationMetrics } from "../authentication-metrics.ts";
import type { SaslSession, TokenOutcome } from "./sasl-session.ts";

/** What answers once a client is known. */
export interface IdentifiedDispatcher extends FrameDispatcher {
  identify(principal: Principal): void;
}

/** What a SASL connection's dispatcher works with. */
export interface SaslDispatcherOptions {
  readonly session: SaslSession;
  readonly mechanisms: readonly string[];
  readonly inner: IdentifiedDispatcher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AuthenticationMetrics;
  readonly remoteHost: string;
  readonly limits: {
    readonly frameBytesMax: number;
    readonly timeoutMs: number;
    /** `connection.failed.authentication.delay.ms`: what makes guessing slow. */
    readonly failureDelayMs: number;
  };
}

/** The last version of ApiVersions; a newer one is answered with the range, and asked again. */
const apiVersionsLast = 4;
const versionsLast = { handshake: 1, authenticate: 2 } as const;

/**
 * A connection of a listener with SASL: lets nothing through to the handlers until the client has
 * authenticated, and ends it when that is over (KIP-43, KIP-152, KIP-368).
 */
export class SaslDispatcher implements FrameDispatcher {
  readonly authentication: Authentication;
  readonly #options: SaslDispatcherOptions;
  /** SaslHandshake 0 is followed by bare tokens, without headers. */
  #hasBareTokens = false;

  constructor(options: SaslDispatcherOptions) {
    this.#options = options;
    const { session, limits } = options;
    this.authentication = {
      get isDone() {
        return session.principal !== undefined;
      },
      frameBytesMax: limits.frameBytesMax,
      timeoutMs: limits.timeoutMs,
    };
  }

  mayOverlap(frame: Buffer): boolean {
    const { session, inner } = this.#options;
    return session.phase === "authenticated" && inner.mayOverlap(frame);
  }

  memoryOf(frame: Buffer): number {
    const { session, inner } = this.#options;
    // No handler sees a stranger's frame: a key in it must not reserve a handler's memory, which
    // others would wait for.
    return session.phase === "authenticated" ? inner.memoryOf(frame) : 0;
  }

  dispatch(frame: Buffer, onSettled: () => void): Answer | Promise<Answer> {
    const { session, inner } = this.#options;
    if (session.phase === "authenticated") {
      const isHandshake = frame.length >= 2 && frame.readInt16BE(0) === SaslHandshake.key;
      if (!(isHandshake && session.mayBeginAgain)) {
        if (!session.hasEnded) return inner.dispatch(frame, onSettled);
        this.#options.metrics.expired();
        return { kind: "close", reason: "it did not authenticate again in time" };
      }
    }
    try {
      return this.#authenticate(frame, onSettled);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      session.fail();
      return { kind: "close", reason: `malformed request: ${error.message}` };
    }
  }

  closed(): void {
    this.#options.inner.closed?.();
  }

  #authenticate(frame: Buffer, onSettled: () => void): Answer | Promise<Answer> {
    const { session, inner } = this.#options;
    if (session.phase === "failed") return { kind: "close", reason: "authentication failed" };
    const expectsTokens = session.phase === "tokens" || session.phase === "again";
    if (expectsTokens && this.#hasBareTokens) {
      return this.#guarded(this.#bareToken(Buffer.from(frame)));
    }
    const reader = new Reader(frame);
    const header = readHeader(reader);
    if (header.apiKey === ApiVersions.key && !expectsTokens) {
      const isKnown = header.apiVersion >= 0 && header.apiVersion <= apiVersionsLast;
      if (!isKnown || session.askVersions()) return inner.dispatch(frame, onSettled);
    }
    if (header.apiKey === SaslHandshake.key && header.apiVersion <= versionsLast.handshake) {
      return this.#handshake(header, readBody(SaslHandshake, header, reader));
    }
    if (header.apiKey === SaslAuthenticate.key && header.apiVersion <= versionsLast.authenticate) {
      return this.#guarded(this.#token(header, readBody(SaslAuthenticate, header, reader)));
    }
    session.fail();
    this.#options.metrics.failed();
    // What the client would read depends on what it has asked for: Kafka closes, after the delay.
    return this.#later({
      kind: "close",
      reason: `API key ${header.apiKey} came before authentication`,
    });
  }

  #handshake(
    header: RequestHeader,
    request: RequestOf<typeof SaslHandshake>,
  ): Answer | Promise<Answer> {
    const { session, mechanisms, metrics } = this.#options;
    const outcome = session.handshake(request.mechanism);
    const answer = (errorCode: number): Uint8Array[] =>
      encodeAnswer(SaslHandshake, header, { errorCode, mechanisms });
    if (outcome === "accepted") {
      this.#hasBareTokens = header.apiVersion === 0;
      return { kind: "send", chunks: answer(errorCodes.NONE) };
    }
    metrics.failed();
    session.fail();
    if (outcome === "illegal-state") {
      const thenClose = "SaslHandshake came twice";
      return this.#later({
        kind: "send",
        chunks: answer(errorCodes.ILLEGAL_SASL_STATE),
        thenClose,
      });
    }
    const thenClose = `the SASL mechanism ${quote(request.mechanism)} is not enabled`;
    const chunks = answer(errorCodes.UNSUPPORTED_SASL_MECHANISM);
    return this.#later({ kind: "send", chunks, thenClose });
  }

  async #token(
    header: RequestHeader,
    request: RequestOf<typeof SaslAuthenticate>,
  ): Promise<Answer> {
    const { session } = this.#options;
    if (session.phase !== "tokens" && session.phase !== "again") {
      session.fail();
      const errorMessage = "SaslAuthenticate request received before SaslHandshake";
      const errorCode = errorCodes.ILLEGAL_SASL_STATE;
      return this.#refuse(header, { errorCode, errorMessage }, errorMessage);
    }
    // The frame's bytes are lent for this turn only.
    const outcome = await session.token(Buffer.from(request.authBytes));
    if (outcome.kind === "failed") {
      const errorCode = errorCodes.SASL_AUTHENTICATION_FAILED;
      return this.#refuse(header, { errorCode, errorMessage: outcome.message }, outcome.reason);
    }
    this.#succeed(outcome);
    const sessionLifetimeMs = outcome.kind === "authenticated" ? outcome.sessionLifetimeMs : 0;
    const response: ResponseInput<typeof SaslAuthenticate> = {
      errorCode: errorCodes.NONE,
      errorMessage: null,
      authBytes: outcome.challenge,
      sessionLifetimeMs,
    };
    return { kind: "send", chunks: encodeAnswer(SaslAuthenticate, header, response) };
  }

  async #bareToken(token: Buffer): Promise<Answer> {
    const outcome = await this.#options.session.token(token);
    if (outcome.kind === "failed") {
      this.#noteFailure(outcome.reason);
      return this.#later({ kind: "close", reason: "authentication failed" });
    }
    this.#succeed(outcome);
    const size = Buffer.alloc(4);
    size.writeInt32BE(outcome.challenge.length);
    return { kind: "send", chunks: [size, outcome.challenge] };
  }

  /** What goes wrong on the way to an answer ends this connection, and nobody gets in by it. */
  #guarded(answer: Promise<Answer>): Promise<Answer> {
    return answer.catch((error: unknown): Answer => {
      if (error instanceof AssertionError) throw error;
      this.#options.session.fail();
      this.#options.logger.error("an authentication went wrong", { error });
      return { kind: "close", reason: "authentication failed" };
    });
  }

  #succeed(outcome: Exclude<TokenOutcome, { kind: "failed" }>): void {
    if (outcome.kind !== "authenticated") return;
    this.#options.metrics.succeeded();
    this.#options.inner.identify(outcome.principal);
  }

  #refuse(
    header: RequestHeader,
    told: { readonly errorCode: number; readonly errorMessage: string },
    reason: string,
  ): Promise<Answer> {
    this.#noteFailure(reason);
    const response = { ...told, authBytes: Buffer.alloc(0) };
    const chunks = encodeAnswer(SaslAuthenticate, header, response);
    return this.#later({ kind: "send", chunks, thenClose: "authentication failed" });
  }

  #noteFailure(reason: string): void {
    const { logger, metrics, remoteHost, session } = this.#options;
    metrics.failed();
    const { mechanism } = session;
    logger.warn("authentication failed", { peer: remoteHost, mechanism, reason });
  }

  #later(answer: Answer): Promise<Answer> {
    const { clock, limits } = this.#options;
    return new Promise((resolve) => {
      clock.setTimer(limits.failureDelayMs, () => resolve(answer));
    });
  }
}

function readBody<Api extends ApiSchema>(
  api: Api,
  header: RequestHeader,
  reader: Reader,
): RequestOf<Api> {
  const codec = requestCodec(api, header.apiVersion);
  if (codec.isFlexible) skipTaggedFields(reader);
  const bodyReader = new Reader(reader.bytes.subarray(reader.position));
  const request = codec.read(bodyReader);
  bodyReader.assertEnd(codec.name);
  return request;
}

/** For the log: what a stranger sent does not look like a line of ours. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
