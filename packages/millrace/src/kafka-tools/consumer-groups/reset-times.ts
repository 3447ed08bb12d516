import { ToolFailure } from "../tool-errors.ts";

const dateTimePattern =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * Reads `2026-01-31T12:00:00.000`, in UTC where no zone is told; milliseconds.
 * @throws ToolFailure
 */
export function parseDateTime(text: string): number {
  const match = dateTimePattern.exec(text);
  if (!text.includes("T")) {
    throw new ToolFailure(
      "java.text.ParseException: Error parsing timestamp. " +
        "It does not contain a 'T' according to ISO8601 format",
    );
  }
  if (match === null) throw unparseable(text);
  const [, year, month, day, hour, minute, second = "00", fraction = "0", zone = "Z"] = match;
  const colon = zone.replace(
    /^([+-]\d{2}):?(\d{2})?$/,
    (_all, hours: string, minutes?: string) => `${hours}:${minutes ?? "00"}`,
  );
  const millis = fraction.slice(0, 3).padEnd(3, "0");
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}${colon}`;
  const timeMs = new Date(iso).getTime();
  if (Number.isFinite(timeMs)) return timeMs;
  throw unparseable(text);
}

function unparseable(text: string): ToolFailure {
  return new ToolFailure(`java.text.ParseException: Unparseable date: "${text}"`);
}

const durationPattern =
  /^([+-])?P(?:([+-]?\d+)D)?(?:T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?\d+(?:\.\d{1,9})?)S)?)?$/i;

/** Reads `PnDTnHnMn.nS`; milliseconds. @throws ToolFailure */
export function parseIsoDuration(text: string): number {
  const match = durationPattern.exec(text);
  const parts = match?.slice(2);
  if (match === null || parts?.every((part) => part === undefined) === true) {
    throw new ToolFailure("Text cannot be parsed to a Duration");
  }
  const [days = "0", hours = "0", minutes = "0", seconds = "0"] = parts ?? [];
  const wholeSeconds =
    ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return wholeSeconds * 1000 * (match[1] === "-" ? -1 : 1);
}
