// Stands before a server and signs in for those who can't: the conformance suite sends no tokens to the servers it tests.
// Everything else goes through as it came, `Host` and `Origin` above all, by which the server tells who may call.
//
// node bearer.mjs PORT TOKEN    prints the port on which it listens

import { createServer, request as ask } from "node:http";

const [, , port, token] = process.argv;

const server = createServer((request, response) => {
  const headers = request.rawHeaders.concat("Authorization", `Bearer ${token}`);
  const onward = ask({ host: "127.0.0.1", port, method: request.method, path: request.url, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.rawHeaders);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  // A client that leaves a stream leaves the server's too.
  response.on("close", () => onward.destroy());
  request.pipe(onward);
});

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
