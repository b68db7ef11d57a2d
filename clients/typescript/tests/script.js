// A small HTTP server that does what a test tells it to, also what no server should.

import { createServer } from 'node:http';

/** The connection ends without an answer. */
export const DROP = { drop: true };

/** Replies in order; the last one for good. */
export async function scripted(replies, run) {
  const left = [...replies];
  const received = [];
  const waiting = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { method, url, headers } = request;
    const body = Buffer.concat(parts).toString();
    received.push({ method, url, headers, body, json: body ? JSON.parse(body) : null });
    for (const one of waiting.splice(0)) one();
    const reply = left.length > 1 ? left.shift() : left[0];
    await reply.hold;
    if (reply.drop) return request.socket.destroy();
    const isText = typeof reply.body === 'string';
    const content = Buffer.from(isText ? reply.body : JSON.stringify(reply.body ?? null));
    response.writeHead(reply.status ?? 200, {
      'content-type': 'application/json',
      'content-length': content.length,
      ...reply.headers,
    });
    if (reply.cutAfter === undefined) return response.end(content);
    response.write(content.subarray(0, reply.cutAfter), () => request.socket.destroy());
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const script = {
    url: `http://127.0.0.1:${server.address().port}/mcp`,
    received,
    async waitFor(count) {
      while (received.length < count) await new Promise((resolve) => waiting.push(resolve));
    },
  };
  try {
    return await run(script);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A port where nobody listens. */
export async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
