import { createContext, use } from 'react';
import type { Api } from './api.ts';

export const ApiContext = createContext<Api | null>(null);

export const useApi = (): Api => {
  const api = use(ApiContext);
  if (!api) throw new Error('useApi is for what is inside of ApiContext.');
  return api;
};
