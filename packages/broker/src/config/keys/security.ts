import { accepted, acts, className, long, password, refusedUnless, string } from "../config-key.ts";
import { STANDARD_AUTHORIZER } from "../authorizer-keys.ts";
import { reasons } from "./reasons.ts";
import { atLeast } from "../validator.ts";

/** Who may do what. */
export const securityKeys = {
  "authorizer.class.name": string(
    "",
    {
      importance: "low",
      status: refusedUnless(
        ["", STANDARD_AUTHORIZER],
        `Java classes cannot be loaded; ${STANDARD_AUTHORIZER} is built in`,
      ),
    },
    "Java class that decides what a client may do.",
  ),
  "principal.builder.class": className(
    "org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder",
    {
      importance: "medium",
      status: refusedUnless(
        ["org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder"],
        reasons.javaClass,
      ),
      updateMode: "per-broker",
    },
    "Java class that names the principal of a connection.",
  ),
  "connections.max.reauth.ms": long(
    0,
    { importance: "medium", status: acts },
    "Milliseconds after which a SASL connection must authenticate again.",
  ),
  "security.providers": string(
    null,
    { importance: "low", status: accepted(reasons.jvm) },
    "Java security providers.",
  ),
  "delegation.token.secret.key": password(
    { importance: "medium", status: acts },
    "Secret with which delegation tokens are made.",
  ),
  "delegation.token.max.lifetime.ms": long(
    604800000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Longest life of a delegation token in milliseconds.",
  ),
  "delegation.token.expiry.time.ms": long(
    86400000,
    { importance: "medium", status: acts, validator: atLeast(1) },
    "Milliseconds after which a delegation token must be renewed.",
  ),
  "delegation.token.expiry.check.interval.ms": long(
    3600000,
    { importance: "low", status: acts, validator: atLeast(1) },
    "Milliseconds between looks for delegation tokens that have expired.",
  ),
};
