import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'esbuild';

/** `name` is relative to the folder that was built, with `/` between its parts. */
export type BuiltFile = { name: string; bytes: number; gzipBytes: number };

type WebPage = {
  source: string;
  /** What its index.html names; the build puts the names with the hash of their content in their place. */
  entries: string[];
  /** Where the gateway serves it. */
  address: string;
  /** Below the folder of the build. */
  folder: string;
};

const pages: WebPage[] = [
  { source: 'customer', entries: ['main.ts', 'style.css', 'icon.svg'], address: '.', folder: '' },
  // Absolute, so that `/console` without a slash at its end finds them too.
  { source: 'console', entries: ['main.tsx', 'style.css', 'icon.svg'], address: '/console', folder: 'console' },
];

/** Browsers of 2023 and later. */
const target = ['chrome120', 'firefox115', 'safari17'];

/**
 * Builds the customer page into `outDir` and the agents' console into `outDir/console`: an `index.html` each, which must be
 * asked for again every time, and `assets/`, whose files never change under one name. An old build is replaced in such an
 * order that a server may go on serving it. Rejects with esbuild's own words when a source does not compile.
 */
export const buildWeb = async (outDir: string): Promise<BuiltFile[]> =>
  (await Promise.all(pages.map((page) => buildPage(page, outDir)))).flat();

const buildPage = async ({ source, entries, address, folder }: WebPage, outDir: string): Promise<BuiltFile[]> => {
  const from = join(import.meta.dirname, source);
  const into = join(outDir, folder);
  const { outputFiles, metafile } = await build({
    entryPoints: entries.map((name) => join(from, name)),
    absWorkingDir: from,
    outdir: resolve(into),
    entryNames: 'assets/[name]-[hash]',
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    minify: true,
    sourcemap: true,
    loader: { '.svg': 'copy' },
    target,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  let page = await readFile(join(from, 'index.html'), 'utf8');
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint) page = page.replaceAll(`"./${entryPoint}"`, `"${address}/assets/${basename(path)}"`);
  }
  const files = [
    ...outputFiles.map(({ path, contents }) => ({ name: relative(resolve(into), path), contents })),
    { name: 'index.html', contents: Buffer.from(page) },
  ];
  for (const { name, contents } of files) await replace(outDir, join(folder, name), contents);
  await removeOthers(into, new Set(files.map(({ name }) => basename(name))));
  return Promise.all(
    files.map(async ({ name, contents }) => ({ name: join(folder, name), ...(await sizeOf(contents)) })),
  );
};

/** Two desks of one checkout may start at the same time, and write the same files: each beside the folder first. */
const replace = async (outDir: string, name: string, contents: Uint8Array): Promise<void> => {
  const path = join(outDir, name);
  const made = join(outDir, '..', `${basename(outDir)}-${randomUUID()}`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(made, contents);
  await rename(made, path);
};

const removeOthers = async (outDir: string, kept: ReadonlySet<string>): Promise<void> => {
  const assets = join(outDir, 'assets');
  for (const name of await readdir(assets)) if (!kept.has(name)) await rm(join(assets, name), { force: true });
};

const sizeOf = async (contents: Uint8Array): Promise<{ bytes: number; gzipBytes: number }> => {
  const { length } = await promisify(gzip)(contents, { level: 9 });
  return { bytes: contents.length, gzipBytes: length };
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const outDir = process.argv[2] ?? 'dist/page';
  for (const { name, bytes, gzipBytes } of await buildWeb(outDir)) {
    console.log(`${join(outDir, name)}  ${bytes} bytes, ${gzipBytes} gzipped`);
  }
}
