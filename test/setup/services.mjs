import { tsImport } from 'tsx/esm/api';

/** Once for all projects of a run: jest calls this for each setup file that its tests name. */
export default async () => {
  if (globalThis.stopServices) return;
  const { startServices } = await tsImport('../services.ts', import.meta.url);
  globalThis.stopServices = await startServices();
};
