import { AssertionError, type Clock, type Timer } from "@millrace/platform";
import {
  type ApiSchema,
  type BrokerId,
  decodeResponse,
  encodeRequest,
  type ResponseOf,
} from "@millrace/protocol";
import type { Answer, RequestFor, SendOptions } from "../cluster.ts";
import type { KafkaError } from "../errors/kafka-error.ts";
import { abortedError } from "../retry/wait.ts";
import type { Exchange } from "./exchange.ts";
import type { Frame } from "./frame-reader.ts";

/** What a call is made from. */
export interface CallOptions<A extends ApiSchema> {
  readonly clock: Clock;
  readonly api: A;
  readonly request: RequestFor<A>;
  readonly timeoutMs: number;
  readonly options: SendOptions;
}

/** A request of one API with the promise of its answer. */
export class Call<A extends ApiSchema> implements Exchange {
  readonly api: A;
  readonly minVersion: number | undefined;
  readonly maxVersion: number | undefined;
  readonly noAnswer: boolean;
  readonly timeoutMs: number;
  readonly answer: Promise<Answer<A>>;
  isSettled = false;
  onTimeout: (() => void) | undefined;
  readonly #request: RequestFor<A>;
  readonly #timer: Timer;
  readonly #signal: AbortSignal | undefined;
  #resolve: ((answer: Answer<A>) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;
  readonly #onAbort = (): void => this.#abandon();

  constructor({ clock, api, request, timeoutMs, options }: CallOptions<A>) {
    this.api = api;
    this.#request = request;
    this.minVersion = options.minVersion;
    this.maxVersion = options.maxVersion;
    this.noAnswer = options.noAnswer ?? false;
    this.timeoutMs = timeoutMs;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = clock.setTimer(timeoutMs, () => this.onTimeout?.());
    this.#signal = options.signal;
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  encode(version: number, correlationId: number, clientId: string): readonly Uint8Array[] {
    const request = this.#request;
    const body = typeof request === "function" ? request(version) : request;
    return encodeRequest(this.api, version, { correlationId, clientId, body });
  }

  answered(frame: Frame, version: number, node: BrokerId): number {
    this.#timer.cancel();
    if (this.isSettled) {
      frame.release();
      return 0;
    }
    const { body } = decodeResponse(this.api, version, frame.bytes);
    this.#settle()?.({ version, body, node, release: frame.release });
    return throttleOf(body);
  }

  sent(version: number, node: BrokerId): void {
    this.#timer.cancel();
    if (this.isSettled) return;
    this.#settle()?.(new NoAnswer<A>(version, node));
  }

  failed(error: KafkaError): void {
    this.#timer.cancel();
    if (!this.isSettled) this.#settleWith(error);
  }

  /**
   * The caller waits no longer. The call keeps its place among the answers, and its timer: that
   * still tells when the connection is dead.
   */
  #abandon(): void {
    if (this.isSettled || this.#signal === undefined) return;
    this.#settleWith(abortedError(this.#signal, this.api.name));
  }

  #settleWith(error: KafkaError): void {
    const reject = this.#reject;
    this.#settle();
    reject?.(error);
  }

  #settle(): ((answer: Answer<A>) => void) | undefined {
    const resolve = this.#resolve;
    this.isSettled = true;
    this.#resolve = undefined;
    this.#reject = undefined;
    this.#signal?.removeEventListener("abort", this.#onAbort);
    return resolve;
  }
}

/** What is known of a request that the broker does not answer: that it was sent. */
class NoAnswer<A extends ApiSchema> implements Answer<A> {
  readonly version: number;
  readonly node: BrokerId;

  constructor(version: number, node: BrokerId) {
    this.version = version;
    this.node = node;
  }

  get body(): ResponseOf<A> {
    throw new AssertionError("the answer of a request without an answer was read");
  }

  release(): void {
    // It holds no memory.
  }
}

function throttleOf(body: object): number {
  if (!("throttleTimeMs" in body)) return 0;
  return typeof body.throttleTimeMs === "number" ? body.throttleTimeMs : 0;
}
