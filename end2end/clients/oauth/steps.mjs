// The steps of every conversation with oauth4webapi.
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { listenForCallback } from '../shared/callback.mjs';
import { say } from '../shared/conversation.mjs';
import { newKey } from './keys.mjs';
import { NAME, SCOPE } from './requests.mjs';

export const connectorUrl = new URL(process.argv[2]);
// The one thing that is not as strict as it could be: journeys have no TLS.
export const http = { [oauth.allowInsecureRequests]: true };
const callback = await listenForCallback();

/** Walks from the resource to its authorization server, and reads what that says as `oauth2` or as `oidc`. */
export async function discover(algorithm) {
  const found = await oauth.resourceDiscoveryRequest(connectorUrl, http);
  const resource = await oauth.processResourceDiscoveryResponse(connectorUrl, found);
  assert.equal(resource.authorization_servers.length, 1);
  const issuer = new URL(resource.authorization_servers[0]);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...http, algorithm }));
}

/** Gives the client, and how it authenticates from then on. */
export async function register(as, method, metadata = {}) {
  const key = method === 'private_key_jwt' ? await newKey(metadata.token_endpoint_auth_signing_alg) : undefined;
  const response = await oauth.dynamicClientRegistrationRequest(
    as,
    {
      client_name: NAME,
      redirect_uris: [callback.url],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
      ...(key && { jwks: { keys: [key.published] } }),
      ...metadata,
    },
    http,
  );
  const client = await oauth.processDynamicClientRegistrationResponse(response);
  assert.equal(client.token_endpoint_auth_method, method);
  return { client, authentication: authentication(client, key) };
}

function authentication({ token_endpoint_auth_method: method, client_secret: secret }, key) {
  switch (method) {
    case 'client_secret_basic':
      return oauth.ClientSecretBasic(secret);
    case 'client_secret_post':
      return oauth.ClientSecretPost(secret);
    case 'private_key_jwt':
      return oauth.PrivateKeyJwt(key.kept);
    default:
      return oauth.None();
  }
}

/** Sends the person to the consent screen and gives what came back, unjudged. */
export async function ask(as, client, parameters = {}) {
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

/** Exchanges what came back, and gives the server's answer, unjudged. */
export async function redeem(as, client, authentication, { answer, state, verifier }, options = withResource()) {
  // Checks `state` and, since the metadata promises it, `iss`.
  const parameters = oauth.validateAuthResponse(as, client, answer, state);
  return oauth.authorizationCodeGrantRequest(as, client, authentication, parameters, callback.url, verifier, options);
}

export function withResource() {
  return { ...http, additionalParameters: { resource: connectorUrl.href } };
}

export async function ensureRefused(error, status, attempt) {
  await assert.rejects(attempt, (refusal) => {
    assert.equal(refusal.code, oauth.RESPONSE_BODY_ERROR, String(refusal));
    assert.deepEqual({ error: refusal.error, status: refusal.status }, { error, status });
    return true;
  });
}
