import net, { type Server, type Socket } from "node:net";
import process from "node:process";
import type { TlsOptions, TLSSocket } from "node:tls";
import { NetworkError } from "../errors.ts";
import type { Connection, TlsServerOptions } from "../network.ts";
import { identityOptions, withContext } from "./tls-context.ts";
import type { SocketReaderOptions } from "./socket-reader.ts";
import { NodeTlsConnection } from "./tls-connection.ts";

/** A server that is not listening yet, and how it takes other certificates. */
export interface TlsServer {
  readonly server: Server;
  update(options: TlsServerOptions): void;
}

/**
 * Makes a server of encrypted connections. Each is handed over as it is accepted: whoever limits
 * connections counts those whose handshake never ends.
 * @throws NetworkError TLS_CONTEXT when the options cannot be used.
 */
export function createTlsServer(
  options: TlsServerOptions,
  reading: SocketReaderOptions,
  onConnection: (connection: Connection) => void,
): TlsServer {
  const byEnds: ConnectionsByEnds = new Map();
  let current = handshakeServer(options, byEnds);
  const server = net.createServer({ noDelay: true, keepAlive: true });
  server.on("connection", (accepted) => {
    if (accepted.remoteAddress === undefined) {
      // The peer has gone between the kernel's accept and ours; the reset that a read would find
      // would end the process.
      accepted.destroy();
      return;
    }
    const connection = new NodeTlsConnection(accepted, reading, () => {
      if (!accepted.destroyed) current.emit("connection", accepted);
    });
    const ends = endsOf(accepted);
    byEnds.set(ends, connection);
    accepted.once("close", () => {
      if (byEnds.get(ends) === connection) byEnds.delete(ends);
    });
    onConnection(connection);
  });
  const update = (next: TlsServerOptions): void => {
    current = handshakeServer(next, byEnds);
  };
  return { server, update };
}

type ConnectionsByEnds = Map<string, NodeTlsConnection>;

/** Does the handshakes of what another server has accepted: it can be replaced, that one not. */
function handshakeServer(options: TlsServerOptions, byEnds: ConnectionsByEnds): Server {
  const tls = process.getBuiltinModule("node:tls");
  const server = withContext(() => tls.createServer(nodeOptions(options)));
  server.on("secureConnection", (socket: TLSSocket) => {
    const connection = byEnds.get(endsOf(socket));
    if (connection === undefined) {
      socket.destroy();
    } else if (!socket.authorized && mustBeTrusted(socket, options)) {
      connection.failed(new Error(`the peer's certificate: ${String(socket.authorizationError)}`));
    } else {
      connection.secured(socket);
    }
  });
  server.on("tlsClientError", (error, socket) => {
    byEnds.get(endsOf(socket))?.failed(error);
    socket.destroy();
  });
  return server;
}

/** What OpenSSL says against TLS options; undefined when it takes them. */
export function problemWithTls(options: TlsServerOptions): string | undefined {
  const tls = process.getBuiltinModule("node:tls");
  try {
    withContext(() => tls.createSecureContext(nodeOptions(options)));
    return undefined;
  } catch (error) {
    if (error instanceof NetworkError) return error.message;
    throw error;
  }
}

/** A peer may have none where one is only asked for; but one that it shows has to be good. */
function mustBeTrusted(socket: TLSSocket, options: TlsServerOptions): boolean {
  if (options.peerCertificate === "none") return false;
  return options.peerCertificate === "required" || socket.getPeerX509Certificate() !== undefined;
}

function nodeOptions(options: TlsServerOptions): TlsOptions {
  const { SSL_OP_NO_RENEGOTIATION } = process.getBuiltinModule("node:crypto").constants;
  const { identity, trustedCertificates, peerCertificate, ciphers } = options;
  return {
    ...identityOptions(identity),
    // Without it, everybody whom a public authority has certified would be trusted.
    ca: [...trustedCertificates],
    requestCert: peerCertificate !== "none",
    rejectUnauthorized: peerCertificate === "required",
    minVersion: options.versionMin,
    maxVersion: options.versionMax,
    honorCipherOrder: true,
    handshakeTimeout: options.handshakeTimeoutMs,
    // A peer could ask for a new handshake again and again, which costs it little and us much.
    secureOptions: SSL_OP_NO_RENEGOTIATION,
    ...(ciphers.length === 0 ? {} : { ciphers: ciphers.join(":") }),
  };
}

/**
 * What tells a connection from every other that is open: the peer's address alone may be that of
 * two, to two addresses of ours, and one would then be taken for the other.
 */
function endsOf(socket: Socket): string {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  return [remoteAddress, remotePort, localAddress, localPort].join(" ");
}
