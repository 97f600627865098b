import { readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { extname, join } from 'node:path';

const kinds: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Serves one folder as the gateway does: `/` is index.html, and what is not there is 404. */
export const pageServer =
  (folder: string): RequestListener =>
  (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const name = path === '/' ? 'index.html' : path.slice(1);
    readFile(join(folder, name)).then(
      (contents) => response.writeHead(200, { 'content-type': kinds[extname(name)] ?? 'text/plain' }).end(contents),
      () => response.writeHead(404).end(),
    );
  };
