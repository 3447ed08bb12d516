import { InvalidArgumentError } from "@commander-js/extra-typings";
import type { ConfigResource } from "@millrace/client";

const types = ["topic", "broker", "broker-logger", "client-metrics", "group"] as const;

/** Reads `topic/orders`, `broker/0`, `broker/default`, for an argument. */
export function configResource(text: string): ConfigResource {
  const at = text.indexOf("/");
  const type = types.find((one) => one === text.slice(0, at));
  const name = text.slice(at + 1);
  if (type === undefined || name === "") {
    throw new InvalidArgumentError(
      "It takes topic/NAME, broker/NUMBER, broker/default, group/NAME or client-metrics/NAME.",
    );
  }
  const isNumbered = type === "broker" || type === "broker-logger";
  if (type === "broker" && name === "default") return { type, name: "" };
  if (isNumbered && !/^\d+$/u.test(name)) {
    throw new InvalidArgumentError("A broker has a number, as in broker/0, or is broker/default.");
  }
  return { type, name };
}

/** A resource as it is typed. */
export function resourceText({ type, name }: ConfigResource): string {
  return `${type}/${name === "" ? "default" : name}`;
}
