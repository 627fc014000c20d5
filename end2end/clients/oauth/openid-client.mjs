// usage: openid-client.mjs CONNECTOR_URL (see ../README.md)
import assert from 'node:assert/strict';
import * as openid from 'openid-client';
import { listenForCallback } from '../shared/callback.mjs';
import { converse, say } from '../shared/conversation.mjs';
import { newKey } from './keys.mjs';
import { NAME, SCOPE, initialize } from './requests.mjs';

const connectorUrl = new URL(process.argv[2]);
const issuer = new URL(connectorUrl.origin);
// The one thing that is not as strict as it could be: journeys have no TLS.
const plain = [openid.allowInsecureRequests];
const callback = await listenForCallback();

async function configure(algorithm, method, metadata) {
  const key = method === 'private_key_jwt' ? await newKey() : undefined;
  const authentication = {
    none: openid.None,
    client_secret_basic: openid.ClientSecretBasic,
    client_secret_post: openid.ClientSecretPost,
    private_key_jwt: () => openid.PrivateKeyJwt(key.kept),
  }[method];
  const configuration = await openid.dynamicClientRegistration(
    issuer,
    {
      client_name: NAME,
      redirect_uris: [callback.url],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
      ...(key && { jwks: { keys: [key.published] } }),
      ...metadata,
    },
    authentication(),
    { algorithm, execute: plain },
  );
  assert.ok(configuration.serverMetadata().supportsPKCE());
  return configuration;
}

/** Sends the person to the consent screen and exchanges what comes back. */
async function signIn(configuration, parameters = {}, checks = {}) {
  const verifier = openid.randomPKCECodeVerifier();
  const state = openid.randomState();
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: callback.url,
    scope: SCOPE,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    resource: connectorUrl.href,
    ...parameters,
  });
  say({ event: 'authorize', url: url.href });
  const answer = new URL(callback.url);
  answer.search = (await callback.next()).toString();
  return openid.authorizationCodeGrant(
    configuration,
    answer,
    { pkceCodeVerifier: verifier, expectedState: state, ...checks },
    { resource: connectorUrl.href },
  );
}

/** The whole life of a connection, as plain OAuth. */
async function walk({ method }) {
  const configuration = await configure('oauth2', method);
  const first = await signIn(configuration);
  assert.equal(await status(configuration, first.access_token), 200);
  const second = await openid.refreshTokenGrant(configuration, first.refresh_token, { resource: connectorUrl.href });
  assert.equal(await status(configuration, second.access_token), 200);
  await openid.tokenRevocation(configuration, second.refresh_token, { token_type_hint: 'refresh_token' });
  await assert.rejects(status(configuration, second.access_token), { status: 401 });
  await assert.rejects(openid.refreshTokenGrant(configuration, second.refresh_token), { error: 'invalid_grant' });
  return { event: 'walked', scope: first.scope, expires_in: first.expiresIn() };
}

/** Signs in as with OpenID Connect; every signature is verified, those that TLS would vouch for too. */
async function identify({ method, algorithm, parameters, max_age: maxAge, resource_server: server }) {
  const configuration = await configure('oidc', method, { id_token_signed_response_alg: algorithm });
  openid.enableNonRepudiationChecks(configuration);
  const nonce = openid.randomNonce();
  const tokens = await signIn(
    configuration,
    { nonce, max_age: maxAge, ...parameters },
    { expectedNonce: nonce, maxAge, idTokenExpected: true },
  );
  const claims = tokens.claims();
  const person = await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub);
  await openid.refreshTokenGrant(configuration, tokens.refresh_token);

  const asServer = await openid.discovery(issuer, server.client_id, server.client_secret, undefined, { execute: plain });
  const asked = () => openid.tokenIntrospection(asServer, tokens.access_token);
  const { active, sub, aud } = await asked();
  assert.deepEqual({ active, sub, aud }, { active: true, sub: claims.sub, aud: connectorUrl.href });
  await openid.tokenRevocation(configuration, tokens.access_token);
  assert.deepEqual(await asked(), { active: false });
  return { event: 'identified', claims, person };
}

async function status(configuration, token) {
  const { method, headers, body } = initialize();
  const response = await openid.fetchProtectedResource(configuration, token, connectorUrl, method, body, headers);
  return response.status;
}

await converse({ walk, identify });
process.exit(0);
