import { createServer } from 'node:net';

/** An address on loopback where nobody listens: a port that was free a moment ago. */
export const unreachableUrl = async (): Promise<string> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 1}`;
};
