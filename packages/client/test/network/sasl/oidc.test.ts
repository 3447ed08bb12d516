import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpForm } from "@millrace/platform";
import { simPlatform } from "@millrace/platform/sim";
import { OidcTokens } from "../../../src/network/sasl/oidc.ts";

const options = {
  tokenEndpointUrl: "https://issuer.example/token",
  clientId: "me:1",
  clientSecret: "s&cret",
  scope: "kafka",
};

test("a token is fetched once, and anew when most of its life is over", async () => {
  const { clock } = simPlatform({ seed: 1 });
  const forms: HttpForm[] = [];
  const postForm = (_url: string, form: HttpForm): Promise<string> => {
    forms.push(form);
    return Promise.resolve(JSON.stringify({ access_token: `t${forms.length}`, expires_in: 100 }));
  };
  const tokens = new OidcTokens(options, { clock, http: { postForm } });
  const both = await Promise.all([tokens.token(), tokens.token()]);
  assert.deepEqual(
    both.map(({ value }) => value),
    ["t1", "t1"],
  );
  await clock.advance(79_000);
  assert.equal((await tokens.token()).value, "t1");
  await clock.advance(2_000);
  assert.equal((await tokens.token()).value, "t2");
  assert.equal(forms[0]?.body, "grant_type=client_credentials&scope=kafka");
  const credentials = Buffer.from("me%3A1:s%26cret").toString("base64");
  assert.equal(forms[0].authorization, `Basic ${credentials}`);
});

test("an answer without a token is refused without being repeated", async () => {
  const { clock } = simPlatform({ seed: 1 });
  for (const answer of ["not json at all", '{"token":"hidden"}']) {
    const http = { postForm: () => Promise.resolve(answer) };
    await assert.rejects(new OidcTokens(options, { clock, http }).token(), (error: Error) => {
      return error.message.startsWith("TOKEN_UNAVAILABLE") && !error.message.includes(answer);
    });
  }
});
