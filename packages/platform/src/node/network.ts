import net, { type Server, type Socket, type SocketConstructorOpts } from "node:net";
import { NetworkError } from "../errors.ts";
import type {
  Connection,
  ConnectOptions,
  Listener,
  ListenOptions,
  Network,
  TlsServerOptions,
} from "../network.ts";
import { assert } from "../assert.ts";
import { BusyPoll } from "./busy-poll.ts";
import { NodeConnection } from "./connection.ts";
import { systemCodeOf } from "./io-error.ts";
import { peerAddress } from "./peer-address.ts";
import { SocketReader, type SocketReaderOptions } from "./socket-reader.ts";
import { connectTls, toTlsError } from "./tls-client.ts";
import { createTlsServer, problemWithTls } from "./tls-server.ts";

/** What is read at most at once into the buffer that all connections share. */
const sharedBufferSizeBytes = 64 * 1024;

const backlogDefault = 511;

/**
 * TCP of the system. Reads go into a buffer that all connections share, or into the receiver's own,
 * through the socket option `onread`: measured, that halves the CPU per received byte against the
 * `data` event, which allocates 64 KiB for every read. See docs/decisions/004-reading-sockets.md.
 */
export class NodeNetwork implements Network {
  readonly #sharedBuffer = Buffer.allocUnsafeSlow(sharedBufferSizeBytes);
  /** How connections that were accepted are read. */
  readonly #reading: SocketReaderOptions;

  /** `mustYield` tells whether other threads of the process have work to do. */
  constructor(options: { readonly mustYield?: () => boolean } = {}) {
    const busyPoll = new BusyPoll({
      monotonicMs: () => performance.now(),
      afterPoll: (action) => void setImmediate(action),
      mustYield: options.mustYield ?? (() => false),
    });
    this.#reading = { sharedBuffer: this.#sharedBuffer, busyPoll };
  }

  async listen(
    options: ListenOptions,
    onConnection: (connection: Connection) => void,
  ): Promise<Listener> {
    if (options.tls !== undefined) {
      const secure = createTlsServer(options.tls, this.#reading, onConnection);
      return bind(secure.server, options, (tls) => secure.update(tls));
    }
    const server = net.createServer({ noDelay: true, keepAlive: true, pauseOnConnect: true });
    server.on("connection", (accepted) => {
      const connection = this.#accept(accepted);
      if (connection !== undefined) onConnection(connection);
    });
    return bind(server, options, undefined);
  }

  checkTls(options: TlsServerOptions): string | undefined {
    return problemWithTls(options);
  }

  connect(options: ConnectOptions): Promise<Connection> {
    const { host, port, tls } = options;
    const target = `connecting to ${host}:${port}`;
    const toError = tls === undefined ? toNetworkError : toTlsError;
    const { signal } = options;
    return new Promise((resolve, reject) => {
      const canceled = new NetworkError(`${target} was ended`, { systemCode: "ECANCELED" });
      if (signal?.aborted === true) {
        reject(canceled);
        return;
      }
      const reader = new SocketReader({ sharedBuffer: this.#sharedBuffer });
      // What OpenSSL says against the options is thrown here, and rejects.
      const socket =
        tls === undefined ? connectPlain(options, reader) : connectTls(options, tls, reader);
      const settle = (): void => {
        clearTimeout(timeout);
        signal?.removeEventListener("abort", cancel);
      };
      const giveUp = (error: NetworkError): void => {
        settle();
        socket.destroy();
        reject(error);
      };
      const cancel = (): void => giveUp(canceled);
      const fail = (cause: unknown): void => {
        settle();
        reject(toError(target, cause));
      };
      const timeout = setTimeout(
        () => giveUp(new NetworkError(`${target} timed out`, { systemCode: "ETIMEDOUT" })),
        options.timeoutMs,
      );
      signal?.addEventListener("abort", cancel, { once: true });
      socket.once("error", fail);
      socket.once(tls === undefined ? "connect" : "secureConnect", () => {
        settle();
        socket.off("error", fail);
        const connection = new NodeConnection(socket, remoteOf(socket));
        reader.connection = connection;
        resolve(connection);
      });
    });
  }

  /**
   * Gives an accepted connection the `onread` option, which net.Server does not pass on: its handle
   * moves to a socket made with it. Where a future Node has no handle to move, the `data` event
   * does the same at a higher price; a test tells which of the two is in use.
   */
  #accept(accepted: Socket): NodeConnection | undefined {
    const remote = remoteOf(accepted);
    const handle: unknown = Reflect.get(accepted, "_handle");
    if (handle === null || handle === undefined) {
      // The peer has gone between the kernel's accept and ours.
      if (accepted.destroyed) return undefined;
      const connection = new NodeConnection(accepted, remote);
      accepted.on("data", (bytes) => {
        connection.received(bytes, bytes.length, false);
      });
      return connection;
    }
    const reader = new SocketReader(this.#reading);
    const options: SocketConstructorOpts = { onread: reader.option };
    Reflect.set(options, "handle", handle);
    const socket = new net.Socket(options);
    Reflect.set(accepted, "_handle", null);
    const connection = new NodeConnection(socket, remote);
    reader.connection = connection;
    return connection;
  }
}

function connectPlain({ host, port }: ConnectOptions, reader: SocketReader): Socket {
  return net.connect({ host, port, noDelay: true, keepAlive: true, onread: reader.option });
}

/** Binds a server's port. */
function bind(
  server: Server,
  options: ListenOptions,
  updateTls: NodeListener["updateTls"] | undefined,
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      reject(toNetworkError(`listening on ${options.host ?? "*"}:${options.port}`, error));
    });
    server.listen({ ...options, backlog: options.backlog ?? backlogDefault }, () => {
      server.removeAllListeners("error");
      // Accepting fails when descriptors run out; the kernel keeps the connection in its queue
      // and the next accept tries again, so the listener itself goes on.
      server.on("error", () => {});
      resolve(new NodeListener(server, updateTls));
    });
  });
}

class NodeListener implements Listener {
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #updateTls: ((options: TlsServerOptions) => void) | undefined;

  constructor(server: Server, updateTls: ((options: TlsServerOptions) => void) | undefined) {
    this.#server = server;
    this.#updateTls = updateTls;
    const address = server.address();
    if (address === null || typeof address === "string") {
      throw new NetworkError("the listener has no address", { systemCode: "EINVAL" });
    }
    this.host = address.address;
    this.port = address.port;
  }

  updateTls(options: TlsServerOptions): void {
    assert(this.#updateTls !== undefined, "a listener without TLS was given certificates");
    this.#updateTls(options);
  }

  close(): Promise<void> {
    // The callback of close() waits for connections, which are to stay; the port itself is closed
    // when the call returns.
    this.#server.close();
    return Promise.resolve();
  }
}

function remoteOf(socket: Socket): { readonly host: string; readonly port: number } {
  return { host: peerAddress(socket.remoteAddress), port: socket.remotePort ?? 0 };
}

function toNetworkError(action: string, cause: unknown): NetworkError {
  const systemCode = systemCodeOf(cause);
  return new NetworkError(`${action} failed: ${systemCode}`, { systemCode, cause });
}
