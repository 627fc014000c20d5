// usage: oauth4webapi.mjs CONNECTOR_URL (see ../README.md)
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { listenForCallback } from '../shared/callback.mjs';
import { converse, say } from '../shared/conversation.mjs';
import { NAME, SCOPE, initialize } from './requests.mjs';

const connectorUrl = new URL(process.argv[2]);
// The one thing that is not as strict as it could be: journeys have no TLS.
const http = { [oauth.allowInsecureRequests]: true };
const callback = await listenForCallback();

async function discover(algorithm) {
  const found = await oauth.resourceDiscoveryRequest(connectorUrl, http);
  const resource = await oauth.processResourceDiscoveryResponse(connectorUrl, found);
  assert.equal(resource.authorization_servers.length, 1);
  const issuer = new URL(resource.authorization_servers[0]);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...http, algorithm }));
}

async function register(as, method) {
  const response = await oauth.dynamicClientRegistrationRequest(
    as,
    {
      client_name: NAME,
      redirect_uris: [callback.url],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
    },
    http,
  );
  const client = await oauth.processDynamicClientRegistrationResponse(response);
  assert.equal(client.token_endpoint_auth_method, method);
  return client;
}

function authentication(client) {
  switch (client.token_endpoint_auth_method) {
    case 'client_secret_basic':
      return oauth.ClientSecretBasic(client.client_secret);
    case 'client_secret_post':
      return oauth.ClientSecretPost(client.client_secret);
    default:
      return oauth.None();
  }
}

/** Sends the person to the consent screen and gives what came back, unjudged. */
async function ask(as, client, parameters) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: callback.url,
    response_type: 'code',
    scope: SCOPE,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    resource: connectorUrl.href,
    ...parameters,
  });
  say({ event: 'authorize', url: url.href });
  return { answer: await callback.next(), state, verifier };
}

/** The whole life of a connection, as plain OAuth. */
async function walk({ method }) {
  const as = await discover('oauth2');
  const client = await register(as, method);
  const { answer, state, verifier } = await ask(as, client, {});
  // Checks `state` and, since the metadata promises it, `iss`.
  const parameters = oauth.validateAuthResponse(as, client, answer, state);
  const response = await oauth.authorizationCodeGrantRequest(
    as, client, authentication(client), parameters, callback.url, verifier, withResource(),
  );
  const first = await oauth.processAuthorizationCodeResponse(as, client, response);
  await ensureLetIn(first.access_token);

  const renewal = await oauth.refreshTokenGrantRequest(
    as, client, authentication(client), first.refresh_token, withResource(),
  );
  const second = await oauth.processRefreshTokenResponse(as, client, renewal);
  assert.notEqual(second.access_token, first.access_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  await ensureLetIn(second.access_token);

  for (const token of [second.access_token, second.refresh_token]) {
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, authentication(client), token, http),
    );
    await ensureChallenged(second.access_token);
  }
  await ensureRefused('invalid_grant', 400, async () =>
    oauth.processRefreshTokenResponse(
      as, client, await oauth.refreshTokenGrantRequest(as, client, authentication(client), second.refresh_token, http),
    ),
  );
  return { event: 'walked', scope: first.scope, expires_in: first.expires_in };
}

/** The shapes of what is refused. */
async function refusals() {
  const as = await discover('oauth2');
  const client = await register(as, 'client_secret_basic');
  const { answer, state, verifier } = await ask(as, client, {});
  const parameters = oauth.validateAuthResponse(as, client, answer, state);
  const redeem = async (who, how, proof) =>
    oauth.processAuthorizationCodeResponse(
      as, who, await oauth.authorizationCodeGrantRequest(as, who, how, parameters, callback.url, proof, http),
    );

  await assert.rejects(redeem(client, oauth.ClientSecretBasic('not-the-secret'), verifier), (error) => {
    assert.equal(error.code, oauth.WWW_AUTHENTICATE_CHALLENGE, String(error));
    assert.equal(error.status, 401);
    assert.equal(error.cause[0].scheme, 'basic');
    return true;
  });
  await ensureRefused('invalid_client', 401, () => redeem({ client_id: 'client_unknown' }, oauth.None(), verifier));
  await ensureRefused('invalid_grant', 400, () =>
    redeem(client, authentication(client), oauth.generateRandomCodeVerifier()),
  );
  // Whatever was wrong with the first use, there is no second.
  await ensureRefused('invalid_grant', 400, () => redeem(client, authentication(client), verifier));
  await ensureRefused('unsupported_grant_type', 400, async () =>
    oauth.processGenericTokenEndpointResponse(
      as,
      client,
      await oauth.genericTokenEndpointRequest(as, client, authentication(client), 'password', {}, http),
    ),
  );
  return { event: 'refused' };
}

/** The person says no, and the library believes that the answer came from here. */
async function denial() {
  const as = await discover('oauth2');
  const client = await register(as, 'none');
  const { answer, state } = await ask(as, client, {});
  assert.throws(() => oauth.validateAuthResponse(as, client, answer, state), {
    code: oauth.AUTHORIZATION_RESPONSE_ERROR,
    error: 'access_denied',
  });
  return { event: 'denied' };
}

function withResource() {
  return { ...http, additionalParameters: { resource: connectorUrl.href } };
}

async function ensureLetIn(token) {
  const { method, headers, body } = initialize();
  const response = await oauth.protectedResourceRequest(token, method, connectorUrl, headers, body, http);
  assert.equal(response.status, 200);
  assert.equal((await response.json()).result.serverInfo.name, 'visage');
}

async function ensureChallenged(token) {
  const { method, headers, body } = initialize();
  await assert.rejects(oauth.protectedResourceRequest(token, method, connectorUrl, headers, body, http), (error) => {
    assert.equal(error.code, oauth.WWW_AUTHENTICATE_CHALLENGE, String(error));
    const [{ scheme, parameters }] = error.cause;
    assert.equal(scheme, 'bearer');
    assert.equal(parameters.error, 'invalid_token');
    assert.equal(new URL(parameters.resource_metadata).origin, connectorUrl.origin);
    return true;
  });
}

async function ensureRefused(error, status, attempt) {
  await assert.rejects(attempt, (refusal) => {
    assert.equal(refusal.code, oauth.RESPONSE_BODY_ERROR, String(refusal));
    assert.deepEqual({ error: refusal.error, status: refusal.status }, { error, status });
    return true;
  });
}

await converse({ walk, refusals, denial });
process.exit(0);
