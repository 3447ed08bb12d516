import type { Clock, Connection, Listener, Network, TlsServerOptions } from "@millrace/platform";

/** What a path answers. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** What the server works with. */
export interface HttpServerOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly host: string;
  readonly port: number;
  /** How it encrypts; it does not without them. */
  readonly tls?: TlsServerOptions | undefined;
  /** Whether a path may be read with an Authorization header; any with any without it. */
  readonly mayRead?: ((path: string, authorization: string | undefined) => boolean) | undefined;
  /** Path to what it answers; made anew for each request. */
  readonly routes: Readonly<Record<string, () => HttpAnswer>>;
}

/** A request line and headers longer than this are not ours to answer. */
const headBytesMax = 8 * 1024;

/** Scrapers and probes are few; more connections than this are not accepted. */
const connectionsMax = 64;

/** A request and its answer take no longer than this; who dawdles holds a place of the few. */
const exchangeMsMax = 10_000;

const statusTexts: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  503: "Service Unavailable",
};

/**
 * Answers GET of a few fixed paths in HTTP/1.1, one request a connection: metrics and probes need
 * no more, and Node's own HTTP module would be loaded for them.
 */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #connections = new Set<Connection>();
  #listener: Listener | undefined;

  constructor(options: HttpServerOptions) {
    this.#options = options;
  }

  /** The bound port; 0 before `start`. */
  get port(): number {
    return this.#listener?.port ?? 0;
  }

  /** Binds the port. @throws NetworkError when it is taken. */
  async start(): Promise<void> {
    const { network, host, port, tls } = this.#options;
    this.#listener = await network.listen(
      { host, port, ...(tls === undefined ? {} : { tls }) },
      (connection) => this.#accept(connection),
    );
  }

  /** Closes the port and every connection. Idempotent. */
  async close(): Promise<void> {
    await this.#listener?.close();
    for (const connection of this.#connections) connection.destroy();
  }

  #accept(connection: Connection): void {
    if (this.#connections.size >= connectionsMax) {
      connection.destroy();
      return;
    }
    this.#connections.add(connection);
    const timer = this.#options.clock.setTimer(exchangeMsMax, () => connection.destroy());
    connection.onClose(() => {
      timer.cancel();
      this.#connections.delete(connection);
    });
    connection.onDrain(() => connection.end());
    let head = "";
    let isAnswered = false;
    connection.onData((bytes) => {
      if (isAnswered) return;
      head += bytes.toString("latin1");
      if (!head.includes("\r\n\r\n") && head.length <= headBytesMax) return;
      isAnswered = true;
      connection.write([render(this.#answer(head))]);
      if (connection.queuedBytes() === 0) connection.end();
    });
    connection.resume();
  }

  #answer(head: string): HttpAnswer {
    const [method, target] = head.slice(0, head.indexOf("\r\n")).split(" ");
    if (method === undefined || target === undefined || !head.includes("\r\n\r\n")) {
      return plain(400, "bad request\n");
    }
    if (method !== "GET") return plain(405, "only GET is answered\n");
    const path = target.split("?")[0] ?? "";
    const [, authorization] = /\r\nauthorization:[ \t]*([^\r]*)/i.exec(head) ?? [];
    if (this.#options.mayRead?.(path, authorization) === false) return unauthorized;
    const route = Object.hasOwn(this.#options.routes, path)
      ? this.#options.routes[path]
      : undefined;
    return route?.() ?? plain(404, `paths: ${Object.keys(this.#options.routes).join(" ")}\n`);
  }
}

const unauthorized: HttpAnswer = plain(401, "a name and a password are needed\n");

/** A plain text answer. */
export function plain(status: number, body: string): HttpAnswer {
  return { status, contentType: "text/plain; charset=utf-8", body };
}

function render(answer: HttpAnswer): Buffer {
  const body = Buffer.from(answer.body);
  const head = [
    `HTTP/1.1 ${answer.status} ${statusTexts[answer.status] ?? "Unknown"}`,
    `Content-Type: ${answer.contentType}`,
    `Content-Length: ${body.length}`,
    "Connection: close",
    ...(answer.status === 401 ? ['WWW-Authenticate: Basic realm="millrace"'] : []),
    "\r\n",
  ].join("\r\n");
  return Buffer.concat([Buffer.from(head), body]);
}
