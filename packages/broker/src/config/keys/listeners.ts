import { accepted, acts, list, string } from "../config-key.ts";
import { listOf, oneOf } from "../validator.ts";

/** Where the broker listens, and what it tells clients to connect to. */
export const listenersKeys = {
  listeners: list(
    ["PLAINTEXT://:9092"],
    {
      importance: "high",
      status: acts,
      validator: listOf({ allowEmpty: false }),
      updateMode: "per-broker",
    },
    "Addresses to listen on, as NAME://host:port separated by commas; an empty host means every address.",
  ),
  "advertised.listeners": list(
    null,
    { importance: "high", status: acts, validator: listOf({ allowEmpty: false }) },
    "Addresses given to clients, as NAME://host:port; the listeners themselves when nothing is given.",
  ),
  "listener.security.protocol.map": string(
    "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT",
    { importance: "low", status: acts, updateMode: "per-broker" },
    "Security protocol of each listener name, as NAME:PROTOCOL separated by commas.",
  ),
  "inter.broker.listener.name": string(
    null,
    { importance: "medium", status: acts },
    "Name of the listener that brokers use among themselves.",
  ),
  "security.inter.broker.protocol": string(
    "PLAINTEXT",
    {
      importance: "medium",
      status: acts,
      validator: oneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
    },
    "Security protocol between brokers when no inter-broker listener is named.",
  ),
  "controller.listener.names": list(
    ["CONTROLLER"],
    { importance: "high", status: acts, validator: listOf({ allowEmpty: false }) },
    "Names of the listeners that serve the controller; none of them is shown to clients.",
  ),
  "early.start.listeners": list(
    null,
    {
      importance: "high",
      status: accepted("every listener opens when the node is ready to serve"),
      validator: listOf(),
    },
    "Listeners that open before an authorizer is ready.",
  ),
};
