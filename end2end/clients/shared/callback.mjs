// The loopback address to which the browser is sent back.
import { createServer } from 'node:http';

/** Listens on a free port. `next()` resolves with the parameters of the next answer. */
export async function listenForCallback() {
  let resolve;
  let answer = new Promise((settle) => (resolve = settle));
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname !== '/callback') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><html lang="en"><title>Back at the client</title><h1>Back at the client</h1>');
    resolve(url.searchParams);
  });
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    url: `http://localhost:${server.address().port}/callback`,
    async next() {
      const parameters = await answer;
      answer = new Promise((settle) => (resolve = settle));
      return parameters;
    },
  };
}
