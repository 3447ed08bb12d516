import {
  accepted,
  acts,
  className,
  double,
  int,
  list,
  long,
  password,
  refusedUnless,
  short,
  string,
} from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { listOf } from "../validator.ts";

/** What Kafka has to be told to check tokens of OAUTHBEARER, and Millrace does by itself. */
const oauthbearerHandlers = ["", ".secured"].map(
  (folder) =>
    `org.apache.kafka.common.security.oauthbearer${folder}.OAuthBearerValidatorCallbackHandler`,
);

/** SASL. */
export const saslKeys = {
  "sasl.mechanism.inter.broker.protocol": string(
    "GSSAPI",
    { importance: "medium", status: accepted(reasons.oneNode), updateMode: "per-broker" },
    "SASL mechanism between brokers.",
  ),
  "sasl.enabled.mechanisms": list(
    ["GSSAPI"],
    {
      importance: "medium",
      status: acts,
      validator: listOf(),
      updateMode: "per-broker",
    },
    "SASL mechanisms that clients may use.",
  ),
  "sasl.server.max.receive.size": int(
    524288,
    { importance: "medium", status: acts },
    "Largest frame in bytes during authentication.",
  ),
  "sasl.server.callback.handler.class": className(
    null,
    { importance: "medium", status: refusedUnless(oauthbearerHandlers, reasons.javaClass) },
    "Java class that checks the credentials of a mechanism.",
  ),
  "sasl.kerberos.principal.to.local.rules": list(
    ["DEFAULT"],
    {
      importance: "medium",
      status: accepted(reasons.kerberos),
      validator: listOf(),
      updateMode: "per-broker",
    },
    "Rules that make a short name of a Kerberos principal.",
  ),
  "sasl.jaas.config": password(
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "Login module and its options, in JAAS form.",
  ),
  "sasl.client.callback.handler.class": className(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Java class that gives credentials to other brokers.",
  ),
  "sasl.login.class": className(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Java class that logs in.",
  ),
  "sasl.login.callback.handler.class": className(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Java class that gives credentials for a login.",
  ),
  "sasl.kerberos.service.name": string(
    null,
    { importance: "medium", status: accepted(reasons.kerberos), updateMode: "per-broker" },
    "Kerberos name of the service.",
  ),
  "sasl.kerberos.kinit.cmd": string(
    "/usr/bin/kinit",
    { importance: "medium", status: accepted(reasons.kerberos), updateMode: "per-broker" },
    "Path of the kinit command.",
  ),
  "sasl.kerberos.ticket.renew.window.factor": double(
    0.8,
    { importance: "medium", status: accepted(reasons.kerberos), updateMode: "per-broker" },
    "Share of a ticket's life after which it is renewed.",
  ),
  "sasl.kerberos.ticket.renew.jitter": double(
    0.05,
    { importance: "medium", status: accepted(reasons.kerberos), updateMode: "per-broker" },
    "Share of chance added to the time of a ticket's renewal.",
  ),
  "sasl.kerberos.min.time.before.relogin": long(
    60000,
    { importance: "medium", status: accepted(reasons.kerberos), updateMode: "per-broker" },
    "Fewest milliseconds between two logins.",
  ),
  "sasl.login.refresh.window.factor": double(
    0.8,
    { importance: "medium", status: accepted(reasons.oneNode), updateMode: "per-broker" },
    "Share of a credential's life after which it is renewed.",
  ),
  "sasl.login.refresh.window.jitter": double(
    0.05,
    { importance: "medium", status: accepted(reasons.oneNode), updateMode: "per-broker" },
    "Share of chance added to the time of a credential's renewal.",
  ),
  "sasl.login.refresh.min.period.seconds": short(
    60,
    { importance: "medium", status: accepted(reasons.oneNode), updateMode: "per-broker" },
    "Fewest seconds between two renewals of a credential.",
  ),
  "sasl.login.refresh.buffer.seconds": short(
    300,
    { importance: "medium", status: accepted(reasons.oneNode), updateMode: "per-broker" },
    "Seconds before its end by which a credential is renewed.",
  ),
  "sasl.login.connect.timeout.ms": int(
    null,
    { importance: "low", status: acts },
    "Milliseconds to connect to an authentication service.",
  ),
  "sasl.login.read.timeout.ms": int(
    null,
    { importance: "low", status: acts },
    "Milliseconds to wait for an authentication service's answer.",
  ),
  "sasl.login.retry.backoff.max.ms": long(
    10000,
    { importance: "low", status: accepted(reasons.oneNode) },
    "Most milliseconds before a failed login is tried again.",
  ),
  "sasl.login.retry.backoff.ms": long(
    100,
    { importance: "low", status: accepted(reasons.oneNode) },
    "Milliseconds before a failed login is first tried again.",
  ),
};
