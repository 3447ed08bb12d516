import fs from "node:fs";
import { formatJsonLine, formatPrettyLine, type LogFormat, type LogLine } from "../log-line.ts";
import { systemCodeOf } from "./io-error.ts";

/** Where log lines go and what they look like. */
export interface LogWriterOptions {
  /** A file descriptor: 1 or 2 in production. */
  readonly descriptor: number;
  readonly format: LogFormat;
  readonly hasColors: boolean;
}

/** A line is dropped after this many refusals of a pipe whose reader does not keep up. */
const refusalsMax = 1000;

/**
 * Gives a function that writes lines to a descriptor, synchronously: the last line before a crash
 * is the one that is needed.
 */
export function createLogWriter(options: LogWriterOptions): (line: LogLine) => void {
  return (line) => {
    const text =
      options.format === "json" ? formatJsonLine(line) : formatPrettyLine(line, options.hasColors);
    writeWhole(options.descriptor, Buffer.from(text));
  };
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  let position = 0;
  let refusals = 0;
  while (position < bytes.length && refusals < refusalsMax) {
    try {
      position += fs.writeSync(descriptor, bytes, position);
    } catch (error) {
      // EAGAIN: the pipe is full for the moment. Anything else (the reader has gone, the disk is
      // full) must not stop the broker: what cannot be logged is lost.
      if (systemCodeOf(error) !== "EAGAIN") return;
      refusals += 1;
    }
  }
}
