// usage: oauth4webapi.mjs CONNECTOR_URL (see ../README.md)
import assert from 'node:assert/strict';
import * as oauth from 'oauth4webapi';
import { converse } from '../shared/conversation.mjs';
import { identify, introspect } from './identity.mjs';
import { initialize } from './requests.mjs';
import { ask, connectorUrl, discover, ensureRefused, http, redeem, register, withResource } from './steps.mjs';

/** The whole life of a connection, as plain OAuth. */
async function walk({ method }) {
  const as = await discover('oauth2');
  const { client, authentication } = await register(as, method);
  const response = await redeem(as, client, authentication, await ask(as, client));
  const first = await oauth.processAuthorizationCodeResponse(as, client, response);
  await ensureLetIn(first.access_token);

  const renewal = await oauth.refreshTokenGrantRequest(
    as, client, authentication, first.refresh_token, withResource(),
  );
  const second = await oauth.processRefreshTokenResponse(as, client, renewal);
  assert.notEqual(second.access_token, first.access_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  await ensureLetIn(second.access_token);

  for (const token of [second.access_token, second.refresh_token]) {
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication, token, http));
    await ensureChallenged(second.access_token);
  }
  await ensureRefused('invalid_grant', 400, async () =>
    oauth.processRefreshTokenResponse(
      as, client, await oauth.refreshTokenGrantRequest(as, client, authentication, second.refresh_token, http),
    ),
  );
  return { event: 'walked', scope: first.scope, expires_in: first.expires_in };
}

/** The shapes of what is refused. */
async function refusals() {
  const as = await discover('oauth2');
  const { client, authentication } = await register(as, 'client_secret_basic');
  const landing = await ask(as, client);
  const attempt = async (who, how, proof) =>
    oauth.processAuthorizationCodeResponse(
      as, who, await redeem(as, who, how, { ...landing, verifier: proof }, http),
    );

  await assert.rejects(attempt(client, oauth.ClientSecretBasic('not-the-secret'), landing.verifier), (error) => {
    assert.equal(error.code, oauth.WWW_AUTHENTICATE_CHALLENGE, String(error));
    assert.equal(error.status, 401);
    assert.equal(error.cause[0].scheme, 'basic');
    return true;
  });
  await ensureRefused('invalid_client', 401, () =>
    attempt({ client_id: 'client_unknown' }, oauth.None(), landing.verifier),
  );
  await ensureRefused('invalid_grant', 400, () => attempt(client, authentication, oauth.generateRandomCodeVerifier()));
  // Whatever was wrong with the first use, there is no second.
  await ensureRefused('invalid_grant', 400, () => attempt(client, authentication, landing.verifier));
  await ensureRefused('unsupported_grant_type', 400, async () =>
    oauth.processGenericTokenEndpointResponse(
      as,
      client,
      await oauth.genericTokenEndpointRequest(as, client, authentication, 'password', {}, http),
    ),
  );
  return { event: 'refused' };
}

/** The person says no, and the library believes that the answer came from here. */
async function denial() {
  const as = await discover('oauth2');
  const { client } = await register(as, 'none');
  const { answer, state } = await ask(as, client);
  assert.throws(() => oauth.validateAuthResponse(as, client, answer, state), {
    code: oauth.AUTHORIZATION_RESPONSE_ERROR,
    error: 'access_denied',
  });
  return { event: 'denied' };
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

await converse({ walk, refusals, denial, identify, introspect });
process.exit(0);
