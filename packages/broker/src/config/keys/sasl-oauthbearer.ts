import {
  accepted,
  acts,
  boolean,
  className,
  int,
  list,
  long,
  password,
  refusedUnless,
  string,
} from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { between, listOf, oneOfIgnoringCase } from "../validator.ts";

const jwtValidators = ["Default", "Broker"].map(
  (name) => `org.apache.kafka.common.security.oauthbearer.${name}JwtValidator`,
);

/** SASL/OAUTHBEARER. */
export const saslOauthbearerKeys = {
  "sasl.oauthbearer.jwt.retriever.class": className(
    "org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever",
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Java class that gets a token.",
  ),
  "sasl.oauthbearer.jwt.validator.class": className(
    "org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator",
    { importance: "medium", status: refusedUnless(jwtValidators, reasons.javaClass) },
    "Java class that checks a token.",
  ),
  "sasl.oauthbearer.scope": string(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Scope to ask for with a token.",
  ),
  "sasl.oauthbearer.client.credentials.client.id": string(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Client id of the client-credentials grant.",
  ),
  "sasl.oauthbearer.client.credentials.client.secret": password(
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Client secret of the client-credentials grant.",
  ),
  "sasl.oauthbearer.assertion.algorithm": string(
    "RS256",
    {
      importance: "medium",
      status: accepted(reasons.oneNode),
      validator: oneOfIgnoringCase("ES256", "RS256"),
    },
    "Algorithm that signs an assertion.",
  ),
  "sasl.oauthbearer.assertion.claim.aud": string(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Audience claim of an assertion.",
  ),
  "sasl.oauthbearer.assertion.claim.exp.seconds": int(
    300,
    { importance: "low", status: accepted(reasons.oneNode), validator: between(0, 86400) },
    "Seconds for which an assertion is valid.",
  ),
  "sasl.oauthbearer.assertion.claim.iss": string(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Issuer claim of an assertion.",
  ),
  "sasl.oauthbearer.assertion.claim.jti.include": boolean(
    false,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Whether an assertion carries an identifier of its own.",
  ),
  "sasl.oauthbearer.assertion.claim.nbf.seconds": int(
    60,
    { importance: "low", status: accepted(reasons.oneNode), validator: between(0, 3600) },
    "Seconds before now from which an assertion is valid.",
  ),
  "sasl.oauthbearer.assertion.claim.sub": string(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Subject claim of an assertion.",
  ),
  "sasl.oauthbearer.assertion.file": string(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "File with an assertion made elsewhere.",
  ),
  "sasl.oauthbearer.assertion.private.key.file": string(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "File with the private key that signs assertions.",
  ),
  "sasl.oauthbearer.assertion.private.key.passphrase": password(
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Passphrase of the private key that signs assertions.",
  ),
  "sasl.oauthbearer.assertion.template.file": string(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "File with further headers and claims of an assertion.",
  ),
  "sasl.oauthbearer.scope.claim.name": string(
    "scope",
    { importance: "low", status: acts },
    "Name of the claim that holds the scope.",
  ),
  "sasl.oauthbearer.sub.claim.name": string(
    "sub",
    { importance: "low", status: acts },
    "Name of the claim that holds the subject.",
  ),
  "sasl.oauthbearer.token.endpoint.url": string(
    null,
    { importance: "medium", status: accepted(reasons.oneNode) },
    "Address that gives out tokens.",
  ),
  "sasl.oauthbearer.jwks.endpoint.url": string(
    null,
    { importance: "medium", status: acts },
    "Address of the keys with which tokens are checked.",
  ),
  "sasl.oauthbearer.jwks.endpoint.refresh.ms": long(
    3600000,
    { importance: "low", status: acts },
    "Milliseconds between refreshes of the keys.",
  ),
  "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms": long(
    100,
    { importance: "low", status: acts },
    "Milliseconds before the keys are first fetched again after a failure.",
  ),
  "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms": long(
    10000,
    { importance: "low", status: acts },
    "Most milliseconds before the keys are fetched again after a failure.",
  ),
  "sasl.oauthbearer.clock.skew.seconds": int(
    30,
    { importance: "low", status: acts },
    "Seconds by which clocks may differ.",
  ),
  "sasl.oauthbearer.expected.audience": list(
    [],
    { importance: "high", status: acts, validator: listOf() },
    "Audiences of which a token must name one.",
  ),
  "sasl.oauthbearer.expected.issuer": string(
    null,
    { importance: "high", status: acts },
    "Issuer that a token must name.",
  ),
};
