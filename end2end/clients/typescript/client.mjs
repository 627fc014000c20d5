// usage: node client.mjs CONNECTOR_URL typescript-1|typescript-2|typescript-2-legacy [DOCUMENT_URL] (see ../README.md)
import { randomBytes } from 'node:crypto';
import { listenForCallback } from '../shared/callback.mjs';
import { converse, say } from '../shared/conversation.mjs';
import { Trace } from './trace.mjs';

const [connectorUrl, generation, documentUrl] = process.argv.slice(2);
const library = generation === 'typescript-1' ? await firstGeneration() : await secondGeneration();
const trace = new Trace();
const callback = await listenForCallback();

/** Keeps in memory what a desktop client keeps in its keychain. */
const provider = {
  redirectUrl: callback.url,
  clientMetadataUrl: documentUrl,
  clientMetadata: {
    client_name: `Journey ${generation}`,
    redirect_uris: [callback.url],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  },
  isConnecting: false,
  memory: {},
  state() {
    this.memory.state = randomBytes(16).toString('hex');
    return this.memory.state;
  },
  clientInformation() {
    return this.memory.client;
  },
  saveClientInformation(client) {
    this.memory.client = client;
  },
  tokens() {
    return this.memory.tokens;
  },
  saveTokens(tokens) {
    this.memory.tokens = tokens;
  },
  saveCodeVerifier(verifier) {
    this.memory.verifier = verifier;
  },
  codeVerifier() {
    return this.memory.verifier;
  },
  discoveryState() {
    return this.memory.discovery;
  },
  saveDiscoveryState(discovery) {
    this.memory.discovery = discovery;
  },
  redirectToAuthorization(url) {
    if (this.isConnecting) say({ event: 'authorize', url: url.href });
    else trace.asksAgain = true;
  },
  invalidateCredentials(scope) {
    if (scope === 'all' || scope === 'client') delete this.memory.client;
    if (scope === 'all' || scope === 'tokens') delete this.memory.tokens;
    if (scope === 'all' || scope === 'discovery') delete this.memory.discovery;
  },
};

let client;

function transport() {
  return new library.StreamableHTTPClientTransport(new URL(connectorUrl), { authProvider: provider, fetch: trace.fetch });
}

async function connect() {
  provider.isConnecting = true;
  const first = transport();
  try {
    await library.client().connect(first);
    throw new Error('connected without authorization');
  } catch (error) {
    if (!(error instanceof library.UnauthorizedError)) throw error;
  }
  const answer = await callback.next();
  if (answer.get('state') !== provider.memory.state) throw new Error('the state did not come back');
  if (answer.has('error')) throw new Error(`${answer.get('error')} iss=${answer.get('iss')}`);
  await library.finish(first, answer);
  client = library.client();
  await client.connect(transport());
  provider.isConnecting = false;
  const { tools } = await client.listTools();
  const { client_secret: _, ...information } = provider.memory.client;
  return {
    event: 'connected',
    protocol: library.protocol(client),
    tools,
    client: information,
    scope: provider.memory.tokens.scope,
    iss: answer.get('iss'),
  };
}

async function call({ tool, arguments: input }) {
  return { event: 'called', result: await client.callTool({ name: tool, arguments: input }) };
}

async function refresh() {
  const before = provider.memory.tokens;
  const outcome = await library.auth(provider, { serverUrl: connectorUrl, fetchFn: trace.fetch });
  if (outcome !== 'AUTHORIZED') throw new Error(`the refresh ended with ${outcome}`);
  const after = provider.memory.tokens;
  return {
    event: 'refreshed',
    is_access_token_new: after.access_token !== before.access_token,
    is_refresh_token_new: after.refresh_token !== before.refresh_token,
  };
}

async function firstGeneration() {
  const { auth, UnauthorizedError } = await import('@modelcontextprotocol/sdk/client/auth.js');
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js');
  return {
    auth,
    UnauthorizedError,
    StreamableHTTPClientTransport,
    client: () => new Client({ name: 'journey', version: '1.0.0' }),
    finish: (transport, answer) => transport.finishAuth(answer.get('code')),
    // This generation tells its version to the transport alone.
    protocol: (connected) => connected.transport.protocolVersion,
  };
}

async function secondGeneration() {
  const { auth, Client, StreamableHTTPClientTransport, UnauthorizedError } = await import('@modelcontextprotocol/client');
  const mode = generation === 'typescript-2-legacy' ? 'legacy' : 'auto';
  return {
    auth,
    UnauthorizedError,
    StreamableHTTPClientTransport,
    client: () => new Client({ name: 'journey', version: '1.0.0' }, { versionNegotiation: { mode } }),
    // The whole answer, so that the library checks `iss` (RFC 9207) itself.
    finish: (transport, answer) => transport.finishAuth(answer),
    protocol: (connected) => connected.getNegotiatedProtocolVersion?.(),
  };
}

await converse({ connect, call, refresh }, trace);
process.exit(0);
