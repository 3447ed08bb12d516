import type { Connection } from "@millrace/platform";
import type { SimPlatform } from "@millrace/platform/sim";
import { errorCodes } from "../src/error-names.ts";
import { FrameReader } from "../src/frame-reader.ts";
import { decode, type EncodedPart, encode, part } from "../src/jute/jute.ts";
import { JuteReader } from "../src/jute/jute-reader.ts";
import {
  connectRequest,
  connectResponse,
  getDataResponse,
  opCodes,
  replyHeader,
  requestHeader,
  reservedXids,
  setDataRequest,
  setWatches2Request,
  setWatchesRequest,
  statResponse,
  watcherEvent,
  watchRequest,
} from "../src/messages.ts";

/** What a server does with a request: answer, or take it and say nothing. */
type Behaviour = "answers" | "appliesInSilence" | "isSilent";

interface Node {
  readonly data: Uint8Array | null;
  readonly version: number;
  readonly mzxid: bigint;
}

interface Peer {
  readonly connection: Connection;
  readonly watched: Set<string>;
  sessionId: bigint;
}

/** Servers on simulated machines that share what they know: nodes, sessions, watches. */
export class ScriptedEnsemble {
  behaviour: Behaviour = "answers";
  timeoutMs = 6000;
  zxid = 0n;
  /** Operations in the order in which they came, pings apart. */
  readonly received: number[] = [];
  readonly handshakes: { readonly host: string; readonly sessionId: bigint }[] = [];
  readonly nodes = new Map<string, Node>();
  readonly sessions = new Set<bigint>();
  readonly #peers = new Set<Peer>();
  pingCount = 0;
  #nextSession = 0x1_0000_0000_0001n;

  async listen(machine: SimPlatform, port: number): Promise<void> {
    await machine.network.listen({ host: undefined, port }, (connection) => {
      this.#accept(connection, machine.host);
    });
  }

  /** Changes a node as another client would. */
  set(path: string, text: string): void {
    this.zxid += 1n;
    const version = (this.nodes.get(path)?.version ?? -1) + 1;
    this.nodes.set(path, { data: Buffer.from(text), version, mzxid: this.zxid });
    for (const peer of this.#peers) {
      if (peer.watched.delete(path)) this.#notify(peer, path);
    }
  }

  /** Closes every connection, as servers do that lose their leader. */
  hangUp(): void {
    for (const { connection } of this.#peers) connection.destroy();
    this.#peers.clear();
  }

  #accept(connection: Connection, host: string): void {
    const frames = new FrameReader(1024 * 1024);
    const peer: Peer = { connection, watched: new Set(), sessionId: 0n };
    this.#peers.add(peer);
    connection.onClose(() => this.#peers.delete(peer));
    connection.onData((bytes) => {
      frames.take(bytes, (frame) => {
        const reader = new JuteReader(frame);
        if (peer.sessionId === 0n) this.#greet(peer, reader, host);
        else this.#serve(peer, reader);
      });
    });
  }

  #greet(peer: Peer, reader: JuteReader, host: string): void {
    const request = decode(reader, connectRequest);
    this.handshakes.push({ host, sessionId: request.sessionId });
    if (this.behaviour === "isSilent") return;
    const isNew = request.sessionId === 0n;
    if (isNew) {
      peer.sessionId = this.#nextSession;
      this.#nextSession += 1n;
      this.sessions.add(peer.sessionId);
    } else {
      peer.sessionId = request.sessionId;
    }
    const isKnown = this.sessions.has(peer.sessionId);
    const timeoutMs = isKnown ? this.timeoutMs : 0;
    const password = Buffer.alloc(16, 7);
    const fields = { protocolVersion: 0, timeoutMs, sessionId: peer.sessionId, password };
    send(peer, part(connectResponse, fields));
    if (!isKnown) peer.connection.end();
  }

  #serve(peer: Peer, reader: JuteReader): void {
    const { xid, opCode } = decode(reader, requestHeader);
    if (opCode === opCodes.ping) this.pingCount += 1;
    else this.received.push(opCode);
    if (this.behaviour === "isSilent") return;
    const reply = this.#apply(peer, opCode, reader);
    if (this.behaviour === "appliesInSilence") return;
    const header = { xid, zxid: this.zxid, error: reply.error };
    send(peer, part(replyHeader, header), ...(reply.body === undefined ? [] : [reply.body]));
    if (opCode === opCodes.closeSession) peer.connection.end();
  }

  #apply(
    peer: Peer,
    opCode: number,
    reader: JuteReader,
  ): { readonly error: number; readonly body?: EncodedPart } {
    switch (opCode) {
      case opCodes.getData:
      case opCodes.exists: {
        const { path, watch } = decode(reader, watchRequest);
        const node = this.nodes.get(path);
        if (watch) peer.watched.add(path);
        if (node === undefined) return { error: errorCodes.NO_NODE };
        const stat = statOf(node);
        return opCode === opCodes.exists
          ? { error: 0, body: part(statResponse, { stat }) }
          : { error: 0, body: part(getDataResponse, { data: node.data, stat }) };
      }
      case opCodes.setData: {
        const { path, data, version } = decode(reader, setDataRequest);
        const node = this.nodes.get(path);
        if (node === undefined) return { error: errorCodes.NO_NODE };
        if (version !== -1 && version !== node.version) return { error: errorCodes.BAD_VERSION };
        this.set(path, Buffer.from(data ?? []).toString());
        const stat = statOf(this.nodes.get(path) ?? node);
        return { error: 0, body: part(statResponse, { stat }) };
      }
      case opCodes.setWatches: {
        this.#restore(peer, decode(reader, setWatchesRequest));
        return { error: 0 };
      }
      case opCodes.setWatches2: {
        this.#restore(peer, decode(reader, setWatches2Request));
        return { error: 0 };
      }
      case opCodes.closeSession:
        this.sessions.delete(peer.sessionId);
        return { error: 0 };
      default:
        return { error: 0 };
    }
  }

  #restore(
    peer: Peer,
    watches: {
      readonly relativeZxid: bigint;
      readonly data: readonly string[];
      readonly exist: readonly string[];
    },
  ): void {
    for (const path of watches.data) {
      const node = this.nodes.get(path);
      if (node === undefined || node.mzxid > watches.relativeZxid) this.#notify(peer, path);
      else peer.watched.add(path);
    }
    for (const path of watches.exist) {
      if (this.nodes.has(path)) this.#notify(peer, path);
      else peer.watched.add(path);
    }
  }

  #notify(peer: Peer, path: string): void {
    const node = this.nodes.get(path);
    const type = node === undefined ? 2 : node.version === 0 ? 1 : 3;
    const header = { xid: reservedXids.notification, zxid: -1n, error: 0 };
    send(peer, part(replyHeader, header), part(watcherEvent, { type, state: 3, path }));
  }
}

function send(peer: Peer, ...parts: readonly EncodedPart[]): void {
  const body = encode(...parts);
  const prefix = Buffer.alloc(4);
  prefix.writeInt32BE(body.length);
  peer.connection.write([prefix, body]);
}

function statOf(node: Node): {
  readonly [K in keyof typeof emptyStat]: (typeof emptyStat)[K];
} {
  return { ...emptyStat, version: node.version, mzxid: node.mzxid };
}

const emptyStat = {
  czxid: 1n,
  mzxid: 1n,
  ctimeMs: 0,
  mtimeMs: 0,
  version: 0,
  childrenVersion: 0,
  aclVersion: 0,
  ephemeralOwner: 0n,
  dataSizeBytes: 0,
  childrenCount: 0,
  pzxid: 1n,
};
