// What both libraries ask for.

export const NAME = 'Strict OAuth client';
export const SCOPE = 'openid profile email offline_access';

/** The first request of MCP, which needs a good token and nothing else. */
export function initialize() {
  return {
    method: 'POST',
    headers: new Headers({ 'content-type': 'application/json', accept: 'application/json, text/event-stream' }),
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'strict-oauth-client', version: '1.0.0' },
      },
    }),
  };
}
