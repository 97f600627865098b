import { tsImport } from 'tsx/esm/api';
import startServices from './services.mjs';

export default async () => {
  await startServices();
  const { provideChromium } = await tsImport('../services.ts', import.meta.url);
  await provideChromium();
};
