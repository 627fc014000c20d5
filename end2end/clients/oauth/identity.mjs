// OpenID Connect as oauth4webapi reads it, and introspection, which tells of the same person.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { SCOPE } from './requests.mjs';
import { ask, connectorUrl, discover, ensureRefused, http, redeem, register } from './steps.mjs';

/** Who signed in last, for `introspect`. */
let last;

/** Signs in, and verifies what is said of the person: signature, nonce, age of the sign-in, `/userinfo`. */
export async function identify({ method, algorithm, metadata, parameters, max_age: maxAge }) {
  const as = await discover('oidc');
  const { client, authentication } = await register(as, method, {
    id_token_signed_response_alg: algorithm,
    ...metadata,
  });
  assert.equal(client.id_token_signed_response_alg ?? 'ES256', algorithm);
  const nonce = oauth.generateRandomNonce();
  const landing = await ask(as, client, { nonce, max_age: maxAge, ...parameters });
  const response = await redeem(as, client, authentication, landing);
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
    expectedNonce: nonce,
    maxAge,
    requireIdToken: true,
  });
  await oauth.validateApplicationLevelSignature(as, response, http);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const { alg, kid } = header(tokens.id_token);
  assert.equal(alg, algorithm);
  assert.equal(claims.at_hash, atHash(tokens.access_token));

  const told = () => oauth.userInfoRequest(as, client, tokens.access_token, http);
  const person = await oauth.processUserInfoResponse(as, client, claims.sub, await told());
  await assert.rejects(async () => oauth.processUserInfoResponse(as, client, 'somebody-else', await told()), {
    code: oauth.JSON_ATTRIBUTE_COMPARISON,
  });
  // A refresh may bring another identity token, and the library would compare it with the first.
  const renewal = await oauth.refreshTokenGrantRequest(as, client, authentication, tokens.refresh_token, http);
  const renewed = await oauth.processRefreshTokenResponse(as, client, renewal);
  last = { as, client, authentication, tokens: renewed, sub: claims.sub };
  return { event: 'identified', claims, person, kid, published: await publishedKeys(as) };
}

/** A resource server asks what the token of the last sign-in stands for, before and after it is revoked. */
export async function introspect({ client_id, client_secret }) {
  const { as, client, authentication, tokens, sub } = last;
  const server = { client_id };
  const asServer = oauth.ClientSecretBasic(client_secret);
  const asked = async (token) =>
    oauth.processIntrospectionResponse(
      as, server, await oauth.introspectionRequest(as, server, asServer, token, http),
    );

  const { active, client_id: holder, aud, iss, sub: subject, scope, token_type } = await asked(tokens.access_token);
  assert.deepEqual(
    { active, holder, aud, iss, subject, scope, token_type: token_type.toLowerCase() },
    {
      active: true,
      holder: client.client_id,
      aud: connectorUrl.href,
      iss: as.issuer,
      subject: sub,
      scope: SCOPE,
      token_type: 'bearer',
    },
  );
  // What is no live access token is not told from garbage.
  assert.deepEqual(await asked(tokens.refresh_token), { active: false });
  assert.deepEqual(await asked('vat_garbage'), { active: false });
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(as, client, authentication, tokens.access_token, http),
  );
  assert.deepEqual(await asked(tokens.access_token), { active: false });
  await ensureRefused('unauthorized_client', 403, async () =>
    oauth.processIntrospectionResponse(
      as, client, await oauth.introspectionRequest(as, client, authentication, tokens.access_token, http),
    ),
  );
  return { event: 'introspected' };
}

async function publishedKeys(as) {
  const { keys } = await (await fetch(as.jwks_uri)).json();
  return keys.map(({ kid }) => kid);
}

function header(token) {
  return JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
}

/** OpenID Connect Core, section 3.1.3.6: the left half, for the algorithms with SHA-256. */
function atHash(token) {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}
