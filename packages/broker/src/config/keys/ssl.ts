import {
  accepted,
  acts,
  boolean,
  className,
  list,
  password,
  refusedUnless,
  string,
} from "../config-key.ts";
import { reasons } from "./reasons.ts";
import { listOf, oneOf } from "../validator.ts";

/** TLS. */
export const sslKeys = {
  "ssl.client.auth": string(
    "none",
    {
      importance: "medium",
      status: acts,
      validator: oneOf("required", "requested", "none"),
      updateMode: "per-broker",
    },
    "Whether clients must, may or need not show a certificate.",
  ),
  "ssl.principal.mapping.rules": string(
    "DEFAULT",
    { importance: "low", status: acts },
    "Rules that make a principal of a certificate's distinguished name.",
  ),
  "ssl.allow.dn.changes": boolean(
    false,
    { importance: "low", status: accepted(reasons.certificateNames) },
    "Whether a new certificate may have another distinguished name.",
  ),
  "ssl.allow.san.changes": boolean(
    false,
    { importance: "low", status: accepted(reasons.certificateNames) },
    "Whether a new certificate may have other alternative names.",
  ),
  "ssl.protocol": string(
    "TLSv1.3",
    {
      importance: "medium",
      status: accepted("ssl.enabled.protocols says which versions are accepted"),
      updateMode: "per-broker",
    },
    "TLS version to offer.",
  ),
  "ssl.provider": string(
    null,
    { importance: "medium", status: accepted(reasons.jvm), updateMode: "per-broker" },
    "Java security provider for TLS.",
  ),
  "ssl.enabled.protocols": list(
    ["TLSv1.2", "TLSv1.3"],
    {
      importance: "medium",
      status: acts,
      validator: listOf(),
      updateMode: "per-broker",
    },
    "TLS versions that are accepted.",
  ),
  "ssl.keystore.type": string(
    "JKS",
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "Format of the key store: JKS, PKCS12 or PEM.",
  ),
  "ssl.keystore.location": string(
    null,
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "File with the broker's key and certificate.",
  ),
  "ssl.keystore.password": password(
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "Password of the key store.",
  ),
  "ssl.key.password": password(
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "Password of the private key.",
  ),
  "ssl.keystore.key": password(
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "Private key in PEM form.",
  ),
  "ssl.keystore.certificate.chain": password(
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "Certificate chain in PEM form.",
  ),
  "ssl.truststore.type": string(
    "JKS",
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "Format of the trust store: JKS, PKCS12 or PEM.",
  ),
  "ssl.truststore.location": string(
    null,
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "File with the certificates that are trusted.",
  ),
  "ssl.truststore.password": password(
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "Password of the trust store.",
  ),
  "ssl.truststore.certificates": password(
    { importance: "medium", status: acts, updateMode: "per-broker" },
    "Trusted certificates in PEM form.",
  ),
  "ssl.keymanager.algorithm": string(
    "SunX509",
    { importance: "medium", status: accepted(reasons.jvm), updateMode: "per-broker" },
    "Java algorithm for the broker's own keys.",
  ),
  "ssl.trustmanager.algorithm": string(
    "PKIX",
    { importance: "medium", status: accepted(reasons.jvm), updateMode: "per-broker" },
    "Java algorithm for trusted certificates.",
  ),
  "ssl.endpoint.identification.algorithm": string(
    "https",
    { importance: "low", status: accepted(reasons.oneNode), updateMode: "per-broker" },
    "How a server's name is checked against its certificate.",
  ),
  "ssl.secure.random.implementation": string(
    null,
    { importance: "low", status: accepted(reasons.jvm), updateMode: "per-broker" },
    "Java source of random numbers for TLS.",
  ),
  "ssl.cipher.suites": list(
    [],
    {
      importance: "medium",
      status: acts,
      validator: listOf(),
      updateMode: "per-broker",
    },
    "Cipher suites that are accepted; TLS's own choice when empty.",
  ),
  "ssl.engine.factory.class": className(
    null,
    { importance: "low", status: refusedUnless([], reasons.javaClass), updateMode: "per-broker" },
    "Java class that makes TLS engines.",
  ),
};
